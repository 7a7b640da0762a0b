"""Who and what there is in the simulated company, and how its records are told.

The company was founded on ``FOUNDED`` and has kept its evidence since; the audited year is [START, END). On ``TAKEN``,
after the year's end, every list was read: so each extract covers the time from the founding (or from ``since``)
until ``SEEN_UNTIL``, which is the day before.

A module beside this one tells the tables of one schema module, and what can be made wrong in them::

    def records(world: World) -> Iterator[Record]:
        yield from whole("sites", ({"site": "office", ...} for ...))      # the rows, and the extract that covers them

    PLANTS = {
        "nobody approved it": Plant("CHG-01", change_id(7), changed("reviews", {"review_id": "R-7"}, state="commented")),
    }

Ids must not depend on how large the year is; where chance is wanted, take ``world.random("the module's name")``.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asbuilt.facts.schemas import TABLES
from asbuilt.model.record import FACT, Record
from asbuilt.model.window import Window
from tests.company_year.cast import (
    AGENTS,
    DAY,
    END,
    FOUNDED,
    HOUR,
    PEOPLE,
    REPOSITORIES,
    START,
    SYSTEMS,
    Agent,
    Person,
    Repository,
    System,
    at,
)

__all__ = ["DAY", "END", "FOUNDED", "HOUR", "START", "Agent", "Person", "Repository", "System", "at"]


SEEN_UNTIL = END + DAY
TAKEN = SEEN_UNTIL + 6 * HOUR
WINDOW = Window(int(START.timestamp()), int(END.timestamp()))
NOW = int((END + 5 * DAY).timestamp())  # when the audit is made


@dataclass(frozen=True)
class World:
    """The company and its year; ``changes`` says how large a year it is."""

    changes: int = 20_000
    seed: str = "company year"
    people: tuple[Person, ...] = field(default_factory=lambda: PEOPLE)
    systems: tuple[System, ...] = field(default_factory=lambda: SYSTEMS)
    repositories: tuple[Repository, ...] = field(default_factory=lambda: REPOSITORIES)
    agents: tuple[Agent, ...] = field(default_factory=lambda: AGENTS)

    def random(self, about: str) -> random.Random:
        """Chance that depends on the seed and ``about`` alone, so that no module disturbs another."""
        return random.Random(f"{self.seed} {about}")

    def at_work(self, moment: datetime, *, engineers: bool = False) -> list[Person]:
        """Who works here then; ``engineers`` alone."""
        return [own for own in self.people if own.is_at_work(moment) and (own.is_engineer or not engineers)]

    def person(self, name: str) -> Person:
        """The person of that id."""
        return next(own for own in self.people if own.id == name)

    def joiners(self) -> list[Person]:
        """Who started in the year."""
        return [own for own in self.people if START <= own.starts < END]

    def leavers(self) -> list[Person]:
        """Who left in the year."""
        return [own for own in self.people if own.ends is not None and START <= own.ends < END]


def days(first: datetime = START, last: datetime = END) -> list[datetime]:
    """Each midnight of [first, last)."""
    return [first + number * DAY for number in range((last - first).days)]


def months(first: datetime = START, last: datetime = END) -> list[datetime]:
    """The first of each month that begins in [first, last)."""
    return [one for one in days(first, last) if one.day == 1]


def quarters(first: datetime = START, last: datetime = END) -> list[datetime]:
    """The first day of each calendar quarter that begins in [first, last)."""
    return [one for one in months(first, last) if one.month in {1, 4, 7, 10}]


def sha(*parts: object) -> str:
    """A digest of 64 hex digits that stands for the bytes named so."""
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()


def written(moment: datetime) -> str:
    """RFC 3339, to the second, UTC."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def tell(table: str, *, observed: datetime = TAKEN, **columns: Any) -> Record:
    """A record of a row of a recorded table, as it was read on ``observed``.

    Moments are datetimes; a column that is left out or None is NULL. Of a state table a row without ``held_from`` and
    ``held_until`` holds from the founding until the reading.

    Raises:
        AssertionError: the table has no such column, or one that every row has is missing.
    """
    schema = TABLES[table]
    if schema.state and "held_from" not in columns and "held_until" not in columns:
        columns |= {"held_from": FOUNDED, "held_until": observed}
    told = {}
    for column in schema.told:
        value = columns.pop(column.name, None)
        if value is None:
            assert column.nullable, f"{table} needs {column.name}"
            continue
        told[column.name] = written(value) if column.type == "timestamp" else value
    assert not columns, f"{table} has no {sorted(columns)}"
    occurred = told.get(schema.occurred) if schema.occurred else None
    read = int(observed.timestamp())
    return Record(
        source=source_of(table),
        event=" | ".join(str(told.get(name, "")) for name in schema.identity),
        kind=f"{FACT}{table}",
        payload=payload_of(told),
        observed=read,
        recorded=read + 600,
        by="collector",
        how="api",
        occurred=None if occurred is None else int(datetime.fromisoformat(occurred).timestamp()),
    )


