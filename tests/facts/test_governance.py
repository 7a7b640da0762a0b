"""Governance: who acknowledged which policy, what stands, who owned a control, what was tested, what extracts are worth."""

from collections.abc import Iterable
from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

ANA = tell(
    "people", person="ana", name="Ana", starts_at="2026-02-01", identities=["ana@example.com"], is_engineer=True
)
BO = tell("people", person="bo", name="Bo", starts_at="2020-01-01", ends_at="2026-03-15")
FIRST = tell(
    "policies",
    policy="code",
    version="1",
    kind="code-of-conduct",
    approved_at="2025-01-01",
    approved_by="bo",
    effective_from="2025-01-01",
    topics=["sanctions", "ai-responsibility"],
)
LISTS = covering("people", "policies", "acknowledgements")


def later(version: str, since: str, **columns: Any) -> Record:
    return tell(
        "policies",
        policy="code",
        version=version,
        kind="code-of-conduct",
        approved_at=since,
        approved_by="bo",
        effective_from=since,
        **columns,
    )


def said(person: str, moment: str, version: str = "1") -> Record:
    return tell("acknowledgements", person=person, policy="code", version=version, acknowledged_at=moment)


def rows(records: Iterable[Record], table: str, *needs: str) -> list[dict[str, Any]]:
    with facts_of(records, only=[table, *needs]) as store:
        return rows_of(store, table)


def owed(*records: Record) -> dict[tuple[str, str, str], tuple[Any, Any, Any]]:
    """By person, occasion and day: when done, when lapsed, until when seen; the code of conduct alone."""
    return {
        (row["person"], row["occasion"], row["owed_from"][:10]): (
            row["done_at"],
            row["lapsed_at"],
            row["seen_until"],
        )
        for row in rows(records, "acknowledgement_duties", "policy_versions")
        if row["document_kind"] == "code-of-conduct"
    }


# acknowledgement_duties


def test_a_starter_owes_the_version_in_force_and_then_a_renewal() -> None:
    found = owed(ANA, FIRST, *LISTS, said("ana", "2026-02-03"))
    assert found == {
        ("ana", "first", "2026-02-01"): ("2026-02-03T00:00:00Z", None, "2026-07-01T00:00:00Z"),
        ("ana", "renewal", "2026-02-03"): (None, None, "2026-07-01T00:00:00Z"),
    }


def test_an_acknowledgement_before_the_first_day_counts_and_one_of_an_outdated_version_does_not() -> None:
    second = later("2", "2026-01-15")
    assert owed(ANA, FIRST, second, *LISTS, said("ana", "2026-01-20", "2"))["ana", "first", "2026-02-01"][0] == (
        "2026-01-20T00:00:00Z"
    )
    assert owed(ANA, FIRST, second, *LISTS, said("ana", "2026-02-02", "1"))["ana", "first", "2026-02-01"][0] is None


def test_a_material_version_is_owed_anew_and_an_immaterial_one_is_not() -> None:
    found = owed(ANA, FIRST, later("2", "2026-03-01"), later("2.1", "2026-04-01", is_material=False), *LISTS)
    assert sorted(found) == [("ana", "first", "2026-02-01"), ("ana", "version", "2026-03-01")]
    versions = [later("2", "2026-03-01"), later("2.1", "2026-04-01", is_material=False)]
    newest = owed(ANA, FIRST, *versions, *LISTS, said("ana", "2026-04-02", "2"))
    assert newest["ana", "version", "2026-03-01"][0] == "2026-04-02T00:00:00Z"


def test_whoever_leaves_owes_no_more_and_nothing_that_begins_later() -> None:
    found = owed(BO, FIRST, later("2", "2026-03-01"), later("3", "2026-04-01"), *LISTS)
    assert sorted(found) == [("bo", "first", "2025-01-01"), ("bo", "version", "2026-03-01")]
    assert {lapsed for _, lapsed, _ in found.values()} == {"2026-03-15T00:00:00Z"}


