"""The dependencies of a tree for an inspection: how many, who brought them, who approved, what is known of them.

1. Find which commit brought each component of the tree (``app.deps``); with a ledger, who approved it.
2. Count them by attribution, and list those that AI-written changes brought.
3. Hold them, and what the history named before, against the local store of advisories (``tree_weaknesses``).
"""

import importlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from asbuilt.app.component_history import AS_OF
from asbuilt.app.deps import APPROVALS, BY, Known, know_components, rows_by_version
from asbuilt.app.tree_weaknesses import Standing, Wanted, hold_against_advisories
from asbuilt.history.git import Repository
from asbuilt.model.attribution import Authorship
from asbuilt.model.component import Component, Unread
from asbuilt.model.deps import Dependency
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import visible
from asbuilt.model.tree_content import BroughtComponent, TreeDependencies
from asbuilt.supply.advisories.matching import OLD_AFTER
from asbuilt.supply.introductions import identity, label

MOST: Final = 300  # of each list


class Read(NamedTuple):
    """What was read of the dependencies (None: the tree names none), and what of them could not be seen."""

    dependencies: TreeDependencies | None
    gaps: tuple[Gap, ...]


def read_dependencies(
    repository: Repository,
    commit: str,
    *,
    at: int,
    old_after: int = OLD_AFTER,
    vex: Sequence[Path] = (),
    ledger: Path | None = None,
    keep_index: bool = True,
    on: Listener = silent,
) -> Read:
    """The dependencies of one commit.

    Args:
        repository: an open one.
        commit: its id.
        at: when it was committed, Unix seconds.
        old_after: days behind which a store of advisories calls nothing clean.
        vex: files with statements about weaknesses (OpenVEX, CycloneDX).
        ledger: the folder of a ledger, with approvals and decisions; None: approvals are what git states.
        keep_index: whether to read and keep what was found in the user's cache.
        on: hears of progress.

    Raises:
        UsageError, SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    # (1)
    known = know_components(repository, commit, on, keep=keep_index)
    standing = _with_rows(known)
    unread = [own for own in known.components.unread if not own.why.startswith(AS_OF)]
    if not standing:
        return Read(None, _unread_gaps(unread))
    components, rows = [own for own, _ in standing], [row for _, row in standing]
    if ledger is not None:
        # What a ledger needs is brought only where there is one.
        approve = importlib.import_module("asbuilt.app.deps_approvals").approve
        rows, _ = approve(rows, known.history, ledger, on)
    # (2), (3)
    every = [Standing(own, row, _brought(row)) for own, row in zip(components, rows, strict=True)]
    held, gaps = hold_against_advisories(known, every, Wanted(at, old_after, tuple(vex), ledger))
    from_ai = [row for row in rows if row.attribution in BY["ai"]]
    found = TreeDependencies(
        total=len(rows),
        direct=sum(row.direct is True for row in rows),
        files=_most_first(Counter(row.path for row in rows)),
        by_ecosystem=_most_first(Counter(row.ecosystem for row in rows)),
        by_attribution=_counted(Counter(row.attribution for row in rows), [each.value for each in Authorship]),
        by_approval=_counted(Counter(row.approval for row in rows), APPROVALS),
        ai_by_approval=_counted(Counter(row.approval for row in from_ai), APPROVALS),
        from_ai=tuple(_brought(row) for row in sorted(from_ai, key=_newest_first)[:MOST]),
        before=sum(row.kind == "before" for row in rows),
        unread=len(unread),
        unread_before=len(known.components.unread) - len(unread),
        advisories=held,
    )
    return Read(found, (*_unread_gaps(unread), *gaps))


def _with_rows(known: Known) -> list[tuple[Component, Dependency]]:
    rows = rows_by_version(known)
    return [
        (own.component, rows[identity(own.component), label(own.component)]) for own in known.components.standing
    ]


def _brought(row: Dependency) -> BroughtComponent:
    return BroughtComponent(
        ecosystem=row.ecosystem,
        name=row.name,
        version=row.version or row.declared or "any version",
        path=row.path,
        line=row.line,
        attribution=row.attribution,
        tools=row.tools,
        commit=row.commit,
        number=row.number,
        landed_at=row.landed_at,
        approval=row.approval,
    )


def _newest_first(row: Dependency) -> tuple[object, ...]:
    when = row.landed_at if row.landed_at is not None else row.at or 0
    return -when, row.commit or "", row.ecosystem, row.name, row.version or ""


def _counted(counts: Counter[str], names: Sequence[str]) -> dict[str, int]:
    return {name: counts[name] for name in names}


def _most_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _unread_gaps(unread: Sequence[Unread]) -> tuple[Gap, ...]:
    """The tree's own files of dependencies that could not be read."""
    if not unread:
        return ()
    first = unread[0]
    return (
        Gap(
            "GAP-DEPENDENCIES",
            f"{len(unread):,} {'file' if len(unread) == 1 else 'parts of files'} of dependencies could not be "
            "read, or not wholly.",
            f"The first: {visible(first.why, 300)}",
            first.remedy or "See each: asbuilt deps",
            path=visible(first.path, 300),
            count=len(unread),
        ),
    )
