"""Frameworks that answer requests and whose routes are not read (``web_frameworks.toml``), by their modules."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from asbuilt.model.errors import CatalogueError

SEPARATORS: Final = {"python": ".", "script": "/"}


@cache
def frameworks_by_module(language: Literal["python", "script", "calls"]) -> dict[str, str]:
    """The module that is imported, or the call (``calls``) -> the framework that it is of.

    Raises:
        CatalogueError: an entry is no list of modules, or two frameworks have the same one.
    """
    text = (files("asbuilt.catalogue") / "web_frameworks.toml").read_text("utf-8")
    found: dict[str, str] = {}
    for name, modules in tomllib.loads(text)[language].items():
        if not isinstance(modules, list) or not modules or not all(isinstance(own, str) and own for own in modules):
            raise CatalogueError(
                f"{name} has no list of modules.", fix='Write: name = ["module"].', where="web_frameworks.toml"
            )
        for module in modules:
            if found.setdefault(module, name) != name:
                raise CatalogueError(f"{module} is of two frameworks.", where="web_frameworks.toml")
    return found


def framework_of(module: str, language: Literal["python", "script"]) -> str | None:
    """The framework that a module is of, or a module above it; None: none that is listed."""
    known, separator = frameworks_by_module(language), SEPARATORS[language]
    while module:
        if module in known:
            return known[module]
        module = module.rpartition(separator)[0]
    return None
