"""Who had a part in a request: whether an account is a bot's, GitLab tells on the account's own page alone.

1. Each account is asked for once in a reading; its answer stands in the page of every request that it had a part
   in, and as a page of its own.
2. One that is not shown leaves a gap. It is asked for again the next time, and its requests are read again once it
   is: until then nobody knows whether a person types there.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from asbuilt.sources.github.asking import TokenRefusedError
from asbuilt.sources.github.reading import Reading
from asbuilt.sources.gitlab.asking import Bound, refusal
from asbuilt.sources.gitlab.endpoints import load_endpoints
from asbuilt.sources.http import Reply
from asbuilt.sources.steps import Step

USERS: Final = "users"
_MOST_KEPT: Final = 20_000  # answers that are kept in memory; more are asked for again
_MOST_STRANGERS: Final = 1_000
_MOST_ASKED: Final = 50  # of them that are asked for again at each reading


class Strangers(msgspec.Struct):
    """Accounts that were not shown, by their numbers, and the requests in which they had a part."""

    requests: dict[str, list[int]] = {}


class Accounts:
    """The accounts of one reading. ``was_refused``: one of them was not shown."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._endpoint = load_endpoints()["user"]
        self._replies: dict[int, Reply] = {}
        self._told: set[int] = set()
        self._strangers = reading.part("strangers", Strangers)
        self.was_refused = False

    def bind(self, bound: Bound, number: int) -> Iterator[Step]:
        """(1) The own pages of all who had a part in a request, into its page and as pages."""
        for own in _who(bound):
            reply = self._ask(own)
            if _is_account(reply):
                bound.add(self._endpoint.name, reply)
                if own not in self._told:
                    self._told.add(own)
                    yield self._reading.page(self._endpoint.name, str(own), reply, USERS)
                continue
            if not self.was_refused:
                yield refusal(self._endpoint, f"{self._endpoint.name} {self._reading.repository} {own}", reply)
            self.was_refused = True
            self._remember(own, number)

    def now_shown(self) -> Iterator[int]:
        """(2) Requests to be read again, for somebody in them is shown now who was not."""
        found = self._strangers.requests
        for own in list(found)[:_MOST_ASKED]:
            if own.isdigit() and _is_account(self._ask(int(own))):
                yield from tuple(found[own])
                found.pop(own, None)  # only now: who breaks off before begins with them again

    def _ask(self, own: int) -> Reply:
        known = self._replies.get(own)
        if known is not None:
            return known
        reply = self._reading.client.get(self._endpoint.path.format(user=own))
        self._reading.saw(reply)
        if reply.status == 401:
            raise TokenRefusedError(reply)
        if len(self._replies) < _MOST_KEPT:
            self._replies[own] = reply
        return reply

    def _remember(self, own: int, number: int) -> None:
        found = self._strangers.requests
        if str(own) in found or len(found) < _MOST_STRANGERS:
            requests = found.setdefault(str(own), [])
            if number not in requests and len(requests) < _MOST_STRANGERS:
                requests.append(number)


def _is_account(reply: Reply) -> bool:
    if reply.status != 200:
        return False
    try:
        return isinstance(msgspec.json.decode(reply.body), dict)
    except (msgspec.MsgspecError, RecursionError):
        return False


def _who(bound: Bound) -> list[int]:
    """Who wrote the request, merged it, and did what GitLab's own notes tell of, each once."""
    request: Any = next(iter(bound.items("merge_request")), {})
    told = [request.get("author"), request.get("merge_user")]
    told += [note.get("author") for note in bound.items("notes") if note.get("system") is True]
    found = [each.get("id") for each in told if isinstance(each, dict)]
    return list(dict.fromkeys(own for own in found if isinstance(own, int) and own > 0))
