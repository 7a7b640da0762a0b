"""What a fact table is: its columns, what a missing value means, and how a row comes to be."""

from collections.abc import Sequence
from typing import Literal

import msgspec

Type = Literal["text", "bool", "int", "timestamp", "text[]"]


class Column(msgspec.Struct, frozen=True):
    """One column; ``doc`` is what the auditor reads, and says what NULL means where it is allowed."""

    name: str
    type: Type
    nullable: bool
    doc: str


class Table(msgspec.Struct, frozen=True):
    """One fact table; ``key`` names the column that identifies a row.

    A *recorded* table takes what ``asbuilt record`` and the sources tell, one row for the newest record of each
    ``identity``: the columns whose values, joined, are the event's id. ``occurred`` names its column that says when
    the thing happened. A *state* table is a recorded one whose rows say which value held over a time: its columns
    ``held_from`` and ``held_until`` bound what the source proves; both the moment of looking, for a snapshot.

    A *derived* table (not recorded) is filled by ``facts/derived/NAME.sql`` from others. ``covered_by`` names the
    recorded tables whose extracts must cover a window before the population counts as complete in it; of a
    recorded table that is the table itself.

    ``part`` names the column of a recorded table that says to which part of the company a row belongs, since a
    source shows one part alone: one repository, one system. ``parts`` is the recorded table that lists them all,
    by its key, with ``in_scope``, ``in_use_from`` and ``in_use_until``.
    """

    name: str
    key: str
    columns: tuple[Column, ...]
    doc: str
    recorded: bool = False
    identity: tuple[str, ...] = ()
    occurred: str | None = None
    state: bool = False
    covered_by: tuple[str, ...] = ()
    part: str | None = None
    parts: str | None = None

    @property
    def told(self) -> tuple[Column, ...]:
        """The columns that a record of this table may tell: all but those that say where the row comes from."""
        own = {column.name for column in PROVENANCE}
        return tuple(column for column in self.columns if column.name not in own)


def column(name: str, kind: Type, doc: str) -> Column:
    """A column that every row has."""
    return Column(name, kind, nullable=False, doc=doc)


def maybe(name: str, kind: Type, doc: str) -> Column:
    """A column whose NULL means that it could not be seen; ``doc`` says so."""
    return Column(name, kind, nullable=True, doc=doc)


# Where a row comes from: the last columns of every recorded table.
PROVENANCE = (
    column("record_id", "text", "The event's id: the identifying values, joined by ' | '."),
    column("recorded_from", "text", "The source that told it."),
    maybe("occurred_at", "timestamp", "When it happened, as the source says. NULL: the source does not say."),
    column("observed_at", "timestamp", "When the source was read: later than what happened, never its date."),
    column("recorded_at", "timestamp", "When the record entered the ledger."),
    column("record", "text", "The record it cites: the Merkle leaf hash of its ledger entry, in hex."),
)
# The time over which a state row's values are proved.
HELD = (
    maybe(
        "held_from",
        "timestamp",
        "From when the source proves these values: a snapshot's own moment, or the moment that a configuration "
        "history or an audit log names. NULL: the moment of looking.",
    ),
    maybe(
        "held_until",
        "timestamp",
        "Until when it proves them, that moment left out. NULL: the moment of looking.",
    ),
)


def recorded(
    name: str,
    doc: str,
    columns: Sequence[Column],
    *,
    identity: Sequence[str],
    occurred: str | None = None,
    key: str | None = None,
    part: str | None = None,
    parts: str | None = None,
) -> Table:
    """A table of what happened or is on a register: one row for the newest record of each identity."""
    own = tuple(identity)
    return Table(
        name=name,
        key=key or (own[0] if len(own) == 1 else "record_id"),
        columns=(*columns, *PROVENANCE),
        doc=doc,
        recorded=True,
        identity=own,
        occurred=occurred,
        covered_by=(name,),
        part=part,
        parts=parts,
    )


def state(
    name: str,
    doc: str,
    columns: Sequence[Column],
    *,
    identity: Sequence[str],
    part: str | None = None,
    parts: str | None = None,
) -> Table:
    """A table of settings: each row says what held for one subject over a time; ``identity`` names the subject.

    The event's id is the subject and ``held_from``, so that each look at the setting is a row of its own.
    """
    return Table(
        name=name,
        key="record_id",
        columns=(*columns, *HELD, *PROVENANCE),
        doc=doc,
        recorded=True,
        identity=(*identity, "held_from"),
        occurred="held_from",
        state=True,
        covered_by=(name,),
        part=part,
        parts=parts,
    )


def derived(name: str, doc: str, columns: Sequence[Column], *, key: str, covered_by: Sequence[str]) -> Table:
    """A table that ``facts/derived/NAME.sql`` fills; its last column cites the record that its row is about."""
    cites = maybe("record", "text", "The record it cites (Merkle leaf hash, hex). NULL: it comes from no ledger.")
    return Table(name=name, key=key, columns=(*columns, cites), doc=doc, covered_by=tuple(covered_by))
