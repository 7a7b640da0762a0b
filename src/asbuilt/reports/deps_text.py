"""The list of dependencies for a terminal: under each commit that brought some, what it brought."""

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from asbuilt.model.component import Unread
from asbuilt.model.deps import Dependency, DependencyList
from asbuilt.reports.foreign import shown
from asbuilt.reports.page import GRADE_STYLE, Page, advice, cells, fit, fit_path, pad, wrap
from asbuilt.reports.words import AUTHORSHIPS, GRADES, day, many, number, short

_AI: Final = frozenset({"ai-tracked", "ai-declared"})
_NEW, _VERSION, _GONE = "+", "~", "-"
_MARKS: Final = {"new": _NEW, "version": _VERSION, "removed": _GONE, "before": " "}
_GRADE_WORDS: Final = {
    "proved": "approved",
    "stated": "approval stated",
    "missing": "not approved",
    "unknown": "approval not known",
}
_UNREAD: Final = 10  # files that are named; JSON holds all


def render_deps(listed: DependencyList, *, width: int, color: bool) -> str:
    """The table, what it comes to by who wrote it and who approved it, and what could not be seen."""
    page = Page(width, color=color)
    _headline(page, listed)
    for commit, rows in groupby(listed.dependencies, key=lambda own: (own.change, own.commit)):
        _commit(page, commit[1], list(rows))
    if listed.dependencies:
        page.add()
        page.extend(wrap(f"{_NEW} new   {_VERSION} another version   {_GONE} taken away", page.width, first="  "))
        marks = (
            page.paint(GRADES[key].mark, GRADE_STYLE[key]) + " " + _GRADE_WORDS[key] for key in listed.approvals
        )
        page.add(f"  {'   '.join(marks)}")
        _sum(page, listed)
    _gaps(page, listed)
    return page.text()


def _headline(page: Page, listed: DependencyList) -> None:
    made = f"AsBuilt {shown(listed.version, 16)}"
    title = fit(f"Dependencies of {listed.product} at {short(listed.commit)}", page.width - cells(made) - 2)
    page.add(page.paint(title, "bold") + pad(page.paint(made, "dim"), page.width - cells(title), right=True))
    few = "" if len(listed.dependencies) == listed.total else f"{number(len(listed.dependencies))} of "
    parts = [
        f"{few}{many(listed.total, 'dependency', 'dependencies')}",
        "whole history" if listed.whole_history else "",
        f"landed since {day(listed.since)}" if listed.since is not None else "",
        "approvals by the ledger" if listed.source == "ledger" else "approvals as git states them",
    ]
    page.extend(wrap(" · ".join(part for part in parts if part), page.width))


def _commit(page: Page, commit: str | None, rows: Sequence[Dependency]) -> None:
    """The commit with who wrote it and who approved it, its subject, and each component with its file and line."""
    own = rows[0]
    page.add()
    if commit is None:
        page.add(page.paint("before the history that is here begins", "bold"))
    else:
        parts = [
            day(own.landed_at),
            short(commit),
            f"#{own.number}" if own.number is not None else own.landing or "",
        ]
        by = page.paint(_by(own), "ai" if own.attribution in _AI else "")
        page.add(f"{page.paint('  '.join(parts), 'bold')}  {by}  {fit(own.author or '', 28)}")
        page.add("  " + page.paint(fit(own.subject or "", page.width - 2), "dim"))
    by_approval = groupby(sorted(rows, key=_approval), key=_approval)
    for (grade, approvers), those in by_approval:
        names = f": {fit(', '.join(approvers), page.width - 24)}" if approvers else ""
        page.add(f"  {page.paint(GRADES[grade].mark, GRADE_STYLE[grade])} {_GRADE_WORDS[grade]}{names}")
        page.columns([_row(each, page.width - 54) for each in those], "ll*ll", indent="    ", gap=1)


def _approval(own: Dependency) -> tuple[str, tuple[str, ...]]:
    return own.approval, own.approved_by


def _row(own: Dependency, room: int) -> list[str]:
    place = f"{own.path}:{own.line}" if own.line else own.path
    return [_MARKS[own.kind], own.ecosystem, shown(own.name, 120), _version(own), fit_path(place, room)]


def _version(own: Dependency) -> str:
    """The version and the one before it; digests by their first digits."""
    told = _brief(own.version or own.declared or "any version")
    return f"{_brief(own.previous)} → {told}" if own.kind == "version" and own.previous else told


def _brief(version: str) -> str:
    kind, mark, digest = version.rpartition(":")
    if len(digest) >= 40 and all(char in "0123456789abcdef" for char in digest):
        return f"{kind}{mark}{digest[:8]}…" if len(kind) < 8 else f"{digest[:8]}…"
    return fit(version, 24)


def _by(own: Dependency) -> str:
    kind = AUTHORSHIPS.get(own.attribution)
    if own.attribution in _AI:
        return fit(f"{kind.name if kind else 'AI'}{f': {own.tools[0]}' if own.tools else ''}", 40)
    return kind.name if kind and own.attribution != "unknown" else "no signal"


def _sum(page: Page, listed: DependencyList) -> None:
    page.head("What it comes to", many(len(listed.dependencies), "dependency", "dependencies"))
    rows = [["brought by", *listed.approvals, "all"]]
    for key, kind in AUTHORSHIPS.items():
        those = [own for own in listed.dependencies if own.attribution == key]
        if those:
            counts = [sum(own.approval == each for own in those) for each in listed.approvals]
            rows.append([kind.name, *(number(count) if count else "–" for count in counts), number(len(those))])
    page.columns(rows, "lrrrrr", head=True)
    mixed = sum(own.mixed for own in listed.dependencies)
    if mixed:
        said = f"Of {number(mixed)} only the squash is known, whose signals may belong to another part of it."
        page.extend(wrap(said, page.width, first="  ", rest="  "))


def _gaps(page: Page, listed: DependencyList) -> None:
    if not (listed.gaps or listed.unread):
        return
    page.head("What could not be seen", number(len(listed.gaps) + len(listed.unread)))
    for gap in listed.gaps:
        first = f"{page.paint('?', 'warn')} {page.paint(shown(gap.code, 40), 'bold')} "
        page.extend(wrap(shown(gap.what, 300), page.width, first=first, rest="    "))
        page.extend(advice(gap.remedy, page.width, first=f"    {page.paint('→', 'good')} ", rest="      "))
    files: dict[str, list[Unread]] = {}
    for own in listed.unread:
        files.setdefault(own.path, []).append(own)
    for those in list(files.values())[:_UNREAD]:  # one that stood broken for fifty commits is one thing to mend
        page.extend(_unread(page, those))
    if len(files) > _UNREAD:
        page.add(f"  … {number(len(files) - _UNREAD)} files more; --format json holds all")


def _unread(page: Page, those: Sequence[Unread]) -> list[str]:
    own = those[0]
    where = f"{shown(own.path, 200)}{f':{own.line}' if own.line else ''}"
    said = f"{where}: {shown(own.why, 300)}{f' {shown(own.remedy, 200)}' if own.remedy else ''}"
    if len(those) > 1:
        said += f" And {number(len(those) - 1)} more of its versions."
    return wrap(said, page.width, first=f"{page.paint('?', 'warn')} ", rest="    ")
