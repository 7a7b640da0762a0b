"""What webhooks tell, in the words of the pages."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.forge import project_page
from asbuilt.facts.forge.github.webhooks import PAGES, subject_of, told_at

SENDER = {"login": "ana", "type": "User"}
A, B, NONE = "a" * 40, "b" * 40, "0" * 40


def told(event: str, **body: Any) -> list[tuple[str, dict[str, Any]]]:
    document = {"repository": {"full_name": "o/n", "pushed_at": 1_772_323_200}, "sender": SENDER, **body}
    found = project_page(
        "github",
        f"webhook/{event}",
        "d",
        json.dumps(document).encode(),
        repository="o/n",
        organization=None,
        observed=1_790_000_000,
    )
    assert found.refused == ()
    return [(row.table, row.told) for row in found.rows]


def test_a_push_to_a_request_is_an_event_of_it() -> None:
    pull = {
        "number": 7,
        "created_at": "2026-03-01T00:00:00Z",
        "updated_at": "2026-03-02T00:00:00Z",
        "state": "open",
        "merged": False,
        "user": SENDER,
    }
    (request, event) = told("pull_request", action="synchronize", pull_request=pull, before=A, after=B)
    assert (request[0], event[0]) == ("requests", "request_events")
    assert event[1]["kind"] == "pushed"
    assert (event[1]["before_commit"], event[1]["after_commit"], event[1]["number"]) == (A, B, 7)
    assert [table for table, _ in told("pull_request", action="opened", pull_request=pull)] == ["requests"]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({}, "push"),
        ({"forced": True}, "force-push"),
        ({"before": NONE, "created": True}, "branch-created"),
        ({"after": NONE, "deleted": True}, "branch-deleted"),
    ],
)
def test_pushes(changed: dict[str, Any], kind: str) -> None:
    ((table, row),) = told("push", **{"ref": "refs/heads/main", "before": A, "after": B, **changed})
    assert (table, row["kind"], row["branch"], row["actor"]) == ("pushes", kind, "main", "ana")
    assert row["pushed_at"] == "2026-03-01T00:00:00Z"


def test_tags_are_no_branches() -> None:
    assert told("push", ref="refs/tags/v1", before=A, after=B) == []


@pytest.mark.parametrize(("action", "kind", "weakens"), [("edited", "updated", None), ("deleted", "deleted", True)])
def test_rules(action: str, kind: str, weakens: bool | None) -> None:
    rule = {"name": "main", "updated_at": "2026-03-01T00:00:00Z"}
    changes = {"admin_enforced": {"from": True}}
    ((table, row),) = told("branch_protection_rule", action=action, rule=rule, changes=changes)
    assert (table, row["kind"], row.get("weakens"), row["branch"]) == ("rule_events", kind, weakens, "main")
    assert json.loads(row["detail"]) == changes
    ruleset = {"id": 9, "name": "all", "updated_at": "2026-03-01T00:00:00Z"}
    ((_, row),) = told("repository_ruleset", action=action, repository_ruleset=ruleset)
    assert row["rule"] == "ruleset 9 all"


def test_only_a_deployment_that_succeeded_is_one() -> None:
    deployment = {"id": 3, "sha": A, "environment": "production", "creator": SENDER}
    for state, count in (("pending", 0), ("failure", 0), ("success", 1)):
        status = {"state": state, "created_at": "2026-03-01T00:00:00Z"}
        assert len(told("deployment_status", deployment=deployment, deployment_status=status)) == count


def test_when_it_was_so_is_the_newest_moment_that_is_named() -> None:
    assert told_at({"review": {"submitted_at": "2026-03-01T00:00:00Z"}, "pull_request": {"updated_at": "x"}}) == (
        "2026-03-01T00:00:00Z"
    )
    assert told_at({"zen": "x"}) is None
    assert told_at([1]) is None


def test_what_a_delivery_is_about() -> None:
    assert subject_of("pull_request_review", {"review": {"id": 5}}) == "review 5"
    assert subject_of("pull_request", {"pull_request": {"number": 7}}) == "request 7"
    assert subject_of("push", {"after": A}) == f"commit {A}"
    assert subject_of("check_run", {"check_run": {"id": 8}}) == "check 8"
    assert subject_of("watch", {}) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)
NAMES = st.sampled_from(
    [
        "pull_request",
        "review",
        "check_run",
        "rule",
        "repository_ruleset",
        "action",
        "ref",
        "before",
        "after",
        "sender",
    ]
)


@given(st.sampled_from(sorted(PAGES)), st.dictionaries(NAMES, json_values, max_size=6))
def test_no_json_crashes_it(name: str, body: dict[str, Any]) -> None:
    project_page(
        "github", name, "d", json.dumps(body).encode(), repository="o/n", organization=None, observed=1_790_000_000
    )
    told_at(body)
    subject_of(name.removeprefix("webhook/"), body)
