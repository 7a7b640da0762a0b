"""Writing a package: the same files give the same bytes."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from asbuilt.reports.package.zipped import PackageWriter


def written(path: Path) -> bytes:
    with PackageWriter(path) as package:
        package.add("a.txt", b"alpha")
        package.add("b/c.txt", iter([b"be", b"ta"]))
        package.finish({"form": "x"}, lambda manifest: b"signed " + hashlib.sha256(manifest).hexdigest().encode())
    return path.read_bytes()


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "one.zip") == written(tmp_path / "two.zip")


def test_the_manifest_names_every_file_and_is_signed(tmp_path: Path) -> None:
    written(tmp_path / "p.zip")
    with zipfile.ZipFile(tmp_path / "p.zip") as package:
        manifest = package.read("manifest.json")
        told = json.loads(manifest)
        assert told["form"] == "x"
        assert told["files"] == {
            "a.txt": hashlib.sha256(b"alpha").hexdigest(),
            "b/c.txt": hashlib.sha256(b"beta").hexdigest(),
        }
        assert package.read("manifest.sig") == b"signed " + hashlib.sha256(manifest).hexdigest().encode()
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", ["a.txt", "/etc/x", "../x", "a/../../x", "a\\b"])
def test_a_name_twice_or_one_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    with PackageWriter(tmp_path / "p.zip") as package:
        package.add("a.txt", b"")
        with pytest.raises(ValueError, match="cannot be written"):
            package.add(name, b"")
