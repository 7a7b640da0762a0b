"""State controls: the time that was proved, against a second reading second by second."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.engine.intervals import clipped
from asbuilt.engine.state import Evidence, Standing, in_force_of, outcome_of, proved_time, subject_time
from asbuilt.engine.subjects import FOREVER, Subject
from asbuilt.model.errors import CatalogueError
from asbuilt.model.result import Conclusion, Outcome
from asbuilt.model.window import Window
from tests.engine.office import DAY, YEAR, at, audited, extract, office, spans, state_control, verdicts

END = 24  # the second reading looks at each of so many seconds
WORDS = {Standing.OFF: "off", Standing.HIDDEN: "not visible", Standing.ON: "on"}


@st.composite
def evidence(draw: st.DrawFn, subjects: tuple[str, ...] = ("a", "b")) -> Evidence:
    start = draw(st.integers(0, END - 1))
    return Evidence(
        subject=draw(st.sampled_from(subjects)),
        stream=(draw(st.sampled_from(["x", "y"])),),
        start=start,
        end=start + draw(st.integers(1, 6)),
        is_on=draw(st.none() | st.booleans()),
        because={},
    )


EVIDENCE = st.lists(evidence(), max_size=8)


def read_again(told: list[Evidence], bridge: int, subject: str, second: int) -> Standing:
    """How a subject stands in one second, by looking at each stream's seconds one after the other."""
    seen: list[Standing] = []
    for stream in ("x", "y"):
        own = [one for one in told if one.subject == subject and one.stream == (stream,)]

        def truth(moment: int, own: list[Evidence] = own) -> bool | str | None:
            truths = [one.is_on for one in own if one.start <= moment < one.end]
            return "silent" if not truths else False if False in truths else True if True in truths else None

        here = truth(second)
        if here == "silent":
            before = next((n for n in range(second, -1, -1) if truth(n) != "silent"), None)
            after = next((n for n in range(second, 2 * END) if truth(n) != "silent"), None)
            if before is None or after is None:
                continue
            same = truth(before) == truth(after) and after - before <= bridge
            here = truth(before) if same else None
        seen.append({True: Standing.ON, False: Standing.OFF}.get(here, Standing.HIDDEN))  # type: ignore[call-overload]
    return min(seen, default=Standing.HIDDEN)


@given(EVIDENCE, st.integers(0, 6))
@settings(max_examples=150)
def test_each_second_stands_as_a_second_reading_says(told: list[Evidence], bridge: int) -> None:
    proved = proved_time(told, bridge)
    for subject in ("a", "b"):
        found = subject_time(Subject(subject, is_member=True), proved, (0, END))
        assert [start for start, _, _ in found] == [0, *(end for _, end, _ in found[:-1])]
        assert found[-1][1] == END
        for start, end, standing in found:
            for second in range(start, end):
                assert standing is read_again(told, bridge, subject, second), second


@given(EVIDENCE, st.integers(0, 6), st.integers(1, END - 1), st.integers(-3, END), st.integers(0, END + 3))
@settings(max_examples=100)
def test_adjacent_windows_add_up_to_one(
    told: list[Evidence], bridge: int, middle: int, begun: int, used: int
) -> None:
    proved = proved_time(told, bridge)
    subjects = [Subject("a", is_member=True, start=begun, end=begun + used), Subject("b", is_member=True)]

    def over(start: int, end: int) -> Any:
        found = {own.name: subject_time(own, proved, (start, end)) for own in subjects}
        return in_force_of({name: stretches for name, stretches in found.items() if stretches})

    first, second, whole = over(0, middle), over(middle, END), over(0, END)
    for part in ("on", "off", "not_visible"):
        assert getattr(first, part) + getattr(second, part) == getattr(whole, part)
    assert first.spans == tuple(type(own)(*own_clipped) for own, own_clipped in _clip(whole.spans, 0, middle))
    assert whole.on + whole.off + whole.not_visible == END


def _clip(stretches: Any, start: int, end: int) -> list[tuple[Any, tuple[int, int, str]]]:
    return [
        (own, (max(own.start, start), min(own.end, end), own.state))
        for own in stretches
        if clipped([(own.start, own.end, 0)], start, end)
    ]


