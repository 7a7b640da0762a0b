"""Rows of a recorded table, checked: the payloads of their records, or everything that is wrong with them.

1. Every key is a column that a row may tell.
2. Every value is of its column's type; what must be told is told.
3. Nothing has happened after the source was read; a column that may lie ahead says so by its name.
4. What identifies a row can be told apart by eye, and joined without two rows becoming one.
5. No two rows of a batch tell different things of one identity.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from asbuilt.facts.recording.values import (
    QUOTED,
    Moment,
    RefusedValueError,
    Told,
    moment_text,
    quoted,
    read_json,
    read_untyped,
)
from asbuilt.facts.schemas import PROVENANCE, Column, Table
from asbuilt.model.evidence import Problems
from asbuilt.model.text import visible

MOST_ROWS = 2_000_000  # of one batch
LARGEST_PAYLOAD = 56_000  # bytes: an entry of a ledger has at most 65,535, and its header needs some
LONGEST_NAME = 500  # characters of a value that identifies a row
JOINT = " | "  # between the identifying values in an event's id
# Columns that speak of what is planned, agreed or set for later, by their names; all others tell what has happened.
# What a source proves, or holds whole, ends with the moment at which it was read.
AHEAD = re.compile(r"(?!held_|covers_)(?:.*_)?(?:until|ends|expires|due|effective|extended)(?:_.*)?")

_ENCODER = msgspec.json.Encoder(order="sorted")
# What a row cannot tell, and what does.
_ELSEWHERE = {
    "record_id": "It is made of the identifying columns.",
    "recorded_from": "Name the source with --source (in YAML: source).",
    "occurred_at": "It is taken from the row itself.",
    "observed_at": "Say when the source was read with --observed-at (in YAML: taken_at).",
    "recorded_at": "It is the moment at which the ledger takes the record.",
    "record": "It is the ledger's own.",
}


class RawRow(NamedTuple):
    """One row as it was handed in: its line (0: it has none), its values, and the lines of values elsewhere."""

    line: int
    values: Mapping[str, object]
    lines: Mapping[str, int] = {}


class CheckedRow(NamedTuple):
    """One row that can be recorded: the event's id, the payload in canonical JSON, when it happened, its line."""

    event: str
    payload: bytes
    occurred: int | None
    line: int


class Checked(NamedTuple):
    """The rows of one batch, and what is worth saying about it, one sentence each."""

    table: Table
    rows: Sequence[CheckedRow]
    notes: tuple[str, ...] = ()


def place(name: str, line: int) -> str:
    """``name:line``, or the name alone of what has no lines."""
    return f"{name}:{line}" if line else name


def encode_payload(values: Mapping[str, Told]) -> bytes:
    """The payload in canonical JSON (RFC 8785): names are ASCII and numbers whole, so sorted is canonical."""
    return _ENCODER.encode(values)


def check_names(table: Table, names: Iterable[str], where: str, problems: Problems) -> None:
    """Note every name that is no column that a row of the table may tell."""
    known = {column.name for column in table.told}
    own = {column.name for column in PROVENANCE}
    for name in names:
        if name in own:
            problems.add(where, "A row does not tell this column.", _ELSEWHERE[name], column=name)
        elif name not in known:
            close = difflib.get_close_matches(name.casefold(), sorted(known), 3, 0.6)
            hint = f"Did you mean {' or '.join(close)}?" if close else f"Columns are: {', '.join(sorted(known))}."
            problems.add(where, f"{table.name} has no such column.", hint, column=visible(name, QUOTED))


def check_rows(
    table: Table,
    rows: Iterable[RawRow],
    *,
    name: str,
    observed: int,
    problems: Problems,
    typed: bool = False,
    columns: Sequence[str] | None = None,
) -> Checked:
    """Check every row; what is wrong goes to ``problems``, with the place ``name:line``.

    Args:
        table: the recorded table that they are for.
        rows: as they were handed in.
        name: of the file, for places.
        observed: Unix seconds at which the source was read: nothing has happened after it.
        problems: takes whatever is wrong. A batch with a problem is not to be recorded.
        typed: whether the values have types of their own (JSON); else they are texts and lists of texts.
        columns: the columns that all rows share, already checked (CSV); None: each row has its own keys.
    """
    checking = _Checking(table, name, observed, problems, typed)
    if columns is not None:
        checking.missing(set(columns), f"{name}:1", "The header has no column")
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            problems.add(place(name, row.line), f"There are more than {MOST_ROWS:,} rows.", "Split the file.")
            break
        checking.add(row, shared=columns is not None)
    return Checked(table, tuple(checking.found.values()), checking.notes())


