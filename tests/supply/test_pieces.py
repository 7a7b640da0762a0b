"""Reading by pieces: the same answers as reading a text as one, whatever the text."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from asbuilt.supply.formats import DEEPEST, Node, RefusedError, read_toml, read_yaml, table_lines
from asbuilt.supply.pieces import read_toml_pieces, read_yaml_pieces
from tests.supply.lock_files import FILES

PNPM_9 = FILES["v9/pnpm-lock.yaml"][0]
# Lines that a lock file has, and lines that break one in every way that comes to mind.
_LINES = (
    "a:", "b:", "packages:", "  'x@1':", "  y@2:", "  'x@1': 1", "    resolution: {integrity: sha512-a}", "    dev: true",
    "    deprecated: |-", "      two", "      lines", "    k: >", "# comment", "  # comment", "- item", "  - item", "---",
    "...", "", " ", "   odd: 1", "    'quoted", "    end': 1", '    "open', '  close": 2', "  {a: 1,", "  b: 2}", "? c",
    ": d", "  ? e", "  : f", "    *alias : 1", "    z: *a", "    z: &a 1", "  <<: 1", "%YAML 1.1", "\t", "  \tt: 1",
    "  n: ~", "  n: null", "  m: a: b", "  p:", "    q:", "      r: 1", "  s: a\u2028  t: b", "  u: '\x85'", "  w: \x07",
    "a: |+", "  é: ö", "    [1, 2]", "  !!str v: 1", "  v: !!map", "  long: text", "    goes on",
)  # fmt: skip
_YAML = st.lists(st.sampled_from(_LINES), max_size=14).map(lambda rows: "\n".join([*rows, ""]))


def _lined(value: Any, levels: int) -> Any:
    """A value with the lines of its first levels."""
    if isinstance(value, Node):
        lines = (value.line, dict(value.lines)) if levels else None
        return lines, [(name, _lined(own, levels - 1 if levels else 0)) for name, own in value.items()]
    return [_lined(own, 0) for own in value] if isinstance(value, list) else value


def _answer(read: Any, *arguments: Any) -> Any:
    try:
        return read(*arguments)
    except RefusedError as error:
        return error.what, error.line


@given(_YAML, st.integers(1, 3))
@example("a:\n  b: 1\nc: 2\n", 2)
@example("a:\n  b: 1\n\nc:\n  'd':\n    e: |+\n      f\n\n---\ng: 1\n", 2)
@example("---\na: 1\n---\nb: 2\n", 1)
@example("a: 1\r\nb:\r\n  c: |\r\n    d\r\n", 2)
@example("a:\n  b: 1\n  b: 2\n", 2)
@example("a: 1\n---\n", 1)
@example("a:\n    b:\n  c: 1\n", 3)
@example("a:\n  b: {c: 1}\n", 3)
@example("a: 'one\n\n  two'\nb: 1\n", 1)
def test_a_yaml_text_is_told_as_when_it_is_read_as_one(text: str, levels: int) -> None:
    whole = _answer(read_yaml, text)
    for _ in range(2):  # the second time nothing is new
        told = _answer(read_yaml_pieces, text, levels)
        if isinstance(whole, tuple):
            assert told == whole
        else:
            assert [_lined(own, levels) for own in told] == [_lined(own, levels) for own in whole]


@given(st.lists(st.sampled_from(PNPM_9.splitlines()), max_size=4), st.data())
def test_so_is_a_lock_file_with_lines_gone_doubled_and_moved(moved: list[str], data: st.DataObject) -> None:
    rows = PNPM_9.splitlines()
    for row in moved:
        rows.insert(data.draw(st.integers(0, len(rows))), row)
        del rows[data.draw(st.integers(0, len(rows) - 1))]
    text = "\n".join([*rows, ""])
    whole = _answer(read_yaml, text)
    told = _answer(read_yaml_pieces, text, 2)
    if isinstance(whole, tuple):
        assert told == whole
    else:
        assert [_lined(own, 2) for own in told] == [_lined(own, 2) for own in whole]


def test_an_entry_that_is_large_is_cut_again() -> None:
    inner = "".join(f"      n{number}:\n        version: {number}\n" for number in range(300))
    text = f"importers:\n  web:\n    dependencies:\n{inner}"
    assert read_yaml_pieces(text, 2) == read_yaml(text)
    changed = text.replace("version: 7\n", "version: 8\n")
    assert read_yaml_pieces(changed, 2) == read_yaml(changed)


def test_depth_is_bounded_through_the_pieces() -> None:
    text = (
        "".join(f"{'  ' * depth}k{'x' * 80}:\n" for depth in range(DEEPEST + 2)) + "  " * (DEEPEST + 2) + "v: 1\n"
    )
    with pytest.raises(RefusedError, match="nested too deep"):
        read_yaml_pieces(text, 2)


_TOML = (
    "[[package]]", "[[package]]", "[[package]]", 'name = "a"', 'name = "b"', 'version = "1"', "[package.dependencies]",
    'c = "1"', "[package.dependencies]", "[[package.files]]", "files = [", '    {file = "f", hash = "sha256:a"},', "]",
    "[metadata]", "[metadata.files]", "a = [", "b = []", 'lock-version = "1.1"', "[extras]", "version = 1", "# comment",
    "", "  [[package]]", "[[ package ]]", '[["package"]]', "[package]", 'd = """', '"""', "x = '''", "[1],", " [z]",
    "package = 1", "metadata = {}", "a.b = 1", "a.c = 2", "\x07", "é = 1", "[[package]] # c",
)  # fmt: skip


@given(st.lists(st.sampled_from(_TOML), max_size=16).map("\n".join))
@example(
    'version = 1\n[[package]]\nname = "a"\n[package.dependencies]\nc = "1"\n[[package]]\nname = "b"\n[extras]\nx = []'
)
@example('[[package]]\r\nname = "a"\r\n\r\n[[package]]\r\nname = "b"\r\n')
@example('[[package]]\nname = "a"\n\n[metadata]\nn = 1\n\n[metadata.files]\na = [\n    {file = "f"},\n]\nb = []\n')
@example('[[package]]\nname = "a"\n\n[metadata]\nn = 1\n\n[metadata.files]\na = []\na = []\n')
@example('[[package]]\n[[package]]\nname = "a"\n')
@example("[[package]]\n[metadata]\n")
def test_a_toml_text_is_told_as_when_it_is_read_as_one(text: str) -> None:
    whole = _answer(read_toml, text)
    for _ in range(2):
        told = _answer(read_toml_pieces, text, "package")
        if isinstance(whole, tuple):
            assert told == whole
        else:
            assert told == (whole, table_lines(text, "package"))
