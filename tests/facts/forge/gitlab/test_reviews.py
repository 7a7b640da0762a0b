"""Approvals, and what they are of."""

from typing import Any

import pytest

from asbuilt.facts.forge.page import Row
from tests.facts.forge.gitlab.payloads import A, B, account, note, request_answers, user, version
from tests.facts.forge.gitlab.projected import project_request

Told = dict[str, Any]


def reviews(answers: Told) -> dict[str, Told]:
    """Without comments, which say neither yes nor no."""
    return {
        str(row.told["review_id"]): row.told
        for row in project_request(answers).rows
        if row.table == "reviews" and row.told["state"] != "commented"
    }


def events(answers: Told, kind: str) -> list[Told]:
    return [
        row.told
        for row in project_request(answers).rows
        if row.table == "request_events" and row.told["kind"] == kind
    ]


def test_an_approval_is_of_the_head_of_its_moment() -> None:
    found = reviews(request_answers())
    assert {own: (each["commit"], each["state"]) for own, each in found.items()} == {
        "note-901": (A, "approved"),
        "note-903": (B, "approved"),
    }
    assert (found["note-901"]["body_length"], found["note-901"]["line_comments"]) == (14, 1)
    assert [(each["before_commit"], each["after_commit"]) for each in events(request_answers(), "pushed")] == [
        (A, B)
    ]


@pytest.mark.parametrize(
    "versions",
    [
        None,
        [],
        [version(1, A, 30)],  # at the very moment
        [version(1, A, 31)],  # only later
        [version(1, A, 0), version(2, "?", 20)],
        [version(1, A, 0), {"id": 2}],
    ],
)
def test_where_the_head_cannot_be_told_the_commit_is_unknown(versions: list[Told] | None) -> None:
    answers = request_answers()
    if versions is None:
        del answers["versions"]
    else:
        answers["versions"] = versions
    assert "commit" not in reviews(answers)["note-903"]


def test_a_comment_in_the_same_words_is_no_approval() -> None:
    answers = request_answers()
    for each in answers["notes"]:
        each["system"] = False
    assert reviews(answers) == {}
    del answers["notes"][1]["system"]
    assert reviews(answers) == {}


def test_one_who_no_longer_approves_was_dismissed() -> None:
    answers = request_answers()
    answers["approvals"]["approved_by"] = []
    found = reviews(answers)
    assert (found["note-901"]["state"], found["note-903"]["state"]) == ("approved", "dismissed")


def test_where_approvals_are_not_shown_nobody_knows_what_stood() -> None:
    answers = request_answers()
    del answers["approvals"]
    assert all("commit" not in each for each in reviews(answers).values())


def test_one_who_took_it_back_says_so() -> None:
    answers = request_answers()
    answers["notes"].append(note(950, "ben", "unapproved this merge request", 36))
    answers["approvals"]["approved_by"] = []
    (event,) = events(answers, "approval-withdrawn")
    assert (event["actor"], event["event_id"]) == ("ben", "note-950")
    assert reviews(answers)["note-903"]["state"] == "approved"


def test_a_push_takes_away_the_approvals_of_those_whom_gitlab_names() -> None:
    answers = request_answers()
    answers["notes"] += [
        note(906, "cleo", "approved this merge request", 12),
        note(907, "ana", "reset approvals from @ben and @cleo by pushing to the branch", 21),
    ]
    found = {each["review_id"]: each for each in events(answers, "review-dismissed")}
    assert set(found) == {"note-901", "note-906"}
    assert found["note-901"]["happened_at"] == "2026-01-10T10:21:00Z"


def test_who_asks_for_changes_speaks_against() -> None:
    answers = request_answers()
    answers["notes"].append(note(908, "cleo", "requested changes", 38))
    assert reviews(answers)["note-908"]["state"] == "changes-requested"


@pytest.mark.parametrize(
    ("login", "reviewer", "is_bot"),
    [
        ("ben", "ben", False),
        ("project_7_bot_0a1b2c", "project_7_bot_0a1b2c", True),
        ("group_12_bot", "group_12_bot", True),
        ("service_account_group_3_9f", "service_account_group_3_9f", True),
        ("ghost", None, None),
        ("ghost1", None, None),
        ("robotics-fan", "robotics-fan", None),
        ("\x1b[31mben", None, None),
    ],
)
def test_who_types(login: str, reviewer: str | None, is_bot: bool | None) -> None:
    answers = request_answers()
    for each in answers["notes"]:
        each["author"] = user(login)
    answers["approvals"]["approved_by"] = [{"user": user(login)}]
    found = reviews(answers)["note-903"]
    assert (found.get("reviewer"), found.get("is_bot")) == (reviewer, is_bot)


def test_of_an_account_that_is_not_shown_nobody_knows_whether_a_person_types_there() -> None:
    answers = request_answers()
    assert reviews(answers)["note-903"]["is_bot"] is False
    answers["user"] = [account("ben", bot=True)]
    assert reviews(answers)["note-903"]["is_bot"] is True
    del answers["user"]
    assert "is_bot" not in reviews(answers)["note-903"]
    assert all("actor_kind" not in each for each in events(answers, "merged"))


def test_an_account_that_is_told_both_ways_is_nobodys() -> None:
    answers = request_answers()
    answers["user"] += [account("ben", bot=True)]
    assert "is_bot" not in reviews(answers)["note-903"]


def test_an_approval_without_a_note_is_said_to_be_none() -> None:
    answers = request_answers()
    answers["approvals"]["approved_by"].append({"user": user("cleo", 9)})
    (said,) = project_request(answers).refused
    assert "cleo stands among those who approve request 17" in said


def test_what_else_happened() -> None:
    (merged,) = events(request_answers(), "merged")
    assert merged["actor"] == "ben"
    (on,) = events(request_answers(), "auto-merge-on")
    assert on["actor"] == "ana"
    assert isinstance(project_request(request_answers()).rows[0], Row)
