"""``asbuilt record scan``: reports of scanners and of tests, as records.

1. Each file is read by its content; one that cannot be read is a gap, and the others go on.
2. A report that names another commit than the one it is recorded for is refused, with everything else.
3. Each run becomes rows; a list of GitHub's alerts becomes the rows that ``asbuilt sync`` makes of the same alerts.
4. Findings with a line are traced to who wrote it, where the clone of this folder holds the commit.
5. Each file is kept by its digest, without its secrets, and its rows lead to it.
6. What a tool, or we, could not read becomes a gap.
"""

import hashlib
import os
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from asbuilt.app.evidence_folder import open_plain
from asbuilt.app.evidence_origin import Origin, manifest_of, person_of
from asbuilt.app.ledger_place import ledger_folder
from asbuilt.app.scan_lines import Traced
from asbuilt.app.scan_notes import left_open, notes_of
from asbuilt.app.scan_rows import Scanned, rows_of
from asbuilt.app.scan_state import COLLECTOR, Earlier, earlier_scans, scan_key
from asbuilt.app.shelf import MOST_HELD, Shelf
from asbuilt.app.taking import Recorded, Taking
from asbuilt.facts.forge import Row, project_page
from asbuilt.facts.recording.manifest import Manifest, extract_row
from asbuilt.facts.recording.records import Batch, Kept
from asbuilt.facts.recording.rows import JOINT, Checked, CheckedRow, RawRow, check_rows
from asbuilt.facts.recording.tables import find_table
from asbuilt.facts.recording.values import quoted, read_moment
from asbuilt.history.git import open_repository
from asbuilt.ledger.ledger import is_ledger
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.record import FACT, Record
from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.model.text import visible
from asbuilt.scans.content import Content
from asbuilt.scans.identity import tool_family
from asbuilt.scans.readers import github_alerts
from asbuilt.scans.reading import open_scan
from asbuilt.scans.secrecy import keyed_hash
from asbuilt.scans.spooled import Spooled
from asbuilt.scans.stored import Filed, chunks, digest_of, put_aside

CODE: Final = "GAP-SCAN"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}(?:/[A-Za-z0-9._-]{1,100}){1,8}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TABLES: Final = ("scan_runs", "checks", "findings_seen", "finding_decisions", "secret_alerts", "secret_bypasses")
_FIXED: Final = "findings_seen, fixed"  # until all reports of the command are known
_OF_PARTS: Final = frozenset({"checks", "secret_alerts", "secret_bypasses"})


class Asked(msgspec.Struct, frozen=True):
    """What the command says of the reports: the repository, the commit, the tool of an empty one.

    ``scope``: what of the repository they are about (None: all of it).

    ``ended_well``: a person states that runs came to their end whose reports do not say so.
    ``unmerged``: the commit has not landed.
    """

    repository: str
    commit: str | None = None
    tool: str | None = None
    scope: str | None = None
    ended_well: bool = False
    unmerged: bool = False


class RecordedScan(msgspec.Struct, frozen=True):
    """What came of it, and how many things were not read."""

    recorded: Recorded
    unread: int


