"""What one reading of a repository or an organisation carries along: whom it asks, where it stands, the time."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible
from asbuilt.sources.github.asking import Answer
from asbuilt.sources.http import Client, Reply
from asbuilt.sources.steps import Mark, Page, Step


class Reading:
    """One reading under way.

    Args:
        client: asks the forge.
        repository: ``owner/name`` (of an organisation: its name).
        state: where the last reading left off; changed as this one goes on.
        since: what was touched before that moment is not read the first time (None: everything is).
        profiles: the opt-in parts that are wanted.
    """

    def __init__(
        self,
        client: Client,
        repository: str,
        state: Mapping[str, Any],
        *,
        since: int | None = None,
        profiles: frozenset[str] = frozenset(),
    ) -> None:
        self.client, self.repository, self.since, self.profiles = client, repository, since, profiles
        self.state: dict[str, Any] = copy.deepcopy(dict(state))
        self.now = 0
        self.asked: set[str] = set()

    def part(self, name: str) -> dict[str, Any]:
        """What is remembered of one part; anything that is not of our making counts as nothing."""
        found = self.state.get(name)
        if not isinstance(found, dict):
            found = self.state[name] = {}
        return found

    def remember_repository(self, documents: Sequence[Any]) -> None:
        """Take in what the repository's own page says."""
        for document in documents:
            branch = document.get("default_branch") if isinstance(document, dict) else None
            if isinstance(branch, str) and branch:
                self.part("repository")["branch"] = branch

    @property
    def default_branch(self) -> str | None:
        """The branch that requests are for unless they say else."""
        branch = self.part("repository").get("branch")
        return branch if isinstance(branch, str) else None

    def saw(self, reply: Reply) -> None:
        """Time goes on."""
        self.now = max(self.now, reply.observed)

    def page(self, name: str, key: str, reply: Reply, listing: str | None, query: str = "") -> Page:
        """A page as it came."""
        return Page(
            name,
            key,
            reply.body,
            reply.observed,
            f"{reply.request} ({query})" if query else reply.request,
            listing,
            reply.status,
        )

    def mark(self) -> Mark:
        """Everything before may be written down."""
        return Mark(copy.deepcopy(self.state))

    def why(self, answer: Answer) -> str:
        """What GitHub says of a query that gave nothing."""
        words = "; ".join(dict.fromkeys(visible(each.message, 200) for each in answer.errors[:3]))
        return words or "GitHub gave nothing, and no reason."

    def partial(self, answer: Answer, what: str) -> Iterator[Step]:
        """A gap where GitHub gave a query's answer with holes."""
        if answer.errors:
            last = [str(each.path[-1]) for each in answer.errors if each.path]
            shown = ", ".join(sorted({visible(name, 60) for name in last})) or "a part"
            yield Gap(
                "GAP-ACCESS",
                f"Of the {what} GitHub left out: {shown}.",
                self.why(answer),
                "Give the token the rights that --plan lists for pull requests, checks and contents.",
                f"{self.repository} {shown}",
                len(answer.errors),
            )
