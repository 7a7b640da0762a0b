"""Writers that are killed at random moments: run by ``test_killed.py``, as a process of its own.

    python -m tests.ledger.killed_writer FOLDER ROUNDS SEED

A round forks a writer, which appends, attaches and signs, and tells what is done only when it is durable; it is
killed. Then: everything that it told is there, the ledger verifies, and the next writer can begin.
"""

import os
import random
import signal
import sys
import time
from pathlib import Path

from asbuilt.ledger.checkpoints import published_size, sign_checkpoint
from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.verify import verify_ledger
from asbuilt.model.record import decode_entry
from tests.ledger.making import NOW, records


def write(folder: Path, told: int, start: int) -> None:
    """Append without end; one line for each thing that is done."""
    with open_ledger(folder) as ledger, os.fdopen(told, "wb", buffering=0) as out:
        number = start
        out.write(b"opened\n")
        while True:
            size = number % 9 + 1
            placed = ledger.append(records(number, number + size))
            out.write(b"".join(b"entry %d %d\n" % (number + at, each.index) for at, each in enumerate(placed)))
            number += size
            if number % 5 == 0:
                out.write(b"attachment %b\n" % ledger.put_attachment(b"%d" % number).encode())
            if number % 7 == 0:
                sign_checkpoint(ledger, NOW)
                out.write(b"checkpoint %d\n" % ledger.size)


def one_round(folder: Path, start: int, after: float) -> list[list[str]]:
    """Kill a writer so many seconds after it began to write; what it told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write(folder, writing, start)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as lines:
        opened = lines.readline()
        assert opened == b"opened\n", "the next start works"
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "it was killed, and did not fail"
        # A line that was cut short was not told.
        return [line.decode().split() for line in lines.read().split(b"\n")[:-1]]


def check(folder: Path, told: list[list[str]]) -> int:
    """Hold the ledger to what was told; gives its size."""
    with open_ledger(folder) as ledger:
        for what, first, *rest in told:
            if what == "entry":
                assert decode_entry(ledger.entry(int(rest[0]))).event == f"E-{first}"
            elif what == "attachment":
                assert ledger.attachment(first)
            else:
                assert int(first) <= published_size(folder) <= ledger.size
        problems = verify_ledger(ledger).problems
        assert problems == (), problems
        return ledger.size


def main(folder: str, rounds: str, seed: str) -> None:
    """Kill as many writers as that."""
    drawn = random.Random(int(seed))
    acknowledged = size = 0
    for number in range(int(rounds)):
        told = one_round(Path(folder), number * 100_000, drawn.expovariate(1 / 0.008))
        acknowledged += sum(line[0] == "entry" for line in told)
        before, size = size, check(Path(folder), told)
        assert size >= before
    print(acknowledged, size)  # noqa: T201 - read by the test


if __name__ == "__main__":
    main(*sys.argv[1:])
