"""The changes table as the ledger tells it: each judgement of derived/changes.sql has its row here."""

from typing import Any

import pytest

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

LANDED = "2026-02-03T12:00:00Z"  # a Tuesday
COVERED = covering("reviews", "checks")


def seen(**columns: Any) -> Record:
    own: dict[str, Any] = {
        "change_id": "c1", "repository": "r", "landed_at": LANDED, "landing": "squash", "subject": "s",
        "author": "Ana <ana@example.com>", "participants": ["ana@example.com"], "attribution": "human-tracked",
        "number": 7, "head_commit": "h1", "came_by_pull_request": True,
    }  # fmt: skip
    return tell("changes_seen", **{**own, **columns})


def review(review_id: str = "1", **columns: Any) -> Record:
    own: dict[str, Any] = {
        "review_id": review_id, "repository": "r", "number": 7, "commit": "h1", "reviewer": "cem", "is_bot": False, "state": "approved",
        "submitted_at": "2026-02-03T11:00:00Z",
    }  # fmt: skip
    return tell("reviews", **{**own, **columns})


def check(check_id: str = "1", **columns: Any) -> Record:
    own: dict[str, Any] = {
        "check_id": check_id, "repository": "r", "commit": "h1", "name": "tests", "kind": "tests",
        "conclusion": "success", "completed_at": "2026-02-03T11:30:00Z",
    }  # fmt: skip
    return tell("checks", **{**own, **columns})


def row_of(*records: Record) -> dict[str, Any]:
    with facts_of(records, only=["changes"]) as store:
        (row,) = rows_of(store, "changes")
    return row


AFTER = "2026-02-05T09:00:00Z"
PEOPLE = [
    tell("people", person="p-ana", name="Ana", identities=["ana@example.com", "Ana-GH"]),
    tell("people", person="p-cem", name="Cem", identities=["cem", "cem@example.com"]),
]
SHARED = [
    tell("people", person="p-ana", name="Ana", identities=["ana@example.com", "shared"]),
    tell("people", person="p-cem", name="Cem", identities=["shared"]),
]


@pytest.mark.parametrize(
    ("records", "approvals", "reasons"),
    [
        # Nobody looked; looked, and there is none; known approvals count where nobody looked at all of them.
        ([seen()], None, []),
        ([seen(), *COVERED], 0, []),
        ([seen(), review()], 1, []),
        ([seen(), review(), *COVERED], 1, []),
        # What the messages state counts only where the forge tells nothing.
        ([seen(stated_approvals=2, stated_rejections=["covers-part"])], 2, ["covers-part"]),
        ([seen(stated_approvals=2), *COVERED], 0, []),
        ([seen(stated_approvals=2), review(state="commented")], 2, []),
        ([seen(stated_approvals=2), review(state="changes-requested")], 2, []),
        # Persons count once, whatever account they use.
        ([seen(), review("1"), review("2")], 1, []),
        ([seen(), review("1"), review("2", reviewer="CEM")], 1, []),
        ([seen(), review("1"), review("2", reviewer="cem@example.com"), *PEOPLE], 1, []),
        ([seen(), review("1"), review("2", reviewer="dov")], 2, []),
        # Who had a part may not.
        ([seen(), review(reviewer="ana@example.com")], 0, ["author"]),
        ([seen(), review(reviewer="Ana-GH"), *PEOPLE], 0, ["author"]),
        ([seen(), review(reviewer="ana")], 0, ["author"]),  # too near to call independent
        ([seen(author="Ana <12+ana-gh@users.noreply.github.com>"), review(reviewer="ana-gh")], 0, ["author"]),
        ([seen(participants=["@Cem"]), review()], 0, ["participant"]),
        ([seen(participants=["cem@example.com"]), review(), *PEOPLE], 0, ["participant"]),
        ([seen(), review(reviewer="shared"), *SHARED], 0, ["author"]),  # two have it: it may be hers
        # A login like the local part of another's address is another person where the list says so.
        (
            [
                seen(participants=["cem@other.example"]), review(), *PEOPLE,
                tell("people", person="p-3", name="Cem the Other", identities=["cem@other.example"]),
            ], 1, [],
        ),
        ([seen(), review(is_bot=True)], 0, ["bot"]),
        ([seen(), review(is_bot=True), review("2", reviewer="dov")], 1, ["bot"]),
        # Only before the landing; the last word counts.
        ([seen(), review(submitted_at=LANDED)], 1, []),
        ([seen(), review(submitted_at=AFTER), *COVERED], 0, ["after-landing"]),
        ([seen(), review(state="dismissed")], 0, ["dismissed"]),
        ([seen(), review(), review("2", state="dismissed", submitted_at="2026-02-03T11:30:00Z")], 0, ["dismissed"]),
        ([seen(), review(), review("2", state="changes-requested", submitted_at="2026-02-03T11:30:00Z")], 0, ["withdrawn"]),
        ([seen(), review(), review("2", state="changes-requested", submitted_at="2026-02-03T10:30:00Z")], 1, []),
        ([seen(), review(), review("2", state="changes-requested", submitted_at=AFTER)], 1, []),
        ([seen(), review(), review("2", state="commented", submitted_at="2026-02-03T11:30:00Z")], 1, []),
        # Whose review it is.
        ([seen(), review(number=8), *COVERED], 0, []),
        ([seen(), review(repository="other"), *COVERED], 0, []),
        ([seen(), review(number=None), *COVERED], 1, []),
        ([seen(), review(number=None, commit="c1"), *COVERED], 1, []),
        ([seen(number=None), review(number=8), *COVERED], 1, []),
        # A request of unknown number leaves open which reviews are its own; a direct push has none.
        ([seen(number=None), *COVERED], None, []),
        ([seen(number=None, came_by_pull_request=False), *COVERED], 0, []),
        ([seen(number=None, came_by_pull_request=None, landing="direct"), *COVERED], 0, []),
        # An extract of another time, a truncated one, and one that ended before what it says to cover.
        ([seen(), *covering("reviews", since="2026-03-01")], None, []),
        ([seen(), *covering("reviews", until=LANDED)], None, []),
        ([seen(), tell("extracts", extract="e", population="reviews", covers_from="2026-01-01", covers_until="2026-07-01", truncated=True)], None, []),
        ([seen(), tell("extracts", extract="e", population="reviews", covers_from="2026-01-01", covers_until="2026-07-01", ended_at="2026-01-31")], None, []),
    ],
)  # fmt: skip
def test_independent_approvals(records: list[Record], approvals: int | None, reasons: list[str]) -> None:
    row = row_of(*records)
    assert (row["independent_human_approvals"], row["approvals_rejected_for"]) == (approvals, reasons)


