"""What was done through an app, under whose login: GraphQL does not tell it, and REST only tells it in listings.

1. Issues, among which GitHub counts requests: through which app each was opened. A hundred a page, last changed
   first, so that later readings take a page or two.
2. With the profile ``app-events`` the events of all of them: through which app each was merged, queued, made ready.
   A request has some twenty, so that the first reading takes many pages.
"""

from collections.abc import Iterator

from asbuilt.sources.github.endpoints import load_endpoints
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.github.rest import Listing
from asbuilt.sources.steps import Step

EVENTS = "app-events"


def read_apps(reading: Reading) -> Iterator[Step]:
    """Through which apps the requests were opened, and what else was done to them."""
    yield from _read(reading, "issues")
    if EVENTS in reading.profiles:
        yield from _read(reading, "issues/events")


def _read(reading: Reading, name: str) -> Iterator[Step]:
    endpoint = load_endpoints()[name]
    listing = Listing(reading, endpoint, since=reading.since)
    yield from listing.read(endpoint, Outcome(), repository=reading.repository)
    yield from listing.conclude()
