"""``asbuilt sync github``: a repository, or an organisation with its repositories, into the ledger."""

import importlib
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec

from asbuilt.app.company import read_company
from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record_git import record_git
from asbuilt.app.sync import Synced, sync
from asbuilt.app.sync_ahead import Halt
from asbuilt.app.sync_projecting import Subject
from asbuilt.app.taking import Recorded, Taking
from asbuilt.history.forge import name_forge
from asbuilt.history.git import open_repository
from asbuilt.model.errors import AsBuiltError, UsageError
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import visible
from asbuilt.sources.credentials import read_token
from asbuilt.sources.github.apps import EVENTS
from asbuilt.sources.github.pull import HEADERS, PUBLIC, TOKEN_VARIABLES, Organization, Repository
from asbuilt.sources.github.rules import HISTORY
from asbuilt.sources.http import Client
from asbuilt.sources.limits import LONGEST_WAIT

PROFILES = (EVENTS, HISTORY)
_ORGANIZATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")
_REPOSITORY = re.compile(rf"{_ORGANIZATION.pattern}/(?!\.\.?$)[A-Za-z0-9._-]{{1,100}}")


class Asked(msgspec.Struct, frozen=True):
    """How GitHub is to be asked.

    ``api_url`` None: github.com's. ``token_file`` None: the environment's. ``since`` Unix seconds: what was touched
    before is not read the first time. ``profiles`` are opt-in. ``git`` is a clone to be recorded too.
    """

    api_url: str | None = None
    token_file: Path | None = None
    private_hosts: frozenset[str] = frozenset()
    max_wait: float = LONGEST_WAIT
    since: int | None = None
    profiles: frozenset[str] = frozenset()
    git: Path | None = None


class Surroundings(msgspec.Struct, frozen=True):
    """Everything of the machine that reading depends on; a test brings its own."""

    transport: httpx.BaseTransport | None = None
    clock: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] | None = None
    draw: Callable[[], float] = random.random


class Done(msgspec.Struct, frozen=True):
    """What came of it: one ``Synced`` for each source, requests that were made, and what is left of the limits.

    ``history`` and ``coverings`` are what was recorded of git (None: nobody asked for it, or there was nothing to
    ask of it).
    """

    sources: tuple[Synced, ...]
    requests: int
    remaining: dict[str, int]
    history: Recorded | None = None
    coverings: Recorded | None = None


def is_organization(subject: str) -> bool:
    """Whether a subject names an organisation, and not one repository.

    Raises:
        UsageError: it names neither.
    """
    if _REPOSITORY.fullmatch(subject):
        return False
    if _ORGANIZATION.fullmatch(subject):
        return True
    raise UsageError(
        f"'{visible(subject, 100)}' is neither a repository nor an organisation.", fix="Write OWNER/REPO, or ORG."
    )


def sync_github(
    subject: str,
    folder: Path,
    asked: Asked,
    *,
    on: Listener = silent,
    around: Surroundings | None = None,
) -> Done:
    """Read ``OWNER/REPO`` or ``ORG`` into the ledger in ``folder``.

    Raises:
        UsageError: the subject, the address or the token is no good.
        SourceError, LedgerError: see ``sync.sync``.
    """
    whole = is_organization(subject)
    around = around or Surroundings()
    halt = Halt(around.sleep)
    configured = read_company(None, Path()).config.private_hosts
    with Client(
        asked.api_url or PUBLIC,
        read_token(asked.token_file, TOKEN_VARIABLES),
        headers=HEADERS,
        private_hosts=asked.private_hosts | configured,
        max_wait=asked.max_wait,
        transport=around.transport,
        clock=around.clock,
        sleep=halt.sleep,
        draw=around.draw,
        on_wait=lambda left: on(f"Waiting for the forge's limit: {left:,} s are left", 0, None),
    ) as client:
        reading = _Reading(client, folder, asked, (around, halt, on))
        done = tuple(reading.organization(subject) if whole else [reading.repository(subject)])
        requests, remaining = client.requests, client.limits.remaining
    if asked.git is None or whole:
        return Done(done, requests, remaining)
    history, coverings = record_clone(asked.git, subject, folder, int(around.clock()), on)
    return Done(done, requests, remaining, history, coverings)


def record_clone(git: Path, project: str, folder: Path, now: int, on: Listener) -> tuple[Recorded, Recorded | None]:
    """The history of a clone, and then what was approved held against what landed (None: nothing to ask).

    Raises:
        SourceError, LedgerError: see ``record_git`` and ``coverings``.
    """
    history = record_git(str(git), Origin(), Taking(folder, now=now), name=project, on=on)
    # What makes facts is brought only where there is something to hold together.
    record_coverings = importlib.import_module("asbuilt.app.coverings").record_coverings
    return history, record_coverings(str(git), project, folder, now=now, on=on)


def clone_here(subject: str, place: Path | None = None) -> str | None:
    """The command that records the history of the clone in a folder (None: this one); None where it is no clone."""
    try:
        with open_repository(str(place or Path())) as repository:
            project = name_forge(repository.remotes, ())[1]
    except AsBuiltError:
        return None
    return "asbuilt record git" if project is not None and project.lower() == subject.lower() else None


class _Reading:
    def __init__(
        self, client: Client, folder: Path, asked: Asked, rest: tuple[Surroundings, Halt, Listener]
    ) -> None:
        self._client, self._folder, self._asked = client, folder, asked
        self._around, self._halt, self._on = rest

    def repository(self, name: str, organization: str | None = None) -> Synced:
        source = Repository(
            self._client,
            name,
            since=self._asked.since,
            profiles=self._asked.profiles,
            among_others=organization is not None,
        )
        return self._sync(source, Subject("github", name, organization))

    def organization(self, name: str) -> Iterator[Synced]:
        """Its settings, then each of its repositories; one that cannot be read at all is a gap."""
        source = Organization(self._client, name)
        done = self._sync(source, Subject("github", None, name))
        yield done
        if _is_over(done):
            return
        for repository in source.repositories:
            if not _REPOSITORY.fullmatch(repository):
                continue
            done = self.repository(repository, name)
            yield done
            if _is_over(done):
                return

    def _sync(self, source: Repository | Organization, subject: Subject) -> Synced:
        around = self._around
        return sync(
            source, subject, self._folder, on=self._on, halt=self._halt, clock=around.clock, ticks=around.ticks
        )


def _is_over(done: Synced) -> bool:
    """Whether nothing more can be asked: the limit is used up, or the token is refused."""
    return any(gap.code in {"GAP-LIMIT", "GAP-TOKEN"} for gap in done.gaps)
