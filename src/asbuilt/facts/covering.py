"""Which time extracts cover: of a whole population, and of the parts that extracts of it name.

1. An extract counts that no limit cut off and that brought as many rows as its source reports; it vouches for no
   moment after it was taken. Spans that touch are one.
2. A part is covered where an extract of it counts, or one of the whole population.
3. A population is covered where an extract of the whole counts; or where the table that lists its parts is itself
   covered whole, lists at least one part in scope and in use, and every such part is covered.

The engine reads the same rules on its own (``engine/coverage.py``) for what a report says of a population.
"""

from collections.abc import Mapping
from typing import Final

from asbuilt.facts.database import FactStore
from asbuilt.facts.schemas import Table

# told has population, part, covers_from, covers_until; what comes out overlaps and touches nowhere.
_JOINED: Final = """
starts AS (
  SELECT *, coalesce(covers_from > max(covers_until) OVER (
    PARTITION BY population, part ORDER BY covers_from, covers_until
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ), true) AS starts FROM told
), numbered AS (
  SELECT *, count(*) FILTER (starts) OVER (PARTITION BY population, part ORDER BY covers_from, covers_until) AS run
  FROM starts
), joined AS (
  SELECT population, part, min(covers_from) AS covers_from, max(covers_until) AS covers_until
  FROM numbered GROUP BY population, part, run
)
"""
# (1), (2) The whole as the part NULL; each part that is named, with what is read of the whole.
_PARTS: Final = f"""
INSERT INTO kept.part_coverage
WITH said AS (
  SELECT population, part, covers_from, least(covers_until, coalesce(ended_at, covers_until)) AS covers_until
  FROM extracts WHERE NOT truncated AND coalesce(reported_total = row_count, true)
    AND covers_from < least(covers_until, coalesce(ended_at, covers_until))
), told AS (
  SELECT population, part, covers_from, covers_until FROM said
  UNION ALL
  SELECT population, named.part, said.covers_from, said.covers_until
  FROM said
  INNER JOIN (SELECT DISTINCT population, part FROM said WHERE part IS NOT NULL) AS named USING (population)
  WHERE said.part IS NULL
), {_JOINED}
SELECT population, part, covers_from, covers_until FROM joined
"""  # noqa: S608 - SQL of our own
# (3) Counted at every moment at which something begins or ends: how many parts there are, how many of them are
# covered, and whether the table that lists them is.
_WHOLE: Final = f"""
INSERT INTO kept.coverage
WITH used AS (
  SELECT * FROM listed
  WHERE starts < ends AND population IN (SELECT population FROM kept.part_coverage WHERE part IS NOT NULL)
), events AS (
  SELECT population, unnest([starts, ends]) AS moment, unnest([1, -1]) AS due, 0 AS had, 0 AS known FROM used
  UNION ALL
  SELECT
    population,
    unnest([greatest(used.starts, span.covers_from), least(used.ends, span.covers_until)]), 0, unnest([1, -1]), 0
  FROM used INNER JOIN kept.part_coverage AS span USING (population, part)
  WHERE greatest(used.starts, span.covers_from) < least(used.ends, span.covers_until)
  UNION ALL
  SELECT named.population, unnest([span.covers_from, span.covers_until]), 0, 0, unnest([1, -1])
  FROM (SELECT DISTINCT population, lister FROM used) AS named
  INNER JOIN kept.part_coverage AS span ON span.population = named.lister AND span.part IS NULL
), moments AS (
  SELECT population, moment, sum(due) AS due, sum(had) AS had, sum(known) AS known
  FROM events GROUP BY population, moment
), counted AS (
  SELECT
    population, moment AS covers_from, lead(moment) OVER by_time AS covers_until,
    sum(due) OVER by_time AS due, sum(had) OVER by_time AS had, sum(known) OVER by_time AS known
  FROM moments WINDOW by_time AS (PARTITION BY population ORDER BY moment)
), told AS (
  SELECT population, part, covers_from, covers_until FROM kept.part_coverage WHERE part IS NULL
  UNION ALL
  SELECT population, NULL, covers_from, covers_until FROM counted WHERE due > 0 AND had = due AND known > 0
), {_JOINED}
SELECT population, covers_from, covers_until FROM joined
"""  # noqa: S608 - SQL of our own
_NOTHING: Final = """
SELECT NULL::VARCHAR AS population, NULL::VARCHAR AS lister, NULL::VARCHAR AS part,
  NULL::TIMESTAMP AS starts, NULL::TIMESTAMP AS ends
WHERE false
"""


def fill_coverage(store: FactStore) -> None:
    """Make ``kept.part_coverage`` and ``kept.coverage`` anew, which the macros of coverage read."""
    run = store.connection.execute
    run("DELETE FROM kept.part_coverage")
    run("DELETE FROM kept.coverage")
    if "extracts" in store.tables:
        run(_PARTS)
        run(_WHOLE.replace("WITH used", f"WITH listed AS ({_listed(store)}), used", 1))


def part_tables(tables: Mapping[str, Table], population: str | None = None) -> frozenset[str]:
    """The tables that list the parts of that population; of None, those of any."""
    asked = [table.parts for name, table in tables.items() if population in (None, name)]
    return frozenset(parts for parts in asked if parts is not None and parts in tables)


def _listed(store: FactStore) -> str:
    """The parts in scope of every table whose parts something lists, and when each was in use."""
    told = [_NOTHING]
    for table in store.tables.values():
        if table.parts is not None and table.parts in store.tables:
            key = store.tables[table.parts].key
            told.append(
                f"SELECT '{table.name}', '{table.parts}', {key}, coalesce(in_use_from, '-infinity'),"  # noqa: S608 - names of our own schema
                f" coalesce(in_use_until, 'infinity') FROM {table.parts} WHERE in_scope"
            )
    return " UNION ALL ".join(told)
