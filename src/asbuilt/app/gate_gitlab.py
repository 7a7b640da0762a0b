"""One merge request as GitLab tells it now: read by what a sync reads it with, and no answer is ever a pass.

1. The request with its notes, versions, approvals, commits and pipelines, and the accounts behind it (whether each
   is a bot's), bound into one page; the jobs of the pipelines on its head. Without the request itself nothing is
   known, and its head must be the one that is judged.
2. The members with their roles (who may push).
3. A list that is refused, or breaks off, is a gap. While anything of 1 or 2 lacks that an approval hangs on, nobody
   knows whether a person with a right to it gave it; while a list of checks lacks, none of them counts. Whoever
   does not stand among those who approve now has taken it back, by whatever clock.
4. The pipeline that asks runs still, and so does its job: they are not waited for.
"""

from collections.abc import Generator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from asbuilt.app.gate_request import Known, Page, known_of, read_document
from asbuilt.app.sync_gitlab import check_project
from asbuilt.facts.forge.gitlab.access import DEVELOPER
from asbuilt.facts.forge.gitlab.answers import account_of
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible
from asbuilt.sources.credentials import Token, read_token
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.gitlab.asking import read_plain
from asbuilt.sources.gitlab.endpoints import load_endpoints
from asbuilt.sources.gitlab.pull import HEADERS, PUBLIC, TOKEN_VARIABLES
from asbuilt.sources.gitlab.requests import read_request
from asbuilt.sources.http import Client
from asbuilt.sources.steps import Page as PageStep
from asbuilt.sources.steps import Step

_WAIT: Final = 30.0  # seconds that a gate waits for a limit
_OF_REQUEST: Final = frozenset({"requests", "reviews", "request_commits", "request_events"})
_NOT_SEEN: Final = Gap(
    "GAP-ACCESS",
    "Whether a person who may push gave each approval could not be seen, so that none counts.",
    "Something of the request, of its people or of the project's members was not shown.",
    "Give the token the scope read_api, and its account the role Reporter.",
)


class Run(NamedTuple):
    """The pipeline and the job that ask, by their numbers (empty: no pipeline does)."""

    pipeline: str = ""
    job: str = ""


def read_merge_request(
    base: str,
    token: Token,
    project: str,
    number: int,
    *,
    head: str,
    now: int,
    own: Run = Run(),  # noqa: B008 - a tuple: nobody can change it
    private_hosts: frozenset[str] = frozenset(),
    client: Client | None = None,
) -> Known:
    """What GitLab tells of a merge request now.

    Args:
        base: the address of the interface, ``https://HOST/api/v4``.
        token: may read the project: the scope ``read_api``, the role Reporter.
        project: its path, all groups before it.
        number: the request's own within the project (``iid``).
        head: the commit that wants to land.
        now: Unix seconds.
        own: the pipeline that asks.
        private_hosts: hosts that may lie inside the company's own network.
        client: asks in place of one made here.

    Raises:
        SourceError: the request itself cannot be read, or its head is another commit.
        UsageError: that project or address cannot be asked.
    """
    check_project(project)
    told = _Told()
    with client or Client(base, token, headers=HEADERS, private_hosts=private_hosts, max_wait=_WAIT) as asking:
        reading = Reading(asking, project, {})
        # (1)
        is_whole, is_checked = _through(read_request(reading, number), told)
        request = _request(told, project, number)
        # (2)
        members = _members(reading, told)
    covered = (_OF_REQUEST if is_whole else frozenset()) | (frozenset({"checks"}) if is_checked else frozenset())
    known = known_of(
        told.pages,
        covered,
        repository=project,
        number=number,
        pull={"head": {"sha": request.get("sha")}},
        head=head,
        now=now,
        source="GitLab",
        gaps=told.gaps,
        forge="gitlab",
    )
    # (3), (4)
    is_read = is_whole and not any(gap.code == "GAP-RECORD" for gap in known.gaps)
    return _as_far_as_seen(
        known, _levels(members) if is_read else None, _standing(told), own, is_checked=is_checked
    )


def _members(reading: Reading, told: "_Told") -> Outcome:
    """(2) What became of the list of members."""
    members, project = Outcome(), quote(reading.repository, safe="")
    for step in read_plain(reading, load_endpoints()["members"], members, want=True, project=project):
        told.take(step)
    return members


