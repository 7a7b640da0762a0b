"""One worker of a shared walk: ``python -m asbuilt.history.origins.worker JOB`` (see ``share``)."""

import gc
import os
import signal
import sys
import threading
from pathlib import Path

import msgspec
import numpy as np

from asbuilt.history.git import open_repository
from asbuilt.history.origins.patches import trust_ids
from asbuilt.history.origins.share import Failure, Job, Rest
from asbuilt.history.origins.stream import Stream
from asbuilt.history.origins.walk import walk
from asbuilt.model.errors import AsBuiltError

_FAILED = 3


def work(file: Path) -> int:
    """Do one job; the answer goes beside it. The process's status."""
    job = msgspec.msgpack.decode(file.read_bytes(), type=Job)
    folder = Path(job.folder)
    try:
        with open_repository(job.repository) as repository:
            seeds = {load.path: [(0, load.lines, load.start)] for load in job.loads}
            stream = Stream(folder, job.id_length)
            walked = walk(repository, stream, {job.tip: seeds}, on=_say)
    except AsBuiltError as error:
        failure = Failure(error.what, error.why, error.fix, error.where)
        sys.stderr.buffer.write(msgspec.json.encode(failure) + b"\n")
        return _FAILED
    found = walked.found
    rest = Rest(found.paths, walked.lost)
    (folder / f"rest.{job.number}").write_bytes(msgspec.msgpack.encode(rest))
    np.savez(
        folder / f"found.{job.number}.npz",
        gid=found.gid, count=found.count, commit=found.commit, path=found.path, line=found.line,
    )  # fmt: skip
    return 0


def _say(_stage: str, _done: int, _total: int | None) -> None:
    os.write(1, b".")


def _end_with_parent() -> None:
    """Our input ends when the process that started us is gone."""
    while os.read(0, 4096):
        pass
    os._exit(_FAILED)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started us decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    trust_ids()
    gc.disable()  # nothing here is a cycle, and there are millions of tuples to look through
    sys.exit(work(Path(sys.argv[1])))
