"""``mix.lock`` of Mix (Elixir): a map of tuples, each entry on a line of its own."""

import re
from typing import Final

from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered

READS: Final = ("mix.lock",)
_ENTRY = re.compile(r'\s*"([^"]+)":\s*\{(.*)\}\s*,?\s*\Z')
_HEX = re.compile(r':hex,\s*:"?([\w@.-]+?)"?,\s*"([^"]+)",\s*"([0-9a-f]*)"')
_GIT = re.compile(r':git,\s*"([^"]+)",\s*"([0-9a-f]+)"')


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of Mix."""
    return gathered("Hex", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    if text.strip() and not text.lstrip().startswith("%{"):
        raise RefusedError("It is no lock file of Mix.", 1)
    for number, row in enumerate(text.splitlines(), 1):
        bare = row.strip()
        if not bare or bare in {"%{", "}", "%{}"} or bare.startswith("#"):
            continue
        entry = _ENTRY.match(row)
        if entry is None:
            found.refuse(f"A line is no entry: {bare!r:.120}.", number)
        elif package := _HEX.match(entry[2]):
            hashes = (f"sha256:{package[3]}",) if package[3] else ()
            found.add(package[1], package[2], line=number, hashes=hashes)
        elif origin := _GIT.match(entry[2]):
            found.add(entry[1], origin[2], line=number, source="git", origin_url=origin[1])
        elif entry[2].startswith(":path"):
            found.add(entry[1], None, line=number, source="file")
        else:
            found.refuse(f"The entry {entry[1]!r:.100} is of no known kind.", number)