class _Told:
    """Pages and gaps of a reading."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.gaps: list[Gap] = []

    def answer(self, name: str) -> dict[str, Any]:
        """One object of those that the request's page binds; an empty one where it is not there."""
        for page in self.pages:
            if page.name == "merge_request":
                for answer in read_document(page.body, "The merge request")["answers"]:
                    if answer["name"] == name and isinstance(answer["body"], dict):
                        found: dict[str, Any] = answer["body"]
                        return found
        return {}

    def take(self, step: Step) -> None:
        if isinstance(step, PageStep):
            self.pages.append(Page(step.name, step.key, step.body))
        elif isinstance(step, Gap):
            self.gaps.append(step)


def _through(steps: Generator[Step, None, tuple[bool, bool]], told: _Told) -> tuple[bool, bool]:
    """Take all steps; what they come to in the end."""
    while True:
        try:
            told.take(next(steps))
        except StopIteration as end:
            found: tuple[bool, bool] = end.value
            return found


def _request(told: _Told, project: str, number: int) -> dict[str, Any]:
    """(1) The request's own object, with its head."""
    request = told.answer("merge_request")
    if isinstance(request.get("sha"), str):
        return request
    gap = next((gap for gap in told.gaps if (gap.path or "").startswith("merge_request ")), None)
    raise SourceError(
        f"Merge request {number} of {visible(project, 200)} could not be read.",
        why="GitLab does not show it, or its head." if gap is None else gap.why,
        fix="Give the token the scope read_api, and its account the role Reporter in this project.",
    )


def _levels(members: Outcome) -> dict[str, int] | None:
    """(2) The role of each member by its login; None where the list did not come to its end."""
    if not members.is_whole:
        return None
    found: dict[str, int] = {}
    for document in members.documents:
        for member in document if isinstance(document, list) else ():
            login = account_of(member).login
            level = member.get("access_level") if isinstance(member, dict) else None
            if login is not None and isinstance(level, int) and member.get("state", "active") == "active":
                found[login] = max(level, found.get(login, 0))
    return found


def _standing(told: _Told) -> frozenset[str | None]:
    """(3) Who approves now, as GitLab shows it."""
    listed = told.answer("approvals").get("approved_by")
    found = listed if isinstance(listed, list) else []
    return frozenset(account_of(each.get("user")).login for each in found if isinstance(each, dict))


def _as_far_as_seen(
    known: Known, levels: Mapping[str, int] | None, standing: frozenset[str | None], own: Run, *, is_checked: bool
) -> Known:
    """The rows, of which none says more than was seen."""
    kinds = {row.get("account") for row in known.rows.get("accounts", ())}
    reviews, lacks = [], False
    for told in known.rows.get("reviews", ()):
        login, row = told.get("reviewer"), told
        if row.get("state") == "approved" and levels is not None and login not in standing:
            row = {**row, "state": "dismissed"}  # whatever the notes say, or do not say yet
        if row.get("is_bot") is not True and (levels is None or login not in kinds):
            reviews.append({**row, "is_bot": None})
            lacks = lacks or row.get("state") == "approved"
        else:
            reviews.append({**row, "may_push": (levels or {}).get(str(login), 0) >= DEVELOPER})
    checks = [row for row in known.rows.get("checks", ()) if is_checked and not _is_own(row, own)]
    return known._replace(
        rows={**known.rows, "reviews": reviews, "checks": checks},
        gaps=(*known.gaps, *((_NOT_SEEN,) if lacks else ())),
    )


def _is_own(row: Mapping[str, Any], own: Run) -> bool:
    names = {f"pipeline-{own.pipeline}" if own.pipeline else None, f"job-{own.job}" if own.job else None}
    return row.get("conclusion") == "pending" and row.get("check_id") in names


def gitlab_token(environment: Mapping[str, str]) -> Token:
    """The token of the environment.

    Raises:
        UsageError: there is none; a job's own token (``CI_JOB_TOKEN``) is none that may read approvals.
    """
    try:
        return read_token(None, TOKEN_VARIABLES, environment)
    except UsageError as error:
        if any(environment.get(name) for name in TOKEN_VARIABLES):
            raise
        raise UsageError(
            "There is no token to ask GitLab with.",
            why="A job's own token (CI_JOB_TOKEN) may not read approvals, notes or members.",
            fix=f"Set {TOKEN_VARIABLES[0]}: a project access token with the scope read_api and the role Reporter.",
        ) from error


def gitlab_url(named: str | None, environment: Mapping[str, str]) -> str:
    """The address of the interface: as named, else the pipeline's, else gitlab.com's."""
    return named or environment.get("CI_API_V4_URL") or PUBLIC
