"""An audit's controls: windows that are refused, crashes that show, waivers that change nothing, tests on a date."""

from typing import Any, NamedTuple

import pytest

from asbuilt.engine.audit import LOOK_BACK_DAYS, parity
from asbuilt.engine.audit import test_controls as run_controls
from asbuilt.engine.duck import DuckFacts
from asbuilt.engine.tables import open_tables
from asbuilt.model.errors import CatalogueError, ConfigError, UsageError
from asbuilt.model.result import Conclusion, Outcome
from asbuilt.model.window import Window
from tests.engine.office import (
    DAY,
    NOW,
    YEAR,
    at,
    audited,
    cadence_control,
    extract,
    office,
    state_control,
    verdicts,
)
from tests.engine.rows import control


def thing(key: str, day: str = "2026-05-05", **more: Any) -> dict[str, Any]:
    return {"key": key, "on_day": at(day), **more}


DATED = control("flag", at="on_day", because=("on_day",))
WHOLE = [extract("things")]

# Windows


@pytest.mark.parametrize(
    ("window", "what"),
    [
        (Window(None, 5), "The window has no begin or no end."),
        (Window(5, None), "The window has no begin or no end."),
        (Window(5, 5), "The window has no begin or no end."),
        (Window(YEAR.start, NOW + 1), "The window ends on 2028-01-01, which is not over."),
    ],
)
def test_a_window_that_is_open_or_not_over_is_refused(window: Window, what: str) -> None:
    with pytest.raises(UsageError) as refused:
        run_controls(office(), [DATED], window, now=NOW)
    assert refused.value.what == what
    assert refused.value.fix


def test_a_day_that_is_not_over_is_refused_as_a_day() -> None:
    with pytest.raises(UsageError) as refused:
        run_controls(office(), [DATED], Window(NOW, NOW + 86_400), now=NOW + 3_600, at_date=True)
    assert refused.value.what == "The day 2028-01-01 is not over."
    assert refused.value.fix == "Take 2027-12-31 or an earlier day, or wait."


def test_a_window_that_ends_now_is_over() -> None:
    run_controls(office(), [DATED], Window(YEAR.start, NOW), now=NOW)


def test_settings_are_checked_before_anything_runs() -> None:
    with pytest.raises(ConfigError, match="There are settings for the control 'TST-09', which is none"):
        run_controls(office(), [DATED], YEAR, {"TST-09": {}}, now=NOW)
    with pytest.raises(ConfigError, match="The setting every of TST-01 is 'fortnight'"):
        run_controls(office(), [cadence_control()], YEAR, {"TST-01": {"every": "fortnight"}}, now=NOW)
    with pytest.raises(ConfigError, match="The setting bridge_days of TST-01 is -1"):
        run_controls(
            office(), [state_control(settings={"bridge_days": 1})], YEAR, {"TST-01": {"bridge_days": -1}}, now=NOW
        )
    with pytest.raises(CatalogueError, match="There is no fact table 'thing'"):
        run_controls(office(), [control(population="thing")], YEAR, now=NOW)


def test_expressions_know_the_window() -> None:
    rows = [thing("a", "2026-12-30"), thing("b", "2026-03-01")]
    own = control("date_diff('day', on_day, window_end) > 30 AND on_day >= window_start", at="on_day")
    assert verdicts(audited(office(things=rows), own)) == {"a": "deviation", "b": "met"}


# Conclusions