def test_what_the_list_does_not_reach_or_cannot_place_is_not_seen() -> None:
    assert owed(BO, FIRST, *LISTS)["bo", "first", "2025-01-01"] == (None, "2026-03-15T00:00:00Z", None)
    assert owed(ANA, FIRST)["ana", "first", "2026-02-01"] == (None, None, None)
    unplaced = owed(ANA, FIRST, *LISTS, said("ana", "2026-02-03", "0.9-draft"))
    assert unplaced == {("ana", "first", "2026-02-01"): (None, None, None)}


def test_without_any_policy_on_ai_every_person_owes_one() -> None:
    found = {row["duty"]: row for row in rows([ANA, FIRST, *LISTS], "acknowledgement_duties", "policy_versions")}
    absent = found["ana | ai-use | first | 2026-02-01T00:00:00Z"]
    assert (absent["done_at"], absent["version"], absent["is_engineer"]) == (None, None, True)
    assert absent["seen_until"] == "2026-07-01T00:00:00Z"  # the list of policies is read, and there is none
    (unread,) = (
        row for row in rows([ANA, FIRST], "acknowledgement_duties", "policy_versions") if row["policy"] == "ai-use"
    )
    assert unread["seen_until"] is None


def test_a_policy_for_engineers_binds_those_and_nobody_knows_of_the_rest() -> None:
    policy = tell("policies", policy="ai", version="1", kind="ai-use", applies_to="engineers", approved_by="bo")
    found = rows([ANA, BO, policy, *LISTS], "acknowledgement_duties", "policy_versions")
    applies = {row["person"]: row["applies"] for row in found if row["policy"] == "ai"}
    assert applies == {"ana": True, "bo": None}


# policy_versions, policy_set


def test_only_a_person_at_work_approves() -> None:
    by_bot = later("2", "2026-03-01", drafted_by_ai=True)
    gone = later("3", "2026-04-01")
    agent = tell("policies", policy="ai", version="1", kind="ai-use", approved_by="agent", approved_at="2026-02-01")
    unseen = tell("policies", policy="old", version="1", kind="data", approved_by="zed", approved_at="2024-02-01")
    found = rows([BO, FIRST, by_bot, gone, agent, unseen, *LISTS], "policy_versions")
    assert {row["policy_version"]: row["approver_is_person"] for row in found} == {
        "code | 1": True,
        "code | 2": True,
        "code | 3": False,
        "ai | 1": False,
        "old | 1": None,
    }


def test_the_basic_kinds_must_stand_and_one_policy_of_each_all_the_time() -> None:
    def made(policy: str, kind: str, since: str, **columns: Any) -> Record:
        return tell("policies", policy=policy, version="1", kind=kind, effective_from=since, **columns)

    found = {
        row["policy"]: (row["is_absent"], row["in_use_from"], row["in_use_until"])
        for row in rows(
            [
                made("ir", "incident", "2024-01-01"),
                made("ir-cloud", "incident", "2026-03-01"),
                made("old-change", "change", "2020-01-01", withdrawn_at="2026-02-01"),
                made("dress", "other", "2026-03-01"),
            ],
            "policy_set",
        )
    }
    assert found["ir"] == (False, None, None)
    assert found["ir-cloud"] == (False, "2026-03-01T00:00:00Z", None)
    assert found["old-change"] == (False, None, "2026-02-01T00:00:00Z")
    assert found["dress"] == (False, "2026-03-01T00:00:00Z", None)
    assert found["ai-use"] == (True, None, None)
    assert len(found) == 4 + 6


# control_ownership


def held(*records: Record) -> list[tuple[Any, ...]]:
    return [
        (row["owner"], row["owner_is_active_person"], (row["held_from"] or "")[:10], (row["held_until"] or "")[:10])
        for row in rows(records, "control_ownership")
    ]


