"""What reading a forge costs: 5,000 pull requests with reviews, checks and timeline, 20 ms an answer.

python -m benchmarks.sync [REQUESTS] [--milliseconds 20]

The forge is the simulator of the tests, on the loopback in a process of its own. It works out every answer once,
for readings that are not measured, and keeps it: its own time is no part of what is measured, each answer takes
20 ms. Then, each in a process of its own: the fewest requests; the source alone, read to its end and thrown away;
the whole reading into an empty ledger; and the same again, with nothing new.

The baseline, in the same run and of the same forge, is a bare client that sends the fewest requests with which
GitHub's limits (100 items a page) let the same be read, one after the other, and drops what comes: as many bytes
come as to the reading. A quarter and a half of the size tell whether memory grows.

Target: the reading takes at most 1.3 times what that client takes; its memory is the same at every size.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from asbuilt.ledger.ledger import create_ledger

REQUESTS, MILLISECONDS, WITHIN = 5_000, 20, 1.3
TOKEN = "every-permission"  # the simulator's
AGAIN = "again, nothing new"


class Forge:
    """The forge's process: a word a line goes in, JSON a line comes out."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.address: str = self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def tell(self, word: str) -> Any:
        """Its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return self._read()


@contextmanager
def forge(requests: int) -> Iterator[Forge]:
    """A forge with so many requests, while the block runs."""
    words = [sys.executable, "-m", "benchmarks.sync_forge", str(requests)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Forge(process)
        finally:
            process.terminate()


def measured(step: str, address: str, folder: Path) -> dict[str, Any]:
    """A step in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.sync_step", step, address, str(folder)]
    environment = os.environ | {"ASBUILT_GITHUB_TOKEN": TOKEN}
    told: dict[str, Any] = json.loads(
        subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
    )
    return told


def measure(requests: int, milliseconds: int, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Print the lines of one size; gives what the reading took, and the bare client."""
    begun = time.perf_counter()
    with forge(requests) as running:
        for name in ("rehearsal", "ledger"):
            create_ledger(folder / name, origin="example.com/benchmark", now=0).close()
        # What any of the steps will ask for is worked out.
        measured("sync", running.address, folder / "rehearsal")
        asked = running.tell("count")["asked"]
        (folder / "asked.json").write_text(json.dumps(asked))
        measured("bare", running.address, folder)
        measured("sync", running.address, folder / "rehearsal")
        print(f"{requests:,} pull requests, {milliseconds} ms an answer; load {os.getloadavg()[0]:.1f}", end="")
        print(f" (answers worked out in {time.perf_counter() - begun:.0f} s)", flush=True)
        running.tell(f"slow {milliseconds}")
        least = running.tell("count")["fewest"]
        print(f"  fewest requests possible {least:>9,}      {least * milliseconds / 1000:7.2f} s of waiting")
        found: dict[str, dict[str, Any]] = {}
        for what, step, place in (
            ("the fewest, bare", "bare", folder),
            ("the source alone", "source", folder),
            ("into an empty ledger", "sync", folder / "ledger"),
            (AGAIN, "sync", folder / "ledger"),
        ):
            found[what] = measured(step, running.address, place)
            line(what, len(running.tell("count")["asked"]), found[what], found["the fewest, bare"])
    bare, ours = found["the fewest, bare"], found["into an empty ledger"]
    # If nobody else used the processors: the wait, or the work of the busier of the two processes.
    print(
        f"  expected of a machine of its own: {max(bare['seconds'], ours['cpu'], ours['cpu_beside']):.2f} s"
        f" (the bare client waits {bare['seconds']:.2f} s; the reading works {ours['cpu']:.2f} s"
        f" and beside itself {ours['cpu_beside']:.2f} s, for {ours['count']:,} rows)",
        flush=True,
    )
    return ours, bare


def line(what: str, sent: int, told: dict[str, Any], least: dict[str, Any]) -> None:
    """One step's figures."""
    cpu = told["cpu"] + told["cpu_beside"]
    beside = f" + {told['peak_beside']:.0f}" if told["peak_beside"] else ""
    print(
        f"  {what:<24}{sent:>10,}      {told['seconds']:7.2f} s, {cpu:6.2f} s CPU, {told['peak']:.0f}{beside} MB at"
        f" most, {told['seconds'] / least['seconds']:5.2f} of the bare client's",
        flush=True,
    )


def main(requests: int, milliseconds: int) -> None:
    """Three sizes."""
    found = []
    for size in (requests // 4, requests // 2, requests):
        with tempfile.TemporaryDirectory() as place:
            found.append((size, *measure(size, milliseconds, Path(place))))
    told = "; ".join(f"{ours['peak']:.0f} + {ours['peak_beside']:.0f} MB at {size:,}" for size, ours, _ in found)
    print(f"memory at most, of the reading and of the process beside it: {told}")
    _, ours, bare = found[-1]
    ratio = ours["seconds"] / bare["seconds"]
    print(
        f"the reading: {ours['seconds']:.2f} s, the bare client with the fewest requests: {bare['seconds']:.2f} s;"
        f" {ratio:.2f} times, the target is {WITHIN}"
    )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("requests", type=int, nargs="?", default=REQUESTS)
    arguments.add_argument("--milliseconds", type=int, default=MILLISECONDS)
    chosen = arguments.parse_args()
    main(chosen.requests, chosen.milliseconds)
