"""libgit2's diff of two contents, with the hashing that it does not need left out where that is allowed.

Given bytes, libgit2 first reckons the ids of both, which takes more than half of the time. Given blobs it takes
their ids as they are. So contents can be handed over as blobs of a store in memory, under ids that only count up.
For that libgit2's check of ids against contents has to be off, a switch for the whole process: only a process of
our own, such as a worker, may throw it (``trust_ids``). The hunks are the same.
"""

import pygit2
from pygit2.enums import ConfigLevel, DiffOption, ObjectType, Option

# (first old line, old lines, first new line, new lines), counted from 0; lines between hunks are shared.
Hunk = tuple[int, int, int, int]

_FLAGS = DiffOption.FORCE_TEXT | DiffOption.INDENT_HEURISTIC
_ID_BYTES = 20


class _Pair(pygit2.OdbBackend):
    """Holds two contents: the old one under any even id, the new one under any odd one."""

    def __init__(self) -> None:
        super().__init__()
        self.contents = (b"", b"")

    def read_cb(self, own: pygit2.Oid) -> tuple[int, bytes]:
        return int(ObjectType.BLOB), self.contents[own.raw[-1] & 1]


class _Store:
    def __init__(self) -> None:
        self.pair = _Pair()
        objects = pygit2.Odb()
        objects.add_backend(self.pair, 1)
        self.repository = pygit2.Repository()
        self.repository.set_odb(objects)
        self.given = 0

    def blobs(self, old: bytes, new: bytes) -> tuple[pygit2.Blob, pygit2.Blob]:
        self.pair.contents = (old, new)
        self.given += 2
        one, two = (pygit2.Oid(raw=own.to_bytes(_ID_BYTES)) for own in (self.given, self.given + 1))
        return self.repository[one], self.repository[two]  # type: ignore[return-value]


_stores: list[_Store] = []


def trust_ids() -> None:
    """Leave hashing out, from now on and in all of this process; the user's git settings are not read either."""
    pygit2.option(Option.ENABLE_STRICT_HASH_VERIFICATION, False)
    for level in (ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL):
        pygit2.settings.search_path[level] = ""
    _stores[:] = [_Store()]


def compare_contents(old: bytes, new: bytes) -> list[Hunk]:
    """The hunks between two contents: Myers, indent heuristic, no context, always as text."""
    one, two = _stores[0].blobs(old, new) if _stores else (old, new)
    patch = pygit2.Patch.create_from(one, two, flag=_FLAGS, context_lines=0, interhunk_lines=0)
    hunks = []
    for hunk in patch.hunks:
        old_lines, new_lines = hunk.old_lines, hunk.new_lines
        # A hunk without lines on one side names the line before it (unified diff format).
        hunks.append((hunk.old_start - (old_lines > 0), old_lines, hunk.new_start - (new_lines > 0), new_lines))
    return hunks
