"""What ``git blame`` itself says, file by file: for small histories, and to check the walk against.

The processes run in the private git directory, so a commit-graph with changed-path filters may be written there;
the repository's own is used where it has one.
"""

import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import fsdecode

from asbuilt.history.git import Repository, git_failed
from asbuilt.history.origins.runs import OriginRun, join_runs
from asbuilt.model.errors import SourceError
from asbuilt.model.text import path_bytes


def write_commit_graph(repository: Repository, commit: str) -> None:
    """Write a commit-graph with changed-path filters into the private git directory.

    It makes later ``git blame`` of this run two to seven times as fast. The repository is not touched. With
    grafts, replace refs or a shallow boundary git writes none, and blame is only slower.
    """
    repository.run(
        "commit-graph",
        "write",
        "--changed-paths",
        "--no-progress",
        "--stdin-commits",
        stdin=commit.encode() + b"\n",
    )


def blame_files(
    repository: Repository,
    commit: str,
    paths: Sequence[bytes],
    *,
    since: str | None = None,
    workers: int = 2,
    seconds: float | None = None,
) -> Iterator[tuple[bytes, list[OriginRun] | SourceError | None]]:
    """What ``git blame`` with its default options says of each file, in the order of ``paths``.

    Args:
        repository: where.
        commit: the revision whose files are blamed.
        paths: files of that revision; a file without lines gives no runs.
        since: an ancestor at which git stops: lines older than that are given as they stand there.
        workers: processes at once.
        seconds: time for all of them; a file that is not done by then gives None. No limit when None.

    A file that git could not blame (an object is absent) gives the error, and the others go on.
    """
    until = None if seconds is None else time.monotonic() + seconds
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        revisions = (commit,) if since is None else (commit, f"^{since}")
        waiting = [pool.submit(_blame, repository, revisions, path, until) for path in paths]
        try:
            for path, done in zip(paths, waiting, strict=True):
                yield path, done.result()
        finally:
            for done in waiting:
                done.cancel()


def blame_lines(
    repository: Repository, commit: str, path: bytes, ranges: Sequence[tuple[int, int]]
) -> list[OriginRun]:
    """What ``git blame`` says of some lines of a file; ``ranges`` are 1-based and inclusive."""
    said = repository.run(
        "blame", "--incremental", *(f"-L{first},{last}" for first, last in ranges), commit, "--", fsdecode(path)
    )
    return parse_blame(said)


def _blame(
    repository: Repository, revisions: Sequence[str], path: bytes, until: float | None
) -> list[OriginRun] | SourceError | None:
    left = None if until is None else until - time.monotonic()
    if left is not None and left <= 0:
        return None
    arguments = ("blame", "--incremental", *revisions, "--", fsdecode(path))
    with repository.start(*arguments) as process:
        try:
            said, _ = process.communicate(timeout=left)
        except subprocess.TimeoutExpired:
            process.kill()
            return None
        finally:
            if process.poll() is None:
                process.kill()
    if process.returncode != 0:
        return git_failed(arguments, process.returncode, f"It was reading {fsdecode(path)!a}.".encode())
    return parse_blame(said)


def parse_blame(said: bytes) -> list[OriginRun]:
    """The output of ``git blame --incremental`` as runs in the order of the lines, neighbours of one origin joined.

    Source: git-blame, "Incremental output".
    """
    found: list[OriginRun] = []
    commit, origin, first, count = "", 0, 0, 0
    fresh = True  # the next line opens an entry; a header line never can, whatever a message says
    for line in said.split(b"\n"):
        if fresh:
            if not line:
                continue
            words = line.split(b" ")
            commit = words[0].decode("ascii")
            origin, first, count = int(words[1]), int(words[2]), int(words[3])
            fresh = False
        elif line.startswith(b"filename "):
            path = line[9:]
            name = path_bytes(path.decode("ascii")) if path.startswith(b'"') else path
            found.append(OriginRun(first, count, commit, name, origin))
            fresh = True
    return join_runs(found)
