"""Words for licences that packages use, and what each means without doubt: ``licences.toml``, loaded."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from asbuilt.model.errors import CatalogueError

SOURCE = Path(__file__).with_name("licences.toml")


def load_aliases(file: Path = SOURCE) -> dict[str, str]:
    """SPDX expressions by the folded words for them.

    Raises:
        CatalogueError: the file is malformed, or names the same words twice.
    """
    try:
        raw = msgspec.convert(tomllib.loads(file.read_text("utf-8")).get("aliases", {}), dict[str, str])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(
            "The list of licences is malformed.", why=str(error), fix="Mend the entry.", where=str(file)
        ) from error
    folded = {folded_words(words): expression for words, expression in raw.items()}
    if not folded or len(folded) != len(raw):
        raise CatalogueError(
            "The list of licences is empty, or names the same words twice.", fix="Mend it.", where=str(file)
        )
    return folded


def folded_words(text: str) -> str:
    """Words without case and with single spaces, as they are compared."""
    return " ".join(text.casefold().split())


@cache
def licence_aliases() -> dict[str, str]:
    """The aliases of AsBuilt's own catalogue."""
    return load_aliases()
