"""One request as GitHub tells it now: a few small questions, each list read to its end or not counted as complete.

1. The request itself: without it nothing is known, and nothing passes.
2. Its reviews, commits and timeline, and the checks and statuses of its head. A list that is refused, or breaks
   off, is a gap, and what it would have told stays unknown.
3. The reviews once more by GraphQL, which alone tells whether a reviewer may push. Where it does not answer, REST's
   word of who was let in must do.
"""

import re
from typing import Final

import msgspec

from asbuilt.app.gate_request import Known, Page, known_of
from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible
from asbuilt.sources.credentials import Token
from asbuilt.sources.github.asking import TokenRefusedError, TooSlowError, ask
from asbuilt.sources.http import Client, UnansweredError
from asbuilt.sources.limits import LimitReachedError

HEADERS: Final = {
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "User-Agent": "asbuilt",
}
MOST_PAGES: Final = 50  # of one list; a request with more is not read whole
_WAIT: Final = 30.0  # seconds that a gate waits for a limit
# page -> address, tables that it tells everything of once it was read to its end, the right that opens it
_LISTS: Final = {
    "pull/reviews": ("/pulls/{number}/reviews", "reviews", "Pull requests: read"),
    "pull/commits": ("/pulls/{number}/commits", "request_commits", "Pull requests: read"),
    "issue/timeline": ("/issues/{number}/timeline", "request_events", "Pull requests: read"),
    "commit/check-runs": ("/commits/{head}/check-runs", "checks", "Checks: read"),
    "commit/statuses": ("/commits/{head}/statuses", "checks", "Commit statuses: read"),
}
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}/(?!\.{1,2}\Z)[A-Za-z0-9._-]{1,100}")
_UNREAD = (UnansweredError, LimitReachedError)


def read_request(
    base: str,
    token: Token,
    repository: str,
    number: int,
    *,
    head: str,
    now: int,
    queued: bool = False,
    private_hosts: frozenset[str] = frozenset(),
    client: Client | None = None,
) -> Known:
    """What GitHub tells of a request now.

    Args:
        base: the address of the interface.
        token: may read the repository's requests and checks.
        repository: ``owner/name``.
        number: the request.
        head: the commit that wants to land.
        now: Unix seconds.
        queued: the head is what a merge queue made of the request.
        private_hosts: hosts that may lie inside the company's own network.
        client: asks in place of one made here.

    Raises:
        SourceError: the request itself cannot be read, or its head is another commit.
    """
    expect_repository(repository)
    with client or Client(base, token, headers=HEADERS, private_hosts=private_hosts, max_wait=_WAIT) as asking:
        # (1)
        reply = asking.get(f"/repos/{repository}/pulls/{number}")
        pull = _object(reply.body) if reply.status == 200 else None
        if pull is None:
            raise SourceError(
                f"Request {number} of {visible(repository, 200)} could not be read.",
                why=f"{reply.request} answers {reply.status}.",
                fix="Give the token the right to read this repository's pull requests.",
            )
        # (2), (3)
        pages, gaps, covered = _read_lists(asking, repository, number, head, pull.get("node_id"))
    return known_of(
        [Page("pull", str(number), reply.body), *pages],
        covered,
        repository=repository,
        number=number,
        pull=pull,
        head=None if queued else head,
        now=now,
        source="GitHub",
        gaps=gaps,
    )


def _read_lists(
    client: Client, repository: str, number: int, head: str, node: object
) -> tuple[list[Page], list[Gap], frozenset[str]]:
    """The pages of every list, what could not be read, and the tables that were read whole."""
    # (3) First, for of two rows of one review the first is taken.
    rights, why = _reviews_with_rights(client, node)
    pages = [Page("graphql/request-reviews", f"{number} | {at}", body) for at, body in enumerate(rights, 1)]
    gaps = [_gap("graphql/request-reviews", why, "Pull requests: read")] if why else []
    broken = set()
    # (2)
    for name, (address, table, right) in _LISTS.items():
        found, why = _listed(client, f"/repos/{repository}" + address.format(number=number, head=head))
        subject = head if name.startswith("commit/") else str(number)
        pages += [Page(name, f"{subject} | {at}", body) for at, body in enumerate(found, 1)]
        if why:
            broken.add(table)
            gaps.append(_gap(name, why, right))
    return pages, gaps, frozenset(table for _, table, _ in _LISTS.values()) - broken


def _reviews_with_rights(client: Client, node: object) -> tuple[list[bytes], str]:
    """The reviews as GraphQL tells them, and why they could not be read to the end (empty: they were)."""
    pages: list[bytes] = []
    cursor: str | None = None
    if not isinstance(node, str):
        return pages, "The request has no id of GraphQL's."
    while len(pages) < MOST_PAGES:
        try:
            found = ask(client, "RequestReviews", {"id": node, "cursor": cursor}, tries=2)
            told = msgspec.json.decode(found.data, type=_Reviews)
        except (*_UNREAD, TokenRefusedError, TooSlowError, msgspec.MsgspecError, RecursionError) as error:
            return [], str(error) or "GraphQL does not answer."
        if found.reply.status != 200 or found.errors or told.node is None:
            return [], f"{found.reply.request} answers {found.reply.status}, and not the reviews."
        pages.append(found.reply.body)
        cursor = told.node.reviews.page_info.end_cursor
        if not told.node.reviews.page_info.has_next_page:
            return pages, ""
    return [], f"It has more than {MOST_PAGES} pages."


class _PageInfo(msgspec.Struct, rename="camel"):
    has_next_page: bool
    end_cursor: str | None = None


class _Connection(msgspec.Struct, rename="camel"):
    page_info: _PageInfo


class _Node(msgspec.Struct):
    reviews: _Connection


class _Reviews(msgspec.Struct):
    node: _Node | None = None


def expect_repository(name: str) -> None:
    """Refuse a name that is no ``owner/name`` on GitHub: it stands in an address.

    Raises:
        SourceError: it is none.
    """
    if not _REPOSITORY.fullmatch(name):
        raise SourceError(f"{visible(name, 200)!r} is no repository on GitHub.", fix="Name it: --repo OWNER/NAME.")


def _listed(client: Client, address: str) -> tuple[list[bytes], str]:
    """The pages of a list, and why it was not read to its end (empty: it was)."""
    pages: list[bytes] = []
    following: str | None = f"{address}?per_page=100"
    while following is not None:
        if len(pages) == MOST_PAGES:
            return pages, f"It has more than {MOST_PAGES} pages."
        try:
            reply = client.get(following)
        except _UNREAD as error:
            return pages, str(error)
        if reply.status != 200:
            return pages, f"{reply.request} answers {reply.status}."
        pages.append(reply.body)
        following = reply.next
    return pages, ""


def _object(body: bytes) -> dict[str, object] | None:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _gap(name: str, why: str, right: str) -> Gap:
    return Gap(
        "GAP-ACCESS", f"The list {name} could not be read to its end.", why, f"Give the token the right {right}."
    )
