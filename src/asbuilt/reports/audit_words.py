"""The words, marks and order that every report of an audit uses."""

from collections.abc import Mapping, Sequence

from asbuilt.model.audit import Audit
from asbuilt.model.commit import moment
from asbuilt.model.result import Conclusion, Outcome, Result
from asbuilt.reports.words import Kind, day, many, number, share

CONCLUSIONS: Mapping[str, Kind] = {
    Conclusion.NOT_EFFECTIVE: Kind("not effective", "✗", "too many of its items deviate"),
    Conclusion.WITH_DEVIATIONS: Kind("effective, deviations", "◐", "it worked, and not every time"),
    Conclusion.EVIDENCE_MISSING: Kind("evidence missing", "?", "too little could be seen, which is not a pass"),
    Conclusion.NO_OCCURRENCE: Kind("no occurrence", "○", "nothing happened in the window; a second source agrees"),
    Conclusion.EFFECTIVE: Kind("effective", "●", "every item was as expected"),
    Conclusion.NOT_APPLICABLE: Kind("not applicable", "–", "a person declared so, with a reason"),
}
STANDINGS: Mapping[str, Kind] = {
    "not supported": Kind("not supported", "✗", "a control behind it is not effective"),
    "supported with deviations": Kind("with deviations", "◐", "every control behind it worked, not every time"),
    "evidence missing": Kind("evidence missing", "?", "for a control behind it too little could be seen"),
    "no control": Kind("no control", "∅", "no control in use stands behind it"),
    "supported": Kind("supported", "●", "every control behind it worked or had no occasion"),
}
CATEGORIES: Mapping[str, str] = {
    "security": "Security",
    "availability": "Availability",
    "processing_integrity": "Processing integrity",
    "confidentiality": "Confidentiality",
    "privacy": "Privacy",
}
CONCLUSION_STYLE: Mapping[str, str] = {
    Conclusion.NOT_EFFECTIVE: "bad",
    Conclusion.WITH_DEVIATIONS: "warn",
    Conclusion.EVIDENCE_MISSING: "warn",
    Conclusion.NO_OCCURRENCE: "dim",
    Conclusion.EFFECTIVE: "good",
    Conclusion.NOT_APPLICABLE: "dim",
}
STANDING_STYLE: Mapping[str, str] = {
    "not supported": "bad",
    "supported with deviations": "warn",
    "evidence missing": "warn",
    "no control": "bad",
    "supported": "good",
}


def period(audit: Audit) -> str:
    """``Type II, 2026-01-01 to 2026-06-30 (181 days)`` or ``Type I, on 2026-06-30``; days are UTC."""
    if audit.type == 1:
        return f"Type I, on {day(audit.as_of)}"
    start, end = audit.window.start, audit.window.end
    if start is None or end is None:
        return "Type II, an open window"
    days = (end - start) // 86_400
    return f"Type II, {day(start)} to {day(end - 1)} ({many(days, 'day')})"


def instant(seconds: int | None) -> str:
    """A moment to the second, UTC, or a dash."""
    return "–" if seconds is None else moment(seconds).strftime("%Y-%m-%d %H:%M:%SZ")


def by_conclusion(results: Sequence[Result]) -> list[tuple[str, Kind, int]]:
    """Each conclusion with its number of results, worst first; those that no result has are left out."""
    counts = {key: sum(result.conclusion == key for result in results) for key in CONCLUSIONS}
    return [(key, kind, counts[key]) for key, kind in CONCLUSIONS.items() if counts[key]]


def test_result(result: Result) -> str:
    """The result of the test in the words of an auditor's table of tests."""
    if result.conclusion is Conclusion.NOT_APPLICABLE:
        return f"Not applicable. {result.reason}".strip()
    if not result.count:
        nothing = "No occurrences in the period."
        return f"{nothing} {result.reason}".strip() if result.reason else nothing
    deviations, unknown = (result.counts.get(own, 0) for own in (Outcome.DEVIATION, Outcome.UNKNOWN))
    said = []
    if deviations:
        said.append(f"Exceptions noted: {number(deviations)} of {number(result.count)}.")
    if unknown:
        said.append(f"Could not be told for {number(unknown)} of {number(result.count)}.")
    if not said:
        said.append(f"No exceptions noted in {many(result.count, 'item')}, all of them tested.")
    return " ".join([*said, result.reason] if result.reason else said)


def in_force_share(result: Result) -> tuple[str, str, str]:
    """The shares of the window that a state was proved on, proved off and not visible; dashes for other kinds."""
    force = result.in_force
    if force is None:
        return ("–", "–", "–")
    total = force.on + force.off + force.not_visible
    return (share(force.on, total), share(force.off, total), share(force.not_visible, total))
