"""The decision chain drawn in a terminal: who or what wrote the code, who answered for it, and what it passed."""

import re
from collections.abc import Collection, Sequence

from asbuilt.model.attribution import Attribution, Authorship
from asbuilt.model.chain import REQUIRED, Chain, Grade, Link
from asbuilt.model.commit import Person
from asbuilt.model.inspection import Gap
from asbuilt.model.introduction import Introduction
from asbuilt.model.origin import LineRun
from asbuilt.model.trace import Step, Trace
from asbuilt.reports.foreign import shown
from asbuilt.reports.page import GRADE_STYLE, Page, advice, cells, fit, fit_path, pad, wrap
from asbuilt.reports.words import AUTHORSHIPS, GRADES, LANDINGS, day, many, number, short

_WHOLE, _BRIEF, _TOP_EVIDENCE, _TOP_RUNS, _TOP_ATTRIBUTIONS = 6, 40, 3, 4, 3
_TOP_INTRODUCTIONS = 12
_WHOLE_ID = re.compile(r"\b([0-9a-f]{10})[0-9a-f]{30}(?:[0-9a-f]{24})?\b")
# A record is looked up by what is shown of its hash (`asbuilt ledger show`): more digits than a commit needs.
_RECORD = re.compile(r"\A(record [0-9a-f]{16})[0-9a-f]{48}\Z")
_HELD = frozenset({Grade.PROVED, Grade.STATED})


def render_trace(trace: Trace, *, width: int, color: bool) -> str:
    """The trace for a terminal of ``width`` cells.

    The first six changes are drawn with all ten links; of more, each is one line with its ten grades. The JSON
    report holds all.
    """
    page = Page(width, color=color)
    _headline(page, trace)
    _introductions(page, trace.introductions)
    for at, step in enumerate(trace.steps[:_WHOLE], start=1):
        _whole(page, step, f"{at} of {len(trace.steps)}" if len(trace.steps) > 1 else "")
    _brief(page, trace.steps[_WHOLE:])
    if not trace.steps:
        page.add()
        page.add("No change is known that brought this code.")
    _gaps(page, trace.gaps)
    _releases(page, trace)
    _sum(page, trace)
    return page.text()


def _headline(page: Page, trace: Trace) -> None:
    made = f"AsBuilt {shown(trace.version, 16)}"
    name = fit(trace.target, page.width - cells(made) - 2)
    page.add(page.paint(name, "bold") + pad(page.paint(made, "dim"), page.width - cells(name), right=True))
    runs = [run for step in trace.steps for run in step.runs]
    parts = [f"{fit(trace.revision, 40)} at {short(trace.commit)}"]
    if runs:
        parts.append(many(sum(run.count for run in runs), "line"))
    parts.append(many(len(trace.steps), "change"))
    page.extend(wrap(" · ".join(parts), page.width))


def _introductions(page: Page, found: Sequence[Introduction]) -> None:
    """What became of a package, the newest first."""
    if not found:
        return
    page.head("What became of it", many(len(found), "step"))
    rows = []
    for own in reversed(found[-_TOP_INTRODUCTIONS:]):
        was = f"{fit(own.previous, 24)} → " if own.kind == "version" and own.previous else ""
        told = fit(own.component.version or own.component.declared or "any version", 24)
        line = f":{own.component.line}" if own.component.line else ""
        rows.append([day(own.at), short(own.commit), own.kind, f"{was}{told}", fit_path(f"{own.path}{line}", 40)])
    page.columns(rows, "llll*")
    if len(found) > _TOP_INTRODUCTIONS:
        page.add(f"  … {many(len(found) - _TOP_INTRODUCTIONS, 'step')} before; --format json holds all")


def _whole(page: Page, step: Step, aside: str) -> None:
    change = step.change
    title = f"{short(change.id)} · {day(change.landed_at)}" if change else "before the history that is here"
    page.head(title, aside)
    if change:
        page.extend(wrap(shown(change.subject, 300), page.width, first="  ", rest="  "))
        authors = ", ".join(fit(person.name or person.email, 30) for person in change.authors[:4])
        landed = LANDINGS[change.landing].name
        number_of = f" of pull request {change.number}" if change.number is not None else ""
        page.extend(wrap(f"{landed}{number_of}, by {authors or 'nobody named'}", page.width, first="  ", rest="  "))
    if step.runs:
        page.extend(_runs(page, step.runs))
    said = dict.fromkeys("\n".join(_attribution(page, attribution)) for attribution in step.attributions)
    for each in list(said)[:_TOP_ATTRIBUTIONS]:
        page.extend(each.split("\n"))
    if len(said) > _TOP_ATTRIBUTIONS:
        page.add(f"    and {many(len(said) - _TOP_ATTRIBUTIONS, 'attribution')} more of other commits")
    page.add()
    shared = _shared_remedies(step.chain)
    for at, link in enumerate(step.chain.links, start=1):
        page.extend(_link(page, at, link, shared, last=at == len(step.chain.links)))
    page.extend(_holds(page, step.chain))
    for remedy, opens in shared.items():
        first = f"  {page.paint('→', 'good')} to open {', '.join(map(str, opens))}: "
        page.extend(advice(remedy, page.width, first=first, rest="    "))


