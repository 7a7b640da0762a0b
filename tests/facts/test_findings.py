"""Scans, findings, penetration tests and baselines: days without a run, and the one clock of a finding."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

ANA = tell("people", person="ana", name="Ana", starts_at="2020-01-01", identities=["ana-gh"])


def derived(table: str, *records: Record, key: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[key]: row for row in rows_of(store, table)}


def seen(**columns: Any) -> Record:
    return tell("findings_seen", **{"finding": "F", "seen_at": "2026-01-10", "severity": "high", **columns})


def decided(**columns: Any) -> Record:
    return tell("finding_decisions", finding="F", **columns)


def finding(*records: Record) -> dict[str, Any]:
    return derived("findings", *records, key="finding")["F"]


def test_a_day_without_a_scan_counts_only_where_the_list_of_runs_covers_it() -> None:
    rows = derived(
        "scan_days",
        tell("scan_targets", target="api", kind="repository", in_scope=True),
        tell("scan_targets", target="db", kind="host", in_scope=True, in_use_from="2026-01-02T08:00:00Z"),
        tell("scan_targets", target="toy", kind="repository", in_scope=False),
        tell("scan_targets", target="old", kind="image", in_scope=True, in_use_until="2026-01-02"),
        tell("scan_runs", run="1", target="api", ran_at="2026-01-01T04:00:00Z", succeeded=True,
             database_at="2025-12-30T05:00:00Z"),
        tell("scan_runs", run="2", target="api", ran_at="2026-01-01T05:00:00Z", succeeded=True,
             database_at="2026-01-01T04:59:59Z"),
        tell("scan_runs", run="3", target="api", ran_at="2026-01-02T04:00:00Z", succeeded=False),
        tell("scan_runs", run="4", target="api", ran_at="2026-01-05T04:00:00Z", succeeded=True),
        *covering("scan_runs", until="2026-01-04"),
        key="target_day",
    )  # fmt: skip
    assert {key: (row["runs"], row["database_age_hours"]) for key, row in rows.items()} == {
        "api | 2026-01-01": (2, 0),
        "api | 2026-01-02": (0, None),
        "api | 2026-01-03": (0, None),
        "api | 2026-01-04": (None, None),  # nothing covers it
        "api | 2026-01-05": (1, None),
        "db | 2026-01-03": (0, None),  # its first whole day
        "db | 2026-01-04": (None, None),
        "db | 2026-01-05": (None, None),
        "old | 2026-01-01": (0, None),
    }


def test_finding_it_again_never_starts_the_clock_anew() -> None:
    row = finding(
        seen(seen_at="2026-03-01", found_by="late", severity="medium"),
        seen(seen_at="2026-01-10", found_by="scanner", first_seen_at="2025-12-01"),
        seen(seen_at="2026-02-01", first_seen_at="2026-02-01", closed_at="2026-01-20"),
    )
    assert row["first_seen_at"] == "2025-12-01T00:00:00Z"
    assert row["found_by"] == "scanner"
    assert row["closed_at"] is None  # seen open again after it was called closed


def test_a_closing_is_that_of_the_newest_telling() -> None:
    assert (
        finding(seen(), seen(seen_at="2026-02-01", closed_at="2026-01-20"))["closed_at"] == "2026-01-20T00:00:00Z"
    )


def test_a_lower_rating_counts_only_with_a_person_and_a_reason() -> None:
    lower = seen(seen_at="2026-02-01", severity="low")
    by = {"decision": "downgraded", "decided_at": "2026-01-15", "severity": "low"}
    unseen = finding(seen(), lower)
    assert (unseen["severity"], unseen["downgrade_justified"]) == ("high", None)
    covered = covering("finding_decisions", "people")
    cases: list[tuple[list[Record], tuple[str, bool | None]]] = [
        ([], ("high", False)),
        ([decided(decided_by="ana-gh", reason="not reachable", **by)], ("low", True)),
        ([decided(decided_by="ana-gh", **by)], ("high", False)),
        ([decided(decided_by="scanner[bot]", reason="score", **by)], ("high", False)),
    ]
    for records, expected in cases:
        row = finding(seen(), lower, ANA, *covered, *records)
        assert (row["severity"], row["downgrade_justified"], row["severity_told"]) == (*expected, "low")
    assert finding(seen())["downgrade_justified"] is None  # never rated lower


def test_a_rating_that_rises_counts_and_an_odd_one_stays_as_told() -> None:
    assert finding(seen(severity="low"), seen(seen_at="2026-02-01", severity="critical"))["severity"] == "critical"
    assert finding(seen(severity="moderate"))["severity"] == "moderate"


def test_acceptances_in_a_row_are_one_and_a_break_begins_anew() -> None:
    def accepted(at: str, until: str | None, *, reason: str | None = "guarded by the gateway") -> Record:
        return decided(decision="accepted", decided_at=at, decided_by="ana", accepted_until=until, reason=reason)

    row = finding(seen(), ANA, accepted("2026-01-12", "2026-02-12"), accepted("2026-02-01", "2026-04-01"))
    assert (row["accepted"], row["accepted_at"], row["accepted_until"], row["accepted_by"]) == (
        True, "2026-01-12T00:00:00Z", "2026-04-01T00:00:00Z", "ana",
    )  # fmt: skip
    row = finding(seen(), ANA, accepted("2026-01-12", "2026-02-12"), accepted("2026-03-01", "2026-04-01"))
    assert row["accepted_at"] == "2026-03-01T00:00:00Z"
    for broken in (accepted("2026-01-12", None), accepted("2026-01-12", "2026-02-12", reason=None)):
        assert finding(seen(), ANA, broken)["accepted"] is False
    assert finding(seen(), *covering("finding_decisions"))["decisions_seen_until"] == "2026-07-01T00:00:00Z"
    assert finding(seen())["decisions_seen_until"] is None


def test_findings_of_a_penetration_test_are_counted_on_the_list_of_all() -> None:
    tests = [
        tell("pentests", pentest="P1", ended_at="2026-02-01", has_ai_features=False),
        tell("pentests", pentest="P2", ended_at="2026-03-01", has_ai_features=True, covers_ai_features=False),
        tell("pentests", pentest="P3", ended_at="2026-08-01", covers_ai_features=True),
        tell("pentests", pentest="P4", ended_at="2026-08-01", covers_ai_features=False),
    ]
    found = [
        seen(pentest="P1"),
        seen(finding="G", pentest="P1"),
        seen(finding="G", seen_at="2026-02-01", pentest="P1"),
    ]
    rows = derived("penetration_tests", *tests, *found, *covering("findings_seen"), key="pentest")
    assert {key: (row["tracked_findings"], row["covers_ai_features"]) for key, row in rows.items()} == {
        "P1": (2, True), "P2": (0, False), "P3": (None, True), "P4": (None, None),
    }  # fmt: skip


def test_a_rule_fails_since_the_first_of_the_runs_in_a_row() -> None:
    def run(name: str, day: str, failures: list[str] | None, *, succeeded: bool = True) -> Record:
        return tell("baseline_runs", run=name, target="cloud", ran_at=f"{day}T02:00:00Z", succeeded=succeeded,
                    failures=failures)  # fmt: skip

    rows = derived(
        "baseline_days",
        tell("scan_targets", target="cloud", kind="account", in_scope=True, baseline="CIS"),
        tell("scan_targets", target="free", kind="account", in_scope=True),
        run("a", "2026-01-01", ["x", "y"]),
        run("b", "2026-01-02", ["x"]),
        run("c", "2026-01-03", None),
        run("d", "2026-01-04", ["y", "x"]),
        run("e", "2026-01-05", []),
        run("f", "2026-01-06", ["x"], succeeded=False),
        *covering("baseline_runs", until="2026-01-07"),
        key="target_day",
    )
    assert {key[-5:]: (row["runs"], row["failures"], row["oldest_failure_days"]) for key, row in rows.items()} == {
        "01-01": (1, ["x", "y"], 0),
        "01-02": (1, ["x"], 1),
        "01-03": (1, None, None),
        "01-04": (1, ["x", "y"], 3),
        "01-05": (1, [], 0),
        "01-06": (0, None, None),
    }


def test_what_comes_back_after_it_was_closed_was_reopened_that_day_with_its_first_clock() -> None:
    closed = seen(seen_at="2026-02-10", closed_at="2026-02-10")
    row = finding(seen(), closed, seen(seen_at="2026-03-10"), seen(seen_at="2026-04-10"))
    assert str(row["reopened_at"])[:10] == "2026-03-10"
    assert row["closed_at"] is None
    assert str(row["first_seen_at"])[:10] == "2026-01-10"
    assert finding(seen(), seen(seen_at="2026-02-10"))["reopened_at"] is None
    assert finding(seen(), closed)["reopened_at"] is None


def test_who_wrote_the_line_where_it_was_seen_first_counts() -> None:
    assert finding(seen())["attribution"] == "unknown"
    row = finding(
        seen(attribution="ai-declared", written_in="a" * 40),
        seen(seen_at="2026-01-20", attribution="human-tracked", closed_at="2026-01-15T12:00:00Z"),
    )
    assert (row["attribution"], row["days_to_fix"]) == ("ai-declared", 5)
    assert finding(seen(attribution="somebody"))["attribution"] == "unknown"
    assert finding(seen())["days_to_fix"] is None


def test_a_weak_package_counts_as_the_newest_change_that_brought_that_version() -> None:
    def brought(change: str, at: str, attribution: str) -> list[Record]:
        return [
            tell("changes_seen", repository="o/n", change_id=change, landed_at=at, attribution=attribution),
            tell(
                "dependencies_added", repository="o/n", change_id=change, package="npm:left-pad", version="1.0.0",
                added_at=at,
            ),
        ]  # fmt: skip

    told = [
        *brought("a" * 40, "2026-01-01", "human-tracked"),
        *brought("b" * 40, "2026-01-05", "ai-declared"),
        seen(target="o/n", package="NPM:left-pad", package_version="1.0.0"),
    ]
    assert finding(*told)["attribution"] == "ai-declared"
    other = seen(target="o/n", package="npm:left-pad", package_version="2.0.0")
    assert finding(*told[:-1], other)["attribution"] == "unknown"
