"""Runs of lines with one origin, as plain tuples: what git blame prints and what an index answers."""

from collections.abc import Iterable
from typing import NamedTuple


class OriginRun(NamedTuple):
    """Consecutive lines with one origin; ``first`` and ``origin_line`` are 1-based."""

    first: int
    lines: int
    commit: str
    origin_path: bytes
    origin_line: int


def join_runs(runs: Iterable[OriginRun]) -> list[OriginRun]:
    """Runs in the order of their lines; two that continue each other, here and in the origin, become one."""
    joined: list[OriginRun] = []
    for run in sorted(runs):
        last = joined[-1] if joined else None
        if (
            last
            and last.commit == run.commit
            and last.origin_path == run.origin_path
            and last.first + last.lines == run.first
            and last.origin_line + last.lines == run.origin_line
        ):
            joined[-1] = last._replace(lines=last.lines + run.lines)
        else:
            joined.append(run)
    return joined


def cut_runs(runs: Iterable[OriginRun], first: int, last: int) -> list[OriginRun]:
    """The parts of runs that lie in lines ``first`` to ``last`` (1-based, inclusive)."""
    return [
        OriginRun(top, bottom - top + 1, run.commit, run.origin_path, run.origin_line + top - run.first)
        for run in runs
        if (top := max(run.first, first)) <= (bottom := min(run.first + run.lines - 1, last))
    ]
