"""The ledger beside bare SQLite, in one run: appends at batch 100, verification, memory.

python -m benchmarks.ledger [RECORDS]

Baseline of appends: the same bytes inserted into one table of a database with the same settings (WAL, synchronous
FULL, page size, checkpoint interval), a transaction for each 100. Both take turns in stretches of 2,000, so that
whatever else the machine does slows both. Ours includes canonical headers, hashes, the tree, marks and the search
for duplicates. Small ledgers are made anew until as many records were appended as the largest has, and all of it
counts: one slow flush does not decide. Verification is CPU seconds of one core. Each size is a process of its own,
for its peak memory.
"""

import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from asbuilt.ledger.ledger import Ledger, create_ledger, open_ledger
from asbuilt.ledger.sqlite import PAGE_BYTES
from asbuilt.ledger.verify import verify_ledger
from asbuilt.model.record import Record, encode_entry

BATCH, STRETCH, BYTES = 100, 2_000, 700


def records(start: int, end: int) -> list[Record]:
    """Records whose entries have about 700 bytes."""
    return [
        Record(
            source="github:acme/harbor",
            event=f"acme/harbor | {number}",
            kind="fact/changes_seen",
            payload=b'{"number":"%012d","title":"%b"}' % (number, b"x" * 420),
            observed=1_767_225_600 + number // BATCH,
            recorded=1_767_225_660 + number // BATCH,
            by="collector",
            how="api",
            occurred=1_767_000_000 + number,
        )
        for number in range(start, end)
    ]


def bare(path: Path) -> sqlite3.Connection:
    """The baseline's database."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        f"page_size = {PAGE_BYTES}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "wal_autocheckpoint = 4000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE entries (position INTEGER PRIMARY KEY, entry BLOB NOT NULL)")
    return connection


def time_bare(connection: sqlite3.Connection, start: int, entries: list[bytes]) -> float:
    """Seconds of inserting entries, a transaction for each batch."""
    begun = time.perf_counter()
    for at in range(0, len(entries), BATCH):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO entries VALUES (?, ?)", enumerate(entries[at : at + BATCH], start + at))
        connection.execute("COMMIT")
    return time.perf_counter() - begun


def time_ours(ledger: Ledger, told: list[Record]) -> float:
    """Seconds of appending records, a call for each batch."""
    begun = time.perf_counter()
    for at in range(0, len(told), BATCH):
        ledger.append(told[at : at + BATCH])
    return time.perf_counter() - begun


def append(folder: Path, count: int) -> tuple[float, float]:
    """Seconds of the baseline and of ours for a new ledger of so many records."""
    connection = bare(folder / "bare.db")
    theirs = ours = 0.0
    with create_ledger(folder / "ledger", origin="example.com/benchmark", now=0) as ledger:
        for start in range(0, count, STRETCH):
            told = records(start, min(start + STRETCH, count))
            entries = [encode_entry(each) for each in told]
            theirs += time_bare(connection, start, entries)
            ours += time_ours(ledger, told)
    connection.close()
    return theirs, ours


def measure(count: int, times: int) -> str:
    """One line of the table."""
    theirs = ours = 0.0
    for time_left in reversed(range(times)):
        with tempfile.TemporaryDirectory() as place:
            seconds = append(Path(place), count)
            theirs, ours = theirs + seconds[0], ours + seconds[1]
            if time_left:
                continue
            appending = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            with open_ledger(Path(place) / "ledger", read_only=True) as ledger:
                size = len(ledger.entry(count - 1))
                begun = time.process_time()
                found = verify_ledger(ledger)
                checking = time.process_time() - begun
    if not found.holds or found.size != count:
        raise SystemExit(f"the ledger does not hold: {found.problems}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    appended = count * times
    rates = f"{appended / theirs:10,.0f} {appended / ours:10,.0f} {theirs / ours:7.2f} {count / checking:12,.0f}"
    return f"{count:>9,} {size:>6} {rates} {appending:>10.0f} {peak:>10.0f}"


def main(most: int) -> None:
    """Print the table: three sizes, each four times the one before."""
    heads = ("records", "bytes", "bare /s", "ours /s", "ratio", "verify /s CPU", "append MB", "verify MB")
    print("{:>9} {:>6} {:>10} {:>10} {:>7} {:>12} {:>9} {:>10}".format(*heads))
    for count in (most // 16, most // 4, most):
        words = [sys.executable, "-m", "benchmarks.ledger", "--measure", str(count), str(most // count)]
        print(subprocess.run(words, check=True, capture_output=True, text=True).stdout.rstrip(), flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(measure(int(sys.argv[2]), int(sys.argv[3])))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 800_000)
