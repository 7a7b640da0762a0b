"""An export of a repository's requests and issues, in the layout of the public metadata backups.

The layout: ``pulls/N.json`` (``type``, ``pull``, ``events``, ``comments``: REST's own objects), ``issues/N.json``
(``type``, ``issue``, ``events``) and ``state.json`` (when the backup was made, and what failed). It stands in a
folder, or in a git repository that holds each backup as a commit. Whoever made it may have changed it: its source
says that it came from an export. Nothing but files of this layout is ever read.

Links are not followed, names that are no number are not opened, and a file that is too large is named and left.
"""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible
from asbuilt.sources.steps import Expected, Listed, Page, Step

LARGEST_FILE: Final = 64 << 20  # bytes
MOST_FILES: Final = 1_000_000
LISTING: Final = "export"
TABLES: Final = ("requests", "reviews", "request_commits", "request_events")
STATE: Final = "state.json"
BLIND_CODE: Final = "GAP-BLIND"
_SHOWN: Final = 10  # numbers that a sentence names
_FILE = re.compile(r"(pulls|issues)/([1-9][0-9]{0,9})\.json")
_PAGES = {"pulls": "export/pull", "issues": "export/issue"}
_UPDATED = re.compile(rb'"updated_at":\s*"([0-9T:-]{19}Z)"')


class Entry(NamedTuple):
    """A file of the export: its path in it, its size in bytes, and why it is not read (None: it is)."""

    path: str
    size: int
    refused: str | None = None


class Content(NamedTuple):
    """A file that was read: its bytes, or why they cannot be had."""

    entry: Entry
    body: bytes | None
    fault: str = ""


class Tree(Protocol):
    """Where an export stands: a folder, or a commit of a git repository."""

    @property
    def name(self) -> str:
        """What was read, for the extract: ``git COMMIT``, ``folder``."""

    @property
    def taken(self) -> int | None:
        """When it was written down, Unix seconds, where that is known; a file's own date proves nothing."""

    def identity(self) -> str:
        """What tells this export from every other: a commit, or a digest over all files and their names."""

    def entries(self) -> list[Entry]:
        """All files below ``pulls`` and ``issues``, and ``state.json``."""

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """These files, in this order."""


