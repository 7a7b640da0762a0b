"""Staff: what had to be done around the first day, who was trained for which change, who was evaluated."""

from collections.abc import Iterable
from typing import Any

import pytest

from asbuilt.facts.store import project
from asbuilt.model.record import Record, encode_entry
from tests.facts.telling import covering, facts_of, rows_of, tell

ANA = tell("people", person="ana", name="Ana", starts_at="2026-02-01", identities=["ana-gh"], role="engineer")
BO = tell("people", person="bo", name="Bo", starts_at="2020-01-01", identities=["bo-gh"], ends_at="2026-05-01")


def by_key(records: Iterable[Record], table: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[store.tables[table].key]: row for row in rows_of(store, table)}


# starters


def starter(*records: Record) -> dict[str, Any]:
    return by_key([ANA, *records], "starters")["ana"]


def test_the_first_screening_counts_and_an_adverse_one_needs_a_decision() -> None:
    again = tell("screenings", person="ana", completed_at="2026-03-01", outcome="clear")
    clear = tell("screenings", person="ana", completed_at="2026-01-20", outcome="not-permitted")
    row = starter(clear, again)
    assert (row["screened_at"], row["screening_is_settled"]) == ("2026-01-20T00:00:00Z", True)
    adverse = {"person": "ana", "completed_at": "2026-01-20", "outcome": "adverse"}
    assert starter(tell("screenings", **adverse))["screening_is_settled"] is False
    assert starter(tell("screenings", **adverse, accepted_by="bo"))["screening_is_settled"] is True
    assert starter()["screening_is_settled"] is None


def test_administrator_rights_come_after_the_screening() -> None:
    screened = tell("screenings", person="ana", completed_at="2026-02-10", outcome="clear")
    early = tell("privilege_approvals", system="aws", role="admin", account="ana-gh", approved_at="2026-02-03")
    late = tell("privilege_approvals", system="aws", role="admin", account="ana-gh", approved_at="2026-02-11")
    seen = tell("privileged_roles", system="aws", role="admin", holders=["bo-gh", "ana-gh"], held_from="2026-02-05")
    listed = covering("privilege_approvals")

    def before(*records: Record) -> Any:
        return starter(*records)["privileged_before_screening"]

    assert before(screened, early) is True
    assert before(screened, late, *listed) is False
    assert before(screened, late) is None
    assert before(screened, seen, *listed) is True
    assert before(tell("screenings", person="ana", completed_at="2026-01-10"), early) is False
    assert before(early, *listed) is None


def test_the_first_access_is_the_first_account_or_grant_of_the_person() -> None:
    account = tell("accounts", system="gh", account="ana-gh", kind="human", created_at="2026-02-02")
    other = tell("accounts", system="aws", account="a1", person="ana", kind="human")
    grant = tell("grants", system="aws", grant_id="g", account="a1", access_right="read", granted_at="2026-01-30")
    robot = tell("accounts", system="gh", account="ci", kind="service", created_at="2020-01-01", person="ana")
    assert starter(account, robot)["first_access_at"] == "2026-02-02T00:00:00Z"
    assert starter(account, other, grant)["first_access_at"] == "2026-01-30T00:00:00Z"
    assert starter()["first_access_at"] is None
    assert starter(*covering("accounts"))["access_is_seen"] is False
    assert starter(*covering("accounts", "grants"))["access_is_seen"] is True


def test_both_terms_must_be_signed() -> None:
    def signed(*kinds: tuple[str, str]) -> Any:
        papers = [tell("agreements", person="ana", kind=kind, signed_at=moment) for kind, moment in kinds]
        return starter(*papers)["signed_at"]

    assert signed(("confidentiality", "2026-01-10")) is None
    assert signed(("confidentiality", "2026-01-10"), ("inventions", "2026-01-12")) == "2026-01-12T00:00:00Z"
    assert signed(("both", "2026-01-11"), ("other", "2026-01-01")) == "2026-01-11T00:00:00Z"


# training_duties


def trained(moment: str, course: str = "security-awareness", **columns: Any) -> Record:
    return tell(
        "trainings", **{"person": "ana", "course": course, "completed_at": moment, "passed": True, **columns}
    )


def test_a_training_is_owed_at_the_start_and_after_each_one_that_was_passed() -> None:
    failed = trained("2026-02-05", passed=False)
    other = trained("2026-02-06", course="other")
    found = by_key(
        [ANA, failed, other, trained("2026-02-20", topics=["ai-data"]), *covering("trainings")], "training_duties"
    )
    shown = {
        (row["occasion"], row["owed_from"][:10]): (row["done_at"], row["topics"], row["seen_until"])
        for row in found.values()
    }
    assert shown == {
        ("first", "2026-02-01"): ("2026-02-20T00:00:00Z", ["ai-data"], "2026-07-01T00:00:00Z"),
        ("renewal", "2026-02-20"): (None, None, "2026-07-01T00:00:00Z"),
    }


def test_a_training_list_that_was_not_read_shows_nothing_and_leavers_owe_no_more() -> None:
    (row,) = by_key([BO, *covering("trainings")], "training_duties").values()
    assert (row["done_at"], row["seen_until"], row["lapsed_at"]) == (None, None, "2026-05-01T00:00:00Z")


# change_training

LANDED = "2026-03-01"
SKILL = "secure-development"


def change(**columns: Any) -> Record:
    told = {
        "change_id": "c1",
        "repository": "acme/app",
        "landed_at": LANDED,
        "number": 7,
        "attribution": "ai-declared",
    }
    return tell(
        "changes_seen", **{**told, "participants": ["Ana <x@y>", "ana-gh", "Claude <noreply@host>"], **columns}
    )


