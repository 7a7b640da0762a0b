"""The report's judged parts: controls with how each was tested, findings, and what could not be seen."""

from asbuilt.model.inspection import Gap, Inspection
from asbuilt.model.result import Finding, Outcome, Result
from asbuilt.reports.markup import Safe, advice, element, escape, folded, join, table
from asbuilt.reports.words import AUTHORSHIPS, OUTCOMES, SEVERITIES, SEVERITY_ORDER, many, number, outcome_of, place

_MOST_FINDINGS, _MOST_GAPS, _MOST_VERDICTS = 200, 100, 20


def controls(inspection: Inspection) -> Safe:
    """Every control with its counts, and folded below, how each was tested."""
    if not inspection.results:
        return element("p", "No control was tested.")
    rows = [
        (
            _outcome(result),
            join(element("strong", escape(result.control, 20), class_="id"), " ", escape(result.title, 200)),
            *(number(result.counts.get(key, 0)) for key in OUTCOMES),
            escape(", ".join(result.criteria), 80),
        )
        for result in inspection.results
    ]
    words = [join(kind.mark, element("span", f" {kind.name}", class_="word")) for kind in OUTCOMES.values()]
    heads = ("", "Control and expectation", *words, "Criteria")
    return join(table("Controls", heads, "lhrrrd", rows), [_control(result) for result in inspection.results])


def _outcome(result: Result) -> Safe:
    worst = outcome_of(result)
    return element("span", OUTCOMES[worst].mark if worst else "–", class_=f"o-{worst or 'none'}")


def _control(result: Result) -> Safe:
    split = table(
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
    )
    deviations = [verdict for verdict in result.verdicts if verdict.outcome is Outcome.DEVIATION]
    listed = table(
        f"{result.control} deviations",
        ("Item", "Attribution", "Because"),
        "hll",
        [
            (
                element("code", escape(verdict.item, 60)),
                verdict.attribution,
                escape(", ".join(f"{name} = {value}" for name, value in sorted(verdict.because.items())), 300),
            )
            for verdict in deviations[:_MOST_VERDICTS]
        ],
    )
    failed = element("p", f"The test failed to run: {result.failure}") if result.failure is not None else None
    said = f"{result.conclusion}; {many(result.count, 'item')} of {result.population}"
    return folded(
        f"{result.control}: how it was tested",
        element("p", said),
        failed,
        element("h4", "The same control for all code, by attribution") if result.split else None,
        split if result.split else None,
        element("h4", _of("Deviations", len(deviations), result.counts.get(Outcome.DEVIATION, 0), _MOST_VERDICTS))
        if deviations
        else None,
        listed if deviations else None,
        element("h4", "The query, to run again"),
        element("pre", element("code", escape(result.query, 4000)), tabindex=0),
        element("p", "Digest of the verdicts ", element("code", result.digest), class_="note"),
    )


def _of(what: str, listed: int, total: int, most: int) -> str:
    shown = min(listed, most)
    return (
        f"{what}: {number(total)}"
        if shown >= total
        else f"{what}: {number(shown)} of {number(total)} (JSON holds all)"
    )


def findings(inspection: Inspection) -> Safe:
    """Every finding with where it is and what mends it, worst first."""
    found = sorted(inspection.findings, key=lambda finding: SEVERITY_ORDER.index(finding.severity))
    if not found:
        return element("p", "None.")
    more = len(found) - _MOST_FINDINGS
    return join(
        element(
            "ul",
            [_finding(finding, inspection.subject.name) for finding in found[:_MOST_FINDINGS]],
            class_="cards",
        ),
        element("p", f"{many(more, 'finding')} more: the JSON report holds all.", class_="note")
        if more > 0
        else None,
    )


def _finding(finding: Finding, name: str) -> Safe:
    kind = SEVERITIES[finding.severity]
    criteria = f" · {', '.join(finding.criteria)}" if finding.criteria else ""
    return element(
        "li",
        element("span", kind.mark, class_="mark", aria_hidden="true"),
        element(
            "div",
            element("p", element("strong", escape(finding.code, 40)), " ", escape(finding.message, 400)),
            element(
                "p",
                kind.name,
                " · ",
                element("code", escape(place(finding.path, finding.line, finding.commit, name), 200)),
                escape(criteria, 80),
                class_="note",
            ),
            element("p", "→ ", advice(finding.remedy, 400)) if finding.remedy else None,
        ),
        class_=f"f-{finding.severity}",
    )


def gaps(inspection: Inspection) -> Safe:
    """What could not be seen, why, and what would open it."""
    if not inspection.gaps:
        return element("p", "Nothing that this inspection knows of.")
    more = len(inspection.gaps) - _MOST_GAPS
    return join(
        element("ul", [_gap(gap) for gap in inspection.gaps[:_MOST_GAPS]], class_="cards"),
        element("p", f"{many(more, 'gap')} more: the JSON report holds all.", class_="note") if more > 0 else None,
    )


def _gap(gap: Gap) -> Safe:
    where = element("code", escape(gap.path, 200)) if gap.path else None
    return element(
        "li",
        element("span", "?", class_="mark", aria_hidden="true"),
        element(
            "div",
            element("p", element("strong", escape(gap.code, 40)), " ", where, " ", escape(gap.what, 400)),
            element("p", escape(gap.why, 400), class_="note"),
            element("p", "→ ", advice(gap.remedy, 400)) if gap.remedy else None,
        ),
        class_="f-unknown",
    )