def test_an_assignment_is_cut_where_its_owner_starts_and_leaves() -> None:
    assigned = tell("control_owners", control="CHG-01", owner="bo", held_from="2026-01-01", held_until="2026-06-01")
    assert held(BO, assigned, *LISTS) == [
        ("bo", True, "2026-01-01", "2026-03-15"),
        ("bo", False, "2026-03-15", "2026-06-01"),
    ]
    early = tell("control_owners", control="CHG-01", owner="ana", held_from="2026-01-01", held_until="2026-06-01")
    assert held(ANA, early, *LISTS) == [
        ("ana", False, "2026-01-01", "2026-02-01"),
        ("ana", True, "2026-02-01", "2026-06-01"),
    ]


def test_a_bot_owns_nothing_and_without_an_hr_list_nobody_knows() -> None:
    assigned = tell(
        "control_owners", control="CHG-01", owner="agent", held_from="2026-01-05", held_until="2026-06-01"
    )
    assert held(BO, assigned, *LISTS) == [("agent", False, "2026-01-05", "2026-06-01")]
    assert held(BO, assigned) == [("agent", None, "2026-01-05", "2026-06-01")]


def test_an_open_assignment_holds_until_it_was_read_and_a_look_is_a_moment() -> None:
    still = tell(
        "control_owners", control="CHG-01", owner="ana", held_from="2026-03-01", observed="2026-05-01T00:00:00Z"
    )
    assert held(ANA, still, *LISTS) == [("ana", True, "2026-03-01", "2026-05-01")]
    look = tell("control_owners", control="CHG-01", owner="ana", observed="2026-05-01T00:00:00Z")
    (row,) = rows([ANA, look, *LISTS], "control_ownership")
    assert (row["owner_is_active_person"], row["held_from"], row["observed_at"]) == (
        True,
        None,
        "2026-05-01T00:00:00Z",
    )


# monitoring_duties

MONTHLY = tell("control_register", control="CHG-01", tested_every="month")


def run(moment: str, outcome: str = "passed", **columns: Any) -> Record:
    columns = {"judged_by_model": False, **columns}
    return tell("control_runs", run=moment, control="CHG-01", ran_at=moment, outcome=outcome, **columns)


def monitored(*records: Record) -> dict[str, dict[str, Any]]:
    return {row["duty"]: row for row in rows(records, "monitoring_duties")}


def test_a_run_is_expected_in_each_period_that_was_read_whole() -> None:
    found = monitored(MONTHLY, run("2026-02-03"), *covering("control_runs", since="2026-01-15", until="2026-04-10"))
    done = {duty: row["done_at"] for duty, row in found.items()}
    assert done == {"run | CHG-01 | 2026-02-01": "2026-02-03T00:00:00Z", "run | CHG-01 | 2026-03-01": None}
    assert found["run | CHG-01 | 2026-03-01"]["seen_until"] == "2026-04-10T00:00:00Z"
    unread = monitored(MONTHLY, run("2026-02-03"))
    assert [(row["duty"], row["seen_until"]) for row in unread.values()] == [("run | CHG-01 | 2026-02-01", None)]


def test_a_failure_stands_in_the_register_by_name_or_by_control_and_day() -> None:
    def followed(*records: Record) -> Any:
        return monitored(MONTHLY, *records)["run | CHG-01 | 2026-02-01"]["is_followed_up"]

    failed = run("2026-02-03", "failed")
    register = covering("deficiencies")
    assert followed(run("2026-02-03")) is True
    assert followed(failed) is None
    assert followed(failed, *register) is False
    of_control = tell("deficiencies", deficiency="D1", control="CHG-01", opened_at="2026-02-04")
    assert followed(failed, of_control, *register) is True
    assert followed(failed, tell("deficiencies", deficiency="D2", opened_at="2026-05-01"), *register) is False
    named = run("2026-02-03", "failed", deficiency="D2")
    assert followed(named, tell("deficiencies", deficiency="D2", opened_at="2026-05-01"), *register) is True
    assert followed(failed, run("2026-02-09"), of_control, *register) is True


