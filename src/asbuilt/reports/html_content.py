"""A tree's dependencies and the findings in its code, in the HTML of an inspection."""

from asbuilt.model.inspection import Inspection
from asbuilt.model.tree_content import TreeDependencies, TreeFindings
from asbuilt.reports import content_words as words
from asbuilt.reports.markup import Safe, element, escape, folded, join, table
from asbuilt.reports.words import AUTHORSHIPS, in_order, number, share

_MOST = 100


def dependencies(inspection: Inspection) -> Safe:
    """How many components from how many files, who brought them, and what is known of them."""
    found = inspection.dependencies
    if found is None:
        return element("p", words.NO_DEPENDENCIES)
    classes = [row for row in in_order(found.by_attribution, AUTHORSHIPS) if row[2]]
    return join(
        element("p", f"{words.total_of(found)}, {number(found.direct)} of them asked for by the product itself."),
        table(
            "Components by who brought them",
            ("Brought in this version by", "Components", "Share"),
            "hrr",
            [(kind.name, number(count), share(count, found.total)) for _, kind, count in classes],
        ),
        element("p", words.approvals_of(found)),
        element("p", words.advisories_of(found)),
        element("p", words.unread_of(found), class_="note") if found.unread_before else None,
        _times(found),
        _weaknesses(found),
        _from_ai(found),
        folded(
            f"The files: {number(len(found.files))}",
            table(
                "Files of dependencies",
                ("File", "Components"),
                "hr",
                [(element("code", escape(path, 160)), number(count)) for path, count in found.files.items()][
                    :_MOST
                ],
            ),
        ),
    )


def _times(found: TreeDependencies) -> Safe | None:
    """How long known weaknesses stood, by who brought them."""
    rows = words.times_of(found)
    if not rows:
        return None
    head = ("Brought by", "Open", "The oldest for", "Fixed", "Days to the fix: median", "Worst")
    listed = [(name, *words.times_row(own)) for name, own in rows]
    return join(
        element("p", f"How many known weaknesses were fixed, and how long that took. {words.times_note(found)}"),
        table("Known weaknesses, fixed and open, by who brought them", head, "hrrrrr", listed),
    )


def _weaknesses(found: TreeDependencies) -> Safe | None:
    held = found.advisories
    if held is None or not held.weaknesses:
        return None
    listed = table(
        "Known weaknesses",
        ("Component", "Where", "Weakness", "Brought by"),
        "hlld",
        [
            (
                words.component(own.component),
                element("code", escape(words.place_of(own.component), 120)),
                words.weakness_of(own),
                words.class_of(own.component.attribution),
            )
            for own in held.weaknesses[:_MOST]
        ],
    )
    return join(
        element("p", "Those that stand in the tree, the worst first, and last those that are answered:"), listed
    )


def _from_ai(found: TreeDependencies) -> Safe | None:
    total = sum(found.ai_by_approval.values())
    if not total:
        return None
    listed = table(
        "Brought by AI-written changes",
        ("Component", "Where", "Came with", "Tools", "Approval"),
        "hldld",
        [
            (
                words.component(own),
                element("code", escape(words.place_of(own), 120)),
                words.brought_by(own),
                escape(", ".join(own.tools), 80),
                words.approval(own.approval),
            )
            for own in found.from_ai[:_MOST]
        ],
    )
    more = total - min(len(found.from_ai), _MOST)
    rest = element("p", f"{number(more)} more: ", element("code", "asbuilt deps --introduced-by ai"), class_="note")
    return folded(
        f"Brought by AI-written changes, the newest first: {number(total)}", listed, rest if more else None
    )


def code(inspection: Inspection) -> Safe:
    """Findings by who wrote the line that they stand on, the worst of them, and what was looked at."""
    found = inspection.code
    if found is None:
        return element("p", words.NOT_SEARCHED)
    rows = words.severities(found)
    split = table(
        "Findings by who wrote the line",
        ("Who wrote the line", *words.SEVERITIES),
        "hrrrrr",
        [(name, *(number(count) if count else "–" for count in counts)) for name, counts in rows],
    )
    return join(
        element("p", f"{words.found_of(found)}."),
        split if rows else None,
        _found(found),
        element("p", words.looked_at(found), class_="note"),
    )


def _found(found: TreeFindings) -> Safe | None:
    worst = [own for own in found.findings if own.severity != "info"]
    if not worst:
        return None
    listed = table(
        "Findings",
        ("Severity", "Where", "What", "Rule", "Who wrote the line"),
        "dhldd",
        [
            (
                escape(own.severity, 20),
                element("code", escape(words.place_of(own), 120)),
                escape(own.message, 240),
                element("code", escape(own.rule, 60)),
                words.class_of(own.attribution),
            )
            for own in worst[:_MOST]
        ],
    )
    more = found.open - min(len(worst), _MOST)
    rest = element("p", f"{number(more)} more: ", element("code", "asbuilt scan --only own"), class_="note")
    return join(listed, rest if more else None)
