"""Line origins against ``git blame``: time, memory and agreement, in one run (see README.md)."""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from asbuilt.history.git import Repository, open_repository
from asbuilt.history.origins import LineOrigins, line_origins
from asbuilt.history.origins.blame import parse_blame, write_commit_graph
from asbuilt.history.origins.index import find_line, read_index
from asbuilt.history.origins.runs import OriginRun
from asbuilt.history.origins.stored import load_origins

WORKERS = 2
FURTHER = 100


class Measured(NamedTuple):
    """One measured piece of work; seconds, and bytes of the largest process."""

    wall: float
    cpu: float
    peak: int


def main() -> int:
    """Measure the repositories that the command line names; 1 when any line differs from git blame."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.origins", description=__doc__)
    parser.add_argument("repository", nargs="+", type=Path)
    parser.add_argument("--rev", default="HEAD")
    parser.add_argument("--sample", type=int, default=100, help="files for the baseline")
    parser.add_argument("--full", action="store_true", help="all files for the baseline")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--child", nargs=2, metavar=("TIP", "INDEX"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        _child(asked.repository[0], asked.child[0], Path(asked.child[1]))
        return 0
    differing = sum(
        measure(path, asked.rev, None if asked.full else asked.sample, asked.seed) for path in asked.repository
    )
    return 1 if differing else 0


def measure(path: Path, rev: str, sample: int | None, seed: int) -> int:
    """Print the figures of one repository; how many lines differ."""
    with open_repository(path) as repository, tempfile.TemporaryDirectory() as scratch:
        tip = repository.resolve(rev)
        index = Path(scratch, "index")
        ours = _run_ours(path, tip, index)
        origins = _load(index, tip)
        lines = int(origins.count.sum())
        print(f"\n{path}  {tip[:12]}: {len(origins.paths)} text files, {lines} lines, {len(origins.first)} runs")
        start = time.perf_counter()
        write_commit_graph(repository, tip)
        print(f"  commit-graph with changed paths, not counted: {time.perf_counter() - start:.2f} s")
        chosen = list(origins.paths)
        if sample is not None and sample < len(chosen):
            chosen = random.Random(seed).sample(chosen, sample)
        baseline = run_baseline(repository, tip, chosen, Path(scratch))
        scale = len(origins.paths) / len(chosen)
        estimate = "" if scale == 1 else f" (estimate: {len(chosen)} files took {baseline.wall:.2f} s)"
        theirs = Measured(baseline.wall * scale, baseline.cpu * scale, 0)
        print(f"  git blame, 2 processes:  {theirs.wall:8.2f} s  CPU {theirs.cpu:8.2f} s{estimate}")
        print(
            f"  line_origins:            {ours.wall:8.2f} s  CPU {ours.cpu:8.2f} s  peak {ours.peak / 1e6:.0f} MB"
        )
        print(f"  ratio: {theirs.wall / ours.wall:.1f} times as fast")
        differing, compared = compare(origins, chosen, Path(scratch))
        share = 100 * (1 - differing / max(compared, 1))
        print(f"  agreement: {share:.4f} % ({differing} of {compared} lines differ)")
        differing += _measure_increment(repository, path, tip, origins, Path(scratch))
        _measure_lookup(index, tip, origins)
        return differing


def run_baseline(repository: Repository, tip: str, paths: list[bytes], scratch: Path) -> Measured:
    """``git blame --incremental`` of each file into a file of its own; git's own speed, nothing is parsed here."""
    found = os.environ["PATH"].split(os.pathsep)
    git = next(str(Path(folder, "git")) for folder in found if Path(folder, "git").is_file())
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC

    def blame(number: int, path: bytes) -> None:
        actions = [(os.POSIX_SPAWN_OPEN, 1, str(scratch / f"{number}.blame"), flags, 0o600)]
        words: list[str | bytes] = [git, "blame", "--incremental", tip, "--", path]
        own = os.posix_spawn(git, words, repository.environment, file_actions=actions)
        _, status = os.waitpid(own, 0)
        if status != 0:
            raise SystemExit(f"git blame failed on {path!r}: are all objects there?")

    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(blame, range(len(paths)), paths))
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(wall, cpu, 0)


