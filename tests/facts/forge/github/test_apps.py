"""Acts through an app under a person's login: told as such, under ids of their own."""

import pytest

from tests.facts.forge.github.payloads import project, rows, user

CLAUDE = {"slug": "claude", "name": "Claude"}
WHEN = "2026-03-01T10:00:00Z"


def issue(**told: object) -> dict[str, object]:
    own = {"id": 7, "number": 17, "created_at": WHEN, "user": user("ana"), "pull_request": {"merged_at": None}}
    return own | {"performed_via_github_app": CLAUDE} | told


def event(**told: object) -> dict[str, object]:
    own = {"id": 7, "event": "merged", "created_at": WHEN, "actor": user("ana"), "issue": issue()}
    return own | {"performed_via_github_app": CLAUDE} | told


def test_a_request_that_was_opened_through_an_app() -> None:
    (row,) = rows("issues", [issue()], "request_events")
    assert (row["kind"], row["number"], row["actor"]) == ("via-app", 17, "ana")
    assert (row["via_app"], row["detail"], row["happened_at"]) == ("claude", "opened", WHEN)


@pytest.mark.parametrize(
    "told",
    [
        {"performed_via_github_app": None},
        {"pull_request": None},
        {"user": user("dependabot", kind="Bot")},
        {"user": None},
        {"performed_via_github_app": "claude"},
    ],
)
def test_without_app_or_person_or_request_there_is_no_row(told: dict[str, object]) -> None:
    assert project("issues", [issue(**told)]) == ((), ())


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        ("merged", "merged"),
        ("ready_for_review", "made ready"),
        ("added_to_merge_queue", "queued"),
        ("auto_squash_enabled", "set to merge by itself"),
        ("head_ref_force_pushed", "pushed with force"),
    ],
)
def test_an_act_through_an_app_has_its_word(kind: str, act: str) -> None:
    (row,) = rows("issues/events", [event(event=kind)], "request_events")
    assert (row["kind"], row["detail"], row["number"]) == ("via-app", act, 17)


def test_the_ids_are_neither_each_others_nor_those_of_the_timeline() -> None:
    (opened,) = rows("issues", [issue()], "request_events")
    (merged,) = rows("issues/events", [event()], "request_events")
    (told,) = rows("issue/timeline", [event()], "request_events", "17 | 1")
    assert len({opened["event_id"], merged["event_id"], told["event_id"]}) == 3


@pytest.mark.parametrize(
    "told", [{"event": "labeled"}, {"event": ["merged"]}, {"issue": None}, {"performed_via_github_app": None}]
)
def test_other_events_make_no_row(told: dict[str, object]) -> None:
    assert project("issues/events", [event(**told)]) == ((), ())


def test_what_cannot_be_placed_is_said() -> None:
    assert project("issues", {"message": "no"}).refused == ("issues 17: it is no list of issues.",)
    assert project("issues/events", "no").refused == ("issues/events 17: it is no list of events.",)
    (refused,) = project("issues", [issue(number="17")]).refused
    assert refused == "issues 17: what was done through the app claude does not say on which request."
    (refused,) = project("issues", [issue(id=None)]).refused
    assert "has no event_id" in refused
