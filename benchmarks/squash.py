"""Replays every squash of the repositories: what each replay gave, and its time beside asking git one by one.

python -m benchmarks.squash REPOSITORY...
"""

import re
import sys
import time
from collections import Counter

from asbuilt.history.commits import read_commits
from asbuilt.history.git import Repository, open_repository
from asbuilt.history.pull_refs import pull_heads
from asbuilt.history.squash import replay_squashes
from asbuilt.model.attribution import Replay, SquashReplay
from asbuilt.model.commit import Commit

# The forge's own form; a caller with more to go on may name more candidates.
SUBJECT = re.compile(r"\(#([1-9][0-9]{0,8})\)$")
SAMPLE = 40  # squashes that the baseline asks git about


def measure(path: str) -> Counter[Replay]:
    """Print one repository's row and return its counts by kind of replay."""
    with open_repository(path) as repository:
        commits = read_commits(repository, [repository.resolve("HEAD")])
        candidates = {
            commit.id: int(match[1])
            for commit in commits
            if len(commit.parents) == 1 and (match := SUBJECT.search(commit.subject))
        }
        started = time.perf_counter()
        heads = pull_heads(repository)
        replays = replay_squashes(repository, commits, candidates, heads)
        took = time.perf_counter() - started
        baseline = ask_one_by_one(repository, {commit.id: commit for commit in commits}, replays)
        counts = Counter(replay.replay for replay in replays.values())
        name = repository.path.parent.name if repository.path.name == "repo" else repository.path.name
    ratio = f"{baseline / took:9.1f}" if baseline else f"{'-':>9}"
    print(f"{name:36}" + "".join(f"{counts[kind]:16,}" for kind in Replay) + f"{took:9.2f}{baseline:10.2f}{ratio}")
    return counts


def ask_one_by_one(repository: Repository, commits: dict[str, Commit], replays: dict[str, SquashReplay]) -> float:
    """Seconds that ``git merge-tree`` would take for all squashes with a head, scaled from a sample."""
    headed = [replay for _, replay in sorted(replays.items()) if replay.head]
    chosen = headed[:: max(1, len(headed) // SAMPLE)][:SAMPLE]
    started = time.perf_counter()
    for replay in chosen:
        (parent,) = commits[replay.commit].parents
        repository.run("merge-tree", "--write-tree", parent, replay.head or "", ok=(0, 1))
    spent = time.perf_counter() - started
    return spent * len(headed) / len(chosen) if chosen else 0.0


def main(*paths: str) -> None:
    """Print a row a repository, and one for all."""
    heads = "".join(f"{kind:>16}" for kind in Replay)
    print(f"{'repository':36}{heads}{'ours s':>9}{'git s':>10}{'ratio':>9}")
    total: Counter[Replay] = Counter()
    for path in paths:
        total += measure(path)
    print(f"{'all':36}" + "".join(f"{total[kind]:16,}" for kind in Replay))


if __name__ == "__main__":
    main(*sys.argv[1:])
