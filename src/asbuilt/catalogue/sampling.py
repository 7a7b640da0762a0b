"""How many items an auditor is offered, by how often a control operates (``sampling.toml``)."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from asbuilt.model.errors import CatalogueError

FILE: Final = Path(__file__).with_name("sampling.toml")

Risk = Literal["lower", "moderate", "higher"]


class ByFrequency(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sizes for a control that operates that often, by the risk of the engagement."""

    lower: int
    moderate: int
    higher: int


class ByCount(ByFrequency, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sizes for a population of ``up_to`` items or fewer; 0 means all of them."""

    up_to: int


class Sizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All sizes; ``by_count`` ascends by ``up_to``."""

    by_count: tuple[ByCount, ...]
    by_frequency: Mapping[str, ByFrequency]


@cache
def load_sizes(file: Path = FILE) -> Sizes:
    """The sizes of the catalogue.

    Raises:
        CatalogueError: the file is malformed, or its rows do not ascend.
    """
    try:
        sizes = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Sizes)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError("The sample sizes cannot be read.", why=f"{error}.", where=str(file)) from error
    bounds = [row.up_to for row in sizes.by_count]
    if not bounds or bounds != sorted(set(bounds)):
        raise CatalogueError(
            "The rows of by_count do not ascend.", fix="Order them by up_to, each once.", where=str(file)
        )
    rows: list[ByFrequency] = [*sizes.by_count, *sizes.by_frequency.values()]
    for row in rows:
        if not 0 <= row.lower <= row.moderate <= row.higher:
            raise CatalogueError("A lower risk asks for more items than a higher one.", where=str(file))
    return sizes
