"""The examples of controls, run as the tests that they are."""

from collections.abc import Mapping, Sequence

import msgspec

from asbuilt.engine.evaluate import evaluate
from asbuilt.facts.schemas import TABLES, Table
from asbuilt.model.result import Control
from asbuilt.model.window import Window


def failing_examples(controls: Sequence[Control], schemas: Mapping[str, Table] = TABLES) -> tuple[str, ...]:
    """One sentence for each example that does not come to the verdict it is given for.

    In an example every column that it leaves out is NULL, whether or not facts may be.

    Raises:
        CatalogueError: a control is malformed.
    """
    return tuple(sentence for control in controls for sentence in _failing(control, schemas))


def _failing(control: Control, schemas: Mapping[str, Table]) -> list[str]:
    # Checks the control first, so that a wrong population is said in its own words.
    evaluate([control], {}, Window(), schemas=schemas)
    table = schemas[control.population]
    names = {column.name for column in table.columns}
    loose = msgspec.structs.replace(
        table, columns=tuple(msgspec.structs.replace(column, nullable=True) for column in table.columns)
    )
    wanted = {
        f"{kind} {n}": (kind, row) for kind, rows in control.examples.items() for n, row in enumerate(rows, 1)
    }
    failing = [
        f"{control.place(f'examples.{kind}')}: example {item!r} names the unknown column {name!r}."
        for item, (kind, row) in wanted.items()
        for name in sorted(row.keys() - names)
    ]
    rows = [{**dict.fromkeys(names), **row, table.key: item} for item, (_, row) in wanted.items()]
    (result,) = evaluate([control], {table.name: rows}, Window(), schemas={table.name: loose})
    if result.failure:
        return [*failing, f"{control.place('expect')}: {control.id} crashed on its examples: {result.failure}"]
    found = {verdict.item: verdict.outcome.value for verdict in result.verdicts}
    return failing + [
        f"{control.place(f'examples.{kind}')}: example {item!r} comes to {found.get(item, 'nothing')!r}."
        for item, (kind, _) in wanted.items()
        if found.get(item) != kind
    ]
