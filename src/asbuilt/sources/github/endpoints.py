"""What is asked of GitHub and with which right: ``endpoints.toml``, checked when it is loaded."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from asbuilt.model.errors import CatalogueError

BASE = "base"
_DAYS = re.compile(r"([0-9]{1,4}) days")


class Endpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that is asked; see ``endpoints.toml`` for the fields."""

    name: str
    path: str
    scope: Literal["repository", "organization"]
    permission: str
    why: str
    tables: tuple[str, ...]
    covers: str
    method: Literal["GET", "POST"] = "GET"
    profile: str = BASE
    plan: str | None = None
    each: str | None = None
    also: tuple[str, ...] = ()
    absent: str | None = None
    newest: str | None = None

    @property
    def days(self) -> int | None:
        """Of one that looks back so far: how many days."""
        found = _DAYS.fullmatch(self.covers)
        return int(found[1]) if found else None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    endpoint: tuple[Endpoint, ...]


@cache
def load_endpoints() -> dict[str, Endpoint]:
    """All endpoints by name, in the order in which they are read.

    Raises:
        CatalogueError: the file is malformed.
    """
    place = files(__package__) / "endpoints.toml"
    return read_endpoints(place.read_text("utf-8"), str(place))


def read_endpoints(text: str, where: str) -> dict[str, Endpoint]:
    """The endpoints that a text declares.

    Raises:
        CatalogueError: it is malformed.
    """
    try:
        told = msgspec.convert(tomllib.loads(text), _File).endpoint
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(
            "The list of endpoints is malformed.", why=f"{error}.", fix="Mend the file.", where=where
        ) from error
    found: dict[str, Endpoint] = {}
    for each in told:
        if each.name in found or not (each.covers in {"all", "now", "seen"} or each.days):
            raise CatalogueError(
                f"The endpoint {each.name!r} is named twice, or covers what nobody knows.", where=where
            )
        found[each.name] = each
    return found
