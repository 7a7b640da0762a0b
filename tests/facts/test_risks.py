"""Risks: the register on the day of an assessment, what is above tolerance, what called for a review."""

from collections.abc import Iterable
from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

ANA = tell("people", person="ana", name="Ana", starts_at="2020-01-01", identities=["ana@example.com"])
READ = "2026-07-02T00:00:00Z"


def by_key(records: Iterable[Record], table: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[store.tables[table].key]: row for row in rows_of(store, table)}


def risk(name: str, moment: str, **columns: Any) -> Record:
    rated = {"is_open": True, "likelihood": 3, "impact": 4, "owner": "ana", **columns}
    return tell("risks", risk=name, rated_at=moment, **rated)


def assessment(name: str, approved: str | None, by: str = "ana@example.com", **columns: Any) -> Record:
    return tell(
        "risk_assessments",
        assessment=name,
        finished_at="2026-01-05",
        approved_at=approved,
        approved_by=by,
        **columns,
    )


# assessment_results


def test_the_register_counts_as_it_stood_when_it_was_approved() -> None:
    found = by_key(
        [
            ANA,
            risk("R1", "2025-06-01", categories=["fraud"]),
            risk("R1", "2026-01-09", categories=["fraud", "collusion"]),
            risk("R1", "2026-03-01", is_open=False),
            risk("R2", "2026-01-02", likelihood=None, categories=["model-drift"]),
            risk("R3", "2026-01-02", owner=None),
            risk("R4", "2025-01-02"),
            risk("R4", "2026-01-02", is_open=False),
            risk("R5", "2026-02-02"),
            assessment("A1", "2026-01-10"),
            assessment("draft", None),
            *covering("people"),
        ],
        "assessment_results",
    )
    row = found["A1"]
    assert (row["open_risks"], row["unrated"], row["unowned"]) == (3, ["R2"], ["R3"])
    assert row["categories"] == row["renewed_categories"] == ["collusion", "fraud"]
    assert row["approver_is_person"] is True
    assert list(found) == ["A1"]


def test_an_entry_is_renewed_when_it_was_rated_after_the_assessment_before() -> None:
    records = [
        risk("R1", "2025-01-02", categories=["fraud"]),
        risk("R2", "2025-12-02", categories=["collusion"]),
        assessment("A1", "2025-02-01"),
        assessment("A2", "2026-02-01"),
    ]
    row = by_key(records, "assessment_results")["A2"]
    assert (row["categories"], row["renewed_categories"]) == (["collusion", "fraud"], ["collusion"])


def test_an_agent_approves_nothing() -> None:
    def approver(*records: Record, by: str = "agent") -> Any:
        return by_key([ANA, assessment("A1", "2026-02-01", by), *records], "assessment_results")["A1"][
            "approver_is_person"
        ]

    assert approver() is None
    assert approver(*covering("people")) is False
    assert approver(by="ana") is True


# treatment_duties


def treated(*records: Record) -> dict[tuple[str, str, str], tuple[Any, Any, Any]]:
    return {
        (row["kind"], row["risk"], row["owed_from"][:10]): (
            row["due_at"] and row["due_at"][:10],
            row["done_at"] and row["done_at"][:10],
            row["is_settled"],
        )
        for row in by_key([ANA, *records], "treatment_duties").values()
    }


def test_a_plan_runs_from_the_first_entry_above_tolerance_to_the_first_below() -> None:
    plan = {"treatment": "mitigate", "plan_owner": "ana"}
    found = treated(
        risk("R1", "2026-01-01", is_above_tolerance=False),
        risk("R1", "2026-02-01", is_above_tolerance=True, **plan, due_at="2026-04-01"),
        risk("R1", "2026-03-01", is_above_tolerance=True, **plan, due_at="2026-06-01"),
        risk("R1", "2026-05-01", is_above_tolerance=False),
        risk("R1", "2026-06-01", is_above_tolerance=True),
    )
    assert found["plan", "R1", "2026-02-01"] == ("2026-04-01", "2026-05-01", True)
    assert found["plan", "R1", "2026-06-01"] == (None, None, False)
    assert sorted(kind for kind, _, _ in found) == ["plan", "plan", "review", "review"]


def test_an_extension_needs_an_approval_and_a_closed_entry_ends_the_plan() -> None:
    above = {"is_above_tolerance": True, "plan_owner": "ana", "due_at": "2026-03-01"}
    moved = treated(risk("R1", "2026-02-01", **above, extended_to="2026-05-01"))
    assert moved["plan", "R1", "2026-02-01"] == ("2026-03-01", None, True)
    approved = treated(risk("R1", "2026-02-01", **above, extended_to="2026-05-01", extension_approved_by="ana"))
    assert approved["plan", "R1", "2026-02-01"] == ("2026-05-01", None, True)
    closed = treated(
        risk("R1", "2026-02-01", **above), risk("R1", "2026-02-20", is_open=False, is_above_tolerance=True)
    )
    assert closed["plan", "R1", "2026-02-01"] == ("2026-03-01", "2026-02-20", True)


