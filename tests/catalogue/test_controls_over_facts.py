"""Shipped controls over derived facts and real windows: what belongs to a window, and that adjacent ones add up."""

import re
from collections import Counter
from collections.abc import Sequence

from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.audit import test_controls as run_controls
from asbuilt.engine.duck import DuckFacts
from asbuilt.facts.schemas import TABLES
from asbuilt.model.record import Record
from asbuilt.model.window import Window
from tests.facts.telling import covering, facts_of, moment, tell

CONTROLS = {own.id: own for own in load_controls()}
NOW = moment("2026-08-01")


def verdicts(control: str, records: Sequence[Record], *windows: tuple[str, str]) -> list[dict[str, str]]:
    """For each window the outcome of each item, met ones counted under their number."""
    own = CONTROLS[control]
    found = []
    with facts_of(records, only=[own.population]) as store:
        for since, until in windows:
            window = Window(moment(since), moment(until))
            (tested,) = run_controls(DuckFacts(store.connection), [own], window, now=NOW)
            assert tested.result.failure is None
            listed = {verdict.item: str(verdict.outcome.value) for verdict in tested.result.verdicts}
            listed.pop("", None)
            counted = Counter(tested.result.counts)
            counted.subtract(Counter(listed.values()))
            found.append({**listed, **({"others met": str(counted["met"])} if counted["met"] else {})})
    return found


def test_findings_count_while_open_and_those_not_yet_due_are_left_for_later() -> None:
    def finding(name: str, seen: str, closed: str | None = None) -> Record:
        return tell("findings_seen", finding=name, seen_at="2026-07-01", first_seen_at=seen, severity="high",
                    closed_at=closed)  # fmt: skip

    records = [
        finding("closed before", "2025-11-01", "2025-12-31"),
        finding("in time", "2025-12-15", "2026-01-10"),
        finding("opened before, late", "2025-11-01", "2026-01-10"),
        finding("still open", "2026-01-10"),
        finding("not yet due", "2026-03-15"),
        *covering("findings_seen", "finding_decisions", since="2025-10-01"),
    ]
    first, second = verdicts("VUL-02", records, ("2026-01-01", "2026-04-01"), ("2026-04-01", "2026-07-01"))
    met = first.pop("others met", "0")
    assert {item: outcome for item, outcome in first.items() if outcome != "met"} == {
        "opened before, late": "deviation", "still open": "deviation",
    }  # fmt: skip
    assert int(met) + list(first.values()).count("met") == 1
    assert second == {"still open": "deviation", "not yet due": "deviation"}


def test_what_is_owed_counts_in_the_window_in_which_it_falls_due() -> None:
    records = [
        tell("data_assets_seen", asset="a", seen_at="2026-01-10", kind="bucket", is_production=True),
        tell("data_assets_seen", asset="b", seen_at="2026-03-20", kind="bucket", is_production=True),
        tell("data_assets_seen", asset="c", seen_at="2026-03-20", kind="bucket", gone_at="2026-03-25"),
        tell("data_inventory", asset="b", reviewed_at="2026-04-01", classification="internal", owner="ana"),
        *covering("data_inventory", "data_assets_seen"),
    ]
    first, second = verdicts("CON-01", records, ("2026-01-01", "2026-04-01"), ("2026-04-01", "2026-07-01"))
    assert first == {"a | entry | 2026-01-10T00:00:00Z": "deviation"}
    # Still not entered, it deviates in the next window too; the store that was soon gone never counts.
    assert second["a | entry | 2026-01-10T00:00:00Z"] == "deviation"
    assert not any(item.startswith("c") for item in (*first, *second))


def test_days_of_two_windows_are_the_days_of_one() -> None:
    records = [
        tell("protected_stores", store="main", in_plan=True),
        *covering("backups", "protected_stores", "data_assets_seen", until="2026-02-10"),
        tell("backups", backup="1", store="main", ran_at="2026-03-01T02:00:00Z", succeeded=True),
    ]
    spans = [("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-03-01"), ("2026-01-01", "2026-03-01")]
    first, second, both = verdicts("AVL-02", records, *spans)
    assert {**first, **second} == both
    assert Counter(both.values()) == {"deviation": 40, "unknown": 19}


def test_an_alert_counts_where_it_was_closed_or_fell_due() -> None:
    def alert(name: str, raised: str, closed: str | None = None) -> Record:
        return tell("alerts", alert=name, raised_at=raised, severity="critical", closed_at=closed)

    records = [
        alert("early", "2026-01-31T12:00:00Z", "2026-02-03"),
        alert("late", "2026-01-20"),
        alert("next", "2026-06-30T12:00:00Z"),
        *covering("alerts"),
    ]
    assert verdicts("OPS-02", records, ("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-07-01")) == [
        {"late": "deviation"},
        {"early": "deviation"},
    ]


def test_texts_name_tables_that_take_records() -> None:
    named = {
        (own.id, table)
        for own in CONTROLS.values()
        for table in re.findall(r"`asbuilt record ([a-z_]+)", f"{own.open_with} {own.remedy} {own.blind_spot}")
    }
    assert len(named) > 40
    wrong = {(own, table) for own, table in named if table not in TABLES or not TABLES[table].recorded}
    # These read a repository or a scanner's report, and fill tables of their own.
    scans = {(own, "scan") for own in ("VUL-01", "VUL-02", "VUL-03", "DAT-04")}
    assert wrong <= {("HR-05", "git"), ("CHG-14", "dependencies"), ("CHG-15", "sbom"), *scans}
