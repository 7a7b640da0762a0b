"""What is known of one revision's history, as far as a trace asks: gathered now, or kept from an earlier time."""

from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from asbuilt.app.gather import Gathered, gather
from asbuilt.app.kept import keep_history, kept_replays, open_history
from asbuilt.facts.chains import find_reverts
from asbuilt.history.git import Repository
from asbuilt.model.attribution import Attribution, SquashReplay
from asbuilt.model.change import Change, Release
from asbuilt.model.commit import Commit
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener


class Known(Protocol):
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

    def reverts_of(self, change: str) -> tuple[str, ...]:
        """The later changes that say they revert this one."""


class GatheredHistory:
    """A history that has just been gathered; see ``Known``."""

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self._places = {own: at for at, change in enumerate(found.changes) for own in change.commits}
        self._reverts = find_reverts(found.changes)
        self.tip = found.tip
        self.releases = found.releases
        self.forge = found.forge
        self.project = found.project
        self.gaps = found.gaps
        self.recorded_in: str = found.config.reviews_recorded_in
        self.same_people = found.config.same_people

    def change_of(self, commit: str) -> Change | None:
        """The change that brought a commit to the branch."""
        place = self._places.get(commit)
        return None if place is None else self._found.changes[place]

    def attributions_of(self, commits: Collection[str]) -> dict[str, Attribution]:
        """The attributions of those commits that have one."""
        return {own: self._found.attributions[own] for own in commits if own in self._found.attributions}

    def replays_of(self, commits: Collection[str]) -> dict[str, SquashReplay]:
        """The replays of those commits that are squashes."""
        return {own: self._found.replays[own] for own in commits if own in self._found.replays}

    def commits_of(self, commits: Collection[str]) -> dict[str, Commit]:
        """Those commits that are here."""
        return {own: self._found.by_id[own] for own in commits if own in self._found.by_id}

    def reverts_of(self, change: str) -> tuple[str, ...]:
        """The later changes that say they revert this one."""
        return self._reverts.get(change, ())


def know_history(repository: Repository, tip: str, folder: Path | None, on: Listener) -> Known:
    """The history of a revision: from the cache where it still holds, else gathered, and kept for the next time."""
    kept = open_history(repository, tip, folder)
    if kept is not None:
        return kept
    found = gather(repository, tip, on, earlier=kept_replays(folder))
    if folder is not None:
        keep_history(found, folder)
    return GatheredHistory(found)