def compare(origins: LineOrigins, paths: list[bytes], scratch: Path) -> tuple[int, int]:
    """How many lines differ from what the baseline said, of how many."""
    numbers = {path: number for number, path in enumerate(origins.paths)}
    differing = compared = 0
    for number, path in enumerate(paths):
        said = _spread(parse_blame((scratch / f"{number}.blame").read_bytes()))
        ours = _spread(_runs(origins, numbers[path]))
        compared += len(said)
        wrong = sum(a != b for a, b in zip(said, ours, strict=False)) + abs(len(said) - len(ours))
        if wrong:
            differing += wrong
            print(f"  DIFFERS: {path!r}, {wrong} lines")
    return differing, compared


def _measure_increment(repository: Repository, path: Path, tip: str, full: LineOrigins, scratch: Path) -> int:
    chain = repository.run("rev-list", "--first-parent", f"--max-count={FURTHER + 1}", tip).decode().split()
    for old in chain:
        further = int(repository.run("rev-list", "--count", tip, f"^{old}"))
        if further >= FURTHER:
            break
    index = scratch / "older"
    _run_ours(path, old, index)
    step = _run_ours(path, tip, index)
    wrong = _differing(full, _load(index, tip))
    print(f"  {further} further commits: {step.wall:.2f} s  CPU {step.cpu:.2f} s, {wrong} lines unlike a full pass")
    return wrong


def _measure_lookup(index: Path, tip: str, origins: LineOrigins) -> None:
    path = origins.paths[len(origins.paths) // 2]
    code = (
        "import sys, time; from pathlib import Path; start = time.perf_counter();"
        "from asbuilt.history.origins.index import find_line;"
        "found = find_line(Path(sys.argv[1]), sys.argv[2], bytes.fromhex(sys.argv[3]), 1);"
        "print(time.perf_counter() - start, 'numpy' in sys.modules, found is not None)"
    )
    start = time.perf_counter()
    said = subprocess.run(
        [sys.executable, "-c", code, str(index), tip, path.hex()], capture_output=True, text=True, check=True
    ).stdout.split()
    wall = time.perf_counter() - start
    warm = time.perf_counter()
    find_line(index, tip, path, 1)
    warm = time.perf_counter() - warm
    print(
        f"  find_line: {1000 * float(said[0]):.0f} ms with its imports (numpy: {said[1]}, found: {said[2]}), "
        f"{1000 * wall:.0f} ms the whole process, {1000 * warm:.0f} ms once imported"
    )


def _run_ours(path: Path, tip: str, index: Path) -> Measured:
    """``line_origins`` in a fresh process; its wall time is measured inside, imports of our modules left out."""
    command = [sys.executable, "-m", "benchmarks.origins", str(path), "--child", tip, str(index)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    wall, peak = json.loads(said.splitlines()[-1])
    return Measured(wall, cpu, peak)


def _child(path: Path, tip: str, index: Path) -> None:
    start = time.perf_counter()
    with open_repository(path) as repository:
        line_origins(repository, tip, index=index, workers=WORKERS)
    wall = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    print(json.dumps([wall, unit * max(resource.getrusage(one).ru_maxrss for one in who)]))


def _load(index: Path, tip: str) -> LineOrigins:
    opened = read_index(index, tip)
    origins = load_origins(opened) if opened is not None else None
    if origins is None:
        raise SystemExit("line_origins left no index")
    return origins


def _differing(one: LineOrigins, two: LineOrigins) -> int:
    if one.paths != two.paths:
        raise SystemExit("the increment has other files than the full pass")
    return sum(
        a != b
        for number in range(len(one.paths))
        for a, b in zip(_spread(_runs(one, number)), _spread(_runs(two, number)), strict=True)
    )


def _runs(origins: LineOrigins, number: int) -> list[OriginRun]:
    return [
        OriginRun(
            int(origins.first[run]),
            int(origins.count[run]),
            origins.commits[origins.commit[run]],
            origins.origin_paths[origins.origin_path[run]],
            int(origins.origin_line[run]),
        )
        for run in range(int(origins.file_start[number]), int(origins.file_start[number + 1]))
    ]


def _spread(runs: list[OriginRun]) -> list[tuple[str, bytes, int]]:
    return [(run.commit, run.origin_path, run.origin_line + step) for run in runs for step in range(run.lines)]


if __name__ == "__main__":
    sys.exit(main())