@pytest.mark.parametrize(
    ("records", "covers"),
    [
        ([seen(), *COVERED], None),
        ([seen(), review()], True),
        ([seen(), review(commit="h0")], False),
        ([seen(), review(commit=None)], None),
        (
            [seen(), review("1"), review("2", commit="h0", reviewer="dov", submitted_at="2026-02-03T11:30:00Z")],
            True,  # one of them is
        ),
        (
            [seen(), review("1", commit="h0"), review("2", reviewer="dov", submitted_at="2026-02-03T11:30:00Z")],
            True,
        ),
        (
            [seen(), review("1", commit="h0"), review("2", reviewer="ana", submitted_at="2026-02-03T11:30:00Z")],
            False,
        ),
        ([seen(head_commit=None), review(commit="h0")], None),
        ([seen(head_commit=None), review(commit="c1")], True),
        ([seen(head_commit=None, landing="direct"), review(commit="h0")], False),
    ],
)
def test_whether_what_was_approved_is_what_was_merged(records: list[Record], covers: bool | None) -> None:
    assert row_of(*records)["approval_covers_merged"] is covers


REQUIRED = seen(required_checks=["tests", "lint"])
LINT = check("2", name="lint", kind="static-analysis")


@pytest.mark.parametrize(
    ("records", "succeeded"),
    [
        # Required checks are named.
        ([REQUIRED], None),
        ([REQUIRED, *COVERED], False),
        ([REQUIRED, check(), LINT], True),
        ([REQUIRED, check()], None),
        ([REQUIRED, check(), *COVERED], False),
        ([REQUIRED, check(), check("2", name="lint", conclusion="failure")], False),
        ([REQUIRED, check(), check("2", name="lint", conclusion="skipped")], False),
        ([REQUIRED, check(), check("2", name="lint", conclusion="neutral")], False),
        ([REQUIRED, check(), check("2", name="lint", conclusion="pending", completed_at=None)], False),
        ([REQUIRED, check(), check("2", name="lint", completed_at=AFTER)], False),
        ([REQUIRED, check(), check("2", name="lint", completed_at=LANDED)], True),
        ([REQUIRED, check(), LINT, check("3", name="docs", conclusion="failure")], True),
        ([REQUIRED, check(), check("2", name="lint", commit="h0"), *COVERED], False),
        ([REQUIRED, check(), check("2", name="lint", repository="other"), *COVERED], False),
        # The last run before the landing decides.
        ([REQUIRED, LINT, check("1", conclusion="failure"), check("3", completed_at="2026-02-03T11:45:00Z")], True),
        ([REQUIRED, LINT, check(), check("3", conclusion="failure", completed_at="2026-02-03T11:45:00Z")], False),
        ([REQUIRED, LINT, check(), check("3", conclusion="failure", completed_at=AFTER)], True),
        ([REQUIRED, LINT, check(), check("3", conclusion="failure")], False),  # at the same moment: the worse
        # Which are required is not known, or none is: all that ran, and all must have been seen.
        ([seen()], None),
        ([seen(), *COVERED], False),
        ([seen(), check()], None),
        ([seen(), check(), *COVERED], True),
        ([seen(required_checks=[]), check(), *COVERED], True),
        ([seen(required_checks=[]), *COVERED], False),
        ([seen(), check(), LINT, *COVERED], True),
        ([seen(), check(), check("2", name="lint", conclusion="skipped")], False),
        ([seen(), check(), check("2", name="lint", completed_at=AFTER), *COVERED], None),
        ([seen(), check(completed_at=AFTER), *COVERED], False),
        ([seen(), check(conclusion="pending", completed_at=None), *COVERED], False),
        # The head is not known.
        ([seen(head_commit=None), *COVERED], None),
        ([seen(head_commit=None), check(commit="c1"), *COVERED], True),
        ([seen(head_commit=None, required_checks=["tests"]), *COVERED], None),
        ([seen(head_commit=None, landing="direct"), *COVERED], False),
    ],
)
def test_checks(records: list[Record], succeeded: bool | None) -> None:
    assert row_of(*records)["checks_succeeded"] is succeeded


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("static-analysis", "static_analysis_succeeded"),
        ("tenant-isolation", "isolation_tests_succeeded"),
        ("evaluation", "evaluation_succeeded"),
    ],
)
def test_checks_of_one_kind(kind: str, column: str) -> None:
    assert row_of(seen(), check())[column] is None
    assert row_of(seen(), check(), *COVERED)[column] is False
    assert row_of(seen(head_commit=None), *COVERED)[column] is None
    assert row_of(seen(), check(kind=kind))[column] is True
    assert row_of(seen(), check(kind=kind, conclusion="neutral"))[column] is False
    assert row_of(seen(), check(kind=kind, completed_at=AFTER))[column] is False
    assert row_of(seen(), check(kind=kind), check("2", kind=kind, name="b", conclusion="failure"))[column] is False
    assert row_of(seen(), check(kind=kind), check("2", conclusion="failure", name="b"))[column] is True


