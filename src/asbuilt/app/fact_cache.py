"""Where the facts of a ledger are kept between commands: a file in the user's cache, deletable at will."""

import hashlib
import os
from pathlib import Path

from asbuilt.history.origins.index import cache_base, is_private
from asbuilt.ledger.ledger import Ledger


def facts_file(ledger: Ledger) -> Path | None:
    """The file for this ledger, in a folder that only the user can write; None where there can be none.

    Facts are then made in memory, from the first entry.
    """
    base = cache_base()
    if base is None:
        return None
    folder = base / "asbuilt" / "facts"
    try:
        base.mkdir(parents=True, exist_ok=True)
        for part in (base / "asbuilt", folder):
            part.mkdir(mode=0o700, exist_ok=True)
            if not is_private(part):
                return None
    except OSError:
        return None
    own = hashlib.blake2b(os.fsencode(ledger.folder.resolve()), digest_size=16).hexdigest()
    return folder / f"{own}.duckdb"
