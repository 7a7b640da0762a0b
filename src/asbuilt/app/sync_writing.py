"""What a group of a source's steps becomes in the ledger; see ``app.sync`` for the numbered steps."""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from asbuilt.app.sync_keeping import INLINE, Keeping
from asbuilt.app.sync_projecting import Projecting, Subject
from asbuilt.app.sync_restated import restated_rows
from asbuilt.app.sync_rows import Encoded, encode_row
from asbuilt.app.sync_state import Kept, Tally, write_state
from asbuilt.facts.recording.rows import JOINT
from asbuilt.facts.recording.values import moment_text
from asbuilt.facts.schemas import TABLES
from asbuilt.ledger.appending import prepare
from asbuilt.ledger.ledger import Ledger
from asbuilt.ledger.merkle import leaf_hash
from asbuilt.model.errors import LedgerError
from asbuilt.model.inspection import Gap
from asbuilt.model.record import FACT, JSON, Record, decode_entry
from asbuilt.model.text import visible
from asbuilt.sources.steps import Listed, Mark, Page, Step

COLLECTOR = "asbuilt sync"
ATTACHED = "application/vnd.asbuilt.attachment+json"


class Written(NamedTuple):
    """What came of a group: rows by table (new, known), pages that are new, and gaps."""

    rows: dict[str, tuple[int, int]]
    new_pages: int
    gaps: list[Gap]


class _Attached(msgspec.Struct):
    sha256: str
    size: int


class _Kept(NamedTuple):
    """A page in the ledger: the leaf it stands under, its bytes and their digest."""

    leaf: str
    body: bytes
    digest: str
    status: int


