"""When is a review a review: each test, and its reason."""

import pytest

from asbuilt.facts.reviews import Reviews, judge_reviews
from asbuilt.model.attribution import Authorship
from asbuilt.model.change import Change, Landing
from asbuilt.model.commit import Person
from tests.facts.making import ANA, BEN, BOT, CEM, MADE, attribution, change, is_bot, review, same, single


def judge(made: Change, **more) -> Reviews:
    return judge_reviews(made, same_person=same, is_bot=is_bot, commits=MADE, **more)


def test_an_outsider_on_the_merge_message_covers_everything() -> None:
    found = judge(change(reviews=(review(CEM),)))
    assert (found.approvers, found.reasons) == ((CEM,), ())


def test_one_person_counts_once() -> None:
    assert judge(change(reviews=(review(CEM), review(CEM, kind="acked-by")))).approvers == (CEM,)


@pytest.mark.parametrize("kind", ["signed-off-by", "tested-by", "helped-by", "merged-by"])
def test_kinds_that_approve_nothing(kind: str) -> None:
    assert judge(change(reviews=(review(CEM, kind=kind),))) == Reviews()


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (BEN, "author"),
        (Person("B.", "BEN@example.com"), "author"),
        (Person("Ben Berg", ""), "author"),
        (Person("@ben", ""), "author"),
        (Person("me", ""), "author"),
        (BOT, "bot"),
    ],
)
def test_who_may_not_review(person: Person, reason: str) -> None:
    found = judge(change(reviews=(review(person),)))
    assert (found.approvals, found.reasons) == ((), (reason,))


def test_a_co_author_may_not() -> None:
    assert judge(change(authors=(BEN, CEM), reviews=(review(CEM),))).reasons == ("co-author",)


def test_who_committed_a_commit_of_the_branch_may_not_but_the_merger_may() -> None:
    assert judge(change(committers=(CEM,), reviews=(review(CEM),))).reasons == ("committer",)
    assert judge(change(landed_by=CEM, reviews=(review(CEM),))).approvers == (CEM,)


def test_who_drives_the_agent_may_not() -> None:
    agent = Person("agent", "agent@example.com")
    made = single(authors=(agent,), reviews=(review(CEM, where="a"),))
    driven = {made.id: attribution("a", Authorship.AI_DECLARED, answers=CEM)}
    found = judge_reviews(made, same_person=same, attributions=driven)
    assert found.reasons == ("drives-the-agent",)
    assert found.only_by_parties


def test_who_answers_for_work_that_no_ai_wrote_is_no_driver() -> None:
    made = single(reviews=(review(CEM, where="a"),))
    known = {made.id: attribution("a", Authorship.HUMAN_TRACKED, answers=CEM)}
    assert judge_reviews(made, same_person=same, attributions=known).approvers == (CEM,)


def test_a_review_of_one_commit_of_two_covers_part() -> None:
    found = judge(change(reviews=(review(CEM, where="a"),)))
    assert (found.approvals, found.reasons, found.covered, found.written) == ((), ("covers-part",), 1, 2)
    assert not found.only_by_parties


def test_reviews_of_every_commit_cover_the_change_with_or_without_the_commits() -> None:
    made = change(reviews=(review(CEM, where="a"), review(ANA, where="b")))
    assert judge(made).approvers == (CEM, ANA)
    assert judge_reviews(made, same_person=same).approvers == (CEM, ANA)


def test_the_last_commit_of_a_rebased_run_speaks_for_itself_only() -> None:
    made = change(landing=Landing.REBASE, id=MADE["b" * 40].id, commits=("a" * 40, "b" * 40))
    assert judge(change(reviews=(review(CEM, where="b"),))).reasons == ("covers-part",)
    found = judge_reviews(
        Change(
            **{key: getattr(made, key) for key in made.__struct_fields__} | {"reviews": (review(CEM, where="b"),)}
        ),
        same_person=same,
        commits=MADE,
    )
    assert found.reasons == ("covers-part",)


def test_a_bots_approval_beside_a_persons_changes_nothing() -> None:
    found = judge(change(reviews=(review(BOT), review(CEM))))
    assert (found.approvers, found.reasons) == ((CEM,), ("bot",))


def test_a_partys_word_for_part_of_the_change_contradicts_nothing() -> None:
    found = judge(change(authors=(BEN, CEM), reviews=(review(CEM, where="a"),)))
    assert (found.reasons, found.claims_whole, found.only_by_parties) == (("co-author",), False, False)
    whole = judge(change(authors=(BEN, CEM), reviews=(review(CEM, where="a"), review(BEN, where="b"))))
    assert (whole.reasons, whole.only_by_parties) == (("co-author", "author"), True)
