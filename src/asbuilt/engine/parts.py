"""Populations that come in parts: an extract for each repository, for each system.

1. A part is covered where an extract of it counts, or one of the whole population.
2. Parts make a whole where the table that lists them is itself covered whole, lists at least one that is in scope
   and in use, and every such part is covered.
3. What is first told to the ledger, and read from nowhere else, is covered at all times.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from asbuilt.engine.access import Facts, seconds_of
from asbuilt.engine.intervals import Interval, common, missing, union

EVER: Interval = (-(1 << 62), 1 << 62)
# (3) The ledger is the source of these itself: no list elsewhere could hold a row that was lost on the way here, so
# an extract of them, read from the ledger and told to it, would prove nothing that its tree does not. Whether all
# that should have been told was told is another question, which no extract of them answers either.
OF_THE_LEDGER = frozenset({"deviation_notes", "extracts", "gaps", "waivers"})


class Extract(msgspec.Struct, frozen=True):
    """One extract of one recorded table; times in Unix seconds, ``why_not`` says why it does not count.

    ``part`` names the part of the population that it is of; None: all of it.
    """

    id: str
    start: int
    end: int
    row_count: int
    second_source: str | None
    second_count: int | None
    differences: tuple[str, ...]
    why_not: str = ""
    part: str | None = None


class Part(msgspec.Struct, frozen=True):
    """One part in scope, and the time of its use, in Unix seconds."""

    name: str
    start: int = EVER[0]
    end: int = EVER[1]


class Extracts(msgspec.Struct, frozen=True):
    """All extracts by the recorded table that their rows went to.

    ``listers`` names, for a table that may come in parts, the table that lists them; ``listed`` holds the parts in
    scope by that table's name.
    """

    told: Mapping[str, Sequence[Extract]]
    listers: Mapping[str, str] = {}
    listed: Mapping[str, Sequence[Part]] = {}

    def of(self, table: str) -> Sequence[Extract]:
        """The extracts of a table."""
        return self.told.get(table, ())


def read_parts(facts: Facts, names: Iterable[str]) -> tuple[dict[str, str], dict[str, list[Part]]]:
    """Which table lists the parts of each of these tables, and the parts in scope by that table."""
    declared = {name: facts.tables[name].parts for name in sorted(names) if name in facts.tables}
    listers = {name: lister for name, lister in declared.items() if lister is not None and lister in facts.tables}
    listed: dict[str, list[Part]] = {}
    for lister in sorted(set(listers.values())):
        key = facts.tables[lister].key
        query = f"SELECT {key}, in_use_from, in_use_until FROM {lister} WHERE in_scope ORDER BY {key}"  # noqa: S608 - names of our own schema
        listed[lister] = [
            Part(
                name,
                EVER[0] if (start := seconds_of(first)) is None else start,
                EVER[1] if (end := seconds_of(last)) is None else end,
            )
            for name, first, last in facts.rows(query)
        ]
    return listers, listed


def whole_time(table: str, extracts: Extracts) -> list[Interval]:
    """The time that extracts of the whole table cover."""
    return union((one.start, one.end) for one in extracts.of(table) if one.part is None and not one.why_not)


def table_time(table: str, extracts: Extracts) -> list[Interval]:
    """The time in which every occurrence in the table is known to be there: at once, or part by part."""
    if table in OF_THE_LEDGER:
        return [EVER]
    whole = whole_time(table, extracts)
    if not _comes_in_parts(table, extracts):
        return whole
    # (2) Where the list is covered: the time that some part is in use, less that in which one of them is not seen.
    parts = extracts.listed.get(extracts.listers[table], ())
    spans = _part_times(table, extracts)
    by_parts: list[Interval] = []
    for known in whole_time(extracts.listers[table], extracts):
        in_use = [(part, own) for part in parts if (own := _within(part, known)) is not None]
        unseen = [hole for part, own in in_use for hole in missing(spans.get(part.name, whole), own)]
        by_parts += [left for own in union(own for _, own in in_use) for left in missing(unseen, own)]
    return union([*whole, *by_parts])


def why_no_whole(table: str, hole: Interval, extracts: Extracts) -> str:
    """Why the parts of a table make no whole in a time that is not covered; empty where no extract is of a part."""
    named = sorted({one.part for one in extracts.of(table) if one.part is not None})
    if not named:
        return ""
    lister = extracts.listers.get(table)
    if lister is None:
        return f"it was read of {_some(named)}, and no table lists its parts"
    unlisted = missing(whole_time(lister, extracts), hole)
    if unlisted:
        return f"it was read of {_some(named)}, and no extract of {lister} says whether that is all of them"
    parts = [part for part in extracts.listed.get(lister, ()) if _within(part, hole) is not None]
    if not parts:
        return f"it was read of {_some(named)}, and {lister} lists none in scope and in use then"
    whole, spans = whole_time(table, extracts), _part_times(table, extracts)
    unseen = [
        part.name
        for part in parts
        if (own := _within(part, hole)) is not None and missing(spans.get(part.name, whole), own)
    ]
    return f"missing: {_some(unseen)}"


def _comes_in_parts(table: str, extracts: Extracts) -> bool:
    return table in extracts.listers and any(one.part is not None for one in extracts.of(table))


def _part_times(table: str, extracts: Extracts) -> dict[str, list[Interval]]:
    """(1) The time that is covered of each part that an extract names."""
    whole = whole_time(table, extracts)
    spans: dict[str, list[Interval]] = {}
    for one in extracts.of(table):
        if one.part is not None and not one.why_not:
            spans.setdefault(one.part, []).append((one.start, one.end))
    return {part: union([*whole, *own]) for part, own in spans.items()}


def _within(part: Part, known: Interval) -> Interval | None:
    """The time of its use that lies in another; None where there is none."""
    found = common([(part.start, part.end)], [known])
    return found[0] if found else None


def _some(names: Sequence[str]) -> str:
    """At most three names."""
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")
