"""One walk from children to parents that brings every pending line to the commit that ``git blame`` names."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from asbuilt.history.origins.table import Found, Runs


class Arrival(NamedTuple):
    """Lines that reached a commit where the walk was told to stop, or that it has no record of: not resolved."""

    commit: str
    path: bytes
    runs: Runs


class Walked(NamedTuple):
    """What a walk found: runs at home, runs handed back, and blobs that were not there with the runs they lost."""

    found: Found
    arrivals: list[Arrival]
    lost: list[Arrival]


# walk(stream, blobs, seeds, *, stop=never, on=silent) -> Walked
Seeds = Mapping[str, Mapping[bytes, Runs]]
Stop = Callable[[str], bool]
