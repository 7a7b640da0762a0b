"""Who brought each dependency: seconds cold and warm, and whether a slow recount agrees.

python -m benchmarks.dependencies [--sample N] REPOSITORY...

Each run is a process of its own: cold with an empty cache, warm with what that one kept. Cold is the whole of
`asbuilt deps`, the reading of the history with it. The recount reads every dependency file of N commits of the main
line and of their first parents, whole and without any cache, and compares the two trees; the introductions of those
commits must be the same. It also reads the tree of the tip, and holds the versions against what is said to stand.

Target: 2,000 commits and 2,300 components under 15 s cold, 1 s warm; their bill of materials under 3 s.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from asbuilt.app.component_history import component_history
from asbuilt.app.sbom_tree import revision_files
from asbuilt.history.git import Repository, open_repository
from asbuilt.model.component import Component
from asbuilt.supply.introductions import by_identity, compare, identity, label, versions_of
from asbuilt.supply.reading import read_tree


def timed(cache: str, *words: str) -> tuple[float, float]:
    """Wall and CPU seconds of one command, its children with it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "asbuilt", *words],
        env=os.environ | {"ASBUILT_CACHE": cache},
        stdout=subprocess.DEVNULL,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, cpu


def tree_of(repository: Repository, commit: str) -> tuple[Component, ...]:
    """The components of a commit, every file of it read."""
    with revision_files(repository, commit, "") as (files, _):
        return read_tree(files).components


def recount(folder: Path, sample: int) -> None:
    """Print in how many commits the slow recount and the history agree."""
    with open_repository(folder) as repository:
        tip = repository.resolve("HEAD")
        history = component_history(repository, tip)
        told: dict[str, set[object]] = {}
        for own in history.introductions:
            told.setdefault(own.commit, set()).add(
                (own.kind, identity(own.component), label(own.component), own.previous)
            )
        rows = [row.split() for row in repository.run("rev-list", "--parents", tip).decode().splitlines()]
        single = [(row[0], row[1]) for row in rows if len(row) == 2]
        lost = {
            own.why.partition(": ")[0].rpartition(" ")[2] for own in history.unread if own.why.startswith("As of")
        }
        asked = random.Random(7).sample(single, min(sample, len(single)))
        events = wrong = 0
        for commit, parent in asked:
            found = {
                (own.kind, identity(own.component), label(own.component), own.previous)
                for own in compare(tree_of(repository, parent), tree_of(repository, commit))
            }
            events += len(found)
            if found != told.get(commit, set()) and commit[:12] not in lost:
                wrong += 1
                print(f"  differs at {commit}: {sorted(map(str, found ^ told.get(commit, set())))[:4]}")
        print(f"recount of {len(asked):,} commits with {events:,} introductions: {wrong} differ")
        standing = {(identity(own.component), label(own.component)) for own in history.standing}
        there = {
            (own, version)
            for own, same in by_identity(tree_of(repository, tip)).items()
            for version in versions_of(same)
        }
        print(f"standing {len(standing):,}, of which the tree has {len(standing & there):,} of its {len(there):,}")


def main(folders: list[Path], sample: int) -> int:
    """Print the figures of each repository."""
    for folder in folders:
        print(folder.parent.name if folder.name == "repo" else folder.name)
        with tempfile.TemporaryDirectory() as cache:
            for name, words in (
                ("deps, cold", ("deps", str(folder))),
                ("deps, warm", ("deps", str(folder))),
                ("deps --history, warm", ("deps", "--history", "--format", "json", str(folder))),
                ("sbom", ("sbom", str(folder))),
                ("sbom --who, warm", ("sbom", "--who", str(folder))),
            ):
                wall, cpu = timed(cache, *words)
                print(f"{name:<22}{wall:>8.2f} s wall{cpu:>8.2f} s CPU")
        recount(folder, sample)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("repositories", type=Path, nargs="+")
    arguments = parser.parse_args()
    sys.exit(main(arguments.repositories, arguments.sample))
