"""What git shows, as evidence: whose it is, which time it covers, its rows with their extract, and its gaps."""

import hashlib
from collections.abc import Collection
from typing import Final

import msgspec

from asbuilt.app.evidence_origin import Origin
from asbuilt.app.taking import Taking
from asbuilt.facts.recording.manifest import Manifest, extract_row, manifest_notes
from asbuilt.facts.recording.records import Batch
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.recording.tables import find_table
from asbuilt.facts.recording.values import moment_text, quoted
from asbuilt.history.commits import read_commit_set
from asbuilt.history.git import Repository
from asbuilt.history.origins.boundary import find_boundary
from asbuilt.model.errors import UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.record import FACT, Record

GAP: Final = f"{FACT}gaps"  # kind of a record that says what could not be seen
QUERY: Final = "git log --first-parent --format=raw TIP"
_LATEST: Final = 253_402_300_799  # the end of the year 9999
_TIMES: Final = ("landed_at", "seen_at", "added_at")


def told_of_git(origin: Origin, own: str, parameters: str, *, collector: str, query: str = QUERY) -> Origin:
    """Where the changes come from, with what the command itself knows; they are of this repository alone.

    Raises:
        UsageError: the origin says another part.
    """
    if origin.part not in {None, own}:
        raise UsageError(
            f"What git shows is of {quoted(own)}, and of no other part.",
            fix="Leave --part out; --name says what the repository is called.",
        )
    return msgspec.structs.replace(
        origin,
        source=origin.source or f"git:{own}",
        part=own,
        by=origin.by or collector,
        query=origin.query or query,
        parameters=origin.parameters or parameters,
    )


def take_rows(taking: Taking, table: str, rows: list[dict[str, object]], manifest: Manifest) -> None:
    """Take in rows that were made here; a time that git's clocks put into the future is git's own word."""
    times = [str(row[name]) for row in rows for name in _TIMES if name in row]
    late = max(times, default="") > moment_text(manifest.taken_at)
    raw = [RawRow(0, row) for row in rows]
    checked = check_rows(
        find_table(table),
        raw,
        name=f"git: {table}",
        observed=_LATEST if late else manifest.taken_at,
        problems=taking.problems,
        typed=True,
    )
    batch = Batch(table, checked, manifest, None)
    # No file came: the rows themselves are the extract, in the order of their bytes.
    digest = hashlib.sha256(b"\n".join(sorted(row.payload for row in checked.rows))).hexdigest()
    extract = extract_row(manifest, checked, digest=digest, name=table, line=0, problems=taking.problems)
    taking.note([*checked.notes, *manifest_notes(manifest, checked, table)])
    if late:
        taking.note([f"{table}: some commits bear a time that is still to come; it was recorded as git tells it."])
    taking.add(batch._replace(extract=extract), by=manifest.taken_by, how="git")


def covers_of(repository: Repository, tip: str, commits: Collection[str], taken_at: int) -> tuple[int, int] | None:
    """The time in which this history holds every change of its branch.

    From the beginning of all times where the history is whole, else from the newest commit at which it is cut off.
    Until now where this is the branch itself; in a clone until it was last fetched; else until the tip.
    """
    cut = find_boundary(repository, set(commits))
    known = read_commit_set(repository, [tip, *sorted(cut)])
    start = max((known[own].commit_time for own in cut if own in known), default=-1) + 1
    tip_at = known[tip].commit_time
    end = tip_at + 1
    heads = repository.run(
        "for-each-ref", "--count=1", f"--points-at={tip}", "refs/heads/", "refs/remotes/"
    ).strip()
    if heads:
        fetched = repository.common_dir / "FETCH_HEAD"
        if not repository.remotes:
            end = taken_at
        elif fetched.is_file():
            end = max(end, int(fetched.stat().st_mtime))
    end = min(end, taken_at)
    return (start, end) if 0 <= start < end else None


def gap_record(gap: Gap, manifest: Manifest, now: int) -> Record:
    """A record that says what could not be seen."""
    own = f"{manifest.source}: {gap.code}" + (f" {gap.path}" if gap.path else "")
    told = {
        "gap": own,
        "code": gap.code,
        "what": gap.what,
        "why": gap.why,
        "remedy": gap.remedy,
        "item_count": gap.count,
        **({"place": gap.path} if gap.path else {}),
    }
    return Record(
        source=manifest.source,
        event=own,
        kind=GAP,
        payload=msgspec.json.encode(told, order="sorted"),
        observed=manifest.taken_at,
        recorded=now,
        by=manifest.taken_by,
        how="git",
    )
