"""Which lines two versions of a file share, exactly as git says.

git's own diff is libgit2's: Myers on whole lines with their ends, common ends taken off first, the indent
heuristic for groups that can slide. Beforehand git takes off a common tail in blocks of 1,024 bytes, libgit2 does
not; ``_without_tail`` does. Most questions need no diff at all. With *P* and *S* the longest
common prefix and suffix in whole lines, *A* and *B* the lines between in the old and the new version:

    1. A group of changed lines slides by one only over a line that equals one of its own. Sliding keeps what
       lines a group holds: lines of A (or B), and lines of the ends that it slid over, which equal such. So no
       group ever passes a line of an end that is neither in A nor in B, a *barrier*: beyond it all is shared.
    2. A or B empty: one group, every alignment is a slide of it. It cannot slide: the answer is unique.
    3. A and B share no line: all of both changed. Neither group can slide: unique.
    4. Anything else goes to libgit2, whole.
"""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from asbuilt.history.origins.patches import Hunk, compare_contents
from asbuilt.history.origins.table import Runs

_BLOCK = 1024
_NEWLINE = 10
_NEVER = 1 << 62
_LARGE = 5_000  # bytes from which numpy counts newlines faster than bytes do
_MOST_SPLIT = 400  # lines; larger rewrites nearly always share one, and finding it costs as much as the diff


class Ends:
    """The common ends of two different versions, in whole lines, and what lies between.

    ``head`` and ``tail`` are sizes in bytes; ``gone`` and ``come`` what lies between them in the old and the new
    version, ``gone_lines`` and ``come_lines`` its lines; ``first`` the number of its first line.
    """

    __slots__ = ("come", "come_lines", "first", "gone", "gone_lines", "head", "new", "old", "tail", "tail_bytes")

    def __init__(self, old: bytes, new: bytes) -> None:
        self.old = old
        self.new = new
        self.tail_bytes = _common_tail(old, new)
        self.head = new.rfind(b"\n", 0, _common_head(old, new)) + 1
        tail = min(self.tail_bytes, len(old) - self.head, len(new) - self.head)
        if tail and not (_begins_line(old, len(old) - tail) and _begins_line(new, len(new) - tail)):
            at = new.find(b"\n", len(new) - tail)
            tail = 0 if at < 0 else len(new) - at - 1
        self.tail = tail
        self.gone = old[self.head : len(old) - tail]
        self.come = new[self.head : len(new) - tail]
        self.gone_lines = count_lines(self.gone)
        self.come_lines = count_lines(self.come)
        self.first = _newlines(new, self.head)

    @property
    def above(self) -> bytes:
        """The last line of the common head; nothing when there is no head."""
        return self.new[self.new.rfind(b"\n", 0, self.head - 1) + 1 : self.head] if self.head else b""

    @property
    def below(self) -> bytes:
        """The first line of the common tail; nothing when there is no tail."""
        at = len(self.new) - self.tail
        return self.new[at : self.new.find(b"\n", at) + 1 or len(self.new)]


def split_lines(content: bytes) -> list[bytes]:
    """Lines with their ends; only a newline ends one."""
    lines = content.split(b"\n")
    last = lines.pop()
    lines = [line + b"\n" for line in lines]
    if last:
        lines.append(last)
    return lines


def count_lines(content: bytes) -> int:
    """How many lines a file has; the last counts with or without its newline."""
    return _newlines(content, len(content)) + (not content.endswith(b"\n") and bool(content))


def _newlines(content: bytes, end: int) -> int:
    if end < _LARGE:
        return content.count(b"\n", 0, end)
    return int(np.count_nonzero(np.frombuffer(content, np.uint8, end) == _NEWLINE))


def find_hunks(old: bytes, new: bytes) -> Sequence[Hunk]:
    """The changed lines between two versions, as git diff with no context finds them."""
    if old == new:
        return []
    ends = Ends(old, new)
    return _only_answer(ends) or _ask_libgit2(ends)


def carry(old: bytes, new: bytes, runs: Runs) -> tuple[Runs, Runs]:
    """Which of the pending lines of the new version are its own, and which stood in the old one.

    Both as runs: the first in positions of the new version, the second of the old. Runs must not overlap.
    """
    ends = Ends(old, new)
    top, bottom = ends.first, ends.first + ends.come_lines
    start, end = _touching(runs, top, bottom)
    own: Runs = []
    if start < end or not _is_barred(ends, runs, start):
        hunks = _only_answer(ends) or _ask_libgit2(ends)
        top, bottom = hunks[0][2], hunks[-1][2] + hunks[-1][3]
        start, end = _touching(runs, top, bottom)
        own, between = split_runs(runs[start:end], hunks)
        moved = runs[:start] + between
    else:
        moved = runs[:start]
    shift = ends.gone_lines - ends.come_lines
    moved += [(at + shift, lines, gid) for at, lines, gid in runs[end:]] if shift else runs[end:]
    return own, moved


