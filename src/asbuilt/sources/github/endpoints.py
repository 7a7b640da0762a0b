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
    also: dict[str, str] = {}
    absent: str | None = None
    newest: str | None = None
    holds: str = "list"

    @property
    def days(self) -> int | None:
        """Of one that looks back so far: how many days."""
        found = _DAYS.fullmatch(self.covers)
        return int(found[1]) if found else None

    def is_answer(self, document: object) -> bool:
        """Whether a document is of the form that this answers with."""
        if self.holds == "list":
            return isinstance(document, list)
        return isinstance(document, dict) and (self.holds == "object" or isinstance(document.get(self.holds), list))


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rights: tuple[str, ...]
    endpoint: tuple[Endpoint, ...]


def load_endpoints() -> dict[str, Endpoint]:
    """All endpoints by name, in the order in which they are read.

    Raises:
        CatalogueError: the file is malformed.
    """
    return _shipped()[0]


def load_rights() -> tuple[str, ...]:
    """The rights of fine-grained tokens that anything here needs, least first."""
    return _shipped()[1]


@cache
def _shipped() -> tuple[dict[str, Endpoint], tuple[str, ...]]:
    place = files(__package__) / "endpoints.toml"
    return read_endpoints(place.read_text("utf-8"), str(place))


def read_endpoints(text: str, where: str) -> tuple[dict[str, Endpoint], tuple[str, ...]]:
    """The endpoints that a text declares, and the rights that it knows.

    Raises:
        CatalogueError: it is malformed.
    """
    try:
        told = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(
            "The list of endpoints is malformed.", why=f"{error}.", fix="Mend the file.", where=where
        ) from error
    found: dict[str, Endpoint] = {}
    for each in told.endpoint:
        fault = ""
        if each.name in found:
            fault = "is named twice"
        elif each.covers not in {"all", "now", "seen"} and each.days is None:
            fault = f"covers {each.covers!r}"
        elif missing := {each.permission, *each.also} - set(told.rights):
            fault = f"needs {min(missing)!r}, which is not among the rights"
        if fault:
            raise CatalogueError(
                f"The endpoint {each.name!r} {fault}.",
                fix="See the file's own head for what it may say.",
                where=where,
            )
        found[each.name] = each
    return found, told.rights
