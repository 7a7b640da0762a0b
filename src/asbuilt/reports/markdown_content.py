"""A tree's dependencies and the findings in its code, in the Markdown of an inspection."""

from collections.abc import Iterator

from asbuilt.model.inspection import Inspection
from asbuilt.reports import content_words as words
from asbuilt.reports.markdown_marks import code as span
from asbuilt.reports.markdown_marks import escape, table
from asbuilt.reports.words import number

_TOP = 10


def dependencies(inspection: Inspection) -> Iterator[str]:
    """How many components from how many files, who brought them, and what is known of them."""
    found = inspection.dependencies
    if found is None:
        return
    yield ""
    yield f"### {words.DEPENDENCIES}: {words.total_of(found)}"
    yield ""
    for line in (words.by_class(found.by_attribution), words.approvals_of(found), words.advisories_of(found)):
        yield f"- {escape(line)}"
    times = words.times_of(found)
    if times:
        yield ""
        yield "Known weaknesses, how many were fixed, and how long that took:"
        yield from table(words.TIMES, "lrrrrr", [(name, *words.times_row(own)) for name, own in times])
        yield ""
        yield escape(words.times_note(found))
    held = found.advisories
    if held is not None and held.weaknesses:
        yield from table(
            ("Component", "Where", "Weakness", "Brought by"),
            "llll",
            [
                (
                    escape(words.component(own.component)),
                    span(words.place_of(own.component), 160),
                    escape(words.weakness_of(own)),
                    words.class_of(own.component.attribution),
                )
                for own in held.weaknesses[:_TOP]
            ],
        )
    if found.from_ai:
        yield ""
        yield "Brought by AI-written changes, the newest first:"
        yield from table(
            ("Component", "Where", "Came with", "Approval"),
            "llll",
            [
                (
                    escape(words.component(own)),
                    span(words.place_of(own), 160),
                    escape(words.brought_by(own)),
                    words.approval(own.approval),
                )
                for own in found.from_ai[:_TOP]
            ],
        )
        yield from _more(
            sum(found.ai_by_approval.values()) - len(found.from_ai[:_TOP]),
            "components",
            "asbuilt deps --introduced-by ai",
        )


def code(inspection: Inspection) -> Iterator[str]:
    """Findings by who wrote the line that they stand on, the worst of them, and what was looked at."""
    found = inspection.code
    if found is None:
        return
    yield ""
    yield f"### {words.CODE}: {words.found_of(found)}"
    rows = words.severities(found)
    if rows:
        yield from table(
            ("Who wrote the line", *words.SEVERITIES),
            "lrrrrr",
            [(name, *(number(count) for count in counts)) for name, counts in rows],
        )
    worst = [own for own in found.findings if own.severity != "info"][:_TOP]
    if worst:
        yield from table(
            ("", "Where", "Rule", "What", "Who wrote the line"),
            "lllll",
            [
                (
                    escape(own.severity, 20),
                    span(words.place_of(own), 160),
                    escape(own.rule, 60),
                    escape(own.message, 200),
                    words.class_of(own.attribution),
                )
                for own in worst
            ],
        )
    yield from _more(found.open - len(worst), "findings", "asbuilt scan --only own")
    yield ""
    yield escape(words.looked_at(found))


def _more(count: int, what: str, command: str) -> Iterator[str]:
    if count > 0:
        yield ""
        yield f"And {number(count)} {what} more: {span(command)}"
