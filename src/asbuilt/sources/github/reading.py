"""What one reading of a repository or an organisation carries along: whom it asks, where it stands, the time."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible
from asbuilt.sources.github.asking import Answer
from asbuilt.sources.http import Client, Reply
from asbuilt.sources.steps import Mark, Page, Step

COMMIT = re.compile(r"(?!0+$)[0-9a-f]{40}(?:[0-9a-f]{24})?")  # the id of one, not of nothing
State = TypeVar("State")


class Outcome:
    """What became of a listing: its pages (parsed; None: not sent again, or no JSON), whether all of them came.

    ``refused`` is the answer that ended it. ``look`` sees each page in place of its being kept: of a long listing.
    """

    def __init__(self, look: Callable[[Any], None] | None = None) -> None:
        self._look = look
        self.documents: list[Any] = []
        self.is_whole = False
        self.refused: Reply | None = None

    def take(self, document: Any) -> None:
        """One page more."""
        if self._look is not None:
            self._look(document)
            document = None
        self.documents.append(document)


class Commits(msgspec.Struct):
    """Commits whose checks are to be read one by one, and when each was first seen."""

    waiting: dict[str, int] = {}


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
        self.state: dict[str, Any] = dict(state)
        # Listings that another reading may go on with: those that the last one left under way are so from the first
        # mark on, else what was counted of them would be forgotten before they are come to.
        told = self.state.get("listings")
        self.going_on: set[str] = {str(own) for own in told} if isinstance(told, list) else set()
        self.now = 0

    def part(self, name: str, kind: type[State]) -> State:
        """What is remembered of one part, to be changed; anything that is not of our making counts as nothing."""
        try:
            found = msgspec.convert(self.state.get(name), kind)
        except msgspec.ValidationError:
            found = kind()
        self.state[name] = found
        return found

    def remember_repository(self, documents: Sequence[Any]) -> None:
        """Take in what the repository's own page says."""
        for document in documents:
            branch = document.get("default_branch") if isinstance(document, dict) else None
            if isinstance(branch, str) and branch:
                self.part("repository", dict[str, Any])["branch"] = branch

    @property
    def default_branch(self) -> str | None:
        """The branch that requests are for unless they say else."""
        branch = self.part("repository", dict[str, Any]).get("branch")
        return branch if isinstance(branch, str) else None

    def ids(self, name: str, outcome: Outcome, field: str = "id", *, within: str = "") -> list[str]:
        """What identifies the items of a listing, in their order; of a page that has not changed as it was then.

        ``within`` names the field of the page that holds the items (empty: the page is the list).
        """
        known = self.part("ids", dict[str, list[list[str]]])
        pages = known.get(name, [])
        found = []
        for number, document in enumerate(outcome.documents):
            if document is None:  # not sent again
                found.append(pages[number] if number < len(pages) else [])
            else:
                told = document.get(within) if isinstance(document, dict) else document
                items = told if isinstance(told, list) else []
                found.append([str(item[field]) for item in items if isinstance(item, dict) and item.get(field)])
        known[name] = found
        return self.known_ids(name)

    def known_ids(self, name: str) -> list[str]:
        """What identifies the items of a listing, as they were last seen."""
        pages = self.part("ids", dict[str, list[list[str]]]).get(name, [])
        return list(dict.fromkeys(own for page in pages for own in page))

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
        return Mark(msgspec.to_builtins(self.state | {"listings": sorted(self.going_on)}))

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
