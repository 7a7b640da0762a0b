"""Links 5 to 7 with the forge's word."""

from typing import Any

import pytest

from asbuilt.facts.forge_chain_passed import checks_link, merge_link, review_link
from asbuilt.model.chain import Grade, LinkName
from asbuilt.model.commit import Person
from tests.facts.told import HEAD, NOON, READ, link, request, row, told

BEN = Person("Ben Berg", "ben@example.com")
APPROVAL = row(state="approved", reviewer="ben", submitted_at=NOON)
REVIEWED = {"review_verdict": "reviewed", "approvers": ["ben"], "approved_at": NOON}


@pytest.mark.parametrize(
    ("verdict", "stated", "grade"),
    [
        ("not-reviewed", Grade.UNKNOWN, Grade.MISSING),
        ("not-reviewed", Grade.STATED, Grade.MISSING),
        ("not-reviewed", Grade.CONTRADICTED, Grade.CONTRADICTED),
        ("after-review", Grade.UNKNOWN, Grade.MISSING),
        ("unknown", Grade.UNKNOWN, Grade.UNKNOWN),
        ("exempt", Grade.UNKNOWN, Grade.UNKNOWN),
        (None, Grade.STATED, Grade.STATED),
    ],
)
def test_a_verdict_and_the_link(verdict: str | None, stated: Grade, grade: Grade) -> None:
    own = told(change={"review_verdict": verdict}, covered=READ, reviews=[APPROVAL])
    assert review_link(link(LinkName.REVIEW, stated), own).grade is grade


def test_an_approval_that_counts_proves_the_review_and_names_who_gave_it() -> None:
    found = review_link(link(LinkName.REVIEW), told(change=REVIEWED, reviews=[APPROVAL]))
    assert found.grade is Grade.PROVED
    assert "Approved by ben 2026-01-31 12:00" in found.summary
    assert found.people == (Person("ben", ""),)
    assert found.evidence[0].text == "approved by ben 2026-01-31 12:00"


def test_a_verdict_of_git_alone_proves_nothing() -> None:
    stated = link(LinkName.REVIEW, Grade.STATED)
    assert review_link(stated, told(change={"review_verdict": "reviewed", "approvers": []})) is stated
    assert review_link(stated, told(change={"review_verdict": "not-reviewed"})) is stated


def test_why_an_approval_does_not_count_is_named() -> None:
    own = told(change={"review_verdict": "not-reviewed", "rejected_approvals": ["ana: author"]}, reviews=[APPROVAL])
    assert "ana: author" in review_link(link(LinkName.REVIEW), own).summary


@pytest.mark.parametrize(
    ("fields", "grade"),
    [
        ({}, Grade.CONTRADICTED),
        ({"reviews": [row(state="commented", reviewer="Ben-GH", submitted_at=NOON)]}, Grade.STATED),
        ({"covered": frozenset()}, Grade.STATED),  # reviews were not read
        ({"accounts": lambda _: frozenset()}, Grade.STATED),  # nobody knows the account
        ({"request": request(comment_count=3), "claimed": request(comment_count=3)}, Grade.STATED),
        ({"request": request(comment_count=None), "claimed": request(comment_count=None)}, Grade.STATED),
    ],
)
def test_a_reviewer_whom_the_forge_never_saw(fields: dict[str, Any], grade: Grade) -> None:
    usual: dict[str, Any] = {"covered": READ, "accounts": lambda _: frozenset({"ben-gh"})}
    stated = link(LinkName.REVIEW, Grade.STATED, people=(BEN,))
    assert review_link(stated, told(**(usual | fields))).grade is grade


def check(conclusion: str, name: str = "tests") -> dict[str, Any]:
    return row(conclusion=conclusion, name=name, commit=HEAD)


