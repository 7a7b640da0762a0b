"""A document in pieces tells what the whole document tells, wherever the windows end."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.scans import pieces as module
from asbuilt.scans.pieces import MalformedError, Pieces, take_apart
from asbuilt.scans.stored import Held

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9999)
    | st.text(max_size=12)
    | st.sampled_from(["[", '"}', "\\", ","]),
    lambda some: st.lists(some, max_size=6) | st.dictionaries(st.text(max_size=5), some, max_size=5),
    max_leaves=40,
)


def read(part: msgspec.Raw | Pieces) -> Any:
    if isinstance(part, msgspec.Raw):
        return msgspec.json.decode(part)
    if part.is_list:
        return [read(each) for each in part.elements()]
    return {name: read(value) for name, value in part.members()}


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WINDOW", 240)  # a bound, so that no test needs megabytes
    monkeypatch.setattr(module, "LONGEST", 4000)


@settings(max_examples=100)
@given(
    st.lists(VALUES, max_size=8) | st.dictionaries(st.text(max_size=5), VALUES, max_size=8),
    st.sampled_from([None, 1]),
)
def test_pieces_tell_what_the_whole_tells_and_are_all_looked_at(document: Any, indent: int | None) -> None:
    data = json.dumps(document, indent=indent).encode()
    looked: list[bytes] = []
    whole = take_apart(Held(data), looked.append)
    assert read(whole) == document
    assert len(data) > module.LONGEST or whole.raw().strip() == data.strip()
    assert sum(map(len, looked)) <= len(data)


@settings(max_examples=100)
@given(VALUES, st.data())
def test_what_is_cut_or_changed_is_refused_exactly_where_it_is_no_json(value: Any, data: st.DataObject) -> None:
    told = bytearray(json.dumps([value, value, {"a": value}]).encode())
    at = data.draw(st.integers(0, len(told) - 1))
    if data.draw(st.booleans()):
        told = told[:at]
    else:
        told[at : at + 1] = data.draw(
            st.sampled_from([b"", b",", b"]", b"}", b"[", b'"', b"\\", b" ", b"x", b",,"])
        )
    try:
        expected = msgspec.json.decode(told)
    except msgspec.MsgspecError:
        expected = None
    try:
        found = read(take_apart(Held(bytes(told)), bytes))
    except (MalformedError, msgspec.MsgspecError):
        found = None
    assert found == (expected if isinstance(expected, list | dict) else None)


def test_the_last_of_several_members_of_one_name_comes_last() -> None:
    data = b'{"a": %b, "b": 1, "a": 7}' % (b"[" + b"1," * 60 + b"1]")
    assert read(take_apart(Held(data), bytes)) == {"a": 7, "b": 1}


@pytest.mark.parametrize(
    ("bomb", "why"),
    [
        (b"[" * 9000, "nests too deep"),
        (b'{"a":' * 9000, "nests too deep"),
        (b"[" * 9000 + b"]" * 9000, "nests too deep"),
        (b'["' + b"x" * 9000 + b'"]', "more than"),
        (b"[" + b"1" * 9000 + b"]", "more than"),
        (b'["' + b"x" * 900, "no JSON: it is cut short"),
        (b"[" + b" " * 900, "cut short"),
        (b'{"' + b"x" * 900 + b'": [' + b"1," * 90 + b"1]}", "name of a member"),
        (b"[1, 2]" + b" " * 90 + b"]", "something follows"),
        (b"[" + b"1," * 90 + b"]", "a value is missing"),
        (b"[," + b"1," * 90 + b"1]", "no JSON"),
        (b"\0" * 900, "neither a list"),
        (b"", "cut short"),
        (b"[" + b"NaN, " * 90 + b"1]", "no JSON"),
    ],
)
def test_bombs_and_what_is_malformed_are_named(bomb: bytes, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        take_apart(Held(bomb), bytes)


def test_a_single_value_that_is_too_long_is_not_read_whole() -> None:
    whole = take_apart(Held(b"[" + b"1, " * 3000 + b"1]"), bytes)
    with pytest.raises(MalformedError, match="more than"):
        whole.raw()
    assert sum(1 for _ in whole.elements()) == 3001


def test_a_document_that_changes_while_it_is_read_is_named() -> None:
    held = Held(b"[" + b"1, " * 300 + b"1]")
    whole = take_apart(held, bytes)
    held.__init__(b"[" + b"x, " * 300 + b"1]")  # type: ignore[misc] - other bytes in the same place
    with pytest.raises(MalformedError, match="changed"):
        list(whole.elements())
