"""A scan as SARIF and as JSON: valid by the standard's own schema, and read back as what it was."""

import json
import subprocess

import jsonschema
import msgspec
import pytest

from asbuilt.model.component import Unread
from asbuilt.model.finding import SCHEMA, Acceptance, CodeFinding, LanguageCover, RuleNote, Scan, ScannerReport
from asbuilt.reports.scan_json import scan_json
from asbuilt.reports.scan_sarif import scan_sarif
from asbuilt.reports.schemas import make_schema, read_schema, schema_bytes
from asbuilt.scans.identity import identities
from asbuilt.scans.reading import read_scan
from tests.conftest import fetched

COMMIT = "c" * 40
FOUND = CodeFinding(
    scanner="AsBuilt", rule="py-x", severity="high", message="It is so.", path="src/a b.py", line=3, end_line=4,
    column=5, end_column=9, snippet="x(\n)", cwe=("CWE-89",),
)  # fmt: skip
SECRET = CodeFinding(
    scanner="AsBuilt secret scan", rule="secret-y", severity="critical", message="A key.", path="é.txt", line=1,
    end_line=1, snippet='KEY = "[redacted]"', cwe=("CWE-798",), is_secret=True, is_new=True,
)  # fmt: skip
ACCEPTED = msgspec.structs.replace(
    FOUND, line=9, end_line=9, accepted=Acceptance("py-x", 8, "we know"), is_new=False
)
SCAN = Scan(
    schema=SCHEMA,
    program="asbuilt 1",
    commit=COMMIT,
    is_work_tree=False,
    scanners=(
        ScannerReport(
            name="AsBuilt",
            kind="static-analysis",
            standing="in part",
            looks_for="things",
            version="1",
            covered=(LanguageCover("python", 2, 20, 3),),
            files=("src/a b.py", "src/c.py"),
            rules=(RuleNote("py-x", "It is wrong", "high", ("CWE-89",), "why", "remedy", "blind"), RuleNote("py-z", "Other")),
            unread=(Unread(path="big.py", why="It is too large."),),
        ),
        ScannerReport(
            name="AsBuilt secret scan", kind="secret-scan", standing="ran", looks_for="secrets", files=("é.txt",),
            rules=(RuleNote("secret-y", "A secret", "critical", ("CWE-798",)),),
        ),
        ScannerReport(name="Bandit", kind="static-analysis", standing="failed", looks_for="x", why="It broke."),
        ScannerReport(name="gitleaks", kind="secret-scan", standing="not run", looks_for="x", why="Not there."),
    ),
    findings=(FOUND, SECRET, ACCEPTED),
)  # fmt: skip


@pytest.mark.fetched
def test_it_is_valid_by_the_schema_of_the_standard() -> None:
    place = fetched("microsoft+sarif-sdk")
    words = ("git", "-C", str(place), "show", "HEAD:src/Sarif/Schemata/sarif-2.1.0.json")
    schema = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    jsonschema.validate(json.loads(scan_sarif(SCAN)), schema)


def test_json_is_valid_by_our_schema() -> None:
    jsonschema.validate(json.loads(scan_json(SCAN)), make_schema("scan-1"))
    assert scan_json(SCAN) == scan_json(SCAN)
    assert msgspec.json.decode(scan_json(SCAN), type=Scan) == SCAN


def test_a_reader_of_sarif_reads_what_it_was() -> None:
    reading = read_scan(scan_sarif(SCAN), "scan.sarif", salt=b"s")
    ours, secrets, bandit = reading.runs
    assert [run.kind for run in reading.runs] == ["static-analysis", "secret-scan", "static-analysis"]
    assert [run.succeeded for run in reading.runs] == [True, True, False]
    assert (ours.commit, ours.rules, ours.files) == (
        COMMIT,
        frozenset({"py-x", "py-z"}),
        frozenset({"src/a b.py", "src/c.py"}),
    )
    first, accepted = ours.results
    assert (first.rule, first.path, first.line, first.end_line) == ("py-x", "src/a b.py", 3, 4)
    assert (first.severity, first.cwe, first.message) == ("high", ("CWE-89",), "It is so.")
    assert accepted.suppressed is not None
    assert (accepted.suppressed.kind, accepted.suppressed.reason) == ("in-source", "we know")
    (secret,) = secrets.results
    assert (secret.is_secret, secret.severity, secret.path) == (True, "critical", "é.txt")
    assert ours.looked_at("py-x", "src/c.py")
    assert not ours.looked_at("py-x", "big.py")
    assert bandit.results == ()


def test_an_identity_stays_when_lines_move() -> None:
    def read(scan: Scan) -> list[str]:
        return identities(read_scan(scan_sarif(scan), "scan.sarif", salt=b"s").runs[0].results)

    moved = msgspec.structs.replace(SCAN, findings=(msgspec.structs.replace(FOUND, line=77, end_line=78),))
    assert read(moved) == read(msgspec.structs.replace(SCAN, findings=(FOUND,)))


def test_a_work_tree_names_no_commit() -> None:
    document = json.loads(scan_sarif(msgspec.structs.replace(SCAN, is_work_tree=True)))
    assert all("versionControlProvenance" not in run for run in document["runs"])


def test_hostile_names_and_texts_are_harmless() -> None:
    bad = msgspec.structs.replace(
        FOUND, path="a\x1b\udcff##[group].py", message="##[error]\x1b[31m\u202e", snippet="\x1b]0;x"
    )
    for data in (
        scan_sarif(msgspec.structs.replace(SCAN, findings=(bad,))),
        scan_json(msgspec.structs.replace(SCAN, findings=(bad,))),
    ):
        assert b"\x1b" not in data
        assert b"##[" not in data
        json.loads(data)


def test_the_schema_that_comes_along_is_the_one_of_the_type() -> None:
    assert read_schema("scan-1") == schema_bytes("scan-1")
