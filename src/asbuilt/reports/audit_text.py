"""One audit as a page of text: what stands behind each criterion, what deviated, and what nobody could see."""

from collections.abc import Mapping, Sequence

from asbuilt.model.audit import Audit
from asbuilt.model.result import Conclusion, Outcome, Result, TimeInForce
from asbuilt.reports.audit_words import (
    CATEGORIES,
    CONCLUSION_STYLE,
    CONCLUSIONS,
    STANDING_STYLE,
    STANDINGS,
    by_conclusion,
    in_force_share,
    period,
)
from asbuilt.reports.foreign import shown
from asbuilt.reports.page import Page, advice, cells, fit, pad, wrap
from asbuilt.reports.words import AUTHORSHIPS, OUTCOMES, OWN_TEST, many, number, share

_TOP_DEVIATIONS, _TOP_MISSING, _TOP_GAPS = 20, 100, 12
_OUTCOME_STYLE = {"met": "good", "deviation": "bad", "unknown": "warn"}
_SPAN_STYLE = {"on": "good", "off": "bad", "not visible": "dim"}
_SPAN_MARK = {"on": "█", "off": "✗", "not visible": "·"}
_WORSE_FIRST = ("off", "not visible", "on")


def render_audit_text(audit: Audit, *, width: int, color: bool) -> str:
    """The audit for a terminal of ``width`` cells; foreign text is made safe to show.

    Lists are cut to their first entries, and say so: the JSON report and the package hold all.
    """
    page = Page(width, color=color)
    _headline(page, audit)
    _criteria(page, audit)
    _controls(page, audit)
    _parity(page, audit)
    _mending(page, audit)
    _in_force(page, audit)
    _deviations(page, audit)
    _missing(page, audit)
    _aside(page, audit)
    _gaps(page, audit)
    _verdict(page, audit)
    return page.text()


def _headline(page: Page, audit: Audit) -> None:
    name = " · ".join(part for part in (audit.company, audit.system) if part) or "An audit of no named company"
    left = fit(name, page.width - 22)
    made = f"AsBuilt {shown(audit.version, 16)}"
    page.add(page.paint(left, "bold") + pad(page.paint(made, "dim"), page.width - cells(left), right=True))
    page.extend(wrap(period(audit), page.width))
    scope = ", ".join(CATEGORIES.get(own, own) for own in audit.categories)
    parts = [scope, many(len(audit.results), "control"), f"tested on {shown(audit.engine, 30)}"]
    if audit.ledger is not None:
        parts.append(f"ledger {shown(audit.ledger.origin, 60)}, {many(audit.ledger.size, 'entry', 'entries')}")
    page.extend(wrap(" · ".join(parts), page.width))
    page.extend([page.paint(line, "dim") for line in wrap(OWN_TEST, page.width)])


def _criteria(page: Page, audit: Audit) -> None:
    tally = [
        f"{number(count)} {kind.name}"
        for key, kind in STANDINGS.items()
        if (count := sum(each.standing == key for each in audit.criteria))
    ]
    page.head("Criteria", " · ".join(tally))
    rows = []
    for each in audit.criteria:
        kind = STANDINGS[each.standing]
        mark = page.paint(kind.mark, STANDING_STYLE[each.standing])
        rows.append([mark, each.id, shown(each.title, 40), kind.name, shown(" ".join(each.controls))])
    page.columns(rows, "llll*", wrapped=True)


def _controls(page: Page, audit: Audit) -> None:
    tally = [f"{number(count)} {kind.name}" for _, kind, count in by_conclusion(audit.results)]
    page.head("Controls", " · ".join(tally))
    rows = [["", "", "", *(kind.name for kind in OUTCOMES.values())]]
    for result in audit.results:
        kind = CONCLUSIONS[result.conclusion]
        mark = page.paint(kind.mark, CONCLUSION_STYLE[result.conclusion])
        title = result.title if result.failure is None else f"{result.title} (the test failed to run)"
        counts = [
            page.paint(number(count) if count else "–", _OUTCOME_STYLE[key] if count else "dim")
            for key in OUTCOMES
            for count in [result.counts.get(key, 0)]
        ]
        rows.append([mark, fit(result.control, 12), fit(title, 120), *counts])
    page.columns(rows, "ll*rrr", indent="", head=True, wrapped=True)


def _parity(page: Page, audit: Audit) -> None:
    """The same controls for all code: the share of met items, by who wrote."""
    if not audit.parity:
        return
    classes = [key for key in AUTHORSHIPS if any(key in split for split in audit.parity.values())]
    page.head("The same controls for all code", "share of items met, by who wrote")
    rows = [["", *(AUTHORSHIPS[key].name for key in classes)]]
    rows += [
        [fit(control, 12), *(_met_share(split.get(key, {})) for key in classes)]
        for control, split in sorted(audit.parity.items())
    ]
    page.columns(rows, "l" + "r" * len(classes), head=True)


def _mending(page: Page, audit: Audit) -> None:
    """How long findings stayed open, by who wrote what they are about."""
    if not audit.mending:
        return
    page.head("How long findings stayed open", "days, by who wrote or brought it")
    rows = [["", "", "known", "closed", "median", "longest", "open"]]
    rows += [
        [
            AUTHORSHIPS[own.attribution].name if own.attribution in AUTHORSHIPS else fit(own.attribution, 20),
            own.about,
            *(number(count) for count in (own.findings, own.closed)),
            *("–" if days is None else f"{days:g}" for days in (own.median_days, own.longest_days)),
            number(own.open),
        ]
        for own in audit.mending
    ]
    page.columns(rows, "llrrrrr", head=True)


