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
# What was covered before, and between which moments that is no longer what is covered now: where a span begins or
# ends on one side only.
_BEFORE: Final = """
CREATE OR REPLACE TEMP TABLE coverage_before AS FROM kept.coverage;
CREATE OR REPLACE TEMP TABLE part_coverage_before AS FROM kept.part_coverage;
"""
_FRESH: Final = """
CREATE OR REPLACE TEMP TABLE fresh_coverage AS
WITH spans AS (
  SELECT FALSE AS is_now, TRUE AS is_part, * FROM part_coverage_before
  UNION ALL BY NAME SELECT FALSE AS is_now, FALSE AS is_part, * FROM coverage_before
  UNION ALL BY NAME SELECT TRUE AS is_now, TRUE AS is_part, * FROM kept.part_coverage
  UNION ALL BY NAME SELECT TRUE AS is_now, FALSE AS is_part, * FROM kept.coverage
), ends AS (
  SELECT is_now, is_part, population, part, unnest([covers_from, covers_until]) AS moment, unnest([1, -1]) AS turn
  FROM spans
), fresh AS (
  SELECT population, part, moment FROM ends GROUP BY is_part, population, part, moment, turn HAVING count(*) = 1
)
SELECT population, part, min(moment) AS since, max(moment) AS until
FROM fresh
GROUP BY population, part
"""


def refill_coverage(store: FactStore, *, is_touched: bool) -> None:
    """Make coverage anew where it was touched, and beside it what it was before.

    Temporary: ``coverage_before`` and ``part_coverage_before``, and ``fresh_coverage``: of each population and part
    (NULL: the whole) whose coverage changed, since when and until when at the utmost a moment may have come to be
    covered, or to be covered no more.
    """
    store.connection.execute(_BEFORE)
    if is_touched:
        fill_coverage(store)
    store.connection.execute(_FRESH)


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
