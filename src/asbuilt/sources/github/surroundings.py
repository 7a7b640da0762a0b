"""What stands around a repository's changes: pushes, rights, keys, findings."""

from collections.abc import Iterator

from asbuilt.sources.github.endpoints import load_endpoints
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.github.rest import read_listing
from asbuilt.sources.steps import Step

_ACCESS = ("collaborators", "teams", "keys")
_FINDINGS = ("code-scanning/alerts", "code-scanning/analyses", "secret-scanning/alerts", "dependabot/alerts")


def read_activity(reading: Reading) -> Iterator[Step]:
    """Pushes, forced ones among them, and by whom."""
    yield from _each(reading, ("activity",))


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
