"""Which lines two versions of a file share, exactly as git says.

git's own diff is libgit2's: Myers on whole lines with their ends, common ends taken off first, the indent
heuristic for groups that can slide. git also takes off a common tail in blocks of 1,024 bytes beforehand, which
libgit2 does not; ``_without_tail`` does that. Most questions need no diff at all. With *P* and *S* the longest
common prefix and suffix in whole lines, *A* and *B* the lines between in the old and the new version:

    1. A group of changed lines slides by one only over a line that equals one of its own. Sliding keeps what lines
       a group holds, and a group holds lines of A (or B) only, plus lines of the ends that it slid over. So no group
       ever passes a line of an end that is neither in A nor in B, a *barrier*: lines beyond it are shared.
    2. A or B empty: one group, every alignment is a slide of it. It cannot slide: the answer is unique.
    3. A and B share no line: all of both changed. Neither group can slide: unique.
    4. Anything else goes to libgit2, whole.
"""

from collections.abc import Sequence

from pygit2 import Patch
from pygit2.enums import DiffOption

from asbuilt.history.origins.table import Runs

# (first old line, old lines, first new line, new lines), counted from 0; lines between hunks are shared.
Hunk = tuple[int, int, int, int]

_FLAGS = int(DiffOption.FORCE_TEXT | DiffOption.INDENT_HEURISTIC)
_BLOCK = 1024


class Ends:
    """The common ends of two versions, in whole lines."""

    __slots__ = ("head", "new", "old", "tail", "tail_bytes")

    def __init__(self, old: bytes, new: bytes) -> None:
        self.old = old
        self.new = new
        self.tail_bytes = _common_tail(old, new)
        self.head = _common_head(old, new)
        if self.head:
            self.head = new.rfind(b"\n", 0, self.head) + 1
        tail = min(self.tail_bytes, len(old) - self.head, len(new) - self.head)
        if tail and not (_begins_line(old, len(old) - tail) and _begins_line(new, len(new) - tail)):
            at = new.find(b"\n", len(new) - tail)
            tail = 0 if at < 0 else len(new) - at - 1
        self.tail = tail

    def middles(self) -> tuple[list[bytes], list[bytes]]:
        """The lines between the ends, old and new."""
        return (
            split_lines(self.old[self.head : len(self.old) - self.tail]),
            split_lines(self.new[self.head : len(self.new) - self.tail]),
        )


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
    return content.count(b"\n") + (not content.endswith(b"\n") and bool(content))


def find_hunks(old: bytes, new: bytes) -> Sequence[Hunk]:
    """The changed lines between two versions, as git diff with no context finds them."""
    if old == new:
        return []
    ends = Ends(old, new)
    gone, come = ends.middles()
    return _only_answer(ends, gone, come) or _ask_libgit2(ends)


def carry(old: bytes, new: bytes, runs: Runs) -> tuple[Runs, Runs]:
    """Which of the pending lines of the new version are its own, and which stood in the old one.

    Both as runs: the first in positions of the new version, the second of the old.
    """
    if old == new:
        return [], runs
    ends = Ends(old, new)
    gone, come = ends.middles()
    first = new.count(b"\n", 0, ends.head)
    # 1. Do any runs touch what may have changed?
    top, bottom = _reach(ends, gone, come, first)
    if all(start >= bottom or start + lines <= top for start, lines, _ in runs):
        shift = len(gone) - len(come)
        return [], runs if not shift else [
            (start + shift, lines, gid) if start >= bottom else (start, lines, gid) for start, lines, gid in runs
        ]
    return split_runs(runs, _only_answer(ends, gone, come) or _ask_libgit2(ends))


def split_runs(runs: Runs, hunks: Sequence[Hunk]) -> tuple[Runs, Runs]:
    """Runs cut at the hunks: what lies inside one stays, all else moves by what was added and removed above it."""
    own: Runs = []
    moved: Runs = []
    number, shift = 0, 0  # the first hunk that does not end before the run, and the shift before it
    total = len(hunks)
    reached, overlap = 0, False
    for start, lines, gid in runs:
        overlap = overlap or start < reached
        reached = start + lines
        while number < total and hunks[number][2] + hunks[number][3] <= start:
            old_start, old_lines, new_start, new_lines = hunks[number]
            shift = old_start + old_lines - new_start - new_lines
            number += 1
        at, end, here, by = start, start + lines, number, shift
        while at < end:
            if here == total or hunks[here][2] >= end:
                moved.append((at + by, end - at, gid + at - start))
                break
            old_start, old_lines, new_start, new_lines = hunks[here]
            if at < new_start:
                moved.append((at + by, new_start - at, gid + at - start))
                at = new_start
            stop = min(end, new_start + new_lines)
            if stop > at:
                own.append((at, stop - at, gid + at - start))
                at = stop
            by = old_start + old_lines - new_start - new_lines
            here += 1
    if overlap:  # two lines of ours may be one line here, and their pieces come out of order
        own.sort()
        moved.sort()
    return own, moved


def _reach(ends: Ends, gone: list[bytes], come: list[bytes], first: int) -> tuple[int, int]:
    """The lines of the new version, from and to, outside of which all are shared whatever slides (see 1)."""
    changed = {*gone, *come}
    new, top, at = ends.new, first, ends.head
    while at:
        before = new.rfind(b"\n", 0, at - 1) + 1
        if new[before:at] not in changed:
            break
        at, top = before, top - 1
    bottom, at = first + len(come), len(new) - ends.tail
    while at < len(new):
        after = new.find(b"\n", at) + 1 or len(new)
        if new[at:after] not in changed:
            break
        at, bottom = after, bottom + 1
    return top, bottom


def _only_answer(ends: Ends, gone: list[bytes], come: list[bytes]) -> list[Hunk] | None:
    """The one hunk, where no diff could give another."""
    # 2. and 3. Nothing in common between the ends, and no group can slide: sliding up needs the line before it to
    # equal its last, sliding down the line after it to equal its first.
    if gone and come and not set(gone).isdisjoint(come):
        return None
    new, head, tail = ends.new, ends.head, len(ends.new) - ends.tail
    before = new[new.rfind(b"\n", 0, head - 1) + 1 : head] if head else b""
    after = new[tail : new.find(b"\n", tail) + 1 or len(new)] if ends.tail else b""
    for group in (gone, come):
        if group and (group[-1] == before or group[0] == after):
            return None
    first = new.count(b"\n", 0, head)
    return [(first, len(gone), first, len(come))]


def _ask_libgit2(ends: Ends) -> list[Hunk]:
    old, new = _without_tail(ends)
    patch = Patch.create_from(old, new, flag=_FLAGS, context_lines=0, interhunk_lines=0)
    hunks = []
    for hunk in patch.hunks:
        old_lines, new_lines = hunk.old_lines, hunk.new_lines
        # A hunk without lines on one side names the line before it (unified diff format).
        hunks.append((hunk.old_start - (old_lines > 0), old_lines, hunk.new_start - (new_lines > 0), new_lines))
    return hunks


def _without_tail(ends: Ends) -> tuple[bytes, bytes]:
    """What git hands to its diff: common whole blocks at the end go, but for their first line (end)."""
    trimmed = ends.tail_bytes - ends.tail_bytes % _BLOCK
    if not trimmed:
        return ends.old, ends.new
    kept = ends.new.find(b"\n", len(ends.new) - trimmed) + 1
    cut = len(ends.new) - kept if kept else 0
    return ends.old[: len(ends.old) - cut], ends.new[: len(ends.new) - cut]


def _begins_line(content: bytes, at: int) -> bool:
    return at == 0 or content[at - 1] == 10


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
