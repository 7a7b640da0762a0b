"""A history that has just been gathered, asked commit by commit (``app.history``)."""

from collections.abc import Collection
from pathlib import Path

from asbuilt.app.chains import release_names
from asbuilt.app.gather import Gathered, gather
from asbuilt.app.keeping import keep_history
from asbuilt.app.kept import kept_replays
from asbuilt.facts.chains import find_reverts
from asbuilt.history.git import Repository
from asbuilt.model.attribution import Attribution, SquashReplay
from asbuilt.model.change import Change
from asbuilt.model.commit import Commit, Person
from asbuilt.model.progress import Listener


class GatheredHistory:
    """A history that has just been gathered; see ``app.history``."""

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self._places = {own: at for at, change in enumerate(found.changes) for own in change.commits}
        self._reverts = find_reverts(found.changes)
        self._first_releases = release_names(found)
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

    def is_bot(self, person: Person) -> bool:
        """Whether no human types with an account that the history names."""
        return self._found.is_bot(person)

    def release_of(self, change: str) -> str | None:
        """The first release that holds a change."""
        return self._first_releases.get(change)

    def recorded_among(self, commits: Collection[str]) -> frozenset[str]:
        """Those of the commits whose lines a record names."""
        return frozenset(own for own in commits if own in self._found.records.lines)

    def reverts_of(self, change: str) -> tuple[str, ...]:
        """The later changes that say they revert this one."""
        return self._reverts.get(change, ())


def read_history(repository: Repository, tip: str, folder: Path | None, on: Listener) -> GatheredHistory:
    """The history of a revision, gathered whole, and kept for the next time."""
    found = gather(repository, tip, on, earlier=kept_replays(folder))
    if folder is not None:
        keep_history(found, folder)
    return GatheredHistory(found)
