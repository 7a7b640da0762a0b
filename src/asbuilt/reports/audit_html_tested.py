"""The audit report's tested parts: controls with their tests, parity, time in force, and cadences."""

from collections.abc import Mapping

from asbuilt.model.audit import Audit
from asbuilt.model.result import Conclusion, Outcome, Result, Span, TimeInForce
from asbuilt.reports import pictures
from asbuilt.reports.audit_words import CONCLUSIONS, in_force_share, instant, test_result
from asbuilt.reports.markup import Safe, element, escape, folded, join, prose, table
from asbuilt.reports.words import AUTHORSHIPS, OUTCOMES, day, many, number, share

_MOST_VERDICTS, _MOST_OCCURRENCES, _MOST_SPANS = 20, 200, 60
_SPAN_FILL = {"on": "proved", "off": "contradicted", "not visible": "grade-unknown"}
_SPAN_NAME = {"on": "proved on", "off": "proved off", "not visible": "not visible"}
_CONCLUSION_CLASS = {
    Conclusion.EFFECTIVE: "o-met",
    Conclusion.NOT_EFFECTIVE: "o-deviation",
    Conclusion.WITH_DEVIATIONS: "o-unknown",
    Conclusion.EVIDENCE_MISSING: "o-unknown",
}


def standing_class(standing: str) -> str:
    """The style of a criterion's standing."""
    if standing in {"not supported", "no control"}:
        return "o-deviation"
    return "o-met" if standing == "supported" else "o-unknown"


def link(control: str) -> Safe:
    """A control's id that leads to its test."""
    return element("a", escape(control, 20), href=f"#c-{control}")


def controls(audit: Audit) -> Safe:
    """Every control with its counts, and folded below, how each was tested."""
    rows = [
        (
            _conclusion(result),
            join(element("strong", link(result.control), class_="id"), " ", escape(result.title, 200)),
            number(result.count),
            *(number(result.counts.get(key, 0)) for key in OUTCOMES),
            escape(", ".join(result.criteria), 80),
        )
        for result in audit.results
    ]
    heads = ("Conclusion", "Control", "Items", *(kind.name for kind in OUTCOMES.values()), "Criteria")
    return join(table("Controls", heads, "dhrrrrd", rows), [_control(audit, result) for result in audit.results])


def _conclusion(result: Result) -> Safe:
    kind = CONCLUSIONS[result.conclusion]
    return element("span", f"{kind.mark} {kind.name}", class_=_CONCLUSION_CLASS.get(result.conclusion, "o-none"))


def _control(audit: Audit, result: Result) -> Safe:
    texts = audit.texts.get(result.control, {})
    settings = ", ".join(f"{name} = {value!r}" for name, value in sorted(result.settings.items()))
    return element(
        "details",
        element("summary", f"{result.control}: {result.title[:200]}"),
        element("p", prose(str(texts.get("what", "")), 1200)),
        element("p", element("strong", "Why. "), prose(str(texts.get("why", "")), 1200)),
        element("p", element("strong", "Blind spot. "), prose(str(texts.get("blind_spot", "")), 1200)),
        element("p", element("strong", "Test. "), escape(test_result(result), 600)),
        element("p", element("strong", "Settings. "), escape(settings, 600)) if settings else None,
        element("p", f"The test failed to run: {result.failure}") if result.failure is not None else None,
        _coverage(result),
        _split(result),
        _verdicts(result),
        element("h4", "The query, to run again"),
        element("pre", element("code", escape(result.query, 4000)), tabindex=0),
        element(
            "p",
            "Digest of the verdicts ",
            element("code", result.digest),
            ", of the population ",
            element("code", result.population_digest or "–"),
            class_="note",
        ),
        id=f"c-{result.control}",
    )


def _coverage(result: Result) -> Safe | None:
    coverage = result.coverage
    if coverage is None:
        return None
    said = (
        f"The population ({result.population}) is complete: its extracts cover the whole window."
        if coverage.complete
        else f"The population ({result.population}) is not known to be complete: {coverage.why}"
    )
    if coverage.corroborated is not None:
        said += " A second source agrees." if coverage.corroborated else " A second source does not agree."
    return element("p", element("strong", "Completeness. "), escape(said, 600))


def _split(result: Result) -> Safe | None:
    if not result.split:
        return None
    return join(
        element("h4", "By attribution"),
        table(
            f"{result.control} by attribution",
            ("Attribution", *(kind.name for kind in OUTCOMES.values())),
            "hrrr",
            [
                (
                    AUTHORSHIPS[key].name if key in AUTHORSHIPS else key,
                    *(number(counts.get(each, 0)) for each in OUTCOMES),
                )
                for key, counts in sorted(result.split.items())
            ],
        ),
    )


def _verdicts(result: Result) -> Safe | None:
    if not result.verdicts:
        return None
    total = result.counts.get(Outcome.DEVIATION, 0) + result.counts.get(Outcome.UNKNOWN, 0)
    shown = result.verdicts[:_MOST_VERDICTS]
    return join(
        element("h4", f"Not met: the first {number(len(shown))} of {number(total)}"),
        table(
            f"{result.control} not met",
            ("Item", "Verdict", "Because"),
            "hdl",
            [
                (
                    element("code", escape(verdict.item, 80)),
                    f"{OUTCOMES[verdict.outcome].mark} {OUTCOMES[verdict.outcome].name}",
                    escape(", ".join(f"{name} = {value}" for name, value in sorted(verdict.because.items())), 300),
                )
                for verdict in shown
            ],
        ),
    )


