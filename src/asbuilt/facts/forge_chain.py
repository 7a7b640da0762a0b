"""The decision chain of a change with what a forge recorded of it beside what git states.

1. Take the chain as git states it: built from a repository (``facts.chains``), or from a row of ``changes_seen``.
2. Hold each link against the rows that the forge, the build and the platform told.
3. A link is Proved when such a row says so; Missing when the source was read and it is not there; Contradicted when
   two sources disagree; else it stays what git makes of it. What git states stays beside the forge's word.

Every row that a link rests on is cited as ``record HASH``: the leaf hash of its entry in the ledger.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from asbuilt.model.chain import Chain, Evidence, Grade, Link, LinkName
from asbuilt.model.commit import Person

Row = Mapping[str, Any]
SHOWN = 5  # pieces of evidence that a link lists
NAMED = 3  # names that a summary lists


class Told(msgspec.Struct, frozen=True):
    """What the facts hold about one change; rows are as the tables of those names declare them, times in UTC.

    ``change`` is its row of the derived ``changes`` (empty: none), ``number`` its request by git or by the forge,
    ``head`` the head that was merged as far as git knows. ``request`` is the request of that number, ``claimed``
    the one that says it landed as this very change. ``covered`` names the recorded tables whose extracts cover the
    landing, ``until`` until when each of them goes on without a hole. ``first_live`` is the first production
    deployment that holds the change. ``accounts`` gives the forge accounts that are known for a git address.
    """

    change_id: str
    repository: str
    number: int | None
    head: str | None
    change: Row
    request: Row | None = None
    claimed: Row | None = None
    commits: Sequence[Row] = ()
    events: Sequence[Row] = ()
    reviews: Sequence[Row] = ()
    checks: Sequence[Row] = ()
    pushes: Sequence[Row] = ()
    suites: Sequence[Row] = ()
    deployments: Sequence[Row] = ()
    first_live: Row | None = None
    attestations: Sequence[Row] = ()
    reverted_by: Sequence[Row] = ()
    covered: frozenset[str] = frozenset()
    until: Mapping[str, datetime] = {}
    accounts: Callable[[Person], frozenset[str]] = lambda _: frozenset()

    @property
    def landed_as(self) -> Row | None:
        """The request that landed as this change by the forge's own word, or whose head is what git merged."""
        if self.claimed is not None:
            return self.claimed if self.number in {None, self.claimed["number"]} else None
        own = self.request
        if own is None:
            return None
        if own.get("merge_commit") == self.change_id:
            return own
        if self.head is not None and own.get("head_commit") == self.head:
            return own
        # It landed, and nobody told as which commit.
        return own if own.get("merged_at") is not None and own.get("merge_commit") is None else None


def cite(row: Row, text: str) -> Evidence:
    """A row of facts as evidence."""
    return Evidence(f"record {row['record']}", text)


def joined(*pieces: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Pieces of evidence in that order, each once."""
    return tuple(dict.fromkeys(one for piece in pieces for one in piece))


def account(login: str | None) -> tuple[Person, ...]:
    """A forge account as a person who answers; nobody where it is gone."""
    return (Person(login, ""),) if login else ()


def listed(names: Sequence[str]) -> str:
    """``ana, ben and 2 more``."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def at(moment: datetime | None) -> str:
    """A moment as a summary shows it: ``2026-01-31 12:00``; UTC."""
    return "an unknown time" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def day(moment: datetime | None) -> str:
    """Its date."""
    return "an unknown day" if moment is None else f"{moment:%Y-%m-%d}"


def with_link(stated: Link, grade: Grade, summary: str, evidence: Sequence[Evidence], **more: Any) -> Link:
    """A link that the forge speaks for, with what git states kept behind it."""
    return Link(
        stated.name,
        grade,
        summary,
        joined(tuple(evidence)[:SHOWN], stated.evidence),
        more.get("people", stated.people),
        more.get("remedy"),
    )


def join_chain(stated: Chain, told: Told, parts: Mapping[LinkName, Callable[[Link, Told], Link]]) -> Chain:
    """The chain with each link held against the facts by the function that ``parts`` has for it."""
    return Chain(
        stated.change,
        tuple(parts[link.name](link, told) if link.name in parts else link for link in stated.links),
    )
