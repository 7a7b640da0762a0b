"""One inspection as Markdown, for a job summary or a pull request's description."""

from collections.abc import Iterator

from asbuilt.model.inspection import Inspection
from asbuilt.model.result import Severity
from asbuilt.reports import markdown_content as content
from asbuilt.reports.markdown_marks import code, escape, prose, table
from asbuilt.reports.words import (
    AUTHORSHIPS,
    GRADES,
    LANDINGS,
    LINKS,
    OUTCOMES,
    OWN_TEST,
    SEVERITIES,
    SEVERITY_ORDER,
    UNKNOWN_IS_NOT_HUMAN,
    day,
    headline,
    in_order,
    many,
    number,
    outcome_of,
    place,
    share,
    short,
)

_TOP = 20


def render_inspection_markdown(inspection: Inspection) -> str:
    """The inspection as GitHub-flavoured Markdown: verdict first, long lists cut and folded, under 64 kB."""
    return "\n".join(_document(inspection)).rstrip() + "\n"


def _document(inspection: Inspection) -> Iterator[str]:
    subject = inspection.subject
    yield f"## AsBuilt: {escape(subject.name, 100)}"
    yield ""
    yield f"**{escape(inspection.verdict, 600)}**"
    yield ""
    yield f"Next: {code(inspection.next_step, 600)}"
    yield ""
    window = f", changes since {day(subject.since)}" if subject.since is not None else ""
    yield (
        f"{escape(subject.revision, 80)} at {code(short(subject.commit))}, {day(subject.committed_at)} · "
        f"{many(subject.commits, 'commit')} · {many(len(inspection.changes), 'change')}{window} · "
        f"{many(inspection.lines.total, 'line')} in {many(inspection.lines.files, 'file')}"
    )
    yield from _findings(inspection)
    yield from _controls(inspection)
    yield from _lines(inspection)
    yield from _chain(inspection)
    yield from _exposed(inspection)
    yield from content.dependencies(inspection)
    yield from content.code(inspection)
    yield from _gaps(inspection)
    yield ""
    yield f"<sub>AsBuilt {escape(inspection.version, 20)}. {OWN_TEST}</sub>"


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield f"### {title}"


def _more(count: int, one: str) -> Iterator[str]:
    if count > 0:
        yield ""
        yield f"And {many(count, one)} more: the JSON report holds all."


def _findings(inspection: Inspection) -> Iterator[str]:
    findings = sorted(inspection.findings, key=lambda finding: SEVERITY_ORDER.index(finding.severity))
    if not findings:
        return
    blocking = sum(finding.severity is Severity.BLOCKING for finding in findings)
    yield from _heading(f"Findings: {number(blocking)} to mend, {number(len(findings) - blocking)} others")
    yield from table(
        ("", "Where", "Code", "What", "Remedy"),
        "lllll",
        [
            (
                f"{SEVERITIES[finding.severity].mark} {SEVERITIES[finding.severity].name}",
                code(place(finding.path, finding.line, finding.commit, inspection.subject.name), 160),
                escape(finding.code, 40),
                escape(finding.message, 300),
                prose(finding.remedy, 300),
            )
            for finding in findings[:_TOP]
        ],
    )
    yield from _more(len(findings) - _TOP, "finding")


def _controls(inspection: Inspection) -> Iterator[str]:
    if not inspection.results:
        return
    yield from _heading("Controls, as far as git shows them")
    rows = []
    for result in inspection.results:
        worst = outcome_of(result)
        mark = OUTCOMES[worst].mark if worst else "–"
        failed = " (the test failed to run)" if result.failure is not None else ""
        counts = [number(result.counts.get(key, 0)) for key in OUTCOMES]
        criteria = escape(", ".join(result.criteria), 60)
        rows.append((mark, escape(result.control, 20), escape(result.title, 160) + failed, criteria, *counts))
    yield from table(("", "Control", "Expectation", "Criteria", "Met", "Deviation", "Unknown"), "llllrrr", rows)


def _lines(inspection: Inspection) -> Iterator[str]:
    lines = inspection.lines
    yield from _heading("Who wrote the lines")
    rows = [
        (kind.name, number(count), share(count, lines.total), kind.meaning)
        for _, kind, count in in_order(lines.by_authorship, AUTHORSHIPS)
    ]
    yield from table(("Class", "Lines", "Share", "Meaning"), "lrrl", rows)
    yield ""
    yield UNKNOWN_IS_NOT_HUMAN
    used = [tool for tool in inspection.tools if tool.commits or tool.lines]
    if used:
        approved = {True: "approved", False: "✗ not in it", None: "none declared"}
        yield from table(
            ("AI tool", "Commits", "Lines", "First seen", "Last seen", "Inventory"),
            "lrrlll",
            [
                (
                    escape(tool.name, 60),
                    number(tool.commits),
                    number(tool.lines),
                    day(tool.first_seen),
                    day(tool.last_seen),
                    approved[tool.approved],
                )
                for tool in used[:_TOP]
            ],
        )
        yield from _more(len(used) - _TOP, "tool")


def _chain(inspection: Inspection) -> Iterator[str]:
    figures = headline(inspection)
    if not figures.changes:
        return
    unbroken = f"{number(figures.unbroken)} of {number(figures.changes)} unbroken"
    yield from _heading(f"The decision chain: {unbroken}")
    rows = [
        (f"{at} {name}", *(number(inspection.links.get(name, {}).get(grade, 0)) for grade in GRADES))
        for at, name in enumerate(LINKS, start=1)
    ]
    yield from table(("Link", *(f"{kind.mark} {kind.name}" for kind in GRADES.values())), "lrrrrr", rows)
    landed = [f"{kind.name} {number(count)}" for _, kind, count in in_order(inspection.landings, LANDINGS) if count]
    if landed:
        yield ""
        yield f"Came in by: {', '.join(landed)}."


def _exposed(inspection: Inspection) -> Iterator[str]:
    files = inspection.exposed
    if not files:
        return
    total = sum(file.lines for file in files)
    yield from _heading(
        f"AI-written lines with no review in sight: {many(total, 'line')} in {many(len(files), 'file')}"
    )
    yield from table(
        ("File", "AI lines", "Of all", "Review", "Tools"),
        "lrrll",
        [
            (
                code(f"{file.path}:{file.first}", 160),
                number(file.lines),
                share(file.lines, file.total),
                escape(file.review, 20),
                escape(", ".join(file.tools), 80),
            )
            for file in files[:_TOP]
        ],
    )
    yield from _more(len(files) - _TOP, "file")


def _gaps(inspection: Inspection) -> Iterator[str]:
    if not inspection.gaps:
        return
    yield from _heading("What could not be seen")
    yield ""
    for gap in inspection.gaps[:_TOP]:
        where = f"{code(gap.path, 120)}: " if gap.path else ""
        remedy = f" → {code(gap.remedy, 200)}" if gap.remedy else ""
        yield f"- {escape(gap.code, 40)} {where}{escape(gap.what, 300)} {escape(gap.why, 300)}{remedy}"
    yield from _more(len(inspection.gaps) - _TOP, "gap")
