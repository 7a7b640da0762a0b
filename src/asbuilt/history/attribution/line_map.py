"""Which line of one version of a file is which line of another: only lines that a diff leaves untouched."""

import numpy as np
import pygit2
from numpy.typing import NDArray
from pygit2.enums import DiffOption

_FLAGS = DiffOption.FORCE_TEXT | DiffOption.INDENT_HEURISTIC


def map_lines(before: bytes, after: bytes) -> NDArray[np.int64]:
    """For each line of ``before`` (from 0) its position in ``after``, or -1 where the diff removes it.

    Lines end with a newline; a last line without one is a line, and differs from the same text with one.
    """
    lines = before.count(b"\n") + (not before.endswith(b"\n") and before != b"")
    found = np.full(lines, -1, dtype=np.int64)
    old = new = 0
    for hunk in pygit2.Patch.create_from(before, after, flag=_FLAGS, context_lines=0).hunks:
        # A side without lines names the line before the gap (unified diff format).
        start = hunk.old_start - 1 if hunk.old_lines else hunk.old_start
        found[old:start] = np.arange(new, new + start - old)
        old = start + hunk.old_lines
        new = (hunk.new_start - 1 if hunk.new_lines else hunk.new_start) + hunk.new_lines
    found[old:] = np.arange(new, new + lines - old)
    return found
