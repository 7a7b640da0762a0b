"""From a batch to records, and two files that contradict each other."""

import msgspec
import pytest

from asbuilt.facts.recording.manifest import Manifest
from asbuilt.facts.recording.records import ATTACHMENT, Batch, Kept, check_across, records_of, tables_of
from asbuilt.facts.recording.rows import Checked, CheckedRow
from asbuilt.facts.schemas import TABLES
from asbuilt.model.evidence import EvidenceError, Problems

PEOPLE = TABLES["people"]


def batch(name: str, payload: bytes = b"{}", taken_at: int = 50) -> Batch:
    checked = Checked(PEOPLE, (CheckedRow("ana", payload, 7, 2),))
    extract = CheckedRow("people x", b"{}", taken_at, 0)
    return Batch(name, checked, Manifest("HR", "ana", taken_at), extract, (Kept("f.csv", "ab", 3, "as-it-came"),))


def test_rows_then_the_extract_then_the_files() -> None:
    rows, extract, file = records_of(batch("a"), by="ben", how="csv", recorded=99)
    assert (rows.kind, rows.event, rows.occurred, rows.observed, rows.recorded) == ("fact/people", "ana", 7, 50, 99)
    assert (extract.kind, extract.event, extract.source) == ("fact/extracts", "people x", "HR")
    assert (file.kind, file.event, file.by, file.how) == (ATTACHMENT, "people x | ab", "ben", "csv")
    assert msgspec.json.decode(file.payload) == {
        "extract": "people x", "name": "f.csv", "role": "as-it-came", "sha256": "ab", "size": 3,
    }  # fmt: skip
    assert len(records_of(batch("a")._replace(extract=None), by="ben", how="csv", recorded=99)) == 1


def test_two_files_of_one_moment_may_not_contradict_each_other() -> None:
    problems = Problems()
    check_across([batch("a"), batch("b"), batch("c", b"[]", taken_at=51)], problems)
    assert problems.count == 0
    check_across([batch("a"), batch("b", b"[]")], problems)
    with pytest.raises(EvidenceError) as caught:
        problems.refuse()
    assert str(caught.value.problems[0]).startswith(
        "b:2: person: 'ana' is told differently in a:2, taken at the same"
    )


def test_rows_are_counted_by_table() -> None:
    assert tables_of([batch("a"), batch("b")]) == {"people": 2}
