"""What an organisation says of itself: members, owners, second factors, teams, apps, audit log, repositories."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from asbuilt.sources.github.endpoints import load_endpoints
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.github.rest import Listing, read_listing
from asbuilt.sources.steps import Step

_PLAIN: Final = (
    "org/members",
    "org/admins",
    "org/two-factor-disabled",
    "org/outside-collaborators",
    "org/installations",
    "org/audit-log",
)


def read_settings(reading: Reading) -> Iterator[Step]:
    """Members, owners, second factors, apps, the audit log."""
    for name in _PLAIN:
        if name == "org/two-factor-disabled":
            # The organisation's own page tells of second factors too: two looks at one thing in one second are one.
            reading.client.pause(1)
        yield from read_listing(reading, load_endpoints()[name], Outcome(), organization=reading.repository)


def read_teams(reading: Reading) -> Iterator[Step]:
    """Teams, and who is in each."""
    endpoints, outcome = load_endpoints(), Outcome()
    teams = Listing(reading, endpoints["org/teams"])
    yield from teams.read(endpoints["org/teams"], outcome, want=True, organization=reading.repository)
    for slug in reading.ids("teams", outcome, "slug"):
        yield from teams.read(
            endpoints["team/members"],
            Outcome(),
            subject=slug,
            organization=reading.repository,
            team=quote(slug, safe=""),
        )
    yield from teams.conclude()


def read_repositories(reading: Reading) -> Iterator[Step]:
    """Which repositories there are."""
    outcome = Outcome()
    yield from read_listing(
        reading, load_endpoints()["org/repositories"], outcome, want=True, organization=reading.repository
    )
    reading.ids("repositories", outcome, "full_name")
