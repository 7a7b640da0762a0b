"""Lists in a store: they stay until newer ones come, and each advisory says what they say of its names."""

from pathlib import Path

import pytest

from asbuilt.model.errors import SourceError
from asbuilt.supply.advisories.archives import places
from asbuilt.supply.advisories.building import build_store
from asbuilt.supply.advisories.matching import check_components
from asbuilt.supply.advisories.store import Status, open_store
from asbuilt.supply.advisories.threatening import Lists
from asbuilt.supply.advisories.threats import Epss, Kev
from tests.supply.advisories.written import NOW, affected, before, component, record, write_zip

KEV = Kev("2026-09-20", "1", {"CVE-1": "2026-02-03", "CVE-9": "2020-01-01"})
EPSS = Epss("2026-09-20", "v1", {"CVE-1": 0.25, "CVE-2": 0.5})


def build(folder: Path, lists: Lists, *, records: bool = True) -> Status:
    told = [
        record("GHSA-1", affected("npm", "a", before("2.0.0")), aliases=["CVE-1"], severity=[]),
        record("GHSA-2", affected("npm", "a", before("2.0.0")), aliases=["CVE-2"]),
        record("GHSA-3", affected("npm", "a", before("2.0.0"))),
    ]
    found = places(write_zip(folder / "npm" / "all.zip", told)) if records else []
    keep = None if records else folder / "store"
    return build_store(folder / "store", found, now=NOW, keep=keep, threats=lists)


def told(folder: Path) -> list[tuple[str, str | None, str | None, float | None]]:
    with open_store(folder / "store") as store:
        (checked,) = check_components(store, [component("npm", "a", "1.0.0")], now=NOW)
    return [(own.advisories[0].id, own.level, own.kev_since, own.epss) for own in checked.matches]


def test_what_is_exploited_is_critical_and_what_is_likelier_comes_first(tmp_path: Path) -> None:
    status = build(tmp_path, Lists(KEV, EPSS, "kev.json", "epss.csv"))
    assert [(own.name, own.as_of, own.entries, own.source) for own in status.threats] == [
        ("KEV", "2026-09-20", 2, "kev.json"),
        ("EPSS", "2026-09-20", 2, "epss.csv"),
    ]
    assert status.threats[0].days_old(NOW) == 1
    assert told(tmp_path) == [
        ("GHSA-1", "critical", "2026-02-03", 0.25),
        ("GHSA-2", None, None, 0.5),
        ("GHSA-3", None, None, None),
    ]


def test_they_stay_when_records_come_and_records_stay_when_they_come(tmp_path: Path) -> None:
    build(tmp_path, Lists(KEV, EPSS))
    before_them = told(tmp_path)
    assert [own.name for own in build(tmp_path, Lists()).threats] == ["KEV", "EPSS"]
    assert told(tmp_path) == before_them
    newer = Kev("2026-09-21", "2", {"CVE-2": "2026-09-21"})
    status = build(tmp_path, Lists(kev=newer), records=False)
    assert (status.records, status.sources) == (3, (str(tmp_path / "npm" / "all.zip"),))
    assert told(tmp_path) == [
        ("GHSA-2", "critical", "2026-09-21", 0.5),
        ("GHSA-1", None, None, 0.25),
        ("GHSA-3", None, None, None),
    ]


def test_an_older_list_does_not_take_the_place_of_a_newer(tmp_path: Path) -> None:
    build(tmp_path, Lists(KEV, EPSS))
    for lists in (
        Lists(kev=Kev("2026-09-19", "", {"CVE-1": "2020-01-01"})),
        Lists(epss=Epss("2026-09-19", "", {})),
    ):
        with pytest.raises(SourceError, match="newer"):
            build(tmp_path, lists, records=False)
    assert len(told(tmp_path)) == 3


def test_a_store_that_is_none_has_no_lists(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"nothing that was written by us" * 100)
    assert build(tmp_path, Lists()).threats == ()
