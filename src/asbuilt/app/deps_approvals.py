"""Who approved each dependency, by the facts of a ledger.

1. Where the dependency itself was recorded (``asbuilt record dependencies``), its row of ``dependency_checks`` is
   asked: an approval of the package that held, by another person, or else one of the whole change.
2. Else the approvals of its change decide, as ``changes`` derives them.
3. Where the ledger knows neither, it is not known; what git states stays stated.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from asbuilt.app.chain_facts import LedgerFacts, open_ledger_facts
from asbuilt.app.history import History
from asbuilt.model.deps import Dependency
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener
from asbuilt.supply.policy import package_id

_Row = dict[str, Any]
_CHECKED = """
SELECT change_id, package, version, approved_by, approved_by_another
FROM dependency_checks WHERE repository = ?
"""
_REVIEWED = """
SELECT change_id, independent_human_approvals AS approvals, approvers, approvals_rejected_for AS rejected
FROM changes WHERE repository = ?
"""


def approve(
    rows: Sequence[Dependency], history: History, ledger: Path, on: Listener
) -> tuple[list[Dependency], tuple[Gap, ...]]:
    """The rows with their approvals, and what of them could not be seen.

    Raises:
        UsageError, LedgerError: see ``open_ledger_facts``.
    """
    changes = list(dict.fromkeys(row.change for row in rows if row.change is not None))
    with open_ledger_facts(ledger, on) as facts:
        name = facts.repository_of(changes, history.project)
        checked = _by_key(facts, _CHECKED, name)
        reviewed = {row["change_id"]: row for row in (facts.rows(_REVIEWED, name) if name else [])}
    judged = [_judged(row, checked, reviewed) for row in rows]
    return judged, _gaps(judged, checked)


def _by_key(facts: LedgerFacts, sql: str, name: str | None) -> dict[tuple[str, str, str], _Row]:
    found = facts.rows(sql, name) if name else []
    return {(row["change_id"], row["package"].lower(), row["version"]): row for row in found}


def version_text(row: Dependency) -> str:
    """How the version of a dependency is written in records: the range where it is only declared."""
    return row.version or row.declared or "any version"


def _judged(row: Dependency, checked: dict[tuple[str, str, str], _Row], reviewed: dict[str, _Row]) -> Dependency:
    if row.change is None:
        return row
    told = checked.get((row.change, package_id(row.ecosystem, row.name).lower(), version_text(row)))
    change = reviewed.get(row.change)
    if told is not None:
        verdict, names = told["approved_by_another"], [told["approved_by"]] if told["approved_by"] else []
        whose = "this package" if names else "the change"
    elif change is not None:
        verdict, names, whose = None if change["approvals"] is None else change["approvals"] > 0, [], "the change"
    else:
        return row
    if change is not None and not names:
        names = list(change["approvers"] or ())
    if verdict is None:
        return row if row.approval == "stated" else msgspec.structs.replace(row, approval="unknown", why=_UNSEEN)
    if verdict:
        return msgspec.structs.replace(
            row, approval="proved", approved_by=tuple(names), why=f"Another person approved {whose}, by the ledger."
        )
    refused = ", ".join(change["rejected"] or ()) if change is not None and whose == "the change" else ""
    why = f"No approval of {whose} counts{f': {refused}' if refused else ''}."
    return msgspec.structs.replace(row, approval="missing", approved_by=tuple(names), why=why)


_UNSEEN = "No whole extract of reviews covers its landing: unknown, not missing."


def _gaps(rows: Sequence[Dependency], checked: dict[tuple[str, str, str], _Row]) -> tuple[Gap, ...]:
    unseen = sum(row.approval == "unknown" and row.change is not None for row in rows)
    found = []
    if unseen:
        found.append(
            Gap(
                code="GAP-FORGE",
                what=f"Of {unseen:,} dependencies it is not known whether anybody approved them.",
                why="The ledger holds no whole extract of the reviews of the changes that brought them.",
                remedy="Record the history (asbuilt record git), then read the forge (asbuilt sync).",
                count=unseen,
            )
        )
    if not checked:
        found.append(
            Gap(
                code="GAP-LEDGER",
                what="Approvals of single packages were not looked at.",
                why="The ledger has no dependencies of this repository: approvals are those of whole changes.",
                remedy="asbuilt record dependencies",
            )
        )
    return tuple(found)
