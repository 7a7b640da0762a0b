"""What a branch asks."""

import pytest

from tests.facts.forge.gitlab.payloads import bind, rules_answers
from tests.facts.forge.gitlab.projected import project, rows


def rules(answers: dict[str, object]) -> dict[str, dict[str, object]]:
    return {each["branch"]: each for each in rows(project("rules", "", bind(answers)), "branch_rules")}


def test_all_that_main_asks() -> None:
    assert rules(rules_answers()) == {
        "main": {
            "repository": "a/b",
            "branch": "main",
            "requires_pull_request": True,
            "required_approvals": 2,
            "required_checks": ["pipeline"],
            "dismisses_stale_approvals": True,
            "requires_owner_approval": True,
            "allows_force_push": False,
            "allows_deletion": False,
            "binds_administrators": True,
            "bypass_actors": [],
        }
    }


def test_whoever_may_push_may_go_around() -> None:
    answers = rules_answers()
    answers["protected_branches"][0]["push_access_levels"] = [
        {"access_level": 40},
        {"access_level": 40, "deploy_key_id": 3},
    ]
    found = rules(answers)["main"]
    assert found["requires_pull_request"] is False
    assert found["bypass_actors"] == ["role Maintainer", "deploy key 3"]


def test_a_pattern_binds_and_the_most_permissive_holds() -> None:
    answers = rules_answers()
    answers["protected_branches"][1]["name"] = "ma*"
    found = rules(answers)["main"]
    assert (found["allows_force_push"], found["requires_pull_request"]) == (True, False)


def test_a_branch_that_nothing_protects_asks_nothing() -> None:
    answers = rules_answers()
    answers["protected_branches"] = []
    found = rules(answers)["main"]
    assert (found["allows_force_push"], found["requires_pull_request"]) == (True, False)


@pytest.mark.parametrize(
    ("lacking", "unknown"),
    [
        ("approval_rules", {"required_approvals"}),
        ("approval_settings", {"dismisses_stale_approvals", "binds_administrators", "bypass_actors"}),
        ("project", set()),
    ],
)
def test_what_was_not_shown_is_unknown(lacking: str, unknown: set[str]) -> None:
    answers = rules_answers()
    whole = rules(answers)["main"]
    del answers[lacking]
    found = rules(answers)["main"]
    assert unknown <= whole.keys() - found.keys()
    assert all(found[name] == whole[name] for name in found if name != "allows_deletion")


def test_without_protections_there_is_no_row() -> None:
    answers = rules_answers()
    del answers["protected_branches"]
    assert rules(answers) == {}