class _Told:
    """All that one file tells: its rows by table and event, and what was not read of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kept: Kept | None = None
        self.rows: defaultdict[str, Shelf] = defaultdict(Shelf)
        self.unread: list[str] = []
        self.notes: list[str] = []

    def refuse(self, why: str) -> None:
        """Nothing of it counts."""
        self.rows.clear()
        self.kept, self.unread, self.notes = None, [why], []


def find_commit(told: str | None) -> str | None:
    """A whole commit id as it stands; any other name by the repository of this folder.

    Raises:
        UsageError: no commit has that name.
        SourceError: there is no repository here.
    """
    if told is None or _COMMIT.fullmatch(told):
        return told
    with open_repository(".") as repository:
        return repository.resolve(told)


def record_scan(
    files: Sequence[str], asked: Asked, origin: Origin, taking: Taking, folder: Path | None
) -> RecordedScan:
    """Record reports of scanners.

    Raises:
        UsageError: a name is none, nobody answers for what is stated, or a report is of another commit.
        EvidenceError: a row is no good; SourceError, LedgerError: see ``ledger.ledger``.
    """
    if not _NAME.fullmatch(asked.repository):
        raise UsageError(
            f"{quoted(asked.repository)} is no repository's name.", fix="Write it as --repository OWNER/NAME."
        )
    by = person_of(origin) if asked.ended_well else origin.by or COLLECTOR
    place = ledger_folder(folder)
    salt = scan_key(place) if is_ledger(place) else b"dry run"
    told = msgspec.structs.replace(origin, by=by, source=origin.source or f"scan:{asked.repository}")
    manifest = manifest_of(told, taking.now, f"scan:{asked.repository}", taking.problems)
    reader = _Reader(
        asked, manifest, earlier_scans(place, asked.repository), salt, taking, Traced(), _spool_folder(place)
    )
    try:
        with ExitStack() as opened:
            told_by = [
                reader.read(opened.enter_context(open_plain(Path(file), follow=True)), file) for file in files
            ]
            return _recorded(told_by, reader)
    except (OSError, sqlite3.Error) as error:
        raise SourceError(
            "What was read cannot be put aside.",
            why=f"{getattr(error, 'strerror', None) or error}. Nothing was recorded.",
            fix="Make room where the system keeps temporary files (TMPDIR), and in the ledger's folder.",
        ) from error


def _recorded(told_by: Sequence[_Told], reader: "_Reader") -> RecordedScan:
    """(4) to (6), of all files together."""
    taking, unread = reader.taking, 0
    _keep_open(told_by)
    if len(told_by) > 1:
        _once(told_by)
    reader.traced.trace(Path())
    taking.note(note for found in told_by for note in found.notes)
    for found in told_by:
        reader.take(found)
        taking.add_records(_gaps(found, reader.manifest, taking.now))
        taking.note(f"not read: {sentence}" for sentence in found.unread)
        unread += len(found.unread)
    tracing = reader.traced.sentence()
    taking.note([tracing] if tracing is not None else [])
    return RecordedScan(taking.write(), unread)


def _spool_folder(place: Path) -> Path | None:
    """Where what is read lies until it is recorded: beside the ledger, where that can be written."""
    return place if is_ledger(place) and os.access(place, os.W_OK) else None


def _findings(told_by: Sequence[_Told]) -> Iterator[dict[str, object]]:
    for found in told_by:
        yield from found.rows["findings_seen"].values()


def _keep_open(told_by: Sequence[_Told]) -> None:
    """What one report of a command tells, no other report of it closes: each may be of a part of the repository.

    Findings that are fixed stood in a table of their own until now.
    """
    fixed = Shelf()
    for found in told_by:
        fixed.update((str(row["finding"]), {}) for row in found.rows[_FIXED].values())
    for row in _findings(told_by) if fixed else ():
        fixed.pop(str(row["finding"]), None)
    for found in told_by:
        for key, row in found.rows.pop(_FIXED).items():
            if row["finding"] in fixed:
                found.rows["findings_seen"].setdefault(key, row)


def _once(told_by: Sequence[_Told]) -> None:
    """Of a row that two reports tell, as two reports of one run do, the first one's counts."""
    known = Shelf()
    for found in told_by:
        for table, rows in found.rows.items():
            for key in rows:
                if f"{table} {key}" in known:
                    del rows[key]
                else:
                    known[f"{table} {key}"] = {}


