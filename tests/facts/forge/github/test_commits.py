"""Commits of a request: people, co-authors, AI tools, signatures, parents."""

from typing import Any

import pytest

from tests.facts.forge.github.payloads import (
    BEFORE,
    HEAD,
    commit,
    connection,
    exported,
    graphql_commit,
    project,
    rows,
    user,
)


def told_by(**changes: Any) -> dict[str, Any]:
    """The row of REST's commit with changes to git's part."""
    whole = commit()
    (row,) = rows("pull/commits", [whole | {"commit": whole["commit"] | changes}], "request_commits")
    return row


def test_people_and_tools_of_a_message() -> None:
    (row,) = rows("pull/commits", [commit()], "request_commits")
    assert row["author"] == row["committer"] == "Ana <ana@acme.example>"
    assert (row["author_login"], row["committer_login"]) == ("ana", "ana")
    assert row["co_authors"] == ["Cy <cy@acme.example>", "Claude <noreply@anthropic.com>"]
    assert row["agents"] == ["claude_code"]
    assert (row["commit"], row["parents"], row["is_verified"]) == (HEAD, [BEFORE], True)


def test_only_lines_at_column_0_name_a_co_author() -> None:
    quoted = "Fix\n\n> Co-authored-by: Cy <cy@acme.example>\n  Co-authored-by: Dee <dee@acme.example>\n- Co-authored-by: x <x@y>"
    row = told_by(message=quoted)
    assert row["co_authors"] == []
    assert "agents" not in row


def test_a_message_that_is_not_told_leaves_co_authors_unknown() -> None:
    row = told_by(message=None)
    assert "co_authors" not in row
    assert "agents" not in row
    listed = graphql_commit(
        message=None, authors=connection([{"name": "A", "email": "a@x"}, {"name": "B", "email": "b@x"}])
    )
    told = {"data": {"node": {"number": 17, "commits": connection([{"commit": listed}])}}}
    assert rows("graphql/request-commits", told, "request_commits", "")[0]["co_authors"] == ["B <b@x>"]


def test_an_agent_s_account_is_named_even_when_git_is_silent() -> None:
    (row,) = rows("pull/commits", [commit(author=user("devin-ai-integration[bot]", "Bot"))], "request_commits")
    assert row["agents"] == ["claude_code", "devin"]


def test_a_signature_that_the_forge_does_not_see_is_not_verified() -> None:
    assert told_by(verification={"verified": False, "reason": "unsigned"})["is_verified"] is False
    assert "is_verified" not in told_by(verification={"verified": "true"})
    assert "is_verified" not in told_by(verification=None)
    told = {"data": {"node": {"number": 17, "commits": connection([{"commit": graphql_commit(signature=None)}])}}}
    assert rows("graphql/request-commits", told, "request_commits", "")[0]["is_verified"] is False


def test_a_commit_of_tomorrow_has_no_time_and_one_of_another_zone_is_in_utc() -> None:
    ahead = {"name": "Ana", "email": "ana@acme.example", "date": "2999-01-01T00:00:00Z"}
    assert "committed_at" not in told_by(committer=ahead)
    assert (
        told_by(committer=ahead | {"date": "2026-03-01T10:00:00+05:30"})["committed_at"] == "2026-03-01T04:30:00Z"
    )


def test_a_commit_without_an_id_is_refused() -> None:
    for own in (None, "main", "a" * 39, "0" * 40, 3):
        assert "no id" in project("pull/commits", [commit(sha=own)]).refused[0]
    assert "tells no request" in project("pull/commits", [commit()], key="").refused[0]
    assert "no list of commits" in project("pull/commits", {}).refused[0]


@pytest.mark.parametrize("parents", [None, [{"sha": "x"}], "x"])
def test_parents_that_cannot_all_be_read_are_unknown(parents: object) -> None:
    assert "parents" not in rows("pull/commits", [commit(parents=parents)], "request_commits")[0]


def test_people_s_names_are_shown_safely() -> None:
    row = told_by(author={"name": "\x1b[31mAna\u202e", "email": "a@b"})
    assert row["author"] == "\\x1b[31mAna\\u202e <a@b>"


def test_an_export_s_commit_is_read_from_its_event() -> None:
    (row,) = rows("export/pull", exported(), "request_commits")
    assert row["parents"] == [BEFORE]
    assert "author_login" not in row
