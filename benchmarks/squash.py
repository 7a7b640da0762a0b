"""Replays every squash of the repositories below a folder, and prints what each replay gave and how long it took.

python benchmarks/squash.py FOLDER [OWNER+NAME …]
"""

import re
import sys
import time
from collections import Counter
from pathlib import Path

from asbuilt.history.commits import read_commits
from asbuilt.history.git import open_repository
from asbuilt.history.pull_refs import pull_heads
from asbuilt.history.squash import replay_squashes
from asbuilt.model.attribution import Replay

# The forge's own form; a caller with more to go on may name more candidates.
SUBJECT = re.compile(r"\(#([1-9][0-9]{0,8})\)$")


def measure(path: Path) -> tuple[Counter[Replay], int, float]:
    """Counts by kind of replay, candidates without a ref, and seconds for finding refs and replaying."""
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
    no_ref = sum(1 for replay in replays.values() if replay.number not in heads)
    return Counter(replay.replay for replay in replays.values()), no_ref, took


def main(folder: str, *names: str) -> None:
    root = Path(folder)
    kinds = list(Replay)
    print(f"{'repository':42}" + "".join(f"{kind:>16}" for kind in kinds) + f"{'(no ref)':>10}{'seconds':>9}")
    total: Counter[Replay] = Counter()
    for name in names or sorted(entry.name for entry in root.iterdir() if (entry / "repo").is_dir()):
        counts, no_ref, took = measure(root / name / "repo")
        total += counts
        print(f"{name:42}" + "".join(f"{counts[kind]:16,}" for kind in kinds) + f"{no_ref:10,}{took:9.2f}")
    print(f"{'all':42}" + "".join(f"{total[kind]:16,}" for kind in kinds))


if __name__ == "__main__":
    main(*sys.argv[1:])
