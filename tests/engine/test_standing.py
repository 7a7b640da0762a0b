"""What stands behind each criterion, by hand."""

from typing import Any

import pytest

from asbuilt.catalogue.controls import load_controls
from asbuilt.catalogue.criteria import CATEGORIES, load_criteria
from asbuilt.engine.standing import controls_in_scope, register_of, standings, verdict_of_audit
from asbuilt.model.result import Conclusion, Outcome, Result, Verdict, Waiver

CRITERIA = load_criteria()


def result(control: str, conclusion: Conclusion, *criteria: str, **more: Any) -> Result:
    counts = {"met": 1, "deviation": 0, "unknown": 0}
    fields: dict[str, Any] = {
        "control": control,
        "title": "A title",
        "criteria": criteria,
        "population": "changes",
        "count": 1,
        "counts": counts,
        "split": {},
        "verdicts": (),
        "conclusion": conclusion,
        "query": "",
        "digest": "",
    }
    return Result(**{**fields, **more})


def standing(*results: Result) -> dict[str, str]:
    return {each.id: each.standing for each in standings(results, CRITERIA, CATEGORIES)}


def test_every_criterion_of_the_categories_is_there_in_order() -> None:
    assert [each.id for each in standings([], CRITERIA, CATEGORIES)] == list(CRITERIA)
    assert len(CRITERIA) == 61
    alone = standings([], CRITERIA, ["security"])
    assert len(alone) == 33
    assert {each.standing for each in alone} == {"no control"}


@pytest.mark.parametrize(
    ("conclusions", "expected"),
    [
        ([Conclusion.EFFECTIVE], "supported"),
        ([Conclusion.NO_OCCURRENCE], "supported"),
        ([Conclusion.EFFECTIVE, Conclusion.WITH_DEVIATIONS], "supported with deviations"),
        ([Conclusion.WITH_DEVIATIONS, Conclusion.EVIDENCE_MISSING], "evidence missing"),
        ([Conclusion.EVIDENCE_MISSING, Conclusion.NOT_EFFECTIVE, Conclusion.EFFECTIVE], "not supported"),
        ([Conclusion.NOT_APPLICABLE], "no control"),
        ([Conclusion.NOT_APPLICABLE, Conclusion.EFFECTIVE], "supported"),
    ],
)
def test_the_worst_control_decides(conclusions: list[Conclusion], expected: str) -> None:
    results = [result(f"X-{number:02}", own, "CC8.1") for number, own in enumerate(conclusions)]
    assert standing(*results)["CC8.1"] == expected
    assert standing(*results)["CC7.1"] == "no control"


def test_a_control_is_in_scope_with_any_of_its_criteria() -> None:
    chosen = controls_in_scope(load_controls(), CRITERIA, ["privacy"])
    assert all(any(CRITERIA[own].category == "privacy" for own in each.criteria) for each in chosen)
    assert len(controls_in_scope(load_controls(), CRITERIA, CATEGORIES)) == len(load_controls())


def test_the_register_holds_every_deviation_with_its_newest_note_and_waiver() -> None:
    verdicts = (
        Verdict("a", Outcome.DEVIATION, "unknown", {"n": 1}),
        Verdict("b", Outcome.DEVIATION, "unknown", {}),
        Verdict("c", Outcome.UNKNOWN, "unknown", {}),
    )
    waiver = Waiver("X-01", "b", "Ana", "a reason", 1, 2)
    notes: list[dict[str, Any]] = [
        {"control": "X-01", "item": "a", "noted_at": 2, "cause": "new", "isolated": True},
        {"control": "X-01", "item": "a", "noted_at": 1, "cause": "old"},
        {"control": "X-02", "item": "b", "noted_at": 1, "cause": "of another control"},
    ]
    own = result("X-01", Conclusion.NOT_EFFECTIVE, "CC8.1", verdicts=verdicts, waivers=(waiver,))
    first, second = register_of([own], notes, {("X-01", "a"): "2026-01-01"})
    assert (first.item, first.cause, first.isolated, first.at, first.waiver) == (
        "a",
        "new",
        True,
        "2026-01-01",
        None,
    )
    assert (second.item, second.cause, second.at, second.waiver) == ("b", None, None, waiver)


@pytest.mark.parametrize(
    ("conclusions", "verdict", "following"),
    [
        ([Conclusion.EFFECTIVE], "1 of 33 criteria are supported", "--package"),
        ([Conclusion.WITH_DEVIATIONS], "1 control with deviations", "Answer every deviation"),
        ([Conclusion.EVIDENCE_MISSING], "1 control with evidence missing", "Bring the evidence for X-00"),
        ([Conclusion.EVIDENCE_MISSING] * 3, "3 controls with evidence missing", "then for 2 more"),
        ([Conclusion.NOT_EFFECTIVE, Conclusion.EVIDENCE_MISSING], "1 control not effective", "Mend X-00"),
    ],
)
def test_the_verdict_names_the_worst_first(conclusions: list[Conclusion], verdict: str, following: str) -> None:
    results = [result(f"X-{number:02}", own, "CC8.1") for number, own in enumerate(conclusions)]
    criteria = standings(results, CRITERIA, ["security"])
    said, then = verdict_of_audit(results, criteria, 0, type_=2)
    assert verdict in said
    assert following in then
