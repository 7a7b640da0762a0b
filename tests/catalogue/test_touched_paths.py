"""What a change touches: every entry's own examples, and what a malformed file gets."""

from pathlib import Path
from typing import get_args

import pytest

from asbuilt.catalogue.touched_paths import Kind, TouchedEntry, load_touched_paths
from asbuilt.model.errors import CatalogueError

TOUCHED = load_touched_paths()


def test_each_kind_has_one_entry() -> None:
    assert sorted(entry.id for entry in TOUCHED.entries) == sorted(get_args(Kind))


@pytest.mark.parametrize("entry", TOUCHED.entries, ids=lambda entry: entry.id)
def test_examples(entry: TouchedEntry) -> None:
    assert entry.hits
    assert entry.near_misses
    assert entry.why.endswith(".")
    assert [path for path in entry.hits if entry.id not in TOUCHED.kinds(path.encode())] == []
    assert [path for path in entry.near_misses if entry.id in TOUCHED.kinds(path.encode())] == []


def test_a_path_may_be_of_two_kinds_or_of_none() -> None:
    assert TOUCHED.kinds(b"infra/package.json") == {"infrastructure", "dependencies"}
    assert TOUCHED.kinds(b"src/app.py") == frozenset()
    assert TOUCHED.kinds(b"a\nb/migrations/1.py") == {"migrations"}
    assert TOUCHED.kinds(b"\xff/go.sum") == {"dependencies"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "touched = 3",
        "[[touched]]\nid = 'prompts'",
        "not toml",
        "[[touched]]\nid='x'\nwhy='y.'\nglobs=['a']\nhits=[]\nnear_misses=[]",
        "[[touched]]\nid='prompts'\nwhy='y.'\nglobs=[]\nhits=[]\nnear_misses=[]",
    ],
)
def test_a_malformed_list_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "touched_paths.toml"
    file.write_text(text)
    with pytest.raises(CatalogueError) as caught:
        load_touched_paths(file)
    assert caught.value.where == str(file)
    assert caught.value.fix
