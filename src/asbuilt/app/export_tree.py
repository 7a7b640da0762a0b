"""Where an export stands: a folder, or the newest commit of a git repository, bare or not."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from asbuilt.history.git import Repository, open_repository
from asbuilt.model.errors import UsageError
from asbuilt.model.text import visible
from asbuilt.sources.github.export import LARGEST_FILE, STATE, Content, Entry, FolderTree, Tree, refusal, too_large


class GitTree:
    """An export as a commit holds it; nothing of a work tree is looked at."""

    def __init__(self, repository: Repository, revision: str = "HEAD") -> None:
        self._repository = repository
        self.commit = repository.resolve(revision)
        self._objects: dict[str, str] = {}

    @property
    def name(self) -> str:
        """``git COMMIT``."""
        return f"git {self.commit}"

    @property
    def taken(self) -> int | None:
        """The committer's time."""
        return int(self._repository.run("show", "-s", "--format=%ct", self.commit))

    def identity(self) -> str:
        """The commit, which proves its whole tree, and a digest of the objects that this copy leaves out."""
        names = "".join(f"{own}\n" for own in sorted(self._listed().values()))
        said = self._repository.run("cat-file", "--batch-check", "--buffer", stdin=names.encode("ascii"))
        absent = [line for line in said.split(b"\n") if line.endswith(b" missing")]
        return f"{self.name} {hashlib.sha256(b' '.join(absent)).hexdigest()[:16]}" if absent else self.name

    def entries(self) -> list[Entry]:
        """All files of the layout's folders, by the modes that git keeps."""
        return [Entry(name, 0, refusal(mode, 0)) for name, mode in self._modes().items()]

    def _listed(self) -> dict[str, str]:
        self._modes()
        return self._objects

    def _modes(self) -> dict[str, int]:
        listed = self._repository.run("ls-tree", "-r", "-z", self.commit, "--", "pulls", "issues", STATE)
        found: dict[str, int] = {}
        for line in listed.split(b"\0"):
            head, _, path = line.partition(b"\t")
            if path:
                mode, _, own = head.decode("ascii").split(" ")
                name = path.decode("utf-8", "backslashreplace")
                self._objects[name], found[name] = own, int(mode, 8)
        return found

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """These files; one that is too large is passed over without being held."""
        asked = list(entries)
        with tempfile.TemporaryFile() as names:
            names.write("".join(f"{self._objects[entry.path]}\n" for entry in asked).encode("ascii"))
            names.seek(0)
            with self._repository.stream("cat-file", "--batch", "--buffer", stdin=names) as stream:
                for entry in asked:
                    about = stream.readline().split(b" ")
                    if len(about) != 3:  # "<id> missing": a copy that leaves large objects out
                        yield Content(entry, None, f"its object {self._objects[entry.path]} is not in this copy")
                        continue
                    size = int(about[2])
                    if size <= LARGEST_FILE:
                        yield Content(entry, stream.read(size))
                    else:
                        yield Content(entry, None, too_large(_pass_over(stream, size)))
                    stream.read(1)


def _pass_over(stream: IO[bytes], size: int) -> int:
    left = size
    while left > 0:
        left -= len(stream.read(min(left, 1 << 20))) or left
    return size


@contextmanager
def open_tree(path: Path) -> Iterator[Tree]:
    """The export at ``path``: its newest commit where it is the top of a git repository, else its folder.

    Raises:
        UsageError: there is no such folder.
        SourceError: the repository cannot be read, or has no commit.
    """
    if not path.is_dir():
        raise UsageError(
            f"{visible(str(path), 200)} is no folder.",
            fix="Name the folder of the export, or the git repository that holds it.",
        )
    if not _is_repository(path):
        yield FolderTree(path)
        return
    with open_repository(path) as repository:
        yield GitTree(repository)


def _is_repository(path: Path) -> bool:
    """Whether a folder is a git repository's own, not one somewhere inside another's work tree."""
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())