@pytest.mark.parametrize("kind", ["dependency-scan", "secret-scan"])
def test_whether_a_scan_of_a_kind_ran(kind: str) -> None:
    column = f"has_{kind.replace('-', '_')}"
    assert row_of(seen(), check())[column] is None
    assert row_of(seen(), check(), *COVERED)[column] is False
    assert row_of(seen(head_commit=None), *COVERED)[column] is None
    for ended in ("success", "failure", "neutral"):
        assert row_of(seen(), check(kind=kind, conclusion=ended), *COVERED)[column] is True
    for ended in ("skipped", "cancelled"):
        assert row_of(seen(), check(kind=kind, conclusion=ended), *COVERED)[column] is False
    assert row_of(seen(), check(kind=kind, completed_at=AFTER), *COVERED)[column] is False
    assert row_of(seen(), check(kind=kind), check("2", kind=kind, conclusion="skipped"))[column] is True


@pytest.mark.parametrize(
    ("records", "reviewed", "days"),
    [
        ([seen()], None, None),
        ([seen(), *COVERED], False, None),
        ([seen(), *covering("reviews", until="2026-02-10")], None, None),  # seven days are not over
        ([seen(number=None), *COVERED], None, None),
        ([seen(), review(submitted_at=AFTER)], True, 2),
        ([seen(), review(submitted_at="2026-02-03T12:00:01Z")], True, 0),
        ([seen(), review(submitted_at="2026-02-09T00:00:00Z")], True, 4),  # Monday after
        (
            [seen(landed_at="2026-02-06T23:59:59Z"), review(submitted_at="2026-02-07T00:00:00Z")],
            True,
            0,
        ),  # Saturday
        ([seen(landed_at="2026-02-07"), review(submitted_at="2026-02-09T23:00:00Z")], True, 1),
        (
            [seen(), review(submitted_at=AFTER), review("2", submitted_at="2026-02-04T00:00:00Z", reviewer="dov")],
            True,
            1,
        ),
        ([seen(), review(submitted_at=AFTER, state="commented"), *COVERED], False, None),
        ([seen(), review(submitted_at=AFTER, state="dismissed"), *COVERED], False, None),
        ([seen(), review(submitted_at=AFTER, reviewer="ana"), *COVERED], False, None),
        ([seen(), review(submitted_at=AFTER, is_bot=True), *COVERED], False, None),
        ([seen(), review(), *COVERED], False, None),
    ],
)
def test_review_after_the_landing(records: list[Record], reviewed: bool | None, days: int | None) -> None:
    row = row_of(*records)
    assert (row["after_reviewed"], row["after_review_business_days"]) == (reviewed, days)


