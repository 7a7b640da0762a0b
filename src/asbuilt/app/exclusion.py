"""Which paths a company leaves out of its line totals. What is left out is counted, never silent."""

import re
from collections.abc import Iterable


class Exclusion:
    """Globs over paths (bytes, as they stand in the tree).

    ``*`` stays within a folder, ``**`` crosses folders, ``?`` is one byte, a trailing ``/`` means everything below.
    A glob without ``/`` matches a name in any folder; one that names a folder holds everything below it.
    """

    def __init__(self, globs: Iterable[str]) -> None:
        self.globs = tuple(globs)
        parts = [_pattern(glob) for glob in self.globs]
        self._pattern = re.compile("|".join(parts).encode("utf-8", "surrogateescape"), re.DOTALL) if parts else None

    def holds(self, path: bytes) -> bool:
        """Whether that path is left out."""
        return self._pattern is not None and self._pattern.fullmatch(path) is not None


def _pattern(glob: str) -> str:
    below = glob.endswith("/")
    inner = glob.strip("/")
    anchored = "/" in glob.rstrip("/")
    out = "" if anchored else "(?:.*/)?"
    at = 0
    while at < len(inner):
        if inner.startswith("**/", at):
            out, at = out + "(?:.*/)?", at + 3
        elif inner.startswith("**", at):
            out, at = out + ".*", at + 2
        elif inner[at] == "*":
            out, at = out + "[^/]*", at + 1
        elif inner[at] == "?":
            out, at = out + "[^/]", at + 1
        else:
            out, at = out + re.escape(inner[at]), at + 1
    return f"(?:{out}{'/.*' if below else '(?:/.*)?'})"
