"""A comment that nobody's text can break out of, ping from, or link out of."""

import re

from asbuilt.reports.gate_markdown import MARKER, gate_markdown
from tests.reports.gates import EVIL, answer


def test_it_begins_with_the_marker_and_the_verdict() -> None:
    first, second, *_ = gate_markdown(answer(text="x")).splitlines()
    assert (first, second) == (MARKER, "## AsBuilt gate: Refused")


def test_foreign_text_shows_as_itself() -> None:
    found = gate_markdown(answer(text=EVIL, overridden=True))
    assert "<script" not in found
    assert "@everyone" not in found
    assert "](https" not in found
    assert "https://" not in found
    assert "\x1b" not in found
    assert "\u202e" not in found
    assert found.count(MARKER) == 1


def test_what_blocks_who_overrode_and_what_was_not_seen_stand_in_it() -> None:
    found = gate_markdown(answer(text="Cleo", overridden=True))
    for wanted in (
        "**CHG-01** does not hold",
        "Overridden by Cleo",
        "The answer stays",
        "GAP-RECORD",
        "and 28 more",
    ):
        assert wanted in found, wanted


def test_a_comment_has_room_for_it() -> None:
    found = gate_markdown(answer(text="| & <x> " * 600, blocking=40))
    assert len(found) < 65_536


def test_every_row_of_the_table_has_its_cells() -> None:
    rows = [line for line in gate_markdown(answer()).splitlines() if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}
