"""The exit code of a report. "Could not check" is never 0."""

from typing import TYPE_CHECKING

from asbuilt.app.exit_codes import CANNOT_READ, CLEAN, DEVIATIONS, INTEGRITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from asbuilt.app.advisories import CheckedAll
    from asbuilt.app.ledger_checks import Checked
    from asbuilt.app.registry import Fetched
    from asbuilt.app.suspecting import SuspicionList
    from asbuilt.app.sync import Synced
    from asbuilt.app.sync_export import Imported
    from asbuilt.app.verify_package import PackageCheck
    from asbuilt.model.attestation import Attestation
    from asbuilt.model.audit import Audit
    from asbuilt.model.changes import ChangeList
    from asbuilt.model.deps import DependencyList
    from asbuilt.model.finding import Scan
    from asbuilt.model.inspection import Inspection
    from asbuilt.model.route import RouteTable
    from asbuilt.model.sbom import Bill
    from asbuilt.model.trace import Trace
    from asbuilt.model.vex import VexDocument
    from asbuilt.supply.advisories.store import Status

FAIL_ON = ("deviation", "unknown", "never")


def inspection_status(inspection: "Inspection", fail_on: str) -> int:
    """The exit code of an inspection.

    ``deviation``: 1 when anything deviates, else 3 when anything could not be checked, else 0.
    ``unknown``: 1 when anything deviates or could not be checked, else 0.
    ``never``: 3 when anything could not be checked, else 0; deviations are only reported.
    """
    deviates = inspection.blocking > 0
    unchecked = (
        inspection.unknown > 0
        or bool(inspection.gaps)
        or any(result.failure is not None for result in inspection.results)
    )
    if fail_on == "unknown":
        return DEVIATIONS if deviates or unchecked else CLEAN
    if deviates and fail_on == "deviation":
        return DEVIATIONS
    return CANNOT_READ if unchecked else CLEAN


def trace_status(trace: "Trace") -> int:
    """The exit code of a trace: 1 when code that ``--to`` asks for is not all there, else 3 on gaps, else 0."""
    held = trace.containment
    if held is not None and held.contained < held.lines:
        return DEVIATIONS
    return CANNOT_READ if trace.gaps else CLEAN


def changes_status(listed: "ChangeList") -> int:
    """The exit code of a list of changes: 1 when two sources do not tie, else 3 on gaps, else 0."""
    if not all(one.ties for one in listed.reconciliations):
        return DEVIATIONS
    return CANNOT_READ if listed.gaps else CLEAN


def vex_status(told: "VexDocument") -> int:
    """The exit code of statements: 3 when a decision is none."""
    return CANNOT_READ if told.left_out else CLEAN


def ledger_status(found: "Checked") -> int:
    """The exit code of a check of the ledger: 4 when anything does not hold."""
    return CLEAN if found.holds else INTEGRITY


def audit_status(audit: "Audit") -> int:
    """The exit code of an audit: 1 on a deviation, else 3 when evidence is missing or there are gaps, else 0.

    A control that failed to run is evidence missing. A criterion that no control supports is 3 too.
    """
    if audit.deviations or any(result.conclusion == "not effective" for result in audit.results):
        return DEVIATIONS
    missing = any(result.conclusion == "evidence missing" or result.failure is not None for result in audit.results)
    bare = any(criterion.standing == "no control" for criterion in audit.criteria)
    return CANNOT_READ if missing or bare or audit.gaps else CLEAN


def package_status(found: "PackageCheck") -> int:
    """The exit code of a package's verification: 4 when anything does not hold."""
    return CLEAN if found.holds else INTEGRITY


def attestations_status(found: "Iterable[Attestation]") -> int:
    """The exit code of read attestations: 1 when a signature does not hold, 3 when one is not verified, else 0."""
    standings = {own.verification.standing.value for own in found}
    if "does not hold" in standings:
        return DEVIATIONS
    return CLEAN if standings <= {"verified"} else CANNOT_READ


def sync_status(done: "Sequence[Synced]") -> int:
    """The exit code of a reading of a forge: 3 when something could not be seen, else 0."""
    return CANNOT_READ if any(each.gaps for each in done) else CLEAN


def import_status(done: "Imported") -> int:
    """The exit code of an import: 3 when something of the export could not be read, else 0."""
    return CANNOT_READ if done.faults else CLEAN


def store_status(held: "Status") -> int:
    """The exit code of a store of advisories: 3 when a record could not be read into it, else 0."""
    return CANNOT_READ if held.bad else CLEAN


def advisories_status(found: "CheckedAll") -> int:
    """The exit code of components held against advisories: 1 on a match, else 3 if one was not checked, else 0."""
    if found.affected:
        return DEVIATIONS
    return CANNOT_READ if found.count("not_checked") or found.unread or not found.components else CLEAN


def bill_status(bill: "Bill") -> int:
    """The exit code of a bill of materials: 3 when something could not be read, else 0."""
    return CANNOT_READ if bill.unread else CLEAN


def registry_status(done: "Fetched") -> int:
    """The exit code of a fetch: 1 when a package does not exist, else 3 when one was not seen or asked, else 0."""
    if done.absent:
        return DEVIATIONS
    return CANNOT_READ if done.unknown or done.not_asked or done.doubtful else CLEAN


def deps_status(listed: "DependencyList") -> int:
    """The exit code of a list of dependencies: 3 when something could not be seen, else 0."""
    return CANNOT_READ if listed.gaps or listed.unread else CLEAN


def scan_status(scan: "Scan", fail_on: str, only: "Sequence[str]" = ()) -> int:
    """The exit code of a scan: 1 on an open finding of that severity or worse, else 3 when something was not seen.

    A finding without a severity counts as the worst. A scanner that is not installed is none that failed, unless it
    was asked for by name; our own rules always are.
    """
    ranks = ("info", "low", "medium", "high", "critical", None, "never")
    least = ranks.index(fail_on)
    if any(ranks.index(own.severity) >= least for own in scan.open):
        return DEVIATIONS
    wanted = {name.casefold() for name in only}
    missed = any(
        own.standing in {"failed", "in part"}
        or (own.standing == "not run" and (own.name.startswith("AsBuilt") or own.name.casefold() in wanted))
        for own in scan.scanners
    )
    return CANNOT_READ if missed else CLEAN


def routes_status(table: "RouteTable", fail_on: str) -> int:
    """The exit code of a table of routes: 1 when one is open to anybody, else 3 when one is unknown, else 0."""
    if table.flagged and fail_on != "never":
        return DEVIATIONS
    unknown = any(route.changes and route.verdict == "unknown" for route in table.routes)
    return CANNOT_READ if unknown or table.unread else CLEAN


def suspicions_status(found: "SuspicionList") -> int:
    """The exit code of the nine rules: 1 when one weighs block or high, else 3 when one was not tested, else 0."""
    if found.count("block", "high"):
        return DEVIATIONS
    return CANNOT_READ if found.untested or found.unread or found.advisories else CLEAN
