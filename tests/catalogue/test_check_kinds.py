"""What a check is for: every entry's own examples, and what a malformed file gets."""

from pathlib import Path
from typing import get_args

import pytest

from asbuilt.catalogue.check_kinds import OTHER, CheckKind, Kind, check_kind, load_check_kinds
from asbuilt.model.errors import CatalogueError

KINDS = load_check_kinds()


def kind_of(example: str) -> str:
    """The kind of an example: a name alone, or ``app: name`` of an app of the catalogue."""
    app, mark, name = example.partition(": ")
    known = any(app in entry.apps for entry in KINDS.entries)
    return KINDS.kind(name, app) if mark and known else KINDS.kind(example, None)


def test_each_kind_has_one_entry() -> None:
    assert sorted(entry.id for entry in KINDS.entries) == sorted(get_args(Kind))


@pytest.mark.parametrize("entry", KINDS.entries, ids=lambda entry: entry.id)
def test_examples(entry: CheckKind) -> None:
    assert entry.hits
    assert entry.near_misses
    assert entry.why.endswith(".")
    assert [name for name in entry.hits if kind_of(name) != entry.id] == []
    assert [name for name in entry.near_misses if kind_of(name) == entry.id] == []


def test_an_app_of_one_purpose_decides_before_the_name() -> None:
    assert check_kind("unit tests", "gitguardian[bot]") == "secret-scan"
    assert check_kind("unit tests", "github-actions") == "tests"
    assert check_kind("", None) == check_kind("all", None) == OTHER
    assert check_kind("x" * 100_000 + "tests", None) == OTHER


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kinds = 3",
        "not toml",
        "[[kinds]]\nid='x'\nwhy='y.'\napps=[]\nnames=['a']\nhits=[]\nnear_misses=[]",
        "[[kinds]]\nid='tests'\nwhy='y.'\napps=[]\nnames=[]\nhits=[]\nnear_misses=[]",
        "[[kinds]]\nid='tests'\nwhy='y.'\napps=[]\nnames=['(']\nhits=[]\nnear_misses=[]",
    ],
)
def test_a_malformed_list_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "check_kinds.toml"
    file.write_text(text)
    with pytest.raises(CatalogueError) as caught:
        load_check_kinds(file)
    assert caught.value.where == str(file)