def _touching(runs: Runs, top: int, bottom: int) -> tuple[int, int]:
    """Which runs, from and to, hold a line from ``top`` to before ``bottom``, or lie across ``top``."""
    start = bisect_left(runs, (top,))
    if start and runs[start - 1][0] + runs[start - 1][1] > top:
        start -= 1
    return start, bisect_left(runs, (bottom,), start)


def split_runs(runs: Runs, hunks: Sequence[Hunk]) -> tuple[Runs, Runs]:
    """Runs cut at the hunks: what lies inside one stays, all else moves by what was added and removed above it."""
    own: Runs = []
    moved: Runs = []
    # Each hunk as its first new line, the line after it, and the shift from there on; one more that is never met.
    steps = [(start, start + come, at + gone - start - come) for at, gone, start, come in hunks]
    coming = iter([*steps, (_NEVER, _NEVER, 0)])
    top, bottom, after = next(coming)
    shift = 0
    for run in runs:
        at, lines, gid = run
        while bottom <= at:
            shift = after
            top, bottom, after = next(coming)
        end = at + lines
        if end <= top:
            moved.append((at + shift, lines, gid) if shift else run)
        elif top <= at and end <= bottom:
            own.append(run)
        else:
            gid -= at
            while at < end:
                if at < top:
                    stop = min(end, top)
                    moved.append((at + shift, stop - at, gid + at))
                else:
                    stop = min(end, bottom)
                    if stop > at:
                        own.append((at, stop - at, gid + at))
                    if bottom <= end:
                        shift = after
                        top, bottom, after = next(coming)
                at = stop
    return own, moved


def _is_barred(ends: Ends, runs: Runs, place: int) -> bool:
    """Whether barriers (see 1) lie between the changed lines and the runs before and from ``place``.

    Whether a line is among the changed ones is asked of their bytes: a line found there that is none only makes a
    barrier less.
    """
    new, gone, come = ends.new, ends.gone, ends.come
    if place:
        at, nearest = ends.head, runs[place - 1][0] + runs[place - 1][1] - 1
        for _ in range(ends.first - nearest):
            before = new.rfind(b"\n", 0, at - 1) + 1
            line = new[before:at]
            if line not in come and line not in gone:
                break
            at = before
        else:
            return False
    if place < len(runs):
        at, nearest = len(new) - ends.tail, runs[place][0]
        for _ in range(nearest - ends.first - ends.come_lines + 1):
            after = new.find(b"\n", at) + 1 or len(new)
            line = new[at:after]
            if line not in come and line not in gone:
                break
            at = after
        else:
            return False
    return True


def _only_answer(ends: Ends) -> list[Hunk] | None:
    """The one hunk, where no diff could give another (see 2 and 3)."""
    # Sliding up needs the line above a group to equal its last, sliding down the line below to equal its first.
    above, below = ends.above, ends.below
    for group in (ends.gone, ends.come):
        if not group:
            continue
        if above and group[group.rfind(b"\n", 0, len(group) - 1) + 1 :] == above:
            return None
        if below and group[: group.find(b"\n") + 1 or len(group)] == below:
            return None
    if ends.gone and ends.come:
        if ends.gone_lines + ends.come_lines > _MOST_SPLIT:
            return None
        if not set(split_lines(ends.gone)).isdisjoint(split_lines(ends.come)):
            return None
    return [(ends.first, ends.gone_lines, ends.first, ends.come_lines)]


def _ask_libgit2(ends: Ends) -> list[Hunk]:
    return compare_contents(*_without_tail(ends))


def _without_tail(ends: Ends) -> tuple[bytes, bytes]:
    """What git hands to its diff: common whole blocks at the end go, but for their first line (end)."""
    trimmed = ends.tail_bytes - ends.tail_bytes % _BLOCK
    if not trimmed:
        return ends.old, ends.new
    kept = ends.new.find(b"\n", len(ends.new) - trimmed) + 1
    cut = len(ends.new) - kept if kept else 0
    return ends.old[: len(ends.old) - cut], ends.new[: len(ends.new) - cut]


def _begins_line(content: bytes, at: int) -> bool:
    return at == 0 or content[at - 1] == _NEWLINE


def _common_head(old: bytes, new: bytes) -> int:
    """How many bytes are the same at the start."""
    most, low, step = min(len(old), len(new)), 0, 256
    while low + step <= most and old[low : low + step] == new[low : low + step]:
        low += step
        step += step
    high = min(low + step, most)
    while low < high:
        middle = (low + high + 1) >> 1
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_tail(old: bytes, new: bytes) -> int:
    """How many bytes are the same at the end."""
    size, other = len(old), len(new)
    most, low, step = min(size, other), 0, 256
    while low + step <= most and old[size - low - step : size - low] == new[other - low - step : other - low]:
        low += step
        step += step
    high = min(low + step, most)
    while low < high:
        middle = (low + high + 1) >> 1
        if old[size - middle : size - low] == new[other - middle : other - low]:
            low = middle
        else:
            high = middle - 1
    return low
