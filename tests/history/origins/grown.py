"""Small histories grown at random: branches, merges, renames and edits of every kind, the same for the same seed.

A history of n steps begins with the history of n - 1 steps, so that a failing one can be cut down.
"""

import random

from tests.history.origins.histories import EXECUTABLE, FILE, SUBMODULE, SYMLINK, Entry, History

NAMES = [b"a", b"b", b"lib/a", b"lib/b.py", b"src/b.py", b"src/deep/a", b"\xffx", b'q"\n', b"lib.txt", b"z"]
COMMON = [b"", b"}", b"    return", b"{", b"  x = 1", b"# --"]


def grow(seed: int, steps: int, *, submodule: bytes = b"1" * 40) -> History:
    """A history of ``steps`` commits and more; its last commit is a merge of whatever was open."""
    return _Grower(seed, submodule).grow(steps)


class _Grower:
    def __init__(self, seed: int, submodule: bytes) -> None:
        self.dice = random.Random(seed)
        self.history = History()
        self.submodule = submodule
        self.unique = 0
        self.heads: list[int] = []

    def grow(self, steps: int) -> History:
        start = {name: self.file() for name in self.dice.sample(NAMES, 4)}
        self.heads = [self.history.commit(start)]
        for _ in range(steps):
            self.step()
        while len(self.heads) > 1:
            self.merge(self.heads[:3])
        return self.history

    def step(self) -> None:
        kind = self.dice.random()
        if kind < 0.12 and len(self.heads) < 4:
            self.heads.append(self.dice.randrange(len(self.history.trees)))
        elif kind < 0.32 and len(self.heads) > 1:
            self.merge(self.dice.sample(self.heads, min(len(self.heads), self.dice.choice((2, 2, 2, 3)))))
        elif kind < 0.34:
            self.heads.append(self.history.commit({name: self.file() for name in self.dice.sample(NAMES, 2)}))
        else:
            at = self.dice.randrange(len(self.heads))
            tree = dict(self.history.trees[self.heads[at]])
            for _ in range(self.dice.choice((1, 1, 2, 4))):
                self.change(tree)
            self.heads[at] = self.history.commit(_sound(tree), self.heads[at], at=self.when())

    def when(self) -> int | None:
        return None if self.dice.random() < 0.8 else 1_600_000_000 + self.dice.randrange(10**8)

    def merge(self, parents: list[int]) -> None:
        keep = [head for head in self.heads if head not in parents]
        trees = [self.history.trees[parent] for parent in parents]
        tree: dict[bytes, Entry] = {}
        for path in sorted({path for own in trees for path in own}):
            having = [own[path] for own in trees if path in own]
            if len(having) < len(trees) and self.dice.random() < 0.1:
                continue
            entry = self.dice.choice(having)
            if self.dice.random() < 0.5 and all(e.mode == FILE for e in having):
                entry = self.mix([e.content for e in having])
            tree[path] = entry
        if self.dice.random() < 0.25:
            self.change(tree)
        merged = self.history.commit(_sound(tree), *dict.fromkeys(parents), at=self.when())
        self.heads = [*keep, merged]
        if self.dice.random() < 0.2:  # keep an old side open: criss-cross later
            self.heads.append(self.dice.choice(parents))

    def mix(self, versions: list[bytes]) -> Entry:
        """Lines of all versions: those of the first, with stretches of the others put in where they stood."""
        lines = versions[0].splitlines(keepends=True)
        for other in versions[1:]:
            theirs = other.splitlines(keepends=True)
            cut = self.dice.randint(0, max(len(lines), len(theirs)))
            lines = lines[:cut] + theirs[cut:] if self.dice.random() < 0.5 else theirs[:cut] + lines[cut:]
        return Entry(FILE, b"".join(lines))

    def file(self) -> Entry:
        return Entry(FILE, b"".join(self.line() for _ in range(self.dice.choice((0, 1, 3, 8, 20, 40)))))

    def line(self) -> bytes:
        if self.dice.random() < 0.4:
            return self.dice.choice(COMMON) + b"\n"
        self.unique += 1
        return b"line %d of many words\n" % self.unique

    def change(self, tree: dict[bytes, Entry]) -> None:
        files = sorted(path for path, entry in tree.items() if entry.mode in {FILE, EXECUTABLE})
        kind = self.dice.random()
        if kind < 0.12 or not files:
            tree[self.dice.choice(NAMES)] = self.file()
            return
        path = self.dice.choice(files)
        entry = tree[path]
        if kind < 0.15:
            del tree[path]
        elif kind < 0.28:
            target = self.dice.choice(NAMES)
            moved = tree.pop(path) if self.dice.random() < 0.7 else entry
            tree[target] = moved if self.dice.random() < 0.5 else Entry(moved.mode, self.edit(moved.content))
        elif kind < 0.32:
            tree[path] = Entry(EXECUTABLE if entry.mode == FILE else FILE, entry.content)
        elif kind < 0.35:
            tree[path] = Entry(SUBMODULE, self.submodule) if self.dice.random() < 0.5 else Entry(SYMLINK, b"a")
        else:
            tree[path] = Entry(entry.mode, self.edit(entry.content))

    def edit(self, content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        for _ in range(self.dice.choice((1, 1, 2, 3))):
            at = self.dice.randint(0, len(lines))
            size = self.dice.choice((1, 1, 2, 5))
            kind = self.dice.random()
            if kind < 0.4:
                lines[at:at] = [self.line() for _ in range(size)]
            elif kind < 0.6:
                del lines[at : at + size]
            elif kind < 0.8:
                lines[at : at + size] = [self.line() for _ in range(size)]
            elif kind < 0.88:
                block = lines[at : at + size]
                del lines[at : at + size]
                to = self.dice.randint(0, len(lines))
                lines[to:to] = block
            elif kind < 0.93:
                lines[at:at] = lines[: size * 2]
            elif kind < 0.96:
                flip = (b"\n", b"\r\n") if self.dice.random() < 0.6 else (b"\r\n", b"\n")
                lines = b"".join(lines).replace(*flip).splitlines(keepends=True)
            elif kind < 0.98 and lines:
                lines[-1] = lines[-1].rstrip(b"\n")
            else:
                lines[at:at] = [b"\0\n"]
        return b"".join(lines)


def _sound(tree: dict[bytes, Entry]) -> dict[bytes, Entry]:
    """The tree without files that stand where another path needs a folder."""
    folders = {path[:at] for path in tree for at in range(len(path)) if path[at : at + 1] == b"/"}
    return {path: entry for path, entry in tree.items() if path not in folders}
