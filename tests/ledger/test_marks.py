"""Equal records have equal marks; the marks of an event lie together; packing loses nothing."""

from itertools import combinations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.ledger.marks import mark_of, marks_for, marks_of, pack_marks, same_record, unpack_marks
from tests.ledger.making import record

MARKS = st.lists(st.integers(-(1 << 63), (1 << 63) - 1))


@given(st.text(), st.text(), st.text(), st.binary())
def test_the_marks_of_an_event_lie_together(source: str, event: str, kind: str, payload: bytes) -> None:
    first, last = marks_of(source, event)
    assert -(1 << 63) <= first <= mark_of(source, event, kind, payload) <= last < 1 << 63
    assert last - first == 0xFFFFFFFF


@given(MARKS)
def test_marks_come_apart_again(marks: list[int]) -> None:
    assert list(unpack_marks(pack_marks(marks))) == marks
    assert list(unpack_marks(pack_marks(marks) + b"1234567")) == marks


def test_marks_tell_records_apart() -> None:
    told = [record(n, payload=b"%d" % m) for n in range(100) for m in range(100)]
    assert len({mark_of(each.source, each.event, each.kind, each.payload) for each in told}) == len(told)


def test_many_marks_are_the_marks_of_each() -> None:
    told = [record(n, kind=f"kind {n // 3 % 2}") for n in range(20)]
    told += [msgspec.structs.replace(each, source="others") for each in told]
    assert marks_for(told) == [mark_of(each.source, each.event, each.kind, each.payload) for each in told]


def test_what_makes_a_record_the_same() -> None:
    assert same_record(record(1), record(1))
    for other in (record(2), record(1, payload=b"x"), record(1, event="x"), record(1, kind="x")):
        assert not same_record(record(1), other)
    assert not same_record(record(1), msgspec.structs.replace(record(1), source="others"))
    assert not same_record(record(1), msgspec.structs.replace(record(1), media="text/plain"))


def test_what_moves_between_the_parts_is_another_record() -> None:
    apart = [msgspec.structs.replace(record(1), source=f"ab{'c' * n}", event=f"{'c' * (3 - n)}d") for n in range(4)]
    for one, other in combinations(apart, 2):
        assert not same_record(one, other)


@given(st.integers(), st.integers(), st.none() | st.integers(), st.text(), st.text())
def test_how_and_when_it_came_makes_no_other_record(
    observed: int, recorded: int, occurred: int | None, by: str, how: str
) -> None:
    again = msgspec.structs.replace(
        record(1), observed=observed, recorded=recorded, occurred=occurred, by=by, how=how
    )
    assert same_record(record(1), again)
