"""Events on a request: what bears on its review, under one id from every face."""

import pytest

from tests.facts.forge.github.payloads import actor, connection, project, rows, user


def one(event: dict[str, object]) -> dict[str, object]:
    """The row of one event of REST's timeline."""
    whole = {"id": 5, "actor": user("ana"), "created_at": "2026-03-01T10:00:00Z"} | event
    (row,) = rows("issue/timeline", [whole], "request_events", "17 | 2")
    return row


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("head_ref_force_pushed", "force-pushed"),
        ("review_dismissed", "review-dismissed"),
        ("review_requested", "review-requested"),
        ("base_ref_changed", "base-changed"),
        ("automatic_base_change_succeeded", "base-changed"),
        ("base_ref_force_pushed", "base-force-pushed"),
        ("ready_for_review", "ready"),
        ("convert_to_draft", "draft"),
        ("added_to_merge_queue", "queued"),
        ("removed_from_merge_queue", "unqueued"),
        ("auto_merge_enabled", "auto-merge-on"),
        ("auto_merge_disabled", "auto-merge-off"),
        ("merged", "merged"),
        ("closed", "closed"),
        ("reopened", "reopened"),
        ("copilot_work_started", "agent-started"),
        ("copilot_work_finished", "agent-finished"),
    ],
)
def test_kinds(name: str, kind: str) -> None:
    assert one({"event": name})["kind"] == kind
    typename = "".join(part.capitalize() for part in name.split("_")) + "Event"
    event = {"__typename": typename, "id": "X_1", "createdAt": "2026-03-01T10:00:00Z", "actor": actor("ana")}
    told = {"data": {"node": {"number": 17, "timelineItems": connection([event])}}}
    assert rows("graphql/request-timeline", told, "request_events", "")[0]["kind"] == kind


def test_others_make_no_row() -> None:
    told = [{"event": "labeled", "id": 1}, {"event": ["merged"]}, {"__typename": 3}, None, 7, {}]
    assert project("issue/timeline", told) == ((), ())


def test_a_dismissal_names_the_review_what_it_was_and_why() -> None:
    dismissed = {"state": "changes_requested", "review_id": 9, "dismissal_message": "Mended.\x07"}
    row = one({"event": "review_dismissed", "dismissed_review": dismissed})
    assert (row["review_id"], row["detail"]) == ("9", "changes-requested: Mended.\\x07")
    assert "review_id" not in one({"event": "review_dismissed"})


def test_a_changed_base_and_a_request_for_review() -> None:
    event = {
        "__typename": "BaseRefChangedEvent",
        "id": "X_1",
        "createdAt": "2026-03-01T10:00:00Z",
        "previousRefName": "main",
        "currentRefName": "dev",
    }
    told = {"data": {"node": {"number": 17, "timelineItems": connection([event])}}}
    assert rows("graphql/request-timeline", told, "request_events", "")[0]["detail"] == "main → dev"
    assert one({"event": "review_requested", "requested_reviewer": user("bo")})["detail"] == "bo"
    assert one({"event": "review_requested", "requested_team": {"slug": "core"}})["detail"] == "core"


def test_the_queue_s_own_words_for_who_and_why() -> None:
    event = {
        "__typename": "RemovedFromMergeQueueEvent",
        "id": "X_1",
        "createdAt": "2026-03-01T10:00:00Z",
        "enqueuer": {"login": "bo", "__typename": "User"},
        "reason": "failed_checks",
    }
    told = {"data": {"node": {"number": 17, "timelineItems": connection([event])}}}
    (row,) = rows("graphql/request-timeline", told, "request_events", "")
    assert (row["actor"], row["detail"], row["kind"]) == ("bo", "failed_checks", "unqueued")


def test_an_app_behind_the_act_is_named() -> None:
    assert one({"event": "closed", "performed_via_github_app": {"slug": "stale"}})["via_app"] == "stale"


def test_an_event_without_request_id_or_time_is_refused() -> None:
    told = {"event": "merged", "id": 5, "created_at": "2026-03-01T10:00:00Z"}
    assert "on which request" in project("issue/timeline", [told], key="").refused[0]
    assert "no event_id" in project("issue/timeline", [told | {"id": None}]).refused[0]
    assert "no happened_at" in project("issue/timeline", [told | {"created_at": 5}]).refused[0]
    assert "no list of events" in project("issue/timeline", {}).refused[0]