def _runs(page: Page, runs: Sequence[LineRun]) -> list[str]:
    total = sum(run.count for run in runs)
    joined = _ranges(runs)
    ranges = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in joined[:_TOP_RUNS])
    more = f" and {number(len(joined) - _TOP_RUNS)} more runs" if len(joined) > _TOP_RUNS else ""
    which = f"{'line' if total == 1 else 'lines'} {ranges}{more}"
    lines = wrap(f"{which} ({number(total)})" if total > 1 else which, page.width, first="  ", rest="  ")
    through = next((run for run in runs if run.writing != run.origin), None)
    if through:
        how = f"written in {short(through.writing)}, found through the squash"
        lines += wrap(f"{how} ({through.replay or 'replayed'})", page.width, first="  ", rest="  ")
    if any(run.boundary for run in runs):
        note = "history ends here: the true origin lies further back and is not known"
        lines += wrap(note, page.width, first="  ? ", rest="    ")
    return lines


def _ranges(runs: Sequence[LineRun]) -> list[list[int]]:
    joined: list[list[int]] = []
    for run in sorted(runs, key=lambda run: run.first):
        if joined and joined[-1][1] + 1 == run.first:
            joined[-1][1] = run.last
        else:
            joined.append([run.first, run.last])
    return joined


def _attribution(page: Page, attribution: Attribution) -> list[str]:
    kind = AUTHORSHIPS[attribution.authorship]
    tool = f" · {', '.join(fit(name, 30) for name in attribution.tools)}" if attribution.tools else ""
    model = f" · {fit(attribution.model, 40)}" if attribution.model else ""
    confidence = f" · {attribution.confidence} confidence" if attribution.confidence else ""
    name = f"{kind.name}: {kind.meaning}" if attribution.authorship is Authorship.UNKNOWN else kind.name
    lines = wrap(f"{name}{tool}{model}{confidence}", page.width, first=f"  {kind.mark} ", rest="    ")
    if attribution.conflict:
        mark = page.paint("✗", "bad")
        lines += wrap(shown(attribution.conflict, 300), page.width, first=f"  {mark} ", rest="    ")
    if attribution.mixed_possible:
        note = "the squash's branch is not here: other authors may stand behind part of it"
        lines += wrap(note, page.width, first="  ? ", rest="    ")
    if attribution.answers:
        lines += wrap(f"answers for it: {_person(attribution.answers)}", page.width, first="    ", rest="    ")
    return lines


def _person(person: Person) -> str:
    """Name and address; of a forge's account the login alone."""
    both = person.name and person.email
    return shown(f"{person.name} <{person.email}>" if both else person.name or person.email, 100)


def _shared_remedies(chain: Chain) -> dict[str, list[int]]:
    """Remedies that would open more than one link, said once for all of them."""
    opens: dict[str, list[int]] = {}
    for at, link in enumerate(chain.links, start=1):
        if link.remedy and link.grade not in _HELD:
            opens.setdefault(link.remedy, []).append(at)
    return {remedy: numbers for remedy, numbers in opens.items() if len(numbers) > 1}


def _link(page: Page, at: int, link: Link, shared: Collection[str], *, last: bool) -> list[str]:
    style = GRADE_STYLE[link.grade]
    kind = GRADES[link.grade]
    mark = page.paint(kind.mark, style)
    head = f"  {mark} {at:>2} {pad(link.name, 11)}{page.paint(pad(kind.name, 13), style)}"
    # The line that joins two links is whole under a link that holds, and broken under one that does not.
    joint = " " if last else "│" if link.grade in _HELD else "╎"
    rest = f"  {page.paint(joint, style)}{' ' * 28}"
    lines = wrap(shown(link.summary, 300), page.width, first=head, rest=rest)
    inner = f"  {page.paint(joint, style)}{' ' * 15}"
    for evidence in link.evidence[:_TOP_EVIDENCE]:
        ref = _RECORD.sub(r"\1", shown(evidence.ref, 160))
        ref = _WHOLE_ID.sub(r"\1", ref)
        cited = f"{ref}  {shown(evidence.text, 200)}" if evidence.text else ref
        lines += wrap(cited, page.width, first=inner, rest=f"{inner}  ")
    if len(link.evidence) > _TOP_EVIDENCE:
        lines.append(f"{inner}and {many(len(link.evidence) - _TOP_EVIDENCE, 'piece')} of evidence more")
    if link.people:
        people = ", ".join(_person(person) for person in link.people[:3])
        more = f" and {number(len(link.people) - 3)} more" if len(link.people) > 3 else ""
        lines += wrap(f"answers: {people}{more}", page.width, first=inner, rest=f"{inner}  ")
    if link.remedy and link.grade not in _HELD and link.remedy not in shared:
        lines += advice(link.remedy, page.width, first=f"{inner}{page.paint('→', 'good')} ", rest=f"{inner}  ")
    return lines


