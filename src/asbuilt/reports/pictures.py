"""The report's pictures: bars, columns and the chain, as SVG that follows the page's width, theme and print.

Positions are per cent, so a picture has no width of its own and its labels are text of the page, at the page's
size: nothing is clipped or shrunk on a phone. Fills are patterns as well as colours.
"""

from collections.abc import Iterable, Mapping, Sequence

from asbuilt.model.chain import REQUIRED
from asbuilt.model.inspection import FileExposure, Inspection, Month, ReviewPair
from asbuilt.reports.markup import Child, Safe, element, escape, folded, join, table
from asbuilt.reports.months import Bin, bin_months, ceiling, ticks
from asbuilt.reports.words import AUTHORSHIPS, GRADES, LANDINGS, LINKS, Kind, in_order, many, number, share

_THINNEST = 0.004
_TOP_PAIRS, _TOP_FILES, _MOST_ROWS = 12, 15, 200


def patterns() -> Safe:
    """The fills, defined once for all pictures of the page."""
    shapes = {
        "ai-tracked": "",
        "ai-declared": "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
        "human-tracked": "M2,2 h2 v2 h-2 z M6,6 h2 v2 h-2 z",
        "automation": "M0,2 h8 M0,6 h8",
        "unknown": "M3.5,3.5 h1 v1 h-1 z",
        "proved": "",
        "stated": "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
        "missing": "M4,2 a2,2 0 1 0 0.01,0 z",
        "contradicted": "M0,8 l8,-8 M0,0 l8,8",
        "grade-unknown": "M3.5,3.5 h1 v1 h-1 z",
        "plain": "",
        "plain-hatched": "M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4",
    }
    made = [
        element(
            "pattern",
            element("rect", width=8, height=8, class_=f"ground {name}"),
            element("path", d=shape, class_=f"lines {name}") if shape else None,
            id=f"fill-{name}",
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        )
        for name, shape in shapes.items()
    ]
    return element("svg", element("defs", made), width=0, height=0, class_="fills", aria_hidden="true")


def _percent(part: float) -> str:
    return f"{100 * part:.3f}".rstrip("0").rstrip(".") + "%"


def _segment(name: str, left: float, width: float, tip: str) -> Safe:
    title = element("title", tip)
    return element(
        "rect",
        title,
        x=_percent(left),
        width=_percent(width),
        height="100%",
        fill=f"url(#fill-{name})",
        class_="edge",
    )


def stacked(
    parts: Sequence[tuple[str, str, int]], label: str, *, of: int | None = None, class_: str = "bar"
) -> Safe:
    """One bar of (fill, name, count); ``of`` is what the whole width stands for (None: their sum).

    What is not nothing is never thinner than can be seen.
    """
    whole = of if of is not None else sum(count for _, _, count in parts)
    widths = [max(count / whole, _THINNEST) if count and whole else 0.0 for _, _, count in parts]
    if widths:
        widths[widths.index(max(widths))] -= max(sum(widths) - 1, 0)
    shapes: list[Safe] = []
    left = 0.0
    for (fill, name, count), width in zip(parts, widths, strict=True):
        if width:
            shapes.append(_segment(fill, left, width, f"{name}: {number(count)}"))
            left += width
    return element("svg", shapes, role="img", aria_label=label, class_=class_)


def swatch(fill: str) -> Safe:
    """A small square of one fill, for a legend."""
    shape = element("rect", width="100%", height="100%", fill=f"url(#fill-{fill})", class_="edge")
    return element("svg", shape, class_="swatch", aria_hidden="true")


def legend(entries: Iterable[tuple[str, str]]) -> Safe:
    """Fill and name of each part of a picture."""
    return element(
        "ul", [element("li", swatch(fill), element("span", name)) for fill, name in entries], class_="legend"
    )


def figure(caption: str, picture: Child, data: Child, *, note: str | None = None) -> Safe:
    """A picture with its caption, and its data beside it in a table that opens."""
    return element(
        "figure",
        element("figcaption", caption),
        picture,
        element("p", note, class_="note") if note else None,
        folded("The figures in a table", data),
    )


def lines_picture(inspection: Inspection) -> Safe:
    """All lines of the tree as one bar, with its legend as the table of figures."""
    lines = inspection.lines
    rows = in_order(lines.by_authorship, AUTHORSHIPS)
    spoken = ", ".join(f"{kind.name} {share(count, lines.total)}" for _, kind, count in rows if count)
    bar = stacked([(_class_fill(key), kind.name, count) for key, kind, count in rows], spoken, class_="bar strip")
    data = table(
        "Lines by class",
        ("Class, and what says so", "Lines", "Share"),
        "hrr",
        [
            (
                join(
                    swatch(_class_fill(key)),
                    element("span", kind.name, class_="label"),
                    element("span", kind.meaning, class_="meaning"),
                ),
                number(count),
                share(count, lines.total),
            )
            for key, kind, count in rows
        ],
    )
    caption = f"{many(lines.total, 'line')} of text by who or what wrote them"
    return element("figure", element("figcaption", caption), bar, data)


