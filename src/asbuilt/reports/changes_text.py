"""The list of changes as a table for a terminal: one line a change, ten marks for its ten links."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from asbuilt.model.chain import Grade
from asbuilt.model.changes import ChangeList, Difference, ListedChange
from asbuilt.reports.foreign import shown
from asbuilt.reports.page import GRADE_STYLE, Page, advice, cells, fit, pad, wrap
from asbuilt.reports.words import AUTHORSHIPS, GRADES, LINKS, day, many, number, share, short

_REVIEW_STYLE = {"reviewed": "good", "not-reviewed": "bad", "after-review": "warn", "exempt": "", "unknown": "dim"}
_NARROWEST_COLUMN = 14
_OF_A_REASON = 6  # differences that are listed for each reason; JSON holds all
_MANY = {"change": "changes", "request": "merged requests", "push": "pushes", "deployment": "deployments"}
_GAP = "  "


class _Column(NamedTuple):
    """A column: its head, its text, and how much of it may be shown where there is room."""

    head: str
    text: Callable[[ListedChange], str]
    widest: int


def render_changes(listed: ChangeList, *, width: int, color: bool, all_columns: bool = False) -> str:
    """The table, then what it comes to; ``all_columns`` shows every column whole, whatever the width.

    Columns that always stand: number, commit, day of landing, how it came in, the ten links, the verdict on its
    review. The others follow in the order of their use, as many as ``width`` cells hold.
    """
    page = Page(width, color=color)
    _headline(page, listed)
    if listed.changes:
        page.add()
        page.extend(_table(page, listed.changes, all_columns=all_columns))
        page.add()
        legend = "   ".join(
            f"{page.paint(kind.mark, GRADE_STYLE[key])} {kind.name}" for key, kind in GRADES.items()
        )
        page.add(f"  links in order: {', '.join(LINKS[:5])},")
        page.add(f"  {', '.join(LINKS[5:])}")
        page.add(f"  {legend}")
        _sum(page, listed)
    _ties(page, listed)
    _gaps(page, listed)
    return page.text()


def _headline(page: Page, listed: ChangeList) -> None:
    made = f"AsBuilt {shown(listed.version, 16)}"
    names = ", ".join(fit(name, 50) for name in listed.repositories[:3])
    more = f" and {number(len(listed.repositories) - 3)} more" if len(listed.repositories) > 3 else ""
    title = fit(f"Changes of {names}{more}" if names else "Changes", page.width - cells(made) - 2)
    page.add(page.paint(title, "bold") + pad(page.paint(made, "dim"), page.width - cells(title), right=True))
    shown_of = "" if len(listed.changes) == listed.total else f"{number(len(listed.changes))} of "
    span = []
    if listed.start is not None:
        span.append(f"from {day(listed.start)}")
    if listed.end is not None:
        span.append(f"until {day(listed.end)}")
    source = "the facts of the ledger" if listed.source == "ledger" else "git alone: nothing of a forge"
    parts = [f"{shown_of}{many(listed.total, 'change')}", " ".join(span), source]
    page.extend(wrap(" · ".join(part for part in parts if part), page.width))


def _table(page: Page, changes: Sequence[ListedChange], *, all_columns: bool) -> list[str]:
    fixed = [
        ["#", *(str(row.number) if row.number is not None else "–" for row in changes)],
        ["commit", *(short(row.change) for row in changes)],
        ["landed", *(day(row.landed_at) for row in changes)],
        ["came by", *(fit(row.landing, 8) for row in changes)],
        ["links", *(_marks(page, row) for row in changes)],
        ["review", *(page.paint(row.review, _REVIEW_STYLE.get(row.review, "")) for row in changes)],
    ]
    columns = [_filled(column, right=at == 0) for at, column in enumerate(fixed)]
    left = page.width - sum(cells(column[0]) + len(_GAP) for column in columns)
    for place, extra in enumerate(_EXTRA):
        texts = [extra.head, *(extra.text(row) for row in changes)]
        if not any(texts[1:]):
            continue
        widest = max(cells(text) for text in texts)
        if all_columns:
            columns.append(_filled(texts))
            continue
        if left < _NARROWEST_COLUMN:
            break
        others = _EXTRA[place + 1 :]
        share_of = left if left < 2 * _NARROWEST_COLUMN or not others else max(left // 2, _NARROWEST_COLUMN)
        room = min(widest, extra.widest, share_of)
        columns.append(_filled([fit(text, room) for text in texts]))
        left -= room + len(_GAP)
    lines = [_GAP.join(parts).rstrip() for parts in zip(*columns, strict=True)]
    return [page.paint(lines[0], "dim"), *lines[1:]]


def _filled(texts: Sequence[str], *, right: bool = False) -> list[str]:
    room = max(cells(text) for text in texts)
    return [pad(text, room, right=right) for text in texts]


def _marks(page: Page, row: ListedChange) -> str:
    grades = [row.grades[name] for name in LINKS]
    return "".join(page.paint(GRADES[grade].mark, GRADE_STYLE[grade]) for grade in grades)


def _why(row: ListedChange) -> str:
    """Who approved it, or why what there is does not count."""
    if row.approvers:
        return shown(", ".join(row.approvers), 400)
    return shown(", ".join(row.rejected or row.tests_failed), 400)


def _wrote(row: ListedChange) -> str:
    kind = AUTHORSHIPS.get(row.attribution)
    hints = f" ({', '.join(row.agent_hints)})" if row.agent_hints else ""
    return shown(f"{kind.name if kind else row.attribution}{hints}", 200)


_EXTRA = (
    _Column("approved by, or why not", _why, 44),
    _Column("author", lambda row: shown(row.request_author or row.author, 200), 28),
    _Column("written by", _wrote, 16),
    _Column("signals", lambda row: shown(", ".join(row.signals), 400), 40),
    _Column("subject", lambda row: shown(row.subject, 300), 60),
    _Column("merged by", lambda row: shown(row.merged_by or "", 100), 24),
    _Column("head", lambda row: short(row.head) if row.head else "", 10),
    _Column("repository", lambda row: shown(row.repository or "", 140), 40),
)


def _sum(page: Page, listed: ChangeList) -> None:
    total = len(listed.changes)
    page.head("What it comes to", many(total, "change"))
    rows = [["link", *(kind.name for kind in GRADES.values())]]
    for name in LINKS:
        counts = listed.links[name]
        rows.append([name, *(number(counts[grade]) if counts[grade] else "–" for grade in GRADES)])
    page.columns(rows, "lrrrrr", head=True)
    page.add()
    said = [f"{number(count)} {name}" for name, count in listed.reviews.items() if count]
    page.extend(wrap(f"Reviews: {', '.join(said)}.", page.width, first="  ", rest="  "))
    whole = sum(row.unbroken for row in listed.changes)
    page.extend(
        wrap(f"Chains unbroken: {number(whole)} ({share(whole, total)}).", page.width, first="  ", rest="  ")
    )
    odd = sum(any(grade == Grade.CONTRADICTED for grade in row.grades.values()) for row in listed.changes)
    if odd:
        page.extend(wrap(f"Sources disagree about {many(odd, 'change')}.", page.width, first="  ", rest="  "))


def _ties(page: Page, listed: ChangeList) -> None:
    """Each side with what it comes to, then the differences one by one."""
    if not listed.reconciliations:
        return
    page.head("Completeness", "each side = matched + every reason")
    for one in listed.reconciliations:
        mark = (
            page.paint("✓", "good")
            if one.ties and not one.unseen
            else page.paint("✗" if not one.ties else "?", "bad")
        )
        reasons = "".join(f" + {number(count)} {reason}" for reason, count in one.by_reason.items())
        said = f"{many(one.total, one.kind, _MANY[one.kind])} = {number(one.matched)} matched{reasons}"
        where = f" ({fit(one.repository, 50)})" if len(listed.repositories) > 1 else ""
        broken = "" if one.ties else ": the sums are not equal"
        page.extend(wrap(f"{said}{where}{broken}", page.width, first=f"  {mark} ", rest="    "))
    page.add()
    by_reason: dict[tuple[str, str], list[Difference]] = {}
    for each in listed.differences:
        by_reason.setdefault((each.kind, each.reason), []).append(each)
    rows = []
    for (kind, reason), found in sorted(by_reason.items(), key=lambda group: (len(group[1]), group[0])):
        rows += [
            [reason, kind, day(own.happened_at), fit(_item(own), 16), shown(own.detail, 120)]
            for own in found[:_OF_A_REASON]
        ]
        if len(found) > _OF_A_REASON:
            rows.append(
                [reason, kind, "", "", f"… {number(len(found) - _OF_A_REASON)} more; --format json has all"]
            )
    page.columns(rows, "llll*")


def _item(one: Difference) -> str:
    """A change by the first digits of its commit, a request by its number."""
    return short(one.item) if one.kind == "change" else f"#{one.item}" if one.kind == "request" else one.item


def _gaps(page: Page, listed: ChangeList) -> None:
    if not listed.gaps:
        return
    page.head("What could not be seen", many(len(listed.gaps), "gap"))
    for gap in listed.gaps[:6]:
        first = f"{page.paint('?', 'warn')} {page.paint(shown(gap.code, 40), 'bold')} "
        page.extend(wrap(shown(gap.what, 300), page.width, first=first, rest="    "))
        page.extend(advice(gap.remedy, page.width, first=f"    {page.paint('→', 'good')} ", rest="      "))
    if len(listed.gaps) > 6:
        page.add(f"  … {many(len(listed.gaps) - 6, 'gap')} more; --format json holds all")
