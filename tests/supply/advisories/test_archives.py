"""Where records lie: folders and archives, and archives that are attacks."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.supply.advisories import archives
from asbuilt.supply.advisories.archives import Place, places, records
from tests.supply.advisories.written import record, write_zip


def one(path: Path) -> Place:
    (found,) = places(path)
    return found


def test_the_layout_of_osv_scanner_says_what_it_covers(tmp_path: Path) -> None:
    write_zip(tmp_path / "osv-scalibr" / "npm" / "all.zip", [record("A")])
    write_zip(tmp_path / "osv-scalibr" / "PyPI" / "all.zip", [record("B")])
    found = places(tmp_path)
    assert [place.covers for place in found] == [("PyPI",), ("npm",)]
    assert [each.name for place in found for each in records(place)] == ["B.json", "A.json"]


def test_a_folder_of_records_covers_only_what_somebody_says(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.json").write_text("{}")
    (tmp_path / "b.json").symlink_to(tmp_path / "absent")
    (tmp_path / "readme.md").write_text("x")
    place = one(tmp_path)
    assert place.covers == ()
    found = list(records(place))
    assert [(each.name, each.data) for each in found] == [("b.json", None), ("deep/a.json", b"{}")]
    assert found[0].why
    assert places(tmp_path, ("Go",))[0].covers == ("Go",)


@pytest.mark.parametrize("name", ["../a.json", "/a.json", "a/../../b.json", "..\\a.json", "C:/a.json"])
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "{}")
    with pytest.raises(SourceError, match="leads out"):
        list(records(one(tmp_path / "x.zip")))


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b" " * (8 << 20))
    with pytest.raises(SourceError, match="packed too tightly"):
        list(records(one(tmp_path / "x.zip")))


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(SourceError, match="is a link"):
        list(records(one(tmp_path / "x.zip")))


@pytest.mark.parametrize(
    ("limit", "why"),
    [("MOST_MEMBERS", "members"), ("MOST_BYTES", "unpacks to more"), ("MOST_DIRECTORY", "too long")],
)
def test_every_limit_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, why: str) -> None:
    file = write_zip(tmp_path / "x.zip", [record("A"), record("B")])
    monkeypatch.setattr(archives, limit, 1)
    with pytest.raises(SourceError, match=why):
        list(records(one(file)))


def test_a_member_with_broken_bytes_is_told_by_name_and_the_rest_is_read(tmp_path: Path) -> None:
    file = write_zip(tmp_path / "x.zip", [record("A", summary="broken here"), record("B")])
    with zipfile.ZipFile(file) as archive:
        start = archive.infolist()[0].header_offset + 30 + len("A.json") + 8
    data = bytearray(file.read_bytes())
    data[start : start + 8] = b"\0" * 8
    file.write_bytes(data)
    first, second = records(one(file))
    assert first.data is None
    assert first.why
    assert second.data is not None


def test_a_cut_archive_is_no_record(tmp_path: Path) -> None:
    file = write_zip(tmp_path / "x.zip", [record("A")])
    file.write_bytes(file.read_bytes()[:-30])
    (only,) = records(one(file))
    assert only.name == "x.zip"  # read as one file, which is no record: told by name


def test_nothing_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file or folder"):
        places(tmp_path / "absent")
    with pytest.raises(UsageError, match=r"no \.json file"):
        places(tmp_path)


def test_a_pipe_in_a_folder_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.json")
    (tmp_path / "b.json").write_bytes(b"{}")
    assert [(found.name, found.why) for found in records(one(tmp_path))] == [
        ("a.json", "it is no plain file"),
        ("b.json", ""),
    ]
