"""How long findings stayed open, by who wrote the line or brought the package that they are about."""

from datetime import UTC, datetime
from typing import Final

from asbuilt.facts.database import FactStore
from asbuilt.model.audit import Mending
from asbuilt.model.window import Window

_FIRST, _LAST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1, 9999))
_FARED: Final = """
SELECT
  CASE WHEN is_of_package THEN 'packages' ELSE 'code' END AS about,
  attribution,
  count(*) AS findings,
  count(*) FILTER (closed_at < $until) AS closed,
  median(days_to_fix) FILTER (closed_at < $until) AS median_days,
  max(days_to_fix) FILTER (closed_at < $until) AS longest_days
FROM findings
WHERE first_seen_at < $until AND coalesce(closed_at >= $since, TRUE)
GROUP BY ALL
ORDER BY about, attribution
"""


def mending_of(store: FactStore, window: Window) -> tuple[Mending, ...]:
    """How the findings of each attribution class fared that were open at some time in the window.

    What was closed after the window counts as open: at its end it was.
    """
    bounds = {"since": _moment(window.start, _FIRST), "until": _moment(window.end, _LAST)}
    rows = store.connection.cursor().execute(_FARED, bounds).fetchall()
    return tuple(
        Mending(attribution, findings, closed, findings - closed, median, longest, about)
        for about, attribution, findings, closed, median, longest in rows
    )


def _moment(seconds: int | None, unbounded: datetime) -> datetime:
    return unbounded if seconds is None else datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
