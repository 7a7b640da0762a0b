"""Taking evidence in: words of a command, a CSV or JSON Lines file, or a folder of YAML, into the ledger."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from asbuilt.app.evidence_folder import LARGEST, evidence_files, read_attachment, read_plain
from asbuilt.app.evidence_origin import COMMAND_LINE, Origin, manifest_of, person_of, short_name
from asbuilt.app.taking import Recorded, Taking
from asbuilt.facts.recording.csv_rows import check_csv
from asbuilt.facts.recording.evidence_file import check_evidence
from asbuilt.facts.recording.jsonl_rows import check_jsonl
from asbuilt.facts.recording.manifest import EXTRACTS, extract_row, manifest_notes
from asbuilt.facts.recording.records import Batch
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.recording.tables import Form, describe, find_table, list_tables, recorded_tables, template
from asbuilt.facts.recording.values import moment_text, quoted
from asbuilt.model.errors import UsageError
from asbuilt.model.text import visible

__all__ = [
    "Form",
    "Origin",
    "Recorded",
    "Taking",
    "describe_table",
    "is_table",
    "list_tables",
    "record_file",
    "record_folder",
    "record_words",
]


def is_table(name: str) -> bool:
    """Whether a table that takes records has that name."""
    return any(table.name == name for table in recorded_tables())


def describe_table(name: str, form: Form) -> tuple[str, str]:
    """An empty file of that form for a table, and what its columns hold.

    Raises:
        UsageError: there is no such table, or it takes no records.
    """
    table = find_table(name)
    return template(table, form), describe(table)


def record_words(table: str, words: Sequence[str], origin: Origin, taking: Taking) -> Recorded:
    """Record one row told as ``column=value`` words; without any, an extract that found nothing.

    Raises:
        UsageError: a word, a value or the origin is no good; ``EvidenceError`` lists all that is wrong with a row.
        SourceError, LedgerError: see ``ledger.ledger``.
    """
    found, problems = find_table(table), taking.problems
    manifest = manifest_of(origin, taking.now, f"statement of {person_of(origin)}", problems)
    values: dict[str, object] = {}
    for word in words:
        name, mark, value = word.partition("=")
        if not mark:
            raise UsageError(
                f"{quoted(word)} is not column=value.",
                fix=f"`asbuilt record {table} --template csv` names the columns.",
            )
        if name in values:
            problems.add(COMMAND_LINE, "It is told twice.", "Tell it once.", column=visible(name))
        values[name] = value
    rows = [RawRow(0, values)] if words else []
    checked = check_rows(found, rows, name=COMMAND_LINE, observed=manifest.taken_at, problems=problems)
    _take(taking, Batch(COMMAND_LINE, checked, manifest, None), origin, "cli")
    return taking.write()


def record_file(table: str, file: str, form: Literal["csv", "jsonl"], origin: Origin, taking: Taking) -> Recorded:
    """Record the rows of a CSV or JSON Lines file; ``-`` reads standard input.

    Raises:
        UsageError: the file or the origin is no good; ``EvidenceError`` lists all that is wrong with its rows.
        SourceError, LedgerError: see ``ledger.ledger``.
    """
    found = find_table(table)
    if origin.source is None:
        raise UsageError(
            f"It is not said where {quoted(file)} comes from.", fix='Say it: --source "Personio HR list".'
        )
    manifest = manifest_of(origin, taking.now, origin.source, taking.problems)
    name = "standard input" if file == "-" else file
    data = sys.stdin.buffer.read(LARGEST + 1) if file == "-" else read_plain(Path(file), follow=True)
    check = check_csv if form == "csv" else check_jsonl
    checked = check(found, data, name=name, observed=manifest.taken_at, problems=taking.problems)
    came = taking.keep(data, Path(name).name, "as-it-came")
    _take(taking, Batch(name, checked, manifest, None, (came,)), origin, form)
    return taking.write()


def record_folder(place: Path, taking: Taking, *, by: str | None = None) -> Recorded:
    """Record a YAML file of evidence, or a folder of them, in sorted order; doing it again adds nothing.

    ``by`` is the person who records it; None: whom each file names in ``taken_by``.

    Raises:
        UsageError: a file is no good; ``EvidenceError`` lists all that is wrong with all of them.
        SourceError, LedgerError: see ``ledger.ledger``.
    """
    person = None if by is None else short_name(by, "--by")
    files, others = evidence_files(place, taking.problems)
    used: set[Path] = set()
    for file in files:
        name, data = file.as_posix(), read_plain(file, follow=file == place)
        evidence = check_evidence(data, name=name, now=taking.now, problems=taking.problems)
        if evidence is None:
            continue
        kept = [taking.keep(data, file.name, "as-it-came")]
        for path, line in evidence.attachments:
            try:
                kept.append(taking.keep(read_attachment(file.parent, path), path, "attached"))
            except UsageError as error:
                taking.problems.add(f"{name}:{line}", error.what, error.fix, column="attachments")
            used.add(file.parent / path)
        batch = _with_extract(taking, Batch(name, evidence.batch, evidence.manifest, None, tuple(kept)), 1)
        taking.add(batch, by=person or evidence.manifest.taken_by, how="folder")
    left = [file.as_posix() for file in others if file not in used]
    if left:
        shown = ", ".join(left[:5]) + (", …" if len(left) > 5 else "")
        one = len(left) == 1
        taking.note([f"{len(left)} other file{'' if one else 's'} neither read nor attached: {shown}."])
    return taking.write()


def _take(taking: Taking, batch: Batch, origin: Origin, how: str) -> None:
    """Take in a batch that a command tells, with the files that it attaches."""
    attached = tuple(taking.keep(read_plain(file, follow=True), file.name, "attached") for file in origin.attach)
    if batch.checked.table is EXTRACTS:
        # The rows are extracts themselves: nothing would name the files.
        if attached:
            raise UsageError(
                "An extract takes no attachments here.", fix="Attach files to the rows that it brought."
            )
        taking.note(batch.checked.notes)
        taking.add(batch, by=batch.manifest.taken_by, how=how)
        return
    taking.add(
        _with_extract(taking, batch._replace(files=(*batch.files, *attached)), 0),
        by=batch.manifest.taken_by,
        how=how,
    )
    if origin.observed is None:
        at = moment_text(batch.manifest.taken_at)
        taking.note([f"{batch.name}: taken as read now, {at}; --observed-at says when it was read."])


def _with_extract(taking: Taking, batch: Batch, line: int) -> Batch:
    """The batch with the row of ``extracts`` that says where it comes from."""
    digest = next((file.sha256 for file in batch.files if file.role == "as-it-came"), None)
    name = batch.name if line else COMMAND_LINE
    extract = extract_row(
        batch.manifest, batch.checked, digest=digest, name=name, line=line, problems=taking.problems
    )
    taking.note([*batch.checked.notes, *manifest_notes(batch.manifest, batch.checked, batch.name)])
    return batch._replace(extract=extract)
