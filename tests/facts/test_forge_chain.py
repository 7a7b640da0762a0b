"""Which request landed as a change, and what a link with the forge's word keeps of git's."""

import pytest

from asbuilt.facts.forge_chain import account, at, cite, day, join_chain, joined, listed, with_link
from asbuilt.model.chain import Chain, Evidence, Grade, LinkName
from asbuilt.model.commit import Person
from tests.facts.told import HEAD, NOON, OTHER, link, request, row, told


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({}, 7),
        ({"number": None, "request": None}, 7),  # git names none; the forge does
        ({"number": 8}, None),  # the forge names another
        ({"claimed": None}, 7),  # its merge commit is the change
        ({"claimed": None, "request": request(merge_commit=OTHER)}, 7),  # its head is what was merged
        ({"claimed": None, "request": request(merge_commit=OTHER, head_commit=OTHER)}, None),
        ({"claimed": None, "head": None, "request": request(merge_commit=None)}, 7),
        ({"claimed": None, "head": None, "request": request(merge_commit=None, merged_at=None)}, None),
        ({"claimed": None, "head": None, "request": request(merge_commit=OTHER, head_commit=None)}, None),
        ({"claimed": None, "request": None}, None),
    ],
)
def test_the_request_that_landed(fields: dict[str, object], number: int | None) -> None:
    own = told(**fields).landed_as
    assert (own["number"] if own else None) == number


def test_a_heads_own_absence_is_no_match() -> None:
    assert told(claimed=None, head=None, request=request(merge_commit=OTHER, head_commit=None)).landed_as is None


def test_what_git_states_stays_beside_the_forges_word() -> None:
    stated = link(LinkName.MERGE, Grade.STATED, people=(Person("Cem", "cem@x"),))
    found = with_link(stated, Grade.PROVED, "Merged.", [cite(row(), "merged")] * 9)
    assert found.evidence == (Evidence(f"record {'f' * 64}", "merged"), Evidence("git", "text"))
    assert (found.people, found.remedy) == (stated.people, None)
    assert joined([Evidence("a", "")], [Evidence("b", ""), Evidence("a", "")]) == (
        Evidence("a", ""),
        Evidence("b", ""),
    )


def test_only_links_with_a_part_are_touched() -> None:
    chain = Chain("c", (link(LinkName.REVIEW), link(LinkName.MERGE)))
    found = join_chain(chain, told(), {LinkName.MERGE: lambda own, _: with_link(own, Grade.PROVED, "Merged.", [])})
    assert [each.grade for each in found.links] == [Grade.UNKNOWN, Grade.PROVED]


def test_words() -> None:
    assert listed(["ana", "ben"]) == "ana, ben"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert (at(NOON), at(None), day(NOON)) == ("2026-01-31 12:00", "an unknown time", "2026-01-31")
    assert account(None) == ()
    assert account("ana") == (Person("ana", ""),)
    assert told(head=HEAD).covered == frozenset()