class Writing:
    """Writes the steps of one source into a ledger."""

    def __init__(
        self,
        ledger: Ledger,
        subject: Subject,
        kept: Kept,
        clock: Callable[[], float],
        *,
        projecting: Projecting | None = None,
        keeping: Keeping | None = None,
    ) -> None:
        self._ledger, self._source, self._forge = ledger, kept.source, subject.forge
        self._projecting = projecting or Projecting(subject)
        self._keeping = keeping or Keeping(ledger.put_attachment)
        self._kept, self._clock = kept, clock
        self._tallies = kept.tallies

    def write(self, group: Sequence[Step]) -> Written:
        """Put a group of steps into the ledger, durably, and write down how far the source was read.

        Raises:
            SourceError, LedgerError: see ``ledger.ledger``.
        """
        now = int(self._clock())
        # (2)
        pages = [step for step in group if isinstance(step, Page)]
        kept, new_pages = self._keep(pages, now)
        # (3), (4)
        records: list[Record] = []
        gaps: list[Gap] = []
        mark: Kept | None = None
        for step in group:
            if isinstance(step, Page):
                gaps += self._project(step, kept[id(step)], records, now)
            elif isinstance(step, Listed):
                records += self._extracts(step, now)
            elif isinstance(step, Gap):
                gaps.append(step)
            elif isinstance(step, Mark):
                mark = self._mark(step)
        records += [self._gap(gap, now) for gap in gaps]
        # (5)
        placed = self._ledger.append(records)
        again = restated_rows(self._ledger, records, placed)
        if again:
            self._ledger.append(again)
        # (6)
        if mark is not None:
            write_state(self._ledger.folder, mark)
        rows: dict[str, tuple[int, int]] = {}
        for record, place in zip(records, placed, strict=True):
            table = record.kind.removeprefix(FACT)
            new, known = rows.get(table, (0, 0))
            rows[table] = (new + place.is_new, known + (not place.is_new))
        return Written(rows, new_pages, gaps)

    def _mark(self, mark: Mark) -> Kept:
        """(6) What will be written down. ``listings`` in a state names those that will be gone on with."""
        going_on = mark.state.get("listings")
        if isinstance(going_on, list):
            for name in self._tallies.keys() - set(going_on):
                del self._tallies[name]
        tallies = msgspec.convert(msgspec.to_builtins(self._tallies), dict[str, Tally])
        return Kept(source=self._source, state=dict(mark.state), tallies=tallies)

    def _keep(self, pages: list[Page], now: int) -> tuple[dict[int, _Kept], int]:
        """(2) The pages as raw records, in the order in which they came; large ones are on the disk before."""
        sent = [page for page in pages if page.status != 304]
        digests = dict(zip(map(id, sent), self._keeping.settle(sent), strict=True))
        told = prepare([self._raw(page, digests[id(page)], now) for page in sent])
        placed = self._ledger.append_prepared(told)
        leaves = iter(
            (entry if place.is_new else self._ledger.entry(place.index), place.is_new)
            for entry, place in zip(told.entries, placed, strict=True)
        )
        kept: dict[int, _Kept] = {}
        new = 0
        for page in pages:
            if page.status == 304:
                kept[id(page)] = self._earlier(page)
                continue
            entry, is_new = next(leaves)
            new += is_new
            kept[id(page)] = _Kept(leaf_hash(entry).hex(), page.body, digests[id(page)], page.status)
        return kept, new

    def _raw(self, page: Page, digest: str, now: int) -> Record:
        payload, media = page.body, JSON
        if len(payload) > INLINE:
            payload, media = msgspec.json.encode(_Attached(digest, len(payload))), ATTACHED
        return Record(
            source=self._source,
            event=_event(page),
            kind=f"raw/{self._forge}/{page.name.removeprefix(f'{self._forge}/')}",
            payload=payload,
            observed=page.observed,
            recorded=now,
            by=COLLECTOR,
            how=f"{page.request} {page.status}",
            media=media,
        )

    def _earlier(self, page: Page) -> _Kept:
        """The page as it came the last time: the forge says that it has not changed."""
        for index in reversed(self._ledger.find(self._source, _event(page))):
            entry = self._ledger.entry(index)
            record = decode_entry(entry)
            body = record.payload
            if record.media == ATTACHED:
                body = self._ledger.attachment(msgspec.json.decode(body, type=_Attached).sha256)
            digest = hashlib.sha256(body).hexdigest()
            # A page that went back to what it once was stands before the one in between.
            if page.digest in {None, digest}:
                return _Kept(leaf_hash(entry).hex(), body, digest, 200)
        raise LedgerError(
            f"The forge says that {visible(_event(page), 200)} has not changed, and the ledger does not hold it.",
            why="What is remembered of the last reading belongs to another ledger.",
            fix=f"Delete the folder {self._ledger.folder / 'sync'}: everything is read again then.",
        )

    def _project(self, page: Page, kept: _Kept, records: list[Record], now: int) -> list[Gap]:
        """(3) The rows of a page; what could be no row is a gap."""
        found = self._projecting.rows(page, kept.body)
        tally = None
        if page.listing is not None:
            tally = self._tallies.setdefault(page.listing, Tally())
            tally.add_page(kept.digest)
        how = f"page {kept.leaf}"
        for row in found.rows:
            records.append(self._fact(row.table, row.encoded, page.observed, now, how))
            if tally is not None:
                tally.rows[row.table] = tally.rows.get(row.table, 0) + 1
                if row.part is not None and row.part not in (parts := tally.parts.setdefault(row.table, [])):
                    parts.append(row.part)
        refused = found.refused
        if not refused:
            return []
        if tally is not None:
            tally.refused += len(refused)
        return [
            Gap(
                "GAP-PAGE",
                f"Something of {visible(_event(page), 120)} became no row.",
                visible(refused[0], 500),
                "The page was kept as it came; a later version may read it.",
                _event(page),
                len(refused),
            )
        ]

    def _fact(self, table: str, row: Encoded, observed: int, now: int, how: str) -> Record:
        return Record(
            source=self._source,
            event=row.event,
            kind=f"{FACT}{table}",
            payload=row.payload,
            observed=observed,
            recorded=now,
            by=COLLECTOR,
            how=how,
            occurred=row.occurred,
        )

    def _extracts(self, listed: Listed, now: int) -> list[Record]:
        """(4) A row of ``extracts`` for each table of a listing."""
        tally = self._tallies.pop(listed.listing, Tally())
        records = []
        for table in listed.tables:
            part, covers = self._part(table, listed, tally), listed.covers
            if table in listed.holed or (TABLES[table].part is None and listed.part is not None):
                covers = None  # or it is of one part, of a table that is not read in parts
            own = hashlib.sha256(f"{self._source}\n{listed.listing}\n{tally.digest}".encode()).hexdigest()[:16]
            values: dict[str, object] = {
                "extract": f"{table} {moment_text(listed.ended)} {own}",
                "population": table,
                "source": self._source,
                "part": part,
                "covers_from": moment_text(covers[0]) if covers else None,
                "covers_until": moment_text(covers[1]) if covers else None,
                "query": listed.query,
                "parameters": listed.parameters,
                "taken_by": COLLECTOR,
                "scopes": list(listed.scopes) or None,
                "started_at": moment_text(listed.started),
                "ended_at": moment_text(listed.ended),
                "pages": tally.pages,
                "truncated": not listed.complete or tally.refused > 0 or table in listed.holed,
                "row_count": tally.rows.get(table, 0),
                # What the source counts is what it lists: the first of the tables.
                "reported_total": listed.reported_total if table == listed.tables[0] else None,
                "sha256": tally.digest,
            }
            encoded = encode_row("extracts", values, listed.ended)
            if isinstance(encoded, str):
                raise LedgerError(f"An extract of {table} cannot be written: {encoded}")
            records.append(self._fact("extracts", encoded, listed.ended, now, f"listing {listed.listing}"))
        return records

    def _part(self, table: str, listed: Listed, tally: Tally) -> str | None:
        """The part of the population that the rows are of, in the words of the table's own column."""
        column = TABLES[table].part
        if column is None:
            return None
        if column == "repository":
            return listed.part
        found = tally.parts.get(table, [])
        return found[0] if len(found) == 1 else self._source

    def _gap(self, gap: Gap, now: int) -> Record:
        own = f"{self._source}: {gap.code}" + (f" {gap.path}" if gap.path else "")
        told: dict[str, object] = {
            "gap": visible(own, 480),
            "code": gap.code,
            "what": visible(gap.what),
            "why": visible(gap.why) or None,
            "remedy": visible(gap.remedy) or None,
            "place": None if gap.path is None else visible(gap.path, 480),
            "item_count": gap.count,
            "seen_at": moment_text(now),
        }
        encoded = encode_row("gaps", told, now)
        if isinstance(encoded, str):
            raise LedgerError(f"A gap cannot be written: {encoded}")
        return self._fact("gaps", encoded, now, now, "gap")


def _event(page: Page) -> str:
    return JOINT.join(part for part in (page.name, page.key) if part)
