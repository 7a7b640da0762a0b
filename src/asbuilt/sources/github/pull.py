"""Reading GitHub: a repository, or an organisation with each of its repositories; part by part, each from its mark.

1. The repository itself: its name today, its default branch. What is not seen at all is an error, not a gap.
2. Activity; requests in bulk, and the checks of what came without one; what was done through apps; deployments,
   environments.
3. Rules of the default branch, rule sets, rule suites; rights; findings.
4. A limit or a token that ends here stops the reading: what was got stays, a gap says the rest, a mark says where.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.sources.github.apps import read_apps
from asbuilt.sources.github.asking import said
from asbuilt.sources.github.deployments import read_deployments
from asbuilt.sources.github.endpoints import load_endpoints
from asbuilt.sources.github.organization import read_repositories, read_settings, read_teams
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.github.requests import read_requests
from asbuilt.sources.github.rest import read_listing
from asbuilt.sources.github.rules import read_rules
from asbuilt.sources.github.surroundings import read_access, read_activity, read_findings
from asbuilt.sources.http import Client
from asbuilt.sources.pulling import Forge, Part, read_first, read_parts
from asbuilt.sources.steps import Step

PUBLIC = "https://api.github.com"
HEADERS = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": "asbuilt",
}
TOKEN_VARIABLES = ("ASBUILT_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")

OF_REPOSITORY: tuple[Part, ...] = (
    read_activity,
    read_requests,
    read_apps,
    read_deployments,
    read_rules,
    read_access,
    read_findings,
)
OF_ORGANIZATION: tuple[Part, ...] = (read_settings, read_teams, read_repositories)


_FORGE = Forge(
    "GitHub",
    "github",
    "api.github.com",
    said,
    "Look at the name; give the token access to it, with the rights that --plan lists.",
)


class Repository:
    """One repository as a source.

    Args:
        client: asks GitHub.
        repository: ``owner/name``.
        since: Unix seconds; what was touched before is not read the first time (None: everything is).
        profiles: opt-in parts that are wanted (``endpoints.toml``).
        among_others: whether it is one of several that are read: unseen, it is a gap, and no error.
    """

    def __init__(
        self,
        client: Client,
        repository: str,
        *,
        since: int | None = None,
        profiles: frozenset[str] = frozenset(),
        among_others: bool = False,
    ) -> None:
        self._client, self._repository, self._since, self._profiles = client, repository, since, profiles
        self._among_others = among_others

    @property
    def name(self) -> str:
        """Its name in records."""
        return _FORGE.source_name(self._client, self._repository)

    def pull(self, state: Mapping[str, Any]) -> Iterator[Step]:
        """Read what is new since ``state``.

        Raises:
            SourceError: nothing at all can be read.
        """
        reading = Reading(self._client, self._repository, state, since=self._since, profiles=self._profiles)
        outcome = Outcome()
        try:
            yield from _first(reading, outcome, "repository", repository=self._repository)
        except SourceError as error:
            if not self._among_others:
                raise
            yield Gap("GAP-ACCESS", error.what, error.why, error.fix, self._repository)
            return
        reading.remember_repository(outcome.documents)
        yield from read_parts(reading, OF_REPOSITORY)


class Organization:
    """An organisation as a source: what it says of itself. ``repositories`` are known once it was pulled."""

    def __init__(self, client: Client, organization: str) -> None:
        self._client, self._organization = client, organization
        self.repositories: list[str] = []

    @property
    def name(self) -> str:
        """Its name in records."""
        return _FORGE.source_name(self._client, self._organization)

    def pull(self, state: Mapping[str, Any]) -> Iterator[Step]:
        """Read it.

        Raises:
            SourceError: nothing at all can be read.
        """
        reading = Reading(self._client, self._organization, state)
        yield from _first(reading, Outcome(), "org", organization=self._organization)
        yield from read_parts(reading, OF_ORGANIZATION)
        self.repositories = reading.known_ids("repositories")


def _first(reading: Reading, outcome: Outcome, name: str, **names: str) -> Iterator[Step]:
    """(1)."""
    listed = read_listing(reading, load_endpoints()[name], outcome, want=True, **names)
    return read_first(reading, _FORGE, listed, outcome)
