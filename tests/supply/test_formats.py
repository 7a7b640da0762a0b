"""Formats as plain values with their lines."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.supply import formats
from asbuilt.supply.formats import KeyLines, RefusedError, read_yaml


def test_equal_keys_are_told_apart_in_the_order_of_the_text() -> None:
    lines = KeyLines('{"a": 1,\n "b": {"a": "x"},\n "c\\"": ": \\"a\\": ",\n "a": 2}')
    assert [lines.key("a"), lines.key("a"), lines.key('c"'), lines.key("a"), lines.key("zzz")] == [1, 2, 3, 4, None]
    assert KeyLines('{"n": "x",\n"n": "y"}').pair("n", "y") == 2


def test_a_pair_is_found_where_the_key_has_the_text() -> None:
    text = '{"name": "a/b", "x": {"name": "c"},\n"names": "c", "name":\n "c", "name" : "a/b",\n"name": "z"}'
    lines = KeyLines(text)
    asked = ("a/b", "c", "c", "a/b", "z", "a/b", "none")
    assert [lines.pair("name", own) for own in asked] == [1, 1, 2, 3, 4, 1, None]


def test_keys_are_found_whether_or_not_they_are_asked_in_order() -> None:
    text = '{"a": "b",\n"b": {"x\\"b": 1},\n"c": "\\"d\\": 1",\n"d" : 2,\n"b": 3}'
    lines = KeyLines(text)
    assert [lines.key(name) for name in ("a", "b", "d", "b", "a", "zzz")] == [1, 2, 4, 5, 1, None]
    lines = KeyLines(text)
    assert [lines.key(name) for name in ("d", "c", "b")] == [4, 3, 5]


KEYS = st.text('ab"\\{}[], ', max_size=4)


@given(st.dictionaries(KEYS, st.one_of(KEYS, st.integers()), max_size=8), st.data())
def test_each_key_is_found_in_its_own_line(told: dict[str, object], data: st.DataObject) -> None:
    text = json.dumps(told, indent=0, ensure_ascii=False)
    lines = KeyLines(text)
    for name in told:
        assert lines.key(name) == list(told).index(name) + 2
    asked = data.draw(st.permutations(list(told)))
    again = KeyLines(text)
    assert [again.key(name) for name in asked] == [list(told).index(name) + 2 for name in asked]


def test_every_document_of_yaml_is_read_with_its_lines() -> None:
    first, second = formats.read_yaml("a: 1\n---\nb:\n  c: ~\n")
    assert (first, second, second.lines, second["b"].line) == ({"a": "1"}, {"b": {"c": None}}, {"b": 3}, 4)


def test_comments_and_trailing_commas_are_taken_off_outside_texts_alone() -> None:
    assert formats.read_loose_json('{"a": "x, }", /* y */ "b": [1, 2,], // z\n}') == {"a": "x, }", "b": [1, 2]}


def test_xml_has_lines_and_no_entities() -> None:
    root = formats.read_xml(b'<a xmlns:n="u">\n<n:b k="v">t</n:b></a>')
    (child,) = root.every("b")
    assert (child.line, child.text, child.attributes) == (2, "t", {"k": "v"})
    with pytest.raises(RefusedError, match="entities"):
        formats.read_xml(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')


def test_names_of_tables_have_lines() -> None:
    assert formats.table_lines('[[p]]\nname = "a"\n[p.x]\nname = "no"\n[[p]]\nv = 1\n[[q]]\n', "p") == [2, 5]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (formats.read_json, formats.read_loose_json, formats.read_toml, formats.read_yaml):
        with suppress(RefusedError):
            read(text)


def test_an_alias_stands_for_nothing_where_it_is_let_stand() -> None:
    text = "a: &x {b: 1}\nc: *x\nd: [*x, 2]\n"
    assert read_yaml(text, aliases=True) == [{"a": {"b": "1"}, "c": None, "d": [None, "2"]}]
    with pytest.raises(RefusedError, match="alias"):
        read_yaml(text)
