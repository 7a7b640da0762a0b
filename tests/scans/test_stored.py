"""Bytes by ranges: of a file the same as at hand, whatever their encoding."""

import tempfile
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.scans.stored import Filed, Held, Stored, chunks, digest_of, without_mark


def filed(data: bytes) -> Filed:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as what is read from it
    file.write(data)
    file.flush()
    found = Filed(file)
    weakref.finalize(found, file.close)
    return found


@given(st.binary(max_size=40), st.integers(0, 50), st.integers(0, 50))
def test_a_range_of_a_file_is_the_range_of_its_bytes(data: bytes, start: int, end: int) -> None:
    held, other = Held(data), filed(data)
    assert held.size == other.size == len(data)
    assert held.read(start, max(start, end)) == other.read(start, max(start, end))
    assert b"".join(chunks(other)) == data
    assert digest_of(held) == digest_of(other)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("make", [Held, filed])
def test_every_usual_encoding_becomes_utf_8(encoding: str, make: type[Held]) -> None:
    told: Stored = without_mark(make('{"a": "é€"}'.encode(encoding)))
    assert told.read(0, told.size) == '{"a": "é€"}'.encode()


@pytest.mark.parametrize("make", [Held, filed])
def test_what_is_cut_short_in_utf_16_is_an_error(make: type[Held]) -> None:
    with pytest.raises(UnicodeError):
        without_mark(make(b"\xff\xfe\x00"))