def parity(audit: Audit) -> Safe | None:
    """The share of items met, by who wrote: authorship cannot be proved, sameness of treatment can."""
    if not audit.parity:
        return None
    classes = [key for key in AUTHORSHIPS if any(key in split for split in audit.parity.values())]
    rows = [
        (join(link(control)), *(_met_share(split.get(key, {})) for key in classes))
        for control, split in sorted(audit.parity.items())
    ]
    return join(
        element(
            "p",
            "Who wrote a line cannot be proved; that all code met the same controls can. "
            "Each cell is the share of items met, of all items of that class.",
        ),
        table("Parity", ("Control", *(AUTHORSHIPS[key].name for key in classes)), "h" + "r" * len(classes), rows),
    )


def mending(audit: Audit) -> Safe | None:
    """How long findings stayed open, by who wrote what they are about."""
    if not audit.mending:
        return None
    rows = [
        (
            AUTHORSHIPS[own.attribution].name if own.attribution in AUTHORSHIPS else own.attribution,
            own.about,
            *(number(count) for count in (own.findings, own.closed)),
            *("–" if days is None else f"{days:g}" for days in (own.median_days, own.longest_days)),
            number(own.open),
        )
        for own in audit.mending
    ]
    return join(
        element(
            "p",
            "Findings that were open at some time in the window: in code by who wrote the line, of packages by who "
            "brought the version. Days go from the first sight to the closing, of those that were closed in it; "
            "what was closed later was open at its end.",
        ),
        table(
            "Findings",
            ("Who wrote or brought it", "What", "Known", "Closed", "Median days", "Longest", "Open at the end"),
            "hlrrrrr",
            rows,
        ),
    )


def _met_share(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    return f"{share(counts.get(Outcome.MET, 0), total)} of {number(total)}" if total else "–"


def in_force(audit: Audit) -> Safe | None:
    """For each setting, the window as a strip: proved on, proved off, not visible; the spans in a table beside."""
    states = [result for result in audit.results if result.in_force is not None]
    if not states:
        return None
    legend = pictures.legend([(_SPAN_FILL[key], name) for key, name in _SPAN_NAME.items()])
    strips = [_strip(result, result.in_force) for result in states if result.in_force is not None]
    rows = [
        (join(link(result.control), " ", escape(result.title, 200)), *in_force_share(result)) for result in states
    ]
    data = table("Time in force", ("Control", "Proved on", "Proved off", "Not visible"), "hrrr", rows)
    return pictures.figure("The window from left to right, one strip a control", [legend, *strips], data)


def _strip(result: Result, force: TimeInForce) -> Safe:
    on, off, dark = in_force_share(result)
    spoken = f"{result.control}: proved on {on}, proved off {off}, not visible {dark}"
    parts = [(_SPAN_FILL[span.state], _told(span), span.end - span.start) for span in force.spans]
    listed = [f"{_SPAN_NAME[span.state]} from {instant(span.start)} to {instant(span.end)}" for span in force.spans]
    more = len(listed) - _MOST_SPANS
    return element(
        "div",
        element("p", element("strong", link(result.control)), f" {result.title[:200]}"),
        pictures.stacked(parts, spoken),
        folded(
            many(len(listed), "span"),
            element("ul", [element("li", each) for each in listed[:_MOST_SPANS]]),
            element("p", f"and {number(more)} more; the JSON report holds all", class_="note")
            if more > 0
            else None,
        ),
    )


def _told(span: Span) -> str:
    return f"{_SPAN_NAME[span.state]}, {instant(span.start)} to {instant(span.end)}, seconds"


def occurrences(audit: Audit) -> Safe | None:
    """Every cadence control with what was expected, when it came, and what did not."""
    found = [result for result in audit.results if result.occurrences]
    if not found:
        return None
    return join([_occurrences(result) for result in found])


def _occurrences(result: Result) -> Safe:
    counts: dict[str, int] = {}
    for each in result.occurrences:
        counts[each.standing] = counts.get(each.standing, 0) + 1
    tally = ", ".join(f"{number(count)} {standing}" for standing, count in sorted(counts.items()))
    late = [each for each in result.occurrences if each.standing != "on time"]
    shown = (late or list(result.occurrences))[:_MOST_OCCURRENCES]
    what = "Those not on time" if late else "All on time"
    return folded(
        f"{result.control}: {tally}",
        element("p", f"{what}: {number(len(shown))} of {number(len(late) or len(result.occurrences))}."),
        table(
            f"{result.control} occurrences",
            ("Subject", "From", "Due", "Came", "Standing"),
            "hdddd",
            [
                (
                    escape(each.subject or "the company", 80),
                    day(each.start),
                    day(each.due),
                    day(each.at),
                    each.standing,
                )
                for each in shown
            ],
        ),
    )
