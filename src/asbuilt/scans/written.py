"""What stands in files of settings, by patterns of RE2: data stores, workflows, migrations, infrastructure.

1. A rule looks only at the files that it names.
2. A file that holds what makes the finding harmless is left alone, and one that lacks what must stand beside it.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

import re2

from asbuilt.scans.rulebook import Rule


def is_for(rule: Rule, path: str) -> bool:
    """Step (1): whether a rule looks at a file of that path."""
    return rule.written is not None and any(fnmatchcase(f"/{path}", glob) for glob in rule.written.files)


def find_written(rule: Rule, data: bytes) -> Iterator[tuple[int, int]]:
    """Where a rule's patterns are, as bytes of the UTF-8 of a text."""
    told = rule.written
    if told is None:
        return
    # (2)
    if told.without is not None and _compiled(told.without).search(data):
        return
    if told.beside is not None and not _compiled(told.beside).search(data):
        return
    for pattern in told.patterns:
        compiled = _compiled(pattern)
        for match in compiled.finditer(data):
            yield match.span(min(compiled.groups, 1))


@lru_cache(200)
def _compiled(pattern: str) -> Any:
    return re2.compile(pattern.encode())
