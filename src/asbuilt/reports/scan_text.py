"""A scan for people: what was found, what was looked at, and what was not; silence is never told as safety."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from asbuilt.model.component import Unread
from asbuilt.model.finding import CodeFinding, RuleNote, Scan, ScannerReport
from asbuilt.model.text import visible

_ORDER: Final = ("critical", "high", "medium", "low", "info", None)
_MOST_UNREAD: Final = 20
_MOST_PLACES: Final = 20
_STANDINGS: Final = {
    "ran": "ran",
    "in part": "ran, not on everything",
    "failed": "FAILED",
    "not run": "not run",
}


def scan_text(scan: Scan) -> str:
    """Open findings, the worst first, each with its lines and what mends it; then the rest in short."""
    return "\n".join(_rows(scan)) + "\n"


def _rows(scan: Scan) -> Iterator[str]:
    notes = {(report.name, own.id): own for report in scan.scanners for own in report.rules}
    place = "a folder in no repository" if scan.commit is None else f"commit {scan.commit[:12]}"
    if scan.is_work_tree and scan.commit is not None:
        place = f"the work tree on {place}"
    since = f", against {scan.against[:12]}" if scan.against else ""
    yield f"Scan of {place}{since}"
    found = sorted(scan.open, key=lambda own: (_ORDER.index(own.severity), own.rule, own.path, own.line))
    shown = [own for own in found if own.severity != "info"]
    yield from _findings(shown, notes)
    yield from _for_information([own for own in found if own.severity == "info"])
    yield from _accepted([own for own in scan.findings if own.accepted is not None])
    old = sum(own.is_new is False for own in scan.findings)
    if old:
        yield f"{old:,} older findings are in what this is compared with, and are not listed"
    yield ""
    yield "What was looked at"
    for report in scan.scanners:
        yield from _scanner(report)
    yield from _not_looked_at(scan)
    yield ""
    yield _sum(found)


def _findings(found: Sequence[CodeFinding], notes: dict[tuple[str, str], RuleNote]) -> Iterator[str]:
    """Findings by rule: what is wrong and what mends it once, then its places."""
    for (scanner, rule, severity), same in groupby(found, lambda own: (own.scanner, own.rule, own.severity)):
        places = list(same)
        note = notes.get((scanner, rule))
        by = "" if scanner.startswith("AsBuilt") else f"{scanner} "
        yield ""
        yield f"{severity or 'unrated'}  {by}{visible(rule, 120)}  {_weaknesses(places[0])}".rstrip()
        yield f"  {visible(places[0].message, 300)}"
        if note is not None and note.remedy:
            yield f"  To mend it: {visible(note.remedy, 400)}"
        for own in places[:_MOST_PLACES]:
            yield f"    {visible(own.path)}:{own.line}{_line(own)}"
        if len(places) > _MOST_PLACES:
            yield f"    and {len(places) - _MOST_PLACES:,} more; --format json lists them"


def _weaknesses(own: CodeFinding) -> str:
    return f"({', '.join(own.cwe)})" if own.cwe else ""


def _line(own: CodeFinding) -> str:
    first = (own.snippet or "").partition("\n")[0]
    return f"  {visible(first, 100)}" if first else ""


def _for_information(found: Sequence[CodeFinding]) -> Iterator[str]:
    if found:
        yield ""
        yield f"{len(found):,} for information (most of them in tests); --format json lists them"
        for rule, count in Counter(own.rule for own in found).most_common(8):
            yield f"    {visible(rule, 120)}: {count:,}"


def _accepted(found: Sequence[CodeFinding]) -> Iterator[str]:
    if found:
        yield ""
        yield "Accepted by a comment in the code"
    for own in found:
        if own.accepted is not None:
            why = visible(own.accepted.reason, 200)
            yield f"    {visible(own.path)}:{own.line}  {visible(own.rule, 120)}, because {why}"


def _scanner(report: ScannerReport) -> Iterator[str]:
    version = f" {visible(report.version, 40)}" if report.version else ""
    why = f". {visible(report.why, 400)}" if report.why else ""
    yield f"  {visible(report.name, 60)}{version}: {_STANDINGS[report.standing]}{why}"
    if report.standing in {"failed", "not run"}:
        yield f"    it would look for {report.looks_for}"
        return
    yield f"    looks for {report.looks_for}"
    for own in report.covered:
        what = "every text" if own.language == "text" else own.language
        yield f"    {what}: {own.files:,} files, {own.lines:,} lines, {own.rules} rules"
    if not report.covered and report.files is not None:
        yield f"    {len(report.files):,} files"
    if report.left_out:
        named = ", ".join(visible(own) for own in report.left_out[:5])
        more = f" and {len(report.left_out) - 5:,} more" if len(report.left_out) > 5 else ""
        yield f"    without the repository's settings for scanners: {named}{more}"
    for other in report.others:
        more = f" and {other.files - 1:,} more" if other.files > 1 else ""
        yield f"    routes not read: {visible(other.name)}: {visible(other.first)}{more}"
    yield from _unread(report.unread)


def _unread(unread: Sequence[Unread]) -> Iterator[str]:
    for own in unread[:_MOST_UNREAD]:
        where = f"{visible(own.path)}{f':{own.line}' if own.line else ''}: " if own.path else ""
        yield f"    not looked at: {where}{visible(own.why, 300)}"
    if len(unread) > _MOST_UNREAD:
        yield f"    and {len(unread) - _MOST_UNREAD:,} more were not looked at; --format json lists them"


def _not_looked_at(scan: Scan) -> Iterator[str]:
    if scan.uncovered:
        named = ", ".join(f"{name} ({count:,})" for name, count in scan.uncovered[:12])
        yield f"  No rule of AsBuilt's about code is for: {named}; these files are searched for secrets alone."
    if scan.no_text:
        yield f"  {scan.no_text:,} files hold no text."
    if scan.excluded:
        named = ", ".join(f"{visible(name)} ({count:,})" for name, count in scan.excluded[:12])
        yield f"  Left out: {named}."
    for own in scan.loose[:_MOST_UNREAD]:
        yield f"  {visible(own.path)}:{own.line}: {visible(own.why, 300)}"


def _sum(found: Sequence[CodeFinding]) -> str:
    counts = Counter(own.severity for own in found)
    told = [f"{counts[each]:,} {each or 'unrated'}" for each in _ORDER if counts[each]]
    if told:
        return f"{', '.join(told)}. What these scanners do not look for, and did not look at, is not known."
    return "Nothing was found by what was run, in what was looked at. That says nothing of anything else."