@pytest.mark.parametrize(
    ("columns", "older"),
    [
        ({}, None),
        ({"request_mentions": 1}, None),
        ({"request_mentions": 0}, False),
        ({"request_opened_at": "2026-02-03T11:59:59Z"}, True),
        ({"request_opened_at": LANDED}, False),
        ({"request_opened_at": AFTER}, False),
    ],
)
def test_whether_a_request_is_older(columns: dict[str, Any], older: bool | None) -> None:
    assert row_of(seen(**columns))["request_older"] is older


def test_the_first_deployment_of_this_very_commit_to_production() -> None:
    def deployment(deployment_id: str, day: str, **columns: Any) -> Record:
        own = {"deployment_id": deployment_id, "repository": "r", "commit": "c1", "is_production": True}
        return tell("deployments", deployed_at=day, **{**own, **columns})

    assert row_of(seen())["deployed_at"] is None
    row = row_of(
        seen(),
        deployment("1", "2026-02-10"),
        deployment("2", "2026-02-08"),
        deployment("3", "2026-02-04", is_production=False),
        deployment("4", "2026-02-05", commit="h1"),
        deployment("5", "2026-02-06", repository="other"),
    )
    assert row["deployed_at"] == "2026-02-08T00:00:00Z"


def test_what_the_source_does_not_say() -> None:
    row = row_of(seen())
    told = {name for name, value in row.items() if value is None}
    assert told == {
        "independent_human_approvals", "approval_covers_merged", "checks_succeeded", "request_mentions",
        "after_reviewed", "after_review_business_days", "ai_tool_named", "guarded_owner_approved", "merged_by",
        "bypassed_rules", "approvals_given", "approved_at", "opened_at", "changed_lines", "request_author",
        "request_older", "static_analysis_succeeded", "isolation_tests_succeeded",
        "evaluation_succeeded", "has_dependency_scan", "has_secret_scan", "touches_prompts", "touches_infrastructure", "touches_migrations",
        "touches_dependencies", "deployed_at",
    }  # fmt: skip
    assert (row["emergency"], row["attribution_conflict"], row["touches_guarded_paths"]) == (False, False, False)
    assert (row["guarded_paths"], row["approvals_rejected_for"]) == ([], [])


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"landing": "initial"}, {"is_initial_import": True}),
        ({"attribution": "automation"}, {"automation_only": True, "attribution": "automation"}),
        ({"attribution": "ai-declared"}, {"automation_only": False, "attribution": "ai-declared"}),
        ({"attribution": "something new"}, {"attribution": "unknown", "automation_only": False}),
        ({"came_by_pull_request": None}, {"came_by_pull_request": True}),  # it names one
        ({"came_by_pull_request": None, "number": None}, {"came_by_pull_request": None}),
        ({"came_by_pull_request": False, "number": None}, {"came_by_pull_request": False}),
        ({"guarded_paths": ["CODEOWNERS"]}, {"touches_guarded_paths": True, "guarded_paths": ["CODEOWNERS"]}),
        ({"emergency": True, "merged_by": "dov"}, {"emergency": True, "merged_by": "dov"}),
    ],
)
def test_what_is_taken_over(columns: dict[str, Any], expected: dict[str, Any]) -> None:
    row = row_of(seen(**columns))
    assert {name: row[name] for name in expected} == expected


def test_one_commit_in_two_repositories_is_two_changes() -> None:
    with facts_of([seen(), seen(repository="other"), review(), *COVERED], only=["changes"]) as store:
        found = {row["repository"]: row["independent_human_approvals"] for row in rows_of(store, "changes")}
    assert found == {"r": 1, "other": 0}
