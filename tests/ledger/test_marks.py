"""Equal records have equal marks; the marks of an event lie together; packing loses nothing."""

from hypothesis import given
from hypothesis import strategies as st

from asbuilt.ledger.marks import mark_of, marks_of, pack_marks, same_record, unpack_marks
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


def test_what_makes_a_record_the_same() -> None:
    assert same_record(record(1), record(1))
    for other in (record(2), record(1, payload=b"x"), record(1, event="x"), record(1, kind="x")):
        assert not same_record(record(1), other)
