"""``asbuilt sbom``: what a product is built from, of its work tree or of a revision; nothing of it is executed."""

import hashlib
import importlib
import os
from pathlib import Path

import msgspec

from asbuilt import __version__
from asbuilt.app.sbom_tree import folder_below, revision_files, work_tree_files
from asbuilt.history.git import Repository, open_repository
from asbuilt.model.component import Component, Scope, Unread, locked_folder
from asbuilt.model.errors import UsageError
from asbuilt.model.sbom import Artifact, Bill, Entry
from asbuilt.model.text import visible
from asbuilt.supply.licences import spdx_expression
from asbuilt.supply.reading import TreeReading, read_tree
from asbuilt.supply.sbom_subject import artifact_digest

_DIGESTS = ("sha256:", "sha384:", "sha512:")
_RANK: dict[Scope | None, int] = {"runtime": 0, None: 1, "optional": 2, "development": 3}


def name_artifact(told: str, release: str | None = None) -> Artifact:
    """The artefact that a digest names, or that is a file here.

    Raises:
        UsageError: it is neither; SourceError: it looks like a digest, and is none.
    """
    if told.lower().startswith(_DIGESTS):
        return Artifact(digest=artifact_digest(told), release=release)
    try:
        with Path(told).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(
            f"{visible(told, 200)!r} cannot be read: {error.strerror}.",
            fix="Name the artefact's file, or its digest as sha256: and 64 hex digits.",
        ) from error
    return Artifact(digest=f"sha256:{digest}", file=visible(Path(told).name, 200), release=release)


def make_bill(
    path: str | os.PathLike[str] = ".",
    *,
    rev: str | None = None,
    who: bool = False,
    ledger: Path | None = None,
    artifact: Artifact | None = None,
) -> Bill:
    """The bill of materials of a repository, or of a folder of it.

    Args:
        path: a repository or a folder inside its work tree: then only what lies there.
        rev: branch, tag or commit; None: the work tree as it stands (of a bare repository: HEAD).
        who: find the commit that brought each component too.
        ledger: the folder of a ledger, which may know who approved them.
        artifact: what was built from it: the bill names it.

    Raises:
        UsageError: the path or the revision does not exist.
        SourceError: it is no repository, or cannot be read.
    """
    with open_repository(path, as_written=True) as repository:
        top = repository.work_tree
        under = folder_below(repository)
        commit = repository.resolve(rev or "HEAD")
        moment = int(repository.run("show", "-s", "--format=%ct", commit).split()[-1])
        if rev is None and top is not None:
            files, skipped = work_tree_files(top, under)
            reading = read_tree(files)
        else:
            with revision_files(repository, commit, under) as (files, skipped):
                reading = read_tree(files)
        entries = _entries(reading.components)
        if who:  # brings the whole history, which a list alone does not need
            entries = importlib.import_module("asbuilt.app.sbom_brought").join_brought(
                repository, commit, entries, ledger
            )
    unread = tuple(sorted({*skipped, *reading.unread}, key=lambda own: (own.path, own.line or 0, own.why)))
    return Bill(
        product=_product(repository),
        commit=commit,
        moment=moment,
        is_work_tree=rev is None and top is not None,
        program=f"asbuilt {__version__}",
        digest=_digest(commit, reading, unread, entries if who else [], artifact),
        files=reading.files,
        entries=tuple(entries),
        unread=unread,
        tells_who=who,
        artifact=artifact,
    )


def _product(repository: Repository) -> str:
    """The name of the product: of the folder, without ``.git``."""
    folder = repository.work_tree or repository.git_dir
    return folder.name.removesuffix(".git") or "product"


def _digest(
    commit: str,
    reading: TreeReading,
    unread: tuple[Unread, ...],
    entries: list[Entry],
    artifact: Artifact | None,
) -> str:
    told = [commit, __version__, reading.components, reading.files, unread, *[own.brought for own in entries]]
    bound = [] if artifact is None else [artifact]
    return hashlib.sha256(msgspec.json.encode([*told, *bound], order="sorted")).hexdigest()


def _entries(components: tuple[Component, ...]) -> list[Entry]:
    """Components by what they are: places that name the same one come together."""
    locked: dict[str, set[str]] = {}
    from_registry: set[str] = set()
    for own in components:
        if own.version is not None:
            locked.setdefault(_bare(own), set()).add(locked_folder(own.path))
            from_registry |= {_bare(own)} if own.source == "registry" else set()
    grouped: dict[tuple[str, str, str | None], list[Component]] = {}
    for own in components:
        # An address is no range of what comes from a registry.
        is_range = own.version is None and (own.source in {"registry", None} or _bare(own) not in from_registry)
        if is_range and not locked.get(_bare(own), set()).isdisjoint(_above(own.path)):
            continue  # what a lock file beside it, or above it, has made a version of
        grouped.setdefault((own.purl, own.source or "", None if own.version else own.declared), []).append(own)
    found = [
        Entry(
            component=same[0],
            places=tuple(dict.fromkeys((own.path, own.line) for own in same)),
            scope=min((own.scope for own in same), key=_RANK.__getitem__),
            licence=next((known for own in same if own.licence and (known := spdx_expression(own.licence))), None),
        )
        for same in grouped.values()
    ]
    return sorted(
        found, key=lambda own: (own.component.ecosystem, own.component.name, own.component.purl, own.places)
    )


def _bare(own: Component) -> str:
    """Its package URL without version and address."""
    return own.purl.partition("@")[0].partition("?")[0]


def _above(path: str) -> list[str]:
    """The folder of a file and all above it, the top being the empty text."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:depth]) for depth in range(len(parts), -1, -1)]
