"""The list of changes as CSV: every column documented, nothing that a spreadsheet would run."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.changes import SCHEMA, ChangeList, ListedChange
from asbuilt.reports.changes_csv import COLUMNS, changes_csv
from asbuilt.reports.words import LINKS

ROW = ListedChange(
    change="c" * 40, repository="o/n", number=7, head="d" * 40, landed_at=1_700_000_000, landing="merge",
    subject="Fix it", author="Ana <ana@example.com>", request_author="ana", opened_at=1_699_999_000, merged_by="cem",
    changed_lines=12, grades=dict.fromkeys(LINKS, "unknown") | {"review": "proved", "change": "contradicted"},
    links=(), unbroken=False, review="reviewed", approvers=("ben",), approved_at=1_699_999_500,
    rejected=("ana: author",), tests_failed=("author",), signals=("approved 8 s after 900 lines",),
    attribution="ai-declared", agent_hints=(), record="f" * 64,
)  # fmt: skip


def listed(*rows: ListedChange, **fields: Any) -> ChangeList:
    links = {name: dict.fromkeys(("proved", "stated", "missing", "contradicted", "unknown"), 0) for name in LINKS}
    for row in rows:
        for name, grade in row.grades.items():
            links[name][grade] += 1
    reviews: dict[str, int] = {}
    for row in rows:
        reviews[row.review] = reviews.get(row.review, 0) + 1
    empty: dict[str, Any] = {
        "schema": SCHEMA, "version": "0.1", "source": "ledger", "repositories": ("o/n",), "start": None, "end": None,
        "total": len(rows), "changes": rows, "links": links, "reviews": reviews,
    }  # fmt: skip
    return ChangeList(**(empty | fields))


def read(found: ChangeList) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(changes_csv(found).decode(), newline="")))


def test_a_row_holds_what_the_change_holds() -> None:
    (row,) = read(listed(ROW))
    assert list(row) == [name for name, _ in COLUMNS]
    assert row["number"] == "7"
    assert row["landed_at"] == "2023-11-14T22:13:20Z"
    assert (row["link_review"], row["link_change"], row["link_build"]) == ("proved", "contradicted", "unknown")
    assert (row["approvers"], row["rejected_approvals"], row["unbroken"]) == ("ben", "ana: author", "false")
    assert row["record"] == "f" * 64


def test_what_is_not_known_is_an_empty_cell() -> None:
    (row,) = read(listed(msgspec.structs.replace(ROW, number=None, head=None, approved_at=None, merged_by=None)))
    assert (row["number"], row["head_commit"], row["approved_at"], row["merged_by"]) == ("", "", "", "")


@given(st.text(max_size=60))
def test_no_cell_is_a_formula_whatever_the_subject(text: str) -> None:
    (row,) = read(listed(msgspec.structs.replace(ROW, subject=text, approvers=(text,), request_author=text)))
    for name in ("subject", "approvers", "request_author"):
        assert not row[name].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert not any(char < " " or "\x7f" <= char < "\xa0" for char in row[name])


def test_every_column_is_documented_in_its_order() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "changes.md").read_text("utf-8")
    section = text.split("## Columns of the CSV")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE) == list(COLUMNS)
