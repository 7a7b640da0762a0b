"""Entries that stand behind one another come apart again, and damage to a length is seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.ledger.bundles import BUNDLED, MOST_BYTES, bundle_rows, pack_bundle, unpack_bundle
from asbuilt.model.errors import LedgerError

ENTRIES = st.lists(st.binary(max_size=700))


def test_a_bundle_as_it_stands() -> None:
    assert pack_bundle([b"abc", b"", b"x" * 258]) == b"\0\3abc\0\0\1\2" + b"x" * 258


@given(ENTRIES)
def test_entries_come_apart_again(entries: list[bytes]) -> None:
    assert unpack_bundle(pack_bundle(entries)) == entries


@given(st.lists(st.binary(max_size=5), max_size=300), st.integers(0, 1 << 40))
def test_rows_follow_one_another(entries: list[bytes], start: int) -> None:
    rows = list(bundle_rows(start, entries))
    assert [each for _, bundle in rows for each in unpack_bundle(bundle)] == entries
    assert [at for at, _ in rows] == list(range(start, start + len(entries), BUNDLED))


def test_the_longest_entry_fits() -> None:
    assert unpack_bundle(pack_bundle([b"x" * MOST_BYTES])) == [b"x" * MOST_BYTES]


@pytest.mark.parametrize("bundle", [b"\0", b"\0\4abc", b"\0\3abc\0", b"\0\3abc\0\1", b"\xff\xff"])
def test_lengths_that_do_not_add_up_are_refused(bundle: bytes) -> None:
    with pytest.raises(LedgerError, match="damaged"):
        unpack_bundle(bundle)
