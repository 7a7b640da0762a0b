"""From the words of ``asbuilt gate`` and a pipeline's environment to one question, and its answer.

1. Base and head: the words, else the pipeline's; of several bases the first that this clone has.
2. The request: a file, the forge read now, the ledger; whatever of them is named.
3. The answer; an override is recorded before it counts.
"""

import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from asbuilt.app.gate import Asked, gate
from asbuilt.app.gate_ci import Ci, read_ci
from asbuilt.app.gate_request import Known, read_file
from asbuilt.app.supply_stores import ADVISORIES, REGISTRY
from asbuilt.history.git import open_repository
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.gate import Answer, Gate

TOKENS = ("ASBUILT_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")
GITHUB = "https://api.github.com"


class Words(msgspec.Struct, frozen=True):
    """What the command line says; see ``cli.gate``."""

    path: str = "."
    base: str | None = None
    head: str | None = None
    staged: bool = False
    repository: str | None = None
    number: int | None = None
    request: str | None = None
    forge: bool = False
    api_url: str | None = None
    private_hosts: frozenset[str] = frozenset()
    ledger: Path | None = None
    override_by: str | None = None
    reason: str | None = None
    comment: bool = False


def run(words: Words, environment: Mapping[str, str], now: int) -> tuple[Gate, tuple[str, ...]]:
    """The answer, and what is worth saying beside it.

    Raises:
        UsageError, ConfigError, SourceError, LedgerError: it could not be judged; that is no pass.
    """
    _expect_whole(words)
    if words.staged:
        staged: Gate = importlib.import_module("asbuilt.app.gate_staged").gate_staged(words.path, now)
        return staged, ()
    # (1)
    ci = None if words.base is not None else read_ci(environment)
    base = words.base if ci is None else _base(words.path, ci)
    if base is None:
        raise UsageError(
            "It is not said what the change is to land on.",
            why="No pipeline of a pull or merge request says it either.",
            fix="asbuilt gate --base main --head my-branch",
        )
    # (2)
    number = words.number or (ci.number if ci else None)
    repository = words.repository or (ci.repository if ci else None)
    found = gate(
        Asked(
            path=words.path,
            base=base,
            head=words.head or (ci.head if ci else "HEAD"),
            now=now,
            number=number,
            repository=repository,
            request=None if words.request is None else read_file(words.request),
            ledger=words.ledger,
            queued=ci is not None and ci.queued,
            judged_by=_judged_by(words, environment),
            read=_reader(words, environment, ci, number, now) if words.forge else None,
        )
    )
    # (3)
    if words.override_by is not None and words.reason is not None:
        if found.answer is Answer.MAY_LAND:
            return found, ("Nothing was overridden: it may land as it is.",)
        override = importlib.import_module("asbuilt.app.gate_override")
        overridden: Gate = override.override(
            found, words.ledger, by=words.override_by, reason=words.reason, now=now
        )
        return overridden, ()
    return found, ()


def _judged_by(words: Words, environment: Mapping[str, str]) -> tuple[Path, ...]:
    """The files of this machine by which a change is judged."""
    told = [environment[name] for name in (ADVISORIES, REGISTRY) if environment.get(name)]
    return tuple(Path(each) for each in [*told, *filter(None, (words.request,))] if each != "-")


def keep_comment(words: Words, environment: Mapping[str, str], found: Gate, text: str) -> str:
    """Keep the one comment on the request up to date; what was done, in a sentence.

    Raises:
        UsageError, SourceError: there is no request, no token, or the forge refuses.
    """
    if found.change.request is None:
        raise UsageError(
            "There is no request to comment on.", fix="Leave --comment out, or name one with --number."
        )
    if _forge(words, environment, None) == "gitlab":
        raise UsageError("Merge requests of GitLab are not commented on yet.", fix="Leave --comment out.")
    comment = importlib.import_module("asbuilt.app.gate_comment")
    done: str = comment.comment(
        api_url(words, environment),
        _token(environment),
        found.change.repository,
        found.change.request,
        text,
        private_hosts=words.private_hosts,
    )
    return done


def api_url(words: Words, environment: Mapping[str, str]) -> str:
    """The address of the forge's interface."""
    return words.api_url or environment.get("GITHUB_API_URL") or GITHUB


def _forge(words: Words, environment: Mapping[str, str], ci: Ci | None) -> str:
    """Which forge is asked: the pipeline's; else the address tells, for GitLab's interface lies below /api/v4."""
    if ci is not None:
        return ci.forge
    if words.api_url is not None:
        return "gitlab" if words.api_url.rstrip("/").endswith("/api/v4") else "github"
    return "gitlab" if environment.get("GITLAB_CI") == "true" else "github"


def _expect_whole(words: Words) -> None:
    if (words.override_by is None) != (words.reason is None):
        raise UsageError(
            "An override needs a named person and a reason.", fix='--override-by "Ana Lima" --reason "…", both.'
        )
    if words.override_by is not None and words.ledger is None:
        raise UsageError(
            "An override is a record, and there is no ledger to keep it in.", fix="Name one: --ledger FOLDER."
        )
    others = (words.base, words.head, words.request, words.override_by)
    if words.staged and (words.forge or words.comment or any(one is not None for one in others)):
        raise UsageError("What is staged has no request yet.", fix="Give --staged alone.")


def _base(path: str, ci: Ci) -> str:
    """The first of the pipeline's bases that this clone has."""
    with open_repository(path, as_written=True) as repository:
        for base in ci.bases:
            try:
                return repository.resolve(base)
            except UsageError:
                continue
    named = f" {ci.branch!r}" if ci.branch else ""
    raise SourceError(
        f"The base{named} of this request is not in this clone.",
        why="Its policy could not be read, and without it nothing can pass.",
        fix="Fetch the whole history: `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` in GitLab.",
    )


def _reader(
    words: Words, environment: Mapping[str, str], ci: Ci | None, number: int | None, now: int
) -> Callable[[str, str], Known]:
    if number is None:
        raise UsageError("It is not said which request to read.", fix="Name it: --number N.")
    more: dict[str, Any] = {"now": now, "private_hosts": words.private_hosts}
    if _forge(words, environment, ci) == "gitlab":
        gitlab = importlib.import_module("asbuilt.app.gate_gitlab")
        base, token = gitlab.gitlab_url(words.api_url, environment), gitlab.gitlab_token(environment)
        more["own"] = gitlab.Run(environment.get("CI_PIPELINE_ID", ""), environment.get("CI_JOB_ID", ""))
        ask = gitlab.read_merge_request
    else:
        base, token = api_url(words, environment), _token(environment)
        more["queued"] = ci is not None and ci.queued
        ask = importlib.import_module("asbuilt.app.gate_forge").read_request

    def read(repository: str, head: str) -> Known:
        known: Known = ask(base, token, repository, number, head=head, **more)
        return known

    return read


def _token(environment: Mapping[str, str]) -> Any:
    return importlib.import_module("asbuilt.sources.credentials").read_token(None, TOKENS, environment)
