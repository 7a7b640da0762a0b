"""A file of evidence in YAML: one table, where its rows come from, who took them and when, and the rows."""

import difflib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from asbuilt.facts.recording.csv_rows import read_utf8
from asbuilt.facts.recording.manifest import Manifest, check_covers
from asbuilt.facts.recording.rows import Checked, RawRow, check_rows
from asbuilt.facts.recording.tables import find_table
from asbuilt.facts.recording.values import Moment, RefusedValueError, Told, moment_text, quoted, read_untyped
from asbuilt.facts.recording.yaml_nodes import LARGEST, Node, YamlRefusedError, read_yaml
from asbuilt.facts.schemas import Column, Type
from asbuilt.model.errors import UsageError
from asbuilt.model.evidence import Problems

REQUIRED = ("table", "source", "taken_at", "taken_by", "rows")
KEYS = (
    *REQUIRED[:-1],
    "started_at",
    "covers",
    "part",
    "second_source",
    "differences",
    "query",
    "parameters",
    "scopes",
    "reported_total",
    "truncated",
    "attachments",
    "rows",
)


class Evidence(NamedTuple):
    """What one file tells: its rows, where they come from, and the files beside it, each with its line."""

    batch: Checked
    manifest: Manifest
    attachments: tuple[tuple[str, int], ...]


def check_evidence(data: bytes, *, name: str, now: int, problems: Problems) -> Evidence | None:
    """Read and check one file; what is wrong goes to ``problems`` with ``name:line``, and None comes back.

    ``now`` (Unix seconds) is later than whatever was taken.
    """
    before = problems.count
    if len(data) > LARGEST:
        problems.add(f"{name}:1", f"The file has {len(data):,} bytes; at most {LARGEST:,} are read.", "Split it.")
        return None
    text = read_utf8(data, name, problems)
    if text is None:
        return None
    try:
        root = read_yaml(text)
    except YamlRefusedError as error:
        problems.add(f"{name}:{error.line}", error.what, error.fix)
        return None
    if not isinstance(root.value, dict):
        problems.add(f"{name}:{root.line}", "The file is no mapping.", "Begin with `table: NAME`.")
        return None
    evidence = _File(name, root.value, root.line, now, problems).read()
    return evidence if problems.count == before else None


