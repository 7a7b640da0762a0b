"""Where the ledger of a company stands."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

VARIABLE = "ASBUILT_LEDGER"
DEFAULT = Path(".asbuilt") / "ledger"


def ledger_folder(named: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder that was named, else the one of ``ASBUILT_LEDGER``, else ``.asbuilt/ledger`` of this folder."""
    if named is not None:
        return named
    return Path(environment[VARIABLE]) if environment.get(VARIABLE) else DEFAULT


def known_ledger(named: Path | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The ledger to read where none is required: the one that was named, else the usual one if it is there.

    What makes a folder a ledger is told as in ``ledger.is_ledger``, without bringing what a ledger needs.
    """
    folder = ledger_folder(named, environment)
    is_there = any(os.path.lexists(folder / name) for name in ("ledger.db", "store.toml"))
    return folder if named is not None or is_there else None


def keep_out_of_git(folder: Path) -> None:
    """Have git pass over the folder that the default ledger stands in: it holds the signing key.

    A ledger at another place is the user's to keep out.
    """
    home = folder.absolute().parent
    if home.name == DEFAULT.parent.name:
        with suppress(FileExistsError), (home / ".gitignore").open("x", encoding="utf-8") as file:
            file.write("*\n")