class _Reader(NamedTuple):
    """What all files of one command share."""

    asked: Asked
    manifest: Manifest
    earlier: Earlier
    salt: bytes
    taking: Taking
    traced: Traced
    spool: Path | None

    def read(self, file: BinaryIO, path: str) -> _Told:
        """(1) to (3): what one file tells."""
        stored = Filed(file)
        found = _Told(visible(Path(path).name, 200))
        try:
            self._read(found, stored)
        except SourceError as error:
            found.refuse(" ".join(filter(None, (error.what, error.why, error.fix))))
        return found

    def _read(self, found: _Told, stored: Filed) -> None:
        opened = open_scan(stored, found.name, salt=self.salt, tool=self.asked.tool, gather=self._gather)
        digest = digest_of(stored)  # never recorded bare: what was redacted could be tried against it
        for number, run in enumerate(opened.runs()):
            self._run(found, run, keyed_hash(self.salt, "run", str(number), digest))
        redacted, parts = opened.kept()
        if redacted:
            stored = put_aside(parts, self.spool)
        if opened.format == github_alerts.FORMAT:
            self._add(found, _alert_rows(found, Content(stored, found.name).document, self.asked, self.manifest))
        role = "redacted" if redacted else "as-it-came"
        found.kept = self.taking.keep_parts(partial(chunks, stored), found.name, role)
        if not redacted and found.kept.sha256 != digest:
            raise SourceError(
                f"{found.name} is not read.", why="It was changed while it was read.", fix="Try again."
            )

    def _gather(self, results: Iterator[ScanResult]) -> Sequence[ScanResult]:
        """The results of a run: some at hand, many in a file."""
        first = tuple(islice(results, MOST_HELD + 1))
        return first if len(first) <= MOST_HELD else Spooled(chain(first, results), ScanResult, place=self.spool)

    def _run(self, found: _Told, run: ScanRun, digest: str) -> None:
        asked = self.asked
        if asked.commit is not None and run.commit not in {None, asked.commit}:
            raise UsageError(
                f"{quoted(found.name)} is of another commit.",
                why=f"It says {run.commit}; --commit says {asked.commit}.",
                fix="Record it for the commit that was scanned.",
            )
        stated = _stated(run, asked)
        own = f"{asked.repository} {tool_family(run.tool)} {run.kind} {digest}"
        if run.ended is None:  # the same report of another commit is another run, and bytes alone do not tell
            own = " ".join(filter(None, (own, asked.commit or run.commit, asked.scope)))
        ran_at = _ran_at(run, own, self.earlier, self.manifest)
        commit = asked.commit or run.commit
        scanned = Scanned(asked.repository, commit, own, ran_at, scope=asked.scope, unmerged=asked.unmerged)
        left: Counter[str] = Counter()
        self._add(found, rows_of(stated, scanned, self.earlier, left))
        found.unread += [*run.unread, *_failed(run)]
        found.notes += notes_of(stated, scanned, found.name)
        found.notes += left_open(stated, left, found.name)

    def _add(self, found: _Told, rows: Iterable[Row]) -> None:
        """Take rows in; (4) with the places of findings."""
        for row in rows:
            told = {name: value for name, value in row.told.items() if value is not None}
            key = JOINT.join([str(told.get(name)) for name in find_table(row.table).identity])
            is_finding = row.table == "findings_seen"
            if is_finding:
                self.traced.take(told)
            found.rows[_FIXED if is_finding and "closed_at" in told else row.table][key] = told

    def take(self, found: _Told) -> None:
        """(5) The rows of a file, each table with its extract, and the file itself."""
        taking = self.taking
        for table in _TABLES if found.kept is not None else ():
            rows, kept = found.rows[table], found.kept
            if kept is None or (not rows and table != _TABLES[0]):
                continue
            own = msgspec.structs.replace(self.manifest, part=self.asked.repository if table in _OF_PARTS else None)
            told = self._checked(table, rows.values(), found.name)
            few = len(rows) <= MOST_HELD
            checked = Checked(
                find_table(table), tuple(told) if few else Spooled(told, CheckedRow, place=self.spool)
            )
            extract = extract_row(
                own, checked, digest=kept.sha256, name=found.name, line=0, problems=taking.problems
            )
            batch = Batch(found.name, checked, own, extract, (kept,))
            taking.add(batch, by=self.manifest.taken_by, how="scan", distinct=True)

    def _checked(self, table: str, rows: Iterable[Mapping[str, object]], name: str) -> Iterator[CheckedRow]:
        """The rows of a table, with who wrote their lines, checked; no two of them are of one identity."""
        told = (RawRow(0, {**row, **self.traced.told(row)}) for row in rows)
        while some := list(islice(told, MOST_HELD)):
            yield from check_rows(
                find_table(table),
                some,
                name=f"{name}: {table}",
                observed=self.manifest.taken_at,
                problems=self.taking.problems,
                typed=True,
            ).rows


def _stated(run: ScanRun, asked: Asked) -> ScanRun:
    """The run, with a person's word for its end where it does not say; never against what it says."""
    if run.succeeded is None and asked.ended_well and not run.is_listing:
        return msgspec.structs.replace(run, succeeded=True)
    return run


def _failed(run: ScanRun) -> Iterator[str]:
    if run.succeeded is False and not run.unread:
        yield f"{run.tool} says that its run failed."


def _ran_at(run: ScanRun, own: str, earlier: Earlier, manifest: Manifest) -> int:
    """When the run ended: by its report, by what was recorded of it before, else when it was read."""
    if run.ended is not None:
        return min(run.ended, manifest.taken_at)
    known = earlier.moments.get(own)
    return manifest.taken_at if known is None else read_moment(known).seconds


def _alert_rows(found: _Told, document: object, asked: Asked, manifest: Manifest) -> Iterator[Row]:
    """(3) Alerts of GitHub, by their own numbers: the same rows as when the forge is asked."""
    alerts = github_alerts.alerts_of(document)
    for page in ("code-scanning/alerts", "secret-scanning/alerts", "dependabot/alerts"):
        listed = [each for each in alerts if github_alerts.page_name(each) == page]
        projection = project_page(
            "github",
            page,
            "",
            msgspec.json.encode(listed),
            repository=asked.repository,
            organization=None,
            observed=manifest.taken_at,
        )
        yield from projection.rows
        found.unread += projection.refused


def _gaps(found: _Told, manifest: Manifest, now: int) -> Iterator[Record]:
    """(6) What was not read."""
    for sentence in dict.fromkeys(found.unread):
        own = f"{manifest.source}: {CODE} {found.name} {hashlib.sha256(sentence.encode()).hexdigest()[:16]}"
        told = {
            "gap": own,
            "code": CODE,
            "what": visible(sentence, 1000),
            "why": f"It was to be read from {found.name}.",
            "remedy": "Mend what the sentence names, run the scanner again, and record its report.",
            "item_count": 1,
            "place": found.name,
        }
        yield Record(
            source=manifest.source,
            event=own,
            kind=f"{FACT}gaps",
            payload=msgspec.json.encode(told, order="sorted"),
            observed=manifest.taken_at,
            recorded=now,
            by=manifest.taken_by,
            how="scan",
        )
