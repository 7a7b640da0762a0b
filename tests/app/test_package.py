"""The auditor's package: whole, reproducible, and any edit of it is named by the script that lies in it."""

import hashlib
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
from asbuilt.app.webhook import Delivery, take_delivery
from asbuilt.ledger.ledger import open_ledger
from asbuilt.model.errors import SourceError
from tests.audited import END, NOW, START, make_company
from tests.facts.telling import tell


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


def test_files_of_extracts_are_brought_and_those_that_are_not_there_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = make_company(tmp_path / "company")
    lost = "0" * 64
    with open_ledger(ledger) as opened:
        kept = opened.put_attachment(b"id,name\n1,Ana\n")
        whole = {"population": "people", "source": "HR", "ended_at": "2026-07-02", "row_count": 0}
        told = [("kept", kept), ("lost", lost), ("lost too", lost), ("<b>odd", "no digest")]
        opened.append([tell("extracts", extract=name, sha256=digest, **whole) for name, digest in told])
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    wanted = Wanted(type=2, start=START, end=END, ledger=ledger)
    with open_audit(wanted, read_company(None, tmp_path / "company"), now=NOW) as run:
        made = write_package(run, tmp_path / "a.zip")
    assert [(each.extract, each.population, each.sha256) for each in made.unbrought] == [
        ("lost", "people", lost),
        ("lost too", "people", lost),
        ("<b>odd", "people", "no digest"),
    ]
    with zipfile.ZipFile(tmp_path / "a.zip") as opened_zip:
        assert opened_zip.read(f"attachments/{kept}") == b"id,name\n1,Ana\n"
        assert [name for name in opened_zip.namelist() if name.startswith("attachments/")] == [
            f"attachments/{kept}"
        ]
        manifest = opened_zip.read("manifest.json")
        page = opened_zip.read("index.html").decode()
        script = tmp_path / "verify.py"
        script.write_bytes(opened_zip.read("verify.py"))
    assert manifest == made.manifest
    told_of = json.loads(manifest)["unbrought"]
    assert [each["extract"] for each in told_of] == ["lost", "lost too", "<b>odd"]
    assert told_of[0]["why"].startswith(f"There is no attachment {lost}.")
    assert "What could not be brought" in page
    assert lost in page
    assert "<b>odd" not in page
    assert verify(script, tmp_path / "a.zip").returncode == 0


def test_where_every_file_is_there_nothing_is_said(run: AuditRun, tmp_path: Path) -> None:
    made = write_package(run, tmp_path / "a.zip")
    assert made.unbrought == ()
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        assert "could not be brought" not in opened.read("index.html").decode()


def test_the_page_that_a_row_was_read_from_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    folder = make_company(tmp_path)
    body = json.dumps(
        {
            "action": "submitted",
            "repository": {"full_name": "acme/app"},
            "pull_request": {"number": 7, "updated_at": "2026-01-08T00:00:00Z"},
            "review": {
                "id": 99,
                "state": "commented",
                "user": {"login": "cy", "type": "User"},
                "submitted_at": "2026-01-08T00:00:00Z",
                "body": "x" * 60_000,
            },
        }
    ).encode()
    digest = hashlib.sha256(body).hexdigest()
    with open_ledger(folder) as ledger:
        assert take_delivery(ledger, Delivery("github", "pull_request_review", "d-1", body, verified=True), NOW - 9)
    wanted = Wanted(type=2, start=START, end=END, ledger=folder)
    with open_audit(wanted, read_company(None, tmp_path), now=NOW) as found:
        assert write_package(found, tmp_path / "audit.zip").unbrought == ()
    own = tmp_path / "verify.py"
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(tmp_path / "audit.zip") as opened, zipfile.ZipFile(changed, "w") as other:
        assert opened.read(f"attachments/{digest}") == body
        own.write_bytes(opened.read("verify.py"))
        for name in opened.namelist():
            other.writestr(name, b"another page" if name.endswith(digest) else opened.read(name))
    assert verify(own, tmp_path / "audit.zip").returncode == 0
    told = verify(own, changed)
    assert told.returncode == 4
    assert "the page that it names, is missing or another" in told.stdout
