"""The decision chain from git alone, link by link."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.chains import build_chain, find_reverts
from asbuilt.model.attribution import Attribution, Authorship, Proves, Replay, SquashReplay
from asbuilt.model.chain import Chain, Grade, Link, LinkName
from asbuilt.model.change import Basis, Change, Landing, Mention
from asbuilt.model.commit import Person, SignatureKind
from tests.facts.making import (
    ANA,
    BEN,
    BOT,
    CEM,
    MADE,
    WEB,
    attribution,
    change,
    is_bot,
    name,
    review,
    same,
    single,
)

SYNC = "asbuilt sync github octo/project"


def chain_of(made: Change, known: dict[str, Attribution] | None = None, **more: Any) -> Chain:
    given_ = {"replay": None, "forge": "github", "forge_project": "octo/project"} | more
    return build_chain(made, commits=MADE, attributions=known or {}, same_person=same, is_bot=is_bot, **given_)


def link(link_name: LinkName, made: Change, known: dict[str, Attribution] | None = None, **more: Any) -> Link:
    return chain_of(made, known, **more).link(link_name)


def known_of(*made: Attribution) -> dict[str, Attribution]:
    return {one.commit: one for one in made}


def test_all_ten_links_in_order() -> None:
    assert [one.name for one in chain_of(change()).links] == list(LinkName)


def test_what_only_the_forge_tells_is_unknown_with_the_command_that_opens_it() -> None:
    chain = chain_of(change())
    for link_name in (LinkName.REVIEW, LinkName.CHECKS, LinkName.BUILD, LinkName.DEPLOYMENT, LinkName.WATCH):
        assert (chain.link(link_name).grade, chain.link(link_name).remedy) == (Grade.UNKNOWN, SYNC)
    assert not chain.unbroken
    assert (
        link(LinkName.CHECKS, change(), forge=None, forge_project=None).remedy == "asbuilt sync github OWNER/REPO"
    )


@pytest.mark.parametrize(
    ("mentions", "grade"),
    [
        ((), Grade.UNKNOWN),
        ((Mention("issue", "#12", name("a")),), Grade.STATED),
        ((Mention("ticket", "PAY-3", name("a")),), Grade.STATED),
        ((Mention("pull-request", "#9", name("a")),), Grade.UNKNOWN),
        ((Mention("entire-checkpoint", "0123456789ab", name("a")),), Grade.UNKNOWN),
    ],
)
def test_request(mentions: tuple[Mention, ...], grade: Grade) -> None:
    found = link(LinkName.REQUEST, change(requests=mentions))
    assert found.grade is grade
    assert bool(found.evidence) is (grade is Grade.STATED)


AI, HUMAN, AUTO = Authorship.AI_DECLARED, Authorship.HUMAN_TRACKED, Authorship.AUTOMATION


@pytest.mark.parametrize(
    ("known", "grade"),
    [
        (known_of(), Grade.UNKNOWN),
        (known_of(attribution("a", AI), attribution("b", AI)), Grade.STATED),
        (known_of(attribution("a", AI)), Grade.UNKNOWN),
        (known_of(attribution("a", Authorship.AI_TRACKED), attribution("b", HUMAN)), Grade.PROVED),
        (known_of(attribution("a", Authorship.AI_TRACKED), attribution("b", AI)), Grade.STATED),
        (known_of(attribution("a", AUTO), attribution("b", AUTO)), Grade.STATED),
        (
            known_of(attribution("a", AI, conflict="Two sources disagree."), attribution("b", AI)),
            Grade.CONTRADICTED,
        ),
        (known_of(attribution("m", AI)), Grade.UNKNOWN),
    ],
)
def test_suggestion(known: dict[str, Attribution], grade: Grade) -> None:
    assert link(LinkName.SUGGESTION, change(), known).grade is grade


def test_the_rest_of_a_change_is_not_hidden_behind_the_commit_that_has_a_signal() -> None:
    assert "1 of 2 commits" in link(LinkName.SUGGESTION, change(), known_of(attribution("a", AI))).summary


def test_a_squash_that_says_nothing_is_read_through_its_branch() -> None:
    replay = SquashReplay(name("a"), 7, Replay.IDENTITY, name("c"), name("p"), (name("c"), name("d")))
    known = known_of(attribution("c", AI), attribution("d", AI))
    assert link(LinkName.SUGGESTION, single(), known, replay=replay).grade is Grade.STATED
    residual = SquashReplay(name("a"), 7, Replay.RESIDUAL, name("c"), name("p"), (name("c"), name("d")))
    assert link(LinkName.SUGGESTION, single(), known, replay=residual).grade is Grade.UNKNOWN
    mixed = known_of(attribution("a", AI, mixed_possible=True))
    assert "part of it" in link(LinkName.SUGGESTION, single(), mixed).summary


def test_a_signature_is_present_and_never_verified() -> None:
    found = link(LinkName.COMMIT, change(signature=SignatureKind.SSH))
    assert found.grade is Grade.STATED
    assert "present, not verified" in found.summary


def test_a_tool_and_a_bot_wrote_it_and_answer_for_nothing() -> None:
    tool = Person("Agent", "noreply@agent.example")
    signed = attribution("a", AI)
    said = msgspec.structs.replace(signed.signals[0], text="Co-authored-by: Agent <noreply@agent.example>")
    by_robot = msgspec.structs.replace(said, proves=Proves.AUTOMATION, text="GitHub")
    known = known_of(msgspec.structs.replace(signed, signals=(by_robot, said)))
    chain = chain_of(single(authors=(BEN, tool, BOT)), known)
    assert chain.link(LinkName.COMMIT).people == (BEN,)
    assert "Agent" in chain.link(LinkName.COMMIT).summary
    assert [one.text for one in chain.link(LinkName.SUGGESTION).evidence] == [said.text]


@pytest.mark.parametrize(
    ("made", "grade"),
    [
        (change(), Grade.STATED),
        (change(number_basis=Basis.REF), Grade.STATED),
        (single(), Grade.STATED),
        (single(number=None, branch="GHSA-aaaa-bbbb-cccc"), Grade.STATED),
        (change(number=None, number_basis=None, branch="octo/app#24"), Grade.STATED),
        (single(number=None, reviews=(Mention("differential-revision", "D12", name("a")),)), Grade.STATED),
        (single(number=None), Grade.UNKNOWN),
        (change(number=None), Grade.UNKNOWN),
        (single(number=None, landing=Landing.DIRECT), Grade.UNKNOWN),
        (single(number=None, landing=Landing.BOT), Grade.UNKNOWN),
        (single(number=None, landing=Landing.INITIAL), Grade.STATED),
    ],
)
def test_change(made: Change, grade: Grade) -> None:
    found = link(LinkName.CHANGE, made)
    assert found.grade is grade
    assert (found.remedy == SYNC) is (grade is Grade.UNKNOWN)


@pytest.mark.parametrize(
    ("reviews", "recorded_in", "grade"),
    [
        ((), "forge", Grade.UNKNOWN),
        ((), "commits", Grade.MISSING),
        ((review(CEM),), "forge", Grade.STATED),
        ((review(BEN),), "forge", Grade.CONTRADICTED),
        ((review(BEN),), "commits", Grade.CONTRADICTED),
        ((review(BOT),), "forge", Grade.UNKNOWN),
        ((review(BOT),), "commits", Grade.MISSING),
        ((review(CEM, where="a"),), "forge", Grade.UNKNOWN),
        ((review(CEM, where="a"),), "commits", Grade.MISSING),
        ((review(BEN, where="a"),), "forge", Grade.UNKNOWN),
        ((review(BEN, where="a"),), "commits", Grade.MISSING),
        ((review(BEN), review(CEM)), "forge", Grade.STATED),
        ((review(CEM, kind="signed-off-by"),), "commits", Grade.MISSING),
    ],
)
def test_review(reviews: tuple[Mention, ...], recorded_in: str, grade: Grade) -> None:
    found = link(LinkName.REVIEW, change(reviews=reviews), recorded_in=recorded_in)
    assert found.grade is grade
    assert (found.remedy is None) is (grade is Grade.STATED)


def test_merge_names_who_pressed_the_button_where_git_knows() -> None:
    by_hand = link(LinkName.MERGE, change())
    assert (by_hand.grade, by_hand.people) == (Grade.STATED, (ANA,))
    on_the_web = link(LinkName.MERGE, change(landed_by=WEB))
    assert on_the_web.people == (ANA,)  # the author of a web merge is who merged
    squashed = link(LinkName.MERGE, single())
    assert (squashed.people, squashed.remedy) == ((), SYNC)


def test_an_integrator_who_signs_off_applied_it_and_did_not_review_it() -> None:
    made = single(
        landing=Landing.DIRECT, number=None, landed_by=CEM, committers=(CEM,),
        reviews=(review(CEM, kind="signed-off-by", where="a"),),
    )  # fmt: skip
    assert link(LinkName.MERGE, made).summary == "Applied and signed off by Cem Can."
    assert link(LinkName.REVIEW, made).grade is Grade.UNKNOWN


def test_a_tag_is_evidence_of_a_release_and_no_deployment() -> None:
    found = link(LinkName.DEPLOYMENT, change(), releases=("v1.2", "v1.3"))
    assert (found.grade, found.remedy) == (Grade.UNKNOWN, SYNC)
    assert "v1.2" in found.summary
    assert [one.ref for one in found.evidence] == ["refs/tags/v1.2", "refs/tags/v1.3"]


def test_a_later_revert_is_stated_in_watch() -> None:
    back = single(id=name("r"), commits=(name("r"),), reverts=(name("b"), name("x")))
    made = change()
    assert find_reverts((back, made)) == {made.id: (back.id,)}
    assert link(LinkName.WATCH, made, reverted_by=(back.id,)).grade is Grade.STATED
    assert link(LinkName.WATCH, made).grade is Grade.UNKNOWN


def test_git_alone_never_makes_a_chain_unbroken() -> None:
    made = change(reviews=(review(CEM),), requests=(Mention("issue", "#1", name("a")),))
    chain = chain_of(made, known_of(attribution("a", AI), attribution("b", AI)))
    assert {one.grade for one in chain.links[:5]} == {Grade.STATED}
    assert not chain.unbroken


persons = st.sampled_from([ANA, BEN, CEM, BOT, WEB, Person("ana", ""), Person("", "x@example.com")])


@given(
    st.sampled_from(Landing),
    st.one_of(st.none(), st.integers(1, 99)),
    st.lists(st.tuples(st.sampled_from(["reviewed-by", "acked-by", "signed-off-by", "r"]), persons, st.sampled_from("abm")), max_size=4),
    st.lists(persons, min_size=1, max_size=3, unique=True),
    persons,
    st.dictionaries(st.sampled_from("abm"), st.sampled_from(Authorship), max_size=3),
    st.sampled_from(["forge", "commits"]),
)  # fmt: skip
def test_laws_of_every_chain(landing, number, reviews, authors, landed_by, known, recorded_in) -> None:
    made = change(
        landing=landing, number=number, number_basis=Basis.MESSAGE if number else None, authors=tuple(authors),
        landed_by=landed_by, reviews=tuple(review(person, kind=kind, where=where) for kind, person, where in reviews),
    )  # fmt: skip
    chain = chain_of(
        made, known_of(*(attribution(at, kind) for at, kind in known.items())), recorded_in=recorded_in
    )
    assert [one.name for one in chain.links] == list(LinkName)
    for one in chain.links:
        assert one.summary.endswith(".")
        assert one.grade is not Grade.PROVED or one.name is LinkName.SUGGESTION
        assert one.grade is not Grade.MISSING or (one.name is LinkName.REVIEW and recorded_in == "commits")
        # What is not known says what would open it; what is claimed cites something.
        assert one.remedy if one.grade in {Grade.UNKNOWN, Grade.MISSING} else one.evidence
    approving = chain.link(LinkName.REVIEW)
    if approving.grade is Grade.STATED:
        assert not any(same(person, author) for person in approving.people for author in authors)
        assert not any(is_bot(person) for person in approving.people)
