"""The examples of controls, run as the tests that they are."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Final

import msgspec

from asbuilt.engine.crashes import Crash, attempt
from asbuilt.engine.plans import plan_controls
from asbuilt.engine.queries import truth_query
from asbuilt.engine.tables import fill_table, open_tables
from asbuilt.facts.schemas import TABLES, Table
from asbuilt.model.result import Control, Outcome
from asbuilt.model.window import Window

# What ``window_start`` and ``window_end`` are in examples: the first half of 2026.
WINDOW: Final = Window(1_767_225_600, 1_782_864_000)
_OUTCOMES: Final = {True: Outcome.MET, False: Outcome.DEVIATION, None: Outcome.UNKNOWN}


def failing_examples(controls: Sequence[Control], schemas: Mapping[str, Table] = TABLES) -> tuple[str, ...]:
    """One sentence for each example that does not come to the verdict it is given for.

    An example is one row, whatever the kind of the control: what ``where`` and ``expect`` come to on it. Every
    column that it leaves out is NULL, whether or not facts may be; it stands in every window.

    Raises:
        CatalogueError: a control is malformed.
    """
    return tuple(sentence for control in controls for sentence in _failing(control, schemas))


def _failing(control: Control, schemas: Mapping[str, Table]) -> list[str]:
    needed = {name: schemas[name] for name in (control.population, control.subjects or "") if name in schemas}
    with closing(open_tables(list(needed.values()))) as connection:
        # Checks the control, so that a wrong population is said in its own words.
        (plan,) = plan_controls([control], {}, schemas, WINDOW, connection)
    names = {column.name for column in plan.table.columns}
    wanted = {
        f"{kind} {n}": (kind, row) for kind, rows in control.examples.items() for n, row in enumerate(rows, 1)
    }
    failing = [
        f"{control.place(f'examples.{kind}')}: example {item!r} names the unknown column {name!r}."
        for item, (kind, row) in wanted.items()
        for name in sorted(row.keys() - names)
    ]
    rows = [{**dict.fromkeys(names), **row, plan.table.key: item} for item, (_, row) in wanted.items()]
    loose = msgspec.structs.replace(
        plan.table, columns=tuple(msgspec.structs.replace(one, nullable=True) for one in plan.table.columns)
    )
    with closing(open_tables([loose])) as connection:

        def run() -> dict[str, str]:
            fill_table(connection, loose, rows)
            answer = connection.execute(truth_query(plan)).fetchall()
            return {item: _OUTCOMES[met].value for item, met, *_ in answer}

        found = attempt(run)
    if isinstance(found, Crash):
        return [*failing, f"{control.place('expect')}: {control.id} crashed on its examples: {found.said}"]
    return failing + [
        f"{control.place(f'examples.{kind}')}: example {item!r} comes to {found.get(item, 'nothing')!r}."
        for item, (kind, _) in wanted.items()
        if found.get(item) != kind
    ]
