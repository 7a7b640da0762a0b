"""Links 1 to 4 with the forge's word."""

from typing import Any

import pytest

from asbuilt.facts.forge_chain_origin import change_link, commit_link, request_link, suggestion_link
from asbuilt.model.attestation import COMMIT_SIGNATURE
from asbuilt.model.chain import Grade, LinkName
from tests.facts.told import HEAD, NOON, OTHER, READ, link, request, row, told

PUSH = row(kind="push", branch="main", actor="ana", pushed_at=NOON)


@pytest.mark.parametrize(
    ("issues", "stated", "grade"),
    [
        (["#12"], Grade.UNKNOWN, Grade.PROVED),
        (["#12"], Grade.STATED, Grade.PROVED),
        ([], Grade.UNKNOWN, Grade.MISSING),
        ([], Grade.STATED, Grade.STATED),
        (None, Grade.UNKNOWN, Grade.UNKNOWN),
    ],
)
def test_request(issues: list[str] | None, stated: Grade, grade: Grade) -> None:
    own = request(linked_issues=issues, linked_opened_at=NOON)
    assert request_link(link(LinkName.REQUEST, stated), told(request=own, claimed=own)).grade is grade


def test_a_request_that_is_not_the_changes_own_links_nothing() -> None:
    stated = link(LinkName.REQUEST)
    assert request_link(stated, told(number=8, claimed=request(linked_issues=["#12"]))) is stated


def test_an_agent_at_work_is_named_with_who_set_it_to_work() -> None:
    events = [row(kind="agent-started", actor="ana", happened_at=NOON)]
    commits = [row(commit=HEAD, agents=["copilot"], author="Copilot <c@x>"), row(commit=OTHER, agents=None)]
    found = suggestion_link(link(LinkName.SUGGESTION), told(events=events, commits=commits))
    assert found.grade is Grade.PROVED
    assert "copilot wrote 1 of 2 commits for ana" in found.summary
    assert [person.name for person in found.people] == ["ana"]


def test_an_agent_at_work_alone_is_no_author() -> None:
    events = [row(kind="agent-started", actor=None, happened_at=NOON)]
    found = suggestion_link(link(LinkName.SUGGESTION), told(events=events))
    assert (found.grade, "an agent was at work" in found.summary) == (Grade.UNKNOWN, True)
    contradicted = link(LinkName.SUGGESTION, Grade.CONTRADICTED)
    assert suggestion_link(contradicted, told(events=events)) is contradicted
    hinted = suggestion_link(link(LinkName.SUGGESTION), told(change={"agent_under_login": ["ana: via app x"]}))
    assert (hinted.grade, "ana: via app x" in hinted.summary) == (Grade.UNKNOWN, True)


@pytest.mark.parametrize(
    ("verified", "count", "grade"),
    [
        ([True], 1, Grade.PROVED),
        ([True, True], None, Grade.PROVED),
        ([True, False], 2, Grade.STATED),
        ([True], 2, Grade.STATED),  # one commit of the request was not told
        ([None], 1, Grade.STATED),
        ([], 1, Grade.STATED),
    ],
)
def test_commits(verified: list[bool | None], count: int | None, grade: Grade) -> None:
    own = request(commit_count=count)
    commits = [row(commit=HEAD, is_verified=each) for each in verified]
    stated = link(LinkName.COMMIT, Grade.STATED)
    assert commit_link(stated, told(request=own, claimed=own, commits=commits)).grade is grade


@pytest.mark.parametrize(
    ("held", "grade"),
    [
        ([True], Grade.PROVED),
        ([None], Grade.STATED),
        ([True, None], Grade.PROVED),
        ([True, False], Grade.CONTRADICTED),
        ([], Grade.STATED),
    ],
)
def test_a_signature_under_a_key_that_was_given(held: list[bool | None], grade: Grade) -> None:
    signed = [row(predicate_type=COMMIT_SIGNATURE, signer="ana", is_verified=each) for each in held]
    other = row(predicate_type="https://slsa.dev/provenance/v1", signer="eve", is_verified=False)
    found = commit_link(link(LinkName.COMMIT, Grade.STATED), told(attestations=[*signed, other]))
    assert found.grade is grade


@pytest.mark.parametrize(
    ("fields", "grade", "says"),
    [
        ({}, Grade.PROVED, "landed as this commit"),
        (
            {"claimed": None, "request": request(merge_commit=OTHER, merged_at=None, state="closed")},
            Grade.PROVED,
            "though the forge holds it as closed",
        ),
        ({"claimed": None, "request": request(merge_commit=OTHER)}, Grade.PROVED, "its head is what was merged"),
        (
            {"claimed": None, "head": None, "request": request(merge_commit=None, head_commit=OTHER)},
            Grade.PROVED,
            "merged, as the forge says",
        ),
        ({"number": 8}, Grade.CONTRADICTED, "#7 landed as this commit"),
        (
            {"claimed": None, "head": None, "request": request(merge_commit=OTHER)},
            Grade.CONTRADICTED,
            "eeeeeeeeeeee, another commit",
        ),
        (
            {"claimed": None, "head": None, "request": request(merged_at=None, merge_commit=None, state="open")},
            Grade.CONTRADICTED,
            "holds as open",
        ),
        ({"claimed": None, "request": None, "covered": READ}, Grade.CONTRADICTED, "has no such request"),
        ({"claimed": None, "request": None}, Grade.STATED, "As git has it"),
        ({"claimed": None, "request": None, "number": None, "covered": READ}, Grade.MISSING, "a direct push"),
        (
            {"claimed": None, "request": None, "number": None, "covered": READ, "pushes": [PUSH]},
            Grade.PROVED,
            "pushed directly to main by ana",
        ),
        # A push proves no direct push where the requests were not read.
        ({"claimed": None, "request": None, "number": None, "pushes": [PUSH]}, Grade.STATED, "As git has it"),
        (
            {
                "claimed": None, "request": None, "number": None, "covered": READ,
                "change": {"is_initial_import": True},
            },
            Grade.STATED,
            "As git has it",
        ),
    ],
)  # fmt: skip
def test_how_it_came_in(fields: dict[str, Any], grade: Grade, says: str) -> None:
    found = change_link(link(LinkName.CHANGE, Grade.STATED), told(**fields))
    assert (found.grade, says in found.summary) == (grade, True), found.summary
