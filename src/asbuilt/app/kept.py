"""A history kept in the user's cache, and opened again.

``gather`` reads a whole history in seconds; a trace needs one change of it in milliseconds. So what was gathered is
kept, one small message per commit, and looked up there as long as nothing it rests on has changed: the revision,
any ref, the remotes, grafts, the catalogue, our own version. ``keeping`` writes it; this part starts quickly.
"""

import hashlib
import os
from bisect import bisect_left
from collections.abc import Collection
from pathlib import Path

import msgspec

import asbuilt
from asbuilt.history.commits import read_commit_set
from asbuilt.history.git import Repository
from asbuilt.history.origins.container import Container, Damaged, open_container
from asbuilt.model.attribution import Attribution, SquashReplay
from asbuilt.model.change import Change, Release
from asbuilt.model.commit import Commit, Person
from asbuilt.model.inspection import Gap

FILE = "{tip}.history"


class General(msgspec.Struct, frozen=True):
    """What is not of one commit."""

    releases: tuple[Release, ...]
    forge: str | None
    project: str | None
    gaps: tuple[Gap, ...]
    recorded_in: str
    same_people: tuple[tuple[str, ...], ...]
    reverts: dict[str, tuple[str, ...]]
    bots: frozenset[Person]


class Entry(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """What is known of one commit.

    ``change`` is the place of its change among all changes, or -1; ``recorded`` whether a record names its lines;
    ``release`` the first release that holds the change which the commit landed.
    """

    change: int
    attribution: Attribution | None = None
    replay: SquashReplay | None = None
    recorded: bool = False
    release: str | None = None


class KeptHistory:
    """A history opened from the cache; see ``app.known``."""

    def __init__(self, repository: Repository, tip: str, container: Container) -> None:
        general = msgspec.msgpack.decode(container.section("general"), type=General)
        self._repository = repository
        self.tip = tip
        self.releases = general.releases
        self.forge = general.forge
        self.project = general.project
        self.gaps = general.gaps
        self.recorded_in = general.recorded_in
        self.same_people = general.same_people
        self._reverts = general.reverts
        self._bots = general.bots
        self._ids = container.section("ids")
        self._width = repository.id_length // 2
        self._entry_at = container.section("entry_at")
        self._entries = container.section("entries")
        self._change_at = container.section("change_at")
        self._changes = container.section("changes")
        self._decode_entry = msgspec.msgpack.Decoder(Entry).decode
        self._decode_change = msgspec.msgpack.Decoder(Change).decode

    def _entry(self, commit: str) -> Entry | None:
        wanted, width = bytes.fromhex(commit), self._width
        place = bisect_left(
            range(len(self._ids) // width), wanted, key=lambda at: bytes(self._ids[at * width : (at + 1) * width])
        )
        if bytes(self._ids[place * width : (place + 1) * width]) != wanted:
            return None
        return self._decode_entry(self._entries[self._entry_at[place] : self._entry_at[place + 1]])

    def change_of(self, commit: str) -> Change | None:
        """The change that brought a commit to the branch."""
        entry = self._entry(commit)
        if entry is None or entry.change < 0:
            return None
        return self._decode_change(self._changes[self._change_at[entry.change] : self._change_at[entry.change + 1]])

    def attributions_of(self, commits: Collection[str]) -> dict[str, Attribution]:
        """The attributions of those commits that have one."""
        entries = {own: self._entry(own) for own in commits}
        return {own: entry.attribution for own, entry in entries.items() if entry and entry.attribution}

    def replays_of(self, commits: Collection[str]) -> dict[str, SquashReplay]:
        """The replays of those commits that are squashes."""
        entries = {own: self._entry(own) for own in commits}
        return {own: entry.replay for own, entry in entries.items() if entry and entry.replay}

    def commits_of(self, commits: Collection[str]) -> dict[str, Commit]:
        """Those commits that are here, read from git."""
        return read_commit_set(self._repository, sorted(commits))

    def is_bot(self, person: Person) -> bool:
        """Whether no human types with an account that the history names."""
        return person in self._bots

    def release_of(self, change: str) -> str | None:
        """The first release that holds a change."""
        entry = self._entry(change)
        return entry.release if entry else None

    def recorded_among(self, commits: Collection[str]) -> frozenset[str]:
        """Those of the commits whose lines a record names."""
        return frozenset(own for own in commits if (entry := self._entry(own)) and entry.recorded)

    def reverts_of(self, change: str) -> tuple[str, ...]:
        """The later changes that say they revert this one."""
        return self._reverts.get(change, ())


def open_history(repository: Repository, tip: str, folder: Path | None) -> KeptHistory | None:
    """The kept history of a revision, or None when there is none that still holds."""
    container = open_container(folder / FILE.format(tip=tip)) if folder else None
    if container is None or container.meta.get("state") != state_digest(repository):
        return None
    try:
        return KeptHistory(repository, tip, container)
    except (Damaged, msgspec.DecodeError):
        return None


def kept_replays(folder: Path | None) -> dict[str, SquashReplay]:
    """The replays of the history kept last, whatever its revision (``replay_squashes`` says which still hold)."""
    files = (
        [] if folder is None else sorted(folder.glob(FILE.format(tip="*")), key=lambda file: file.stat().st_mtime)
    )
    container = open_container(files[-1]) if files else None
    if container is None:
        return {}
    try:
        at, bodies = container.section("entry_at"), container.section("entries")
        decode = msgspec.msgpack.Decoder(Entry).decode
        entries = [decode(bodies[at[place] : at[place + 1]]) for place in range(len(at) - 1)]
    except (Damaged, msgspec.DecodeError):
        return {}
    return {entry.replay.commit: entry.replay for entry in entries if entry.replay}


def state_digest(repository: Repository) -> str:
    """A digest of all that a history rests on: refs, grafts, remotes, the catalogue, our own version."""
    seen = hashlib.blake2b(digest_size=16)
    seen.update(repr((asbuilt.__version__, sorted(repository.remotes.items()))).encode())
    watched = [
        repository.common_dir / name for name in ("packed-refs", "shallow", "info/grafts", "refs", "reftable")
    ]
    for root in (*watched, Path(asbuilt.__file__).parent / "catalogue"):
        for path in _files(root):
            about = path.stat()
            seen.update(repr((path.name, about.st_mtime_ns, about.st_size)).encode())
    return seen.hexdigest()


def _files(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    return sorted(
        Path(folder) / name for folder, _, names in os.walk(root) for name in names if not name.endswith(".pyc")
    )
