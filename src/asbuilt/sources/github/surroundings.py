"""What stands around a repository's changes: pushes, rights, keys, findings."""

from collections.abc import Generator, Iterator
from typing import Any

from asbuilt.sources.github.endpoints import load_endpoints
from asbuilt.sources.github.reading import COMMIT, Commits, Outcome, Reading
from asbuilt.sources.github.rest import Listing, read_listing
from asbuilt.sources.steps import Step

_PUSHES = frozenset({"push", "force_push", "branch_creation"})
_SETTLED = 86_400  # seconds after which the checks of a push are taken to have ended
_ACCESS = ("collaborators", "teams", "keys")
_FINDINGS = ("code-scanning/alerts", "code-scanning/analyses", "secret-scanning/alerts", "dependabot/alerts")


def read_activity(reading: Reading) -> Iterator[Step]:
    """Pushes, forced ones among them, and by whom; what no request brought is remembered."""
    outcome, direct = Outcome(), reading.part("direct", Commits)
    activity = load_endpoints()["activity"]
    try:
        yield from read_listing(reading, activity, outcome, want=True, repository=reading.repository)
    finally:  # a page that was read does not come by again
        for document in outcome.documents:
            for commit in _pushed(document, f"refs/heads/{reading.default_branch}"):
                direct.waiting.setdefault(commit, reading.now)


def read_checks(reading: Reading) -> Generator[Step, None, bool]:
    """The checks of what no request brought, commit by commit; gives whether all of them were seen."""
    endpoints, direct = load_endpoints(), reading.part("direct", Commits)
    checks, all_whole = Listing(reading, endpoints["commit/check-runs"], "direct checks"), True
    for commit, seen in list(direct.waiting.items()):
        is_whole = True
        for name in ("commit/check-runs", "commit/statuses"):
            told = Outcome()
            yield from checks.read(
                endpoints[name], told, subject=commit, repository=reading.repository, commit=commit
            )
            is_whole = is_whole and told.is_whole
        if is_whole and reading.now - seen > _SETTLED:
            del direct.waiting[commit]
        all_whole = all_whole and is_whole
    yield from checks.conclude()
    return all_whole


def _pushed(document: Any, branch: str) -> Iterator[str]:
    """The tips that were pushed to a branch, and not merged into it."""
    for each in document if isinstance(document, list) else []:
        if isinstance(each, dict) and each.get("ref") == branch and each.get("activity_type") in _PUSHES:
            after = each.get("after")
            if isinstance(after, str) and COMMIT.fullmatch(after):
                yield after


def read_access(reading: Reading) -> Iterator[Step]:
    """Who may do what."""
    yield from _each(reading, _ACCESS)


def read_findings(reading: Reading) -> Iterator[Step]:
    """What scanners found, and what was decided."""
    yield from _each(reading, _FINDINGS)


def _each(reading: Reading, names: tuple[str, ...]) -> Iterator[Step]:
    endpoints = load_endpoints()
    for name in names:
        yield from read_listing(reading, endpoints[name], Outcome(), repository=reading.repository)
