"""``asbuilt sync github``: a repository, or an organisation with its repositories, into the ledger."""

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec

from asbuilt.app.sync import Synced, sync
from asbuilt.app.sync_ahead import Halt
from asbuilt.app.sync_writing import Subject
from asbuilt.model.errors import UsageError
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import visible
from asbuilt.sources.credentials import Token, read_token
from asbuilt.sources.github.pull import HEADERS, PUBLIC, TOKEN_VARIABLES, Repository
from asbuilt.sources.http import Client
from asbuilt.sources.limits import LONGEST_WAIT

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")


class Asked(msgspec.Struct, frozen=True):
    """How GitHub is to be asked.

    ``api_url`` None: github.com's. ``token_file`` None: the environment's.
    ``since`` Unix seconds before which nothing is read the first time.
    """

    api_url: str | None = None
    token_file: Path | None = None
    private_hosts: frozenset[str] = frozenset()
    max_wait: float = LONGEST_WAIT
    since: int | None = None
    profiles: frozenset[str] = frozenset()


class Surroundings(msgspec.Struct, frozen=True):
    """Everything of the machine that reading depends on; a test brings its own."""

    transport: httpx.BaseTransport | None = None
    clock: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] | None = None
    draw: Callable[[], float] = random.random


class Done(msgspec.Struct, frozen=True):
    """What came of it: one ``Synced`` for each source, requests that were made, and what is left of the limits."""

    sources: tuple[Synced, ...]
    requests: int
    remaining: dict[str, int]


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
    if not _REPOSITORY.fullmatch(subject):
        raise UsageError(f"'{visible(subject, 100)}' is no repository.", fix="Write OWNER/REPO.")
    around = around or Surroundings()
    token: Token = read_token(asked.token_file, TOKEN_VARIABLES)
    halt = Halt(around.sleep)
    with Client(
        asked.api_url or PUBLIC,
        token,
        headers=HEADERS,
        private_hosts=asked.private_hosts,
        max_wait=asked.max_wait,
        transport=around.transport,
        clock=around.clock,
        sleep=halt.sleep,
        draw=around.draw,
        on_wait=lambda left: on("Waiting for the forge's limit", -left, None),
    ) as client:
        source = Repository(client, subject, since=asked.since, profiles=asked.profiles)
        about = Subject("github", repository=subject)
        done = sync(source, about, folder, on=on, halt=halt, clock=around.clock, ticks=around.ticks)
        return Done((done,), client.requests, client.limits.remaining)
