"""The one comment on a request: found by its marker, edited in place, left alone while nothing has changed.

1. Only a comment whose first line is the marker, and which this token's own account wrote, is ours: anybody may
   write the marker, and another's comment is never edited.
2. What stands there already is not written again.
"""

from typing import Final, TypeVar

import httpx
import msgspec

from asbuilt.app.gate_forge import HEADERS, expect_repository
from asbuilt.model.errors import SourceError
from asbuilt.model.text import visible
from asbuilt.sources.addresses import GuardedBackend, GuardedTransport, check_base
from asbuilt.sources.credentials import Token

MARKER: Final = "<!-- asbuilt gate -->"
MOST_PAGES: Final = 30
LARGEST: Final = 16 << 20  # bytes of one answer
_T = TypeVar("_T")


class _User(msgspec.Struct):
    login: str = ""


class _Comment(msgspec.Struct):
    id: int
    body: str | None = None
    user: _User | None = None


def comment(
    base: str,
    token: Token,
    repository: str,
    number: int,
    text: str,
    *,
    private_hosts: frozenset[str] = frozenset(),
    transport: httpx.BaseTransport | None = None,
) -> str:
    """Keep the one comment up to date; says in a sentence what was done.

    Args:
        base: the address of the interface.
        token: may write comments; nothing else is asked of it.
        repository: ``owner/name``.
        number: the request.
        text: Markdown whose first line is the marker.
        private_hosts: hosts that may lie inside the company's own network.
        transport: httpx's way to the network; None: the guarded one.

    Raises:
        SourceError: the forge refuses, or cannot be reached.
    """
    expect_repository(repository)
    place = f"{check_base(base, private_hosts)}/repos/{repository}/issues"
    with httpx.Client(
        transport=transport or GuardedTransport(GuardedBackend(private_hosts)),
        headers={**HEADERS, "Authorization": f"Bearer {token.reveal()}"},
        timeout=30,
        follow_redirects=False,
        trust_env=False,
    ) as client:
        mine = _login(client, str(check_base(base, private_hosts)))
        # (1)
        known = _find(client, f"{place}/{number}/comments", mine)
        if known is None:
            _ask(client, "POST", f"{place}/{number}/comments", text)
            return "The request was commented on."
        # (2)
        if (known.body or "").replace("\r\n", "\n").strip() == text.strip():
            return "The comment says so already."
        _ask(client, "PATCH", f"{place}/comments/{known.id}", text)
        return "The comment was brought up to date."


def _login(client: httpx.Client, base: str) -> str:
    """The account that this token acts for; an app's own token may not ask, and is the pipeline's account."""
    answer = _send(client, "GET", f"{base}/user", None)
    if answer.status_code in {401, 403, 404}:
        return "github-actions[bot]"
    return _decoded(answer, _User).login


def _find(client: httpx.Client, address: str, login: str) -> _Comment | None:
    for page in range(1, MOST_PAGES + 1):
        answer = _expect(_send(client, "GET", f"{address}?per_page=100&page={page}", None))
        comments = _decoded(answer, list[_Comment])
        for one in comments:
            if one.user is not None and one.user.login == login and (one.body or "").startswith(MARKER):
                return one
        if len(comments) < 100:
            return None
    raise SourceError("The request has more comments than are read.", fix="Leave --comment out for it.")


def _ask(client: httpx.Client, method: str, address: str, text: str) -> None:
    _expect(_send(client, method, address, msgspec.json.encode({"body": text})))


def _send(client: httpx.Client, method: str, address: str, body: bytes | None) -> httpx.Response:
    try:
        with client.stream(method, address, content=body) as answer:
            size, parts = 0, []
            for part in answer.iter_bytes():
                size += len(part)
                if size > LARGEST:
                    raise SourceError("The forge's answer is too large.", fix="Run it again later.")
                parts.append(part)
            return httpx.Response(answer.status_code, content=b"".join(parts), request=answer.request)
    except httpx.HTTPError as error:
        raise SourceError(
            "The forge could not be reached to comment on the request.",
            why=f"{type(error).__name__}.",
            fix="Run it again later; the answer itself stands.",
        ) from error


def _expect(answer: httpx.Response) -> httpx.Response:
    if answer.status_code not in {200, 201}:
        path = visible(answer.request.url.path, 200)
        raise SourceError(
            "The forge refuses the comment.",
            why=f"{answer.request.method} {path} answers {answer.status_code}.",
            fix="Give the token the right Pull requests: write, or leave --comment out.",
        )
    return answer


def _decoded(answer: httpx.Response, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise SourceError("The forge's answer about comments cannot be read.", fix="Run it again later.") from error
