"""The store: what was told comes back, an absence is rechecked, and a failure takes nothing away."""

import sqlite3
import stat
from pathlib import Path

import pytest

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.registry_facts import DATES, EXISTS, PackageFacts, VersionFacts
from asbuilt.supply.registry.store import ProbedIndex, keep_facts, open_registry

PROBED = ProbedIndex("npm", "https://r.example", 5, {DATES: "it lies"})


def told(name: str, exists: bool | None = True, at: int = 10, ecosystem: str = "npm") -> PackageFacts:
    return PackageFacts(
        ecosystem=ecosystem,
        name=name,
        index="https://r.example",
        asked_at=at,
        exists=exists,
        versions={"1.0.0": VersionFacts(released_at=1)} if exists else {},
        unknown={EXISTS: "down"} if exists is None else {},
    )


def test_facts_come_back_however_a_name_is_written(tmp_path: Path) -> None:
    place = tmp_path / "store"
    keep_facts(place, [told("Zope_Interface", ecosystem="PyPI"), told("a")], [PROBED])
    with open_registry(place) as store:
        assert store.facts("PyPI", "zope.interface") == told("Zope_Interface", ecosystem="PyPI")
        assert store.facts("npm", "A") is None  # there, case counts
        assert store.asked() == {("PyPI", "zope-interface"): (10, True), ("npm", "a"): (10, True)}
        status = store.status()
    assert status.indexes == (PROBED,)
    assert [(own.ecosystem, own.packages, own.present) for own in status.ecosystems] == [
        ("PyPI", 1, 1),
        ("npm", 1, 1),
    ]
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_a_later_answer_takes_the_place_and_a_failure_does_not(tmp_path: Path) -> None:
    place = tmp_path / "store"
    keep_facts(place, [told("gone", False), told("there"), told("down", None)], [])
    keep_facts(place, [told("gone", True, 20), told("there", None, 20), told("down", None, 20)], [PROBED])
    with open_registry(place) as store:
        assert store.asked() == {
            ("npm", "gone"): (20, True),
            ("npm", "there"): (10, True),
            ("npm", "down"): (20, None),
        }
    assert list(tmp_path.iterdir()) == [place]


def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no store"), open_registry(tmp_path / "absent"):
        pass
    other = tmp_path / "other"
    other.write_bytes(b"some file of mine")
    with pytest.raises(SourceError, match="cannot be read"):
        keep_facts(other, [told("a")], [])
    assert other.read_bytes() == b"some file of mine"
    sqlite3.connect(other := tmp_path / "third").execute("CREATE TABLE mine (x)").connection.close()
    with pytest.raises(SourceError, match="no store of registry facts"):
        keep_facts(other, [told("a")], [])
    assert sorted(each.name for each in tmp_path.iterdir()) == ["other", "third"]
