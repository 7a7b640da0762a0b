"""Where the stores of advisories and of registry facts are: light, for whoever only reads what is there."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from asbuilt.history.origins.index import cache_base, is_private

ADVISORIES: Final = "ASBUILT_ADVISORIES"
REGISTRY: Final = "ASBUILT_REGISTRY"
_FILES: Final = {ADVISORIES: "advisories.sqlite", REGISTRY: "registry.sqlite"}


def store_place(variable: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The file of a store: as ``variable`` names it, else in the user's cache; None: the user has no such folder.

    Nothing is made, and nothing is promised: the file need not be there.
    """
    if environment.get(variable):
        return Path(environment[variable])
    base = cache_base()
    folder = None if base is None else base / "asbuilt"
    return folder / _FILES[variable] if folder is not None and folder.is_dir() and is_private(folder) else None
