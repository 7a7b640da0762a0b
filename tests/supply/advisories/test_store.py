"""Opening a store: only ours, only this version, only whole."""

import sqlite3
from pathlib import Path

import pytest

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.supply.advisories.archives import places
from asbuilt.supply.advisories.building import build_store
from asbuilt.supply.advisories.store import open_store
from tests.supply.advisories.written import NOW, affected, before, record, write_zip


def test_an_absent_store_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no advisory store"), open_store(tmp_path / "absent"):
        pass


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a database at all, but long enough to look at" * 10)
    with pytest.raises(SourceError, match="cannot be read"), open_store(tmp_path / "text"):
        pass
    sqlite3.connect(tmp_path / "other").executescript("CREATE TABLE a (b);").connection.close()
    with pytest.raises(SourceError, match="no advisory store of this version"), open_store(tmp_path / "other"):
        pass


def test_packages_versions_and_ranges_are_found(tmp_path: Path) -> None:
    file = write_zip(
        tmp_path / "x ?#%" / "all.zip",
        [record("A", affected("PyPI", "a.b", before("2.0"), versions=["1.0"]), summary="Text.")],
    )
    store = file.parent / "store ?#%"
    build_store(store, places(file), now=NOW)
    with open_store(store) as held:
        package = held.package("PyPI", "a-b")
        assert package is not None
        assert held.package("npm", "a-b") is None
        (number,) = held.listed(package, "1")
        assert held.listed(package, "2") == []
        assert held.ranges(package) == [(number, (("introduced", "0"), ("fixed", "2.0")))]
        assert held.advisories([number])[number].summary == "Text."
        assert not held.status().sample
