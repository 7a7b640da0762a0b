"""Tags read as releases: git's only trace of what was shipped."""

import re

from asbuilt.history.git import Repository
from asbuilt.model.change import Release
from asbuilt.model.commit import Person, SignatureKind

# Between fields stands NUL (which no name may hold), so that a hostile tagger cannot forge a field.
_FIELDS = (
    "%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)"
    "%00%(creatordate:unix)%00%(taggername)%00%(taggeremail)%00%(if)%(contents:signature)%(then)signed%(end)"
)
_SIGNATURES = (
    (b"-----BEGIN SSH SIGNATURE", SignatureKind.SSH),
    (b"-----BEGIN PGP ", SignatureKind.GPG),
    (b"-----BEGIN SIGNED MESSAGE", SignatureKind.X509),
)
_LAST_SIGNATURE = re.compile(
    rb"^-----BEGIN (?:SSH SIGNATURE|PGP (?:SIGNATURE|MESSAGE)|SIGNED MESSAGE)-----$", re.MULTILINE
)


def read_releases(repository: Repository) -> tuple[Release, ...]:
    """Every tag that leads to a commit, newest first; ``tagged_at`` of a light tag is its commit's time."""
    return _releases(repository)


def containing_releases(repository: Repository, commit: str) -> tuple[Release, ...]:
    """The releases that contain a commit, oldest first: the first is the one it was shipped with, by tag."""
    return tuple(reversed(_releases(repository, "--contains", commit)))


def is_ancestor(repository: Repository, ancestor: str, descendant: str) -> bool:
    """Whether ``descendant`` contains ``ancestor`` (a commit contains itself). Both are commit ids."""
    return not repository.run("rev-list", "--max-count=1", ancestor, f"^{descendant}").strip()


def _releases(repository: Repository, *options: str) -> tuple[Release, ...]:
    said = repository.run("for-each-ref", *options, f"--format={_FIELDS}", "refs/tags")
    rows = [line.split(b"\0") for line in said.split(b"\n") if line.count(b"\0") == 8]
    objects = {row[2] for row in rows if row[3] == b"tag"}
    peeled = _peel(repository, sorted(objects))
    kinds = _signature_kinds(repository, sorted(row[2] for row in rows if row[8]))
    found = []
    for name, kind, own, below_kind, below, when, tagger, email, signed in rows:
        if kind == b"commit":
            commit = own.decode()
        elif below_kind == b"commit":
            commit = below.decode()
        elif own in peeled:
            commit = peeled[own]
        else:
            continue  # a tag on a tree or a blob: nothing that ships
        person = None
        if tagger or email:
            person = Person(_text(tagger), _text(email).strip().removeprefix("<").removesuffix(">"))
        found.append(
            Release(
                name=_text(name.removeprefix(b"refs/tags/")),
                commit=commit,
                tagged_at=int(when) if when.lstrip(b"-").isdigit() else 0,
                tagger=person,
                signature=kinds.get(own, SignatureKind.NONE) if signed else SignatureKind.NONE,
            )
        )
    return tuple(sorted(found, key=lambda release: (-release.tagged_at, release.name)))


def _peel(repository: Repository, tags: list[bytes]) -> dict[bytes, str]:
    """Tags on tags -> the commit at the end, where there is one."""
    if not tags:
        return {}
    asked = b"".join(b"%s^{commit}\n" % tag for tag in tags)
    said = repository.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked).split(b"\n")
    return {
        tag: answer.split(b" ")[0].decode()
        for tag, answer in zip(tags, said, strict=False)
        if answer.endswith(b" commit")
    }


def _signature_kinds(repository: Repository, tags: list[bytes]) -> dict[bytes, SignatureKind]:
    if not tags:
        return {}
    said = repository.run("cat-file", "--batch", stdin=b"\n".join(tags) + b"\n")
    kinds: dict[bytes, SignatureKind] = {}
    at = 0
    for tag in tags:
        end = said.index(b"\n", at)
        header = said[at:end].split(b" ")
        if len(header) != 3:  # "<id> missing"
            at = end + 1
            continue
        size = int(header[2])
        body = said[end + 1 : end + 1 + size]
        at = end + 2 + size
        marks = [match[0] for match in _LAST_SIGNATURE.finditer(body)]
        kinds[tag] = next(
            (kind for begin, kind in _SIGNATURES if marks and marks[-1].startswith(begin)), SignatureKind.X509
        )
    return kinds


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
