"""YAML as plain nodes with lines; what could trick a reader is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.recording.yaml_nodes import DEEPEST, Node, YamlRefusedError, read_yaml


def test_scalars_stay_texts_and_every_value_has_its_line() -> None:
    root = read_yaml("a: no\nb:\n  - 012\n  - '~'\n  - ~\nc: {d: 1e3, e: }\nf: |\n  x\n  y\n")
    assert root == Node(
        1,
        {
            "a": Node(1, "no"),
            "b": Node(3, [Node(3, "012"), Node(4, "~"), Node(5, None)]),
            "c": Node(6, {"d": Node(6, "1e3"), "e": Node(6, None)}),
            "f": Node(7, "x\ny\n"),
        },
    )


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "The file is empty."),
        ("a: &x 1\nb: *x\n", 1, "Anchors and aliases (& and *) are not read."),
        ("a: 1\nb: *x\n", 2, "Anchors and aliases (& and *) are not read."),
        ("a: !!python/object/apply:os.system [id]\n", 1, "The tag 'tag:yaml.org,2002:python/object/apply:os.system' is not read."),
        ("a: !!int 1\n", 1, "The tag 'tag:yaml.org,2002:int' is not read."),
        ("a: 1\n---\nb: 2\n", 2, "A second document begins."),
        ("a: 1\nb: 2\na: 3\n", 3, "The key 'a' stands there twice (first in line 1)."),
        ("<<: {a: 1}\n", 1, "A key is no plain text."),
        ("? [a]\n: 1\n", 1, "A key is no plain text."),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), 1, f"It is nested deeper than {DEEPEST} levels."),
        ("[" * 100_000, 1, f"It is nested deeper than {DEEPEST} levels."),
        ("a: 1\nb: [\n", 3, "This is no YAML: did not find expected node content."),
        ("a: 1\n\tb: 2\n", 2, "This is no YAML: found a tab character that violates indentation."),
    ],
)  # fmt: skip
def test_what_evidence_does_not_need_is_refused(text: str, line: int, what: str) -> None:
    with pytest.raises(YamlRefusedError) as caught:
        read_yaml(text)
    assert (caught.value.line, caught.value.what) == (line, what)
    assert caught.value.fix


def test_a_control_character_is_named_with_its_line() -> None:
    with pytest.raises(YamlRefusedError, match="This is no YAML: ") as caught:
        read_yaml("a: 1\nb: 'x\x1b'\n")
    assert caught.value.line in {1, 2}


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    said = "read"
    try:
        read_yaml(text)
    except YamlRefusedError as error:
        said = error.what
    assert said
