"""Everything that a report can name is explained."""

import pytest

from asbuilt.app.exit_codes import MEANINGS
from asbuilt.app.explain import explain, explanations
from asbuilt.catalogue.codes import load_codes
from asbuilt.catalogue.controls import load_controls
from asbuilt.model.attribution import Authorship
from asbuilt.model.chain import Grade
from asbuilt.model.errors import UsageError
from asbuilt.model.result import Outcome


def test_every_control_code_class_grade_verdict_and_exit_code_is_explained() -> None:
    known = {each.code for each in explanations()}
    assert {control.id for control in load_controls()} <= known
    assert set(load_codes()) <= known
    assert {str(word) for kind in (Authorship, Grade, Outcome) for word in kind} <= known
    assert {f"exit-{code}" for code in MEANINGS} <= known


def test_every_explanation_says_something_and_no_code_is_there_twice() -> None:
    found = explanations()
    assert len({each.code for each in found}) == len(found)
    assert [each.code for each in found if not each.title or not all(text.strip() for _, text in each.parts)] == []


def test_a_control_is_explained_with_criteria_settings_and_expression() -> None:
    (found,) = explain("chg-01")
    parts = dict(found.parts)
    assert {"What", "Why", "Blind spot", "Expects", "Settings", "Remedy"} <= parts.keys()
    assert "required_approvals = 1" in parts["Settings"]
    assert dict(found.criteria)["CC8.1"]


@pytest.mark.parametrize(("typed", "code"), [("3", "exit-3"), (" Exit-3 ", "exit-3"), ("GAP-forge", "GAP-FORGE")])
def test_case_and_bare_exit_codes(typed: str, code: str) -> None:
    assert [each.code for each in explain(typed)] == [code]


def test_an_unknown_code_gets_the_nearest() -> None:
    with pytest.raises(UsageError) as failed:
        explain("GAP-FORG")
    assert failed.value.fix == "Did you mean 'GAP-FORGE'?"
    with pytest.raises(UsageError, match="Nothing is called 'zzzz'"):
        explain("zzzz")
