"""Reading GitLab: one project, part by part, each from its mark.

1. The project itself: its name today, its default branch. What is not seen at all is an error, not a gap.
2. Merge requests with what belongs to them; rules, deployments, pushes, rights, findings.
3. A limit or a token that ends here stops the reading: what was got stays, a gap says the rest, a mark says where.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

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
from asbuilt.sources.http import Client
from asbuilt.sources.pulling import Forge, Part, read_first, read_parts
from asbuilt.sources.steps import Step

PUBLIC = "https://gitlab.com/api/v4"
HEADERS = {"Accept": "application/json", "User-Agent": "asbuilt"}
TOKEN_VARIABLES = ("ASBUILT_GITLAB_TOKEN", "GITLAB_TOKEN")

PARTS: tuple[Part, ...] = (
    read_requests,
    read_rules,
    read_deployments,
    read_activity,
    read_access,
)


_FORGE = Forge(
    "GitLab",
    "gitlab",
    "gitlab.com",
    said,
    "Look at the name; give the token's account the role that --plan lists.",
)


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
        return _FORGE.source_name(self._client, self._project)

    def pull(self, state: Mapping[str, Any]) -> Iterator[Step]:
        """Read what is new since ``state``.

        Raises:
            SourceError: nothing at all can be read.
        """
        reading = Reading(self._client, self._project, state, since=self._since)
        # (1)
        outcome = Outcome()
        quoted = quote(self._project, safe="")
        first = read_plain(reading, load_endpoints()["project"], outcome, want=True, project=quoted)
        yield from read_first(reading, _FORGE, first, outcome)
        reading.remember_repository(outcome.documents)
        # (2), (3)
        yield from read_parts(reading, PARTS)
