"""Who approved which packages, by the facts of a ledger: ``asbuilt record dependency_approvals``.

1. An approval counts as another person's when its person is at work then, by the people that the ledger knows, and
   had no part in the change. Where people are not known, that is not known either.
2. Whoever had a part in the change is no other person, whatever name was written.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from asbuilt.app.chain_facts import open_ledger_facts, seconds_of, utc
from asbuilt.model.supply_policy import Approval

_GIVEN: Final = """
WITH had_part AS (
  SELECT account_of(told) AS account, person_of(told) AS person FROM (SELECT unnest(?::VARCHAR[]) AS told)
)
SELECT
  given.package, given.version, given.approved_by, given.approved_at, given.reason, given.expires_at,
  coalesce(given.excepts, []) AS excepts,
  CASE
    WHEN account_of(given.approved_by) IN (SELECT account FROM had_part) THEN FALSE
    WHEN person_of(given.approved_by) IN (SELECT person FROM had_part) THEN FALSE
    WHEN people.person IS NULL THEN CASE WHEN covered('people', ?::TIMESTAMP) THEN FALSE END
    WHEN people.starts_at > given.approved_at OR people.ends_at <= given.approved_at THEN FALSE
    ELSE TRUE
  END AS by_another
FROM dependency_approvals AS given
LEFT JOIN people ON people.person = person_of(given.approved_by)
ORDER BY given.approved_at, given.approval
"""


def package_approvals(ledger: Path, participants: Sequence[str], now: int) -> tuple[Approval, ...]:
    """Every approval of a package that the ledger holds.

    Args:
        ledger: its folder.
        participants: everybody who had a part in the change.
        now: Unix seconds.

    Raises:
        UsageError, LedgerError: see ``open_ledger_facts``.
    """
    with open_ledger_facts(ledger) as facts:
        rows = facts.rows(_GIVEN, list(participants), utc(now))
    return tuple(
        Approval(
            package=row["package"],
            approved_by=row["approved_by"],
            approved_at=seconds_of(row["approved_at"]),
            version=row["version"],
            reason=row["reason"],
            expires_at=None if row["expires_at"] is None else seconds_of(row["expires_at"]),
            excepts=tuple(row["excepts"]),
            by_another=row["by_another"],
        )
        for row in rows
    )
