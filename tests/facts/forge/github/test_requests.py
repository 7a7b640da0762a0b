"""Requests: the merge told whole or not at all, heads of forks, what a body closes, inner lists."""

import pytest

from asbuilt.facts.forge.github.requests import closed_by
from tests.facts.forge.github.payloads import answer, connection, node, project, pull, rows, user


def test_an_open_request_has_no_merge() -> None:
    told = pull(state="open", merged=False, merged_at=None, merged_by=None, closed_at=None)
    (row,) = rows("pull", told, "requests")
    assert row["state"] == "open"
    assert not {"merged_at", "merged_by", "merge_commit", "closed_at"} & row.keys()  # the commit is a trial's


@pytest.mark.parametrize(
    "told", ["2026-03-02", "soon", 3, True, {}, "", "9999-99-99T00:00:00Z", "2026-03-02T12:00:00"]
)
def test_a_merge_whose_time_cannot_be_read_is_refused_and_never_none(told: object) -> None:
    assert "when cannot be read" in project("pull", pull(merged_at=told)).refused[0]
    assert project("pull", pull(merged_at=told)).rows == ()


def test_a_merge_that_is_told_both_ways_is_refused() -> None:
    assert "both as merged and as not" in project("pull", pull(merged=False)).refused[0]
    assert "when cannot be read" in project("pull", pull(merged_at=None)).refused[0]
    found = project("graphql/requests", answer(node(mergedAt=None)))
    assert [row.table for row in found.rows if row.table == "requests"] == []


def test_a_listing_leaves_what_it_does_not_tell_unknown() -> None:
    short = {
        name: value
        for name, value in pull().items()
        if name not in {"merged", "merged_by", "additions", "comments"}
    }
    (row,) = rows("pulls", [short], "requests", "1")
    assert row["state"] == "merged"
    assert not {"merged_by", "added_lines", "comment_count"} & row.keys()


def test_a_fork_s_head_is_named_with_its_owner_even_when_the_fork_is_gone() -> None:
    head = {"ref": "till", "sha": "a" * 40, "label": "dee:till"}
    for repo in ({"full_name": "dee/shop"}, None):
        assert rows("pull", pull(head=head | {"repo": repo}), "requests")[0]["head_branch"] == "dee:till"
    fork = node(isCrossRepository=True, headRepositoryOwner={"login": "dee"})
    assert rows("graphql/requests", answer(fork), "requests")[0]["head_branch"] == "dee:till"
    fork = node(isCrossRepository=True, headRepository={"nameWithOwner": "dee/shop"})
    assert rows("graphql/requests", answer(fork), "requests")[0]["head_branch"] == "dee:till"
    assert rows("graphql/requests", answer(node(isCrossRepository=True)), "requests")[0]["head_branch"] == "till"


@pytest.mark.parametrize(
    ("body", "closed"),
    [
        ("Fixes #3", ["#3"]),
        ("fixed: #3\nresolves acme/x#4, closes #3", ["#3", "acme/x#4"]),
        ("This does not affix #3, see #4; prefixes #5; fixes#6", []),
        ("", []),
    ],
)
def test_what_a_body_closes(body: str, closed: list[str]) -> None:
    assert closed_by(body) == closed


def test_an_inner_list_that_goes_on_leaves_it_open_whether_all_is_there() -> None:
    for name in ("reviews", "commits", "timelineItems"):
        whole = node()
        whole[name] = connection(whole[name]["nodes"], more=True)
        assert "is_complete" not in rows("graphql/requests", answer(whole), "requests")[0]
    short = node()
    del short["timelineItems"]
    assert "is_complete" not in rows("graphql/requests", answer(short), "requests")[0]
    unchecked = node(headCommit={"nodes": [{"commit": {"oid": "a" * 40, "statusCheckRollup": None}}]})
    assert rows("graphql/requests", answer(unchecked), "requests")[0]["is_complete"] is True


def test_accounts_that_are_gone_are_unknown() -> None:
    for gone in (None, user("ghost")):
        (row,) = rows("pull", pull(user=gone, merged_by=gone), "requests")
        assert not {"author", "author_kind", "merged_by"} & row.keys()


def test_an_answer_with_errors_says_so_and_keeps_what_came() -> None:
    found = project("graphql/requests", answer(node()) | {"errors": [{"message": "timed\x1b[2J out"}]})
    assert "timed\\x1b[2J out" in found.refused[0]
    assert {row.table for row in found.rows} >= {"requests", "reviews"}
    assert project("graphql/requests", {"data": None}) == ((), ())


def test_a_listing_that_is_no_list_is_refused() -> None:
    assert "no list of requests" in project("pulls", {"message": "Not Found"}).refused[0]


def test_labels_that_go_on_are_unknown() -> None:
    told = node(labels=connection([{"name": "feature"}], more=True))
    assert "labels" not in rows("graphql/requests", answer(told), "requests")[0]
