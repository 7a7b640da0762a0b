"""The routes of a web application: which paths it answers, and what stands before each of them.

Unknown is never guarded: where nothing tells whether a caller is refused, the route says so.
"""

from typing import Literal

import msgspec

from asbuilt.model.component import Unread

SCHEMA = "https://asbuilt.dev/schemas/routes/1"
Framework = Literal["Flask", "FastAPI", "Django", "Django REST framework", "Express", "Next.js"]
RouteVerdict = Literal["guarded", "public", "unguarded", "unknown"]
CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE", "ANY", "ACTION"})


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """One path that an application answers.

    ``methods`` are HTTP methods in capitals, ``ANY`` (whatever is asked), or ``ACTION`` (a server action of
    Next.js). ``path`` is the pattern as the framework writes it, with the prefixes that could be followed. ``file``
    and ``line`` (from 1) are where the handler, or the call that adds the route, stands: there a guard belongs.
    ``verdict``: ``public`` is open by declaration, or by nature with evidence; ``because`` says in words why.
    ``changes``: asking it may change something. ``doubt``: it is named like something that is open by nature,
    without evidence of it (``sign-in``, ``webhook``, ...; None: it is not).
    """

    framework: Framework
    methods: tuple[str, ...]
    path: str
    handler: str
    file: str
    line: int
    verdict: RouteVerdict
    because: str
    changes: bool
    doubt: str | None = None

    @property
    def flagged(self) -> bool:
        """Whether a person has to look at it: it changes something, and nothing stands before it."""
        return self.changes and self.verdict == "unguarded"


class OtherFramework(msgspec.Struct, frozen=True, kw_only=True):
    """A framework whose routes are not read: how many files import it, and the first of them by path."""

    name: str
    files: int
    first: str


class RouteTable(msgspec.Struct, frozen=True, kw_only=True):
    """All routes of some files, by file and line.

    ``files`` counts the files that were looked into, ``left_out`` those of tests and of other people's packages.
    ``unread`` names what could not be read; ``others`` the frameworks in use whose routes are not read at all.
    """

    routes: tuple[Route, ...]
    files: int = 0
    left_out: int = 0
    unread: tuple[Unread, ...] = ()
    others: tuple[OtherFramework, ...] = ()

    @property
    def flagged(self) -> tuple[Route, ...]:
        """Routes that change something, and that nothing stands before."""
        return tuple(route for route in self.routes if route.flagged)
