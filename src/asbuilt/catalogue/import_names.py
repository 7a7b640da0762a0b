"""What a distribution is imported as where its name does not tell, and what needs none (``import_names.toml``)."""

import tomllib
from functools import cache
from importlib.resources import files

from asbuilt.model.errors import CatalogueError


@cache
def import_names() -> dict[str, tuple[str, ...]]:
    """The names that a distribution of PyPI is imported by, for each that is listed.

    Raises:
        CatalogueError: an entry is no list of names.
    """
    return _table("imports")


@cache
def standard_modules(language: str) -> frozenset[str]:
    """The modules that come with ``python`` (beyond those of this very Python) or ``node``.

    Raises:
        CatalogueError: an entry is no list of names.
    """
    return frozenset(_table("standard")[language])


def _table(table: str) -> dict[str, tuple[str, ...]]:
    text = (files("asbuilt.catalogue") / "import_names.toml").read_text("utf-8")
    found = {}
    for name, told in tomllib.loads(text)[table].items():
        if not isinstance(told, list) or not told or not all(isinstance(own, str) and own for own in told):
            raise CatalogueError(
                f"{name} has no list of names.", fix='Write: name = ["module"].', where="import_names.toml"
            )
        found[name] = tuple(told)
    return found
