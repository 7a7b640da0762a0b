"""``asbuilt record scan``: reports of scanners and of tests, as records.

1. Each file is read by its content; one that cannot be read is a gap, and the others go on.
2. A report that names another commit than the one it is recorded for is refused, with everything else.
3. Each run becomes rows; a list of GitHub's alerts becomes the rows that ``asbuilt sync`` makes of the same alerts.
4. Findings with a line are traced to who wrote it, where the clone of this folder holds the commit.
5. Each file is kept by its digest, without its secrets, and its rows lead to it.
6. What a tool, or we, could not read becomes a gap.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from asbuilt.app.evidence_folder import read_plain
from asbuilt.app.evidence_origin import Origin, manifest_of, person_of
from asbuilt.app.ledger_place import ledger_folder
from asbuilt.app.scan_lines import attribute_findings
from asbuilt.app.scan_rows import Scanned, rows_of
from asbuilt.app.scan_state import Earlier, earlier_scans, scan_key
from asbuilt.app.taking import Recorded, Taking
from asbuilt.facts.forge import Row, project_page
from asbuilt.facts.recording.manifest import Manifest, extract_row
from asbuilt.facts.recording.records import Batch, Kept
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.recording.tables import find_table
from asbuilt.facts.recording.values import quoted, read_moment
from asbuilt.history.git import open_repository
from asbuilt.ledger.ledger import is_ledger
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.record import FACT, Record
from asbuilt.model.scan import ScanReading, ScanRun
from asbuilt.model.text import visible
from asbuilt.scans.content import Content
from asbuilt.scans.identity import tool_family
from asbuilt.scans.readers import github_alerts
from asbuilt.scans.reading import read_scan
from asbuilt.scans.secrecy import keyed_hash

COLLECTOR: Final = "asbuilt record scan"
CODE: Final = "GAP-SCAN"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}(?:/[A-Za-z0-9._-]{1,100}){1,8}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TABLES: Final = ("scan_runs", "checks", "findings_seen", "finding_decisions", "secret_alerts", "secret_bypasses")
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


class _Told(msgspec.Struct):
    """All that one file tells: its rows by table and event, and what was not read of it."""

    name: str
    kept: Kept | None = None
    rows: dict[str, dict[tuple[str, ...], dict[str, object]]] = {}
    unread: list[str] = []


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
    known: set[tuple[str, ...]] = set()
    reader = _Reader(asked, manifest, earlier_scans(place, asked.repository), salt, taking)
    unread = 0
    told_by = [reader.read(file) for file in files]
    _keep_open(told_by)
    tracing = attribute_findings(_findings(told_by), Path())
    for found in told_by:
        for rows in found.rows.values():
            for key in [key for key in rows if key in known]:
                del rows[key]  # two reports of one run
            known.update(rows)
        _take(taking, found, asked, manifest)
        taking.add_records(_gaps(found, manifest, taking.now))
        taking.note(f"not read: {sentence}" for sentence in found.unread)
        unread += len(found.unread)
    taking.note([tracing] if tracing is not None else [])
    return RecordedScan(taking.write(), unread)


def _findings(told_by: Sequence[_Told]) -> Iterator[dict[str, object]]:
    for found in told_by:
        yield from found.rows.get("findings_seen", {}).values()


def _keep_open(told_by: Sequence[_Told]) -> None:
    """What one report of a command tells, no other report of it closes: each may be of a part of the repository."""
    tables = [found.rows.get("findings_seen", {}) for found in told_by]
    still = {row["finding"] for rows in tables for row in rows.values() if "closed_at" not in row}
    for rows in tables:
        for key in [key for key, row in rows.items() if "closed_at" in row and row["finding"] in still]:
            del rows[key]


class _Reader(NamedTuple):
    """What all files of one command share."""

    asked: Asked
    manifest: Manifest
    earlier: Earlier
    salt: bytes
    taking: Taking

    def read(self, file: str) -> _Told:
        """(1) to (3): what one file tells."""
        found = _Told(visible(Path(file).name, 200))
        data = read_plain(Path(file), follow=True)
        try:
            reading = read_scan(data, found.name, salt=self.salt, tool=self.asked.tool)
        except SourceError as error:
            found.unread.append(f"{error.what} {error.why}")
            return found
        digest = hashlib.sha256(
            data
        ).hexdigest()  # never recorded bare: what was redacted could be tried against it
        role = "redacted" if reading.redacted else "as-it-came"
        found.kept = self.taking.keep(reading.kept, found.name, role)
        for number, run in enumerate(reading.runs):
            self._run(found, run, keyed_hash(self.salt, "run", str(number), digest))
        if reading.format == github_alerts.FORMAT:
            _add_alerts(found, reading, self.asked, self.manifest)
        return found

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
        _add(found, rows_of(stated, scanned, self.earlier))
        found.unread += [*run.unread, *_failed(run)]
        self.taking.note(_notes(stated, scanned, found.name))


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


def _notes(run: ScanRun, scanned: Scanned, name: str) -> Iterator[str]:
    if run.is_listing:
        yield f"{name}: a list of alerts of {run.tool}; it does not show that a scan ran."
        return
    count = len(run.results)
    aside = sum(result.suppressed is not None for result in run.results)
    said = f", {aside:,} of them set aside by the tool: they stay open" if aside else ""
    yield f"{name}: {run.tool} ({run.kind}) tells {count:,} result{'' if count == 1 else 's'}{said}."
    if run.succeeded is None:
        yield f"{name}: it does not say whether the run ended well: no run is recorded; --ended-well states it."
    elif scanned.commit is None:
        yield f"{name}: no commit is named: no check is recorded; --commit names it."


def _add_alerts(found: _Told, reading: ScanReading, asked: Asked, manifest: Manifest) -> None:
    """(3) Alerts of GitHub, by their own numbers: the same rows as when the forge is asked."""
    alerts = github_alerts.alerts_of(Content(reading.kept, found.name).document)
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
        _add(found, projection.rows)
        found.unread += projection.refused


def _add(found: _Told, rows: Iterable[Row]) -> None:
    for row in rows:
        told = {name: value for name, value in row.told.items() if value is not None}
        key = (row.table, *(str(told.get(name)) for name in find_table(row.table).identity))
        found.rows.setdefault(row.table, {})[key] = told


def _take(taking: Taking, found: _Told, asked: Asked, manifest: Manifest) -> None:
    """(5) The rows of a file, each table with its extract, and the file itself."""
    if found.kept is None:
        return
    for table in _TABLES:
        rows = found.rows.pop(table, {})
        if not rows and table != _TABLES[0]:
            continue
        own = msgspec.structs.replace(manifest, part=asked.repository if table in _OF_PARTS else None)
        checked = check_rows(
            find_table(table),
            (RawRow(0, rows.pop(key)) for key in list(rows)),  # each is let go when its record is made
            name=f"{found.name}: {table}",
            observed=manifest.taken_at,
            problems=taking.problems,
            typed=True,
        )
        batch = Batch(found.name, checked, own, None, (found.kept,))
        extract = extract_row(
            own, checked, digest=found.kept.sha256, name=found.name, line=0, problems=taking.problems
        )
        taking.add(batch._replace(extract=extract), by=manifest.taken_by, how="scan")


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
