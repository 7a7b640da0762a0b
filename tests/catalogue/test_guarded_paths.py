"""Guarded paths: every entry's own examples, and what a malformed file gets."""

from pathlib import Path

import pytest

from asbuilt.catalogue.guarded_paths import GuardedEntry, load_guarded_paths
from asbuilt.model.errors import CatalogueError

GUARDED = load_guarded_paths()


@pytest.mark.parametrize("entry", GUARDED.entries, ids=lambda entry: entry.id)
def test_examples(entry: GuardedEntry) -> None:
    assert entry.hits
    assert entry.near_misses
    assert entry.why.endswith(".")
    assert {path: GUARDED.kind(path.encode()) for path in entry.hits} == dict.fromkeys(entry.hits, entry.id)
    assert {path: GUARDED.kind(path.encode()) for path in entry.near_misses} == dict.fromkeys(entry.near_misses)


@pytest.mark.parametrize("path", [b"AGENTS.md\n", b"", b"\xff", b"a/\nAGENTS.mdx", b".github/workflows/"])
def test_hostile_paths_are_not_guarded(path: bytes) -> None:
    assert GUARDED.kind(path) is None


def test_a_newline_hides_nothing() -> None:
    assert GUARDED.kind(b"a\nb/AGENTS.md") == "agent-instructions"
    assert GUARDED.kind(b".github/workflows/a\nb.yml") == "ci-workflows"


@pytest.mark.parametrize(
    "text", ["", "guarded = 3", "[[guarded]]\nid = 'x'", "not toml", "[[guarded]]\nid='x'\nwhy='y.'\nglobs=[]\nhits=[]\nnear_misses=[]"]
)  # fmt: skip
def test_a_malformed_list_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "guarded_paths.toml"
    file.write_text(text)
    with pytest.raises(CatalogueError) as caught:
        load_guarded_paths(file)
    assert caught.value.where == str(file)
    assert caught.value.fix
