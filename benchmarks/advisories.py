"""1,000 components against 370,000 rows of advisories: building the store, a warm check, a bare lookup beside it.

    python -m benchmarks.advisories [SEED]

Records are made up in the shape of the public ones (several intervals, listed versions, aliases): no network, no
data of others. The baseline is what SQLite alone needs to fetch the same rows in the same process: no order of
versions, no decision. Building runs in a process of its own, so that its peak of memory is its own.
"""

import json
import multiprocessing
import random
import resource
import sqlite3
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from asbuilt.model.component import Component
from asbuilt.supply.advisories.archives import places
from asbuilt.supply.advisories.building import build_store
from asbuilt.supply.advisories.matching import check_components
from asbuilt.supply.advisories.store import open_store
from asbuilt.supply.versions import order_key

NOW = 1_790_000_000
PYPI, NPM, LISTED = 15_000, 180_000, 12
COMPONENTS, RUNS = 1_000, 7


def version(draw: random.Random) -> str:
    """A version with three numbers."""
    return f"{draw.randrange(6)}.{draw.randrange(20)}.{draw.randrange(10)}"


def package(draw: random.Random, count: int, power: float = 2) -> str:
    """A name out of half as many as there are records; the higher the power, the more fall on a few packages."""
    return f"package-{int(count // 2 * draw.random() ** power)}"


def ranges(draw: random.Random) -> list[dict[str, Any]]:
    """One range of one to three intervals."""
    bounds = sorted(
        {(draw.randrange(6), draw.randrange(20), draw.randrange(10)) for _ in range(draw.choice((2, 2, 4, 6)))}
    )
    events: list[dict[str, str]] = []
    for at in range(0, len(bounds) - 1, 2):
        start, end = (".".join(map(str, bound)) for bound in bounds[at : at + 2])
        events += [{"introduced": start if at or draw.random() < 0.4 else "0"}, {"fixed": end}]
    return [{"type": "ECOSYSTEM", "events": events or [{"introduced": "0"}]}]


def records(ecosystem: str, count: int, draw: random.Random) -> Iterator[tuple[str, str]]:
    """So many records over half as many packages, a few of which have very many."""
    for number in range(count):
        name = package(draw, count)
        affected: dict[str, Any] = {"package": {"ecosystem": ecosystem, "name": name}, "ranges": ranges(draw)}
        if ecosystem == "PyPI":
            affected["versions"] = [version(draw) for _ in range(LISTED)]
        own = f"{ecosystem}-{number}"
        told = {
            "id": own,
            "modified": "2026-09-20T00:00:00Z",
            "aliases": [f"CVE-{number // 2}"],
            "summary": "Something that can be done and should not be",
            "details": "Words. " * 100,
            "affected": [affected],
        }
        yield own, json.dumps(told)


def make(folder: Path, seed: int) -> None:
    """The archives, as OSV lays them out."""
    draw = random.Random(seed)
    for ecosystem, count in (("PyPI", PYPI), ("npm", NPM)):
        (folder / ecosystem).mkdir()
        with zipfile.ZipFile(folder / ecosystem / "all.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for own, text in records(ecosystem, count, draw):
                archive.writestr(f"{own}.json", text)


def build(folder: Path) -> None:
    """Build the store, and print what it took."""
    start, cpu = time.perf_counter(), time.process_time()
    status = build_store(folder / "store", places(folder), now=NOW)
    took, used = time.perf_counter() - start, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = (folder / "store").stat().st_size / (1 << 20)
    print(f"{status.records:,} records, {status.rows:,} rows: built in {took:.1f} s ({used:.1f} s CPU), ", end="")
    print(f"peak {peak:,.0f} MiB, file {size:,.0f} MiB")


def lookup(store: Path, wanted: list[Component]) -> int:
    """The bare lookup: the same rows, fetched and left alone."""
    connection = sqlite3.connect(f"file:{store}?mode=ro&immutable=1", uri=True)
    rows = 0
    for each in wanted:
        found = connection.execute(
            "SELECT package FROM packages WHERE ecosystem = ? AND name = ?", (each.ecosystem, each.name)
        ).fetchone()
        if found is not None:
            rows += len(connection.execute("SELECT * FROM ranges WHERE package = ?", found).fetchall())
            asked = (*found, each.version)
            rows += len(
                connection.execute("SELECT * FROM versions WHERE package = ? AND version = ?", asked).fetchall()
            )
    connection.close()
    return rows


def check(store: Path, wanted: list[Component]) -> list[int]:
    """Open the store and check: how many matches, and components of each coverage."""
    with open_store(store) as opened:
        found = check_components(opened, wanted, now=NOW)
    kinds = [sum(each.coverage == kind for each in found) for kind in ("matched", "clean", "not_checked")]
    return [sum(len(each.matches) for each in found), *kinds]


def main(seed: int) -> None:
    """Print what building, checking and the baseline took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, seed)
        worker = multiprocessing.get_context("spawn").Process(target=build, args=(folder,))
        worker.start()
        worker.join()
        for power in (1.0, 2.0):  # any packages; then those that have many advisories
            measure(folder / "store", components(seed + 1, power))


def components(seed: int, power: float) -> list[Component]:
    """A thousand components, half of each ecosystem."""
    draw = random.Random(seed)
    return [
        Component(
            ecosystem=ecosystem,
            name=package(draw, count, power),
            version=version(draw),
            path="lock",
            purl="pkg:x/y",
        )
        for ecosystem, count in (("PyPI", PYPI), ("npm", NPM))
        for _ in range(COMPONENTS // 2)
    ]


def measure(store: Path, wanted: list[Component]) -> None:
    """Print what checking them and the baseline took."""
    times: dict[str, list[float]] = {"first": [], "warm": [], "cpu": [], "bare": []}
    for run in range(RUNS):
        order_key.cache_clear()  # every run orders every version anew: only the file is warm
        start, cpu = time.perf_counter(), time.process_time()
        told = check(store, wanted)
        times["cpu"].append(time.process_time() - cpu)
        times["warm" if run else "first"].append(time.perf_counter() - start)
        cpu = time.process_time()
        rows = lookup(store, wanted)
        times["bare"].append(time.process_time() - cpu)
    middle = {key: sorted(own)[len(own) // 2] * 1000 for key, own in times.items()}
    matches, matched, clean, unchecked = told
    print(
        f"{COMPONENTS:,} components: {matched:,} matched by {matches:,}, {clean:,} clean, {unchecked:,} not checked"
    )
    print(f"  check: first {middle['first']:.0f} ms; warm {middle['warm']:.0f} ms, {middle['cpu']:.0f} ms of CPU")
    ratio = middle["cpu"] / middle["bare"]
    print(f"  bare lookup of {rows:,} rows: {middle['bare']:.0f} ms of CPU; ratio {ratio:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
