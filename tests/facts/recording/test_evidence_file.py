"""A file of evidence: the documented example, and everything that may be wrong with one."""

import re
from pathlib import Path

import pytest

from asbuilt.facts.recording.evidence_file import KEYS, Evidence, check_evidence, plain
from asbuilt.facts.recording.yaml_nodes import read_yaml
from asbuilt.model.evidence import EvidenceError, Problems

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "evidence.md"
NOW = 1_782_900_000  # 2026-07-01T10:00:00Z
HEAD = "table: people\nsource: HR\ntaken_at: 2026-07-01T08:00:00Z\ntaken_by: ana\n"


def check(text: str) -> Evidence:
    problems = Problems()
    evidence = check_evidence(text.encode(), name="e.yaml", now=NOW, problems=problems)
    problems.refuse()
    assert evidence is not None
    return evidence


def refused(text: str) -> list[str]:
    with pytest.raises(EvidenceError) as caught:
        check(text)
    return [str(problem) for problem in caught.value.problems]


def test_the_documented_example_is_evidence() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    evidence = check(example)
    assert [row.event for row in evidence.batch.rows] == ["ana", "ben"]
    assert evidence.attachments == (("personio-export.pdf", 10),)
    assert evidence.manifest.covers == (1767225600, 1782864000)
    assert evidence.manifest.second == ("payroll run of June", 3)
    assert evidence.manifest.differences == ("payroll counts Cy Ora, who left on 30 June",)
    assert b'"identities":["ben@example.com","ben-ito"]' in evidence.batch.rows[1].payload


def test_a_file_may_be_of_one_part() -> None:
    head = HEAD.replace("table: people", "table: accounts")
    assert head != HEAD
    assert check(head + "part: forge\nrows: []\n").manifest.part == "forge"
    assert check(HEAD + "rows: []\n").manifest.part is None


def test_every_key_is_documented() -> None:
    text = PAGE.read_text("utf-8")
    assert [key for key in KEYS if f"`{key}`" not in text] == []


def test_no_rows_are_told_as_such() -> None:
    assert check(HEAD + "rows: []\n").batch.rows == ()


def test_everything_that_is_wrong_is_told_at_once_with_its_line() -> None:
    assert refused(
        "table: peeple\nsauce: x\ntaken_at: 2027-07-01T08:00:00Z\ncovers: {from: 2026-01-01}\n"
        "attachments:\n  - ../x\n  - /etc/passwd\n  - a\\b\ntruncated: 1\nreported_total: -3\nrows:\n  - person: ana\n"
    ) == [
        "e.yaml:2: Nothing is called 'sauce' here. Did you mean source?",
        "e.yaml:1: The file does not say source. Write `source: …`, the system that the rows were taken from.",
        "e.yaml:1: The file does not say taken_by. Write `taken_by: …`, the person who answers for it.",
        "e.yaml:3: taken_at: 2027-07-01T08:00:00Z is after 2026-07-01T10:00:00Z. Mend the date.",
        "e.yaml:4: covers: This is not what belongs here. Write {from: …, until: …}.",
        "e.yaml:10: reported_total: -3 is no count. Write 0 or more.",
        "e.yaml:9: truncated: '1' is neither true nor false. Write true or false (yes and no will do).",
        ("e.yaml:1: table: There is no table 'peeple'. Did you mean people? "
        "`asbuilt record --list` lists the tables that take records."),
        ("e.yaml:6: attachments: '../x' does not lie beside this file. "
        "Name files in this folder or below, with forward slashes."),
        ("e.yaml:6: attachments: '/etc/passwd' does not lie beside this file. "
        "Name files in this folder or below, with forward slashes."),
        ("e.yaml:6: attachments: 'a\\b' does not lie beside this file. "
        "Name files in this folder or below, with forward slashes."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a\n", "e.yaml:1: The file is no mapping. Begin with `table: NAME`."),
        (HEAD + "rows: {}\n", "e.yaml:5: rows is no list."),
        (HEAD + "rows:\n  - x\n", "e.yaml:6: rows: A row is no mapping."),
        (HEAD + "rows:\n", "e.yaml:5: The file does not say rows."),
        (HEAD.replace("people", "changes") + "rows: []\n", "e.yaml:1: table: changes is derived from other tables"),
        (
            HEAD + "covers: {from: 2026-01-01, until: 2026-07-02}\nrows: []\n",
            "e.yaml:5: covers: 2026-07-02T00:00:00Z is after the source was read, 2026-07-01T08:00:00Z",
        ),
        (
            HEAD + "covers:\n  from: 2026-01-01\n  until: 2026-01-01\nrows: []\n",
            "e.yaml:7: covers: 2026-01-01T00:00:00Z is not after 2026-01-01T00:00:00Z.",
        ),
        (HEAD + "covers: {from: x, until: y}\nrows: []\n", "e.yaml:5: covers: 'x' is no date."),
        (HEAD + "second_source: {name: p, count: some}\nrows: []\n", "e.yaml:5: second_source: 'some' is no whole"),
        (
            HEAD + "rows:\n  - person: ana\n    name: Ana\n    starts_at: 2026-07-01T09:00:00Z\n",
            "e.yaml:8: starts_at: 2026-07-01T09:00:00Z is in the future: the source was read at 2026-07-01T08:00:00Z.",
        ),
        (
            HEAD + "rows:\n  - person: {a: b}\n    name: A\n    starts_at: 2026-01-01\n",
            "e.yaml:6: person: An object",
        ),
        ("a: \xff".encode("latin-1").decode("latin-1") + "\n\x00", "e.yaml:"),
    ],
)
def test_a_bad_file_is_refused_in_these_words(text: str, told: str) -> None:
    assert refused(text)[0].startswith(told)


def test_nodes_without_their_places() -> None:
    assert plain(read_yaml("a: [1, {b: ~}]\n")) == {"a": ["1", {"b": None}]}
