"""What a commit changed against any of its parents, read from the trees themselves.

``stream`` has the changes against first parents. Those against other parents are wanted so rarely that reading the
few trees that differ costs less than another git process each time.
Source: gitformat-pack and the object format of trees: ``mode SP name NUL id``, folders sorted as ``name/``.
"""

import re
import subprocess
from collections.abc import Iterator

from asbuilt.history.git import Repository
from asbuilt.history.origins.stream import ABSENT, Change
from asbuilt.model.errors import SourceError

_KEPT = 500  # trees
_FOLDER = b"040000"
# Sort key to mode and id; the key is the name, of a folder with a slash.
_Entries = dict[bytes, tuple[bytes, bytes]]


class Trees:
    """Compares trees, all through one ``git cat-file --batch``, which is started when it is first needed."""

    __slots__ = ("_entry", "_known", "_nothing", "_process", "_repository")

    def __init__(self, repository: Repository) -> None:
        size = repository.id_length // 2
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None
        self._known: dict[bytes, _Entries] = {}
        self._entry = re.compile(rb"([0-7]+) ([^\0]+)\0(.{%d})" % size, re.DOTALL)
        self._nothing = b"0" * repository.id_length

    def close(self) -> None:
        """End the git process."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def compare(self, parent: str, commit: str, *, added: bool = True) -> dict[bytes, Change]:
        """What differs between a parent and a commit, in tree order.

        Args:
            parent: a commit id.
            commit: another.
            added: False leaves out folders that the parent has not, unread.

        Raises:
            SourceError: a tree is absent or damaged.
        """
        found: dict[bytes, Change] = {}
        stack = [self._pairs(b"", f"{parent}^{{tree}}".encode(), f"{commit}^{{tree}}".encode())]
        while stack:
            for path, old, new in stack[-1]:
                if path.endswith(b"/"):
                    if added or old is not None:
                        stack.append(self._pairs(path, old and old[1], new and new[1]))
                        break
                    continue
                old_mode, old_id = old or (ABSENT, self._nothing)
                new_mode, new_id = new or (ABSENT, self._nothing)
                found[path] = Change(old_mode, new_mode, old_id, new_id)
            else:
                stack.pop()
        return found

    def _pairs(
        self, prefix: bytes, old: bytes | None, new: bytes | None
    ) -> Iterator[tuple[bytes, tuple[bytes, bytes] | None, tuple[bytes, bytes] | None]]:
        """Entries of two folders that differ, side by side in tree order."""
        before = self._entries(old) if old else {}
        after = self._entries(new) if new else {}
        for key in sorted(before.keys() | after.keys()):
            one, two = before.get(key), after.get(key)
            if one != two:
                yield prefix + key, one, two

    def _entries(self, name: bytes) -> _Entries:
        known = self._known.get(name)
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[name] = self._read(name)
        return known

    def _read(self, name: bytes) -> _Entries:
        if self._process is None:
            self._process = self._repository.start("cat-file", "--batch")
        given, taken = self._process.stdin, self._process.stdout
        if given is None or taken is None:  # pragma: no cover - start() opens both
            raise SourceError("git gave no pipes.")
        given.write(name + b"\n")
        given.flush()
        words = taken.readline().split()
        if len(words) != 3 or words[1] != b"tree":
            raise SourceError(
                f"The tree {name.decode('ascii')} is absent or damaged.", fix="`git fsck` names what is damaged."
            )
        body = taken.read(int(words[2]) + 1)
        entries: _Entries = {}
        for mode, key, own in self._entry.findall(body):
            folder = mode.zfill(6) == _FOLDER
            entries[key + b"/" if folder else key] = (mode.zfill(6), own.hex().encode())
        return entries
