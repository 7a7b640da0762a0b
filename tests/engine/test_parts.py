"""Parts of a population: which make a whole, and what is said where they do not."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.engine.coverage import coverage_of, covered_time, read_extracts
from asbuilt.engine.parts import (
    EVER,
    OF_THE_LEDGER,
    Extract,
    Extracts,
    Part,
    read_parts,
    table_time,
    whole_time,
    why_no_whole,
)
from asbuilt.facts.schemas import TABLES
from asbuilt.model.result import Conclusion
from tests.engine.office import DAY, at, audited, extract, office
from tests.engine.rows import control

JANUARY = (at("2026-01-01"), at("2026-02-01"))
SITES = ({"site": "north", "in_scope": True}, {"site": "south", "in_scope": True}, {"site": "attic"})
LIST = extract("sites")


def of(part: str | None, start: str = "2026-01-01", end: str = "2026-02-01", **more: Any) -> dict[str, Any]:
    return {**extract("drills", start, end, **more), "extract": f"drills of {part}", "part": part}


def asked(*extracts: dict[str, Any], sites: Any = SITES) -> Any:
    return coverage_of(("drills",), JANUARY, read_extracts(office(extracts=extracts, sites=sites)))


BOTH = (of("north"), of("south"))


def test_every_listed_part_makes_a_whole() -> None:
    found = asked(LIST, *BOTH)
    assert found.complete
    assert found.covered == 31 * DAY
    assert found.extracts == ("drills of north", "drills of south")
    assert asked(of(None)).complete


@pytest.mark.parametrize(
    ("extracts", "sites", "why"),
    [
        ((LIST, of("north")), SITES, "missing: south"),
        (
            (LIST, of("north", truncated=True), of("south")),
            SITES,
            "missing: north; extract drills of north was cut off by a limit",
        ),
        (BOTH, SITES, "it was read of north, south, and no extract of sites says whether that is all of them"),
        ((LIST, *BOTH), SITES[2:], "it was read of north, south, and sites lists none in scope and in use then"),
        (
            (LIST, of("attic")),
            [{"site": f"s{n}", "in_scope": True} for n in range(5)],
            "missing: s0, s1, s2 and 2 more",
        ),
        (
            (LIST, of("north")),
            [{**SITES[0], "in_use_from": at("2026-01-10")}],
            "it was read of north, and sites lists none in scope and in use then",
        ),
        ((extract("sites", end="2026-01-15"), *BOTH), SITES, None),
    ],
)
def test_what_keeps_parts_from_making_a_whole(extracts: Any, sites: Any, why: str | None) -> None:
    found = asked(*extracts, sites=sites)
    assert not found.complete
    if why is None:
        assert found.why == (
            "No extract of drills covers 2026-01-15 to 2026-02-01"
            " (it was read of north, south, and no extract of sites says whether that is all of them)."
        )
    else:
        assert found.why.endswith(f" ({why}).")


def test_a_list_that_is_read_in_parts_is_no_list() -> None:
    assert not asked({**LIST, "part": "north"}, *BOTH).complete


def test_a_part_counts_while_it_is_in_use() -> None:
    sites = [SITES[0], {**SITES[1], "in_use_from": at("2026-01-11"), "in_use_until": at("2026-01-21")}]
    assert asked(LIST, of("north"), sites=sites).why.startswith(
        "No extract of drills covers 2026-01-11 to 2026-01-21"
    )
    assert asked(LIST, of("north"), of("south", "2026-01-11", "2026-01-21"), sites=sites).complete


def test_a_table_without_a_list_of_its_parts() -> None:
    found = coverage_of(
        ("things",),
        JANUARY,
        read_extracts(office(extracts=[{**extract("things"), "part": "a"}, extract("sites")], sites=SITES)),
    )
    assert not found.complete
    assert found.why.endswith(" (it was read of a, and no table lists its parts).")


def test_numbers_are_corroborated_where_every_part_has_a_second_source() -> None:
    alone = of("south", second_count=None)
    assert asked(LIST, *BOTH).corroborated is True
    assert asked(LIST, of("north"), alone).corroborated is None
    assert asked(LIST, of("north", second_count=9), of("south")).corroborated is False
    assert asked(LIST, of("north"), alone, of(None)).corroborated is True


def test_a_control_is_never_effective_where_a_part_was_not_read() -> None:
    drill = {"drill": "d", "site": "north", "held_at": at("2026-03-01"), "good": True}
    own = control("good", population="drills", at="held_at", because=())
    year = [of(name, "2026-01-01", "2027-01-01") for name in ("north", "south")]
    for extracts, conclusion in (
        ([LIST, year[0]], Conclusion.EVIDENCE_MISSING),
        ([LIST, *year], Conclusion.EFFECTIVE),
        (year, Conclusion.EVIDENCE_MISSING),
    ):
        facts = office(extracts=extracts, sites=SITES, drills=[drill])
        assert audited(facts, own).result.conclusion is conclusion


def test_what_is_read() -> None:
    facts = office(sites=[*SITES, {"site": "old", "in_scope": True, "in_use_from": 5, "in_use_until": 9}])
    assert read_parts(facts, ["drills", "things", "unheard of"]) == (
        {"drills": "sites"},
        {"sites": [Part("north"), Part("old", 5, 9), Part("south")]},
    )
    assert read_parts(facts, []) == ({}, {})


def test_what_the_ledger_itself_is_the_source_of_needs_no_extract() -> None:
    nothing = read_extracts(office())
    for table in OF_THE_LEDGER:
        assert TABLES[table].recorded
        found = coverage_of((table,), JANUARY, nothing)
        assert (found.complete, found.why, found.extracts, found.corroborated) == (True, "", (), None)
    assert not coverage_of(("extracts", "things"), JANUARY, nothing).complete
    # An extract of them that was told all the same, or was cut off, changes nothing.
    cut = read_extracts(office(extracts=[extract("extracts", truncated=True)]))
    assert coverage_of(("extracts",), JANUARY, cut).complete


def test_a_control_over_the_ledgers_own_rows_is_concluded_without_an_extract_of_them() -> None:
    own = control("NOT truncated", population="extracts", at="ended_at", because=())
    for truncated, conclusion in ((False, Conclusion.EFFECTIVE), (True, Conclusion.NOT_EFFECTIVE)):
        facts = office(extracts=[extract("things", "2026-01-01", "2026-02-01", truncated=truncated)])
        assert audited(facts, own).result.conclusion is conclusion


NAMES = st.sampled_from((None, "a", "b", "c"))
MOMENT = st.integers(0, 20)
TOLD = st.lists(st.tuples(st.sampled_from(("things", "list")), NAMES, MOMENT, MOMENT, st.booleans()), max_size=12)
USED = st.dictionaries(st.sampled_from("abc"), st.tuples(st.none() | MOMENT, st.none() | MOMENT))


@given(TOLD, USED)
@settings(max_examples=400)
def test_parts_against_a_second_reading(told: list[Any], used: dict[str, Any]) -> None:
    extracts: dict[str, list[Extract]] = {}
    for n, (table, part, start, end, counts) in enumerate(told):
        own = Extract(f"e{n}", start, end, 0, None, None, (), "" if counts else "cut off", part)
        extracts.setdefault(table, []).append(own)
    parts = [
        Part(name, EVER[0] if start is None else start, EVER[1] if end is None else end)
        for name, (start, end) in used.items()
    ]
    all_of_it = Extracts(extracts, {"things": "list"}, {"list": parts})

    def seen(table: str, part: str | None, second: int) -> bool:
        return any(
            one == table and name in (None, part) and start <= second < end and counts
            for one, name, start, end, counts in told
        )

    for second in range(-1, 21):
        due = [
            name
            for name, (start, end) in used.items()
            if (start is None or start <= second) and (end is None or second < end)
        ]
        expected = seen("things", None, second) or (
            seen("list", None, second) and due != [] and all(seen("things", name, second) for name in due)
        )
        held = any(start <= second < end for start, end in table_time("things", all_of_it))
        assert held is expected
        assert any(a <= second < b for a, b in whole_time("list", all_of_it)) is seen("list", None, second)
        named = any(one == "things" and name is not None for one, name, *_ in told)
        if not held:
            # Where it is not covered and something was read of a part, there is a reason.
            assert bool(why_no_whole("things", (second, second + 1), all_of_it)) is named
    found = covered_time(["things"], all_of_it)
    assert all(one[1] < other[0] for one, other in pairwise(found))
