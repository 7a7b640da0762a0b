"""Reading commit objects in bulk: one ``rev-list`` for the order, one ``cat-file --batch`` for the contents."""

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO

from asbuilt.history.git import Repository
from asbuilt.model.commit import Commit, Person, SignatureKind
from asbuilt.model.errors import SourceError

_SIGNATURES = (
    (b"-----BEGIN SSH", SignatureKind.SSH),
    (b"-----BEGIN PGP", SignatureKind.GPG),
    (b"-----BEGIN SIGNED", SignatureKind.X509),
)


def read_commits(repository: Repository, tips: Sequence[str], *, exclude: Sequence[str] = ()) -> list[Commit]:
    """Every commit reachable from ``tips`` and not from ``exclude``, children before parents.

    Raises:
        SourceError: a commit object is absent or damaged.
    """
    names = "\n".join([*tips, *(f"^{commit}" for commit in exclude)]).encode()
    listing = repository.run("rev-list", "--topo-order", "--parents", "--stdin", stdin=names + b"\n")
    parents: dict[str, tuple[str, ...]] = {}
    for line in listing.decode("ascii").splitlines():
        own, *others = line.split(" ")
        parents[own] = tuple(others)
    return _read(repository, parents)


def read_commit_set(repository: Repository, ids: Sequence[str]) -> dict[str, Commit]:
    """The named commits by id; ids that are absent from the repository, or no commits, are left out."""
    if not ids:
        return {}
    known = repository.run("cat-file", "--batch-check", stdin=("\n".join(ids) + "\n").encode()).decode(
        "utf-8", "replace"
    )
    present = [line.split(" ")[0] for line in known.splitlines() if line.split(" ")[1:2] == ["commit"]]
    if not present:
        return {}
    listing = repository.run(
        "rev-list", "--no-walk=unsorted", "--parents", "--stdin", stdin="\n".join(present).encode()
    )
    parents = {line.split(" ")[0]: tuple(line.split(" ")[1:]) for line in listing.decode("ascii").splitlines()}
    return {commit.id: commit for commit in _read(repository, parents)}


def _read(repository: Repository, parents: dict[str, tuple[str, ...]]) -> list[Commit]:
    if not parents:
        return []
    with tempfile.TemporaryFile() as names:
        names.write(("\n".join(parents) + "\n").encode())
        names.seek(0)
        with repository.stream("cat-file", "--batch", "--buffer", stdin=names) as stream:
            return [
                _parse(own, parents[own], body)
                for own, body in zip(parents, _bodies(stream, list(parents)), strict=True)
            ]


def _bodies(stream: IO[bytes], ids: list[str]) -> Iterator[bytes]:
    for own in ids:
        header = stream.readline().split(b" ")
        if len(header) != 3 or header[1] != b"commit":
            raise SourceError(
                f"Commit {own} is absent or damaged.",
                fix="Fetch it again, or run `git fsck` to see what is missing.",
            )
        size = int(header[2])
        body = stream.read(size + 1)
        if len(body) != size + 1:
            raise SourceError(f"Commit {own} could not be read whole.", fix="`git fsck` names what is damaged.")
        yield body[:-1]


def _parse(own: str, parents: tuple[str, ...], body: bytes) -> Commit:
    head, _, message = body.partition(b"\n\n")
    tree, encoding, signature = "", "utf-8", SignatureKind.NONE
    author = committer = (Person("", ""), 0)
    for line in head.split(b"\n"):
        if line.startswith(b"author "):
            author = _identity(line[7:])
        elif line.startswith(b"committer "):
            committer = _identity(line[10:])
        elif line.startswith(b"tree "):
            tree = line[5:].decode("ascii", "replace")
        elif line.startswith(b"encoding "):
            encoding = line[9:].decode("ascii", "replace")
        elif line.startswith((b"gpgsig ", b"gpgsig-sha256 ")):
            value = line.split(b" ", 1)[1]
            signature = next((kind for mark, kind in _SIGNATURES if value.startswith(mark)), SignatureKind.X509)
    return Commit(
        own, parents, tree, author[0], author[1], committer[0], committer[1], _decode(message, encoding), signature
    )


def _decode(message: bytes, encoding: str) -> str:
    try:
        return message.decode(encoding, "replace")
    except LookupError:  # an encoding header that names nothing we know
        return message.decode("utf-8", "replace")


def _identity(value: bytes) -> tuple[Person, int]:
    name, _, rest = value.partition(b"<")
    email, _, when = rest.rpartition(b">")
    seconds = when.split()
    try:
        time = int(seconds[0]) if seconds else 0
    except ValueError:
        time = 0
    return Person(name.strip().decode("utf-8", "replace"), email.strip().decode("utf-8", "replace")), time
