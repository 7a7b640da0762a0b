"""One walk shared by several processes: each has some of the files, and all map the same stream.

1. Files are dealt so that all have about the same to do.
2. Each worker is a fresh interpreter (``worker``) that is told where the stream lies, and which lines are its
   own. No fork: other threads may run here.
3. What workers say is heard as it comes; their answers lie in files.
4. A worker that fails is an error with what it said. None outlives this call: they are killed, and they end by
   themselves when this process is gone, since their input then ends.
"""

import os
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import msgspec
import numpy as np

from asbuilt.history.git import Repository
from asbuilt.history.origins.stream import Stream
from asbuilt.history.origins.table import Found, Runs
from asbuilt.history.origins.walk import STEP, Walked, walk
from asbuilt.model.errors import SourceError
from asbuilt.model.progress import Listener

_SMALL = 3_000  # commits; a second interpreter costs a quarter of a second
_MOST = 8
_PER_FILE = 4_000  # what a file costs beyond its bytes, in bytes


class Load(msgspec.Struct, frozen=True, array_like=True):
    """All lines of one file at the tip; ``start`` is the global number of the first, ``weight`` what it costs."""

    path: bytes
    lines: int
    start: int
    weight: int


class Job(msgspec.Struct, frozen=True):
    """What one worker is told."""

    repository: str
    folder: str
    id_length: int
    number: int
    tip: str
    loads: list[Load]


class Rest(msgspec.Struct, frozen=True):
    """What a worker found besides columns."""

    paths: list[bytes]
    lost: list[tuple[bytes, Runs]]


class Failure(msgspec.Struct, frozen=True):
    """An error of ours on its way out of a worker."""

    what: str
    why: str
    fix: str
    where: str


def walk_together(
    repository: Repository,
    stream: Stream,
    folder: Path,
    tip: str,
    loads: Sequence[Load],
    *,
    on: Listener,
    workers: int | None,
) -> list[Walked]:
    """Walk all lines of some files at the stream's tip to their origins.

    Args:
        repository: where.
        stream: as read into ``folder``.
        folder: where it lies; the workers' answers go there too.
        tip: the commit.
        loads: the files.
        on: hears of commits walked.
        workers: processes; None: one a core, or this one alone for a small history.

    Raises:
        SourceError: git failed, or a worker.
    """
    if workers is None:
        workers = 1 if stream.inside < _SMALL else min(_cores(), _MOST)
    workers = min(workers, len(loads))
    if workers <= 1 or not sys.executable:
        seeds = {load.path: [(0, load.lines, load.start)] for load in loads}
        return [walk(repository, stream, {tip: seeds}, on=on)]
    # 1. Files are dealt.
    jobs = [
        Job(str(repository.path), str(folder), repository.id_length, number, tip, part)
        for number, part in enumerate(deal(loads, workers))
    ]
    # 2. to 4.
    running: list[_Worker] = []
    try:
        running.extend(_Worker(folder, job) for job in jobs)
        _listen(running, stream.inside, on)
        return [worker.result(folder, stream.commits) for worker in running]
    finally:
        for worker in running:
            worker.end()


def deal(loads: Sequence[Load], hands: int) -> list[list[Load]]:
    """The heaviest first, each to the hand that has least."""
    parts: list[list[Load]] = [[] for _ in range(hands)]
    sums = [0] * hands
    for load in sorted(loads, key=lambda load: -load.weight):
        least = sums.index(min(sums))
        parts[least].append(load)
        sums[least] += load.weight + _PER_FILE
    return parts


class _Worker:
    """One process, and what it said."""

    def __init__(self, folder: Path, job: Job) -> None:
        self.number = job.number
        self.done = 0
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end()
        file = folder / f"job.{job.number}"
        file.write_bytes(msgspec.msgpack.encode(job))
        # Only our own package's place is added, and the working directory never: it may be a hostile repository.
        home = str(Path(__file__).resolve().parents[3])
        others = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "asbuilt.history.origins.worker", str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            cwd=folder,
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join([home, *map(os.path.abspath, others)]),
                "OPENBLAS_NUM_THREADS": "1",
            },
        )

    def hear(self) -> bool:
        """Take in what the worker says now; False when it will say no more. One byte is one step."""
        said = os.read(self.output.fileno(), 4096)
        self.done += len(said)
        return bool(said)

    @property
    def output(self) -> IO[bytes]:
        if self.process.stdout is None:  # pragma: no cover - PIPE always gives one
            raise SourceError("A worker has no output.")
        return self.process.stdout

    def result(self, folder: Path, commits: list[str]) -> Walked:
        """What it found."""
        if self.process.wait() != 0:
            raise self._failure()
        rest = msgspec.msgpack.decode((folder / f"rest.{self.number}").read_bytes(), type=Rest)
        with np.load(folder / f"found.{self.number}.npz") as columns:
            found = Found(
                commits, rest.paths, columns["gid"],
                count=columns["count"], commit=columns["commit"], path=columns["path"], line=columns["line"],
            )  # fmt: skip
        return Walked(found, [], rest.lost)

    def _failure(self) -> SourceError:
        self.errors.seek(0)
        said = self.errors.read()
        try:
            known = msgspec.json.decode(said.splitlines()[-1] if said else b"", type=Failure)
        except msgspec.DecodeError:
            lines = said.decode("utf-8", "replace").split("\n")
            why = next(
                (line for line in reversed(lines) if line), f"It ended with status {self.process.returncode}."
            )
            return SourceError("A worker process that traces lines failed.", why=why[:500], fix="Run it again.")
        return SourceError(known.what, why=known.why, fix=known.fix, where=known.where)

    def end(self) -> None:
        """Make sure that it is gone."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.errors.close()


def _listen(running: Sequence[_Worker], total: int, on: Listener) -> None:
    """Until all have finished, or one has failed."""
    with selectors.DefaultSelector() as selector:
        for worker in running:
            selector.register(worker.output, selectors.EVENT_READ, worker)
        while selector.get_map():
            for key, _ in selector.select():
                worker = key.data
                if not worker.hear():
                    selector.unregister(key.fileobj)
                    if worker.process.wait() != 0:
                        return
            on("lines", min(min(worker.done for worker in running) * STEP, total), total)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
