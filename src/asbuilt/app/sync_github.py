"""``asbuilt sync github``: a repository, or an organisation with its repositories, into the ledger."""

import re
from collections.abc import Iterator
from pathlib import Path

from asbuilt.app.sync import Synced, sync
from asbuilt.app.sync_ahead import Halt
from asbuilt.app.sync_asking import Asked, Done, Surroundings, done_with, open_client
from asbuilt.app.sync_projecting import Subject
from asbuilt.model.errors import UsageError
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import visible
from asbuilt.sources.github.apps import EVENTS
from asbuilt.sources.github.pull import HEADERS, PUBLIC, TOKEN_VARIABLES, Organization, Repository
from asbuilt.sources.github.rules import HISTORY
from asbuilt.sources.http import Client

PROFILES = (EVENTS, HISTORY)
_ORGANIZATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")
_REPOSITORY = re.compile(rf"{_ORGANIZATION.pattern}/(?!\.\.?$)[A-Za-z0-9._-]{{1,100}}")


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
    forge = (PUBLIC, TOKEN_VARIABLES, HEADERS)
    with open_client(asked, around, halt, on, forge=forge) as client:
        reading = _Reading(client, folder, asked, (around, halt, on))
        sources = tuple(reading.organization(subject) if whole else [reading.repository(subject)])
    return done_with(
        sources, client, asked, project=None if whole else subject, folder=folder, around=around, on=on
    )


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
