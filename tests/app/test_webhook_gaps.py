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
