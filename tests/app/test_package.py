"""The auditor's package: whole, reproducible, and any edit of it is named by the script that lies in it."""

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from asbuilt.app.audit import AuditRun, Wanted, open_audit
from asbuilt.app.company import read_company
from asbuilt.app.package import write_package
from asbuilt.model.errors import SourceError
from tests.audited import END, NOW, START, make_company


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuditRun]:
    folder = tmp_path_factory.mktemp("company")
    ledger = make_company(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASBUILT_CACHE", str(tmp_path_factory.mktemp("cache")))
        wanted = Wanted(type=2, start=START, end=END, ledger=ledger)
        with open_audit(wanted, read_company(None, folder), now=NOW) as found:
            yield found


@pytest.fixture(scope="module")
def package(run: AuditRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("package") / "audit.zip"
    write_package(run, path)
    return path


def verify(script: Path, package: Path) -> subprocess.CompletedProcess[str]:
    """The script of the package, run as an auditor would: another Python, nothing of ours on the path."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(package)],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
    )


@pytest.fixture(scope="module")
def script(package: Path) -> Path:
    path = package.with_name("verify.py")
    with zipfile.ZipFile(package) as opened:
        path.write_bytes(opened.read("verify.py"))
    return path


def test_everything_that_was_promised_lies_in_it(package: Path) -> None:
    with zipfile.ZipFile(package) as opened:
        names = set(opened.namelist())
    assert {
        "index.html", "audit.html", "audit.json", "audit.xlsx", "audit.pdf", "oscal-assessment-results.json",
        "in-force.html", "one-change.html", "request-list.md", "ai-annex.md", "drafts/system-description.md",
        "drafts/management-assertion.md", "drafts/customers-and-suppliers.md", "lists/control-matrix.csv",
        "lists/deviations.csv", "lists/samples.csv", "populations/changes.csv", "manifests/changes.json",
        "verdicts/CHG-01.txt", "records.jsonl", "leaves.txt", "checkpoint.txt", "key.vkey", "verify.py",
        "manifest.json", "manifest.sig",
    } <= names  # fmt: skip
    assert any(name.startswith("evidence/CHG-01/") and f"{7:040x}" in name for name in names)


def test_the_script_in_it_verifies_it_offline(script: Path, package: Path) -> None:
    told = verify(script, package)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "signed by the key" in told.stdout


def test_the_same_inputs_give_the_same_bytes(run: AuditRun, package: Path, tmp_path: Path) -> None:
    write_package(run, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == package.read_bytes()


def test_raw_records_of_every_page_are_there(package: Path) -> None:
    with zipfile.ZipFile(package) as opened:
        lines = [json.loads(line) for line in opened.read("records.jsonl").splitlines()]
        leaves = opened.read("leaves.txt").split()
    # The deviating change with its waiver and its note, drawn ones with their reviews, and every extract.
    assert len(lines) > 12
    assert [line["index"] for line in lines] == sorted({line["index"] for line in lines})
    assert len(leaves) == len(set(leaves)) >= len(lines)


EDITS = {
    "a verdict": ("verdicts/CHG-01.txt", b"D\t", b"M\t"),
    "a population": ("populations/changes.csv", b"ai-declared", b"human-tracke"),
    "a record": ("records.jsonl", b'"index"', b'"indx"'),
    "a report": ("audit.json", b"deviation", b"met"),
}


@pytest.mark.parametrize(("name", "old", "new"), EDITS.values(), ids=EDITS)
def test_an_edit_is_named(script: Path, package: Path, tmp_path: Path, name: str, old: bytes, new: bytes) -> None:
    edited = tmp_path / "edited.zip"
    with zipfile.ZipFile(package) as opened, zipfile.ZipFile(edited, "w") as other:
        for each in opened.namelist():
            data = opened.read(each)
            if each == name:
                assert old in data
                data = data.replace(old, new, 1)
            other.writestr(each, data)
    told = verify(script, edited)
    assert told.returncode == 4
    assert name in told.stdout


def test_a_package_is_not_written_where_there_is_no_room(run: AuditRun) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with pytest.raises(SourceError, match="cannot be written"):
        write_package(run, Path("/dev/full"))


def test_what_cannot_be_written_bears_the_name_that_was_given(run: AuditRun, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        write_package(run, tmp_path / "none" / ".a.zip.part", named=Path("a.zip"))
    assert refused.value.what == "The package cannot be written to a.zip."


def test_it_opens_from_a_folder_too(script: Path, package: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(package, tmp_path / "p")
    assert verify(script, tmp_path / "p").returncode == 0
