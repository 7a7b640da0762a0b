"""Making a store: what stands, what is withdrawn, what is bad, and the swap."""

import json
from pathlib import Path

import pytest

from asbuilt.model.errors import SourceError
from asbuilt.supply.advisories.archives import places
from asbuilt.supply.advisories.building import build_store
from asbuilt.supply.advisories.store import Status, open_store
from tests.supply.advisories.written import NOW, affected, before, record, write_zip

OLD, NEW = "2026-09-01T00:00:00Z", "2026-09-10T00:00:00Z"


def build(target: Path, *sources: Path, keep: Path | None = None) -> Status:
    return build_store(target, [place for path in sources for place in places(path)], now=NOW, keep=keep)


def test_a_store_is_dated_and_says_what_it_covers(tmp_path: Path) -> None:
    both = record(
        "GHSA-1", affected("npm", "a", before("1.0.0")), affected("PyPI", "b", before("2.0")), modified=NEW
    )
    file = write_zip(tmp_path / "npm" / "all.zip", [both, record("X", modified=OLD)])
    status = build(tmp_path / "store", file)
    assert (status.records, status.rows, status.imported) == (2, 2, NOW)
    assert status.days_old(NOW) == 11
    npm, pypi = sorted(status.ecosystems, key=lambda each: each.ecosystem != "npm")
    assert (npm.whole, npm.records, npm.as_of) == (True, 1, status.newest)
    assert not pypi.whole  # one record of it came along with npm's: that is not all of PyPI's
    assert pypi.why


def test_what_is_withdrawn_has_no_rows_and_an_older_copy_does_not_bring_it_back(tmp_path: Path) -> None:
    stands = record("A", affected("npm", "a", before("1.0.0")), modified=OLD)
    gone = {**stands, "modified": NEW, "withdrawn": NEW}
    first = write_zip(tmp_path / "1" / "all.zip", [gone])
    second = write_zip(tmp_path / "2" / "all.zip", [stands])
    status = build(tmp_path / "store", first, second)
    assert (status.records, status.withdrawn, status.rows) == (1, 1, 0)


def test_a_bad_record_is_kept_out_told_and_leaves_its_ecosystem_incomplete(tmp_path: Path) -> None:
    file = write_zip(
        tmp_path / "npm" / "all.zip", [record("A", affected("npm", "a", before("1.0.0"))), {"id": "B"}]
    )
    status = build(tmp_path / "store", file)
    ((source, name, why),) = status.bad
    assert (source, name) == (str(file), "B.json")
    assert "modified" in why
    assert not status.ecosystems[0].whole
    assert "1 of its records" in status.ecosystems[0].why


def test_keeping_adds_to_what_is_there_and_not_keeping_does_not(tmp_path: Path) -> None:
    npm = write_zip(tmp_path / "npm" / "all.zip", [record("A", affected("npm", "a", before("1.0.0")))])
    pypi = write_zip(tmp_path / "PyPI" / "all.zip", [record("B", affected("PyPI", "b", before("1.0")))])
    store = tmp_path / "store"
    build(store, npm)
    added = build(store, pypi, keep=store)
    assert [(each.ecosystem, each.whole) for each in added.ecosystems] == [("PyPI", True), ("npm", True)]
    assert [each.ecosystem for each in build(store, pypi).ecosystems] == ["PyPI"]


def test_a_failed_import_leaves_the_old_store_and_no_part(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(store, write_zip(tmp_path / "npm" / "all.zip", [record("A", affected("npm", "a", before("1.0.0")))]))
    held = store.read_bytes()
    (tmp_path / "bad.json").write_text(json.dumps({"no": "record"}))
    with pytest.raises(SourceError, match="no OSV record"):
        build(store, tmp_path / "bad.json")
    assert store.read_bytes() == held
    assert [each.name for each in tmp_path.iterdir() if "part" in each.name] == []


def test_who_reads_during_a_swap_reads_the_old_one_to_the_end(tmp_path: Path) -> None:
    store = tmp_path / "store"
    build(store, write_zip(tmp_path / "1" / "all.zip", [record("A", affected("npm", "a", before("1.0.0")))]))
    with open_store(store) as held:
        build(store, write_zip(tmp_path / "2" / "all.zip", [record("B", affected("npm", "b", before("1.0.0")))]))
        assert held.package("npm", "a") is not None
    with open_store(store) as held:
        assert held.package("npm", "a") is None


def test_two_records_of_one_name_that_differ_are_told_and_the_newer_counts(tmp_path: Path) -> None:
    old = record("A", affected("npm", "a", before("1.0.0")), modified=OLD)
    new = record("A", affected("npm", "a", before("2.0.0")), modified=NEW)
    (tmp_path / "in").mkdir()
    for name, told in (("1", new), ("2", old), ("3", new)):
        (tmp_path / "in" / f"{name}.json").write_text(json.dumps(told))
    status = build(tmp_path / "store", tmp_path / "in")
    ((_, name, why),) = status.bad
    assert (name, status.records) == ("2.json", 1)
    assert "another record of A" in why
