"""The file of an export tells the same rows as REST and GraphQL; a file that is another's tells none."""

from typing import Any

import pytest

from tests.facts.forge.github.payloads import (
    LANDED,
    answer,
    check_run,
    commit,
    events,
    exported,
    node,
    project,
    pull,
    review,
    rows,
)

TABLES = ("requests", "reviews", "request_commits", "request_events")


def by_id(told: list[dict[str, Any]], table: str) -> dict[tuple[object, ...], dict[str, Any]]:
    """Rows by what identifies them."""
    names = {"reviews": "review_id", "request_commits": "commit", "request_events": "event_id"}
    return {(row["repository"], row.get(names.get(table, "number"))): row for row in told}


def test_three_faces_tell_the_same_rows() -> None:
    graphql = project("graphql/requests", answer(node()))
    export = project("export/pull", exported())
    assert graphql.refused == export.refused == ()
    rest = {
        "requests": rows("pull", pull(), "requests"),
        "reviews": rows("pull/reviews", [review()], "reviews"),
        "request_commits": rows("pull/commits", [commit()], "request_commits"),
        "request_events": rows("issue/timeline", events(), "request_events"),
    }
    # What one of the faces does not tell, and is unknown there.
    apart = {"linked_issues", "linked_opened_at", "is_complete", "line_comments", "author_login", "committer_login"}

    def known(told: list[dict[str, Any]], table: str) -> dict[tuple[object, ...], dict[str, Any]]:
        return by_id([{name: row[name] for name in row if name not in apart} for row in told], table)

    for table in TABLES:
        told = [known([row.told for row in each.rows if row.table == table], table) for each in (graphql, export)]
        assert told[0] == told[1] == known(rest[table], table)
        assert told[0]


def test_what_only_one_face_tells() -> None:
    (request,) = rows("graphql/requests", answer(node()), "requests")
    assert request["is_complete"] is True
    assert request["linked_issues"] == ["#3", "acme/till#4"] == rows("pull", pull(), "requests")[0]["linked_issues"]
    assert request["linked_opened_at"] == "2026-01-01T00:00:00Z"
    assert rows("export/pull", exported(), "reviews")[0]["line_comments"] == 1
    assert rows("graphql/requests", answer(node()), "checks") == rows(
        "commit/check-runs", {"total_count": 1, "check_runs": [check_run()]}, "checks", "x"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pull": pull(number=18)}, "holds request 18"),
        ({"pull": {}}, "no request with a number"),
        ({"pull": pull(base={"repo": {"full_name": "other/shop"}})}, "of the repository other/shop"),
    ],
)
def test_a_file_of_another_request_or_repository_tells_nothing(changes: dict[str, Any], words: str) -> None:
    found = project("export/pull", exported(**changes))
    assert found.rows == ()
    assert words in found.refused[0]


def test_missing_events_are_said() -> None:
    found = project("export/pull", exported(events=None))
    assert [row.table for row in found.rows] == ["requests"]
    assert "events are missing" in found.refused[0]


def test_comments_that_are_not_told_leave_their_number_unknown() -> None:
    assert "line_comments" not in rows("export/pull", exported(comments=None), "reviews")[0]


def test_an_issue_makes_no_row_and_must_be_the_one_of_its_name() -> None:
    assert project("export/issue", {"type": "issue", "issue": {"number": 17}, "events": []}) == ((), ())
    assert "holds issue 3" in project("export/issue", {"issue": {"number": 3}}).refused[0]
    assert "no issue" in project("export/issue", []).refused[0]


def test_the_event_of_the_merge_says_which_commit_it_was() -> None:
    told = exported(pull=pull(merge_commit_sha="f" * 40))
    merged = [row for row in rows("export/pull", told, "request_events") if row["kind"] == "merged"]
    assert [row["after_commit"] for row in merged] == [LANDED]
    assert rows("export/pull", told, "requests")[0]["merge_commit"] == LANDED
    assert rows("export/pull", exported(events=[]), "requests")[0]["merge_commit"] == LANDED
