"""From an index to ``LineOrigins``: the columns are views into the mapped file."""

import msgspec
import numpy as np

from asbuilt.history.origins.container import Damaged
from asbuilt.history.origins.index import Index
from asbuilt.history.origins.table import LineOrigins
from asbuilt.model.inspection import Gap


class _Rest(msgspec.Struct, frozen=True):
    boundary: frozenset[int]
    skipped: dict[str, int]
    gaps: tuple[Gap, ...]


def load_origins(index: Index) -> LineOrigins | None:
    """The whole table of an index; None when any part of it is damaged. Every section is checked here."""
    section = index.container.section
    try:
        rest = msgspec.json.decode(section("rest"), type=_Rest)
        columns = {
            name: np.frombuffer(section(name), dtype=np.int32)
            for name in ("first", "count", "commit", "origin_path", "origin_line")
        }
        return LineOrigins(
            tip=index.tip,
            object_format=str(index.container.meta["object_format"]),
            paths=list(index.names("paths")),
            blobs=list(index.ids("blobs")),
            file_start=np.frombuffer(section("file_start"), dtype=np.int64),
            commits=list(index.ids("commits")),
            origin_paths=list(index.names("origin_paths")),
            boundary=rest.boundary,
            skipped=rest.skipped,
            gaps=rest.gaps,
            **columns,
        )
    except (Damaged, KeyError, msgspec.DecodeError):
        return None
