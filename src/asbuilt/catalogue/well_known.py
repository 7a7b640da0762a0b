"""Well-known names: packages that many products stand on, by ecosystem, and programs that come from no registry.

``well_known/ECOSYSTEM.txt`` hold a name a line; comments say where they were counted, and when.
``well_known/programs.txt`` are command-line programs that are not given out through the registries of libraries.
"""

from functools import cache
from importlib.resources import files
from typing import Final

from asbuilt.model.errors import CatalogueError

FILES: Final = {
    "npm": "npm.txt",
    "PyPI": "pypi.txt",
    "crates.io": "crates.txt",
    "RubyGems": "rubygems.txt",
    "Packagist": "packagist.txt",
    "Go": "go.txt",
    "NuGet": "nuget.txt",
}
_PROGRAMS: Final = "programs.txt"
_GLUE: Final = "glue.txt"


@cache
def well_known_names(ecosystem: str) -> frozenset[str]:
    """The well-known names of an ecosystem; empty where none are listed.

    Raises:
        CatalogueError: a line is no name.
    """
    return _names(FILES[ecosystem]) if ecosystem in FILES else frozenset()


@cache
def program_names() -> frozenset[str]:
    """Well-known programs that come from no registry of libraries.

    Raises:
        CatalogueError: a line is no name.
    """
    return _names(_PROGRAMS)


@cache
def glue_words() -> frozenset[str]:
    """Words that stand before or behind a package's name and say nothing of their own.

    Raises:
        CatalogueError: a line is no word.
    """
    return _names(_GLUE)


def _names(file: str) -> frozenset[str]:
    text = (files("asbuilt.catalogue") / "well_known" / file).read_text("utf-8")
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line:
            continue
        if line != line.strip() or " " in line:
            raise CatalogueError(
                f"{line!r} is no name.", fix="Write one name a line.", where=f"well_known/{file}:{number}"
            )
        found.append(line)
    return frozenset(found)