def _holds(page: Page, chain: Chain) -> list[str]:
    if chain.unbroken:
        return wrap("The chain is unbroken.", page.width, first=f"  {page.paint('✓', 'good')} ", rest="    ")
    broken = [
        f"{link.name} ({GRADES[link.grade].name})"
        for link in chain.links
        if (link.name in REQUIRED and link.grade not in _HELD) or link.grade is Grade.CONTRADICTED
    ]
    return wrap(
        f"The chain does not hold at: {', '.join(broken)}",
        page.width,
        first=f"  {page.paint('✗', 'bad')} ",
        rest="    ",
    )


def _brief(page: Page, steps: Sequence[Step]) -> None:
    if not steps:
        return
    page.head("Further changes", "the ten links in order")
    rows = []
    for step in steps[:_BRIEF]:
        marks = "".join(page.paint(GRADES[link.grade].mark, GRADE_STYLE[link.grade]) for link in step.chain.links)
        lines = sum(run.count for run in step.runs)
        change = step.change
        rows.append(
            [
                marks,
                short(change.id) if change else "–",
                day(change.landed_at) if change else "–",
                many(lines, "line") if lines else "",
                fit(change.subject, 100) if change else "before the history that is here",
            ]
        )
    page.columns(rows, "lllr*")
    if len(steps) > _BRIEF:
        page.add(f"  … {many(len(steps) - _BRIEF, 'change')} more; --format json holds all")
    page.add(
        "  " + "   ".join(f"{page.paint(kind.mark, GRADE_STYLE[key])} {kind.name}" for key, kind in GRADES.items())
    )


def _gaps(page: Page, gaps: Sequence[Gap]) -> None:
    if not gaps:
        return
    page.head("What could not be seen", many(len(gaps), "gap"))
    for gap in gaps[:12]:
        first = f"{page.paint('?', 'warn')} {page.paint(shown(gap.code, 40), 'bold')} "
        page.extend(wrap(shown(gap.what, 300), page.width, first=first, rest="    "))
        if gap.remedy:
            page.extend(advice(gap.remedy, page.width, first=f"    {page.paint('→', 'good')} ", rest="      "))
    if len(gaps) > 12:
        page.add(f"  … {many(len(gaps) - 12, 'gap')} more; --format json holds all")


def _releases(page: Page, trace: Trace) -> None:
    if not trace.releases:
        return
    page.head("Releases that hold it", many(len(trace.releases), "tag"))
    first = min(trace.releases, key=lambda release: (release.tagged_at, release.name))
    newest = sorted(trace.releases, key=lambda release: (-release.tagged_at, release.name))
    page.extend(
        wrap(f"first in {shown(first.name, 60)}, {day(first.tagged_at)}", page.width, first="  ", rest="  ")
    )
    others = [shown(release.name, 60) for release in newest if release is not first]
    if others:
        more = f" and {number(len(others) - 8)} more" if len(others) > 8 else ""
        page.extend(wrap(f"since then {', '.join(others[:8])}{more}", page.width, first="  ", rest="    "))


def _sum(page: Page, trace: Trace) -> None:
    whole = sum(step.chain.unbroken for step in trace.steps)
    style = "good-bold" if trace.steps and whole == len(trace.steps) else "warn-bold"
    page.add()
    page.add(page.paint("━" * page.width, "dim"))
    said = f"{number(whole)} of {many(len(trace.steps), 'chain')} unbroken."
    page.extend(wrap(said, page.width, first=f"{page.paint('Verdict', style)}  ", rest=" " * 9))
    held = trace.containment
    if held:
        name = f"{shown(held.revision, 60)} ({short(held.commit)})"
        unit = "line" if trace.steps and trace.steps[0].runs else "version" if trace.introductions else "commit"
        if held.contained == held.lines:
            mark, text = page.paint("✓ In", "good-bold"), f"{name} holds all of it: {many(held.lines, unit)}."
        elif held.contained:
            mark = page.paint("✗ Part", "bad-bold")
            text = f"{name} holds {number(held.contained)} of {many(held.lines, unit)}."
        else:
            mark, text = page.paint("✗ Out", "bad-bold"), f"{name} does not hold it."
        page.extend(wrap(text, page.width, first=pad(mark, 9), rest=" " * 9))