def payload_of(told: Mapping[str, Any]) -> bytes:
    """The payload of a record of a fact."""
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def source_of(table: str) -> str:
    """The system that a table's rows are taken from, as its extracts and the register of evidence name it."""
    return f"the list of {table.replace('_', ' ')}"


def extract(
    population: str,
    row_count: int,
    *,
    second_count: int | None = None,
    since: datetime = FOUNDED,
    until: datetime = SEEN_UNTIL,
    observed: datetime = TAKEN,
) -> Record:
    """The manifest that makes a population complete over [since, until): whole, and tied to a second source."""
    return tell(
        "extracts",
        observed=observed,
        extract=f"{population} | {since:%Y-%m-%d}",
        population=population,
        source=source_of(population),
        covers_from=since,
        covers_until=until,
        query=f"every row of {population.replace('_', ' ')}",
        parameters=f"from {since:%Y-%m-%d} until {until:%Y-%m-%d}",
        taken_by="evidence-collector",
        scopes=["read"],
        started_at=observed - HOUR,
        ended_at=observed,
        truncated=False,
        row_count=row_count,
        reported_total=row_count,
        sha256=sha("extract", population, row_count),
        second_source=f"the second list of {population.replace('_', ' ')}",
        second_count=row_count if second_count is None else second_count,
    )


def whole(table: str, rows: Iterable[Mapping[str, Any]], *, since: datetime = FOUNDED) -> Iterator[Record]:
    """A record of each row (columns by name), and the extract that says that these are all of them since then."""
    count = 0
    for row in rows:
        count += 1
        yield tell(table, **row)
    yield extract(table, count, since=since)


@dataclass(frozen=True)
class Plant:
    """One thing that can be made wrong.

    ``spoil`` takes the records of a good year and gives those of a year in which exactly one thing is wrong, so that
    ``control`` deviates on ``item``. ``also`` names every other control that sees it as a deviation, with the reason.
    """

    control: str
    item: str
    spoil: Callable[[list[Record]], list[Record]]
    also: Mapping[str, str] = field(default_factory=dict)


def columns_of(record: Record) -> dict[str, Any]:
    """What a record of a fact tells: moments as text."""
    told: dict[str, Any] = json.loads(record.payload)
    return told


def _fits(record: Record, table: str, where: Mapping[str, Any]) -> bool:
    if record.kind != f"{FACT}{table}":
        return False
    told = columns_of(record)
    return all(
        told.get(name) == (written(value) if isinstance(value, datetime) else value)
        for name, value in where.items()
    )


def without(table: str, **where: Any) -> Callable[[list[Record]], list[Record]]:
    """A spoiler: what the rows of the table with these values tell did not happen. There must be such a row.

    So the source has that many rows fewer. Rows that are lost on the way are another thing: there the extract says
    more than came.
    """

    def spoil(records: list[Record]) -> list[Record]:
        left = [record for record in records if not _fits(record, table, where)]
        gone = len(records) - len(left)
        assert gone, f"no row of {table} has {where}"
        return [
            _fewer(record, gone) if _fits(record, "extracts", {"population": table}) else record for record in left
        ]

    return spoil


def _fewer(extract_of_it: Record, gone: int) -> Record:
    told = columns_of(extract_of_it)
    return _changed(
        extract_of_it,
        {name: told[name] - gone for name in ("row_count", "reported_total", "second_count") if name in told},
    )


def changed(table: str, where: Mapping[str, Any], **columns: Any) -> Callable[[list[Record]], list[Record]]:
    """A spoiler: the rows of the table with the values ``where`` say these columns instead; None takes one away."""

    def spoil(records: list[Record]) -> list[Record]:
        found = [_changed(record, columns) if _fits(record, table, where) else record for record in records]
        assert found != records, f"no row of {table} has {where}, or nothing changed"
        return found

    return spoil


def _changed(record: Record, columns: Mapping[str, Any]) -> Record:
    schema = TABLES[record.kind.removeprefix(FACT)]
    told = columns_of(record)
    for name, value in columns.items():
        told[name] = written(value) if isinstance(value, datetime) else value
    told = {name: value for name, value in told.items() if value is not None}
    occurred = told.get(schema.occurred) if schema.occurred else None
    return Record(
        source=record.source,
        event=" | ".join(str(told.get(name, "")) for name in schema.identity),
        kind=record.kind,
        payload=payload_of(told),
        observed=record.observed,
        recorded=record.recorded,
        by=record.by,
        how=record.how,
        occurred=None if occurred is None else int(datetime.fromisoformat(occurred).timestamp()),
    )


def added(table: str, **columns: Any) -> Callable[[list[Record]], list[Record]]:
    """A spoiler: one more row."""
    return lambda records: [*records, tell(table, **columns)]


def all_of(*spoilers: Callable[[list[Record]], list[Record]]) -> Callable[[list[Record]], list[Record]]:
    """A spoiler: several at once, where one wrong thing shows in several rows."""

    def spoil(records: list[Record]) -> list[Record]:
        for own in spoilers:
            records = own(records)
        return records

    return spoil
