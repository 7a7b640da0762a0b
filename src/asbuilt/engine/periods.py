"""Calendar periods, UTC: where each begins, and what it is called."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import Final

_MONTHS: Final = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_FIRST, _LAST = date(1, 1, 1), date(9999, 1, 1)


def rolling_days(every: str) -> int | None:
    """The days of a rolling cadence such as '365 days'; None for a calendar period."""
    found = re.fullmatch(r"([0-9]+) days", every)
    return int(found[1]) if found else None


def period_start(every: str, day: date) -> date:
    """The first day of the period in which a day lies; weeks begin on Monday."""
    if every == "day":
        return day
    if every == "week":
        return day - timedelta(days=day.weekday()) if day > date(1, 1, 7) else _FIRST
    months = _MONTHS[every]
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def next_start(every: str, start: date) -> date:
    """The first day of the period after the one that begins on ``start``."""
    if start >= _LAST:
        raise OverflowError("No calendar goes past the year 9999.")
    if every in {"day", "week"}:
        return start + timedelta(days=1 if every == "day" else 7)
    for _ in range(_MONTHS[every]):
        start += timedelta(days=monthrange(start.year, start.month)[1])
    return start


def period_name(every: str, start: date) -> str:
    """What a period is called: 2026-03-01, 2026-W09, 2026-03, 2026-Q1, 2026-H1, 2026."""
    if every == "day":
        return start.isoformat()
    if every == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02}"
    if every == "month":
        return f"{start.year}-{start.month:02}"
    if every == "year":
        return f"{start.year}"
    letter, months = ("Q", 3) if every == "quarter" else ("H", 6)
    return f"{start.year}-{letter}{(start.month - 1) // months + 1}"


def day_of(seconds: int) -> date:
    """The day of a moment, UTC."""
    return datetime.fromtimestamp(seconds, UTC).date()


def midnight(day: date) -> int:
    """The moment at which a day begins, UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