class FolderTree:
    """An export in a folder."""

    name = "folder"
    taken = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self) -> list[Entry]:
        """All files of the layout's folders; links among them are named and not followed."""
        found: list[Entry] = []
        for part in _PAGES:
            found += self._listed(part)
        with suppress(FileNotFoundError):
            found.append(_entry(STATE, os.lstat(self._folder / STATE)))
        return found

    def identity(self) -> str:
        """A digest over all that is read, and over the names of what is not."""
        digest = hashlib.sha256()
        for content in self.read(sorted(self.entries())):
            own = hashlib.sha256(content.body or b"").hexdigest()
            digest.update(
                f"{content.entry.path}\0{content.body is None}\0{own}\n".encode(errors="backslashreplace")
            )
        return f"folder {digest.hexdigest()}"

    def _listed(self, part: str) -> list[Entry]:
        own = self._folder / part
        try:
            if stat.S_ISLNK(os.lstat(own).st_mode):
                return [Entry(part, 0, "it is a link")]
            with os.scandir(own) as listed:
                return [_entry(f"{part}/{each.name}", each.stat(follow_symlinks=False)) for each in listed]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise SourceError(
                f"The folder {visible(part)} cannot be listed: {error.strerror}.", fix="Grant read access to it."
            ) from error

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """These files; one that became a link since it was listed is not followed."""
        for entry in entries:
            try:
                opened = os.open(self._folder / entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                with os.fdopen(opened, "rb") as file:
                    body = file.read(LARGEST_FILE + 1)
            except OSError as error:
                yield Content(entry, None, f"it cannot be read: {error.strerror}")
                continue
            yield Content(entry, body) if len(body) <= LARGEST_FILE else Content(entry, None, too_large(len(body)))


def _entry(path: str, status: os.stat_result) -> Entry:
    return Entry(path, status.st_size, refusal(status.st_mode, status.st_size))


def refusal(mode: int, size: int) -> str | None:
    """Why a file of that mode and size is not read; None where it is."""
    if stat.S_ISLNK(mode):
        return "it is a link"
    if not stat.S_ISREG(mode):
        return "it is no file"
    return too_large(size) if size > LARGEST_FILE else None


def too_large(size: int) -> str:
    """Why a file of that size is not read."""
    return f"it has {size:,} bytes or more, and at most {LARGEST_FILE:,} are read"


class ExportSource:
    """One export of one repository; ``now`` is Unix seconds: nothing was taken after it."""

    def __init__(self, tree: Tree, repository: str, *, now: int) -> None:
        self._tree, self._repository, self._now = tree, repository, now

    @property
    def name(self) -> str:
        """Its name in records."""
        return f"export:{self._repository}"

    def pull(self, state: Mapping[str, Any]) -> Iterator[Step]:
        """Every file of the export, by number; ``state`` is not used, for an export is read whole.

        1. What is there, and what of it is not read.
        2. When it was made, and what its maker could not get.
        3. Each file as a page.
        4. What it holds whole: requests and what stands around them, from the first of them until it was made.
        5. What no export of this kind can show.

        Raises:
            UsageError: it holds nothing of this layout.
        """
        del state
        # (1) Files.
        entries = self._tree.entries()
        good, faults = _sorted_out(entries)
        if not any(each.path.startswith("pulls/") for each in good):
            raise UsageError(
                "There is no export of requests.",
                why="No file is called pulls/NUMBER.json.",
                fix="Name the folder, or the git repository, that holds `pulls` and `issues`.",
            )
        yield from faults
        # (2) When.
        told = self._told(entries)
        since, taken = self._taken(told, good)
        failed = _failed(told)
        yield from failed
        is_whole = not any(map(_of_pulls, (*faults, *failed)))
        # (3) Pages.
        first: int | None = None
        for step in self._pages(good, taken):
            yield step
            if isinstance(step, Gap):
                is_whole = is_whole and not _of_pulls(step)
            elif isinstance(step, Page) and step.listing and first is None:
                first = _opened(step.body)
        # (4) Coverage.
        yield Listed(
            LISTING,
            TABLES,
            (first, since) if first is not None and first < since else None,
            is_whole,
            since,
            taken,
            query=f"every file of pulls/ in the export ({self._tree.name})",
            parameters=f"repository={self._repository}",
            part=self._repository,
        )
        # (5) What it cannot show.
        yield from (*BLIND, *_unaccounted(entries))

    def _pages(self, good: list[Entry], taken: int) -> Iterator[Step]:
        for number, content in enumerate(self._tree.read(good), 1):
            part, _, file = content.entry.path.partition("/")
            if content.body is None:
                yield _fault(content.entry.path, content.fault)
            else:
                yield Page(
                    _PAGES[part],
                    file.removesuffix(".json"),
                    content.body,
                    taken,
                    f"READ {content.entry.path}",
                    LISTING if part == "pulls" else None,
                )
            yield Expected("files", number, len(good))

    def _told(self, entries: Iterable[Entry]) -> Mapping[str, Any]:
        own = [entry for entry in entries if entry.path == STATE and entry.refused is None]
        for content in self._tree.read(own):
            with suppress(ValueError, RecursionError):
                told = json.loads(content.body or b"")
                return told if isinstance(told, dict) else {}
        return {}

    def _taken(self, told: Mapping[str, Any], good: Iterable[Entry]) -> tuple[int, int]:
        """From when to when the export was made: as it and its commit say, else when anything in it changed last.

        What it holds, it holds until the first of the two; what it tells had happened by the second.
        """
        said = [each for each in (_seconds(told.get("last_backup")), self._tree.taken) if each is not None]
        changed = None if self._tree.taken is not None else self._changed(good)
        since = min(said, default=changed or self._now)
        return min(since, self._now), min(max([*said, changed or 0]) or self._now, self._now)

    def _changed(self, good: Iterable[Entry]) -> int | None:
        newest = b""
        for content in self._tree.read(good):
            newest = max(newest, max(_UPDATED.findall(content.body or b""), default=b""))
        return _seconds(newest.decode())


def _sorted_out(entries: list[Entry]) -> tuple[list[Entry], list[Gap]]:
    """The files to read, by kind and number, and what is left out."""
    good: list[tuple[str, int, Entry]] = []
    faults: list[Gap] = []
    for entry in sorted(entries):
        match = _FILE.fullmatch(entry.path)
        if entry.refused is not None:
            faults.append(_fault(entry.path, entry.refused))
        elif match is None:
            if entry.path != STATE:
                faults.append(_fault(entry.path, "its name is no NUMBER.json"))
        else:
            good.append((match[1], -int(match[2]), entry))
    if len(good) > MOST_FILES:
        raise SourceError(
            f"The export holds {len(good):,} files.", why=f"At most {MOST_FILES:,} are read.", fix="Split it."
        )
    # Requests first, each kind from its first number on.
    return [entry for _, _, entry in sorted(good, reverse=True)], faults


def _fault(path: str, why: str) -> Gap:
    return Gap(
        "GAP-EXPORT",
        f"The file {visible(path, 200)} of the export was not read.",
        f"{why[:1].upper()}{why[1:]}.",
        "Make the export again, or bring the file, and import it again.",
        visible(path, 200),
    )


def _of_pulls(gap: Gap) -> bool:
    return (gap.path or "").startswith("pulls")


def _failed(told: Mapping[str, Any]) -> list[Gap]:
    """What the maker of the export says that it could not get."""
    found = []
    for key, part in (("failed_pulls", "pulls"), ("failed_issues", "issues")):
        listed = told.get(key)
        if isinstance(listed, list) and listed:
            found.append(
                Gap(
                    "GAP-EXPORT",
                    f"{len(listed):,} of {part} are out of date: the export's maker could not read them.",
                    f"{STATE} names them in {key}.",
                    "Make the export again.",
                    part,
                    len(listed),
                )
            )
    return found


def _opened(body: bytes) -> int | None:
    with suppress(ValueError, RecursionError):
        told = json.loads(body)
        pull = told.get("pull") if isinstance(told, dict) else None
        return _seconds(pull.get("created_at")) if isinstance(pull, dict) else None
    return None


def _unaccounted(entries: Iterable[Entry]) -> list[Gap]:
    """Numbers that no file has: requests, issues and discussions of a repository are numbered as one."""
    told = {int(match[2]) for entry in entries if (match := _FILE.fullmatch(entry.path))}
    absent = max(told) - len(told)
    if absent <= 0:
        return []
    some = islice((number for number in count(1) if number not in told), min(absent, _SHOWN))
    return [
        Gap(
            BLIND_CODE,
            f"{absent:,} numbers below {max(told):,} are neither in pulls nor in issues: "
            f"{', '.join(map(str, some))}{', …' if absent > _SHOWN else ''}.",
            "They are discussions, or were deleted, or their files were left out: an export cannot tell which.",
            _SYNC,
            "numbers",
            absent,
        )
    ]


def _seconds(value: object) -> int | None:
    """Unix seconds of a time in UTC, parts of a second left off."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9-]{10}T[0-9:]{8}(\.[0-9]{1,9})?(Z|\+00:00)", value):
        return None
    with suppress(ValueError):
        seconds = int(datetime.fromisoformat(f"{value[:19]}+00:00").timestamp())
        return seconds if seconds > 0 else None
    return None


def _blind(place: str, what: str, remedy: str) -> Gap:
    return Gap(BLIND_CODE, what, "An export of this layout holds requests and issues alone.", remedy, place)


_SYNC = "`asbuilt sync github OWNER/NAME` reads it where the forge still shows it."
BLIND: Final = (
    _blind("checks", "Checks and statuses of commits are not in the export.", _SYNC),
    _blind("deployments", "Deployments and who let them through are not in the export.", _SYNC),
    _blind("rules", "The branch's rules, and merges or pushes around them, are not in the export.", _SYNC),
    _blind("access", "Who had which rights at that time is not in the export.", _SYNC),
)
