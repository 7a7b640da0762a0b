"""``asbuilt inspect`` and ``asbuilt trace`` on whole repositories: cold, then from the index.

python -m benchmarks.inspection REPOSITORY...

Each figure is one process with nothing but the file cache warm; the cache of AsBuilt is a temporary folder. Beside
it, in the same run, what git itself needs to list every change of the history (``git log --name-status``).
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Cost:
    """What one process cost: seconds of wall and of CPU, and megabytes of the largest process so far."""

    def __init__(self, words: list[str], cache: str) -> None:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        done = subprocess.run(words, capture_output=True, check=False, env=os.environ | {"ASBUILT_CACHE": cache})
        self.wall = time.perf_counter() - started
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.largest = after.ru_maxrss / 1024
        self.code = done.returncode
        self.said = done.stderr.decode("utf-8", "replace").strip()
        self.out = done.stdout


def main(*repositories: str) -> int:
    """Print the table; 1 when an inspection failed."""
    own = [sys.executable, "-m", "asbuilt"]
    print(f"{'repository':28} {'what':26} {'wall s':>7} {'CPU s':>7} {'MB':>6}  exit")
    failed = False
    for repository in repositories:
        git = ["git", "-C", repository]
        listing = subprocess.run([*git, "ls-tree", "-r", "--name-only", "HEAD"], capture_output=True, check=True)
        names = listing.stdout.decode("utf-8", "replace").splitlines()
        target = next((name for name in names if name.startswith("README")), names[0]) + ":1"
        with tempfile.TemporaryDirectory() as cache:
            runs = {
                "git log --name-status": [*git, "log", "--name-status", "--format=%H"],
                "inspect, cold": [*own, "inspect", repository, "--format", "json"],
                "inspect, from the index": [*own, "inspect", repository, "--format", "json"],
                "trace of a line": [*own, "trace", "-C", repository, target, "--format", "json"],
                "lines as CSV": [*own, "lines", repository],
            }
            for name, words in runs.items():
                cost = Cost(words, cache)
                failed = failed or cost.code not in {0, 1, 3} or not cost.out
                shown = Path(repository).resolve()
                label = shown.parent.name if shown.name == "repo" else shown.name
                print(f"{label:28} {name:26} {cost.wall:7.2f} {cost.cpu:7.2f} {cost.largest:6.0f}  {cost.code}")
                if cost.code not in {0, 1, 3}:
                    print(cost.said)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["."])))
