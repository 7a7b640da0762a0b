"""What the facts of a ledger hold about changes: the rows that decision chains are held against.

1. Open the ledger, and bring its facts up to it.
2. Say which changes are meant: those of ``changes_seen``, or those that a repository shows.
3. Ask each table once for all of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from asbuilt.app.fact_cache import facts_file
from asbuilt.facts.forge_chain import Row, Told
from asbuilt.facts.store import FactStore, open_facts, update_facts
from asbuilt.ledger.ledger import open_ledger
from asbuilt.model.commit import Person, moment
from asbuilt.model.progress import Listener, silent

_AT_ONCE: Final = 2_000  # changes whose rows are held at a time
# What of a recorded change the list shows, or its links as git states them rest on.
_SEEN: Final = (
    "change_id", "repository", "landed_at", "landing", "subject", "author", "attribution", "number", "head_commit",
    "came_by_pull_request", "stated_approvals", "stated_rejections", "stated_approvers", "landed_by",
    "suggestion_grade", "request_mentions", "attribution_conflict", "record",
)  # fmt: skip
# Tables of which a link asks whether their extracts cover the landing.
_COVERED: Final = ("requests", "reviews", "checks", "pushes", "deployments", "attestations", "request_events")
_WANTED: Final = """
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT unnest(?::VARCHAR[]) AS change_id, unnest(?::VARCHAR[]) AS repository, unnest(?::BIGINT[]) AS number,
  unnest(?::VARCHAR[]) AS head, unnest(?::TIMESTAMP[]) AS landed_at,
  from_json(unnest(?::VARCHAR[]), '["VARCHAR"]') AS reverted_by
