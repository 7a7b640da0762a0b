"""The 61 Trust Services Criteria, each with what it is about in our own words (``criteria.toml``)."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

from asbuilt.model.errors import CatalogueError

SOURCE = Path(__file__).with_name("criteria.toml")

Category = Literal["security", "availability", "processing_integrity", "confidentiality", "privacy"]
CATEGORIES: tuple[Category, ...] = get_args(Category)


class Criterion(msgspec.Struct, frozen=True):
    """One criterion; the authoritative wording is the AICPA's, ``paraphrase`` only helps to find the way."""

    id: str
    category: Category
    title: str
    paraphrase: str


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    category: Category
    title: str
    paraphrase: str


def load_criteria(file: Path | None = None) -> dict[str, Criterion]:
    """The criteria by id, in the order of the file; AsBuilt's own unless a file is named.

    Raises:
        CatalogueError: the file is malformed.
    """
    return dict(_shipped()) if file is None else _read(file)


@cache
def _shipped() -> dict[str, Criterion]:
    return _read(SOURCE)


def _read(file: Path) -> dict[str, Criterion]:
    try:
        entries = msgspec.convert(tomllib.loads(file.read_text("utf-8")), dict[str, _Entry])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise CatalogueError(
            "The list of criteria is malformed.",
            why=f"{error}.",
            fix='Each is a table ["ID"] with category, title and paraphrase.',
            where=f"{file}:{line[1]}" if line else str(file),
        ) from error
    return {own: Criterion(own, entry.category, entry.title, entry.paraphrase) for own, entry in entries.items()}
