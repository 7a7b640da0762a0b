"""Which head a merge request had at which moment, by its versions."""

import bisect
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from asbuilt.facts.forge.values import commit_id, dig, moment, own_id


class Head(NamedTuple):
    """A version: since when (to the millisecond), its id, its head, when as rows write it."""

    since: datetime
    version: str
    commit: str
    at: str


class Heads:
    """The heads of one request in the order of their times.

    Args:
        versions: what the endpoint gave; None where it gave nothing. One version that cannot be read makes all of
            them unknown, for another head may have stood where it would be.
    """

    def __init__(self, versions: Iterable[Any] | None) -> None:
        found = [] if versions is None else [_head(each) for each in versions]
        self.all = sorted(each for each in found if each is not None) if None not in found else []
        self._times = [each.since for each in self.all]

    def at(self, when: object) -> str | None:
        """The head at a moment; None before the first, at the very moment of a change, or where none is known."""
        exact = exact_moment(when)
        if exact is None:
            return None
        place = bisect.bisect_right(self._times, exact)
        if place == 0 or self._times[place - 1] == exact:
            return None
        return self.all[place - 1].commit


def _head(version: object) -> Head | None:
    since, own = exact_moment(dig(version, "created_at")), own_id(dig(version, "id"))
    commit, at = commit_id(dig(version, "head_commit_sha")), moment(dig(version, "created_at"))
    return None if since is None or own is None or commit is None or at is None else Head(since, own, commit, at)


def exact_moment(value: object) -> datetime | None:
    """A moment with its fractions of a second, in UTC."""
    if moment(value) is None or not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.upper().replace(" ", "T")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
