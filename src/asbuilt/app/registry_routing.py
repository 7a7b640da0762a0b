"""Which of the configured indexes is asked about which package, and which packages are sent to none.

1. A scope of npm that has a registry of its own is asked of no other.
2. Where NuGet's sources are mapped to names, the longest pattern that fits a name decides who is asked.
3. What Go is told to keep private is sent to no proxy.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from asbuilt.app.registry_index import Index


def is_asked_of(name: str, own: Index, indexes: Sequence[Index]) -> bool:
    """Whether an index is asked about a package.

    Args:
        name: the package, as its ecosystem writes it.
        own: the index.
        indexes: all that are configured for the ecosystem.
    """
    # (3)
    if any(is_private(name, pattern) for pattern in own.private):
        return False
    # (1)
    if own.scope or any(each.scope for each in indexes):
        scope = name.partition("/")[0]
        return own.scope == (scope if any(each.scope == scope for each in indexes) else "")
    # (2)
    if any(each.patterns for each in indexes):
        best = max(_fit(name, each) for each in indexes)
        return best >= 0 and _fit(name, own) == best
    return True


def is_private(name: str, pattern: str) -> bool:
    """Whether a pattern of ``GOPRIVATE`` fits a module: step by step, and all that lies below."""
    steps, wanted = name.split("/"), pattern.split("/")
    return len(steps) >= len(wanted) and all(
        fnmatchcase(step, want) for step, want in zip(steps, wanted, strict=False)
    )


def _fit(name: str, own: Index) -> int:
    """How long the longest pattern is that fits a name, -1 for none; a whole name is better than any."""
    lower = name.lower()
    found = [-1]
    for pattern in own.patterns:
        told = pattern.lower()
        if told == lower:
            return len(lower) + 1
        if told.endswith("*") and lower.startswith(told[:-1]):
            found.append(len(told) - 1)
    return max(found)
