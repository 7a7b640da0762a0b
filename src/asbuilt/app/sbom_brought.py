"""Who brought each entry of a bill of materials: the history of the commit that it is of, or stands on."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from asbuilt.app.deps import know_components, rows_by_version
from asbuilt.app.deps_approvals import approve
from asbuilt.history.git import Repository
from asbuilt.model.progress import silent
from asbuilt.model.sbom import Entry
from asbuilt.supply.introductions import identity, label


def join_brought(repository: Repository, commit: str, entries: Sequence[Entry], ledger: Path | None) -> list[Entry]:
    """The entries with the commit that brought each; what only the work tree has was brought by none.

    Raises:
        UsageError, SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    known = know_components(repository, commit)
    rows = rows_by_version(known)
    if ledger is not None:
        judged, _ = approve(list(rows.values()), known.history, ledger, silent)
        rows = dict(zip(rows, judged, strict=True))
    return [
        msgspec.structs.replace(entry, brought=rows.get((identity(entry.component), label(entry.component))))
        for entry in entries
    ]
