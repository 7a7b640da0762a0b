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
    direct, branch = reading.part("direct", Commits), f"refs/heads/{reading.default_branch}"

    def look(document: Any) -> None:  # a page that was read does not come by again
        for commit in _pushed(document, branch):
            direct.waiting.setdefault(commit, reading.now)

    activity = load_endpoints()["activity"]
    yield from read_listing(reading, activity, Outcome(look), want=True, repository=reading.repository)


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
        if not isinstance(each, dict) or each.get("ref") != branch:
            continue
        kind, after = each.get("activity_type"), each.get("after")
        if isinstance(kind, str) and kind in _PUSHES and isinstance(after, str) and COMMIT.fullmatch(after):
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
