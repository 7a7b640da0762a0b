"""Explanations of the codes that are no controls: findings of their own, and gaps (``codes.toml``)."""

import re
import tomllib
from functools import cache
from pathlib import Path

import msgspec

from asbuilt.catalogue.criteria import load_criteria
from asbuilt.model.errors import CatalogueError

SOURCE = Path(__file__).with_name("codes.toml")
_CODE = re.compile(r"(AI|GAP)-[A-Z]+")


class Code(msgspec.Struct, frozen=True):
    """One code: what it says, why it matters, what mends it, and the criteria it bears on."""

    code: str
    title: str
    what: str
    why: str
    remedy: str
    criteria: tuple[str, ...]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    what: str
    why: str
    remedy: str
    criteria: tuple[str, ...]


def load_codes(file: Path | None = None) -> dict[str, Code]:
    """The codes, in the order of the file; AsBuilt's own unless a file is named.

    Raises:
        CatalogueError: the file is malformed, or a code names an unknown criterion.
    """
    return dict(_shipped()) if file is None else _read(file)


@cache
def _shipped() -> dict[str, Code]:
    return _read(SOURCE)


def _read(file: Path) -> dict[str, Code]:
    try:
        text = file.read_text("utf-8")
        entries = msgspec.convert(tomllib.loads(text), dict[str, _Entry])
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise CatalogueError(
            "The list of codes is malformed.",
            why=f"{error}.",
            fix="Each is a table [CODE] with title, what, why, remedy and criteria.",
            where=f"{file}:{line[1]}" if line else str(file),
        ) from error
    known = load_criteria()
    for code, entry in entries.items():
        line_number = next((n for n, row in enumerate(text.splitlines(), 1) if row.strip() == f"[{code}]"), 1)
        where = f"{file}:{line_number}"
        if not _CODE.fullmatch(code):
            raise CatalogueError(f"{code!r} is no code.", fix="Codes look like AI-WORD or GAP-WORD.", where=where)
        for criterion in entry.criteria:
            if criterion not in known:
                raise CatalogueError(
                    f"{code} names the unknown criterion {criterion!r}.", fix="See criteria.toml.", where=where
                )
    return {
        code: Code(
            code,
            entry.title,
            _unwrapped(entry.what),
            _unwrapped(entry.why),
            _unwrapped(entry.remedy),
            entry.criteria,
        )
        for code, entry in entries.items()
    }


def _unwrapped(text: str) -> str:
    return " ".join(text.split())
