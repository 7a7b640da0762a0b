"""Words in changes: every entry's own examples, and what a malformed file gets."""

import re
from pathlib import Path

import pytest

from asbuilt.catalogue.change_words import EmergencyEntry, load_change_words
from asbuilt.model.errors import CatalogueError

WORDS = load_change_words()


@pytest.mark.parametrize("entry", WORDS.emergency, ids=lambda entry: entry.id)
def test_emergency_examples(entry: EmergencyEntry) -> None:
    assert entry.hits
    assert entry.near_misses
    own = re.compile(entry.pattern, re.IGNORECASE)
    assert [text for text in entry.hits if not own.search(text)] == []
    assert [text for text in entry.hits if not WORDS.may_be_emergency(text)] == []
    assert [text for text in entry.hits if not WORDS.is_emergency(entry.where, text)] == []
    assert [text for text in entry.near_misses if WORDS.is_emergency(entry.where, text)] == []


def test_a_word_counts_in_its_own_place_only() -> None:
    assert WORDS.is_emergency("branch", "hotfix/x")
    assert not WORDS.is_emergency("subject", "hotfix")


def test_ticket_examples() -> None:
    never = WORDS.tickets.never
    assert [key for key in WORDS.tickets.hits if key.rpartition("-")[0] in never] == []
    assert {"UTF", "SHA", "CVE", "ISO", "RFC", "GPT"} <= never
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]*", word) for word in never)


@pytest.mark.parametrize(
    "text",
    ["", "not toml", "[tickets]\nnever=1\nhits=[]\nnear_misses=[]", "[[emergency]]\nid='x'\nwhere='nowhere'"],
)
def test_a_malformed_list_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "change_words.toml"
    file.write_text(text)
    with pytest.raises(CatalogueError) as caught:
        load_change_words(file)
    assert caught.value.where == str(file)


def test_a_broken_pattern_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "change_words.toml"
    file.write_text(
        "emergency_hints=['x']\n[[emergency]]\nid='x'\nwhere='subject'\npattern='('\nhits=[]\nnear_misses=[]\n"
        "[tickets]\nnever=[]\nhits=[]\nnear_misses=[]\n"
    )
    with pytest.raises(CatalogueError):
        load_change_words(file)