@pytest.mark.parametrize(
    ("outcome", "checks", "covered", "grade"),
    [
        (True, [check("success")], READ, Grade.PROVED),
        (False, [check("success"), check("failure", "lint")], READ, Grade.MISSING),
        (False, [], READ, Grade.MISSING),
        (None, [check("success")], frozenset(), Grade.UNKNOWN),
        (None, [check("pending")], frozenset(), Grade.UNKNOWN),
        (None, [], READ, Grade.MISSING),
        (None, [], frozenset(), Grade.UNKNOWN),
        (True, [], frozenset(), Grade.UNKNOWN),  # no record of a check, no proof
    ],
)
def test_checks(outcome: bool | None, checks: list[Any], covered: frozenset[str], grade: Grade) -> None:
    own = told(change={"checks_succeeded": outcome}, checks=checks, covered=covered)
    assert checks_link(link(LinkName.CHECKS), own).grade is grade


def test_what_failed_is_named_first() -> None:
    own = told(change={"checks_succeeded": False}, checks=[check("success", "a"), check("failure", "lint")])
    found = checks_link(link(LinkName.CHECKS), own)
    assert "lint (failure)" in found.summary
    assert found.evidence[0].text.startswith("lint: failure")


@pytest.mark.parametrize(
    ("fields", "people", "grade"),
    [
        ({}, (), Grade.PROVED),
        ({"accounts": lambda _: frozenset({"cem"})}, (BEN,), Grade.PROVED),
        ({"accounts": lambda _: frozenset({"ben-gh"})}, (BEN,), Grade.CONTRADICTED),
        ({"accounts": lambda _: frozenset()}, (BEN,), Grade.PROVED),
        (
            {"accounts": lambda _: frozenset({"web-flow"})},
            (Person("GitHub", "noreply@github.com"),),
            Grade.PROVED,
        ),
        ({"request": request(merged_by=None), "claimed": request(merged_by=None)}, (), Grade.STATED),
        ({"request": request(merged_at=None), "claimed": request(merged_at=None)}, (), Grade.STATED),
        ({"request": None, "claimed": None}, (), Grade.STATED),
    ],
)
def test_who_merged_it(fields: dict[str, Any], people: tuple[Person, ...], grade: Grade) -> None:
    stated = link(LinkName.MERGE, Grade.STATED, people=people)
    assert merge_link(stated, told(**fields)).grade is grade


def test_a_gone_account_may_stand_in_the_event() -> None:
    own = request(merged_by=None)
    events = [row(kind="merged", actor="cem", happened_at=NOON)]
    assert (
        "Merged by cem" in merge_link(link(LinkName.MERGE), told(request=own, claimed=own, events=events)).summary
    )


def test_ways_in_are_named() -> None:
    own = request(auto_merge_by="ana")
    found = merge_link(
        link(LinkName.MERGE),
        told(
            request=own, claimed=own, events=[row(kind="queued", actor="ana", happened_at=NOON)],
            suites=[row(result="bypass")],
        ),
    )  # fmt: skip
    assert "as ana had asked, through the merge queue, around the branch's rules" in found.summary
    for kinds, is_asked in ((["auto-merge-on"], True), (["auto-merge-on", "auto-merge-off"], False)):
        events = [row(kind=kind, actor="ben", happened_at=NOON) for kind in kinds]
        said = merge_link(link(LinkName.MERGE), told(request=own, claimed=own, events=events)).summary
        assert ("as ben had asked" in said) is is_asked
        assert "ana" not in said
    within = merge_link(link(LinkName.MERGE), told(suites=[row(result="pass")]))
    assert "within the branch's rules" in within.summary


def test_a_direct_push_was_let_in_by_who_pushed_it() -> None:
    push = row(kind="push", branch="main", actor="ana", pushed_at=NOON)
    found = merge_link(link(LinkName.MERGE, Grade.STATED), told(request=None, claimed=None, pushes=[push]))
    assert (found.grade, "Pushed by ana" in found.summary) == (Grade.PROVED, True)
