"""Deliveries that did not come."""

from pathlib import Path

import pytest

from asbuilt.app.webhook_gaps import check_deliveries
from asbuilt.ledger.ledger import create_ledger
from tests.facts.telling import tell


def delivery(number: int, subject: str, at: str):
    own = {"repository": "o/n", "event": "pull_request_review", "is_verified": True, "received_at": at}
    return tell("deliveries", delivery=f"d-{number}", subject=subject, **own)


def review(own: str, at: str):
    return tell("reviews", repository="o/n", review_id=own, number=7, state="approved", submitted_at=at)


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))

    def make(*records):
        with create_ledger(tmp_path / "ledger", origin="example.com/log", now=0) as opened:
            opened.append(records)
        return check_deliveries(tmp_path / "ledger")

    return make


def test_what_a_sync_saw_between_two_deliveries_and_none_told_is_a_gap(told) -> None:
    held, gaps = told(
        delivery(1, "review 1", "2026-03-01T00:00:00Z"),
        review("1", "2026-03-01T00:00:00Z"),
        review("2", "2026-03-02T00:00:00Z"),
        delivery(3, "review 3", "2026-03-03T00:00:00Z"),
        review("3", "2026-03-03T00:00:00Z"),
    )
    assert held == 2
    assert [(gap.code, gap.count) for gap in gaps] == [("GAP-WEBHOOK", 1)]
    assert "review 2" in gaps[0].what


def test_what_was_before_the_first_delivery_or_after_the_last_is_none(told) -> None:
    held, gaps = told(
        review("0", "2026-02-01T00:00:00Z"),
        delivery(1, "review 1", "2026-03-01T00:00:00Z"),
        delivery(2, "review 2", "2026-03-02T00:00:00Z"),
        review("9", "2026-04-01T00:00:00Z"),
    )
    assert (held, gaps) == (2, ())


def test_without_any_delivery_nothing_is_said_to_be_missing(told) -> None:
    assert told(review("1", "2026-03-01T00:00:00Z")) == (0, ())


def gitlab(own: int, event: str, subject: str, day: int, action: str | None = None):
    told = {"repository": "g/p", "event": event, "is_verified": False, "received_at": f"2026-03-{day:02}T00:00:00Z"}
    return tell(
        "deliveries", delivery=f"d-{own}", subject=subject, **told, **({"action": action} if action else {})
    )


def of_project(table: str, day: int, column: str, **told):
    return tell(table, repository="g/p", **{column: f"2026-03-{day:02}T00:00:00Z"}, **told)


SEEN = {
    "Merge Request Hook": of_project(
        "requests", 5, "merged_at", number=17, opened_at="2026-03-01T00:00:00Z", state="merged"
    ),
    "approval": of_project(
        "reviews", 5, "submitted_at", review_id="note-9", number=17, reviewer="ben", state="approved"
    ),
    "Note Hook": of_project("reviews", 5, "submitted_at", review_id="note-8", number=17, state="commented"),
    "Pipeline Hook": of_project(
        "checks", 5, "completed_at", check_id="pipeline-3", commit="c" * 40, name="pipeline", kind="other",
        conclusion="success",
    ),
    "Job Hook": of_project(
        "checks", 5, "completed_at", check_id="job-3", commit="c" * 40, name="t", kind="tests", conclusion="success"
    ),
    "Deployment Hook": of_project(
        "deployments", 5, "deployed_at", deployment_id="4", environment="production", is_production=True,
        commit="c" * 40,
    ),
    "Push Hook": of_project("pushes", 5, "pushed_at", push_id="90", branch="main", kind="push", after_commit="a" * 40),
}  # fmt: skip
ABOUT = {
    "Merge Request Hook": "request 17",
    "approval": "approval 17 by ben",
    "Note Hook": "note 8",
    "Pipeline Hook": "check pipeline-3",
    "Job Hook": "check job-3",
    "Deployment Hook": "deployment 4",
    "Push Hook": f"commit {'a' * 40}",
}


@pytest.mark.parametrize("kind", sorted(SEEN))
def test_of_gitlab_too(told, kind: str) -> None:
    event = "Merge Request Hook" if kind == "approval" else kind
    around = [gitlab(1, event, "another", 4), gitlab(3, event, "another", 6)]
    _, gaps = told(*around, SEEN[kind])
    assert [(gap.code, gap.count) for gap in gaps] == [("GAP-WEBHOOK", 1)]
    assert ABOUT[kind] in gaps[0].what


@pytest.mark.parametrize("kind", sorted(SEEN))
def test_of_gitlab_what_came_is_not_missing(told, kind: str) -> None:
    event = "Merge Request Hook" if kind == "approval" else kind
    came = gitlab(2, event, ABOUT[kind], 5, "merge" if kind == "Merge Request Hook" else None)
    assert told(gitlab(1, event, "another", 4), came, gitlab(3, event, "another", 6), SEEN[kind])[1] == ()


def test_that_a_request_was_opened_does_not_tell_that_it_was_merged(told) -> None:
    event = "Merge Request Hook"
    opened = gitlab(2, event, "request 17", 4, "open")
    assert len(told(opened, gitlab(3, event, "another", 6), SEEN[event])[1]) == 1


def test_a_comment_of_the_company_alone_comes_as_a_hook_of_its_own(told) -> None:
    around = [gitlab(1, "Note Hook", "another", 4), gitlab(3, "Note Hook", "another", 6)]
    assert told(*around, gitlab(2, "Confidential Note Hook", "note 8", 5), SEEN["Note Hook"])[1] == ()
