"""Routes that a change opens: unguarded now, and not so on the base.

1. The code of the whole tree is read, as a guard may stand in another file than the route. What is larger than
   bounds is said.
2. The table of routes is made of the tree that would land, with the guards that the base's policy names; where it
   flags anything, of the base too.
3. A route counts as new where the base flags none of the same methods and path: one that lost its guard is new.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from asbuilt.app.gate_content import MOST, Asked, Content, is_code, unread_gap
from asbuilt.app.gate_findings import brought_of
from asbuilt.history.objects import ObjectReader
from asbuilt.model.component import Unread
from asbuilt.model.route import Route, RouteTable
from asbuilt.model.text import path_text
from asbuilt.scans.routes.finding import NOTE, findings_of
from asbuilt.scans.routes.table import LEFT_OUT, route_table

MOST_BYTES: Final = 48 << 20  # bytes of code of one tree
LARGEST: Final = (1 << 20) + 1  # bytes of one file that are kept: enough for a larger one to be named
_PLAIN: Final = frozenset({b"100644", b"100755"})


def routes(asked: Asked, objects: ObjectReader) -> Content:
    """The routes that the change opens, as findings, and what could not be looked at."""
    known: dict[str, bytes] = {}
    after, unread = _code(asked, asked.after, objects, known)
    if after is None:
        return Content(gaps=(unread_gap(unread, "Routes were not looked at:"),))
    # (2)
    table = _table(asked, after)
    unread += table.unread
    gaps = (unread_gap(unread, "Routes that are not known:"),) if unread else ()
    if not table.flagged:
        return Content(gaps=gaps)
    before, lost = _code(asked, asked.before, objects, known)
    old = Counter(map(_key, _table(asked, before).flagged)) if before is not None and not lost else Counter()
    # (3)
    new = []
    for route in table.flagged:
        if old[_key(route)] > 0:
            old[_key(route)] -= 1
        else:
            new.append(route)
    found = findings_of(msgspec.structs.replace(table, routes=tuple(new)), after)
    return Content(tuple(brought_of(own, NOTE.remedy or "", asked) for own in found[:MOST]), gaps)


def _table(asked: Asked, files: Mapping[str, bytes]) -> RouteTable:
    return route_table(files.items(), guards=asked.config.guards, public=asked.config.public_routes)


def _key(route: Route) -> tuple[str, tuple[str, ...], str]:
    return route.framework, route.methods, route.path


def _code(
    asked: Asked, tree: str, objects: ObjectReader, known: dict[str, bytes]
) -> tuple[dict[str, bytes] | None, list[Unread]]:
    """The code of a tree by path (None: it is too large), and what of it could not be read."""
    found: dict[str, bytes] = {}
    unread: list[Unread] = []
    size = 0
    for path, blob in _files(asked, tree):
        if blob not in known:
            try:
                known[blob] = objects.read(blob, MOST_BYTES)[:LARGEST]
            except OSError as error:
                unread.append(Unread(path=path, why=f"It cannot be read: {error.strerror or error}."))
                continue
        found[path] = known[blob]
        size += len(known[blob])
        if size > MOST_BYTES:
            why = f"The code of the repository is larger than {MOST_BYTES >> 20} MiB."
            return None, [Unread(path=path, why=why, remedy="Run `asbuilt scan` beside the gate.")]
    return found, unread


def _files(asked: Asked, tree: str) -> Iterable[tuple[str, str]]:
    for row in asked.repository.run("ls-tree", "-r", "-z", "--full-tree", tree).split(b"\0"):
        head, _, name = row.partition(b"\t")
        mode, _, blob = [*head.split(), b"", b"", b""][:3]
        if mode in _PLAIN and is_code(path := path_text(name)) and LEFT_OUT.search(path) is None:
            yield path, blob.decode("ascii")
