"""Duties in windows: each is tested once, in the window in which its time runs out, or as long as it stands open."""

from itertools import pairwise
from typing import Any

import pytest

from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.evaluate import evaluate
from asbuilt.facts.schemas import TABLES
from asbuilt.model.window import Window
from tests.facts.telling import moment

CONTROL = next(control for control in load_controls() if control.id == "GOV-05")  # its limit: 14 days
QUARTERS = ("2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01")


def verdicts(rows: dict[str, dict[str, str]], since: str, until: str) -> dict[str, str]:
    """The verdict of each duty of the window; moments of the rows as dates."""
    columns = TABLES[CONTROL.population].columns
    filled = []
    for duty, told in rows.items():
        row: dict[str, Any] = {column.name: None if column.nullable else "x" for column in columns}
        row |= {"duty": duty, "occasion": "first", "applies": True}
        row |= {name: moment(value) for name, value in told.items()}
        filled.append(row)
    (result,) = evaluate([CONTROL], {CONTROL.population: filled}, Window(moment(since), moment(until)))
    assert result.failure is None
    return {verdict.item: verdict.outcome.value for verdict in result.verdicts}


def by_quarter(**told: str) -> list[str]:
    """The verdict on one duty in each quarter; empty where it is not tested."""
    return [verdicts({"one": told}, since, until).get("one", "") for since, until in pairwise(QUARTERS)]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"owed_from": "2026-03-01", "done_at": "2026-03-05"}, ["met", "", ""]),
        # The time runs out in the second quarter: it is tested there, whenever it was done.
        ({"owed_from": "2026-03-25", "done_at": "2026-03-26"}, ["", "met", ""]),
        # Late by a few days, within the quarter; and late into the next one, in which it was still open.
        ({"owed_from": "2026-02-01", "done_at": "2026-02-20"}, ["deviation", "", ""]),
        ({"owed_from": "2026-03-01", "done_at": "2026-04-20"}, ["deviation", "deviation", ""]),
        # Never done: it stands open in every quarter from then on.
        ({"owed_from": "2025-06-01"}, ["deviation", "deviation", "deviation"]),
        # The person left: before the time ran out nothing was missed, after it nothing is open.
        ({"owed_from": "2026-03-25", "lapsed_at": "2026-04-02"}, ["", "", ""]),
        ({"owed_from": "2026-03-01", "lapsed_at": "2026-05-01"}, ["deviation", "deviation", ""]),
        ({"owed_from": "2025-06-01", "lapsed_at": "2025-12-01"}, ["", "", ""]),
    ],
)
def test_a_duty_is_tested_where_its_time_runs_out_or_it_stands_open(
    told: dict[str, str], expected: list[str]
) -> None:
    assert by_quarter(**told, seen_until="2027-01-01") == expected


def test_what_was_not_seen_is_unknown_wherever_it_may_be_open() -> None:
    assert by_quarter(owed_from="2026-03-01", seen_until="2026-03-10") == ["unknown"] * 3
    assert by_quarter(owed_from="2026-03-01", done_at="2026-03-20", seen_until="2026-03-10") == ["unknown", "", ""]


def test_the_items_of_two_windows_are_those_of_the_one_they_make() -> None:
    days = ["2025-12-01", "2026-01-10", "2026-03-14", "2026-03-18", "2026-03-25", "2026-06-16", "2026-06-17"]
    rows = {
        f"{since} {done}": {"owed_from": since, "seen_until": "2027-01-01", **({"done_at": done} if done else {})}
        for since in days
        for done in ("", "2026-01-05", "2026-03-30", "2026-04-01", "2026-07-01")
        if not done or done >= since
    }
    first, second = verdicts(rows, *QUARTERS[:2]), verdicts(rows, *QUARTERS[1:3])
    assert first | second == verdicts(rows, QUARTERS[0], QUARTERS[2])
    assert all(second[item] == verdict for item, verdict in first.items() if item in second)
