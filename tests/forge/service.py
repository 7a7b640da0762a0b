"""The forge's door: one function from a request to an answer, with tokens, limits, ETags, paging and faults."""

import email.utils
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.forge.connections import cursor, place_of
from tests.forge.graph import execute
from tests.forge.resolvers import Asked
from tests.forge.rest import route
from tests.forge.routing import Asking, Listing, RefusedError
from tests.forge.state import Forge

VERSION = "2022-11-28"
LIMIT = 5_000
HOUR = 3600
TOKEN = "every-permission"


class CutError(Exception):
    """The connection breaks before an answer."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Token:
    """``permissions`` as fine-grained tokens have them (name -> read or write); None is all of them."""

    permissions: dict[str, str] | None = None
    login: str = "auditor"
    revoked: bool = False


@dataclass(frozen=True)
class Seen:
    """A request that came in."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes

    @property
    def is_graph(self) -> bool:
        return self.path.endswith("/graphql")

    @property
    def resource(self) -> str:
        """Which limit it counts against."""
        return "graphql" if self.is_graph else "core"


Fault = Callable[["Service", Seen], Answer | None]


@dataclass
class Service:
    """One forge at one address. ``faults`` are tried in turn on each request, by its number counted from 0:
    the first answer that one gives is the answer; it may raise CutError, or change the forge and give none.
    """

    forge: Forge
    tokens: dict[str, Token] = field(default_factory=lambda: {TOKEN: Token()})
    faults: list[Fault] = field(default_factory=list)
    cap: int | None = None  # inner pages of GraphQL hold no more than this
    page_cap: int | None = None  # pages of REST hold no more than this
    seconds: float = 0.0  # how long each answer takes
    remember: bool = False  # answers once given are kept: the simulator's own time is not the forge's
    limit: int = LIMIT
    requests: list[Seen] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    spent: dict[str, int] = field(default_factory=lambda: {"core": 0, "graphql": 0})  # each has a limit of its own
    points: int = 0
    waited: float = 0.0  # seconds that clients have slept
    is_still: bool = False  # the clock stands still while a client sleeps
    renewed: float = 0.0  # when the limit was given back last
    sizes: dict[str, int] = field(
        default_factory=dict
    )  # path of each REST answer -> items of the whole listing, or 1
    kept: dict[Any, Answer] = field(default_factory=dict)

    @property
    def clock(self) -> float:
        """Unix seconds."""
        return self.forge.now + (0.0 if self.is_still else self.waited)

    @property
    def used(self) -> int:
        """What counted, of both limits."""
        return sum(self.spent.values())

    def sleep(self, seconds: float) -> None:
        """What a client does while it waits."""
        self.waited += seconds

    def answer(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """What the forge says.

        Raises:
            CutError: the connection breaks.
        """
        begun = time.perf_counter()
        if self.clock >= self.resets_at:
            self.spent, self.renewed = {"core": 0, "graphql": 0}, self.clock
        parts = urlsplit(url)
        lower = {name.lower(): value for name, value in headers.items()}
        seen = Seen(method, parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True)), lower, body)
        self.requests.append(seen)
        found: Answer | None = None
        for fault in self.faults:
            found = fault(self, seen)
            if found is not None:
                break
        if found is None:
            found = self._kept(seen, f"{parts.scheme}://{parts.netloc}")
        if self.seconds:
            time.sleep(max(0.0, self.seconds - (time.perf_counter() - begun)))
        self.statuses.append(found.status)
        return found

    def _kept(self, seen: Seen, base: str) -> Answer:
        if not self.remember:
            return self._answer(seen, base)
        name = (seen.method, seen.path, seen.query, seen.body, seen.headers.get("if-none-match"))
        if name not in self.kept:
            self.kept[name] = self._answer(seen, base)
        return self.kept[name]

    def _answer(self, seen: Seen, base: str) -> Answer:
        token = self._token(seen)
        if token is None:
            return told(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})
        if self.spent[seen.resource] >= self.limit and not seen.path.endswith("/rate_limit"):
            return self._limited(seen)
        try:
            answer = self._graph(seen, token) if seen.is_graph else self._rest(seen, token, base)
        except RefusedError as refused:
            self.spent[seen.resource] += 1
            answer = told(
                refused.status,
                {
                    "message": refused.message,
                    "documentation_url": "https://docs.github.com/rest",
                    "status": str(refused.status),
                },
                refused.headers,
            )
        date = email.utils.formatdate(self.clock, usegmt=True)
        return Answer(answer.status, answer.body, {"Date": date, **answer.headers, **self.limits(seen)})

    def _token(self, seen: Seen) -> Token | None:
        word = seen.headers.get("authorization", "")
        kind, _, value = word.partition(" ")
        found = self.tokens.get(value.strip()) if kind.lower() in {"bearer", "token"} else None
        return None if found is None or found.revoked else found

    @property
    def resets_at(self) -> int:
        """When the limit is given back."""
        return int(self.renewed or self.forge.now) + HOUR

    def limits(self, seen: Seen) -> dict[str, str]:
        """The headers of the primary limit; the clock is the forge's."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(0, self.limit - self.spent[seen.resource])),
            "X-RateLimit-Reset": str(self.resets_at),
            "X-RateLimit-Used": str(self.spent[seen.resource]),
            "X-RateLimit-Resource": seen.resource,
        }

    def _limited(self, seen: Seen) -> Answer:
        if seen.is_graph:
            body = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]}
            return told(200, body, self.limits(seen))
        words = "API rate limit exceeded for user ID 1. If you reach out to GitHub Support for help, please include the request ID."
        return told(403, {"message": words, "documentation_url": "https://docs.github.com/rest"}, self.limits(seen))

    def _graph(self, seen: Seen, token: Token) -> Answer:
        if seen.method != "POST":
            raise RefusedError(404, "Not Found")
        try:
            body = json.loads(seen.body)
        except ValueError:
            return told(
                400, {"message": "Problems parsing JSON", "documentation_url": "https://docs.github.com/graphql"}
            )
        asked = Asked(
            token.permissions, self.cap, token.login, self.limit, self.limit - self.spent["graphql"], self.resets_at
        )
        points, answer = execute(self.forge, body, asked=asked)
        self.spent["graphql"] += points
        self.points += points
        return told(200, answer)

    def _rest(self, seen: Seen, token: Token, base: str) -> Answer:
        if seen.method != "GET":
            raise RefusedError(404, "Not Found")
        path = seen.path.removeprefix("/api/v3")
        asking = Asking(self.forge, path, dict(seen.query), token.permissions, token.login)
        body, headers = route(asking), {}
        self.sizes[path] = len(body.items) if isinstance(body, Listing) else 1
        if isinstance(body, Listing):
            body, link = self._page(body, seen, base)
            if link:
                headers["Link"] = link
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        etag = f'W/"{hashlib.sha256(raw).hexdigest()}"'
        headers |= {"ETag": etag, "Content-Type": "application/json; charset=utf-8"}
        headers |= {"X-GitHub-Media-Type": "github.v3; format=json", "X-GitHub-Api-Version-Selected": VERSION}
        if asking.accepted:
            headers["X-Accepted-GitHub-Permissions"] = asking.accepted
        if seen.headers.get("if-none-match") == etag:
            return Answer(304, b"", headers)
        self.spent["core"] += 1
        return Answer(200, raw, headers)

    def _page(self, listing: Listing, seen: Seen, base: str) -> tuple[Any, str]:
        """The page asked for, and the Link header."""
        query = dict(seen.query)
        size = max(1, min(int(query.get("per_page", listing.size)), 100))
        size = min(size, self.page_cap or size)
        items = listing.items

        def address(**changed: object) -> str:
            words = {
                name: value for name, value in query.items() if name not in {"page", "after", "before", "cursor"}
            }
            return f"<{base}{seen.path}?{urlencode(words | {key: str(value) for key, value in changed.items()})}>"

        links: list[str] = []
        if listing.cursor and "page" not in query:
            start = int(place_of(query[listing.cursor])) + 1 if listing.cursor in query else 0
            if start + size < len(items):
                links.append(f'{address(**{listing.cursor: cursor(start + size - 1)})}; rel="next"')
        else:
            page = max(1, int(query.get("page", "1")))
            start, last = (page - 1) * size, max(1, -(-len(items) // size))
            if page > 1:
                links.append(f'{address(page=page - 1)}; rel="prev"')
            if page < last:
                links += [f'{address(page=page + 1)}; rel="next"', f'{address(page=last)}; rel="last"']
            if page > 1:
                links.append(f'{address(page=1)}; rel="first"')
        chosen = [listing.render(each) for each in items[start : start + size]]
        if listing.inside is None:
            return chosen, ", ".join(links)
        return {"total_count": len(items), listing.inside: chosen} | listing.beside, ", ".join(links)


def told(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in JSON."""
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, raw, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})
