"""Recording from words, files and folders, on a real ledger."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from asbuilt.app.record import (
    Origin,
    Recorded,
    Taking,
    describe_table,
    is_table,
    record_file,
    record_folder,
    record_words,
)
from asbuilt.facts.store import open_facts, project
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.errors import UsageError
from asbuilt.model.evidence import EvidenceError
from asbuilt.model.record import Record, decode_entry

NOW = 1_782_900_000
BY = Origin(by="ben")
HR = Origin(source="HR", by="ben")
CSV = "person,name,starts_at\nana,Ana,2026-01-05\nben,Ben,2026-02-01\n"
HEAD = "table: people\nsource: HR\ntaken_at: 2026-07-01T08:00:00Z\ntaken_by: ana\n"
ROW = "rows:\n  - {person: ana, name: Ana, starts_at: 2026-01-05}\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Path]:
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    return tmp_path / "ledger"


def records(ledger: Path) -> list[Record]:
    with open_ledger(ledger, read_only=True) as opened:
        return [decode_entry(entry) for entry in opened.entries()]


def words(ledger: Path, *told: str, origin: Origin = BY, table: str = "people") -> Recorded:
    return record_words(table, told, origin, Taking(ledger, now=NOW))


def problems(caught: pytest.ExceptionInfo[EvidenceError]) -> list[str]:
    return [str(problem) for problem in caught.value.problems]


def test_words_become_a_row_and_its_extract(ledger: Path) -> None:
    done = words(ledger, "person=ana", "name=Ana = Lima", "starts_at=2026-01-05")
    assert (done.new, done.known, done.rows) == (2, 0, {"people": 1})
    row, extract = records(ledger)
    assert json.loads(row.payload)["name"] == "Ana = Lima"
    assert (row.source, row.by, row.how, row.observed) == ("statement of ben", "ben", "cli", NOW)
    assert json.loads(extract.payload)["row_count"] == 1
    assert "covers_from" not in json.loads(extract.payload)
    assert any("it covers no time" in note for note in done.notes)
    assert words(ledger, "person=ana", "name=Ana = Lima", "starts_at=2026-01-05").known == 2


def test_a_row_that_goes_back_to_an_earlier_word_is_recorded_as_said_again(ledger: Path) -> None:
    notes, roles = [], []
    for number, role in enumerate(("eng", "eng", "lead", "eng", "eng", "lead")):
        told = ("person=ana", "name=Ana", "starts_at=2026-01-05", f"role={role}")
        done = record_words("people", told, Origin(source="HR", by="ben"), Taking(ledger, now=NOW + number))
        notes.append(len([note for note in done.notes if "went back" in note]))
        with open_ledger(ledger, read_only=True) as opened, open_facts(None, origin="test", only=()) as store:
            project(store, opened.entries(), start=0)
            roles.append(store.connection.execute("SELECT role FROM people").fetchall())
    assert notes == [0, 0, 0, 1, 0, 1]
    assert roles == [[("eng",)], [("eng",)], [("lead",)], [("eng",)], [("eng",)], [("lead",)]]


def test_nothing_found_is_recorded_as_such(ledger: Path) -> None:
    words(ledger, origin=Origin(source="PagerDuty", by="ben", covers="2026-01-01..2026-07-01"))
    (extract,) = records(ledger)
    assert json.loads(extract.payload)["row_count"] == 0
    assert json.loads(extract.payload)["covers_until"] == "2026-07-01T00:00:00Z"


def test_words_that_are_wrong_are_refused_together(ledger: Path) -> None:
    with pytest.raises(EvidenceError) as caught:
        words(ledger, "person=ana", "person=ben", "nme=x", "starts_at=2027-01-01")
    assert [problem.split(": ")[1] for problem in problems(caught)] == ["person", "nme", "name", "starts_at"]
    with pytest.raises(UsageError, match="'name' is not column=value"):
        words(ledger, "name")
    assert records(ledger) == []


def test_an_extract_is_told_without_an_extract_of_its_own(ledger: Path, tmp_path: Path) -> None:
    told = ("extract=e", "population=people", "source=HR", "truncated=no", "row_count=0")
    assert words(ledger, *told, table="extracts").new == 1
    (tmp_path / "f").write_text("x")
    with pytest.raises(UsageError, match="takes no attachments"):
        words(ledger, *told, table="extracts", origin=Origin(by="ben", attach=(tmp_path / "f",)))


def test_a_file_is_kept_as_it_came_with_what_is_attached(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(CSV)
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    origin = Origin(source="HR", by="ben", observed="2026-07-01T08:00:00Z", attach=(tmp_path / "scan.pdf",))
    done = record_file("people", str(tmp_path / "people.csv"), "csv", origin, Taking(ledger, now=NOW))
    assert (done.new, done.files) == (5, 2)
    kinds = [record.kind for record in records(ledger)]
    assert kinds == ["fact/people", "fact/people", "fact/extracts", "attachment", "attachment"]
    came, scan = [json.loads(record.payload) for record in records(ledger)[3:]]
    assert (came["name"], came["role"], scan["name"], scan["role"]) == (
        "people.csv",
        "as-it-came",
        "scan.pdf",
        "attached",
    )
    with open_ledger(ledger, read_only=True) as opened:
        assert opened.attachment(came["sha256"]) == CSV.encode()
        assert opened.attachment(scan["sha256"]) == b"%PDF"
    assert json.loads(records(ledger)[2].payload)["sha256"] == came["sha256"]
    assert {record.observed for record in records(ledger)} == {1_782_892_800}


def test_a_file_says_where_it_comes_from(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text('{"person": "ana", "name": "Ana", "starts_at": "2026-01-05"}\n')
    with pytest.raises(UsageError, match="not said where"):
        record_file("people", str(tmp_path / "p.jsonl"), "jsonl", BY, Taking(ledger, now=NOW))
    assert record_file("people", str(tmp_path / "p.jsonl"), "jsonl", HR, Taking(ledger, now=NOW)).new == 3


def test_a_folder_is_recorded_once(ledger: Path, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.yaml").write_text(HEAD + "attachments: [sub/scan.txt]\n" + ROW)
    (folder / "sub" / "b.yml").write_text(HEAD.replace("people", "incidents") + "rows: []\n")
    (folder / "sub" / "scan.txt").write_text("x")
    (folder / "left.txt").write_text("x")
    done = record_folder(folder, Taking(ledger, now=NOW))
    assert (done.new, done.known, done.files, done.rows) == (6, 0, 3, {"people": 1, "incidents": 0})
    assert any(note.endswith("left.txt.") and note.startswith("1 other file neither") for note in done.notes)
    assert {record.by for record in records(ledger)} == {"ana"}
    again = record_folder(folder, Taking(ledger, now=NOW + 9999), by="cy")
    assert (again.new, again.known) == (0, 6)
    assert record_folder(folder / "a.yaml", Taking(ledger, now=NOW)).known == 4


def test_a_folder_is_refused_whole(ledger: Path, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "a.yaml").write_text(HEAD + "attachments: [none.pdf, link]\n" + ROW)
    (folder / "b.yaml").write_text(HEAD + ROW.replace("name: Ana", "name: Other"))
    (folder / "c.yaml").write_text(HEAD + "rows: 3\n")
    (folder / "link").symlink_to("/etc/passwd")
    with pytest.raises(EvidenceError) as caught:
        record_folder(folder, Taking(ledger, now=NOW))
    told = [problem.removeprefix(f"{folder.as_posix()}/") for problem in problems(caught)]
    assert [problem.split(" ")[0] for problem in told] == [
        "link:",
        "a.yaml:5:",
        "a.yaml:5:",
        "c.yaml:5:",
        "b.yaml:6:",
    ]
    assert "cannot be read: it is a symbolic link" in told[2]
    assert "told differently in" in told[4]
    assert records(ledger) == []
    assert list((ledger / "attachments").glob("*/*")) == []


def test_tables_by_name() -> None:
    assert is_table("people")
    assert not is_table("changes")
    assert describe_table("people", "csv")[0].startswith("person,")
