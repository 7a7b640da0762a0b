"""One request as GitHub tells it now: a few small questions, each list read to its end or not counted as complete.

1. The request itself: without it nothing is known, and nothing passes.
2. Its reviews, commits and timeline, and the checks and statuses of its head. A list that is refused, or breaks
   off, is a gap, and what it would have told stays unknown.
"""

import re
from typing import Final

import msgspec

from asbuilt.app.gate_request import Known, Page, known_of
from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible
from asbuilt.sources.credentials import Token
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
        place = f"/repos/{repository}"
        # (1)
        reply = asking.get(f"{place}/pulls/{number}")
        pull = _object(reply.body) if reply.status == 200 else None
        if pull is None:
            raise SourceError(
                f"Request {number} of {visible(repository, 200)} could not be read.",
                why=f"{reply.request} answers {reply.status}.",
                fix="Give the token the right to read this repository's pull requests.",
            )
        # (2)
        pages, gaps, broken = [Page("pull", str(number), reply.body)], [], set[str]()
        for name, (address, table, right) in _LISTS.items():
            found, why = _listed(asking, place + address.format(number=number, head=head))
            subject = head if name.startswith("commit/") else str(number)
            pages += [Page(name, f"{subject} | {at}", body) for at, body in enumerate(found, 1)]
            if why:
                broken.add(table)
                gaps.append(_gap(name, why, right))
    covered = frozenset(table for _, table, _ in _LISTS.values()) - broken
    return known_of(
        pages,
        covered,
        repository=repository,
        number=number,
        pull=pull,
        head=None if queued else head,
        now=now,
        source="GitHub",
        gaps=gaps,
    )


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
