"""Samples: anyone draws the same again, and nothing is replaced in silence."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.catalogue.sampling import load_sizes
from asbuilt.engine.sampling import draw_sample, frequency_of, items_of, judged, sample_size
from asbuilt.model.errors import UsageError
from asbuilt.model.result import Control, ControlKind

ITEMS = [f"change-{number:03}" for number in range(120)]


def control(kind: ControlKind, **settings: object) -> Control:
    return Control(
        "X-01", kind, (), "changes", "TRUE", "A title", "what", "why", "blind", "mend", "open", settings=settings
    )


def by_hand(items: list[str], seed: str, digest: str) -> list[str]:
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed}\n{digest}\n{item}".encode()).hexdigest())


def test_the_written_procedure_draws_the_same_sample() -> None:
    sample = draw_sample("CHG-01", ITEMS, "abc", seed="agreed on 3 July", size=25)
    assert items_of(sample) == by_hand(ITEMS, "agreed on 3 July", "abc")[:25]
    assert [one.position for one in sample.items] == list(range(1, 26))


@given(st.sets(st.text(max_size=8), max_size=40), st.text(max_size=5), st.integers(0, 45), st.randoms())
def test_the_order_of_the_list_changes_nothing(items: set[str], seed: str, size: int, chance: object) -> None:
    listed = sorted(items)
    chance.shuffle(listed)  # type: ignore[attr-defined]
    one, other = (draw_sample("X-01", own, "d", seed=seed, size=size) for own in (listed, sorted(items)))
    assert one == other
    assert len(one.items) == min(size, len(items))
    assert set(items_of(one)) <= items


def test_a_larger_sample_holds_the_smaller_one() -> None:
    small, large = (draw_sample("X-01", ITEMS, "d", seed="s", size=size) for size in (25, 60))
    assert items_of(large)[:25] == items_of(small)  # type: ignore[index]


def test_a_void_item_is_replaced_by_the_next_and_the_reason_is_kept() -> None:
    order = by_hand(ITEMS, "s", "d")
    sample = draw_sample(
        "X-01", ITEMS, "d", seed="s", size=3, void={order[1]: "a test record", order[3]: "void too"}
    )
    assert list(items_of(sample)) == [order[0], order[4], order[2]]
    replaced = sample.items[1]
    assert (replaced.position, replaced.replaces, replaced.reason) == (5, order[3], "void too")
    assert sample.void == {order[1]: "a test record", order[3]: "void too"}


def test_a_void_item_that_nothing_can_replace_leaves_a_hole_that_shows() -> None:
    sample = draw_sample("X-01", ["a", "b"], "d", seed="s", size=2, void={"a": "void"})
    assert sorted(items_of(sample)) == ["b"]
    assert [(one.replaces, one.reason) for one in sample.items if not one.item] == [("a", "void")]


def test_an_item_that_was_not_drawn_cannot_be_void() -> None:
    with pytest.raises(UsageError, match="was not drawn"):
        draw_sample("X-01", ITEMS, "d", seed="s", size=1, void={by_hand(ITEMS, "s", "d")[50]: "no"})


@pytest.mark.parametrize(
    ("population", "size", "deviating", "found", "limit"),
    [
        (50, 25, 0, 0, "8.0 %"),
        (100, 25, 0, 0, "9.0 %"),
        (250, 25, 0, 0, "10.4 %"),
        (20, 20, 20, 20, ""),
        (0, 5, 0, 0, ""),
    ],
)
def test_a_sample_says_what_it_alone_would_bound(
    population: int, size: int, deviating: int, found: int, limit: str
) -> None:
    items = [f"i{number}" for number in range(population)]
    sample = judged(draw_sample("X-01", items, "d", seed="s", size=size), items[:deviating])
    assert (sample.deviations, sample.upper_limit) == (found, limit)


def test_a_population_with_one_item_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="holds an item twice"):
        draw_sample("X-01", ["a", "a"], "d", seed="s", size=1)


@pytest.mark.parametrize(
    ("population", "frequency", "risk", "size"),
    [
        (0, None, "lower", 0),
        (4, None, "lower", 4),
        (12, None, "lower", 2),
        (52, None, "higher", 15),
        (250, None, "higher", 25),
        (251, None, "moderate", 40),
        (20_000, None, "higher", 60),
        (4, "quarter", "lower", 2),
        (1, "quarter", "higher", 1),
        (365, "day", "lower", 25),
        (10, "setting", "higher", 1),
    ],
)
def test_sizes_follow_count_and_frequency(population: int, frequency: str | None, risk: str, size: int) -> None:
    assert sample_size(population, frequency, risk, load_sizes())[0] == size  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("own", "frequency"),
    [
        (control(ControlKind.ITEM), None),
        (control(ControlKind.STATE), "setting"),
        (control(ControlKind.CADENCE, every="quarter"), "quarter"),
        (control(ControlKind.CADENCE, every="1 days"), "day"),
        (control(ControlKind.CADENCE, every="92 days"), "quarter"),
        (control(ControlKind.CADENCE, every="365 days"), "year"),
    ],
)
def test_how_often_a_control_operates_is_told_by_its_kind(own: Control, frequency: str | None) -> None:
    assert frequency_of(own) == frequency
