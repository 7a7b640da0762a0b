"""Reading git notes in bulk: one listing for a ref, one ``cat-file --batch`` for all contents."""

import tempfile
from collections.abc import Iterator, Sequence

from asbuilt.history.git import Repository

# The largest record in a real history is 3.2 MB (a note with a whole transcript in it).
LARGEST = 16 << 20


def list_refs(repository: Repository, *patterns: str) -> list[tuple[str, str]]:
    """Refs below the patterns with the object that each names, in order of name."""
    listing = repository.run("for-each-ref", "--format=%(objectname) %(refname)", *patterns)
    found = []
    for line in listing.decode("utf-8", "surrogateescape").splitlines():
        own, _, name = line.partition(" ")
        found.append((name, own))
    return found


def list_notes(repository: Repository, ref: str) -> dict[str, str]:
    """Annotated object to note blob; what is no note in the ref's tree is left out.

    Source: git-notes, "Notes ref": a tree whose paths are object ids, cut into folders anywhere.

    Raises:
        SourceError: the ref leads to no tree.
    """
    found = {}
    for entry in repository.run("ls-tree", "-r", "-z", ref).split(b"\0"):
        head, _, path = entry.partition(b"\t")
        name = path.replace(b"/", b"")
        kind, own = head.split(b" ")[1:3] if head else (b"", b"")
        if kind == b"blob" and len(name) == repository.id_length and name.isalnum():
            found[name.decode("ascii")] = own.decode("ascii")
    return found


def read_blobs(repository: Repository, ids: Sequence[str]) -> Iterator[bytes | int]:
    """The content of each blob, in order; the size in bytes of one above ``LARGEST``; -1 for one that is absent."""
    if not ids:
        return
    sizes = []
    asked = ("\n".join(ids) + "\n").encode()
    for line in repository.run("cat-file", "--batch-check=%(objecttype) %(objectsize)", stdin=asked).splitlines():
        kind, _, length = line.partition(b" ")
        sizes.append(int(length) if kind == b"blob" else -1)
    with tempfile.TemporaryFile() as names:
        names.writelines(own.encode() + b"\n" for own, size in zip(ids, sizes, strict=True) if 0 <= size <= LARGEST)
        names.seek(0)
        with repository.stream("cat-file", "--batch", "--buffer", stdin=names) as stream:
            for size in sizes:
                if 0 <= size <= LARGEST:
                    stream.readline()
                    yield stream.read(size + 1)[:-1]
                else:
                    yield size
