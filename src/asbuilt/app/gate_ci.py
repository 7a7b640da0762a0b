"""What a pipeline's environment says about the change it runs for: GitHub Actions and GitLab CI, read as data.

The environment is believed about which request it is, and about nothing else: what the request holds is read from
its forge or its export, the change from git. The base is the branch's own tip where this clone has it: an event may
be hours old, and rules that were tightened since hold.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from asbuilt.app.gate_request import read_document, read_file, text_at
from asbuilt.model.errors import UsageError
from asbuilt.model.text import visible

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_PROJECT = re.compile(r"[A-Za-z0-9._-]{1,100}(?:/[A-Za-z0-9._-]{1,100}){1,20}")
_QUEUED = re.compile(r".*/pr-([1-9][0-9]{0,8})-[0-9a-f]+")
_NOTHING = "0" * 40


class Ci(NamedTuple):
    """What the pipeline runs for.

    ``bases`` are revisions of the base to try, the best first; ``branch`` is the base branch's name. ``queued``:
    the head is what a merge queue made of the request.
    """

    forge: str
    bases: tuple[str, ...]
    head: str
    number: int | None
    repository: str | None
    branch: str | None
    queued: bool = False


def read_ci(environment: Mapping[str, str]) -> Ci | None:
    """What the environment of a pipeline says; None: it is no pipeline of a request.

    Raises:
        UsageError, SourceError: it says something that cannot be.
    """
    if environment.get("GITHUB_ACTIONS") == "true" and environment.get("GITHUB_EVENT_PATH"):
        return _github(environment)
    if environment.get("CI_MERGE_REQUEST_IID"):
        return _gitlab(environment)
    return None


def _github(environment: Mapping[str, str]) -> Ci | None:
    event = read_document(read_file(environment["GITHUB_EVENT_PATH"]), "The event of this run")
    repository = _fitting(_PROJECT, text_at(event, "repository", "full_name"), "repository")
    pull, group = event.get("pull_request"), event.get("merge_group")
    if isinstance(pull, dict):
        number = pull.get("number")
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise _unfit("number", number)
        branch = _fitting(_BRANCH, text_at(pull, "base", "ref"), "base branch")
        return Ci(
            "github",
            _bases(branch, _fitting(_COMMIT, text_at(pull, "base", "sha"), "base commit")),
            _needed(_COMMIT, text_at(pull, "head", "sha"), "head commit"),
            number,
            repository,
            branch,
        )
    if isinstance(group, dict):
        queued = _QUEUED.fullmatch(text_at(group, "head_ref") or "")
        base = (text_at(group, "base_ref") or "").removeprefix("refs/heads/")
        # Of a queue the base is what stands before it in the queue: the branch's own tip with what goes ahead.
        return Ci(
            "github",
            (_needed(_COMMIT, text_at(group, "base_sha"), "base commit"),),
            _needed(_COMMIT, text_at(group, "head_sha"), "head commit"),
            int(queued[1]) if queued else None,
            repository,
            _fitting(_BRANCH, base or None, "base branch"),
            queued=True,
        )
    return None


def _gitlab(environment: Mapping[str, str]) -> Ci:
    number = environment["CI_MERGE_REQUEST_IID"]
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise _unfit("number", number)
    branch = _fitting(_BRANCH, environment.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"), "target branch")
    commits = [
        _fitting(_COMMIT, environment.get(name) or None, name)
        for name in ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA")
    ]
    head = environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment.get("CI_COMMIT_SHA")
    return Ci(
        "gitlab",
        _bases(branch, next((commit for commit in commits if commit and commit != _NOTHING), None)),
        _needed(_COMMIT, head, "head commit"),
        int(number),
        _fitting(_PROJECT, environment.get("CI_MERGE_REQUEST_PROJECT_PATH"), "project"),
        branch,
    )


def _bases(branch: str | None, commit: str | None) -> tuple[str, ...]:
    found = (*((f"refs/remotes/origin/{branch}",) if branch else ()), *((commit,) if commit else ()))
    if not found:
        raise _unfit("base", None)
    return found


def _fitting(form: re.Pattern[str], value: str | None, what: str) -> str | None:
    if value is not None and (not form.fullmatch(value) or ".." in value):
        raise _unfit(what, value)
    return value


def _needed(form: re.Pattern[str], value: str | None, what: str) -> str:
    found = _fitting(form, value, what)
    if found is None:
        raise _unfit(what, None)
    return found


def _unfit(what: str, value: object) -> UsageError:
    said = "nothing" if value is None else visible(repr(value), 80)
    return UsageError(
        f"The pipeline's environment says {said} for the {what}.",
        fix="Name what is to be judged: --base REV --head REV.",
    )