@given(EVIDENCE, st.integers(0, 6))
@settings(max_examples=100)
def test_all_together_are_on_where_each_is_on_and_off_where_one_is_off(told: list[Evidence], bridge: int) -> None:
    proved = proved_time(told, bridge)
    found = {name: subject_time(Subject(name, is_member=True), proved, (0, END)) for name in ("a", "b")}
    for span in in_force_of(found).spans:
        for second in range(span.start, span.end):
            own = [standing for name in found for start, end, standing in found[name] if start <= second < end]
            assert span.state == WORDS[min(own)]


@given(EVIDENCE, st.integers(0, 6), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_of_the_evidence_changes_nothing(told: list[Evidence], bridge: int, random: Any) -> None:
    first = proved_time(told, bridge)
    random.shuffle(told)
    assert proved_time(told, bridge) == first


@given(EVIDENCE)
@settings(max_examples=50)
def test_more_evidence_that_is_off_never_makes_it_better(told: list[Evidence]) -> None:
    worse = [*told, Evidence("a", ("x",), 3, 5, is_on=False, because={})]
    found = subject_time(Subject("a", is_member=True), proved_time(worse, 2), (0, END))
    assert outcome_of(found) is Outcome.DEVIATION


def test_a_subject_that_may_not_count_is_not_visible() -> None:
    proved = proved_time([Evidence("a", (), 0, END, is_on=False, because={})], 0)
    assert subject_time(Subject("a", is_member=False), proved, (0, END)) == [(0, END, Standing.HIDDEN)]
    assert subject_time(Subject("a", is_member=True, end=-FOREVER), proved, (0, END)) == []


# On a company's rows


def looks(*days: str, branch: str = "main", **more: Any) -> list[dict[str, Any]]:
    return [{"branch": branch, "site": "s1", "observed_at": at(day), **more} for day in days]


def daily(start: str, count: int, **more: Any) -> list[dict[str, Any]]:
    begun = at(start)
    return [{"branch": "main", "site": "s1", "observed_at": begun + n * DAY, **more} for n in range(count)]


JANUARY = Window(at("2026-01-01"), at("2026-02-01"))


def test_enabled_last_month_shows_as_31_of_365_days() -> None:
    facts = office(rules=daily("2026-12-01", 32, forced=True))
    found = audited(facts, state_control())
    assert found.result.in_force is not None
    assert (found.result.in_force.on, found.result.in_force.not_visible) == (31 * DAY, 334 * DAY)
    assert spans(found.result.in_force.spans) == [
        (YEAR.start, at("2026-12-01"), "not visible"),
        (at("2026-12-01"), YEAR.end, "on"),
    ]
    assert verdicts(found) == {"company": "unknown"}
    assert found.result.conclusion is Conclusion.EVIDENCE_MISSING
    assert found.result.reason == "1 of 1 item could not be seen."


def test_a_setting_seen_after_the_window_says_nothing_about_it() -> None:
    facts = office(rules=looks("2026-02-01", "2026-02-02", forced=True))
    assert verdicts(audited(facts, state_control(), JANUARY)) == {"company": "unknown"}
    held = looks("2026-03-01", forced=True, held_from=at("2025-12-01"), held_until=at("2026-02-01"))
    assert verdicts(audited(office(rules=held), state_control(), JANUARY)) == {"company": "met"}


def test_one_look_that_is_off_is_a_deviation_with_its_reason() -> None:
    rules = [*daily("2025-12-31", 33, forced=True), *looks("2026-01-05T12:00", forced=False, why="switched off")]
    found = audited(office(rules=rules), state_control(), JANUARY)
    (verdict,) = found.result.verdicts
    assert verdict.outcome is Outcome.DEVIATION
    assert verdict.because == {
        "off_from": "2026-01-05T12:00:00Z",
        "off_seconds": 1,
        "not_visible_seconds": DAY - 2,
        "on_seconds": 30 * DAY + 1,
        "why": "switched off",
    }


def test_looks_further_apart_than_the_bridge_leave_a_hole() -> None:
    rules = looks("2026-01-01", "2026-01-04", forced=True)
    own = state_control(settings={"bridge_days": 3})
    window = Window(at("2026-01-01"), at("2026-01-04"))
    assert verdicts(audited(office(rules=rules), own, window)) == {"company": "met"}
    assert verdicts(audited(office(rules=rules), state_control(settings={"bridge_days": 2}), window)) == {
        "company": "unknown"
    }


SITED = {"per": "site", "subjects": "sites", "subject_where": "in_scope"}


def test_each_subject_that_is_listed_has_a_verdict() -> None:
    facts = office(
        rules=[
            *daily("2025-12-31", 33, forced=True),
            *looks("2026-01-01", site="s2", forced=True, held_from=at("2025-01-01"), held_until=at("2026-01-20")),
            *looks("2026-01-01", site="s9", forced=False),
            *looks("2026-01-01", site="s4", forced=False),
        ],
        sites=[
            {"site": "s1", "in_scope": True},
            {"site": "s2", "in_scope": True, "in_use_until": at("2026-01-20")},
            {"site": "s3", "in_scope": True},
            {"site": "s4", "in_scope": False},
            {"site": "s5", "in_scope": None},
            {"site": "s6", "in_scope": True, "in_use_from": at("2026-05-01")},
        ],
        extracts=[extract("sites")],
    )
    found = audited(facts, state_control(**SITED), JANUARY)
    # s3 was never looked at, s5 may count, and s9 stands on no list: nothing of them is proved.
    assert verdicts(found) == {"s1": "met", "s2": "met", "s3": "unknown", "s5": "unknown", "s9": "unknown"}
    assert found.result.in_force is not None
    assert found.result.in_force.on == 0
    assert spans(found.result.in_force.subjects["s2"]) == [(JANUARY.start, at("2026-01-20"), "on")]


def test_what_may_be_incomplete_is_no_ground_for_effective() -> None:
    rules, sites = daily("2025-12-31", 33, forced=True), [{"site": "s1", "in_scope": True}]
    own = state_control(**SITED)
    for name, other in (("rules", "sites"), ("sites", "rules")):
        result = audited(office(rules=rules, sites=sites, extracts=[extract(other)]), own, JANUARY).result
        assert result.conclusion is Conclusion.EVIDENCE_MISSING
        assert result.reason.endswith(f"No extract of {name} covers 2026-01-01 to 2026-02-01.")
    both = [extract("rules"), extract("sites")]
    result = audited(office(rules=rules, sites=sites, extracts=both), own, JANUARY).result
    assert (result.conclusion, result.reason) == (Conclusion.EFFECTIVE, "The one item is as expected.")
    assert result.coverage is not None
    assert result.coverage.tables == ("rules", "sites")


def test_on_a_date_one_look_at_the_day_is_enough() -> None:
    facts = office(rules=looks("2026-01-31T09:00", forced=True))
    assert verdicts(audited(facts, state_control(), JANUARY, at_date=True)) == {"company": "met"}
    facts = office(rules=looks("2026-01-31T09:00", forced=False) + looks("2026-01-31T10:00", forced=True))
    assert verdicts(audited(facts, state_control(), JANUARY, at_date=True)) == {"company": "deviation"}
    facts = office(rules=looks("2026-01-29T09:00", forced=True))
    assert verdicts(audited(facts, state_control(), JANUARY, at_date=True)) == {"company": "unknown"}


def test_subjects_are_those_that_the_rows_show_where_no_table_lists_them() -> None:
    rules = [*daily("2025-12-31", 33, forced=True), *looks("2026-01-03", site=None, forced=True)]
    rules += looks("2026-03-03", site="later", forced=True)
    found = audited(office(rules=rules), state_control(per="site"), JANUARY)
    assert verdicts(found) == {"(not named)": "unknown", "s1": "met"}


def test_a_population_without_times_is_refused() -> None:
    with pytest.raises(CatalogueError, match="does not say over which time its rows held"):
        audited(office(), state_control(population="things", expect="flag", because=()))
