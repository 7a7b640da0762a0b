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
    """The ledger to read where one is not required: as ``ledger_folder`` says; None where nobody names one.

    One that is named, by option or by ``ASBUILT_LEDGER``, must be there; the default folder need not.
    """
    folder = ledger_folder(named, environment)
    return folder if named is not None or environment.get(VARIABLE) or folder.is_dir() else None


def keep_out_of_git(folder: Path) -> None:
    """Have git pass over the folder that the default ledger stands in: it holds the signing key.

    A ledger at another place is the user's to keep out.
    """
    home = folder.absolute().parent
    if home.name == DEFAULT.parent.name:
        with suppress(FileExistsError), (home / ".gitignore").open("x", encoding="utf-8") as file:
            file.write("*\n")