"""
_NUMBERED: Final = """
CREATE OR REPLACE TEMP TABLE numbered AS
SELECT change_id, repository, number FROM wanted WHERE number IS NOT NULL
UNION
SELECT wanted.change_id, wanted.repository, requests.number
FROM wanted JOIN requests ON requests.repository = wanted.repository AND requests.merge_commit = wanted.change_id
UNION
SELECT wanted.change_id, wanted.repository, requests.number
FROM wanted JOIN requests ON requests.repository = wanted.repository AND requests.head_commit = wanted.head
WHERE wanted.number IS NULL
"""
# Each with the commits that hold its content: equal joins alone stay quick over many checks.
_CONTENTS: Final = """
CREATE OR REPLACE TEMP TABLE contents AS
SELECT change_id, repository, change_id AS commit FROM wanted
UNION
SELECT change_id, repository, head FROM wanted WHERE head IS NOT NULL
"""
_OWN: Final = "SELECT own.change_id AS of_change, told.* FROM"
# How rows of a table come to belong to the changes that are meant.
_BY_NUMBER: Final = "AS told JOIN numbered AS own ON own.repository = told.repository AND own.number = told.number"
_BY_COMMIT: Final = "AS told JOIN contents AS own ON own.repository = told.repository AND own.commit = told.commit"
_BY_PUSH: Final = (
    "AS told JOIN wanted AS own ON own.repository = told.repository AND told.after_commit = own.change_id"
)
# The rows of each table that belong to the changes that are meant, with the id of the change first.
_ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "requests": (_OWN, "requests", _BY_NUMBER),
    "commits": (_OWN, "request_commits", _BY_NUMBER),
    "events": (
        *(_OWN, "request_events", _BY_NUMBER),
        "WHERE told.kind IN ('merged', 'queued', 'auto-merge-on', 'auto-merge-off',",
        "'agent-started', 'agent-finished')",
        "ORDER BY told.happened_at, told.event_id",
    ),
    "reviews": (
        *(_OWN, "reviews", _BY_NUMBER, "UNION ALL"),
        *(_OWN, "reviews", _BY_COMMIT, "WHERE told.number IS NULL"),
    ),
    "checks": (_OWN, "checks", _BY_COMMIT),
    "pushes": (_OWN, "pushes", _BY_PUSH, "ORDER BY told.pushed_at"),
    "suites": (_OWN, "rule_suites", _BY_PUSH),
    "deployments": (
        *(_OWN, "deployments AS told JOIN wanted AS own"),
        "ON own.repository = told.repository AND told.commit = own.change_id",
    ),
    "live": (
        *(_OWN, "deployed_changes AS live JOIN wanted AS own"),
        "ON own.change_id = live.change_id AND own.repository = live.repository",
        "JOIN deployments AS told",
        "ON told.repository = live.repository AND told.deployment_id = live.deployment_id",
    ),
    "attestations": (
        *(_OWN, "attestations AS told JOIN wanted AS own ON own.repository = told.repository"),
        "AND told.commit = own.change_id UNION ALL",
        *(_OWN, "attestations AS told JOIN wanted AS own ON own.repository = told.repository"),
        "AND told.subject = 'gitCommit:' || own.change_id WHERE told.commit IS DISTINCT FROM own.change_id",
    ),
    "reverts": (
        *(_OWN, "requests AS told JOIN"),
        "(SELECT change_id, repository, unnest(reverted_by) AS reverter FROM wanted) AS own",
        "ON own.repository = told.repository AND own.reverter = told.merge_commit",
    ),
    "changes": (
        *(_OWN, "changes AS told JOIN wanted AS own"),
        "ON own.change_id = told.change_id AND own.repository IS NOT DISTINCT FROM told.repository",
    ),
}


class Meant(NamedTuple):
    """A change that is meant; ``head`` is the head that was merged, as far as git knows; ``landed_at`` is UTC.

    ``reverted_by`` is a JSON array of the changes that say they revert it.
    """

    change_id: str
    repository: str
    number: int | None
    head: str | None
    landed_at: datetime
    reverted_by: str = "[]"


class LedgerFacts:
    """The facts of one ledger, asked for what stands around changes."""

    def __init__(self, store: FactStore) -> None:
        self.store = store
        self._spans: dict[tuple[str, str | None], list[tuple[datetime, datetime]]] = {}
        for table, part, since, until in store.connection.execute(
            "SELECT population, part, covers_from, covers_until FROM kept.part_coverage"
        ).fetchall():
            self._spans.setdefault((table, part), []).append((since, until))
        self._accounts: dict[str, Callable[[Person], frozenset[str]]] = {}

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        cursor = self.store.connection.execute(sql, list(values))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def repositories(self) -> list[str]:
        """The repositories whose changes were recorded, by name."""
        found = self.rows("SELECT DISTINCT repository FROM changes_seen ORDER BY repository")
        return [row["repository"] for row in found]

    def repository_of(self, change_ids: Sequence[str], named: str | None) -> str | None:
        """Under which name the ledger knows the repository with these changes.

        The name that git's remotes tell, where the ledger has anything of it; else the one whose recorded changes
        are among these.
        """
        if named is not None:
            sql = " UNION ALL ".join(
                f"SELECT repository FROM {table} WHERE lower(repository) = lower(?)"  # noqa: S608 - names of our own schema
                for table in ("changes_seen", "requests")
            )
            if found := self.rows(f"SELECT min(repository) AS name FROM ({sql})", named, named):  # noqa: S608 - as above
                own: str | None = found[0]["name"]
                if own is not None:
                    return own
        found = self.rows(
            "SELECT repository, count(*) AS held FROM changes_seen WHERE change_id IN (SELECT unnest(?::VARCHAR[]))"
            " GROUP BY repository ORDER BY held DESC, repository LIMIT 1",
            list(change_ids),
        )
        return found[0]["repository"] if found else None

    def forge_of(self, repository: str) -> str | None:
        """The kind of the forge that told of this repository's requests; None where none did."""
        found = self.rows(
            "SELECT min(split_part(recorded_from, ':', 1)) AS kind FROM requests WHERE repository = ?", repository
        )
        kind: str | None = found[0]["kind"]
        return kind if kind in {None, "github", "gitlab"} else "github"  # an export is one of GitHub's

    def changes_seen(self, start: int | None, end: int | None, repository: str | None) -> Iterator[list[Row]]:
        """The recorded changes of a window, oldest first, some thousand rows at a time."""
        since, until = None if start is None else utc(start), None if end is None else utc(end)
        # A cursor of its own: other queries are asked between.
        cursor = self.store.connection.cursor().execute(
            f"SELECT {', '.join(_SEEN)} FROM changes_seen"  # noqa: S608 - columns of our own schema
            " WHERE (landed_at >= ? OR ? IS NULL) AND (landed_at < ? OR ? IS NULL)"
            " AND (repository = ? OR ? IS NULL)"
            " ORDER BY landed_at, repository, change_id",
            [since, since, until, until, repository, repository],
        )
        while rows := cursor.fetchmany(_AT_ONCE):
            yield [dict(zip(_SEEN, row, strict=True)) for row in rows]

    def told_of(self, meant: Iterable[Meant]) -> Iterator[Told]:
        """What the facts hold about each of these changes, in their order."""
        wanted = list(meant)
        run = self.store.connection.execute
        run(
            _WANTED, [list(column) for column in zip(*wanted, strict=True)] if wanted else [[]] * len(Meant._fields)
        )
        run(_NUMBERED)
        run(_CONTENTS)
        found = {name: self._grouped(" ".join(parts)) for name, parts in _ROWS.items()}
        for one in wanted:
            yield self._told(one, {name: rows.get(one.change_id, ()) for name, rows in found.items()})

    def _grouped(self, sql: str) -> dict[str, list[Row]]:
        grouped: dict[str, list[Row]] = {}
        for row in self.rows(sql):
            grouped.setdefault(row.pop("of_change"), []).append(row)
        return grouped

    def _told(self, one: Meant, found: Mapping[str, Sequence[Row]]) -> Told:
        requests = found["requests"]
        claimed = [row for row in requests if row["merge_commit"] == one.change_id]
        claimed.sort(key=lambda row: (row["number"] != one.number, row["number"]))
        change: Row = next(iter(found["changes"]), {})
        # Where git names no number: that of the request whose head it is, merged ones first.
        by_head = sorted(requests, key=lambda row: (row["merged_at"] is None, row["number"]))
        is_open = one.number is None and not claimed and bool(by_head)
        number = by_head[0]["number"] if is_open else one.number
        named = next((row for row in requests if row["number"] == number), None)
        landed = claimed[0]["number"] if claimed else number
        until = {table: end for table in _COVERED if (end := self._covered(table, one)) is not None}
        return Told(
            change_id=one.change_id,
            repository=one.repository,
            number=number,
            head=one.head,
            change=change,
            request=named,
            claimed=claimed[0] if claimed else None,
            commits=[row for row in found["commits"] if row["number"] == landed],
            events=[row for row in found["events"] if row["number"] == landed],
            reviews=[row for row in found["reviews"] if row["number"] in {landed, None}],
            checks=found["checks"],
            pushes=found["pushes"],
            suites=found["suites"],
            deployments=found["deployments"],
            first_live=next(iter(found["live"]), None),
            attestations=found["attestations"],
            reverted_by=found["reverts"],
            covered=frozenset(until),
            until=until,
            accounts=self.accounts(one.repository),
        )

    def _covered(self, table: str, one: Meant) -> datetime | None:
        """Until when the table is covered from the landing on; of this repository, else of all. None: it is not."""
        spans = self._spans.get((table, one.repository)) or self._spans.get((table, None), [])
        return max((until for since, until in spans if since <= one.landed_at < until), default=None)

    def accounts(self, repository: str) -> Callable[[Person], frozenset[str]]:
        """Which forge accounts are known for a git address, by the forge's own joins and by the people list."""
        known = self._accounts.get(repository)
        if known is None:
            known = self._accounts[repository] = _known_accounts(self, repository)
        return known