def test_an_acceptance_is_a_persons_and_has_an_end() -> None:
    def accepted(**columns: Any) -> Any:
        entry = risk("R1", "2026-02-01", is_above_tolerance=True, treatment="accept", **columns)
        return treated(entry)["acceptance", "R1", "2026-02-01"]

    assert accepted(accepted_by="ana", accepted_until="2026-08-01") == ("2026-08-01", None, True)
    assert accepted(accepted_by="helper[bot]", accepted_until="2026-08-01") == ("2026-08-01", None, False)
    assert accepted(accepted_by="ana") == (None, None, False)


def test_a_risk_that_does_not_say_where_it_stands_counts_and_its_plan_stays_unseen() -> None:
    found = by_key([risk("R1", "2026-02-01", plan_owner="ana", due_at="2026-03-01")], "treatment_duties")
    (plan,) = (row for row in found.values() if row["kind"] == "plan")
    assert (plan["due_at"], plan["done_at"], plan["seen_until"]) == ("2026-03-01T00:00:00Z", None, None)


def test_reviews_follow_each_other_while_the_risk_stands() -> None:
    found = treated(
        risk("R1", "2026-02-01", is_above_tolerance=True),
        risk("R1", "2026-06-01", is_above_tolerance=False),
        tell("risk_reviews", review="V1", subject="R1", reviewed_at="2026-03-01"),
        tell("risk_reviews", review="V2", subject="R2", reviewed_at="2026-03-15"),
        tell("meetings", meeting="M1", kind="treatment-review", held_at="2026-05-01"),
        tell("meetings", meeting="M2", kind="oversight", held_at="2026-05-15"),
        tell("risk_reviews", review="V3", subject="R1", reviewed_at="2026-06-15"),
    )
    reviews = {since: done for (kind, _, since), (_, done, _) in found.items() if kind == "review"}
    assert reviews == {"2026-02-01": "2026-03-01", "2026-03-01": "2026-05-01", "2026-05-01": "2026-06-15"}


# change_risk_reviews


def reviewed(*records: Record) -> dict[str, tuple[Any, Any]]:
    return {
        key: (row["is_labelled"], row["reviewed_at"] and row["reviewed_at"][:10])
        for key, row in by_key(records, "change_risk_reviews").items()
    }


def test_what_shows_by_itself_is_a_candidate_too() -> None:
    agent = tell("accounts", system="gh", account="helper[bot]", kind="agent")
    person = tell("accounts", system="gh", account="ana-gh", kind="human")
    grants = [
        tell("grants", system="gh", grant_id=str(n), account=account, access_right="write", granted_at=moment)
        for n, (account, moment) in enumerate(
            [("helper[bot]", "2026-03-01"), ("helper[bot]", "2026-02-01"), ("ana-gh", "2026-02-01")]
        )
    ]
    found = by_key(
        [
            agent,
            person,
            *grants,
            tell("significant_changes", change="S1", kind="market", released_at="2026-02-01"),
            tell("systems", system="aws", in_scope=True, in_use_from="2026-02-01"),
            tell("systems", system="old", in_scope=True),
            tell("systems", system="wiki", in_use_from="2026-02-01"),
            tell("vendors", vendor="host", in_use_from="2026-02-01"),
            tell("components_seen", component="model-x", kind="model", in_use_from="2026-02-01"),
            tell("components_seen", component="queue", kind="service", in_use_from="2026-02-01"),
            *covering("risk_reviews"),
        ],
        "change_risk_reviews",
    )
    assert {key: row["is_labelled"] for key, row in found.items()} == {
        "market | S1": True,
        "system | aws": False,
        "vendor | host": False,
        "model | model-x": False,
        "agent-capability | gh | helper[bot] | write": False,
    }
    assert {row["released_at"] for row in found.values()} == {"2026-02-01T00:00:00Z"}
    assert {row["reviews_seen_from"] for row in found.values()} == {"2026-01-01T00:00:00Z"}


def test_a_label_and_the_thing_itself_are_one_candidate() -> None:
    label = tell("significant_changes", change="host", kind="vendor", released_at="2026-02-10")
    vendor = tell("vendors", vendor="host", in_use_from="2026-02-01")
    assert reviewed(label, vendor) == {"vendor | host": (True, None)}


def test_the_first_review_counts_and_so_does_a_vendors_assessment() -> None:
    vendor = tell("vendors", vendor="host", in_use_from="2026-02-01")
    own = tell("risk_reviews", review="V1", subject="host", reviewed_at="2026-01-20")
    bought = {"review": "W1", "vendor": "host", "reviewed_at": "2026-01-10", "kind": "assessment"}
    assert reviewed(vendor, own)["vendor | host"] == (False, "2026-01-20")
    assert reviewed(vendor, own, tell("vendor_reviews", **bought, approved=True))["vendor | host"] == (
        False,
        "2026-01-10",
    )
    assert reviewed(vendor, own, tell("vendor_reviews", **bought, approved=False))["vendor | host"] == (
        False,
        "2026-01-20",
    )
