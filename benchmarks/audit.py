"""What an audit costs: a year of a company of 50 people with 20,000 changes, and all other populations.

The simulated company (``tests/company_year``) is appended to a ledger in a temporary folder. Each step after that
runs in a process of its own: facts projected cold, an audit for all categories from the warm store, the same with
the auditor's package, and the package verified by the script that lies in it. The baseline, in the same run, is one
scan of the ledger: each entry read and its digest taken, nothing else.

    python -m benchmarks.audit [--changes 20000] [--folder FOLDER]

Targets: audit from a warm store under 10 s, package written in under 20 s.
"""

import argparse
import hashlib
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.company_year import year
from tests.company_year.world import END, NOW, START, World

from asbuilt.app.audit import Wanted, open_audit
from asbuilt.app.company import read_company
from asbuilt.app.fact_cache import facts_file
from asbuilt.app.package import write_package
from asbuilt.facts.store import open_facts, update_facts
from asbuilt.ledger.ledger import create_ledger, open_ledger

CHANGES, BATCH = 20_000, 1_000
CATEGORIES = ("security", "availability", "processing_integrity", "confidentiality", "privacy")
SEED = "agreed with the auditor"
AUDIT_WITHIN, PACKAGE_WITHIN = 10.0, 20.0  # seconds


class Clock:
    """Seconds of the clock and of the processor since it was made."""

    def __init__(self) -> None:
        self._began, self._worked = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        """Both, until now."""
        return time.perf_counter() - self._began, time.process_time() - self._worked


def report(what: str, clock: Clock, more: str = "") -> None:
    """One line: what took how long, and the most memory that this process ever held."""
    took, worked = clock.read()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"  {what:<32}{took:7.2f} s, {worked:6.2f} s CPU, {peak:6.0f} MB at most{more}", flush=True)


def append(folder: Path, changes: int) -> None:
    clock = Clock()
    records = year(World(changes=changes))
    report("the company tells its year", clock, f"; {len(records):,} records")
    clock = Clock()
    with create_ledger(folder / "ledger", origin="company.example/ledger", now=NOW) as ledger:
        for start in range(0, len(records), BATCH):
            ledger.append(records[start : start + BATCH])
    took = clock.read()[0]
    report(f"appended, {BATCH:,} at a time", clock, f"; {len(records) / took:,.0f} a second")


def scan(folder: Path, _: int) -> None:
    with open_ledger(folder / "ledger", read_only=True) as ledger:
        clock = Clock()
        digest, size = hashlib.sha256(), 0
        for entry in ledger.entries():
            digest.update(entry)
            size += len(entry)
        report("BASELINE: one scan of the ledger", clock, f"; {size / 1e6:.0f} MB")


def project(folder: Path, _: int) -> None:
    clock = Clock()
    with (
        open_ledger(folder / "ledger", read_only=True) as ledger,
        open_facts(facts_file(ledger), origin=ledger.origin, root_at=ledger.root) as store,
    ):
        found = update_facts(store, ledger.entries, root_at=ledger.root)
        report("facts, cold", clock, f"; {found.rows:,} rows, {len(found.refused)} refused")


def audited(folder: Path, package: Path | None) -> Iterator[str]:
    """What the audit came to; what takes long is told as it ends."""
    clock = Clock()
    wanted = Wanted(
        type=2,
        start=int(START.timestamp()),
        end=int(END.timestamp()),
        ledger=folder / "ledger",
        categories=CATEGORIES,
        seed=SEED,
    )
    steps: list[tuple[str, float]] = []

    def hear(stage: str, *_: int | None) -> None:
        if not steps or steps[-1][0] != stage:
            steps.append((stage, time.perf_counter()))

    with open_audit(wanted, read_company(None, folder), now=NOW, on=hear) as run:
        audit = run.audit
        met = Counter(result.conclusion.value for result in audit.results)
        items = sum(result.count for result in audit.results)
        report("audit, warm store", clock, f"; target {AUDIT_WITHIN:.0f} s")
        clock = Clock()
        if package is not None:
            write_package(run, package, on=hear)
            size = package.stat().st_size / 1e6
            report("package written", clock, f"; target {PACKAGE_WITHIN:.0f} s; {size:.1f} MB")
    steps.append(("", time.perf_counter()))
    for (stage, began), (_, ended) in itertools.pairwise(steps):
        yield f"{stage}: {ended - began:.2f} s"
    yield f"{len(audit.results)} controls, {items:,} verdicts, {len(audit.samples)} samples; {dict(met)}"
    yield f"{len(audit.deviations)} deviations, {len(audit.gaps)} gaps"


def audit_alone(folder: Path, _: int) -> None:
    for line in audited(folder, None):
        print(f"      {line}")


def audit_packed(folder: Path, _: int) -> None:
    for line in audited(folder, folder / "audit.zip"):
        print(f"      {line}")


def verify(folder: Path, _: int) -> None:
    script = folder / "verify.py"
    with zipfile.ZipFile(folder / "audit.zip") as opened:
        script.write_bytes(opened.read("verify.py"))
    clock = Clock()
    done = subprocess.run(
        [sys.executable, "-I", "-S", script, folder / "audit.zip"], capture_output=True, check=False
    )
    took = clock.read()[0]
    print(f"  {'its own script verifies it':<32}{took:7.2f} s; it says {done.returncode}")


STEPS: dict[str, Callable[[Path, int], None]] = {
    own.__name__: own for own in (append, scan, project, audit_alone, audit_packed, verify)
}


def main() -> None:
    """Each step in a process of its own, one after the other."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--changes", type=int, default=CHANGES)
    asked.add_argument("--folder", type=Path, help="use this one, and leave it there")
    asked.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.step:
        STEPS[given.step](given.folder, given.changes)
        return
    with tempfile.TemporaryDirectory(prefix="asbuilt-audit-") as made:
        folder = given.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        print(f"A year of a company: {given.changes:,} changes")
        environment = {**os.environ, "ASBUILT_CACHE": str(folder / "cache")}
        for step in STEPS:
            command = [sys.executable, "-m", "benchmarks.audit", "--step", step, "--folder", str(folder)]
            subprocess.run([*command, "--changes", str(given.changes)], check=True, env=environment)


if __name__ == "__main__":
    main()