def test_a_person_decides_on_what_a_model_judged() -> None:
    def followed(**columns: Any) -> Any:
        return monitored(MONTHLY, ANA, run("2026-02-03", **columns))["run | CHG-01 | 2026-02-01"]["is_followed_up"]

    assert followed(judged_by_model=True, disposed_by="ana@example.com") is True
    assert followed(judged_by_model=True, disposed_by="helper[bot]") is False
    assert followed(judged_by_model=True) is False
    assert followed(judged_by_model=None) is None


def test_a_deficiency_is_due_as_first_set_unless_an_extension_was_approved() -> None:
    def due(**columns: Any) -> Any:
        (row,) = monitored(tell("deficiencies", deficiency="D1", due_at="2026-03-01", **columns)).values()
        return row["due_at"][:10], row["is_followed_up"]

    assert due(severity="high", owner="ana") == ("2026-03-01", True)
    assert due(severity="high") == ("2026-03-01", False)
    assert due(extended_to="2026-05-01") == ("2026-03-01", False)
    assert due(extended_to="2026-05-01", extension_approved_by="bo") == ("2026-05-01", False)


def test_a_report_is_due_each_month_that_was_read() -> None:
    given = tell("meetings", meeting="M1", kind="deficiency-report", held_at="2026-01-30")
    other = tell("meetings", meeting="M2", kind="oversight", held_at="2026-02-10")
    found = monitored(given, other, *covering("meetings", until="2026-03-01"))
    assert {duty: row["done_at"] for duty, row in found.items()} == {
        "report | 2026-01-01": "2026-01-30T00:00:00Z",
        "report | 2026-02-01": None,
    }


# extract_checks


def checked(*records: Record, **columns: Any) -> dict[str, Any]:
    whole = {"query": "SELECT 1", "taken_by": "ana", "ended_at": "2026-03-01", "row_count": 7, "second_count": 7}
    extract = tell("extracts", extract="E", population="people", source="HR", **{**whole, **columns})
    (row,) = (row for row in rows([extract, *records], "extract_checks") if row["extract"] == "E")
    return row


ENTRY = {
    "entry": "people",
    "population": "people",
    "source": "HR",
    "owner": "ana",
    "query": "q",
    "completeness_check": "c",
}


def test_an_extract_is_held_against_the_register() -> None:
    good = tell("evidence_register", **ENTRY, under_change_control=True, written_with_ai=True, has_tests=True)
    row = checked(good, sha256="ab")
    assert [row[name] for name in ("is_registered", "says_how_it_was_taken", "is_whole", "ties", "has_digest")] == [
        True
    ] * 5
    assert row["collector_is_controlled"] is True
    untested = tell("evidence_register", **ENTRY, under_change_control=True, written_with_ai=True, has_tests=False)
    assert checked(untested)["collector_is_controlled"] is False
    assert checked(tell("evidence_register", **ENTRY, under_change_control=True))["collector_is_controlled"] is None
    bare = tell("evidence_register", entry="people", population="people", source="HR")
    assert checked(bare)["is_registered"] is False
    assert checked()["is_registered"] is None
    assert checked(*covering("evidence_register"))["is_registered"] is False


def test_counts_must_tie() -> None:
    assert checked(reported_total=9)["is_whole"] is False
    assert checked(truncated=True)["is_whole"] is False
    assert checked(second_count=None)["ties"] is None
    assert checked(second_count=9)["ties"] is False
    assert checked(second_count=9, differences=["zed left"])["ties"] is False
    assert checked(second_count=9, differences=["zed left", "kim left"])["ties"] is True
    assert checked(query=None)["says_how_it_was_taken"] is False
