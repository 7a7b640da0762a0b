"""A whole tree with its history: gathered, traced to its origins, and attributed; kept in the index on the way."""

from pathlib import Path
from typing import NamedTuple

from asbuilt.app.gather import Gathered, gather
from asbuilt.app.keeping import keep_history
from asbuilt.app.kept import kept_replays
from asbuilt.history.attribution.lines import LineAttribution, attribute_lines
from asbuilt.history.git import Repository
from asbuilt.history.origins import LineOrigins, line_origins
from asbuilt.history.origins.index import index_folder
from asbuilt.model.progress import Listener, silent


class AttributedTree(NamedTuple):
    """One revision's history, where each line of its tree comes from, and who or what wrote it.

    ``folder`` is where all of it is kept; None where nothing is kept.
    """

    found: Gathered
    origins: LineOrigins
    lines: LineAttribution
    folder: Path | None


def attribute_tree(
    repository: Repository, rev: str, *, keep_index: bool = True, on: Listener = silent
) -> AttributedTree:
    """Read everything that git tells of a revision.

    Raises:
        UsageError, SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    index = index_folder(repository) if keep_index else None
    found = gather(repository, rev, on, earlier=kept_replays(index))
    if index:
        keep_history(found, index)
    origins = line_origins(repository, found.tip, index=index, on=on)
    on("Attributing lines", 0, None)
    lines = attribute_lines(repository, origins, found.attributions, found.records, found.replays)
    return AttributedTree(found, origins, lines, index)
