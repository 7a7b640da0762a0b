"""How a forge is asked, whichever it is: what was asked for, the machine's surroundings, and what came of it."""

import importlib
import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import msgspec

from asbuilt.app.company import read_company
from asbuilt.app.evidence_origin import Origin
from asbuilt.app.sync import Synced
from asbuilt.app.sync_ahead import Halt
from asbuilt.app.taking import Recorded, Taking
from asbuilt.history.forge import name_forge
from asbuilt.history.git import open_repository
from asbuilt.model.errors import AsBuiltError
from asbuilt.model.progress import Listener
from asbuilt.sources.credentials import read_token
from asbuilt.sources.http import Client
from asbuilt.sources.limits import LONGEST_WAIT


class Asked(msgspec.Struct, frozen=True):
    """How a forge is to be asked.

    ``api_url`` None: the public one's. ``token_file`` None: the environment's. ``since`` Unix seconds: what was
    touched before is not read the first time. ``profiles`` are opt-in. ``git`` is a clone to be recorded too.
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


def open_client(
    asked: Asked,
    around: Surroundings,
    halt: Halt,
    on: Listener,
    *,
    forge: tuple[str, tuple[str, ...], Mapping[str, str]],
) -> Client:
    """Whoever asks a forge: its public address, the variables that may hold a token, the headers that it wants.

    Raises:
        UsageError: the address or the token is no good.
    """
    public, variables, headers = forge
    return Client(
        asked.api_url or public,
        read_token(asked.token_file, variables),
        headers=headers,
        private_hosts=asked.private_hosts | read_company(None, Path()).config.private_hosts,
        max_wait=asked.max_wait,
        transport=around.transport,
        clock=around.clock,
        sleep=halt.sleep,
        draw=around.draw,
        on_wait=lambda left: on(f"Waiting for the forge's limit: {left:,} s are left", 0, None),
    )


def done_with(
    sources: tuple[Synced, ...],
    client: Client,
    asked: Asked,
    *,
    project: str | None,
    folder: Path,
    around: Surroundings,
    on: Listener,
) -> Done:
    """What came of it, with the history of the clone where one was named (``project`` None: of several, none is).

    Raises:
        SourceError, LedgerError: see ``record_clone``.
    """
    done = Done(sources, client.requests, client.limits.remaining)
    if asked.git is None or project is None:
        return done
    history, coverings = record_clone(asked.git, project, folder, int(around.clock()), on)
    return msgspec.structs.replace(done, history=history, coverings=coverings)


def record_clone(git: Path, project: str, folder: Path, now: int, on: Listener) -> tuple[Recorded, Recorded | None]:
    """The history of a clone, and then what was approved held against what landed (None: nothing to ask).

    Raises:
        SourceError, LedgerError: see ``record_git`` and ``coverings``.
    """
    # What reads a history is brought only where there is one to read.
    record_git = importlib.import_module("asbuilt.app.record_git").record_git
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
