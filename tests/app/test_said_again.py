"""What went back to an earlier word is said again: by one pass over the ledger, as by comparing every word."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.app import said_again as module
from asbuilt.app.said_again import restated, said_again
from asbuilt.ledger.ledger import create_ledger
from asbuilt.model.record import RESTATED, Record, decode_entry

WORD = st.tuples(
    st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(1, 5), st.sampled_from(["fact/t", "key"])
)


def record(event: str, word: str, observed: int, kind: str) -> Record:
    return Record("s", event, kind, word.encode(), observed, observed, "ana", "cli")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WORD, max_size=5), min_size=1, max_size=4), st.sampled_from([23, 3]))
def test_the_newest_of_all_words_decides(acts: list[list[tuple[str, str, int, str]]], bits: int) -> None:
    with (
        pytest.MonkeyPatch.context() as patched,
        tempfile.TemporaryDirectory() as place,
        create_ledger(Path(place, "ledger"), origin="example.com/log", now=0) as ledger,
    ):
        patched.setattr(module, "_BITS", bits)  # few classes: everything collides
        for act in acts:
            records = [record(*told) for told in act]
            placed = ledger.append(records)
        found = restated(ledger, records, placed)
        stand = [decode_entry(entry) for entry in ledger.entries()]
    expected: dict[str, Record] = {}
    for own, at in zip(records, placed, strict=True):
        words = [each for each in stand if (each.event, each.kind) == (own.event, own.kind)]
        newest = max(enumerate(words), key=lambda word: (word[1].observed, word[0]))[1]
        is_other = newest.payload != own.payload and newest.observed <= own.observed
        if not at.is_new and own.kind == "fact/t" and is_other:
            expected[own.event] = own
    assert {each.event: each.payload for each in found} == {name: own.payload for name, own in expected.items()}
    assert all(RESTATED in each.media for each in found)


def test_nothing_known_is_nothing_said(tmp_path: Path) -> None:
    with create_ledger(tmp_path / "ledger", origin="example.com/log", now=0) as ledger:
        records = [record("a", "x", 1, "fact/t")]
        assert said_again(ledger, records, ledger.append_all(records)) == []
