"""``asbuilt sync gitlab``: a project of GitLab into the ledger."""

import re
from pathlib import Path

from asbuilt.app.sync import sync
from asbuilt.app.sync_ahead import Halt
from asbuilt.app.sync_asking import Asked, Done, Surroundings, done_with, open_client
from asbuilt.app.sync_plan import Need
from asbuilt.app.sync_projecting import Subject
from asbuilt.model.errors import UsageError
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import visible
from asbuilt.sources.github.endpoints import BASE
from asbuilt.sources.gitlab.endpoints import load_endpoints, load_rights
from asbuilt.sources.gitlab.pull import HEADERS, PUBLIC, TOKEN_VARIABLES, Project

_PART = r"(?!\.\.?(?:/|$))[A-Za-z0-9_.][A-Za-z0-9_.-]{0,254}"
_PROJECT = re.compile(rf"{_PART}(?:/{_PART}){{1,20}}")


def check_project(subject: str) -> str:
    """The project's path: its groups, and its name.

    Raises:
        UsageError: it is none.
    """
    if _PROJECT.fullmatch(subject):
        return subject
    raise UsageError(f"'{visible(subject, 100)}' is no project of GitLab.", fix="Write GROUP/PROJECT.")


def plan_gitlab() -> tuple[Need, ...]:
    """The rights that a token needs, least first, and what each opens."""
    found = load_endpoints().values()
    return tuple(
        Need(
            BASE,
            right,
            tuple(
                (each.name, each.why + (f" (plan {each.plan} alone)" if each.plan else ""), each.tables)
                for each in found
                if each.permission == right
            ),
        )
        for right in load_rights()
    )


def sync_gitlab(
    subject: str,
    folder: Path,
    asked: Asked,
    *,
    on: Listener = silent,
    around: Surroundings | None = None,
) -> Done:
    """Read ``GROUP/PROJECT`` into the ledger in ``folder``.

    Raises:
        UsageError: the subject, the address or the token is no good.
        SourceError, LedgerError: see ``sync.sync``.
    """
    project, around = check_project(subject), around or Surroundings()
    halt = Halt(around.sleep)
    forge = (PUBLIC, TOKEN_VARIABLES, HEADERS)
    with open_client(asked, around, halt, on, forge=forge) as client:
        done = sync(
            Project(client, project, since=asked.since),
            Subject("gitlab", project, project.rpartition("/")[0]),
            folder,
            on=on,
            halt=halt,
            clock=around.clock,
            ticks=around.ticks,
        )
    return done_with((done,), client, asked, project=project, folder=folder, around=around, on=on)
