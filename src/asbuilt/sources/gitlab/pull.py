"""Reading GitLab: one project, part by part, each from its mark.

1. The project itself: its name today, its default branch. What is not seen at all is an error, not a gap.
2. Merge requests with what belongs to them, the accounts behind them; rules, deployments, pushes, rights, findings.
3. A limit or a token that ends here stops the reading: what was got stays, a gap says the rest, a mark says where.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.sources.github.asking import TokenRefusedError
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.gitlab.asking import read_plain, said
from asbuilt.sources.gitlab.endpoints import load_endpoints
from asbuilt.sources.gitlab.requests import read_requests
from asbuilt.sources.gitlab.surroundings import (
    read_access,
    read_activity,
    read_deployments,
    read_rules,
)
from asbuilt.sources.http import Client, UnansweredError
from asbuilt.sources.limits import LimitReachedError
from asbuilt.sources.moments import text_of
from asbuilt.sources.steps import Step

PUBLIC = "https://gitlab.com/api/v4"
HEADERS = {"Accept": "application/json", "User-Agent": "asbuilt"}
TOKEN_VARIABLES = ("ASBUILT_GITLAB_TOKEN", "GITLAB_TOKEN")

Part = Callable[[Reading], Iterator[Step]]
PARTS: tuple[Part, ...] = (
    read_requests,
    read_rules,
    read_deployments,
    read_activity,
    read_access,
)


def source_name(client: Client, subject: str) -> str:
    """How records name it: ``gitlab:group/project``; elsewhere than on gitlab.com with the host before it."""
    host = "" if client.base.host == "gitlab.com" else f"{client.base.netloc.decode('ascii')}/"
    return f"gitlab:{host}{subject}"


class Project:
    """One project as a source.

    Args:
        client: asks GitLab.
        project: ``group/project``, with all groups above it.
        since: Unix seconds; what was touched before is not read the first time (None: everything is).
    """

    def __init__(self, client: Client, project: str, *, since: int | None = None) -> None:
        self._client, self._project, self._since = client, project, since

    @property
    def name(self) -> str:
        """Its name in records."""
        return source_name(self._client, self._project)

    def pull(self, state: Mapping[str, Any]) -> Iterator[Step]:
        """Read what is new since ``state``.

        Raises:
            SourceError: nothing at all can be read.
        """
        reading = Reading(self._client, self._project, state, since=self._since)
        # (1)
        outcome = Outcome()
        try:
            steps = list(
                read_plain(reading, load_endpoints()["project"], outcome, want=True, project=_quoted(self._project))
            )
        except LimitReachedError as error:
            yield _stopped(self._project, error)
            return
        if outcome.refused is not None or not outcome.is_whole:
            raise _unseen(self._project, outcome, steps)
        yield from steps
        reading.remember_repository(outcome.documents)
        # (2)
        for part in PARTS:
            try:
                yield from part(reading)
            except (LimitReachedError, TokenRefusedError) as error:
                # (3)
                yield _stopped(self._project, error)
                yield reading.mark()
                return
            except UnansweredError as error:
                place = part.__name__.removeprefix("read_")
                yield Gap(
                    "GAP-UNREAD",
                    f"The {place} of {self._project} were not read to their end.",
                    f"{error.what} {error.why}".strip(),
                    error.fix,
                    f"{place} {self._project}",
                )
            yield reading.mark()


def _quoted(project: str) -> str:
    return quote(project, safe="")


def _unseen(subject: str, outcome: Outcome, steps: list[Step]) -> SourceError:
    reply = outcome.refused
    if reply is None:
        why = next((step.why for step in steps if isinstance(step, Gap)), "")
        return SourceError(f"{subject} could not be read.", why=why, fix="Run the same command again later.")
    return SourceError(
        f"{subject} could not be read.",
        why=f"{reply.request} answers {reply.status}: {said(reply)}. GitLab answers 404 both for what is not there "
        "and for what the token may not see.",
        fix="Look at the name; give the token's account the role that --plan lists.",
    )


def _stopped(subject: str, error: SourceError) -> Gap:
    if isinstance(error, LimitReachedError):
        return Gap(
            "GAP-LIMIT",
            f"{subject} was not read to its end: the forge's limit is used up.",
            f"It takes requests again at {text_of(error.until)}.",
            "Run the same command again then; it goes on from where it is.",
            subject,
        )
    return Gap("GAP-TOKEN", f"{subject} was not read to its end: {error.what}", error.why, error.fix, subject)
