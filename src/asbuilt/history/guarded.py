"""Which guarded paths each step of a branch touched: one ``diff-tree`` stream over all steps."""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from asbuilt.catalogue.guarded_paths import GuardedPaths
from asbuilt.history.git import Repository
from asbuilt.model.text import path_text


class GuardedReading:
    """Reads the changed paths of all steps while the caller goes on; ``result`` waits for them.

    The stream compares each step with its first parent (a root with nothing), renames as delete and add. git runs
    on the other core; here its bytes are only collected.
    """

    __slots__ = ("_pool", "_raw")

    def __init__(self, repository: Repository, steps: Sequence[str]) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._raw: Future[bytes] = self._pool.submit(read_steps, repository, steps)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()

    def result(self, guarded: GuardedPaths) -> dict[str, tuple[str, ...]]:
        """Step -> guarded paths it touched, in path order; steps that touched none are left out."""
        found: dict[str, list[str]] = {}
        verdicts: dict[bytes, str | None] = {}
        for step, path in split_steps(self._raw.result()):
            if path in verdicts:
                shown = verdicts[path]
            else:
                shown = verdicts[path] = path_text(path) if guarded.kind(path) is not None else None
            if shown is not None:
                found.setdefault(step, []).append(shown)
        return {own: tuple(paths) for own, paths in found.items()}


def split_steps(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Each path that a step changes, with the step; in the order in which ``read_steps`` gave them."""
    step = ""
    parts = iter(raw.split(b"\0"))
    for part in parts:
        if part.startswith(b":"):
            yield step, next(parts, b"")
        else:
            step = part.decode("ascii", "replace")


def read_steps(repository: Repository, steps: Sequence[str]) -> bytes:
    """What each step changes, as git's raw ``diff-tree -z`` prints it."""
    with tempfile.TemporaryFile() as names:
        names.write(("\n".join(steps) + "\n").encode())
        names.seek(0)
        with repository.stream(
            "diff-tree", "--stdin", "-r", "-z", "--raw", "--root", "--no-renames", "--always",
            "--diff-merges=first-parent",
            stdin=names,
        ) as stream:  # fmt: skip
            return stream.read()
