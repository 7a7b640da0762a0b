"""A tree's dependencies and the findings in its code, on the page of text of an inspection."""

from asbuilt.model.inspection import Inspection
from asbuilt.model.tree_content import TreeDependencies
from asbuilt.reports import content_words as words
from asbuilt.reports.foreign import shown
from asbuilt.reports.page import GRADE_STYLE, Page, fit, fit_path, wrap
from asbuilt.reports.words import GRADES, number

_TOP_BROUGHT, _TOP_WEAK, _TOP_FOUND = 6, 6, 8
_STYLE = {"critical": "bad", "high": "bad", "medium": "warn", "low": "dim", "info": "dim"}


def dependencies(page: Page, inspection: Inspection) -> None:
    """How many components from how many files, who brought them, and what is known of them."""
    found = inspection.dependencies
    if found is None:
        return
    page.head(words.DEPENDENCIES, words.total_of(found))
    said = (words.by_class(found.by_attribution), words.approvals_of(found), words.advisories_of(found))
    for line in (*said, *filter(None, [words.unread_of(found)])):
        page.extend(wrap(line, page.width - 2, first="  ", rest="    "))
    _times(page, found)
    held = found.advisories
    if held is not None and held.weaknesses:
        rows = [
            [
                page.paint("answered", "dim")
                if own.answered
                else page.paint(own.level or "unrated", _STYLE.get(own.level or "", "warn")),
                fit(words.component(own.component), page.width - 6),
                fit(own.advisory, 22),
                fit(words.class_of(own.component.attribution), 14),
            ]
            for own in held.weaknesses[:_TOP_WEAK]
        ]
        page.columns(rows, "l*ll")
        _more(
            page, sum(held.by_level.values()) + held.answered - len(rows), "weaknesses", "asbuilt advisories check"
        )
    if found.from_ai:
        page.add("  Brought by AI-written changes, the newest first, with each approval:")
        rows = [
            [
                _approval(page, own.approval),
                fit(words.component(own), page.width),
                fit_path(words.place_of(own), 26),
                fit(words.brought_by(own), 24),
            ]
            for own in found.from_ai[:_TOP_BROUGHT]
        ]
        page.columns(rows, "l*ll")
        total = sum(found.ai_by_approval.values())
        _more(page, total - len(rows), "components", "asbuilt deps --introduced-by ai")


def _times(page: Page, found: TreeDependencies) -> None:
    """How long known weaknesses stood, by who brought them."""
    rows = words.times_of(found)
    if rows:
        page.add("  Known weaknesses, how many were fixed, and how long that took:")
        page.columns([[*words.TIMES], *([name, *words.times_row(own)] for name, own in rows)], "lrrrrr", head=True)
        note = wrap(words.times_note(found), page.width - 2, first="  ", rest="  ")
        page.extend([page.paint(each, "dim") for each in note])


def code(page: Page, inspection: Inspection) -> None:
    """Findings by who wrote the line that they stand on, the worst of them, and what was looked at."""
    found = inspection.code
    if found is None:
        return
    page.head(words.CODE, words.found_of(found))
    rows = words.severities(found)
    if rows:
        head = ["who wrote the line", *words.SEVERITIES]
        page.columns(
            [head, *([name, *(number(count) if count else "–" for count in counts)] for name, counts in rows)],
            "lrrrrr",
            head=True,
        )
    worst = [own for own in found.findings if own.severity != "info"][:_TOP_FOUND]
    page.columns(
        [
            [
                page.paint(shown(own.severity, 8), _STYLE.get(own.severity, "")),
                fit_path(words.place_of(own), page.width // 2),
                fit(own.rule, page.width),
                fit(words.class_of(own.attribution), 14),
            ]
            for own in worst
        ],
        "ll*l",
    )
    _more(page, found.open - len(worst), "findings", "asbuilt scan --only own")
    page.extend(
        [page.paint(each, "dim") for each in wrap(words.looked_at(found), page.width - 2, first="  ", rest="  ")]
    )


def _approval(page: Page, told: str) -> str:
    kind = GRADES.get(told, GRADES["unknown"])
    return page.paint(kind.mark, GRADE_STYLE.get(told, "dim"))


def _more(page: Page, count: int, what: str, command: str) -> None:
    if count > 0:
        page.add(page.paint(f"  … {number(count)} {what} more: {command}", "dim"))
