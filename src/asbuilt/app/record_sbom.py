"""Lists of components as evidence: each is kept as it is, and a row says which artefact it names.

1. Read each document: its format, and the digests of the artefact that it names itself.
2. Keep the document by its digest, and record a row of ``sboms``.

What binds a list to a release is the digest in the document; a name given beside it only says which was meant.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from asbuilt.app.evidence_folder import read_plain
from asbuilt.app.evidence_origin import Origin, manifest_of, short_name
from asbuilt.app.taking import Recorded, Taking
from asbuilt.facts.recording.manifest import extract_row, manifest_notes
from asbuilt.facts.recording.records import Batch
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.recording.tables import find_table
from asbuilt.facts.recording.values import moment_text
from asbuilt.history.forge import name_forge
from asbuilt.history.git import open_repository
from asbuilt.model.text import visible
from asbuilt.supply.sbom_subject import Subject, read_subject

COLLECTOR: Final = "asbuilt sbom"


class Document(NamedTuple):
    """One list of components: what it is called, and its bytes."""

    name: str
    data: bytes


def project_name(path: str) -> str:
    """``owner/name`` as a remote tells it, else the name of the folder.

    Raises:
        SourceError: there is no repository.
    """
    with open_repository(path, as_written=True) as repository:
        _, project = name_forge(repository.remotes, ())
        return project or (repository.work_tree or repository.common_dir).name


def read_documents(files: Sequence[str]) -> tuple[Document, ...]:
    """Documents of other programs.

    Raises:
        UsageError: a file cannot be read.
    """
    return tuple(Document(visible(Path(file).name, 200), read_plain(Path(file), follow=True)) for file in files)


def record_documents(
    documents: Sequence[Document], repository: str, release: str | None, origin: Origin, taking: Taking
) -> Recorded:
    """Record lists of components of a repository.

    Args:
        documents: CycloneDX or SPDX in JSON.
        repository: ``owner/name`` of what they are about.
        release: the release that they are meant for; None: only the digests tell.
        origin: who answers for it (None: the collector).
        taking: takes the records.

    Raises:
        SourceError: one of them is no list of components.
        UsageError, EvidenceError, LedgerError: see ``app.taking``.
    """
    own = short_name(repository, "--name")
    meant = None if release is None else short_name(release, "--release")
    told = Origin(
        source=origin.source or f"sboms:{own}",
        by=origin.by or COLLECTOR,
        observed=origin.observed,
        covers=origin.covers,
        part=own,
        query=origin.query or COLLECTOR,
    )
    manifest = manifest_of(told, taking.now, f"sboms:{own}", taking.problems)
    # (1)
    read = [(document, read_subject(document.data, document.name)) for document in documents]
    # (2)
    kept = tuple(taking.keep(document.data, document.name, "as-it-came") for document, _ in read)
    checked = check_rows(
        find_table("sboms"),
        [RawRow(0, _row(each, subject, own, meant, taking.now)) for each, subject in read],
        name="sboms",
        observed=manifest.taken_at,
        problems=taking.problems,
        typed=True,
    )
    digest = hashlib.sha256(b"\n".join(sorted(row.payload for row in checked.rows))).hexdigest()
    extract = extract_row(manifest, checked, digest=digest, name="sboms", line=0, problems=taking.problems)
    taking.note([*checked.notes, *map(_said, read)])
    if manifest.covers is not None:
        taking.note(manifest_notes(manifest, checked, "sboms"))
    taking.add(Batch("sboms", checked, manifest, extract, kept), by=manifest.taken_by, how="sbom")
    return taking.write()


def _row(document: Document, subject: Subject, repository: str, release: str | None, now: int) -> dict[str, object]:
    digest = hashlib.sha256(document.data).hexdigest()
    row = {
        "repository": repository,
        "sbom": digest if release is None else f"{digest} for {release}",
        "document": digest,
        "format": subject.format,
        "artifact_digests": list(subject.digests) or None,
        "release": release,
        "commit": subject.commit,
        "made_at": None if subject.made_at is None or subject.made_at > now else moment_text(subject.made_at),
        "made_by": subject.made_by,
        "component_count": subject.components,
        "lists_models": subject.lists_models,
    }
    return {name: value for name, value in row.items() if value is not None}


def _said(read: tuple[Document, Subject]) -> str:
    document, subject = read
    count = f"{subject.components:,} component{'' if subject.components == 1 else 's'}"
    if subject.digests:
        about = f"names the artefact {subject.digests[0]}"
    else:
        about = "names no artefact, so it binds to no release; a signed statement that holds it can name one"
    return f"{document.name}: {subject.format}, {count}; {about}."
