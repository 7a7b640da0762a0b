"""What was asked of which source, by whom and when: the row of ``extracts`` that each batch leaves.

An extract that does not say what it covers covers nothing: its rows are known, and nobody can tell what is missing.
"""

import hashlib
from collections.abc import Callable
from itertools import chain

import msgspec

from asbuilt.facts.recording.rows import Checked, CheckedRow, RawRow, check_rows, place
from asbuilt.facts.recording.values import moment_text, quoted, read_moment
from asbuilt.facts.schemas import TABLES
from asbuilt.model.evidence import Problems

EXTRACTS = TABLES["extracts"]


class Manifest(msgspec.Struct, frozen=True):
    """Where the rows of a batch come from.

    ``taken_at`` is when the source was read and ``covers`` the half-open time in which it holds every row there is,
    both in Unix seconds. ``part`` is the repository or system that it is of; None: all of them. ``second`` is the
    source that the count was compared with, and its count.
    """

    source: str
    taken_by: str
    taken_at: int
    covers: tuple[int, int] | None = None
    query: str | None = None
    parameters: str | None = None
    scopes: tuple[str, ...] = ()
    second: tuple[str, int] | None = None
    differences: tuple[str, ...] = ()
    reported_total: int | None = None
    truncated: bool = False
    started_at: int | None = None
    part: str | None = None


def check_covers(
    start: str, end: str, *, taken_at: int, problems: Problems, where: Callable[[str], str]
) -> tuple[int, int] | None:
    """The half-open time between two moments that a source covers; None, and a problem, when it cannot.

    ``where`` gives the place of ``from`` and of ``until``.

    Raises:
        RefusedValueError: one of them is no moment.
    """
    first, last = read_moment(start.strip()), read_moment(end.strip())
    if last.seconds <= first.seconds:
        problems.add(
            where("until"), f"{last.text} is not after {first.text}.", "Name an earlier start.", column="covers"
        )
    elif last.seconds > taken_at:
        problems.add(
            where("until"),
            f"{last.text} is after the source was read, {moment_text(taken_at)}: nobody can hold what is to come.",
            "End it then, or read the source again after the period has ended.",
            column="covers",
        )
    else:
        return first.seconds, last.seconds
    return None


def extract_row(
    manifest: Manifest, batch: Checked, *, digest: str | None, name: str, line: int, problems: Problems
) -> CheckedRow | None:
    """The row of ``extracts`` for a batch; None, and problems at ``name:line``, when the manifest is no good.

    Its id is made of the table, the moment of reading, and a digest of the source, the part and the rows: what is
    told twice is one extract, and a corrected manifest takes the place of the one before.
    """
    if manifest.part is not None and not _is_part(manifest.part, batch, name, line, problems):
        return None
    values = {
        "extract": f"{batch.table.name} {moment_text(manifest.taken_at)} {_digest(manifest, batch)}",
        "population": batch.table.name,
        "source": manifest.source,
        "part": manifest.part,
        "covers_from": moment_text(manifest.covers[0]) if manifest.covers else None,
        "covers_until": moment_text(manifest.covers[1]) if manifest.covers else None,
        "query": manifest.query,
        "parameters": manifest.parameters,
        "taken_by": manifest.taken_by,
        "scopes": list(manifest.scopes) or None,
        "started_at": None if manifest.started_at is None else moment_text(manifest.started_at),
        "ended_at": moment_text(manifest.taken_at),
        "truncated": manifest.truncated,
        "row_count": len(batch.rows),
        "reported_total": manifest.reported_total,
        "sha256": digest,
        "second_source": manifest.second[0] if manifest.second else None,
        "second_count": manifest.second[1] if manifest.second else None,
        "differences": list(manifest.differences) or None,
    }
    checked = check_rows(
        EXTRACTS, [RawRow(line, values)], name=name, observed=manifest.taken_at, problems=problems, typed=True
    )
    return checked.rows[0] if checked.rows else None


def manifest_notes(manifest: Manifest, batch: Checked, name: str) -> tuple[str, ...]:
    """What does not add up, and what the extract does not prove, one sentence each."""
    said = []
    count = len(batch.rows)
    if manifest.covers is None:
        said.append(
            f"{name}: it covers no time: it shows what is there, and never that nothing is missing "
            "(--covers FROM..UNTIL, in YAML covers)."
        )
    if manifest.second and manifest.second[1] != count and not manifest.differences:
        said.append(
            f"{name}: {manifest.second[0]} counts {manifest.second[1]:,} and this extract {count:,}; "
            "no difference is listed."
        )
    if manifest.reported_total is not None and manifest.reported_total != count and not manifest.truncated:
        said.append(f"{name}: the source names a total of {manifest.reported_total:,}; {count:,} rows came.")
    return tuple(said)


def _is_part(part: str, batch: Checked, name: str, line: int, problems: Problems) -> bool:
    """Whether the table is read in parts, and every row belongs to this one; else what is wrong is noted."""
    column = batch.table.part
    if column is None:
        problems.add(
            place(name, line),
            f"{batch.table.name} is not read in parts.",
            "Leave it out: what covers a part alone would never make a whole.",
            column="part",
        )
        return False
    others = [row for row in batch.rows if msgspec.json.decode(row.payload).get(column) != part]
    for row in others:
        problems.add(
            place(name, row.line),
            f"The row {quoted(row.event)} is not of {quoted(part)}.",
            "Record each part by itself, or leave the part out where the extract is of all.",
            column=column,
        )
    return not others


def _digest(manifest: Manifest, batch: Checked) -> str:
    """16 hex digits that are equal for the same rows of the same part from the same source."""
    digest = hashlib.sha256()
    origin = [manifest.source] if manifest.part is None else [manifest.source, manifest.part]
    told = (each for row in batch.rows for each in (row.event.encode(), row.payload))
    for each in chain(map(str.encode, origin), told):
        digest.update(len(each).to_bytes(8, "big"))
        digest.update(each)
    return digest.hexdigest()[:16]