def _class_fill(key: str) -> str:
    return key if key in AUTHORSHIPS else "unknown"


def _grade_fill(key: str) -> str:
    return "grade-unknown" if key == "unknown" else key


def months_picture(months: Sequence[Month]) -> Safe:
    """Commits over time by class, in columns of one month or more."""
    bins, left_out = bin_months(months)
    top = ceiling(max((bin_.total for bin_ in bins), default=0))
    kinds = [(key, kind) for key, kind in AUTHORSHIPS.items() if any(bin_.counts.get(key) for bin_ in bins)]
    shapes = [_grid_line(at) for at in (0.0, 0.5)]
    for at, bin_ in enumerate(bins):
        shapes.append(_column(bin_, at / len(bins), 1 / len(bins), top, kinds))
    spoken = (
        f"Commits from {bins[0].label} to {bins[-1].label} by class; the figures are in the table"
        if bins
        else "No commit"
    )
    axis = element(
        "div", [element("span", number(value)) for value in (top, top // 2, 0)], class_="axis", aria_hidden="true"
    )
    marks = [
        element("text", label, x=_percent(place), y=14, text_anchor=anchor) for place, label, anchor in ticks(bins)
    ]
    plot = element(
        "div",
        axis,
        element("svg", shapes, role="img", aria_label=spoken, class_="columns"),
        element("svg", marks, class_="ticks", aria_hidden="true"),
        class_="plot",
    )
    data = table(
        "Commits of each month by class",
        ("Month", *(kind.name for kind in AUTHORSHIPS.values()), "All"),
        "hrrrrrr",
        [
            (
                month.month,
                *(number(month.commits.get(key, 0)) for key in AUTHORSHIPS),
                number(sum(month.commits.values())),
            )
            for month in list(months)[-6 * _MOST_ROWS :]
        ],
    )
    width = bins[0].months if bins else 1
    unit = {1: "month", 3: "quarter", 12: "year"}.get(width, f"{width // 12} years")
    note = f"{many(left_out, 'commit')} dated far outside this time are in the table only." if left_out else None
    return figure(
        f"Commits by {unit}, by class", join(legend((key, kind.name) for key, kind in kinds), plot), data, note=note
    )


def _grid_line(at: float) -> Safe:
    return element("line", x1="0", x2="100%", y1=_percent(at), y2=_percent(at), class_="grid")


def _column(bin_: Bin, left: float, width: float, top: int, kinds: Sequence[tuple[str, Kind]]) -> Safe:
    shapes: list[Safe] = []
    base = 1.0
    for key, _kind in kinds:
        height = bin_.counts.get(key, 0) / top if top else 0.0
        if height:
            base -= height
            shapes.append(
                element(
                    "rect",
                    x=_percent(left + width * 0.09),
                    y=_percent(base),
                    width=_percent(width * 0.82),
                    height=_percent(height),
                    fill=f"url(#fill-{_class_fill(key)})",
                    class_="edge",
                )
            )
    said = ", ".join(f"{kind.name} {number(bin_.counts[key])}" for key, kind in kinds if bin_.counts.get(key))
    return element("g", element("title", f"{bin_.label}: {said}" if said else bin_.label), shapes)


def chain_picture(links: Mapping[str, Mapping[str, int]], changes: int) -> Safe:
    """The ten links one under another, joined where a chain must hold, each with the grades of all changes."""
    rows: list[Safe] = []
    for at, name in enumerate(LINKS, start=1):
        counts = links.get(name, {})
        parts = [(_grade_fill(key), kind.name, counts.get(key, 0)) for key, kind in GRADES.items()]
        spoken = f"{name}: " + ", ".join(f"{kind} {number(count)}" for _, kind, count in parts if count)
        rows.append(
            element(
                "li",
                element("span", at, class_="node", aria_hidden="true"),
                element("span", name, class_="name"),
                stacked(parts, spoken),
                element("span", _held(counts, changes), class_="held"),
                class_="needed" if name in REQUIRED else None,
            )
        )
    picture = join(
        legend((_grade_fill(key), f"{kind.mark} {kind.name}") for key, kind in GRADES.items()),
        element("ol", rows, class_="chain"),
    )
    data = table(
        "Changes by link and grade",
        ("Link", *(f"{kind.mark} {kind.name}" for kind in GRADES.values())),
        "hrrrrr",
        [
            (f"{at} {name}", *(number(links.get(name, {}).get(key, 0)) for key in GRADES))
            for at, name in enumerate(LINKS, 1)
        ],
    )
    note = (
        "At the right: the share of changes whose link is proved or stated. Links 2 to 7, joined by the line, must "
        "hold, and no link be contradicted, for a chain to be unbroken."
    )
    return figure(f"The ten links of {many(changes, 'change')}", picture, data, note=note)


def _held(counts: Mapping[str, int], changes: int) -> str:
    if changes and counts.get("unknown", 0) == changes:
        return "not seen"
    return share(counts.get("proved", 0) + counts.get("stated", 0), changes)


def bars(rows: Iterable[tuple[Child, str, int, str, str]], widest: int) -> Safe:
    """Bars one under another: label, fill, count, what stands at the end, what a reader of the screen hears."""
    return element(
        "ul",
        [
            element(
                "li",
                element("span", label, class_="name"),
                stacked([(fill, spoken, count)], spoken, of=widest),
                element("span", figures, class_="held"),
            )
            for label, fill, count, figures, spoken in rows
        ],
        class_="bars",
    )


def landings_picture(landings: Mapping[str, int]) -> Safe:
    """Changes by how they came in."""
    rows = [row for row in in_order(landings, LANDINGS) if row[2]]
    total = sum(count for _, _, count in rows)
    picture = bars(
        [
            (
                kind.name,
                "plain-hatched" if key == "direct" else "plain",
                count,
                f"{number(count)} · {share(count, total)}",
                f"{kind.name}: {number(count)}",
            )
            for key, kind, count in rows
        ],
        max((count for _, _, count in rows), default=0),
    )
    data = table(
        "Changes by how they came in",
        ("Way", "Changes", "Share", "What it means"),
        "hrrl",
        [
            (kind.name, number(count), share(count, total), kind.meaning)
            for _, kind, count in in_order(landings, LANDINGS)
        ],
    )
    return figure(f"{many(total, 'change')} by how they came in", picture, data)


def reviewers_picture(pairs: Sequence[ReviewPair]) -> Safe:
    """Who reviews whom, as the history states it; hatched where reviewer and author are one person."""
    first = pairs[:_TOP_PAIRS]
    picture = bars(
        [
            (
                join(
                    element("bdi", _named(pair.reviewer.name, pair.reviewer.email)),
                    element("span", " reviews ", class_="arrow"),
                    element("bdi", _named(pair.author.name, pair.author.email)),
                ),
                "plain" if pair.independent else "contradicted",
                pair.changes,
                number(pair.changes) if pair.independent else f"{number(pair.changes)} ✗ same person",
                f"{number(pair.changes)}{'' if pair.independent else ', the same person'}",
            )
            for pair in first
        ],
        max((pair.changes for pair in first), default=0),
    )
    data = table(
        "Reviewers and authors",
        ("Reviewer", "Author", "Changes", "Independent"),
        "hlrl",
        [
            (
                _named(pair.reviewer.name, pair.reviewer.email),
                _named(pair.author.name, pair.author.email),
                number(pair.changes),
                "yes" if pair.independent else "✗ same person",
            )
            for pair in pairs[:_MOST_ROWS]
        ],
    )
    return figure(_capped("Reviews stated in commits", len(first), len(pairs), "pair"), picture, data)


def _named(name: str, email: str) -> Safe:
    return escape(name or email, 60)


def _capped(caption: str, shown: int, total: int, one: str) -> str:
    return caption if shown == total else f"{caption}: the first {number(shown)} of {many(total, one)}"


def exposed_picture(files: Sequence[FileExposure]) -> Safe:
    """Files with AI-written lines that no person is seen to have reviewed; the whole bar is the whole file."""
    first = files[:_TOP_FILES]
    picture = bars(
        [
            (
                element("code", f"{file.path}:{file.first}"),
                "ai-declared",
                round(1000 * file.lines / file.total) if file.total else 0,
                f"{number(file.lines)} of {number(file.total)}",
                f"{number(file.lines)} of {many(file.total, 'line')}, review {file.review}",
            )
            for file in first
        ],
        1000,
    )
    data = table(
        "Files with AI-written lines and no review in sight",
        ("File and first line", "AI lines", "All lines", "Share", "Review", "Tools"),
        "hrrrdl",
        [
            (
                element("code", escape(f"{file.path}:{file.first}", 200)),
                number(file.lines),
                number(file.total),
                share(file.lines, file.total),
                f"{GRADES[file.review].mark if file.review in GRADES else ''} {file.review}",
                ", ".join(file.tools),
            )
            for file in files[:_MOST_ROWS]
        ],
    )
    caption = _capped("As a share of each file", len(first), len(files), "file")
    return figure(caption, picture, data)
