"""The row of extracts that a batch leaves, and what does not add up in it."""

import msgspec
import pytest

from asbuilt.facts.recording.manifest import Manifest, check_covers, extract_row, manifest_notes
from asbuilt.facts.recording.rows import Checked, CheckedRow
from asbuilt.facts.recording.values import RefusedValueError
from asbuilt.facts.schemas import TABLES
from asbuilt.model.evidence import EvidenceError, Problems

NOW = 1_782_900_000
BATCH = Checked(TABLES["people"], (CheckedRow("ana", b"{}", None, 2), CheckedRow("ben", b"{}", None, 3)))
MANIFEST = Manifest("HR", "ana", NOW, covers=(NOW - 100, NOW), second=("payroll", 2), scopes=("read",))


def made(manifest: Manifest, batch: Checked = BATCH) -> CheckedRow:
    problems = Problems()
    row = extract_row(manifest, batch, digest="ab", name="f", line=1, problems=problems)
    problems.refuse()
    assert row is not None
    return row


def test_an_extract_says_what_was_asked_and_what_came() -> None:
    row = made(MANIFEST)
    told = msgspec.json.decode(row.payload)
    assert told == {
        "extract": row.event,
        "population": "people",
        "source": "HR",
        "covers_from": "2026-07-01T09:58:20Z",
        "covers_until": "2026-07-01T10:00:00Z",
        "taken_by": "ana",
        "scopes": ["read"],
        "ended_at": "2026-07-01T10:00:00Z",
        "truncated": False,
        "row_count": 2,
        "sha256": "ab",
        "second_source": "payroll",
        "second_count": 2,
    }
    assert row.occurred == NOW


def test_the_same_rows_are_one_extract_and_others_another() -> None:
    corrected = msgspec.structs.replace(MANIFEST, second=("payroll", 3))
    assert made(corrected).event == made(MANIFEST).event
    assert made(corrected).payload != made(MANIFEST).payload
    assert made(MANIFEST, BATCH._replace(rows=BATCH.rows[:1])).event != made(MANIFEST).event
    assert made(msgspec.structs.replace(MANIFEST, source="other")).event != made(MANIFEST).event


def test_a_manifest_is_checked_like_any_row() -> None:
    with pytest.raises(EvidenceError) as caught:
        made(msgspec.structs.replace(MANIFEST, query="a\x1bb"))
    assert str(caught.value.problems[0]).startswith("f:1: query: ")


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (MANIFEST, []),
        (msgspec.structs.replace(MANIFEST, covers=None), ["f: it covers no time:"]),
        (
            msgspec.structs.replace(MANIFEST, second=("payroll", 3)),
            ["f: payroll counts 3 and this extract 2; no difference is listed."],
        ),
        (msgspec.structs.replace(MANIFEST, second=("payroll", 3), differences=("Cy",)), []),
        (msgspec.structs.replace(MANIFEST, reported_total=9), ["f: the source names a total of 9; 2 rows came."]),
        (msgspec.structs.replace(MANIFEST, reported_total=9, truncated=True), []),
    ],
)
def test_what_does_not_add_up_is_pointed_out(manifest: Manifest, said: list[str]) -> None:
    notes = manifest_notes(manifest, BATCH, "f")
    assert len(notes) == len(said)
    assert all(note.startswith(start) for note, start in zip(notes, said, strict=True))


def test_nobody_holds_what_is_to_come() -> None:
    problems = Problems()
    check_covers("2026-01-01", "2026-07-02", taken_at=NOW, problems=problems, where=str)
    with pytest.raises(EvidenceError) as caught:
        problems.refuse()
    assert "nobody can hold what is to come" in str(caught.value.problems[0])
    with pytest.raises(RefusedValueError):
        check_covers("x", "y", taken_at=NOW, problems=problems, where=str)


REVIEWS = Checked(
    TABLES["reviews"],
    (
        CheckedRow("acme/a | 1", b'{"repository":"acme/a"}', None, 2),
        CheckedRow("acme/b | 1", b'{"repository":"acme/b"}', None, 3),
    ),
)
NONE = REVIEWS._replace(rows=())


def test_an_extract_of_a_part_says_so_and_is_another_extract() -> None:
    one, other, whole = (
        made(msgspec.structs.replace(MANIFEST, part=part), NONE) for part in ("acme/a", "acme/b", None)
    )
    assert msgspec.json.decode(one.payload)["part"] == "acme/a"
    assert "part" not in msgspec.json.decode(whole.payload)
    assert len({one.event, other.event, whole.event}) == 3
    own = made(msgspec.structs.replace(MANIFEST, part="acme/a"), REVIEWS._replace(rows=REVIEWS.rows[:1]))
    assert msgspec.json.decode(own.payload)["row_count"] == 1


@pytest.mark.parametrize(
    ("batch", "shown"),
    [
        (REVIEWS, "f:3: repository: The row 'acme/b | 1' is not of 'acme/a'."),
        (BATCH, "f:1: part: people is not read in parts."),
    ],
)
def test_a_part_that_the_rows_do_not_belong_to_is_refused(batch: Checked, shown: str) -> None:
    with pytest.raises(EvidenceError) as refused:
        made(msgspec.structs.replace(MANIFEST, part="acme/a"), batch)
    (problem,) = refused.value.problems
    assert str(problem).startswith(shown)
