"""How the engine reads facts: as rows of a query, whatever database they lie in."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

from asbuilt.facts.schemas import Table


class Facts(Protocol):
    """Filled fact tables that answer SQL in DuckDB's dialect."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables that are there, by name."""

    @property
    def engine(self) -> str:
        """The database and its version, as the report names it."""

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, in its order; a TIMESTAMP is a datetime without zone, UTC."""


@runtime_checkable
class ColumnarFacts(Protocol):
    """Facts that hand over a whole answer by columns, which is quicker for a million rows."""

    def columns(self, sql: str) -> Sequence[Sequence[Any]]:
        """The columns of a query's answer, each as long as the answer."""


def columns_of(facts: Facts, sql: str, width: int) -> Sequence[Sequence[Any]]:
    """The answer by its ``width`` columns, by the quick way where there is one."""
    if isinstance(facts, ColumnarFacts):
        return facts.columns(sql)
    return list(zip(*facts.rows(sql), strict=True)) or [()] * width


def seconds_of(value: datetime | None) -> int | None:
    """A TIMESTAMP as Unix seconds, rounded down; NULL stays None."""
    if value is None:
        return None
    whole = value.replace(microsecond=0)
    return int((whole if whole.tzinfo else whole.replace(tzinfo=UTC)).timestamp())
