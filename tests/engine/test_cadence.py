"""Cadence controls: what the calendar expects, against a second reading, and how each occurrence stands."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.engine.cadence import Done, Expected, Rhythm, expectations, standing_of
from asbuilt.engine.periods import midnight, next_start, period_start
from asbuilt.engine.subjects import FOREVER, Subject
from asbuilt.model.result import Conclusion
from asbuilt.model.window import Window
from tests.engine.office import DAY, YEAR, at, audited, cadence_control, extract, office, verdicts

ANY = Subject("any", is_member=True)
ZERO = at("2026-01-01")
ALWAYS = [(-FOREVER, FOREVER)]
CALENDAR = st.sampled_from(["day", "week", "month", "quarter"])
GRACE = st.sampled_from([0, 1, 3, 10])
SPAN = 200  # days
MOMENTS = st.integers(-40 * DAY, SPAN * DAY).map(lambda seconds: ZERO + seconds)


@st.composite
def happenings(draw: st.DrawFn) -> list[Done]:
    # Crowded around the ends of periods, where it matters.
    near = st.builds(
        lambda month, day, hour: midnight(date(2026, month, 1)) + day * DAY + hour * 3600,
        st.integers(1, 7),
        st.integers(-12, 12),
        st.integers(0, 23),
    )
    moments = draw(st.lists(MOMENTS | near, max_size=12))
    return [
        Done(f"d{n}", moment, draw(st.sampled_from([True, True, True, False, None])))
        for n, moment in enumerate(moments)
    ]


def standings(
    rhythm: Rhythm, done: list[Done], start: int, end: int, covered: Any = ALWAYS, subject: Subject = ANY
) -> dict[str, str]:
    return {
        one.name: standing_of(one, subject, done, covered, end)[0]
        for one in expectations(rhythm, subject, done, (start, end))
        if one.settled < end
    }


@given(CALENDAR, GRACE, happenings(), MOMENTS, MOMENTS, MOMENTS)
@settings(max_examples=200)
def test_adjacent_windows_add_up_to_one(
    every: str, grace: int, done: list[Done], first: int, second: int, third: int
) -> None:
    start, middle, end = sorted((first, second, third))
    rhythm = Rhythm(every, grace * DAY)

    # Whether it was missing or late is told by what came after; both are deviations.
    def told(begun: int, over: int) -> Counter[tuple[str, str]]:
        found = standings(rhythm, done, begun, over)
        return Counter((name, "late" if standing == "missing" else standing) for name, standing in found.items())

    assert told(start, middle) + told(middle, end) == told(start, end)


@given(CALENDAR, happenings(), MOMENTS)
@settings(max_examples=150)
def test_without_grace_a_period_has_one_or_has_none(every: str, done: list[Done], end: int) -> None:
    found = standings(Rhythm(every, 0), done, ZERO, max(end, ZERO))
    again = {}
    day = period_start(every, date(2026, 1, 1))
    while midnight(day) < end:
        start, over = midnight(day), midnight(next_start(every, day))
        inside = [one for one in done if start <= (one.at or 0) < over]
        good = sorted(one.at or 0 for one in inside if one.is_met)
        settled = good[0] if good else over - 1
        if ZERO <= settled < end:
            after = [one for one in done if one.is_met and over <= (one.at or 0) < min(2 * over - start, end)]
            again[start] = (
                "on time"
                if good
                else "not visible"
                if any(one.is_met is None for one in inside)
                else "not as expected"
                if inside
                else "late"
                if after
                else "missing"
            )
        day = next_start(every, day)
    assert list(found.values()) == list(again.values())


@given(CALENDAR, GRACE, happenings())
@settings(max_examples=150)
def test_each_occurrence_counts_once_and_only_in_its_time(every: str, grace: int, done: list[Done]) -> None:
    found = expectations(Rhythm(every, grace * DAY), ANY, done, (ZERO - 60 * DAY, ZERO + (SPAN + 60) * DAY))
    taken = [one.done for one in found if one.done is not None]
    assert len({one.item for one in taken}) == len(taken)
    for one in found:
        assert one.done is None or (one.done.is_met and one.start <= (one.done.at or 0) < one.due)


@given(st.integers(5, 60), GRACE, happenings())
@settings(max_examples=150)
def test_a_rolling_cadence_is_never_overdue_unseen(days: int, grace: int, done: list[Done]) -> None:
    start, end = ZERO, ZERO + SPAN * DAY
    rhythm = Rhythm(f"{days} days", grace * DAY)
    found = expectations(rhythm, ANY, done, (start, end))
    good = sorted(one.at or 0 for one in done if one.is_met and (one.at or 0) < end)
    for moment in range(start, end, DAY // 2):
        last = max((one for one in good if one <= moment), default=None)
        overdue = last is None or moment >= last + (days + grace) * DAY
        missed = [one for one in found if one.done is None and one.due - 1 <= moment < one.due + days * DAY]
        if overdue:
            assert missed or moment < start + 1, moment
    assert {one.done.item for one in found if one.done} <= {one.item for one in done if one.is_met}


def test_what_comes_after_a_missing_one_begins_the_count_anew() -> None:
    done = [Done("a", ZERO - 5 * DAY, True), Done("b", ZERO + 40 * DAY, True)]
    rhythm = Rhythm("30 days", 0)
    assert standings(rhythm, done, ZERO, ZERO + 69 * DAY) == {"due 2026-01-26": "late"}
    assert list(standings(rhythm, done, ZERO, ZERO + 71 * DAY).values()) == ["late", "missing"]


def test_what_was_overdue_when_the_window_began_is_missing_in_it() -> None:
    done = [Done("a", ZERO - 400 * DAY, True)]
    assert standings(Rhythm("365 days", 0), done, ZERO, ZERO + 90 * DAY) == {"due 2026-01-01": "missing"}
    assert standings(Rhythm("365 days", 0), [], ZERO, ZERO + 90 * DAY) == {"due 2026-01-01": "missing"}


def test_a_subject_new_in_the_window_has_its_first_one_later() -> None:
    new = Subject("new", is_member=True, start=ZERO + 10 * DAY)
    assert standings(Rhythm("365 days", 0), [], ZERO, ZERO + 90 * DAY, subject=new) == {}
    assert standings(Rhythm("month", 0), [], ZERO, ZERO + 60 * DAY, subject=new) == {"2026-02": "missing"}
    gone = Subject("gone", is_member=True, end=ZERO + 10 * DAY)
    assert standings(Rhythm("month", 0), [], ZERO, ZERO + 60 * DAY, subject=gone) == {}
    assert standings(Rhythm("30 days", 0), [Done("a", ZERO - DAY, True)], ZERO, ZERO + 60 * DAY, subject=gone) == {}


DAY_1 = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        # A quarter's drill held within the grace of ten days counts for that quarter, and the next needs its own.
        ((94, 120), {"2026-Q1": "on time", "2026-Q2": "on time"}),
        # The first of all is the own quarter's, if that has no other.
        ((94,), {"2026-Q1": "missing", "2026-Q2": "on time"}),
        # So one who is always a few days late has each quarter's in time.
        ((94, 184, 278), {"2026-Q1": "on time", "2026-Q2": "on time", "2026-Q3": "on time"}),
        # After the grace it is late, and stays a deviation.
        ((20, 195, 260), {"2026-Q1": "on time", "2026-Q2": "late", "2026-Q3": "on time"}),
    ],
)
def test_days_of_grace(days: tuple[int, ...], wanted: dict[str, str]) -> None:
    done = [Done(f"d{day}", midnight(DAY_1 + timedelta(days=day)), True) for day in days]
    found = standings(Rhythm("quarter", 10 * DAY), done, ZERO, at("2027-01-11"))
    assert {name: found[name] for name in wanted} == wanted


def test_what_nobody_vouches_for_is_not_missing() -> None:
    (one,) = (own for own in expectations(Rhythm("quarter", 0), ANY, [], (ZERO, at("2026-04-01"))))
    assert isinstance(one, Expected)
    assert standing_of(one, ANY, [], ALWAYS, at("2026-04-01"))[0] == "missing"
    assert standing_of(one, ANY, [], [(ZERO, at("2026-03-31"))], at("2026-04-01"))[0] == "not visible"
    undated = [Done("u", None, True)]
    assert standing_of(one, ANY, undated, ALWAYS, at("2026-04-01"))[0] == "not visible"


# On a company's rows


def drills(*days: str, good: bool | None = True, site: str = "s1") -> list[dict[str, Any]]:
    return [{"drill": f"{site} {day}", "site": site, "held_at": at(day), "good": good} for day in days]


def test_a_year_of_quarters() -> None:
    facts = office(
        drills=[*drills("2026-02-01", "2026-08-01", "2026-08-02"), *drills("2026-05-01", good=False)],
        extracts=[extract("drills")],
    )
    result = audited(facts, cadence_control()).result
    assert [(own.item, own.standing) for own in result.occurrences] == [
        ("2026-Q1", "on time"),
        ("2026-Q2", "not as expected"),
        ("2026-Q3", "on time"),
        ("2026-Q4", "missing"),
    ]
    assert result.counts == {"met": 2, "deviation": 2, "unknown": 0}
    assert result.conclusion is Conclusion.WITH_DEVIATIONS
    assert [verdict.because for verdict in result.verdicts] == [
        {
            "standing": "not as expected",
            "due": "2026-07-01T00:00:00Z",
            "at": "2026-05-01T00:00:00Z",
            "occurrence": "s1 2026-05-01",
        },
        {"standing": "missing", "due": "2027-01-01T00:00:00Z"},
    ]
    unseen = audited(office(drills=drills("2026-02-01")), cadence_control()).result
    assert unseen.counts == {"met": 1, "deviation": 0, "unknown": 3}
    assert unseen.conclusion is Conclusion.EVIDENCE_MISSING


def test_what_is_not_yet_due_is_no_item() -> None:
    window = Window(at("2026-01-15"), at("2026-03-15"))
    result = audited(office(extracts=[extract("drills")]), cadence_control(), window).result
    assert (result.count, result.not_due) == (0, 1)
    assert result.conclusion is Conclusion.NO_OCCURRENCE
    assert result.reason == "Nothing was due in the window; the next is due by 2026-04-01."


def test_each_listed_subject_has_its_own_occurrences() -> None:
    own = cadence_control("half-year", per="site", subjects="sites", subject_where="in_scope")
    facts = office(
        drills=[
            *drills("2026-02-01", "2026-08-01"),
            *drills("2026-03-01", site="s2"),
            *drills("2026-03-01", site="s9"),
        ],
        sites=[
            {"site": "s1", "in_scope": True},
            {"site": "s2", "in_scope": True},
            {"site": "s3", "in_scope": None},
            {"site": "s4", "in_scope": False},
        ],
        extracts=[extract("drills"), extract("sites")],
    )
    assert verdicts(audited(facts, own)) == {
        "s1 | 2026-H1": "met",
        "s1 | 2026-H2": "met",
        "s2 | 2026-H1": "met",
        "s2 | 2026-H2": "deviation",
        "s3 | 2026-H1": "unknown",
        "s3 | 2026-H2": "unknown",
    }


@pytest.mark.parametrize("sited", [{}, {"per": "site", "subjects": "sites", "subject_where": "in_scope"}])
def test_what_may_be_incomplete_is_no_ground_for_effective(sited: dict[str, str]) -> None:
    told = {"drills": drills("2026-02-01", "2026-08-01"), "sites": [{"site": "s1", "in_scope": True}]}
    own = cadence_control("half-year", **sited)
    found = audited(office(**told, extracts=[extract("sites")]), own).result
    assert found.conclusion is Conclusion.EVIDENCE_MISSING
    assert found.reason.endswith("No extract of drills covers 2026-01-01 to 2027-01-01.")
    whole = office(**told, extracts=[extract("drills"), extract("sites")])
    assert audited(whole, own).result.conclusion is Conclusion.EFFECTIVE


@pytest.mark.parametrize(
    ("every", "grace", "days", "wanted"),
    [
        ("365 days", 0, ("2026-02-01",), "met"),
        ("365 days", 0, ("2025-12-31",), "deviation"),
        ("365 days", 1, ("2025-12-31T12:00",), "met"),
        ("quarter", 0, ("2026-07-01",), "met"),
        ("quarter", 0, ("2026-06-30",), "deviation"),
        ("quarter", 0, ("2026-06-30", "2026-12-30"), "met"),
        ("year", 0, ("2025-01-01",), "met"),
        ("year", 0, ("2024-12-31",), "deviation"),
    ],
)
def test_on_a_date_the_last_one_must_be_in_force(
    every: str, grace: int, days: tuple[str, ...], wanted: str
) -> None:
    facts = office(drills=drills(*days), extracts=[extract("drills")])
    found = audited(facts, cadence_control(every, grace), YEAR, at_date=True)
    assert verdicts(found) == {"in force 2026-12-31": wanted}
