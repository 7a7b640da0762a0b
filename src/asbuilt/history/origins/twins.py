"""Lines that were two and are one further back: both go on as one number, and part again at home.

A merge may keep one line of its ancestor twice, once from each side. In the ancestor both have one place. So that
the runs of a file never overlap, such lines get a number of their own there, beyond all that the caller gave.
"""

from bisect import bisect_right
from itertools import pairwise

from asbuilt.history.origins.table import Runs

FIRST_TWIN = 1 << 48  # greater than any number of lines


class Twins:
    """Hands out numbers for lines that have come together, and knows what they stand for."""

    __slots__ = ("_members", "_next", "_starts")

    def __init__(self) -> None:
        self._next = FIRST_TWIN
        self._starts: list[int] = []
        self._members: list[tuple[int, ...]] = []  # the first number of each line of ours

    def join(self, one: Runs, two: Runs) -> Runs:
        """Lines that reached one file by two ways, sorted, without overlap; runs that continue become one."""
        runs = sorted(one + two)
        joined: Runs = []
        for run in runs:
            if joined:
                start, lines, gid = joined[-1]
                if start + lines > run[0]:
                    return self._join_overlapping(runs)
                if start + lines == run[0] and gid + lines == run[2]:
                    joined[-1] = (start, lines + run[1], gid)
                    continue
            joined.append(run)
        return joined

    def part(self, runs: Runs) -> Runs:
        """Runs with the caller's own numbers; they may overlap."""
        if all(gid < FIRST_TWIN for _, _, gid in runs):
            return runs
        parted: Runs = []
        for at, lines, gid in runs:
            start, left, number = at, lines, gid
            while left and number >= FIRST_TWIN:
                which = bisect_right(self._starts, number) - 1
                end = self._starts[which + 1] if which + 1 < len(self._starts) else self._next
                step = min(left, end - number)
                ahead = number - self._starts[which]
                parted += self.part([(start, step, member + ahead) for member in self._members[which]])
                start, left, number = start + step, left - step, number + step
            if left:
                parted.append((start, left, number))
        return sorted(parted)

    def _join_overlapping(self, runs: Runs) -> Runs:
        """Cut at every end of a run; a piece that several hold gets a number of its own."""
        cuts = sorted({edge for start, lines, _ in runs for edge in (start, start + lines)})
        holders: dict[int, list[int]] = {}
        for start, lines, gid in runs:
            for cut in cuts[bisect_right(cuts, start) - 1 : bisect_right(cuts, start + lines - 1)]:
                holders.setdefault(cut, []).append(gid + cut - start)
        joined: Runs = []
        for cut, end in pairwise(cuts):
            gids = holders.get(cut)
            if gids is not None:
                joined.append((cut, end - cut, gids[0] if len(gids) == 1 else self._number(end - cut, gids)))
        return joined

    def _number(self, lines: int, gids: list[int]) -> int:
        number = self._next
        self._starts.append(number)
        self._members.append(tuple(gids))
        self._next += lines
        return number
