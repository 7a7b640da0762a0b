"""What the modules about daily work share: from when logs of each day are kept, and how much a year holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.company_year.world import DAY, SEEN_UNTIL, World, at, days

Row = Mapping[str, Any]

# Logs of each day reach back a month before the audited year; registers reach back to the founding.
KEPT_FROM = at("2025-09-01")


def kept_days(since: datetime = KEPT_FROM, until: datetime = SEEN_UNTIL) -> list[datetime]:
    """Each midnight of the whole days between the two whose logs are kept."""
    first = max(since, KEPT_FROM)
    midnight = first.replace(hour=0, minute=0, second=0)
    return days(midnight if midnight == first else midnight + DAY, min(until, SEEN_UNTIL))


def volume(world: World, every: int, least: int) -> int:
    """How many there are in a year in which one comes with ``every`` so many changes, at least ``least``."""
    return max(least, world.changes // every)
