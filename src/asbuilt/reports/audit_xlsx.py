"""One audit as a workbook: the lists that an auditor sorts, filters and writes beside."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from asbuilt.model.audit import Audit
from asbuilt.model.commit import moment
from asbuilt.model.result import Outcome
from asbuilt.reports.audit_words import CATEGORIES, CONCLUSIONS, STANDINGS, instant, period, test_result
from asbuilt.reports.foreign import shown
from asbuilt.reports.words import AUTHORSHIPS, OUTCOMES, OWN_TEST

_LONGEST = 32_000  # characters; a cell holds 32,767
_MOST_ROWS = 1_000_000  # a sheet holds 1,048,576
_WIDEST = 80

Row = Sequence[Any]


def audit_xlsx(audit: Audit) -> bytes:
    """The audit as an XLSX file; the same audit gives the same bytes.

    Every text is written as text: no cell is a formula, whatever a source told. A sheet that would be longer than a
    workbook holds is cut, and its last row says so.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    # The workbook's own date is the audit's, not the clock's.
    book.set_properties(
        {
            "title": "Audit: management's own tests",
            "created": datetime.fromtimestamp(audit.as_of, UTC).replace(tzinfo=None),
        }
    )
    bold = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    for name, heads, rows in _sheets(audit):
        _write(book.add_worksheet(name), heads, rows, bold, plain)
    book.close()
    return buffer.getvalue()


def _write(sheet: Any, heads: Sequence[str], rows: Iterable[Row], bold: Any, plain: Any) -> None:
    widths = [len(head) for head in heads]
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head, bold)
    last = 0
    for line, row in enumerate(rows, 1):
        last = line
        if line > _MOST_ROWS:
            sheet.write_string(line, 0, "The list goes on: the JSON report holds all of it.", bold)
            break
        for at, value in enumerate(row):
            if isinstance(value, int) and not isinstance(value, bool):
                sheet.write_number(line, at, value, plain)
                text = str(value)
            else:
                text = _text(value)
                sheet.write_string(line, at, text, plain)
            widths[at] = max(widths[at], min(len(text), _WIDEST))
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width + 2)
    sheet.freeze_panes(1, 1)
    if last:
        sheet.autofilter(0, 0, last, len(heads) - 1)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        value = "; ".join(str(one) for one in value)
    if isinstance(value, dict):
        value = ", ".join(f"{name} = {own}" for name, own in sorted(value.items()))
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return shown(str(value), _LONGEST)


def _sheets(audit: Audit) -> Iterable[tuple[str, Sequence[str], Iterable[Row]]]:
    yield "Audit", ("What", "Value"), _about(audit)
    yield (
        "Criteria",
        ("Criterion", "Category", "Title", "Standing", "Controls", "What it is about"),
        _criteria(audit),
    )
    yield "Controls", _CONTROL_HEADS, _controls(audit)
    yield "Deviations", _DEVIATION_HEADS, _deviations(audit)
    yield "Parity", ("Control", "Attribution", *(kind.name for kind in OUTCOMES.values())), _parity(audit)
    yield "Findings", _MENDING_HEADS, _mending(audit)
    yield "Time in force", ("Control", "Subject", "State", "From", "Until", "Seconds"), _spans(audit)
    yield "Cadence", ("Control", "Subject", "From", "Due", "Came", "Standing"), _occurrences(audit)
    yield "Populations", ("Population", "Rows", "Complete", "Why not", "sha256", "Extracts"), _populations(audit)
    yield "Samples", ("Control", "Population", "Seed", "Place", "Item", "In place of", "Reason"), _samples(audit)
    yield "Waivers", ("Control", "Item", "Granted by", "Reason", "Granted", "Expires"), _waivers(audit)
    yield "Not seen", ("Code", "What", "Why", "Remedy", "Count"), _gaps(audit)


def _about(audit: Audit) -> Iterable[Row]:
    ledger = audit.ledger
    yield "Company", audit.company
    yield "System", audit.system
    yield "Period", period(audit)
    yield "Categories", [CATEGORIES.get(own, own) for own in audit.categories]
    yield "Tested on", audit.engine
    yield "Verdict", audit.verdict
    yield "Next", audit.next_step
    yield "Ledger", ledger.origin if ledger else None
    yield "Entries", ledger.size if ledger else None
    yield "Root", ledger.root if ledger else None
    yield "AsBuilt", audit.version
    yield "What this is", OWN_TEST


