"""Matches all signature rules against all commits of repositories, beside two baselines in the same run.

python benchmarks/attribution.py REPOSITORY...

Baselines: git itself printing the same commits (``git log`` of every person and message), and every rule tried on
every line of a sample of 2,000 commits, scaled to all. Figures are CPU seconds of one core; loading the catalogue
and compiling its rules is part of ours.
"""

import random
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from asbuilt.catalogue.signatures import LINE, Tool, Where, load_signatures
from asbuilt.history.attribution.classify import attribute_commits
from asbuilt.history.attribution.signals import match_signals, message_lines
from asbuilt.history.commits import read_commits
from asbuilt.history.git import Repository, open_repository
from asbuilt.model.commit import Commit

SAMPLE = 2_000


def measure(path: Path, tools: tuple[Tool, ...], loading: float) -> None:
    """Print the figures of one repository."""
    with open_repository(path) as repository:
        tip = repository.resolve("HEAD")
        theirs = run_git(repository, tip)
        commits = read_commits(repository, [tip])
    start = time.process_time()
    signals = match_signals(commits, tools)
    ours = loading + time.process_time() - start
    start = time.process_time()
    attributions = attribute_commits(commits, signals, tools=tools)
    classing = time.process_time() - start
    plain = run_plain(commits, tools)
    classes = Counter(attribution.authorship.value for attribution in attributions.values())
    rules = sum(len(tool.rules) for tool in tools)
    print(f"{path}: {len(commits):,} commits, {rules} rules, {len(signals):,} commits with a signal")
    print(f"  match_signals, catalogue included: {ours:6.2f} s CPU ({loading:.2f} s of it the catalogue)")
    print(f"  attribute_commits:                 {classing:6.2f} s CPU  {dict(classes.most_common())}")
    print(f"  git log of the same commits:       {theirs:6.2f} s CPU; ours takes {ours / theirs:.2f} of it")
    print(f"  every rule on every line:          {plain:6.2f} s CPU; ours is {plain / ours:.0f} times as fast")


def run_git(repository: Repository, tip: str) -> float:
    """CPU seconds of git for printing the people and messages of every commit."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with repository.stream("log", "--format=%H%n%an%n%ae%n%cn%n%ce%n%B", tip) as stream:
        while stream.read(1 << 20):
            pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def run_plain(commits: list[Commit], tools: tuple[Tool, ...]) -> float:
    """CPU seconds of trying every rule on everything, without needles or caches: a sample's, scaled."""
    chosen = random.Random(1).sample(commits, min(SAMPLE, len(commits)))
    rules = [rule for tool in tools for rule in tool.rules]
    start = time.process_time()
    for commit in chosen:
        person, committer = commit.author, f"{commit.committer.name} <{commit.committer.email}>"
        lines = message_lines(commit.message)
        for rule in rules:
            if rule.where in LINE:
                for line in lines:
                    rule.find(line)
            elif rule.where is Where.AUTHOR_EMAIL:
                rule.find(person.email)
            elif rule.where is Where.AUTHOR_NAME:
                rule.find(person.name)
            elif rule.where is Where.COMMITTER:
                rule.find(committer)
    return (time.process_time() - start) * len(commits) / max(len(chosen), 1)


def main(*paths: str) -> None:
    """Measure each repository; the one around this file when none is named."""
    start = time.process_time()
    tools = load_signatures()
    loading = time.process_time() - start
    for path in paths or (str(Path(__file__).parent),):
        measure(Path(path), tools, loading)


if __name__ == "__main__":
    main(*sys.argv[1:])
