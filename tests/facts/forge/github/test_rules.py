"""Pages about rules: each tells of one source of rules, and no more than it was told."""

import json

import pytest

from tests.facts.forge.github.payloads import HEAD, Json, project, rows

PROTECTION: Json = {
    "url": "https://api.github.com/repos/acme/shop/branches/main/protection",
    "required_status_checks": {"strict": True, "contexts": ["test"], "checks": [{"context": "test", "app_id": 1}]},
    "required_pull_request_reviews": {
        "dismiss_stale_reviews": True,
        "require_code_owner_reviews": False,
        "required_approving_review_count": 2,
    },
    "enforce_admins": {"enabled": True},
    "allow_force_pushes": {"enabled": False},
    "allow_deletions": {"enabled": False},
}
PULLS: Json = {
    "type": "pull_request",
    "parameters": {
        "required_approving_review_count": 1,
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": True,
    },
}
RULESET: Json = {
    "id": 42,
    "name": "main",
    "target": "branch",
    "source_type": "Organization",
    "source": "acme",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
    "rules": [PULLS, {"type": "deletion"}, {"type": "non_fast_forward"}],
    "bypass_actors": [{"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}],
    "updated_at": "2026-03-01T10:00:00.000Z",
}


def in_force(*rules: Json) -> list[Json]:
    return [
        rule | {"ruleset_id": 42, "ruleset_source": "acme", "ruleset_source_type": "Organization"} for rule in rules
    ]


def test_a_protection() -> None:
    (row,) = rows("branch/protection", PROTECTION, "branch_rule_parts", "main")
    assert row == {
        "repository": "acme/shop",
        "branch": "main",
        "rule": "protection",
        "in_force": True,
        "requires_pull_request": True,
        "required_approvals": 2,
        "required_checks": ["test"],
        "dismisses_stale_approvals": True,
        "requires_owner_approval": False,
        "allows_force_push": False,
        "allows_deletion": False,
        "binds_administrators": True,
        "bypass_actors": [],
    }


def test_a_branch_without_protection_is_known_to_have_none() -> None:
    (row,) = rows(
        "branch/protection", {"message": "Branch not protected", "status": "404"}, "branch_rule_parts", "main"
    )
    assert (row["in_force"], row["requires_pull_request"], row["allows_force_push"]) == (False, False, True)


@pytest.mark.parametrize("document", [{"message": "Not Found"}, {}, [], None, 3, {"message": 7}])
def test_what_is_no_protection_tells_nothing(document: object) -> None:
    found = project("branch/protection", document, "main")
    assert found.rows == ()
    assert len(found.refused) == 1


def test_rules_in_force_name_their_sets() -> None:
    found = rows("branch/rules", in_force(PULLS, {"type": "deletion"}), "branch_rule_parts", "main | 1")
    assert [(row["rule"], row["in_force"], row.get("rulesets")) for row in found] == [
        ("rulesets", True, ["42"]),
        ("ruleset 42", True, None),
    ]
    assert (found[1]["required_approvals"], found[1]["allows_deletion"], found[1]["allows_force_push"]) == (
        1,
        False,
        True,
    )
    assert "bypass_actors" not in found[1]  # this page never tells them


def test_no_rules_in_force_is_told_too() -> None:
    (row,) = rows("branch/rules", [], "branch_rule_parts", "main | 1")
    assert (row["in_force"], row["rulesets"]) == (False, [])


def test_a_full_page_is_not_taken_for_all() -> None:
    many = in_force(*([{"type": "update"}] * 100))
    found = rows("branch/rules", many, "branch_rule_parts", "main | 1")
    assert [sorted(row) for row in found] == [["branch", "in_force", "repository", "rule"]] * 2
    assert "more than 100" in project("branch/rules", many, "main | 2").refused[0]


def test_a_rule_without_a_set_leaves_the_list_open() -> None:
    found = project("branch/rules", [{"type": "deletion"}], "main | 1")
    assert len(found.refused) == 1
    assert "rulesets" not in found.rows[0].told


def test_a_rule_set_holds_since_it_was_edited_until_it_was_read() -> None:
    (row,) = rows("ruleset", RULESET, "rule_sets", "42")
    assert row["held_from"] == "2026-03-01T10:00:00Z"
    assert row["held_until"] == "2027-01-15T08:00:00Z"
    assert (row["in_force"], row["set_by"], row["bypass_actors"]) == (True, "acme", ["role admin"])


def test_hidden_bypass_and_odd_times_are_unknown() -> None:
    hidden = {name: value for name, value in RULESET.items() if name != "bypass_actors"} | {
        "updated_at": "2999-01-01T00:00:00Z"
    }
    (row,) = rows("ruleset", hidden, "rule_sets", "42")
    assert not row.keys() & {"bypass_actors", "held_from", "held_until"}


def test_a_rule_set_that_is_off_or_on_trial_is_not_in_force() -> None:
    for word in ("disabled", "evaluate"):
        assert rows("ruleset", RULESET | {"enforcement": word}, "rule_sets", "42")[0]["in_force"] is False
    assert "in_force" not in rows("ruleset", RULESET | {"enforcement": 1}, "rule_sets", "42")[0]


def test_rules_for_tags_are_left_out() -> None:
    assert project("ruleset", RULESET | {"target": "tag"}, "42") == ((), ())


def test_a_version_is_an_event_with_what_it_asked() -> None:
    told = {
        "version_id": 7,
        "actor": {"id": 1, "type": "User"},
        "updated_at": "2026-02-01T00:00:00Z",
        "state": RULESET,
    }
    (row,) = rows("ruleset/version", told, "rule_events", "42 | 7")
    assert (row["event_id"], row["kind"], row["rule"]) == ("ruleset 42 version 7", "version", "ruleset 42 main")
    detail = json.loads(row["detail"])
    assert (detail["in_force"], detail["required_approvals"], detail["bypass_actors"]) == (True, 1, ["role admin"])


def test_rule_suites() -> None:
    suite = {
        "id": 21, "actor_name": "ana", "ref": "refs/heads/main", "result": "bypass",
        "pushed_at": "2026-03-02T00:00:00Z", "before_sha": "0" * 40, "after_sha": HEAD,
    }  # fmt: skip
    told = [suite, suite | {"id": 22, "ref": "refs/tags/v1"}]
    assert rows("rule-suites", told, "rule_suites", "1") == [
        {
            "repository": "acme/shop",
            "suite_id": "21",
            "evaluated_at": "2026-03-02T00:00:00Z",
            "result": "bypass",
            "branch": "main",
            "actor": "ana",
            "after_commit": HEAD,
        }
    ]
    assert "result" in project("rule-suites", [suite | {"result": "odd"}], "1").refused[0]


@pytest.mark.parametrize("name", ["branch/rules", "rule-suites", "ruleset", "ruleset/version"])
@pytest.mark.parametrize("document", [None, 1, "x", {}, [None], [[]], {"rules": 3, "state": 4}])
def test_hostile_pages_make_no_claim(name: str, document: object) -> None:
    for row in project(name, document, "main | 1").rows:
        assert row.told.get("in_force") is not True
