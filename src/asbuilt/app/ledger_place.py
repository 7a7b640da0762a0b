"""Where the ledger of a company stands."""

import os
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "ASBUILT_LEDGER"
DEFAULT = Path(".asbuilt") / "ledger"


def ledger_folder(named: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder that was named, else the one of ``ASBUILT_LEDGER``, else ``.asbuilt/ledger`` of this folder."""
    if named is not None:
        return named
    return Path(environment[VARIABLE]) if environment.get(VARIABLE) else DEFAULT
