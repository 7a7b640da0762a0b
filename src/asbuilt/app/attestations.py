"""Signed statements and signed commits as evidence: read, verified where keys are given, recorded.

1. Load the keys that are trusted.
2. Read each file, or the signature of each commit; say how each signature stands.
3. Record what was read: the file itself by its digest, and a row of ``attestations`` for each statement.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from asbuilt.app.evidence_folder import read_plain
from asbuilt.app.evidence_origin import Origin, manifest_of, short_name
from asbuilt.app.taking import Recorded, Taking
from asbuilt.facts.recording.manifest import Manifest, extract_row, manifest_notes
from asbuilt.facts.recording.records import Batch, Kept
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.recording.tables import find_table
from asbuilt.facts.recording.values import moment_text
from asbuilt.history.attestations.commit_signatures import (
    read_raw_commits,
    read_signature,
    verify_signature,
)
from asbuilt.history.attestations.files import read_attestations
from asbuilt.history.attestations.trusted import Trusted, load_trusted
from asbuilt.history.commits import read_commits
from asbuilt.history.forge import name_forge
from asbuilt.history.git import open_repository
from asbuilt.model.attestation import COMMIT_SIGNATURE, Attestation, Standing, Statement, Verification
from asbuilt.model.commit import SignatureKind
from asbuilt.model.errors import SourceError
from asbuilt.model.progress import Listener, silent

COLLECTOR: Final = "asbuilt attest"
_AT_ONCE: Final = 2_000  # commits that are read together
# What is_verified says of a standing; what no given key decides is not known.
_VERIFIED: Final = {Standing.VERIFIED: True, Standing.BROKEN: False}


def trusted_from(files: Iterable[Path]) -> Trusted:
    """The keys in files.

    Raises:
        UsageError: one of them cannot be read, or holds none.
    """
    return load_trusted((str(file), read_plain(file, follow=True)) for file in files)


def read_attestation_files(files: Iterable[Path], trusted: Trusted) -> list[Attestation]:
    """Every statement in files, with how its signature stands.

    Raises:
        UsageError, SourceError: a file cannot be read, or holds something else; the place is named.
    """
    return [own for file in files for own in read_attestations(read_plain(file, follow=True), str(file), trusted)]


def read_commit_signatures(
    path: str, rev: str, trusted: Trusted, *, since: int | None = None, on: Listener = silent
) -> tuple[str | None, list[Attestation]]:
    """How the signature of each commit behind a revision stands, newest first; and ``owner/name``, if git tells it.

    Commits without a signature are there too, as not signed.

    Raises:
        UsageError, SourceError: see ``history.git``.
    """
    with open_repository(path) as repository:
        commits = read_commits(repository, [repository.resolve(rev)])
        _, project = name_forge(repository.remotes, commits)
        wanted = [own.id for own in commits if since is None or own.commit_time >= since]
        signed = {own.id for own in commits if own.signature is not SignatureKind.NONE}
        found = []
        for start in range(0, len(wanted), _AT_ONCE):
            on("Reading signatures", start, len(wanted))
            part = wanted[start : start + _AT_ONCE]
            raw = read_raw_commits(repository, [own for own in part if own in signed])
            found += [_of_commit(own, raw.get(own, b""), trusted) for own in part]
        return project, found


def _of_commit(own: str, raw: bytes, trusted: Trusted) -> Attestation:
    """The signature of a commit as a statement about it: whoever signed says that this commit is theirs."""
    verification = Verification(Standing.NONE, None, "The commit bears no signature.")
    at = None
    if (told := read_signature(raw)) is not None:
        verification, at = verify_signature(told, trusted), told.at
    digest = hashlib.sha256(raw or own.encode()).hexdigest()
    statement = Statement(digest, COMMIT_SIGNATURE, (f"gitCommit:{own}",), commit=own, made_at=at)
    return Attestation(statement, verification, own)


def record_attestations(
    found: Sequence[Attestation],
    files: Sequence[Path],
    repository: str,
    origin: Origin,
    taking: Taking,
) -> Recorded:
    """Record statements about a repository: a row for each subject, and the files that they came in.

    Raises:
        UsageError, EvidenceError, LedgerError: see ``app.taking``.
    """
    own = short_name(repository, "--name")
    manifest = manifest_of(
        Origin(
            source=origin.source or f"attestations:{own}",
            by=origin.by or COLLECTOR,
            part=own,
            query=origin.query or COLLECTOR,
        ),
        taking.now,
        f"attestations:{own}",
        taking.problems,
    )
    kept = tuple(taking.keep(read_plain(file, follow=True), file.name, "as-it-came") for file in files)
    rows = [row for each in found if each.verification.standing is not Standing.NONE for row in _rows(each, own)]
    _take(taking, rows, manifest, kept)
    return taking.write()


def _rows(told: Attestation, repository: str) -> Iterable[dict[str, object]]:
    statement, verification = told.statement, told.verification
    if statement.made_at is not None and not 0 <= statement.made_at < _LATEST:
        raise SourceError("A statement names a time that cannot be.", fix="Leave it out.", where=told.where)
    for number, subject in enumerate(statement.subjects):
        yield {
            "repository": repository,
            "attestation": statement.digest if number == 0 else f"{statement.digest}.{number}",
            "predicate_type": statement.predicate_type,
            "subject": subject,
            "signer": verification.signer,
            "is_verified": _VERIFIED.get(verification.standing),
            "commit": statement.commit,
            "builder": statement.builder,
            "made_at": None if statement.made_at is None else moment_text(statement.made_at),
        }


_LATEST: Final = 253_402_300_799  # the end of the year 9999


def _take(taking: Taking, rows: list[dict[str, object]], manifest: Manifest, kept: tuple[Kept, ...]) -> None:
    raw = [RawRow(0, {name: value for name, value in row.items() if value is not None}) for row in rows]
    checked = check_rows(
        find_table("attestations"),
        raw,
        name="attestations",
        observed=_LATEST,
        problems=taking.problems,
        typed=True,
    )
    digest = hashlib.sha256(b"\n".join(sorted(row.payload for row in checked.rows))).hexdigest()
    extract = extract_row(manifest, checked, digest=digest, name="attestations", line=0, problems=taking.problems)
    taking.note([*checked.notes, *manifest_notes(manifest, checked, "attestations")])
    taking.add(Batch("attestations", checked, manifest, extract, kept), by=manifest.taken_by, how="attest")
