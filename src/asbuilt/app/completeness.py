"""Completeness: what git, the forge and the platform each hold of a window, tied to one another.

1. Count each side from its own recorded table.
2. Count what ties from the other side (``change_reconciliation``), and what does not by its reason.
3. The sums must be equal: changes = requests matched + changes without a request, by reason; and so the other way.
"""

from collections.abc import Sequence
from typing import Any, Final

from asbuilt.app.chain_facts import LedgerFacts, seconds_of, utc
from asbuilt.model.changes import Difference, Reconciliation

# Each side, and the query of its own table; a window is one of landings wherever something landed.
_TOTALS: Final = {
    "change": "SELECT count(*) AS held FROM changes_seen WHERE repository = ?"
    " AND landed_at >= coalesce(?, landed_at) AND (landed_at < ? OR ? IS NULL)",
    "request": "SELECT count(*) AS held FROM requests LEFT JOIN change_reconciliation AS tied"
    " ON tied.item = 'request ' || requests.repository || ' ' || requests.number"
    " WHERE requests.repository = ? AND requests.merged_at IS NOT NULL"
    " AND coalesce(tied.ties_at, requests.merged_at) >= coalesce(?, coalesce(tied.ties_at, requests.merged_at))"
    " AND (coalesce(tied.ties_at, requests.merged_at) < ? OR ? IS NULL)",
}
_OTHER: Final = {"change": "request", "request": "change"}
KINDS: Final = ("change", "request", "push", "deployment")


def reconcile(
    facts: LedgerFacts, repositories: Sequence[str], start: int | None, end: int | None
) -> tuple[tuple[Reconciliation, ...], tuple[Difference, ...]]:
    """How changes, requests, pushes and deployments of a window tie, and each difference with its reason.

    Args:
        facts: of the ledger.
        repositories: which, each by itself.
        start: Unix seconds; None: from the beginning.
        end: Unix seconds, left out; None: to the end.
    """
    since, until = None if start is None else utc(start), None if end is None else utc(end)
    tied: list[Reconciliation] = []
    apart: list[Difference] = []
    for name in repositories:
        rows = facts.rows(
            "SELECT item, kind, repository, happened_at, is_matched, reason, detail, record"
            " FROM change_reconciliation WHERE repository = ? AND coalesce(ties_at, happened_at) >="
            " coalesce(?, coalesce(ties_at, happened_at)) AND (coalesce(ties_at, happened_at) < ? OR ? IS NULL)"
            " ORDER BY happened_at, item",
            *(name, since, until, until),
        )
        for kind in KINDS:
            sql = _TOTALS.get(kind)
            held = facts.rows(sql, name, since, until, until)[0]["held"] if sql else None
            if (one := _tied(kind, name, rows, held)) is not None:
                tied.append(one)
        apart += [_difference(row) for row in rows if not row["is_matched"]]
    return tuple(tied), tuple(apart)


def _tied(kind: str, repository: str, rows: Sequence[dict[str, Any]], held: int | None) -> Reconciliation | None:
    """One side of one repository; None where there is nothing of that kind."""
    own = [row for row in rows if row["kind"] == kind]
    total = len(own) if held is None else held
    if not total and not own:
        return None
    other = _OTHER.get(kind, kind)
    matched = sum(bool(row["is_matched"]) for row in rows if row["kind"] == other)
    reasons: dict[str, int] = {}
    for row in own:
        if not row["is_matched"]:
            reasons[row["reason"]] = reasons.get(row["reason"], 0) + 1
    unseen = sum(row["is_matched"] is None for row in own)
    by_reason = dict(sorted(reasons.items(), key=lambda each: (-each[1], each[0])))
    return Reconciliation(
        kind, repository, total, matched, unseen, by_reason, total == matched + sum(reasons.values())
    )


def _difference(row: dict[str, Any]) -> Difference:
    return Difference(
        kind=row["kind"],
        item=row["item"].removeprefix(f"{row['kind']} {row['repository']} "),
        reason=row["reason"],
        detail=row["detail"] or "",
        repository=row["repository"],
        happened_at=seconds_of(row["happened_at"]),
        record=row["record"],
    )
