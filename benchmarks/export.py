"""An export of a repository's requests into a ledger, and its join with git, beside reading the same JSON alone.

python -m benchmarks.export EXPORT OWNER/NAME [GIT]

Baseline: every file of the export's newest commit through `git cat-file --batch` and `json.loads`, nothing kept.
Ours: raw records (attachments brought to the disk one by one), rows, extracts; then, with GIT, its history, facts
derived, and what was approved held against what landed. Then the same again, with nothing new. Each step is a
process of its own; CPU seconds are its own and those of the git processes that it started.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from asbuilt.app.export_tree import open_tree
from asbuilt.app.sync_export import sync_export
from asbuilt.ledger.ledger import create_ledger


def read_alone(export: Path) -> str:
    """The baseline: every file as JSON."""
    count = size = 0
    with open_tree(export) as tree:
        for content in tree.read(tree.entries()):
            if content.body is not None:
                json.loads(content.body)
                count, size = count + 1, size + len(content.body)
    return f"{count:,} files, {size / 1e6:,.0f} MB"


def import_it(export: Path, repository: str, ledger: Path, git: Path | None) -> str:
    """Ours."""
    done = sync_export(export, repository=repository, ledger=ledger, git=git)
    rows = sum(count.new for count in done.synced.rows.values())
    return (
        "nothing new"
        if done.unchanged
        else f"{done.synced.pages:,} pages, {rows:,} rows, {len(done.faults)} not read"
    )


def measured(*words: str) -> tuple[float, float, float, str]:
    """Wall seconds, CPU seconds, peak MB and last line of a step in a process of its own."""
    begun = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.export", *words], capture_output=True, check=True, text=True
    ).stdout.splitlines()[-1]
    cpu, peak, said = told.split(" ", 2)
    return time.perf_counter() - begun, float(cpu), float(peak), said


def step(words: list[str]) -> None:
    """One step, and what it cost."""
    if words[0] == "--alone":
        said = read_alone(Path(words[1]))
    else:
        said = import_it(Path(words[1]), words[2], Path(words[3]), Path(words[4]) if words[4:] else None)
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    print(f"{cpu:.3f} {own.ru_maxrss / 1024:.0f} {said}")


def main(words: list[str]) -> None:
    """Measure each step and print it beside the baseline."""
    export, repository, git = words[0], words[1], words[2:]
    base = measured("--alone", export)
    print(f"json.loads alone:  {base[0]:6.2f} s wall, {base[1]:6.2f} s CPU, {base[2]:4.0f} MB; {base[3]}")
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder, "ledger")
        create_ledger(ledger, origin="example.com/benchmark", now=0).close()
        for title, more in (("import", []), ("again", []), *((("with git", git), ("again", git)) if git else ())):
            wall, cpu, peak, said = measured("--import", export, repository, str(ledger), *more)
            times = f"{wall:6.2f} s wall ({wall / base[0]:5.2f} of it), {cpu:6.2f} s CPU ({cpu / base[1]:5.2f})"
            print(f"{title + ':':18} {times}, {peak:4.0f} MB; {said}")


if __name__ == "__main__":
    if sys.argv[1:2] in (["--alone"], ["--import"]):
        step(sys.argv[1:])
    else:
        main(sys.argv[1:])