class _File:
    """One file under check."""

    def __init__(self, name: str, told: Mapping[str, Node], line: int, now: int, problems: Problems) -> None:
        self._name, self._told, self._line, self._now, self._problems = name, told, line, now, problems

    def read(self) -> Evidence | None:
        """Everything in the file; what is wrong is noted, and None comes back where nothing can be made of it."""
        self._check_keys()
        taken_at = self._moment("taken_at", self._now)
        manifest = Manifest(
            source=self._text("source") or "",
            taken_by=self._text("taken_by") or "",
            taken_at=self._now if taken_at is None else taken_at,
            covers=self._covers(self._now if taken_at is None else taken_at),
            query=self._text("query"),
            parameters=self._text("parameters"),
            scopes=self._texts("scopes"),
            second=self._second(),
            differences=self._texts("differences"),
            reported_total=self._count("reported_total", self._told.get("reported_total")),
            truncated=self._flag("truncated"),
            part=self._text("part"),
            started_at=self._moment("started_at", self._now if taken_at is None else taken_at),
        )
        batch, attachments = self._rows(manifest.taken_at), self._attachments()
        return batch and Evidence(batch, manifest, attachments)

    def _check_keys(self) -> None:
        for key, node in self._told.items():
            if key not in KEYS:
                close = difflib.get_close_matches(key, KEYS, 1, 0.6)
                fix = f"Did you mean {close[0]}?" if close else f"Keys are: {', '.join(KEYS)}."
                self._add(node.line, f"Nothing is called {quoted(key)} here.", fix)
        for key in REQUIRED:
            said = self._told.get(key)
            if said is None or said.value is None:
                self._add(said.line if said else self._line, f"The file does not say {key}.", _WANTED[key])

    def _rows(self, taken_at: int) -> Checked | None:
        rows, name = self._told.get("rows"), self._told.get("table")
        if name is None or not isinstance(name.value, str) or rows is None or rows.value is None:
            return None
        try:
            table = find_table(name.value)
        except UsageError as error:
            self._add(name.line, error.what, error.fix, column="table")
            return None
        if not isinstance(rows.value, list):
            self._add(rows.line, "rows is no list.", "Write `- column: value` for each, or `rows: []` for none.")
            return None
        raw = []
        for row in rows.value:
            if not isinstance(row.value, dict):
                self._add(row.line, "A row is no mapping.", "Write `- column: value` for each row.", column="rows")
                continue
            values = {key: plain(value) for key, value in row.value.items()}
            raw.append(RawRow(row.line, values, {key: value.line for key, value in row.value.items()}))
        return check_rows(table, raw, name=self._name, observed=taken_at, problems=self._problems)

    def _covers(self, taken_at: int) -> tuple[int, int] | None:
        found = self._pair("covers", ("from", "until"))
        if found is None:
            return None
        try:
            return check_covers(
                *(str(each.value) for each in found),
                taken_at=taken_at,
                problems=self._problems,
                where=lambda end: f"{self._name}:{found[end == 'until'].line}",
            )
        except RefusedValueError as error:
            self._add(found[0].line, error.what, error.fix, column="covers")
            return None

    def _second(self) -> tuple[str, int] | None:
        found = self._pair("second_source", ("name", "count"))
        if found is None:
            return None
        count = self._count("second_source", found[1])
        return None if count is None else (str(found[0].value), count)

    def _pair(self, key: str, wanted: tuple[str, str]) -> tuple[Node, Node] | None:
        """Two texts in a mapping of exactly these keys."""
        node = self._told.get(key)
        if node is None or node.value is None:
            return None
        if isinstance(node.value, dict) and set(node.value) == set(wanted):
            first, second = (node.value[each] for each in wanted)
            if isinstance(first.value, str) and isinstance(second.value, str):
                return first, second
        self._add(
            node.line, "This is not what belongs here.", f"Write {{{wanted[0]}: …, {wanted[1]}: …}}.", column=key
        )
        return None

    def _attachments(self) -> tuple[tuple[str, int], ...]:
        node = self._told.get("attachments")
        found = []
        for path in self._texts("attachments"):
            line = node.line if node else self._line
            parts = PurePosixPath(path).parts
            if PurePosixPath(path).is_absolute() or ".." in parts or "\\" in path or not parts:
                self._add(
                    line,
                    f"{quoted(path)} does not lie beside this file.",
                    "Name files in this folder or below, with forward slashes.",
                    column="attachments",
                )
            else:
                found.append((path, line))
        return tuple(found)

    def _text(self, key: str) -> str | None:
        found = self._value(key, "text", self._told.get(key))
        return found if isinstance(found, str) else None

    def _flag(self, key: str) -> bool:
        return self._value(key, "bool", self._told.get(key)) is True

    def _texts(self, key: str) -> tuple[str, ...]:
        found = self._value(key, "text[]", self._told.get(key))
        return tuple(found) if isinstance(found, list) else ()

    def _count(self, key: str, node: Node | None) -> int | None:
        found = self._value(key, "int", node)
        if not isinstance(found, int):
            return None
        if found < 0:
            self._add(node.line if node else self._line, f"{found} is no count.", "Write 0 or more.", column=key)
            return None
        return found

    def _moment(self, key: str, latest: int) -> int | None:
        """Unix seconds, not after ``latest``."""
        node = self._told.get(key)
        found = self._value(key, "timestamp", node)
        if not isinstance(found, Moment):
            return None
        if found.seconds > latest and node is not None:
            self._add(node.line, f"{found.text} is after {moment_text(latest)}.", "Mend the date.", column=key)
            return None
        return found.seconds

    def _value(self, key: str, kind: Type, node: Node | None) -> Told | Moment | None:
        if node is None:
            return None
        try:
            return read_untyped(Column(key, kind, nullable=True, doc=""), plain(node))
        except RefusedValueError as error:
            self._add(node.line, error.what, error.fix, column=key)
            return None

    def _add(self, line: int, what: str, fix: str, *, column: str = "") -> None:
        self._problems.add(f"{self._name}:{line}", what, fix, column=column)


def plain(node: Node) -> object:
    """A node's value without places; a mapping inside a row is none that a column could hold."""
    if isinstance(node.value, list):
        return [plain(each) for each in node.value]
    if isinstance(node.value, dict):
        return {key: plain(each) for key, each in node.value.items()}
    return node.value


_WANTED = {
    "table": "Write `table: NAME`; `asbuilt record --list` lists them.",
    "source": "Write `source: …`, the system that the rows were taken from.",
    "taken_at": "Write `taken_at: 2026-01-31T12:00:00Z`, when the source was read.",
    "taken_by": "Write `taken_by: …`, the person who answers for it.",
    "rows": "Write `rows:` and `- column: value` for each, or `rows: []` for none.",
}
