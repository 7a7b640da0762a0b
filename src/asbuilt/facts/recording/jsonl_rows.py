"""Rows of a JSON Lines file: one object a line, UTF-8, values of their column's JSON type."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from asbuilt.facts.recording.csv_rows import read_utf8
from asbuilt.facts.recording.rows import Checked, RawRow, check_rows
from asbuilt.facts.recording.values import quoted
from asbuilt.facts.schemas import Table
from asbuilt.model.evidence import Problems

LONGEST_LINE = 1 << 20  # characters


def check_jsonl(table: Table, data: bytes, *, name: str, observed: int, problems: Problems) -> Checked:
    """Check every row of a JSON Lines file; see ``rows.check_rows``. A null and a missing key are NULL."""
    text = read_utf8(data, name, problems)
    if text is None:
        return Checked(table, ())
    rows = _rows(text, name, problems)
    return check_rows(table, rows, name=name, observed=observed, problems=problems, typed=True)


def _rows(text: str, name: str, problems: Problems) -> Iterator[RawRow]:
    # Only a line feed ends a line of JSON Lines; str.splitlines would end it at U+2028 too.
    for line, each in enumerate(text.split("\n"), 1):
        if not each.strip():
            continue
        where = f"{name}:{line}"
        if len(each) > LONGEST_LINE:
            problems.add(
                where,
                f"The line has {len(each):,} characters; at most {LONGEST_LINE:,} are read.",
                "Split the row.",
            )
            continue
        try:
            row = json.loads(each, object_pairs_hook=_object, parse_constant=_refuse_constant)
        except json.JSONDecodeError as error:
            problems.add(f"{where}:{error.colno}", f"This is no JSON: {error.msg}.", "Write one object on a line.")
        except _TwiceError as error:
            problems.add(where, f"The key {quoted(str(error))} stands there twice.", "Keep one of them.")
        except (ValueError, RecursionError):
            problems.add(where, "The line holds a number or a nesting that no column has.", "Write plain values.")
        else:
            if isinstance(row, dict):
                yield RawRow(line, row)
            else:
                problems.add(where, "The line is no object.", 'Write {"column": value, …} on each line.')


class _TwiceError(Exception):
    """A key that stands in one object twice: a reader would keep one, and lose the other silently."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(key)
        found[key] = value
    return found


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(text)