@pytest.mark.parametrize(
    ("rows", "extracts", "wanted"),
    [
        ([thing("a", flag=True)], WHOLE, Conclusion.EFFECTIVE),
        ([thing("a", flag=True)], [], Conclusion.EVIDENCE_MISSING),
        ([thing("a", flag=False)], [], Conclusion.NOT_EFFECTIVE),
        ([thing("a", flag=True), thing("b", flag=False)], WHOLE, Conclusion.WITH_DEVIATIONS),
        ([thing("a", flag=True), thing("b", flag=None)], WHOLE, Conclusion.EVIDENCE_MISSING),
        ([], WHOLE, Conclusion.NO_OCCURRENCE),
        ([], [], Conclusion.EVIDENCE_MISSING),
        ([], [extract("things", second_count=None)], Conclusion.EVIDENCE_MISSING),
        ([], [extract("things", second_count=4)], Conclusion.EVIDENCE_MISSING),
        ([], [extract("things", end="2026-12-31")], Conclusion.EVIDENCE_MISSING),
        ([thing("a", "2025-12-31", flag=False)], WHOLE, Conclusion.NO_OCCURRENCE),
    ],
)
def test_what_an_item_control_comes_to(
    rows: list[dict[str, Any]], extracts: list[dict[str, Any]], wanted: Conclusion
) -> None:
    result = audited(office(things=rows, extracts=extracts), DATED).result
    assert result.conclusion is wanted, result.reason
    assert result.reason
    assert result.coverage is not None
    assert result.coverage.tables == ("things",)


class Decided(NamedTuple):
    reason: str
    by: str
    on: str


def test_what_is_not_applicable_names_reason_and_person_and_keeps_its_verdicts() -> None:
    said = {"TST-01": Decided("We hold no cards.", "ana", "2026-01-05")}
    result = audited(office(things=[thing("a", flag=False)]), DATED, not_applicable=said).result
    assert result.conclusion is Conclusion.NOT_APPLICABLE
    assert result.reason == "We hold no cards. So decided by ana on 2026-01-05."
    assert result.counts["deviation"] == 1


# Waivers


def waiver(item: str, granted: str, expires: str, own: str = "TST-01") -> dict[str, Any]:
    told = {"control": own, "item": item, "granted_by": "ana", "reason": "a launch"}
    return {**told, "granted_at": at(granted), "expires_at": at(expires)}


def test_a_waiver_stands_beside_its_deviation_and_changes_nothing() -> None:
    rows = [thing("a", flag=False), thing("b", flag=True), thing("c", flag=None)]
    waivers = [
        waiver("a", "2026-06-01", "2026-09-01"),
        waiver("a", "2026-10-01", "2027-09-01"),
        waiver("a", "2027-02-01", "2027-09-01"),  # granted when the window was over
        waiver("b", "2026-06-01", "2027-09-01"),  # b does not deviate
        waiver("a", "2026-06-01", "2027-09-01", "TST-02"),
    ]
    bare = audited(office(things=rows, extracts=WHOLE), DATED).result
    result = audited(office(things=rows, extracts=WHOLE, waivers=waivers), DATED).result
    assert [own.granted_at for own in result.waivers] == [at("2026-06-01"), at("2026-10-01")]
    assert result.reason == f"{bare.reason} The waiver of a had expired by the window's end (2026-09-01)."
    assert (result.counts, result.digest, result.conclusion) == (bare.counts, bare.digest, bare.conclusion)


# Crashes

BIG = {"amount": 2**62}


@pytest.mark.parametrize("at_date", [False, True])
def test_a_control_that_crashes_takes_no_other_with_it(at_date: bool) -> None:
    facts = office(things=[thing("a", flag=True, attribution="automation", **BIG)], extracts=WHOLE)
    bad = control("amount * amount > 0", id="TST-02", at="on_day")
    sound, crashed = run_controls(facts, [DATED, bad], YEAR, now=NOW, at_date=at_date)
    assert sound.result.conclusion is Conclusion.EFFECTIVE
    assert crashed.result.failure is not None
    assert "OutOfRange" in crashed.result.failure
    assert verdicts(crashed) == {"a": "unknown"}
    assert crashed.result.split == {"automation": {"met": 0, "deviation": 0, "unknown": 1}}
    assert crashed.result.conclusion is Conclusion.EVIDENCE_MISSING
    assert crashed.result.reason.startswith("The test itself failed: OutOfRange")
    assert crashed.result.query.startswith("SELECT")


