"""One revision's history as a trace asks for it: kept from an earlier time, or gathered now.

What gathering needs is brought only when nothing is kept: a trace over a kept history must start quickly.
"""

import importlib
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from asbuilt.app.kept import open_history
from asbuilt.history.git import Repository
from asbuilt.model.attribution import Attribution, SquashReplay
from asbuilt.model.change import Change, Release
from asbuilt.model.commit import Commit, Person
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener


class History(Protocol):
    """One revision's history, asked commit by commit."""

    tip: str
    releases: tuple[Release, ...]
    forge: str | None
    project: str | None
    gaps: tuple[Gap, ...]
    recorded_in: str
    same_people: tuple[tuple[str, ...], ...]

    def change_of(self, commit: str) -> Change | None:
        """The change that brought a commit to the branch."""

    def attributions_of(self, commits: Collection[str]) -> dict[str, Attribution]:
        """The attributions of those commits that have one."""

    def replays_of(self, commits: Collection[str]) -> dict[str, SquashReplay]:
        """The replays of those commits that are squashes."""

    def commits_of(self, commits: Collection[str]) -> dict[str, Commit]:
        """Those commits that are here."""

    def is_bot(self, person: Person) -> bool:
        """Whether no human types with an account that the history names."""

    def release_of(self, change: str) -> str | None:
        """The first release that holds a change."""

    def recorded_among(self, commits: Collection[str]) -> frozenset[str]:
        """Those of the commits whose lines a record names."""

    def reverts_of(self, change: str) -> tuple[str, ...]:
        """The later changes that say they revert this one."""


def know_history(repository: Repository, tip: str, folder: Path | None, on: Listener) -> History:
    """The history of a revision: from the cache where it still holds, else gathered, and kept for the next time."""
    kept = open_history(repository, tip, folder)
    if kept is not None:
        return kept
    history: History = importlib.import_module("asbuilt.app.gathered").read_history(repository, tip, folder, on)
    return history
