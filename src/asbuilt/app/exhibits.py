"""The items that get a page of their own in a package: what was drawn, and every deviation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from asbuilt.app.audit import AuditRun
from asbuilt.engine.audit import Tested
from asbuilt.engine.outcomes import LETTERS
from asbuilt.facts.store import FactStore
from asbuilt.model.result import Control, ControlKind, Outcome, Result
from asbuilt.reports.package.evidence import Exhibit

MOST_DEVIATIONS: Final = 200  # pages of deviations for one control; the register holds all
_OUTCOMES: Final = {letter: outcome for outcome, letter in LETTERS.items()}
_MOST_AROUND: Final = 60  # rows about one subject on its page; the population holds all
_REVIEWED: Final = """own.repository = wanted.repository
  AND (own.number = wanted.number OR own.commit IN (wanted.change_id, wanted.head_commit))"""
# What stands around a change, by the columns that tie it to one: of the change ``wanted``, of the other's ``own``.
_REQUESTED: Final = "own.repository = wanted.repository AND own.number = wanted.number"
_AROUND_CHANGE: Final = (
    ("changes_seen", "own.change_id = wanted.change_id"),
    ("requests", f"{_REQUESTED} OR own.repository = wanted.repository AND own.merge_commit = wanted.change_id"),
    ("request_commits", _REQUESTED),
    ("request_events", _REQUESTED),
    ("reviews", _REVIEWED),
    ("coverings", "own.repository = wanted.repository AND own.change_id = wanted.change_id"),
    ("checks", "own.repository = wanted.repository AND own.commit IN (wanted.change_id, wanted.head_commit)"),
    ("deployments", "own.repository = wanted.repository AND own.commit = wanted.change_id"),
)
_WANTED_CHANGES: Final = """
JOIN (
  SELECT change_id, min(repository) AS repository, min(number) AS number, min(head_commit) AS head_commit
  FROM changes WHERE change_id IN (SELECT unnest($keys::VARCHAR[])) GROUP BY change_id
) AS wanted ON """
Rows = tuple[dict[str, Any], ...]


class Look:
    """Rows of facts by their keys, with moments as text, and where the records that they cite stand."""

    def __init__(self, store: FactStore) -> None:
        self._store = store
        self._positions: dict[str, int] = {}

    def key(self, table: str) -> str:
        """The column that identifies a row of that table."""
        return self._store.tables[table].key

    def rows(
        self, table: str, where: str = "TRUE", values: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The rows for which a condition of ours holds, by key; what happened is text, UTC."""
        return [row for _, row in self._found(table, "NULL", f"WHERE {where}", values)]

    def rows_by(self, table: str, column: str, values: Sequence[str]) -> dict[str, Rows]:
        """For each value of a column the rows that have it, by key."""
        where = f'WHERE own."{column}" IN (SELECT unnest($keys::VARCHAR[]))'
        return _grouped(self._found(table, f'own."{column}"', where, {"keys": list(values)}))

    def rows_around(self, table: str, tied: str, changes: Sequence[str]) -> dict[str, Rows]:
        """For each of these changes the rows that a condition of ours ties to it, by key."""
        return _grouped(self._found(table, "wanted.change_id", _WANTED_CHANGES + tied, {"keys": list(changes)}))

    def _found(
        self, table: str, group: str, which: str, values: Mapping[str, Any] | None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        schema = self._store.tables[table]
        columns = ", ".join(
            f'strftime(own."{column.name}", \'%Y-%m-%dT%H:%M:%SZ\') AS "{column.name}"'
            if column.type == "timestamp"
            else f'own."{column.name}"'
            for column in schema.columns
        )
        order = ", ".join(
            f'own."{column.name}"' for column in schema.columns if column.name in {schema.key, "record"}
        )
        answer = self._store.connection.cursor().execute(
            f"SELECT {group}, {columns} FROM {table} AS own {which} ORDER BY {order}",  # noqa: S608 - names and conditions of ours
            dict(values) if values else None,
        )
        names = [column.name for column in schema.columns]
        for key, *row in answer.fetchall():
            yield key, dict(zip(names, row, strict=True))

    def positions(self, leaves: Sequence[str]) -> dict[str, int]:
        """The ledger index of each record, by its leaf hash; of those that the facts come from."""
        if not self._positions:
            names = sorted(name for name, table in self._store.tables.items() if table.recorded)
            union = " UNION ALL ".join(
                f"SELECT record, position FROM kept.{name}"  # noqa: S608 - names of our own schema
                for name in names
            )
            self._positions = dict(self._store.connection.cursor().execute(union).fetchall())
        return {leaf: self._positions[leaf] for leaf in leaves if leaf in self._positions}


def _grouped(found: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, Rows]:
    rows: dict[str, list[dict[str, Any]]] = {}
    for key, row in found:
        rows.setdefault(key, []).append(row)
    return {key: tuple(own) for key, own in rows.items()}


class _Chosen(NamedTuple):
    """The items of one control that get a page, why each does, and their rows."""

    control: Control
    tested: Tested
    wanted: dict[str, str]
    rows: dict[str, Rows]


def exhibits_of(run: AuditRun, look: Look) -> Iterator[Exhibit]:
    """A page for every drawn item and for the first deviations of every control, in order."""
    chosen = [one for one in _chosen(run, look) if one.wanted]
    # One question a table, not one an item: each reads the whole of it.
    changes = {
        str(rows[0]["change_id"])
        for one in chosen
        for rows in one.rows.values()
        if one.control.kind is ControlKind.ITEM and rows[0].get("change_id")
    }
    around = changes_around(sorted(changes), look)
    for one in chosen:
        letters = dict(zip(one.tested.outcomes.items, one.tested.outcomes.letters.decode(), strict=True))
        for number, (item, why) in enumerate(sorted(one.wanted.items()), 1):
            yield _exhibit(one, around, look, number=number, item=item, why=why, outcome=_OUTCOMES[letters[item]])


def _chosen(run: AuditRun, look: Look) -> Iterator[_Chosen]:
    drawn = {sample.control: {one.item for one in sample.items if one.item} for sample in run.audit.samples}
    for control, tested in zip(run.controls, run.tested, strict=True):
        wanted: dict[str, str] = {}
        for verdict in tested.result.verdicts:
            if verdict.outcome is Outcome.DEVIATION and len(wanted) < MOST_DEVIATIONS:
                wanted[verdict.item] = "it deviates"
        for item in sorted(drawn.get(control.id, ())):
            wanted[item] = "it deviates, and was drawn" if item in wanted else "it was drawn"
        yield _Chosen(control, tested, wanted, _rows_of(control, tested.result, list(wanted), look))


def _rows_of(control: Control, result: Result, items: Sequence[str], look: Look) -> dict[str, Rows]:
    """By item its row; of a state or a cadence the rows of its subject, in the time that they speak of."""
    if not items:
        return {}
    if control.kind is ControlKind.ITEM:
        return look.rows_by(control.population, look.key(control.population), items)
    if control.per is None:
        return dict.fromkeys(items, tuple(look.rows(control.population)))
    subjects = {own.item: own.subject for own in result.occurrences}
    told = look.rows_by(control.population, control.per, sorted({subjects.get(item, item) for item in items}))
    return {item: told.get(subjects.get(item, item), ()) for item in items}


def _exhibit(
    chosen: _Chosen,
    changes: Mapping[str, Mapping[str, Rows]],
    look: Look,
    *,
    number: int,
    item: str,
    why: str,
    outcome: Outcome,
) -> Exhibit:
    control, rows = chosen.control, chosen.rows.get(item, ())
    row: dict[str, Any] | None = None
    around: Mapping[str, Rows] = {control.population: rows[:_MOST_AROUND]}
    if control.kind is ControlKind.ITEM:
        row = rows[0] if rows else None
        around = changes.get(str(row.get("change_id")), {}) if row else {}
    cited = [
        str(own["record"])
        for own in (*([row] if row else []), *(one for found in around.values() for one in found))
        if own.get("record")
    ]
    return Exhibit(control.id, number, item, outcome, why, row, around, look.positions(cited), control.because)


def changes_around(changes: Sequence[str], look: Look) -> dict[str, dict[str, Rows]]:
    """What the forge and the platform told about each of these changes, by table."""
    told = {name: look.rows_around(name, tied, changes) for name, tied in _AROUND_CHANGE}
    return {own: {name: told[name].get(own, ()) for name in told} for own in changes}
