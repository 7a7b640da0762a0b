"""Asking GitHub, and what each kind of refusal means.

401: the token is not, or no longer, good: what was got stays, nothing more is asked. 403 and 404: it may not be
seen; GitHub answers 404 both for what is not there and for what the token may not know of. Neither is ever an
empty list.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible
from asbuilt.sources.github.queries import document
from asbuilt.sources.http import TRIES, Client, Reply, UnansweredError

GRAPHQL = "/graphql"
_SHOWN = 300  # characters of what a forge says that a gap shows


class TokenRefusedError(SourceError):
    """The token is not good, or no longer."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(
            "The forge refuses the token.",
            why=f"{reply.request} answers 401: {said(reply)}.",
            fix="Make a new token with the rights that --plan lists, and run the same command again.",
        )


class TooSlowError(Exception):
    """A query was too much for the forge: ask for less at once."""


class _Error(msgspec.Struct):
    message: str = ""
    type: str = ""
    path: list[Any] | None = None


class Answer(msgspec.Struct):
    """What a GraphQL query gave: its reply, ``data`` as raw JSON, and what the forge could not give of it."""

    reply: Reply
    data: msgspec.Raw
    errors: tuple[_Error, ...] = ()


class _Body(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"null")
    errors: list[_Error] = []


_DECODER = msgspec.json.Decoder(_Body)


def said(reply: Reply) -> str:
    """What the forge says of a refusal, safe to show."""
    try:
        message = msgspec.json.decode(reply.body, type=_Error).message
    except (msgspec.MsgspecError, RecursionError):
        message = ""
    return visible(message.strip().rstrip("."), _SHOWN) or f"status {reply.status}, without a word"


def graphql_base(base: str) -> str:
    """Where GraphQL is asked: beside the REST interface; of an enterprise's own host ``/api/graphql``."""
    return f"{base.removesuffix('/v3')}{GRAPHQL}"


def ask(client: Client, name: str, variables: Mapping[str, Any], *, tries: int = TRIES) -> Answer:
    """Send one of our queries.

    Raises:
        TokenRefusedError: the token is not good.
        TooSlowError: the forge gave up on it, or no answer came at the only try.
        UnansweredError: no answer can be used.
        LimitReachedError: see ``http.Client``.
    """
    body = msgspec.json.encode({"query": document(name), "variables": dict(variables)})
    for _ in range(TRIES):
        try:
            reply = client.post(graphql_base(str(client.base)), body, tries=tries)
        except UnansweredError as error:
            if tries == 1:
                raise TooSlowError from error
            raise
        if reply.status == 401:
            raise TokenRefusedError(reply)
        try:
            told = _DECODER.decode(reply.body)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise UnansweredError(f"{reply.request} ({name}) answers what is no GraphQL: {said(reply)}.") from error
        kinds = {each.type for each in told.errors}
        if "RATE_LIMITED" in kinds:
            client.limits.spent("graphql")
            continue
        if told.errors and bytes(told.data) == b"null" and _is_slow(told.errors):
            raise TooSlowError
        return Answer(reply, told.data, tuple(told.errors))
    raise UnansweredError(f"{reply.request} ({name}) is refused for its limit again and again.")


def _is_slow(errors: list[_Error]) -> bool:
    slow = ("timeout", "timed out", "node limit", "something went wrong")
    return any(
        each.type == "MAX_NODE_LIMIT_EXCEEDED" or any(word in each.message.lower() for word in slow)
        for each in errors
    )


def refused(what: str, place: str, *, why: str, permission: str) -> Gap:
    """What a refusal leaves unseen, and the right that would open it."""
    return Gap("GAP-ACCESS", f"{what} could not be read.", why, f"Give the token the right {permission}.", place)
