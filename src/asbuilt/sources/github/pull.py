"""Reading GitHub: a repository, or an organisation with each of its repositories; part by part, each from its mark.

1. The repository itself: its name today, its default branch. What is not seen at all is an error, not a gap.
2. Requests in bulk, deployments, environments.
3. Rules of the default branch, rule sets, rule suites; activity; rights; findings.
4. A limit or a token that ends here stops the reading: what was got stays, a gap says the rest, a mark says where.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.sources.github.asking import TokenRefusedError, said
from asbuilt.sources.github.endpoints import BASE, Endpoint, load_endpoints
from asbuilt.sources.github.reading import Reading
from asbuilt.sources.github.requests import read_requests
from asbuilt.sources.github.rest import Outcome, read_listing
from asbuilt.sources.http import Client, UnansweredError
from asbuilt.sources.limits import LimitReachedError
from asbuilt.sources.moments import text_of
from asbuilt.sources.steps import Step

PUBLIC = "https://api.github.com"
HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": "asbuilt",
}
TOKEN_VARIABLES = ("ASBUILT_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")


def source_name(client: Client, subject: str) -> str:
    """How records name it: ``github:owner/name``; elsewhere than on github.com with the host before it."""
    host = "" if client.base.host == "api.github.com" else f"{client.base.netloc.decode('ascii')}/"
    return f"github:{host}{subject}"


class Repository:
    """One repository as a source."""

    def __init__(
        self,
        client: Client,
        repository: str,
        *,
        since: int | None = None,
        profiles: frozenset[str] = frozenset(),
    ) -> None:
        self._client, self._repository, self._since, self._profiles = client, repository, since, profiles

    @property
    def name(self) -> str:
        """Its name in records."""
        return source_name(self._client, self._repository)

    def pull(self, state: Mapping[str, Any]) -> Iterator[Step]:
        """Read what is new since ``state``.

        Raises:
            SourceError: nothing at all can be read.
        """
        reading = Reading(self._client, self._repository, state, since=self._since, profiles=self._profiles)
        endpoints = load_endpoints()
        # (1)
        outcome = Outcome()
        try:
            steps = list(
                read_listing(reading, endpoints["repository"], outcome, want=True, repository=self._repository)
            )
        except LimitReachedError as error:
            yield _stopped(self._repository, error)
            return
        if outcome.refused is not None or not outcome.is_whole:
            raise _unseen(self._repository, outcome)
        yield from steps
        reading.remember_repository(outcome.documents)
        for part in (read_requests, *PARTS):
            try:
                yield from part(reading)
            except (LimitReachedError, TokenRefusedError) as error:
                # (4)
                yield _stopped(self._repository, error)
                yield reading.mark()
                return
            except UnansweredError as error:
                yield Gap("GAP-UNREAD", error.what, error.why, error.fix, f"{self._repository} {part.__name__}")
            yield reading.mark()


def _unseen(subject: str, outcome: Outcome) -> SourceError:
    reply = outcome.refused
    if reply is None:
        return UnansweredError(f"{subject} could not be read.", fix="Run the same command again later.")
    return SourceError(
        f"{subject} could not be read.",
        why=f"{reply.request} answers {reply.status}: {said(reply)}. GitHub answers 404 both for what is not there "
        "and for what the token may not see.",
        fix="Look at the name; give the token access to it, with the rights that --plan lists.",
    )


def _stopped(subject: str, error: SourceError) -> Gap:
    if isinstance(error, LimitReachedError):
        until = text_of(error.until)
        return Gap(
            "GAP-LIMIT",
            f"{subject} was not read to its end: the forge's limit is used up.",
            f"It takes requests again at {until}.",
            "Run the same command again then; it goes on from where it is.",
            subject,
        )
    return Gap("GAP-TOKEN", f"{subject} was not read to its end: {error.what}", error.why, error.fix, subject)


Part = Callable[[Reading], Iterator[Step]]
PARTS: tuple[Part, ...] = ()
__all__ = ["BASE", "HEADERS", "PARTS", "PUBLIC", "TOKEN_VARIABLES", "Endpoint", "Repository", "source_name"]
