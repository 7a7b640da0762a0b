"""Approval rules that were met when a request was merged, and those that were gone around."""

from typing import Any

import pytest

from tests.facts.forge.gitlab.payloads import LANDED, note, request_answers
from tests.facts.forge.gitlab.projected import project_request, rows


def suites(rules: Any, **changed: Any) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    answers = request_answers()
    answers["approval_state"] = {"approval_rules_overwritten": False, "rules": rules}
    answers["merge_request"] |= changed
    found = project_request(answers)
    return rows(found, "rule_suites"), found.refused


@pytest.mark.parametrize(
    ("met", "result"), [([], "pass"), ([True, True], "pass"), ([True, False], "bypass"), ([None, False], "bypass")]
)
def test_a_rule_that_was_not_met_was_gone_around(met: list[bool | None], result: str) -> None:
    (found,), _ = suites([{"id": 1, "name": "All", "approvals_required": 1, "approved": each} for each in met])
    assert found == {
        "repository": "a/b",
        "suite_id": "approvals-17",
        "evaluated_at": "2026-01-10T10:40:00Z",
        "result": result,
        "branch": "main",
        "actor": "ben",
        "after_commit": LANDED,
    }


@pytest.mark.parametrize("rules", [None, {}, [{"id": 1}], [True]])
def test_what_cannot_be_read_is_neither(rules: object) -> None:
    found, refused = suites(rules)
    assert found == []
    assert refused == ("merge_request 17: whether the approval rules of request 17 were met cannot be read.",)


def test_of_one_that_is_open_nothing_is_said() -> None:
    assert suites([{"approved": False}], state="opened", merged_at=None) == ([], ())
    assert rows(project_request(request_answers()), "rule_suites") == []


def test_where_somebody_approved_it_later_nobody_knows_how_it_stood() -> None:
    answers = request_answers()
    answers["approval_state"] = {"rules": [{"approved": True}]}
    assert len(rows(project_request(answers), "rule_suites")) == 1
    answers["notes"].append(note(950, "cleo", "approved this merge request", 55))
    assert rows(project_request(answers), "rule_suites") == []
    del answers["notes"]
    assert rows(project_request(answers), "rule_suites") == []
