"""What rules ask, in the columns of the tables; what cannot be read is unknown, never asked and never free."""

import pytest

from asbuilt.facts.forge.github.rule_values import NOTHING_ASKED, bypass_of, protection_values, ruleset_values


def test_no_rules_ask_nothing() -> None:
    assert ruleset_values([]) == dict(NOTHING_ASKED)


def test_rules_of_one_set_add_up() -> None:
    first = {"type": "pull_request", "parameters": {"required_approving_review_count": 1, "dismiss_stale_reviews_on_push": True, "require_code_owner_review": False}}  # fmt: skip
    second = {"type": "pull_request", "parameters": {"required_approving_review_count": 2, "dismiss_stale_reviews_on_push": False, "require_code_owner_review": False}}  # fmt: skip
    checks = {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "test"}]}}
    flows = {"type": "workflows", "parameters": {"workflows": [{"path": ".github/workflows/scan.yml"}]}}
    assert ruleset_values([first, second, checks, flows, {"type": "deletion"}]) == {
        "requires_pull_request": True,
        "required_approvals": 2,
        "required_checks": ["test", "workflow .github/workflows/scan.yml"],
        "dismisses_stale_approvals": True,
        "requires_owner_approval": False,
        "allows_force_push": True,
        "allows_deletion": False,
    }


@pytest.mark.parametrize("parameters", [None, {}, {"required_approving_review_count": "1"}, [], 7])
def test_a_rule_for_requests_without_a_number_asks_for_an_unknown_one(parameters: object) -> None:
    found = ruleset_values([{"type": "pull_request", "parameters": parameters}])
    assert (found["requires_pull_request"], found["required_approvals"]) == (True, None)
    assert found["dismisses_stale_approvals"] is None


@pytest.mark.parametrize("checks", [None, "test", [{"context": 1}], [None]])
def test_checks_that_cannot_be_read_are_unknown_not_none(checks: object) -> None:
    rule = {"type": "required_status_checks", "parameters": {"required_status_checks": checks}}
    assert ruleset_values([rule])["required_checks"] is None


@pytest.mark.parametrize("rule", [None, 1, "x", [], {"type": 3}, {"type": "future"}])
def test_a_rule_of_another_kind_asks_nothing_that_we_know(rule: object) -> None:
    assert ruleset_values([rule]) == dict(NOTHING_ASKED)


def test_who_may_go_around() -> None:
    told = [
        {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"},
        {"actor_id": None, "actor_type": "OrganizationAdmin", "bypass_mode": "pull_request"},
        {"actor_id": 9, "actor_type": "Integration", "bypass_mode": "exempt"},
        {"actor_id": 3, "actor_type": "Team"},
        {"actor_id": None, "actor_type": "DeployKey"},
        {},
    ]
    assert bypass_of(told) == [
        "role admin", "organisation owners (in pull requests)", "app 9", "team 3", "deploy keys", "actor ?",
    ]  # fmt: skip
    assert bypass_of(None) is None
    assert bypass_of([]) == []


def test_a_protection_without_words_for_pushes_leaves_them_unknown() -> None:
    found = protection_values({"required_pull_request_reviews": {}})
    assert (found["requires_pull_request"], found["required_approvals"]) == (True, None)
    assert (found["allows_force_push"], found["binds_administrators"]) == (None, None)
    assert found["required_checks"] == []


def test_those_whom_a_protection_lets_through() -> None:
    allowed = {"users": [{"login": "ana", "type": "User"}], "teams": [{"slug": "core"}], "apps": [{"slug": "bot"}]}
    found = protection_values({"required_pull_request_reviews": {"bypass_pull_request_allowances": allowed}})
    assert found["bypass_actors"] == ["ana", "team core", "app bot"]
