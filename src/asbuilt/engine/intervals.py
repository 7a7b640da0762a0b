"""Stretches of time [start, end) in Unix seconds: their union, what lies in both, who wins where they overlap."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

Interval = tuple[int, int]
R = TypeVar("R", bound=int)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The time that lies in any of them, as the fewest intervals, in order; empty ones count for nothing."""
    found: list[Interval] = []
    for start, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def common(these: Sequence[Interval], those: Sequence[Interval]) -> list[Interval]:
    """The time that lies in both; each is a union already."""
    return union((max(a[0], b[0]), min(a[1], b[1])) for a in these for b in those)


def missing(intervals: Iterable[Interval], within: Interval) -> list[Interval]:
    """The time of ``within`` that none of them holds."""
    found, at = [], within[0]
    for start, end in union(intervals):
        if at < min(start, within[1]):
            found.append((at, min(start, within[1])))
        at = max(at, end)
    return [*found, (at, within[1])] if at < within[1] else found


def length(intervals: Iterable[Interval]) -> int:
    """Seconds in all of them together; none may overlap."""
    return sum(end - start for start, end in intervals)


def ranked(intervals: Iterable[tuple[int, int, R]]) -> list[tuple[int, int, R]]:
    """For each moment the lowest rank that holds then; equal neighbours are one, in order."""
    turns: dict[int, list[tuple[R, int]]] = {}
    for start, end, rank in intervals:
        if start < end:
            turns.setdefault(start, []).append((rank, 1))
            turns.setdefault(end, []).append((rank, -1))
    held: dict[R, int] = {}
    found: list[tuple[int, int, R]] = []
    last = 0
    for at in sorted(turns):
        if held:
            best = min(held)
            if found and found[-1][1] == last and found[-1][2] == best:
                found[-1] = (found[-1][0], at, best)
            else:
                found.append((last, at, best))
        for rank, step in turns[at]:
            held[rank] = held.get(rank, 0) + step
            if not held[rank]:
                del held[rank]
        last = at
    return found


def clipped(intervals: Iterable[tuple[int, int, R]], start: int, end: int) -> list[tuple[int, int, R]]:
    """What of them lies in [start, end)."""
    return [
        (max(own[0], start), min(own[1], end), own[2]) for own in intervals if max(own[0], start) < min(own[1], end)
    ]