def approval(reviewer: str, moment: str = "2026-02-27", **columns: Any) -> Record:
    told = {"repository": "acme/app", "review_id": f"{reviewer} {moment}", "number": 7, "state": "approved"}
    return tell("reviews", **{**told, "reviewer": reviewer, "submitted_at": moment, **columns})


def team(*records: Record) -> dict[str, Any]:
    return by_key([ANA, BO, *records], "change_training")["c1"]


def test_authors_and_approvers_need_a_training_before_they_act() -> None:
    of_ana = trained("2026-02-10", SKILL, topics=["ai-review"])
    of_bo = trained("2026-02-26", SKILL, person="bo", topics=["ai-review"])
    row = team(change(), approval("bo-gh"), of_ana, of_bo, *covering("trainings"))
    assert (row["people"], row["without_training"], row["unknown_approvers"]) == (["ana", "bo"], [], [])
    assert (row["oldest_training_at"], row["covers_ai_review"]) == ("2026-02-10T00:00:00Z", True)
    assert row["trainings_seen_from"] == "2026-01-01T00:00:00Z"
    too_late = trained("2026-02-28", SKILL, person="bo", topics=["ai-review"])
    assert team(change(), approval("bo-gh"), of_ana, too_late)["without_training"] == ["bo"]
    assert team(change(), of_ana, too_late)["trainings_seen_from"] is None


def test_only_approvals_of_this_request_by_accounts_of_people_count() -> None:
    nobody = [
        approval("bo-gh", state="commented"),
        approval("bo-gh", "2026-02-26", is_bot=True),
        approval("bo-gh", "2026-02-25", number=8),
        approval("bo-gh", "2026-02-24", repository="acme/web"),
    ]
    assert team(change(), *nobody)["people"] == ["ana"]
    assert team(change(), approval("zed"))["unknown_approvers"] == ["zed"]
    on_commit = approval("bo-gh", number=None, commit="c1")
    assert team(change(number=None), on_commit)["people"] == ["ana", "bo"]
    assert team(change(participants=["Claude <noreply@host>"]))["people"] == []


@pytest.mark.parametrize(
    ("of_ana", "of_bo", "covers"),
    [(["ai-review"], ["ai-review"], True), (["ai-review"], ["owasp"], False), (["ai-review"], None, None)],
)
def test_each_training_must_cover_reviewing_ai_output(of_ana: Any, of_bo: Any, covers: bool | None) -> None:
    trainings = [
        trained("2026-02-10", SKILL, topics=of_ana),
        trained("2026-02-10", SKILL, person="bo", topics=of_bo),
    ]
    assert team(change(), approval("bo-gh"), *trainings)["covers_ai_review"] is covers


def test_what_comes_later_gives_the_same_rows_as_what_came_at_once() -> None:
    first = [ANA, BO, change(), change(change_id="c2", number=8)]
    later = [
        approval("bo-gh"),
        trained("2026-02-10", SKILL, topics=["ai-review"]),
        tell("people", person="kim", name="Kim", starts_at="2020-01-01", identities=["Claude <noreply@host>"]),
        *covering("trainings"),
        change(change_id="c3", number=9),
        approval("bo-gh", "2026-02-26", number=None, commit="c3"),
    ]
    whole = by_key([*first, *later], "change_training")
    assert whole["c2"]["people"] == ["ana", "kim"]
    with facts_of(first, only=["change_training"]) as store:
        for count, record in enumerate(later, len(first)):
            assert project(store, [encode_entry(record)], start=count).refused == ()
        assert {row["change_id"]: row for row in rows_of(store, "change_training")} == whole


# conduct_duties


def conduct(*records: Record) -> dict[tuple[str, str], tuple[Any, Any, Any]]:
    found = by_key(records, "conduct_duties").values()
    return {
        (row["kind"], row["owed_from"][:10]): (row["done_at"], row["decided_by"], row["seen_until"])
        for row in found
    }


def test_a_starter_needs_a_role_and_an_evaluation_and_then_one_each_year() -> None:
    role = tell("role_descriptions", role="engineer", version="1", effective_from="2025-06-01")
    hire = tell("evaluations", person="ana", kind="hire", evaluated_at="2026-02-20", evaluated_by="bo")
    year = tell("evaluations", person="ana", kind="yearly", evaluated_at="2026-06-01", evaluated_by="bo")
    found = conduct(ANA, role, hire, year, *covering("evaluations", "role_descriptions"))
    seen = "2026-07-01T00:00:00Z"
    assert found == {
        ("role", "2026-02-01"): ("2025-06-01T00:00:00Z", None, seen),
        ("hire", "2026-02-01"): ("2026-02-20T00:00:00Z", "bo", seen),
        ("yearly", "2026-02-01"): ("2026-06-01T00:00:00Z", "bo", seen),
        ("yearly", "2026-06-01"): (None, None, seen),
    }


def test_a_person_without_a_role_on_the_list_is_not_known_to_lack_a_description() -> None:
    nameless = tell("people", person="kim", name="Kim", starts_at="2026-02-01")
    assert conduct(nameless, *covering("role_descriptions"))["role", "2026-02-01"] == (None, None, None)


def test_a_breach_is_over_when_somebody_decided() -> None:
    def breach(**columns: Any) -> Any:
        return conduct(tell("policy_breaches", breach="B1", reported_at="2026-02-01", **columns))[
            "breach", "2026-02-01"
        ]

    read = "2026-07-02T00:00:00Z"
    assert breach() == (None, None, read)
    assert breach(decided_at="2026-02-09", decided_by="bo") == (None, "bo", read)
    assert breach(decided_at="2026-02-09", decided_by="bo", disposition="talk") == (
        "2026-02-09T00:00:00Z",
        "bo",
        read,
    )