def _known_accounts(facts: LedgerFacts, repository: str) -> Callable[[Person], frozenset[str]]:
    by_address: dict[str, set[str]] = {}
    sql = " UNION ".join(
        f"SELECT account_of({who}) AS address, lower({who}_login) AS login FROM request_commits"  # noqa: S608 - names of our own schema
        f" WHERE repository = ? AND {who} IS NOT NULL AND {who}_login IS NOT NULL"
        for who in ("author", "committer")
    )
    for row in facts.rows(sql, repository, repository):
        by_address.setdefault(row["address"], set()).add(row["login"])
    together: dict[str, set[str]] = {}
    persons: dict[str, set[str]] = {}
    for row in facts.rows("SELECT account, person FROM kept.identities"):
        together.setdefault(row["person"], set()).add(row["account"])
        persons.setdefault(row["account"], set()).add(row["person"])

    def accounts_of(person: Person) -> frozenset[str]:
        address = person.email.casefold()
        local = address.removesuffix("@users.noreply.github.com")
        if local != address:
            address = local.rpartition("+")[2]
        logins = set(by_address.get(address, ()))
        if local != person.email.casefold():
            logins.add(address)
        for own in {address, *logins}:
            for name in persons.get(own, ()):
                logins |= together[name] - {address}
        return frozenset(logins)

    return accounts_of


@contextmanager
def open_ledger_facts(folder: Path, on: Listener = silent) -> Iterator[LedgerFacts]:
    """The facts of the ledger in a folder, brought up to it.

    Raises:
        UsageError: there is no ledger there.
        LedgerError: it is damaged.
    """
    with (
        open_ledger(folder, read_only=True) as ledger,
        open_facts(facts_file(ledger), origin=ledger.origin, root_at=ledger.root) as store,
    ):
        size = ledger.size
        if store.size != size or not store.is_derived:
            on("Reading the ledger", 0, None)
            update_facts(store, lambda start: ledger.entries(start, size), root_at=ledger.root, on=on)
        yield LedgerFacts(store)


def utc(seconds: int) -> datetime:
    """Unix seconds as the facts hold moments: UTC, without saying so."""
    return moment(seconds).replace(tzinfo=None)


def seconds_of(told: datetime) -> int:
    """A moment of the facts as Unix seconds."""
    return int(told.replace(tzinfo=UTC).timestamp())
