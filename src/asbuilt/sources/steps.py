"""What a source yields while it is read, in order: pages, gaps, ends of listings, and places to go on from."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import msgspec

from asbuilt.model.inspection import Gap


class Page(msgspec.Struct, frozen=True):
    """One answer, as it came.

    ``name`` is the endpoint's name (``pull/reviews``), ``key`` what was asked about and which page (``17 | 2``),
    ``body`` the bytes received, ``observed`` Unix seconds when they were, ``request`` method and address without
    any credential. ``listing`` names the listing that the page is a part of (None: of none).
    ``digest`` is, of one that was not sent again (304), the SHA-256 of the bytes as they came then.
    """

    name: str
    key: str
    body: bytes
    observed: int
    request: str
    listing: str | None = None
    status: int = 200
    digest: str | None = None


class Listed(msgspec.Struct, frozen=True):
    """A listing was read to its end, or to where it broke off: it becomes a row of ``extracts`` for each table.

    ``tables`` are the recorded tables that its pages tell of; ``covers`` the half-open time in which they hold
    every row there is, Unix seconds (None: nothing can be said); ``complete`` False when a limit or an error cut it
    off; ``part`` the repository or system (None: all). ``reported_total`` is the source's own count. ``holed`` are
    tables of which the source left something out, so that nothing is covered.
    """

    listing: str
    tables: tuple[str, ...]
    covers: tuple[int, int] | None
    complete: bool
    started: int
    ended: int
    query: str
    parameters: str | None = None
    part: str | None = None
    scopes: tuple[str, ...] = ()
    reported_total: int | None = None
    holed: tuple[str, ...] = ()


class Mark(msgspec.Struct, frozen=True):
    """Everything yielded before may be written down; reading may go on from ``state`` (JSON) another time."""

    state: Mapping[str, Any]


class Expected(msgspec.Struct, frozen=True):
    """For the progress bar: ``done`` of ``total`` items of ``what`` (None: not known)."""

    what: str
    done: int
    total: int | None


Step = Page | Gap | Listed | Mark | Expected


class Source(Protocol):
    """One outside system, or one repository in it."""

    @property
    def name(self) -> str:
        """Its name in records: ``github:owner/name``, ``gitlab:group/project``; elsewhere ``github:host/…``."""

    def pull(self, state: Mapping[str, Any]) -> Iterator[Step]:
        """Read what is new since ``state`` (empty: everything).

        Raises:
            SourceError: nothing at all can be read (no such host, a token that is refused).
        """
