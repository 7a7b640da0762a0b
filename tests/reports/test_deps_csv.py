"""The list of dependencies as CSV."""

import csv
import io
from pathlib import Path

from asbuilt.reports.deps_csv import COLUMNS, deps_csv
from tests.reports.test_deps_text import listing, row


def test_each_row_has_every_column_and_no_cell_is_a_formula() -> None:
    data = deps_csv(listing(row(name="=1+1", direct=False, mixed=True), row(line=None, tools=())))
    first, second = csv.DictReader(io.StringIO(data.decode(), newline=""))
    assert list(first) == [name for name, _ in COLUMNS]
    assert (first["name"], first["direct"], first["mixed"], first["tools"]) == (
        "'=1+1",
        "false",
        "true",
        "claude_code",
    )
    assert (second["line"], second["direct"], second["landed_at"]) == ("", "", "2023-11-14T22:13:20Z")


def test_the_page_has_the_columns_as_they_are() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "deps.md").read_text("utf-8")
    assert [f"| `{name}` | {text} |" for name, text in COLUMNS if f"| `{name}` | {text} |" not in page] == []
