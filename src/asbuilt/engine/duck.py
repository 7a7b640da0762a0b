"""Facts in DuckDB."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import duckdb

from asbuilt.facts.schemas import TABLES, Table

_BATCH: Final = 5_000  # rows fetched at once: what dies young costs the collector little


class DuckFacts:
    """Fact tables on a DuckDB connection that the caller has filled and closes."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Table] = TABLES) -> None:
        self._connection = connection
        self.tables = tables
        self.engine = f"DuckDB {duckdb.__version__}"

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, in its order."""
        answer = self._connection.cursor().execute(sql)
        while batch := answer.fetchmany(_BATCH):
            yield from batch

    def columns(self, sql: str) -> Sequence[Sequence[Any]]:
        """The columns of a query's answer, as arrays; the query names each and leaves no NULL."""
        answer: dict[str, Any] = self._connection.cursor().execute(sql).fetchnumpy()
        return list(answer.values())
