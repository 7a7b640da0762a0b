"""What deliveries tell, in the words of the pages."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.forge.gitlab.webhooks import (
    action_of,
    hook_moment,
    is_last_word,
    organization_of,
    repository_of,
    subject_of,
    told_at,
)
from tests.facts.forge.gitlab import hooks
from tests.facts.forge.gitlab.payloads import PAGES, A, B, bind, request_answers
from tests.facts.forge.gitlab.projected import project, rows

NONE = "0" * 40


def told(event: str, document: Any, table: str) -> list[dict[str, Any]]:
    found = project(f"webhook/{event}", "d", document)
    assert found.refused == ()
    return rows(found, table)


def read(name: str, table: str) -> list[dict[str, Any]]:
    """The same thing as a reading tells it."""
    key, document = PAGES[name]
    return rows(project(name, key, document), table)


def test_what_a_reading_tells_too_is_the_same_row() -> None:
    answers = request_answers()
    answers["notes"][0]["position"] = {"head_sha": A}
    whole = project("merge_request", "17", bind(answers))
    assert told("Note Hook", hooks.NOTE, "reviews")[0] in rows(whole, "reviews")
    assert told("Pipeline Hook", hooks.PIPELINE, "checks")[0] in rows(whole, "checks")
    assert told("Job Hook", hooks.JOB, "checks") == read("pipeline/jobs", "checks")
    assert told("Deployment Hook", hooks.DEPLOYMENT, "deployments") == read("deployments", "deployments")


def test_what_opened_a_request_tells_all_of_it_that_there_was() -> None:
    (found,) = told("Merge Request Hook", hooks.request("open"), "requests")
    assert found == {
        "repository": "a/b",
        "number": 17,
        "opened_at": "2026-01-10T10:00:00Z",
        "title": "Bring it",
        "author": "ana",
        "base_branch": "main",
        "head_branch": "work",
        "head_commit": B,
        "state": "open",
        "is_draft": False,
        "labels": ["backend"],
        "threads_resolved": True,
        "linked_issues": ["#3"],
    }
    assert told("Merge Request Hook", hooks.request("open", own=9), "requests") == []
    assert told("Merge Request Hook", hooks.request("merge", state="merged"), "requests") == []


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("approved", "approval-given"),
        ("approval", "approval-given"),
        ("unapproved", "approval-taken-back"),
        ("unapproval", "approval-taken-back"),
    ],
)
def test_an_approval_is_an_event_with_the_head_that_stood(action: str, kind: str) -> None:
    (found,) = told("Merge Request Hook", hooks.request(action, who="ben"), "request_events")
    assert (found["kind"], found["actor"], found["after_commit"]) == (kind, "ben", B)
    assert found["happened_at"] == "2026-01-10T10:20:00Z"
    assert told("Merge Request Hook", hooks.request(action, who="ben"), "reviews") == []


def test_what_gitlab_takes_away_itself_is_nobodys_withdrawal() -> None:
    pushed = hooks.request("unapproved", oldrev=A, system=True, system_action="approvals_reset_on_push")
    assert [each["kind"] for each in told("Merge Request Hook", pushed, "request_events")] == ["pushed"]


def test_a_push_to_a_request_is_an_event_of_it() -> None:
    (found,) = told("Merge Request Hook", hooks.request("update", oldrev=A), "request_events")
    assert (found["event_id"], found["kind"]) == (f"pushed-17-{B}", "pushed")
    assert (found["before_commit"], found["after_commit"], found["actor"]) == (A, B, "ana")


@pytest.mark.parametrize(
    ("changed", "kind"),
    [({}, "push"), ({"before": NONE}, "branch-created"), ({"after": NONE}, "branch-deleted")],
)
def test_pushes(changed: dict[str, Any], kind: str) -> None:
    (found,) = told("Push Hook", hooks.PUSH | changed, "pushes")
    assert (found["kind"], found["branch"], found["actor"]) == (kind, "work", "ana")
    assert told("Push Hook", hooks.PUSH | {"ref": "refs/tags/v1"}, "pushes") == []


def test_a_comment_that_another_changed_or_that_is_on_something_else_is_no_row() -> None:
    for changed in ({"author_id": 6}, {"noteable_type": "Issue"}, {"system": True}):
        document = hooks.NOTE | {"object_attributes": hooks.NOTE["object_attributes"] | changed}
        assert told("Note Hook", document, "reviews") == []


@pytest.mark.parametrize("status", ["running", "failed", "canceled"])
def test_only_a_deployment_that_succeeded_is_one(status: str) -> None:
    assert told("Deployment Hook", hooks.DEPLOYMENT | {"status": status}, "deployments") == []


def test_a_job_on_the_result_of_a_merge_counts_for_the_head_where_gitlab_alone_may_write() -> None:
    result: dict[str, Any] = {
        "ref": "refs/merge-requests/17/merge",
        "sha": "e" * 40,
        "commit": {"message": f"Merge {B} into {A}"},
    }
    assert told("Job Hook", hooks.JOB | result, "checks")[0]["commit"] == B
    assert told("Job Hook", hooks.JOB | result | {"ref": "work"}, "checks")[0]["commit"] == "e" * 40


def test_who_was_let_into_a_group_is_an_entry_of_its_log() -> None:
    (found,) = told("Member Hook", hooks.MEMBER, "audit_events")
    assert (found["organization"], found["action"], found["account"]) == ("a", "user_add_to_group", "cleo")
    assert "Maintainer" in found["detail"]


def test_a_body_of_another_kind_than_its_event_is_no_row() -> None:
    found = project("webhook/Push Hook", "d", hooks.JOB)
    assert found.rows == ()
    assert found.refused == ("webhook/Push Hook d: it came as Push Hook, and is a build.",)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-01-10 10:20:00 UTC", "2026-01-10T10:20:00Z"),
        ("2026-01-10 11:20:00 +0100", "2026-01-10T10:20:00Z"),
        ("2026-01-10T10:20:00.250Z", "2026-01-10T10:20:00Z"),
        ("2026-01-10T11:20:00+01:00", "2026-01-10T10:20:00Z"),
        ("2026-01-10 10:20:00", None),
        ("soon", None),
        (7, None),
    ],
)
def test_times_as_deliveries_write_them(written: object, moment: str | None) -> None:
    assert hook_moment(written) == moment


def test_what_a_delivery_is_about() -> None:
    assert subject_of("Merge Request Hook", hooks.request("open")) == "request 17"
    assert subject_of("Merge Request Hook", hooks.request("approval", who="ben")) == "approval 17 by ben"
    assert subject_of("Note Hook", hooks.NOTE) == "note 900"
    assert subject_of("Pipeline Hook", hooks.PIPELINE) == "check pipeline-50"
    assert subject_of("Job Hook", hooks.JOB) == "check job-70"
    assert subject_of("Deployment Hook", hooks.DEPLOYMENT) == "deployment 80"
    assert subject_of("Push Hook", hooks.PUSH) == f"commit {B}"
    assert subject_of("Wiki Page Hook", {}) is None
    assert subject_of("Merge Request Hook", {}) is None


def test_whose_and_when_and_what() -> None:
    assert [repository_of(document) for _, document in hooks.HOOKS.values()] == ["a/b"] * 7 + [None]
    home = {"repository": {"homepage": "https://gitlab.example.com/a/b"}}
    assert repository_of(home) == "a/b"
    inside = "https://gitlab.example.com/a/b/-/security/vulnerabilities/1"
    assert repository_of({"object_attributes": {"url": inside}}) == "a/b"
    assert repository_of({"event_name": "project_create", "path_with_namespace": "a/b"}) == "a/b"
    assert repository_of({"object_attributes": {"url": "https://gitlab.example.com/a"}}) is None
    assert organization_of(hooks.MEMBER) == "a"
    assert organization_of({"group": {"full_path": "a/team", "group_path": "team"}}) == "a/team"
    assert organization_of({"event_name": "subgroup_create", "full_path": "a/team"}) == "a/team"
    assert [told_at(document) for _, document in hooks.HOOKS.values()] == [
        "2026-01-10T10:20:00Z",
        "2026-01-10T10:09:00Z",
        "2026-01-10T10:09:00Z",
        None,
        "2026-01-10T10:25:00Z",
        "2026-01-10T10:24:00Z",
        "2026-01-10T10:49:00Z",
        "2026-01-12T08:48:19Z",
    ]
    assert [action_of(document) for _, document in hooks.HOOKS.values()] == [
        *("open", "create", "create", "push", "success", "success", "success", "user_add_to_group")
    ]
    assert is_last_word(hooks.PIPELINE)
    assert is_last_word(hooks.JOB)
    assert not is_last_word(hooks.JOB | {"build_status": "running"})
    assert not is_last_word(hooks.NOTE)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["object_attributes", "project", "repository", "homepage", "url", "action", "status", "user"]
                ),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_no_json_crashes_what_looks_at_it_first(document: Any) -> None:
    for look in (told_at, is_last_word, repository_of, organization_of, action_of):
        look(document)
    for event in hooks.HOOKS:
        subject_of(event.removeprefix("webhook/"), document)
