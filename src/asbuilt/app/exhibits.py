"""The items that get a page of their own in a package: what was drawn, and every deviation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from asbuilt.app.audit import AuditRun
from asbuilt.engine.outcomes import LETTERS
from asbuilt.facts.store import FactStore
from asbuilt.model.result import Control, ControlKind, Outcome, Result
from asbuilt.reports.package.evidence import Exhibit

MOST_DEVIATIONS: Final = 200  # pages of deviations for one control; the register holds all
_OUTCOMES: Final = {letter: outcome for outcome, letter in LETTERS.items()}
# What stands around a change, by the columns that tie it to one: of the change's row, of the other's.
_AROUND_CHANGE: Final = (
    ("changes_seen", "change_id = $change"),
    ("reviews", "repository = $repository AND (number = $number OR commit IN ($change, $head))"),
    ("checks", 'repository = $repository AND "commit" IN ($change, $head)'),
    ("deployments", 'repository = $repository AND "commit" = $change'),
)


class Look:
    """Rows of facts by their keys, with moments as text, and where the records that they cite stand."""

    def __init__(self, store: FactStore) -> None:
        self._store = store
        self._positions: dict[str, int] = {}

    def row(self, table: str, key: str) -> dict[str, Any] | None:
        """The row of that key."""
        found = self.rows(table, f"{self._store.tables[table].key} = $key", {"key": key})
        return found[0] if found else None

    def rows(
        self, table: str, where: str = "TRUE", values: Mapping[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The rows for which a condition of ours holds, by key; what happened is text, UTC."""
        schema = self._store.tables[table]
        columns = ", ".join(
            f'strftime("{column.name}", \'%Y-%m-%dT%H:%M:%SZ\') AS "{column.name}"'
            if column.type == "timestamp"
            else f'"{column.name}"'
            for column in schema.columns
        )
        order = ", ".join(f'"{column.name}"' for column in schema.columns if column.name in {schema.key, "record"})
        answer = self._store.connection.cursor().execute(
            f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order}",  # noqa: S608 - names and conditions of ours
            dict(values) if values else None,
        )
        names = [column.name for column in schema.columns]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

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


def exhibits_of(run: AuditRun, look: Look) -> Iterator[Exhibit]:
    """A page for every drawn item and for the first deviations of every control, in order."""
    drawn = {sample.control: {one.item for one in sample.items if one.item} for sample in run.audit.samples}
    for control, tested in zip(run.controls, run.tested, strict=True):
        wanted: dict[str, str] = {}
        for verdict in tested.result.verdicts:
            if verdict.outcome is Outcome.DEVIATION and len(wanted) < MOST_DEVIATIONS:
                wanted[verdict.item] = "it deviates"
        for item in sorted(drawn.get(control.id, ())):
            wanted[item] = "it deviates, and was drawn" if item in wanted else "it was drawn"
        if not wanted:
            continue
        letters = dict(zip(tested.outcomes.items, tested.outcomes.letters.decode(), strict=True))
        for number, (item, why) in enumerate(sorted(wanted.items()), 1):
            yield _exhibit(
                control, tested.result, look, number=number, item=item, why=why, outcome=_OUTCOMES[letters[item]]
            )


def _exhibit(
    control: Control, result: Result, look: Look, *, number: int, item: str, why: str, outcome: Outcome
) -> Exhibit:
    row = look.row(control.population, item) if control.kind is ControlKind.ITEM else None
    around = _around(control, result, item, row, look)
    cited = [
        str(own["record"])
        for own in (*([row] if row else []), *(one for rows in around.values() for one in rows))
        if own.get("record")
    ]
    return Exhibit(control.id, number, item, outcome, why, row, around, look.positions(cited), control.because)


def _around(
    control: Control, result: Result, item: str, row: Mapping[str, Any] | None, look: Look
) -> dict[str, tuple[dict[str, Any], ...]]:
    if row is not None:
        return change_around(row, look) if "change_id" in row else {}
    # A state or a cadence: the rows of its subject in the time that the item speaks of.
    subject = next((own.subject for own in result.occurrences if own.item == item), item)
    where = "TRUE" if control.per is None else f'"{control.per}" = $subject'
    rows = look.rows(control.population, where, None if control.per is None else {"subject": subject})
    return {control.population: tuple(rows[:_MOST_AROUND])}


_MOST_AROUND: Final = 60  # rows about one subject on its page; the population holds all


def change_around(row: Mapping[str, Any], look: Look) -> dict[str, tuple[dict[str, Any], ...]]:
    """What the forge and the platform told about one change, by table."""
    seen = look.rows("changes_seen", "change_id = $change", {"change": row["change_id"]})
    first = seen[0] if seen else {}
    values = {
        "change": row["change_id"],
        "repository": first.get("repository"),
        "number": first.get("number"),
        "head": first.get("head_commit"),
    }
    return {
        name: tuple(look.rows(name, where, {key: value for key, value in values.items() if f"${key}" in where}))
        for name, where in _AROUND_CHANGE
    }
