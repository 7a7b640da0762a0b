"""Rows of a CSV file: RFC 4180, UTF-8, commas, names in the first row."""

import csv
import io
from collections.abc import Iterator
from typing import Protocol

from asbuilt.facts.recording.rows import Checked, RawRow, check_names, check_rows
from asbuilt.facts.recording.values import QUOTED
from asbuilt.facts.schemas import Table
from asbuilt.model.evidence import Problems
from asbuilt.model.text import visible

LARGEST = 256 << 20  # bytes of one file
LONGEST_CELL = 131_072  # characters: the csv module's own limit


class Reader(Protocol):
    """The csv module's reader, as far as it is used here."""

    @property
    def line_num(self) -> int:
        """Lines read so far."""

    def __next__(self) -> list[str]: ...


def check_csv(table: Table, data: bytes, *, name: str, observed: int, problems: Problems) -> Checked:
    """Check every row of a CSV file; see ``rows.check_rows``. An empty cell is NULL."""
    nothing = Checked(table, ())
    text = read_utf8(data, name, problems)
    if text is None:
        return nothing
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        problems.add(f"{name}:{line}", "The file holds a NUL character.", "Save it as CSV in UTF-8.")
        return nothing
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = _rows(reader, name, problems)
    header = next(rows, None)
    if header is None:
        if not problems.count:
            problems.add(
                f"{name}:1", "The file is empty.", "Its first row names the columns: --template csv shows it."
            )
        return nothing
    names = [cell.strip() for cell in header[1]]
    if len(names) == 1 and any(mark in names[0] for mark in ";\t"):
        problems.add(f"{name}:1", "The columns are not separated by commas.", "Save it with commas between cells.")
        return nothing
    _check_header(table, names, name, problems)
    return check_rows(
        table,
        _named(names, rows, name, problems),
        name=name,
        observed=observed,
        problems=problems,
        columns=names,
    )


def read_utf8(data: bytes, name: str, problems: Problems) -> str | None:
    """The text of a file, without a byte order mark; None, and a problem, when it is too large or no UTF-8."""
    if len(data) > LARGEST:
        problems.add(f"{name}:1", f"The file has {len(data):,} bytes; at most {LARGEST:,} are read.", "Split it.")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problems.add(f"{name}:{line}", "The text is not UTF-8.", "Save the file as UTF-8.")
        return None


def _rows(reader: Reader, name: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line on which it begins."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.add(
                f"{name}:{line}",
                f"This is no CSV: {error}.",
                f'Put cells that hold quotes or commas in quotes, and double the quotes inside them (""). A cell '
                f"has at most {LONGEST_CELL:,} characters.",
            )
            return
        if cells and (len(cells) > 1 or cells[0].strip()):
            yield line, cells


def _check_header(table: Table, names: list[str], name: str, problems: Problems) -> None:
    for place, each in enumerate(names, 1):
        if not each:
            problems.add(f"{name}:1", f"Column {place} has no name.", "Name it, or take it out.")
        elif each in names[: place - 1]:
            problems.add(
                f"{name}:1", "The column stands there twice.", "Keep one of them.", column=visible(each, QUOTED)
            )
        else:
            check_names(table, [each], f"{name}:1", problems)


def _named(
    names: list[str], rows: Iterator[tuple[int, list[str]]], name: str, problems: Problems
) -> Iterator[RawRow]:
    for line, cells in rows:
        if len(cells) != len(names):
            problems.add(
                f"{name}:{line}",
                f"The row has {len(cells)} cell{'' if len(cells) == 1 else 's'}, the header {len(names)}.",
                "Put a cell that holds a comma in quotes; leave none out.",
            )
            continue
        yield RawRow(line, dict(zip(names, cells, strict=True)))
