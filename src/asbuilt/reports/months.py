"""Time on an axis: months put together so that they fit, and the round numbers beside and below them."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from asbuilt.model.inspection import Month

_MOST = 48
_WIDTHS = (1, 3, 12, 24, 60, 120, 1200, 12000, 120000)


class Bin(msgspec.Struct, frozen=True):
    """Some months together: a label, how many months wide, and commits by class."""

    label: str
    months: int
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """All commits of the bin."""
        return sum(self.counts.values())


def bin_months(months: Sequence[Month]) -> tuple[list[Bin], int]:
    """At most 48 bins without a hole, oldest first; and how many commits are left out.

    Clocks of computers can be wrong by decades. Where a two-hundredth of the commits stretches the time to more
    than twice its length, those commits are left out, and counted.
    """
    dated = sorted((_index(month.month), month) for month in months)
    if not dated:
        return [], 0
    kept = _without_strays(dated)
    first, last = kept[0][0], kept[-1][0]
    width = next(width for width in _WIDTHS if (last // width) - (first // width) < _MOST)
    start = first // width
    counts: list[Counter[str]] = [Counter() for _ in range(last // width - start + 1)]
    for index, month in kept:
        counts[index // width - start].update(month.commits)
    bins = [Bin(_label((start + at) * width, width), width, dict(count)) for at, count in enumerate(counts)]
    everything = sum(sum(month.commits.values()) for _, month in dated)
    return bins, everything - sum(bin_.total for bin_ in bins)


def _without_strays(dated: list[tuple[int, Month]]) -> list[tuple[int, Month]]:
    sizes = [sum(month.commits.values()) for _, month in dated]
    room = sum(sizes) // 200
    low, high = 0, len(dated) - 1
    while low < high and sizes[low] <= room:
        room -= sizes[low]
        low += 1
    while high > low and sizes[high] <= room:
        room -= sizes[high]
        high -= 1
    whole = dated[-1][0] - dated[0][0] + 1
    return dated[low : high + 1] if whole > 2 * (dated[high][0] - dated[low][0] + 1) else dated


def _index(month: str) -> int:
    year, _, rest = month.partition("-")
    return 12 * int(year) + int(rest) - 1


def _label(index: int, width: int) -> str:
    year, month = divmod(index, 12)
    return f"{year:04d}" if width >= 12 else f"{year:04d}-{month + 1:02d}"


def ceiling(value: int) -> int:
    """The next even, round number: what the top of an axis stands for."""
    unit = 1
    while True:
        for step in (2, 4, 6, 10):
            if step * unit >= value:
                return step * unit
        unit *= 10


def ticks(bins: Sequence[Bin], most: int = 4) -> list[tuple[float, str, str]]:
    """Place (part of the width), label and anchor of at most ``most`` labels that cannot run into each other."""
    if not bins:
        return []
    if len(bins) <= 2:
        at = range(len(bins))
        return [((place + 0.5) / len(bins), bins[place].label, "middle") for place in at]
    chosen = sorted({round(place * (len(bins) - 1) / (most - 1)) for place in range(most)})
    last = len(bins) - 1
    return [
        (0.0, bins[0].label, "start")
        if place == 0
        else (1.0, bins[last].label, "end")
        if place == last
        else ((place + 0.5) / len(bins), bins[place].label, "middle")
        for place in chosen
    ]