def _met_share(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    return f"{share(counts.get(Outcome.MET, 0), total)} of {number(total)}" if total else "–"


def _in_force(page: Page, audit: Audit) -> None:
    """How much of the window each setting was proved on."""
    states = [result for result in audit.results if result.in_force is not None]
    if not states or audit.type == 1:
        return
    page.head("Time in force", "part of the window proved on · proved off · not visible")
    rows = []
    for result in states:
        on, off, dark = in_force_share(result)
        strip = _strip(page, result.in_force, page.width // 4 - 8) if result.in_force else ""
        rows.append([fit(result.control, 12), strip, on, off, dark, fit(result.title, 100)])
    page.columns(rows, "llrrr*")


def _strip(page: Page, force: TimeInForce, width: int) -> str:
    """The window as one bar from left to right; each cell shows the worst that was so in its time."""
    if not force.spans:
        return page.paint(_SPAN_MARK["not visible"] * width, "dim")
    start, end = force.spans[0].start, force.spans[-1].end
    found = []
    for cell in range(width):
        left = start + (end - start) * cell // width
        right = start + (end - start) * (cell + 1) // width
        states = {span.state for span in force.spans if span.start < max(right, left + 1) and span.end > left}
        found.append(next((state for state in _WORSE_FIRST if state in states), "not visible"))
    return "".join(page.paint(_SPAN_MARK[state], _SPAN_STYLE[state]) for state in found)


def _deviations(page: Page, audit: Audit) -> None:
    if not audit.deviations:
        return
    noted = sum(each.answer is not None for each in audit.deviations)
    aside = f"{many(len(audit.deviations), 'deviation')} · {number(noted)} answered by management"
    page.head("Deviations", aside)
    for each in audit.deviations[:_TOP_DEVIATIONS]:
        first = f"{page.paint('✗', 'bad')} {page.paint(fit(each.control, 12), 'bold')} "
        because = ", ".join(f"{name} {_value(value)}" for name, value in each.because.items())
        text = f"{shown(each.item, 60)}{': ' + shown(because, 200) if because else ''}"
        if each.waiver is not None:
            text += f" (waived by {shown(each.waiver.granted_by, 40)}: {shown(each.waiver.reason, 80)})"
        page.extend(wrap(text, page.width, first=first, rest="    "))
    _more(page, len(audit.deviations) - _TOP_DEVIATIONS, "deviation")


def _value(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, list | tuple):
        return " ".join(str(one) for one in value) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _missing(page: Page, audit: Audit) -> None:
    missing = [result for result in audit.results if result.conclusion is Conclusion.EVIDENCE_MISSING]
    if not missing:
        return
    page.head("Evidence missing", many(len(missing), "control"))
    for result in missing[:_TOP_MISSING]:
        first = f"{page.paint('?', 'warn')} {page.paint(fit(result.control, 12), 'bold')} "
        page.extend(wrap(_why(result), page.width, first=first, rest="    "))
    page.extend(
        wrap(
            "`asbuilt controls ID` says what opens each of them.",
            page.width,
            first=f"  {page.paint('→', 'good')} ",
            rest="    ",
        )
    )


def _why(result: Result) -> str:
    if result.failure:
        return f"The test itself failed: {shown(result.failure, 200)}."
    return shown(result.reason, 300) or "It could not be told."


def _aside(page: Page, audit: Audit) -> None:
    """What is not tested, and who decided it."""
    apart = [result for result in audit.results if result.conclusion is Conclusion.NOT_APPLICABLE]
    if not apart and not audit.retired:
        return
    page.head("Not tested", many(len(apart) + len(audit.retired), "control"))
    for result in apart:
        page.extend(wrap(shown(result.reason, 300), page.width, first=f"– {fit(result.control, 12)} ", rest="    "))
    for each in audit.retired:
        text = f"retired on {shown(each.on, 20)} by {shown(each.by, 60)}: {shown(each.reason, 200)}"
        page.extend(wrap(text, page.width, first=f"– {fit(each.control, 12)} ", rest="    "))


def _gaps(page: Page, audit: Audit) -> None:
    if not audit.gaps:
        return
    page.head("What could not be seen", many(len(audit.gaps), "gap"))
    for gap in audit.gaps[:_TOP_GAPS]:
        first = f"{page.paint('?', 'warn')} {page.paint(shown(gap.code, 40), 'bold')} "
        page.extend(
            wrap(" ".join(filter(None, (shown(gap.what), shown(gap.why)))), page.width, first=first, rest="    ")
        )
        if gap.remedy:
            page.extend(wrap(shown(gap.remedy), page.width, first=f"    {page.paint('→', 'good')} ", rest="      "))
    _more(page, len(audit.gaps) - _TOP_GAPS, "gap")


def _more(page: Page, left: int, noun: str) -> None:
    if left > 0:
        page.add(page.paint(f"  and {many(left, 'more ' + noun)}; the JSON report lists all", "dim"))


def _verdict(page: Page, audit: Audit) -> None:
    page.add()
    page.add(page.paint("━" * page.width, "dim"))
    style = "bad-bold" if audit.deviations else "warn-bold" if _open(audit.results) else "good-bold"
    for label, text, painted in (("Verdict", audit.verdict, style), ("Next", audit.next_step, "bold")):
        first = f"{page.paint(pad(label, 7), painted)}  "
        page.extend(advice(text, page.width, first=first, rest=" " * 9))


def _open(results: Sequence[Result]) -> bool:
    return any(result.conclusion is Conclusion.EVIDENCE_MISSING for result in results)
