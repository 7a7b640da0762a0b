"""Pages projected elsewhere come to what they come to here."""

import json
import os

import pytest

from asbuilt.app.sync_projecting import Projecting, Subject, project
from asbuilt.sources.steps import Page, Step

AT = 1_790_000_000
SUBJECT = Subject("github", "acme/shop")


def reviews(number: int, state: str = "APPROVED") -> Page:
    body = [
        {
            "id": 100 * number + place,
            "state": state,
            "user": {"login": "cy", "type": "User"},
            "submitted_at": "2026-03-01T00:00:00Z",
            "commit_id": "a" * 40,
        }
        for place in range(1, 4)
    ]
    return Page("pull/reviews", str(number), json.dumps(body).encode(), AT, "GET /reviews")


def test_a_row_is_told_as_its_record_holds_it() -> None:
    page = reviews(7)
    found = project(SUBJECT, page.name, page.key, page.body, AT)
    assert [(row.table, row.encoded.event, row.part) for row in found.rows] == [
        ("reviews", f"acme/shop | {own}", "acme/shop") for own in (701, 702, 703)
    ]
    assert found.refused == []
    assert len(project(SUBJECT, page.name, page.key, reviews(7, "BLESSED").body, AT).refused) == 3


def test_the_pages_of_a_small_reading_are_projected_here() -> None:
    with Projecting(SUBJECT) as projecting:
        steps = list(projecting.ahead(iter([reviews(1), reviews(2)])))
        assert [len(projecting.rows(page, page.body).rows) for page in steps if isinstance(page, Page)] == [3, 3]
        assert projecting.workers == 0


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="there is one processor")
def test_a_large_one_has_a_process_of_its_own_and_comes_to_the_same() -> None:
    unchanged = Page("pull/reviews", "9", b"", AT, "GET /reviews", status=304)
    pages: list[Step] = [reviews(number) for number in range(1, 6)] + [reviews(6, "BLESSED"), unchanged]
    with Projecting(SUBJECT, enough=len(reviews(1).body) * 2) as projecting:
        taken = [page for page in projecting.ahead(iter(pages)) if isinstance(page, Page)]
        assert projecting.workers == 1
        bodies = [page.body or reviews(9).body for page in taken]
        found = [projecting.rows(page, body) for page, body in zip(taken, bodies, strict=True)]
    assert found == [
        project(SUBJECT, page.name, page.key, body, AT) for page, body in zip(taken, bodies, strict=True)
    ]


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="there is one processor")
def test_where_the_process_ends_all_is_projected_here() -> None:
    with Projecting(SUBJECT, enough=0) as projecting:
        taken = [page for page in projecting.ahead(iter([reviews(1)])) if isinstance(page, Page)]
        projecting.stop()
        taken += [page for page in projecting.ahead(iter([reviews(2)])) if isinstance(page, Page)]
        assert [len(projecting.rows(page, page.body).rows) for page in taken] == [3, 3]
