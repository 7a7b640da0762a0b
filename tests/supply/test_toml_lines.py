"""Lines of the keys of a TOML text."""

import time

from hypothesis import given
from hypothesis import strategies as st

from asbuilt.supply.toml_lines import toml_lines


def test_tables_entries_and_parts_of_keys_have_lines() -> None:
    text = """a = 1
[dependencies]
b.workspace = true
"c d" = "1"
[target.'cfg(unix)'.dependencies]
e = {version = "1"}
  [ dependencies . f ]
version = "2"
[[bin]]
name = "x"
"""
    told = toml_lines(text)
    assert told["a",] == 1
    assert told["dependencies", "b"] == told["dependencies", "b", "workspace"] == 3
    assert told["dependencies", "c d"] == 4
    assert told["target", "cfg(unix)", "dependencies", "e"] == 6
    assert told["dependencies", "f"] == 7
    assert told["bin", "name"] == 10


def test_the_first_place_counts() -> None:
    assert toml_lines('[a]\nb = """\nb = 1\n"""\n')["a", "b"] == 2


@given(st.text(st.sampled_from("ab.[]\"'= \n\\")))
def test_lines_are_lines_of_the_text(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in toml_lines(text).values())


def test_long_rows_take_one_pass() -> None:
    begun = time.process_time()
    for piece in ("a.", '"', "[a.", "'a' .", "a = "):
        toml_lines(piece * 200_000)
    assert time.process_time() - begun < 5