class _Checking:
    """The state of one batch under check."""

    def __init__(self, table: Table, name: str, observed: int, problems: Problems, typed: bool) -> None:
        self._table, self._name, self._observed, self._problems = table, name, observed, problems
        self._read = read_json if typed else read_untyped
        self._columns = {column.name: column for column in table.told}
        self._required = [column.name for column in table.told if not column.nullable]
        self._identity = frozenset(table.identity)
        self._same: list[int] = []
        self._dates: dict[str, int] = {}
        self.found: dict[str, CheckedRow] = {}

    def missing(self, told: set[str], where: str, words: str) -> None:
        """Note the required columns that are not there at all."""
        for name in self._required:
            if name not in told:
                self._problems.add(where, f"{words} {name}.", f"It holds: {self._columns[name].doc}", column=name)

    def add(self, row: RawRow, *, shared: bool) -> None:
        """Check one row, and keep it when it is whole."""
        before, where = self._problems.count, place(self._name, row.line)
        # (1) Keys.
        names = row.values.keys()
        if not shared:
            if not names <= self._columns.keys():
                for name in names:
                    check_names(self._table, [name], self._place(row, name), self._problems)
            self.missing(set(names), where, "The row does not tell")
        # (2), (3) Values.
        told: dict[str, Told] = {}
        moments: dict[str, Moment] = {}
        for name, value in row.values.items():
            column = self._columns.get(name)
            if column is not None:
                self._value(column, value, self._place(row, name), told, moments)
        if self._table.state and self._problems.count == before:
            self._check_held(moments, where)
        # (4) Identity.
        event = self._event(told, where)
        if self._problems.count > before:
            return
        payload = encode_payload(told)
        if len(payload) > LARGEST_PAYLOAD:
            self._problems.add(
                where,
                f"The row has {len(payload):,} bytes.",
                f"At most {LARGEST_PAYLOAD:,} are kept; put long texts in a file and attach it.",
            )
            return
        # (5) One identity, one content.
        occurred = moments.get(self._table.occurred or "")
        self._keep(CheckedRow(event, payload, occurred.seconds if occurred else None, row.line))

    def _keep(self, row: CheckedRow) -> None:
        earlier = self.found.setdefault(row.event, row)
        if earlier is row:
            return
        if earlier.payload == row.payload:
            self._same.append(row.line)
            return
        self._problems.add(
            place(self._name, row.line),
            f"{quoted(row.event)} is told differently in line {earlier.line}: two rows have one identity.",
            "Keep the row that is right; where both are, they need ids of their own: a row is identified by "
            f"{' and '.join(self._table.identity)}.",
            column=self._table.identity[0],
        )

    def _value(
        self, column: Column, value: object, where: str, told: dict[str, Told], moments: dict[str, Moment]
    ) -> None:
        try:
            read = self._read(column, value)
            if read is None:
                if not column.nullable:
                    raise RefusedValueError("It is empty, and every row needs it.", f"It holds: {column.doc}")  # noqa: TRY301 - one way out
                return
            if column.name in self._identity:
                _check_identifying(read, single=len(self._identity) == 1)
            if isinstance(read, Moment):
                self._check_moment(column, read)
                moments[column.name] = read
                told[column.name] = read.text
                if read.plain:
                    self._dates[column.name] = self._dates.get(column.name, 0) + 1
            else:
                told[column.name] = read
        except RefusedValueError as error:
            self._problems.add(where, error.what, error.fix, column=column.name)

    def _check_moment(self, column: Column, moment: Moment) -> None:
        if moment.seconds > self._observed and (
            column.name == self._table.occurred or not AHEAD.fullmatch(column.name)
        ):
            raise RefusedValueError(
                f"{moment.text} is in the future: the source was read at {moment_text(self._observed)}.",
                "Leave out what has not happened yet, or mend the date (or --observed-at, in YAML taken_at).",
            )
        if moment.text < "1900":
            raise RefusedValueError(f"{moment.text} is before 1900.", "Mend the date.")

    def _check_held(self, moments: Mapping[str, Moment], where: str) -> None:
        start, end = moments.get("held_from"), moments.get("held_until")
        if end and not start:
            self._problems.add(
                where, "held_until stands without held_from.", "Tell both, or neither.", column="held_from"
            )
        elif start and end and end.seconds <= start.seconds:
            self._problems.add(
                where, f"{end.text} is not after held_from, {start.text}.", "Mend one of them.", column="held_until"
            )

    def _event(self, told: Mapping[str, Told], where: str) -> str:
        """The event's id; a look at a setting that tells no held_from is named after the moment of looking."""
        parts = []
        for name in self._table.identity:
            value = told.get(name)
            if value is None and self._table.state and name == "held_from":
                value = moment_text(self._observed)
            if value is None and self._columns[name].nullable:
                self._problems.add(where, "It identifies the row, and is empty.", "Tell it.", column=name)
            parts.append(str(value).lower() if isinstance(value, bool) else str(value))
        return JOINT.join(parts)

    def _place(self, row: RawRow, name: str) -> str:
        return place(self._name, row.lines.get(name, row.line))

    def notes(self) -> tuple[str, ...]:
        """What is worth saying about the batch."""
        said = []
        if self._same:
            lines = ", ".join(map(str, self._same[:5])) + (", …" if len(self._same) > 5 else "")
            one = len(self._same) == 1
            said.append(
                f"{self._name}: {len(self._same):,} row{'' if one else 's'} repeat{'s' if one else ''} "
                f"another word for word (line{'' if one else 's'} {lines}); kept once."
            )
        if self._dates:
            said.append(f"{self._name}: dates without a time ({', '.join(self._dates)}) mean 00:00:00 UTC.")
        return tuple(said)


def _check_identifying(value: Told | Moment, *, single: bool) -> None:
    text = value.text if isinstance(value, Moment) else str(value)
    if len(text) > LONGEST_NAME:
        raise RefusedValueError(
            f"{quoted(text)} has {len(text):,} characters, and identifies the row.",
            f"Write at most {LONGEST_NAME}.",
        )
    if visible(text) != text:
        raise RefusedValueError(
            f"{quoted(text)} holds a character that cannot be seen, and identifies the row.", "Take it out."
        )
    if text != text.strip():
        raise RefusedValueError(
            f"{quoted(text)} begins or ends with a space, and identifies the row.", "Take it off."
        )
    if not single and JOINT in text:
        raise RefusedValueError(
            f"{quoted(text)} holds {JOINT!r}, which separates the identifying values.", "Write it without."
        )