def test_a_state_or_cadence_that_crashes_is_unknown_too() -> None:
    drills = [{"drill": "d", "site": "s1", "held_at": at("2026-02-01")}]
    overflow = "date_diff('second', {0}, {0}) + 9223372036854775807 + len(coalesce({1}, 'x')) > 0"
    rules = [{"branch": "main", "site": "s1", "why": "x"}]
    facts = office(rules=rules, drills=drills, sites=[{"site": "s1"}, {"site": "s2"}])
    for own, items in (
        (state_control(expect=overflow.format("observed_at", "why")), ["company"]),
        (state_control(expect=overflow.format("observed_at", "why"), per="site"), ["s1"]),
        (cadence_control(expect=overflow.format("held_at", "site"), per="site", subjects="sites"), ["s1", "s2"]),
    ):
        crashed = audited(facts, own)
        assert crashed.result.failure is not None
        assert verdicts(crashed) == dict.fromkeys(items, "unknown")
        assert crashed.result.conclusion is Conclusion.EVIDENCE_MISSING


def test_a_population_that_nobody_filled_is_a_crash_and_no_zero() -> None:
    with open_tables([]) as connection:
        facts = DuckFacts(connection, {"things": office().tables["things"]})
        found = audited(facts, DATED)
    assert found.result.failure is not None
    assert (found.result.count, found.result.conclusion) == (0, Conclusion.EVIDENCE_MISSING)


# On a date


def test_on_a_date_the_newest_item_is_a_test_of_one() -> None:
    rows = [
        thing("old", "2026-03-01", flag=True),
        thing("new", "2026-12-30", flag=False, attribution="ai-declared"),
        thing("after", "2027-01-01", flag=True),
        {"key": "undated", "flag": True},
    ]
    result = audited(office(things=rows), DATED, at_date=True).result
    assert [(own.item, own.outcome) for own in result.verdicts] == [("new", Outcome.DEVIATION)]
    assert result.verdicts[0].because == {"on_day": "2026-12-30T00:00:00Z"}
    assert result.count == 1
    assert result.conclusion is Conclusion.NOT_EFFECTIVE
    earlier = audited(office(things=rows), DATED, Window(YEAR.start, at("2026-12-30")), at_date=True)
    assert verdicts(earlier) == {"old": "met"}
    assert earlier.result.conclusion is Conclusion.EFFECTIVE


def test_on_a_date_nothing_within_the_time_looked_back_upon_tests_the_design_alone() -> None:
    rows = [thing("old", "2026-03-01", flag=True)]
    narrow = {"at_date": True, "look_back_days": 30}
    result = audited(office(things=rows, extracts=WHOLE), DATED, **narrow).result
    assert result.conclusion is Conclusion.NO_OCCURRENCE
    assert result.reason == "No item in the 30 days before: its design alone could be seen."
    unseen = audited(office(things=rows), DATED, **narrow).result
    assert unseen.conclusion is Conclusion.EVIDENCE_MISSING
    assert LOOK_BACK_DAYS == 365


def test_on_a_date_a_register_is_tested_whole() -> None:
    facts = office(
        things=[{"key": "a", "flag": True}, {"key": "b", "flag": False}], extracts=[extract("things", "2026-12-31")]
    )
    result = audited(facts, control("flag"), at_date=True).result
    assert result.counts == {"met": 1, "deviation": 1, "unknown": 0}
    assert result.conclusion is Conclusion.WITH_DEVIATIONS
    assert result.coverage is not None
    assert (result.coverage.total, result.coverage.complete) == (DAY, True)


# The same controls for all code


def test_parity_is_told_of_controls_whose_population_knows_who_wrote() -> None:
    rows = [thing("a", flag=False, attribution="ai-declared"), thing("b", flag=True)]
    facts = office(things=rows)
    found = run_controls(facts, [DATED, state_control(id="TST-02")], YEAR, now=NOW)
    assert parity([one.result for one in found]) == {
        "TST-01": {
            "ai-declared": {"met": 0, "deviation": 1, "unknown": 0},
            "unknown": {"met": 1, "deviation": 0, "unknown": 0},
        }
    }


def test_the_shown_query_gives_item_truth_and_attribution_to_anyone() -> None:
    rows = [thing("a", flag=False, attribution="ai-declared"), thing("b", flag=True)]
    facts = office(things=rows)
    result = audited(facts, DATED).result
    assert [row[:3] for row in facts.rows(result.query)] == [("a", False, "ai-declared"), ("b", True, "unknown")]
