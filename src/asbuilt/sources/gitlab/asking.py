"""Asking GitLab: single endpoints of any number of pages, several of them bound into one page, and refusals.

What GitLab tells of one merge request is told by several endpoints, and an approval is bound to no commit: which
head was approved shows only beside the versions of the request. So their answers become one page, byte for byte as
they came, each with its name, its address and its number.

401: the token is not, or no longer, good. 403 and 404: it may not be seen, or the plan has none; never an empty
list.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible
from asbuilt.sources.github.asking import TokenRefusedError
from asbuilt.sources.github.endpoints import Endpoint
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.github.rest import Listing
from asbuilt.sources.http import Reply
from asbuilt.sources.steps import Page, Step

_MOST_PAGES: Final = 1_000
_SHOWN: Final = 300


class _Said(msgspec.Struct):
    message: Any = None
    error_description: Any = None
    error: Any = None


def said(reply: Reply) -> str:
    """What GitLab says of a refusal, safe to show."""
    try:
        told = msgspec.json.decode(reply.body, type=_Said)
    except (msgspec.MsgspecError, RecursionError):
        told = _Said()
    words = (told.message, told.error_description, told.error)
    found = next((word for word in words if isinstance(word, str) and word.strip()), "")
    return visible(found.strip().rstrip("."), _SHOWN) or f"status {reply.status}, without a word"


def refusal(endpoint: Endpoint, place: str, reply: Reply) -> Gap:
    """The gap that a refusal leaves, with the role and the plan that would open it."""
    why = f"GitLab answers {reply.status}: {said(reply)}."
    if reply.status == 404:
        why += " It says so both of what is not there and of what the token may not see."
    if endpoint.plan:
        why += f" Without the plan {endpoint.plan} there is none."
    remedy = f"Give the token this right: {endpoint.permission}."
    return Gap("GAP-ACCESS", f"{place} could not be read.", why, remedy, place)


def read_plain(
    reading: Reading, endpoint: Endpoint, outcome: Outcome, *, want: bool = False, **names: str
) -> Iterator[Step]:
    """All pages of one endpoint, and what they make up together."""
    listing = Listing(reading, endpoint)
    yield from read_part(reading, listing, endpoint, outcome, want=want, **names)
    yield from listing.conclude()


def read_part(
    reading: Reading,
    listing: Listing,
    endpoint: Endpoint,
    outcome: Outcome,
    *,
    subject: str = "",
    want: bool = False,
    **names: str,
) -> Iterator[Step]:
    """All pages of one endpoint, as a part of a listing; a refusal in GitLab's words."""
    for step in listing.read(endpoint, outcome, subject=subject, want=want, **names):
        if isinstance(step, Gap) and step.code == "GAP-ACCESS" and outcome.refused is not None:
            place = " ".join(part for part in (endpoint.name, reading.repository, subject) if part)
            yield refusal(endpoint, place, outcome.refused)
        else:
            yield step


class Bound:
    """Answers of several endpoints on the way to becoming one page."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._answers: list[bytes] = []
        self._first: Reply | None = None
        self.documents: dict[str, list[Any]] = {}
        self.refused: dict[str, Reply] = {}

    def ask(self, endpoint: Endpoint, **names: str) -> bool:
        """Take in all pages of one endpoint; whether they came, as JSON, to their end.

        Raises:
            LimitReachedError, TokenRefusedError: nothing more can be asked.
            UnansweredError: no answer came.
        """
        address: str | None = endpoint.path.format(**names)
        found: list[Any] = []
        answers = []
        for number in range(1, _MOST_PAGES + 1):
            if not address:
                break
            reply = self._reading.client.get(address)
            self._reading.saw(reply)
            if reply.status == 401:
                raise TokenRefusedError(reply)
            if reply.status != 200:
                self.refused[endpoint.name] = reply
                return False
            try:
                found.append(msgspec.json.decode(reply.body))
            except (msgspec.MsgspecError, RecursionError):
                self.refused[endpoint.name] = reply
                return False
            answers.append(_answer(endpoint.name, number, reply))
            self._first = self._first or reply
            address = reply.next
        if address:
            return False
        self._answers += answers
        self.documents[endpoint.name] = found
        return True

    def add(self, name: str, reply: Reply) -> None:
        """Take in one answer that came before, as one of several of its name."""
        documents = self.documents.setdefault(name, [])
        documents.append(msgspec.json.decode(reply.body))
        self._answers.append(_answer(name, len(documents), reply))

    def items(self, name: str) -> list[dict[str, Any]]:
        """All objects of an endpoint, of however many pages; none where it gave nothing."""
        pages = self.documents.get(name, [])
        return [
            item
            for page in pages
            for item in (page if isinstance(page, list) else [page])
            if isinstance(item, dict)
        ]

    def page(self, name: str, key: str, listing: str) -> Page | None:
        """The page that the answers make; None where there is none."""
        if self._first is None:
            return None
        others = len(self._answers) - 1
        request = self._first.request + (f" and {others} more" if others else "")
        body = b'{"answers":[' + b",".join(self._answers) + b"]}"
        return Page(name, key, body, self._reading.now, request, listing)


def _answer(name: str, number: int, reply: Reply) -> bytes:
    head = {"name": name, "page": number, "request": reply.request, "status": reply.status}
    return msgspec.json.encode(head)[:-1] + b',"body":' + reply.body + b"}"
