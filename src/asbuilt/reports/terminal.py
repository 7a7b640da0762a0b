"""One inspection as a page of text: what is here, what is not known, and what to do next."""

from collections.abc import Sequence

from asbuilt.model.chain import REQUIRED, Grade
from asbuilt.model.inspection import FileExposure, Inspection, ToolTotal
from asbuilt.model.result import Finding, Outcome, Severity
from asbuilt.reports import terminal_content as content
from asbuilt.reports.foreign import shown
from asbuilt.reports.page import GRADE_STYLE, Page, advice, cells, cut, fit, fit_path, pad, wrap
from asbuilt.reports.words import (
    AUTHORSHIPS,
    GRADES,
    LANDINGS,
    LINKS,
    OUTCOMES,
    SEVERITIES,
    SEVERITY_ORDER,
    UNKNOWN_IS_NOT_HUMAN,
    apportion,
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

_TOP_TOOLS, _TOP_PAIRS, _TOP_FILES, _TOP_FINDINGS, _TOP_NOTES, _TOP_GAPS = 8, 6, 8, 20, 5, 12
_CLASS_STYLE = {
    "ai-tracked": "ai",
    "ai-declared": "ai-declared",
    "human-tracked": "human",
    "automation": "machine",
    "unknown": "dim",
}
_OUTCOME_STYLE = {"met": "good", "deviation": "bad", "unknown": "warn"}
_SEVERITY_STYLE = {"blocking": "bad", "unknown": "warn", "note": "dim"}


def render_inspection(inspection: Inspection, *, width: int, color: bool) -> str:
    """The inspection for a terminal of ``width`` cells (64 to 120 are used); foreign text is made safe to show.

    Lists are cut to their first entries, and say so: the JSON report holds all.
    """
    page = Page(width, color=color)
    _headline(page, inspection)
    _lines(page, inspection)
    _tools(page, inspection)
    _landings(page, inspection)
    _chain(page, inspection)
    _reviewers(page, inspection)
    _exposed(page, inspection)
    content.dependencies(page, inspection)
    content.code(page, inspection)
    _controls(page, inspection)
    _findings(page, inspection)
    _gaps(page, inspection)
    _verdict(page, inspection)
    return page.text()


def _headline(page: Page, inspection: Inspection) -> None:
    subject = inspection.subject
    left = fit(subject.name, page.width - 22)
    made = f"AsBuilt {shown(inspection.version, 16)}"
    page.add(page.paint(left, "bold") + pad(page.paint(made, "dim"), page.width - cells(left), right=True))
    at = short(subject.commit)
    revision = fit(subject.revision, 40)
    where = [f"{revision} at {at}" if not at.startswith(revision) else at, day(subject.committed_at)]
    if subject.forge_project:
        where.append(fit(f"{subject.forge or ''} {subject.forge_project}".strip(), 60))
    elif subject.forge:
        where.append(fit(subject.forge, 30))
    page.extend(wrap(" · ".join(where), page.width))
    counts = [many(subject.commits, "commit"), many(len(inspection.changes), "change")]
    if subject.since is not None:
        counts[-1] += f" since {day(subject.since)}"
    if inspection.releases:
        counts.append(many(len(inspection.releases), "release"))
    page.extend(wrap(" · ".join(counts), page.width))


def _figures(count: int, total: int) -> str:
    return f"{pad(number(count), len(number(total)), right=True)}  {pad(share(count, total), 7, right=True)}"


def _bar(page: Page, parts: Sequence[tuple[str, str, int]], width: int) -> str:
    """One bar of mark, style and count, ``width`` cells in all."""
    shares = apportion([count for _, _, count in parts], width)
    return "".join(
        page.paint(mark * given, style) for (mark, style, _), given in zip(parts, shares, strict=True) if given
    )


def _lines(page: Page, inspection: Inspection) -> None:
    lines = inspection.lines
    page.head("Who wrote the lines", f"{many(lines.total, 'line')} in {many(lines.files, 'text file')}")
    if not lines.total:
        page.add("  No line of text stands in this tree.")
        return
    rows = in_order(lines.by_authorship, AUTHORSHIPS)
    parts = [(kind.mark, _CLASS_STYLE.get(key, ""), count) for key, kind, count in rows]
    page.add("  " + _bar(page, parts, page.width - 4))
    for key, kind, count in rows:
        if not count and key in ("human-tracked", "automation"):
            continue
        mark = page.paint(kind.mark, _CLASS_STYLE.get(key, ""))
        figures = _figures(count, lines.total)
        meaning = cut(kind.meaning, page.width - 24 - cells(figures))
        page.add(f"  {mark} {pad(kind.name, 15)} {figures}  {page.paint(meaning, 'dim')}")
    if lines.boundary:
        note = "reach the end of this clone's history: their origin lies further back."
        page.extend(wrap(f"{many(lines.boundary, 'line')} {note}", page.width, first="  ", rest="  "))
    if lines.by_authorship.get("unknown", 0):
        page.extend(
            [page.paint(line, "dim") for line in wrap(UNKNOWN_IS_NOT_HUMAN, page.width - 2, first="  ", rest="  ")]
        )


def _tools(page: Page, inspection: Inspection) -> None:
    used = [tool for tool in inspection.tools if tool.commits or tool.lines]
    configured = [tool for tool in inspection.tools if tool.configured and tool not in used]
    if not used and not configured:
        return
    page.head("AI tools", f"{number(len(used))} seen at work" if used else "")
    rows = [["tool", "commits", "lines", "first", "last", "inventory"]]
    rows += [
        [
            fit(tool.name, 30),
            number(tool.commits),
            number(tool.lines),
            day(tool.first_seen),
            day(tool.last_seen),
            _approved(tool),
        ]
        for tool in used[:_TOP_TOOLS]
    ]
    if used:
        page.columns(rows, "*rrlll", head=True)
    _more(page, len(used) - _TOP_TOOLS, "tool")
    if configured:
        named = ", ".join(
            f"{fit(tool.name, 30)} ({fit_path(tool.configured[0], 30)})" for tool in configured[:_TOP_TOOLS]
        )
        page.extend(wrap(f"Set up, not seen at work: {named}", page.width - 2, first="  ", rest="    "))


def _approved(tool: ToolTotal) -> str:
    return {True: "approved", False: "✗ not in it", None: "none declared"}[tool.approved]


def _more(page: Page, count: int, one: str) -> None:
    if count > 0:
        page.add(page.paint(f"  … {many(count, one)} more; --format json holds all", "dim"))


def _landings(page: Page, inspection: Inspection) -> None:
    rows = [row for row in in_order(inspection.landings, LANDINGS) if row[2]]
    if not rows:
        return
    total = sum(count for _, _, count in rows)
    page.head("How changes came in", many(total, "change"))
    widest = max(count for _, _, count in rows)
    room = max(page.width - 44, 8)
    for _, kind, count in rows:
        bar = "▬" * max(round(room * count / widest), 1)
        figures = _figures(count, total)
        page.add(f"  {pad(kind.name, 14)}  {figures}  {page.paint(bar, 'machine')}")


def _chain(page: Page, inspection: Inspection) -> None:
    figures = headline(inspection)
    if not figures.changes:
        return
    whole = f"{number(figures.unbroken)} of {number(figures.changes)} unbroken"
    page.head("The decision chain", whole)
    legend = "   ".join(f"{page.paint(kind.mark, GRADE_STYLE[key])} {kind.name}" for key, kind in GRADES.items())
    page.add(f"  {legend}")
    size = max(len(number(figures.changes)), 4)
    room = page.width - 22 - len(GRADES) * (size + 1)
    for at, name in enumerate(LINKS, start=1):
        counts = inspection.links.get(name, {})
        parts = [(kind.mark, GRADE_STYLE[key], counts.get(key, 0)) for key, kind in GRADES.items()]
        held = "│" if name in REQUIRED else " "
        row = " ".join(
            page.paint(
                pad(f"{number(count)}{mark}" if count else "–", size + 1, right=True), style if count else "dim"
            )
            for mark, style, count in parts
        )
        page.add(f" {at:>2} {held} {pad(name, 10)} {pad(_bar(page, parts, max(room, 4)), max(room, 4))} {row}")
    note = "│ A chain is unbroken when links 2 to 7 are proved or stated and no link is contradicted."
    page.extend([page.paint(line, "dim") for line in wrap(note, page.width - 2, first="    ", rest="      ")])


def _reviewers(page: Page, inspection: Inspection) -> None:
    pairs = inspection.reviewers
    if not pairs:
        return
    page.head("Who reviews whom", "as the history states it")
    half = (page.width - 34) // 2
    rows = [
        [
            fit(pair.reviewer.name or pair.reviewer.email, half),
            "→",
            fit(pair.author.name or pair.author.email, half),
            number(pair.changes),
            "" if pair.independent else page.paint("✗ same person", "bad"),
        ]
        for pair in pairs[:_TOP_PAIRS]
    ]
    page.columns(rows, "lllrl")
    _more(page, len(pairs) - _TOP_PAIRS, "pair")


def _exposed(page: Page, inspection: Inspection) -> None:
    files = inspection.exposed
    if not files:
        return
    total = sum(file.lines for file in files)
    page.head("AI-written lines with no review in sight", f"{many(total, 'line')} in {many(len(files), 'file')}")
    rows = [["file", "AI lines", "of all", "review"]]
    rows += [
        [
            _placed(file, page.width - 38),
            number(file.lines),
            share(file.lines, file.total),
            f"{_grade_mark(page, file.review)} {shown(file.review, 14)}",
        ]
        for file in files[:_TOP_FILES]
    ]
    page.columns(rows, "lrrl", head=True)
    _more(page, len(files) - _TOP_FILES, "file")


def _placed(file: FileExposure, width: int) -> str:
    line = f":{file.first}"
    return fit_path(file.path, max(width - len(line), 8)) + line


def _grade_mark(page: Page, grade: str) -> str:
    kind = GRADES.get(grade, GRADES[Grade.UNKNOWN])
    return page.paint(kind.mark, GRADE_STYLE.get(grade, "dim"))


def _controls(page: Page, inspection: Inspection) -> None:
    if not inspection.results:
        return
    met = sum(outcome_of(result) == Outcome.MET for result in inspection.results)
    page.head("Controls, as far as git shows them", f"{met} of {len(inspection.results)} met throughout")
    rows = [["", "", "", *(kind.name for kind in OUTCOMES.values())]]
    for result in inspection.results:
        worst = outcome_of(result)
        mark = page.paint(OUTCOMES[worst].mark, _OUTCOME_STYLE[worst]) if worst else page.paint("–", "dim")
        title = result.title if result.failure is None else f"{result.title} (the test failed to run)"
        counts = [
            page.paint(number(count) if count else "–", _OUTCOME_STYLE[key] if count else "dim")
            for key in OUTCOMES
            for count in [result.counts.get(key, 0)]
        ]
        rows.append([mark, fit(result.control, 10), fit(title, 100), *counts])
    page.columns(rows, "ll*rrr", indent="", head=True, wrapped=True)


def _findings(page: Page, inspection: Inspection) -> None:
    findings = sorted(
        inspection.findings,
        key=lambda finding: SEVERITY_ORDER.index(finding.severity),
    )
    if not findings:
        return
    counts = [
        f"{number(count)} {word}"
        for severity, word in (
            (Severity.BLOCKING, "to mend"),
            (Severity.UNKNOWN, "could not check"),
            (Severity.NOTE, "to know"),
        )
        if (count := sum(finding.severity is severity for finding in findings))
    ]
    page.head("Findings", " · ".join(counts))
    weighty = sum(finding.severity is not Severity.NOTE for finding in findings)
    top = min(weighty, _TOP_FINDINGS) + (_TOP_NOTES if weighty <= _TOP_FINDINGS else 0)
    for finding in findings[:top]:
        mark = page.paint(SEVERITIES[finding.severity].mark, _SEVERITY_STYLE[finding.severity])
        first = f"{mark} {_line_of(page, finding, inspection.subject.name)} "
        page.extend(wrap(shown(finding.message), page.width, first=first, rest="    "))
    _more(page, len(findings) - top, "finding")


def _line_of(page: Page, finding: Finding, name: str) -> str:
    return (
        f"{place(finding.path, finding.line, finding.commit, name)} {page.paint(shown(finding.code, 40), 'bold')}"
    )


def _gaps(page: Page, inspection: Inspection) -> None:
    gaps = inspection.gaps
    if not gaps:
        return
    page.head("What could not be seen", many(len(gaps), "gap"))
    for gap in gaps[:_TOP_GAPS]:
        place_of = f"{shown(gap.path)}: " if gap.path else ""
        first = f"{page.paint('?', 'warn')} {page.paint(shown(gap.code, 40), 'bold')} "
        page.extend(wrap(place_of + shown(gap.what), page.width, first=first, rest="    "))
        if gap.why:
            page.extend(
                [page.paint(line, "dim") for line in wrap(shown(gap.why), page.width, first="    ", rest="    ")]
            )
        if gap.remedy:
            page.extend(wrap(shown(gap.remedy), page.width, first=f"    {page.paint('→', 'good')} ", rest="      "))
    _more(page, len(gaps) - _TOP_GAPS, "gap")


def _verdict(page: Page, inspection: Inspection) -> None:
    style = (
        "bad-bold" if inspection.blocking else "warn-bold" if inspection.unknown or inspection.gaps else "good-bold"
    )
    page.add()
    page.add(page.paint("━" * page.width, "dim"))
    for label, text, painted in (("Verdict", inspection.verdict, style), ("Next", inspection.next_step, "bold")):
        first = f"{page.paint(pad(label, 7), painted)}  "
        page.extend(advice(text, page.width, first=first, rest=" " * 9))
