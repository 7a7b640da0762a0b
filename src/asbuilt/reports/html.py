"""One inspection as one HTML file: no script, no network, readable on a phone, in the dark and on paper."""

from collections.abc import Iterator

from asbuilt.model.inspection import Inspection
from asbuilt.reports import content_words as words
from asbuilt.reports import html_content as content
from asbuilt.reports import html_judged as judged
from asbuilt.reports import html_listed as listed
from asbuilt.reports import pictures
from asbuilt.reports.html_document import document
from asbuilt.reports.markup import Safe, advice, element, escape, join, table
from asbuilt.reports.words import (
    OWN_TEST,
    UNKNOWN_IS_NOT_HUMAN,
    day,
    headline,
    many,
    number,
    share,
    short,
)

_APPROVED = {True: "approved", False: "✗ not in it", None: "none declared"}


def render_inspection_html(inspection: Inspection) -> str:
    """The inspection as one self-contained file, under about 2 MB: long tables are cut, and say so.

    Foreign text goes through ``markup`` alone, which escapes it.
    """
    return document(
        f"AsBuilt: {inspection.subject.name[:100]}",
        [_title_block(inspection), _verdict(inspection), _figures(inspection), *_sections(inspection)],
        _foot(inspection),
    )


def _sections(inspection: Inspection) -> Iterator[Safe]:
    made = [
        ("Who wrote the lines", _wrote(inspection)),
        ("The decision chain", _chain(inspection)),
        ("How changes came in", _landed(inspection)),
        ("Who reviews whom", _reviewed(inspection)),
        ("AI-written lines with no review in sight", _exposed(inspection)),
        (words.DEPENDENCIES, content.dependencies(inspection)),
        (words.CODE, content.code(inspection)),
        ("Controls, as far as git shows them", judged.controls(inspection)),
        ("Findings", judged.findings(inspection)),
        ("What could not be seen", judged.gaps(inspection)),
        ("Changes", listed.changes(inspection)),
    ]
    for at, (title, part) in enumerate(made, start=1):
        head = element("h2", element("span", f"{at}", class_="sheet"), title, id=f"s{at}")
        yield join(Safe("\n"), element("section", head, part, aria_labelledby=f"s{at}"))


def _title_block(inspection: Inspection) -> Safe:
    subject = inspection.subject
    forge = " ".join(part for part in (subject.forge, subject.forge_project) if part) or "none named by a remote"
    span = f"{many(subject.commits, 'commit')}, {many(len(inspection.changes), 'change')}"
    if subject.since is not None:
        span += f" since {day(subject.since)}"
    cells = (
        ("Revision", escape(subject.revision, 80)),
        ("Commit", element("code", short(subject.commit))),
        ("Committed", day(subject.committed_at)),
        ("History", span),
        ("Text", f"{many(inspection.lines.total, 'line')} in {many(inspection.lines.files, 'file')}"),
        ("Forge", escape(forge, 120)),
    )
    return element(
        "header",
        element("div", element("p", "As-built record", class_="kind"), element("h1", escape(subject.name, 120))),
        element("dl", [element("div", element("dt", name), element("dd", value)) for name, value in cells]),
        class_="title-block",
    )


def _verdict(inspection: Inspection) -> Safe:
    state, mark = ("open", "?") if inspection.unknown or inspection.gaps else ("clear", "✓")
    if inspection.blocking:
        state, mark = "blocked", "✗"
    return element(
        "section",
        element("span", mark, class_="mark", aria_hidden="true"),
        element(
            "div",
            element("h2", escape(inspection.verdict, 600)),
            element("p", element("strong", "Next "), advice(inspection.next_step)),
        ),
        class_=f"verdict {state}",
        aria_label="Verdict and next step",
    )


def _figures(inspection: Inspection) -> Safe:
    found = headline(inspection)
    total = inspection.lines.total
    tiles = (
        (share(found.ai_lines, total), "of the lines carry an AI signal: a lower bound"),
        (share(found.unknown_lines, total), "of the lines carry no signal either way"),
        (
            share(found.reviewed, found.changes),
            f"of the changes show a review; for {share(found.review_unknown, found.changes)} it could not be seen",
        ),
        (f"{number(found.unbroken)} of {number(found.changes)}", "decision chains are unbroken"),
    )
    return element(
        "ul",
        [element("li", element("strong", figure), element("span", text)) for figure, text in tiles],
        class_="tiles",
    )


def _wrote(inspection: Inspection) -> Safe:
    lines = inspection.lines
    if not lines.total:
        return element("p", "No line of text stands in this tree.")
    boundary = (
        element(
            "p",
            f"{many(lines.boundary, 'line')} reach the end of this clone's history: the origin lies further back.",
        )
        if lines.boundary
        else None
    )
    return join(
        pictures.lines_picture(inspection),
        element("p", UNKNOWN_IS_NOT_HUMAN, class_="note"),
        boundary,
        pictures.months_picture(inspection.months),
        _tools(inspection),
    )


def _tools(inspection: Inspection) -> Safe | None:
    tools = inspection.tools
    if not tools:
        return element("p", "No AI tool left a sign in this history or this tree.")
    rows = [
        (
            escape(tool.name, 60),
            escape(tool.vendor, 60),
            number(tool.commits),
            number(tool.lines),
            f"{day(tool.first_seen)} to {day(tool.last_seen)}" if tool.first_seen is not None else "not at work",
            _APPROVED[tool.approved],
            element("code", escape(tool.configured[0], 80)) if tool.configured else "–",
        )
        for tool in tools[:100]
    ]
    heads = ("AI tool", "Vendor", "Commits", "Lines", "Seen", "In the inventory", "Set up by")
    return element("div", element("h3", "AI tools"), table("AI tools", heads, "hdrrddl", rows))


def _chain(inspection: Inspection) -> Safe:
    if not inspection.changes:
        return element("p", "No change landed in this window.")
    return pictures.chain_picture(inspection.links, len(inspection.changes))


def _landed(inspection: Inspection) -> Safe:
    if not inspection.changes:
        return element("p", "No change landed in this window.")
    return pictures.landings_picture(inspection.landings)


def _reviewed(inspection: Inspection) -> Safe:
    if not inspection.reviewers:
        return element("p", "No commit states a reviewer. Approvals that live in a forge are not in git.")
    return pictures.reviewers_picture(inspection.reviewers)


def _exposed(inspection: Inspection) -> Safe:
    files_of = inspection.exposed
    if not files_of:
        return element(
            "p",
            "None: each line with an AI signal has a review that is proved or stated, or there is no such line.",
        )
    total = sum(file.lines for file in files_of)
    counts = f"{many(total, 'line')} in {many(len(files_of), 'file')}"
    said = f"{counts} carry an AI signal, and no review of their change is proved or stated."
    return join(element("p", said), pictures.exposed_picture(files_of))


def _foot(inspection: Inspection) -> Safe:
    return element(
        "footer",
        element("p", f"AsBuilt {inspection.version[:20]}. {OWN_TEST}"),
        element(
            "p",
            "Made from the git history alone; no clock was read. The JSON report holds all of it, uncut.",
        ),
    )
