"""What is owed and must be done within a time: the columns that tables of such duties share.

A duty never holds a threshold: it says since when something is owed, when it was first done, when it fell away, and
until when the list that would show it was read. The control adds its limit, so that each window tests what fell due
in it, and what was still open when it began:

    due     owed_from + within_days * INTERVAL 1 DAY
    at      greatest(due, least(window_start, done_at, lapsed_at))
    where   lapsed_at IS NULL OR lapsed_at > due
    expect  CASE WHEN done_at <= due THEN TRUE WHEN seen_until >= due THEN FALSE END
"""

from asbuilt.facts.schemas.table import column, maybe

DUTY = (
    column("duty", "text", "What is owed, by whom or for what, and since when, joined by ' | '."),
    column("owed_from", "timestamp", "Since when it is owed: the time to do it runs from here."),
    maybe("done_at", "timestamp", "When it was first done as it must be. NULL: nothing shows that it was."),
    maybe(
        "lapsed_at",
        "timestamp",
        "When it fell away undone or done: the person left, the thing went out of use. NULL: it has not.",
    ),
    maybe(
        "seen_until",
        "timestamp",
        "Until when the list that would show it done was read without a break since it is owed. "
        "NULL: the list does not reach back to then, or holds an entry that cannot be placed.",
    ),
)
