"""How complete a population is known to be: from its extracts, as an auditor would count them.

1. An extract counts if it says from when until when it holds every occurrence, when it was taken, was cut off by
   no limit, brought as many rows as its source reports, and not more than are here: else some were lost on the
   way. It vouches for no moment after it was taken.
2. A table is covered where any extract of it holds, or one of each of its parts (``engine/parts.py``); a population
   where all the tables behind it are covered.
3. It is complete in a window if that is the whole window.
4. It is corroborated if the second sources of the extracts that count give the same numbers; where extracts are of
   parts, if those that have a second source would do alone.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from asbuilt.engine.access import Facts, seconds_of
from asbuilt.engine.intervals import Interval, common, length, missing
from asbuilt.engine.parts import Extract, Extracts, read_parts, table_time, why_no_whole
from asbuilt.model.result import Coverage

_QUERY = """SELECT extract, population, covers_from, covers_until, ended_at, truncated, row_count, reported_total,
  second_source, second_count, differences, part
FROM extracts
ORDER BY extract"""


def read_extracts(facts: Facts) -> Extracts:
    """The extracts by the recorded table that their rows went to; none where nothing records them."""
    found: dict[str, list[Extract]] = {}
    extracts = list(facts.rows(_QUERY)) if "extracts" in facts.tables else []
    here = _counted(facts, {row[1] for row in extracts})
    for row in extracts:
        name, population, covers_from, covers_until, ended_at, truncated, rows, total, second, count, differs = row[
            :-1
        ]
        start, end, taken = seconds_of(covers_from), seconds_of(covers_until), seconds_of(ended_at)
        # (1) Whether it counts.
        why = ""
        if truncated:
            why = f"extract {name} was cut off by a limit"
        elif total is not None and total != rows:
            why = f"extract {name} brought {rows:,} rows and its source reports {total:,}"
        elif rows > here.get(population, rows):
            why = f"extract {name} brought {rows:,} rows, and {here[population]:,} are here"
        elif start is None or end is None:
            why = f"extract {name} does not say which time it covers"
        elif taken is None:
            why = f"extract {name} does not say when it was taken"
        found.setdefault(population, []).append(
            Extract(
                id=name,
                start=start or 0,
                end=min(end or 0, taken or 0),
                row_count=rows,
                second_source=second,
                second_count=count,
                differences=tuple(differs or ()),
                why_not=why,
                part=row[-1],
            )
        )
    return Extracts(found, *read_parts(facts, found))


def _counted(facts: Facts, names: Iterable[str]) -> dict[str, int]:
    """How many rows each of these tables has; those that are not there are left out."""
    counts = [f"SELECT '{name}', count(*) FROM {name}" for name in sorted(names) if name in facts.tables]  # noqa: S608 - names of our own schema
    return dict(facts.rows(" UNION ALL ".join(counts))) if counts else {}


def covered_time(tables: Iterable[str], extracts: Extracts) -> list[Interval]:
    """The time in which every occurrence in all of the tables is known to be there; none without a table."""
    found: list[Interval] | None = None
    for table in tables:
        own = table_time(table, extracts)
        found = own if found is None else common(found, own)
    return found or []


def coverage_of(tables: Sequence[str], window: Interval, extracts: Extracts) -> Coverage:
    """How complete the population behind these recorded tables is known to be over a window."""
    # (2) Covered where all tables are.
    held = common(covered_time(tables, extracts), [window])
    touching = [one for table in tables for one in _touching(table, window, extracts)]
    counting = [one for one in touching if not one.why_not]
    # (4) Corroborated.
    told = [one for one in counting if one.second_count is not None]
    differences = [
        f"{one.id}: {one.row_count:,} rows, and {one.second_count:,} in {one.second_source or 'the second source'}"
        for one in told
        if one.second_count != one.row_count
    ]
    differences += [f"{one.id}: {said}" for one in counting for said in one.differences]
    return Coverage(
        tables=tuple(tables),
        covered=length(held),
        total=window[1] - window[0],
        extracts=tuple(one.id for one in counting),
        corroborated=_corroborated(tables, held, window, extracts),
        differences=tuple(differences + [f"{one.why_not}" for one in touching if one.why_not]),
        why=_why(tables, held, window, extracts),
    )


def _touching(table: str, window: Interval, extracts: Extracts) -> list[Extract]:
    """The extracts of a table that say something of the window, or nothing at all."""
    return [one for one in extracts.of(table) if one.why_not or (one.start < window[1] and window[0] < one.end)]


def _corroborated(
    tables: Sequence[str], held: Sequence[Interval], window: Interval, extracts: Extracts
) -> bool | None:
    """Whether second sources give the same numbers; None where none was asked, or not of every part."""
    agreed: list[bool] = []
    for table in tables:
        counting = [one for one in _touching(table, window, extracts) if not one.why_not]
        asked = [one for one in counting if one.second_count is not None]
        if asked and any(one.part is not None for one in counting):
            alone = table_time(table, msgspec.structs.replace(extracts, told={**extracts.told, table: asked}))
            if any(missing(alone, own) for own in held):
                return None
        agreed += [one.second_count == one.row_count for one in asked]
    return all(agreed) if agreed else None


def _why(tables: Sequence[str], held: Sequence[Interval], window: Interval, extracts: Extracts) -> str:
    # (3) The whole window.
    if not tables:
        return "Nothing says how complete this population is."
    holes = missing(held, window)
    if not holes:
        return ""
    for table in tables:
        own = missing(covered_time([table], extracts), window)
        if own:
            more = f" and {len(own) - 1} more stretch{'es' if len(own) > 2 else ''}" if len(own) > 1 else ""
            refused = [one.why_not for one in extracts.of(table) if one.why_not]
            reasons = [why_no_whole(table, own[0], extracts), *refused[:1]]
            because = f" ({'; '.join(filter(None, reasons))})" if any(reasons) else ""
            return f"No extract of {table} covers {_shown(own[0])}{more}{because}."
    return f"No extract covers {_shown(holes[0])}."


def _shown(interval: Interval) -> str:
    start, end = (datetime.fromtimestamp(one, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for one in interval)
    return f"{start.removesuffix('T00:00:00Z')} to {end.removesuffix('T00:00:00Z')}"
