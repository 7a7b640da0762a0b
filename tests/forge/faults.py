"""What goes wrong on the way: each makes a fault for ``Service.faults``."""

import os
from collections.abc import Callable, Iterable

from tests.forge.service import Answer, CutError, Fault, Seen, Service, told


class KilledError(Exception):
    """The reading process ends at this point: nothing catches it on the way."""


def asked(service: Service) -> int:
    """The number of the request that is being answered, counted from 0."""
    return len(service.requests) - 1


def at(place: int, act: Callable[[Service, Seen], Answer | None]) -> Fault:
    """At one request."""
    return lambda service, seen: act(service, seen) if asked(service) == place else None


def since(place: int, act: Callable[[Service, Seen], Answer | None]) -> Fault:
    """At one request, and at every one after it."""
    return lambda service, seen: act(service, seen) if asked(service) >= place else None


def each(places: Iterable[int], act: Callable[[Service, Seen], Answer | None]) -> Fault:
    """At some requests."""
    chosen = frozenset(places)
    return lambda service, seen: act(service, seen) if asked(service) in chosen else None


def cut(_: Service, __: Seen) -> Answer | None:
    """The connection breaks."""
    raise CutError


def kill(_: Service, __: Seen) -> Answer | None:
    """Whoever reads is stopped by an error of no kind that it knows."""
    raise KilledError


def exit_process(_: Service, __: Seen) -> Answer | None:
    """Whoever reads is gone at once, with nothing tidied up: for a process of its own."""
    os._exit(9)


def status(code: int, message: str = "Server Error", **headers: str) -> Callable[[Service, Seen], Answer]:
    """An answer without what was asked for."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda service, seen: Answer(
        code,
        told(code, {"message": message}).body,
        {**service.limits(seen), "Content-Type": "application/json", **named},
    )


def secondary(seconds: int = 30) -> Callable[[Service, Seen], Answer]:
    """The secondary limit, with how long to wait."""
    words = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return status(403, words, retry_after=str(seconds))


def revoke(service: Service, _: Seen) -> Answer | None:
    """Every token ends here."""
    for token in service.tokens.values():
        token.revoked = True
    return None


def lose(permission: str) -> Callable[[Service, Seen], None]:
    """Every token loses a permission here."""

    def act(service: Service, _: Seen) -> None:
        for token in service.tokens.values():
            if token.permissions is not None:
                token.permissions.pop(permission, None)

    return act


def too_slow(service: Service, seen: Seen) -> Answer | None:
    """GraphQL gives up, as it does when a query takes more than ten seconds; REST is not concerned."""
    if not seen.is_graph:
        return None
    words = "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug."
    return told(502, {"data": None, "errors": [{"message": words}]}, service.limits(seen))


def partial(service: Service, seen: Seen) -> Answer | None:
    """An HTML page where JSON was asked for, as a proxy sends it."""
    return Answer(200, b"<html><body>Unicorn!</body></html>", {**service.limits(seen), "Content-Type": "text/html"})