def _criteria(audit: Audit) -> Iterable[Row]:
    for each in audit.criteria:
        standing = STANDINGS[each.standing].name
        yield (
            each.id,
            CATEGORIES.get(each.category, each.category),
            each.title,
            standing,
            each.controls,
            each.paraphrase,
        )


_CONTROL_HEADS = (
    "Control", "Title", "Kind", "Criteria", "Conclusion", "Result of the test", "Items",
    *(kind.name for kind in OUTCOMES.values()),
    "Population", "Complete", "Settings", "Query", "Digest", "Population digest", "What", "Why", "Blind spot",
)  # fmt: skip


def _controls(audit: Audit) -> Iterable[Row]:
    for result in audit.results:
        texts = audit.texts.get(result.control, {})
        yield (
            result.control,
            result.title,
            result.kind.value,
            result.criteria,
            CONCLUSIONS[result.conclusion].name,
            test_result(result),
            result.count,
            *(result.counts.get(key, 0) for key in OUTCOMES),
            result.population,
            None if result.coverage is None else result.coverage.complete,
            result.settings,
            result.query,
            result.digest,
            result.population_digest,
            texts.get("what"),
            texts.get("why"),
            texts.get("blind_spot"),
        )


_DEVIATION_HEADS = (
    "Control", "Item", "When", "Attribution", "Because", "Nature", "Cause", "Isolated", "Effect",
    "Compensating control", "Management's answer", "Waived by", "Waiver's reason", "Waived until",
)  # fmt: skip


def _deviations(audit: Audit) -> Iterable[Row]:
    for each in audit.deviations:
        waiver = each.waiver
        yield (
            each.control,
            each.item,
            each.at,
            each.attribution,
            each.because,
            each.nature,
            each.cause,
            each.isolated,
            each.effect,
            each.compensating_control,
            each.answer,
            waiver.granted_by if waiver else None,
            waiver.reason if waiver else None,
            instant(waiver.expires_at) if waiver else None,
        )


_MENDING_HEADS = ("What", "Attribution", "Known", "Closed", "Open at the end", "Median days", "Longest days")


def _mending(audit: Audit) -> Iterable[Row]:
    """How long findings stayed open, by who wrote the line or brought the package."""
    for own in audit.mending:
        median = None if own.median_days is None else f"{own.median_days:g}"
        known = (own.findings, own.closed, own.open)
        yield own.about, own.attribution, *known, median, own.longest_days


def _parity(audit: Audit) -> Iterable[Row]:
    for control, split in sorted(audit.parity.items()):
        for kind in [key for key in AUTHORSHIPS if key in split] + sorted(split.keys() - AUTHORSHIPS.keys()):
            name = AUTHORSHIPS[kind].name if kind in AUTHORSHIPS else kind
            yield control, name, *(split[kind].get(key, 0) for key in Outcome)


def _spans(audit: Audit) -> Iterable[Row]:
    for result in audit.results:
        if result.in_force is None:
            continue
        whole = {"(all together)": result.in_force.spans, **result.in_force.subjects}
        for subject, spans in whole.items():
            for span in spans:
                seconds = span.end - span.start
                yield result.control, subject, span.state, instant(span.start), instant(span.end), seconds


def _occurrences(audit: Audit) -> Iterable[Row]:
    for result in audit.results:
        for each in result.occurrences:
            times = (instant(at) for at in (each.start, each.due, each.at))
            yield result.control, each.subject, *times, each.standing


def _populations(audit: Audit) -> Iterable[Row]:
    for each in audit.populations:
        coverage = each.coverage
        yield (
            each.table,
            each.rows,
            None if coverage is None else coverage.complete,
            None if coverage is None else coverage.why,
            each.sha256,
            [str(extract.get("extract")) for extract in each.extracts],
        )


def _samples(audit: Audit) -> Iterable[Row]:
    for sample in audit.samples:
        for one in sample.items:
            yield sample.control, sample.population, sample.seed, one.position, one.item, one.replaces, one.reason


def _waivers(audit: Audit) -> Iterable[Row]:
    for result in audit.results:
        for waiver in result.waivers:
            granted, expires = (moment(at).isoformat() for at in (waiver.granted_at, waiver.expires_at))
            yield waiver.control, waiver.item, waiver.granted_by, waiver.reason, granted, expires


def _gaps(audit: Audit) -> Iterable[Row]:
    for gap in audit.gaps:
        yield gap.code, gap.what, gap.why, gap.remedy, gap.count
