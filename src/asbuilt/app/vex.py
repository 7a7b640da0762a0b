"""What people decided of weaknesses, out of the ledger, as statements to hand on (VEX).

1. The newest decision on each finding counts; one without a reason, by no person, or that has run out states
nothing.
2. It must name an advisory and a package: its own, or those of the finding.
3. What a decision states of the product is taken from it; one that accepts a weakness or rates it lower states that
the product is affected, and what was decided.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

from asbuilt import __version__
from asbuilt.app.chain_facts import LedgerFacts, open_ledger_facts, seconds_of
from asbuilt.model.advisory import VexStatus
from asbuilt.model.errors import UsageError
from asbuilt.model.text import visible
from asbuilt.model.vex import Justification, VexDocument, VexStatement
from asbuilt.supply.gathering import purl_of
from asbuilt.supply.vex_in import Statements, from_decisions

_ECOSYSTEMS: Final = (*("npm", "PyPI", "Go", "crates.io", "RubyGems", "Packagist", "NuGet", "Maven", "Hex"),)
_DECIDED: Final = """
SELECT
  told.finding, told.decided_at, told.decision, told.decided_by, told.reason, told.accepted_until, told.severity,
  told.vex_status, told.justification, told.component,
  coalesce(told.vulnerability, seen.rule) AS vulnerability, seen.package, seen.package_version,
  person_of(told.decided_by) IS NOT NULL AS is_person
FROM finding_decisions AS told
LEFT JOIN (
  SELECT * FROM findings_seen QUALIFY row_number() OVER (PARTITION BY finding ORDER BY seen_at DESC, record) = 1
) AS seen ON seen.finding = told.finding
QUALIFY row_number() OVER (
  PARTITION BY told.finding, told.vulnerability, told.component ORDER BY told.decided_at DESC, told.record
) = 1
ORDER BY told.finding, told.decided_at, told.record
"""


def make_vex(folder: Path, *, product: str, author: str, now: int) -> VexDocument:
    """The statements that a ledger's decisions come to.

    Args:
        folder: of the ledger.
        product: its name, or a package URL.
        author: who hands the document out.
        now: Unix seconds.

    Raises:
        UsageError: there is no ledger, or no decision in it states anything.
        LedgerError: it is damaged.
    """
    statements, left_out = decisions(folder, now=now)
    if not statements:
        raise UsageError(
            "No decision states anything of a package.",
            why="; ".join(left_out[:5]) or "The ledger holds no decisions.",
            fix="Record them: `asbuilt record finding_decisions --csv FILE`.",
        )
    return VexDocument(
        product=product,
        author=author,
        moment=now,
        program=f"asbuilt {__version__}",
        statements=statements,
        left_out=left_out,
    )


def stated_in(folder: Path, *, now: int) -> Statements:
    """The same, to hold matches of advisories against.

    Raises:
        UsageError: there is no ledger; LedgerError: it is damaged.
    """
    return from_decisions(*decisions(folder, now=now), source=str(folder))


def decisions(folder: Path, *, now: int) -> tuple[tuple[VexStatement, ...], tuple[str, ...]]:
    """What the decisions of a ledger state at ``now``, and, a sentence each, which of them state nothing.

    Raises:
        UsageError: there is no ledger; LedgerError: it is damaged.
    """
    statements: list[VexStatement] = []
    left_out: list[str] = []
    with open_ledger_facts(folder) as facts:
        people_known = bool(facts.rows("SELECT 1 FROM kept.identities LIMIT 1"))
        for row in _rows(facts):
            told = _statement(row, now, people_known=people_known)
            if isinstance(told, VexStatement):
                statements.append(told)
            else:
                left_out.append(f"{visible(row['finding'], 120)}: {told}")
    ordered = sorted(statements, key=lambda each: (each.vulnerability, each.purl, each.at))
    return tuple(ordered), tuple(left_out)


def _rows(facts: LedgerFacts) -> Iterator[dict[str, Any]]:
    yield from facts.rows(_DECIDED)


def _statement(row: dict[str, Any], now: int, *, people_known: bool) -> VexStatement | str:
    """The statement, or why it is none."""
    reason = (row["reason"] or "").strip()
    until = None if row["accepted_until"] is None else seconds_of(row["accepted_until"])
    purl = row["component"] or _purl(row["package"], row["package_version"]) or ""
    status, words = _stated(row, reason)
    justification = row["justification"]
    refused = (
        # (1)
        (not reason, "no reason is given"),
        (
            not row["is_person"] and (people_known or row["decided_by"].endswith("[bot]")),
            f"{visible(row['decided_by'], 80)} is no person that is known",
        ),
        (until is not None and until <= now, "it has run out"),
        # (2)
        (not purl.startswith("pkg:"), "it names no package, and the finding none either"),
        (not row["vulnerability"], "it names no advisory, and the finding none either"),
        # (3)
        (status not in get_args(VexStatus), f"{visible(str(status), 40)!r} is no status"),
        (
            justification is not None and justification not in get_args(Justification),
            f"{visible(str(justification), 60)!r} is no justification of OpenVEX",
        ),
    )
    why = next((words for is_so, words in refused if is_so), None)
    return why or VexStatement(
        vulnerability=row["vulnerability"],
        purl=purl,
        status=status,
        by=row["decided_by"],
        at=seconds_of(row["decided_at"]),
        reason=words,
        justification=justification,
        until=until,
    )


def _stated(row: dict[str, Any], reason: str) -> tuple[Any, str]:
    if row["vex_status"] is not None:
        return row["vex_status"], reason
    if row["decision"] == "accepted":
        return "affected", f"Accepted: {reason}"
    if row["decision"] == "downgraded":
        return "affected", f"Rated {row['severity'] or 'lower'}: {reason}"
    return None, reason


def _purl(package: str | None, version: str | None) -> str | None:
    told, _, name = (package or "").partition(":")
    ecosystem = next((each for each in _ECOSYSTEMS if each.casefold() == told.casefold()), None)
    return purl_of(ecosystem, name, version, "registry", None) if ecosystem and name else None
