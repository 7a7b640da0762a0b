"""The dependencies of a tree for an inspection: how many, who brought them, who approved, what is known of them.

1. Find which commit brought each component of the tree (``app.deps``); with a ledger, who approved it.
2. Count them by attribution, and list those that AI-written changes brought.
3. Hold them against the local store of advisories, where there is one. No clock is read: the store is too old where
   it was so when it was imported, or where the inspected commit came long after it.
"""

import importlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from asbuilt.app.advisories import known_store
from asbuilt.app.deps import APPROVALS, BY, Known, know_components, rows_by_version
from asbuilt.history.git import Repository
from asbuilt.model.advisory import LEVELS, Checked, Match, urgency
from asbuilt.model.attribution import Authorship
from asbuilt.model.component import Component, Unread
from asbuilt.model.deps import Dependency
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import visible
from asbuilt.model.tree_content import BroughtComponent, HeldAgainstAdvisories, KnownWeakness, TreeDependencies
from asbuilt.supply.advisories.matching import OLD_AFTER, check_components
from asbuilt.supply.advisories.store import Status, open_store
from asbuilt.supply.introductions import identity, label

MOST: Final = 300  # of each list
_NO_LEVEL: Final = "unrated"
_COVERAGE: Final = ("matched", "clean", "not_checked")


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
        ledger: the folder of a ledger; None: approvals are what git states.
        keep_index: whether to read and keep what was found in the user's cache.
        on: hears of progress.

    Raises:
        UsageError, SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    # (1)
    known = know_components(repository, commit, on, keep=keep_index)
    standing = _with_rows(known)
    unread = known.components.unread
    if not standing:
        return Read(None, _unread_gaps(unread))
    components, rows = [own for own, _ in standing], [row for _, row in standing]
    if ledger is not None:
        # What a ledger needs is brought only where there is one.
        approve = importlib.import_module("asbuilt.app.deps_approvals").approve
        rows, _ = approve(rows, known.history, ledger, on)
    # (2), (3)
    held, gaps = _held(components, rows, at, old_after)
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
        advisories=held,
    )
    return Read(found, (*_unread_gaps(unread), *gaps))


def _with_rows(known: Known) -> list[tuple[Component, Dependency]]:
    rows = rows_by_version(known)
    return [
        (own.component, rows[identity(own.component), label(own.component)]) for own in known.components.standing
    ]


def _held(
    components: Sequence[Component], rows: Sequence[Dependency], at: int, old_after: int
) -> tuple[HeldAgainstAdvisories | None, tuple[Gap, ...]]:
    """(3) What the store of advisories knows of them; a gap where there is none."""
    place = known_store()
    if place is None:
        return None, (_not_held(len(components), "there is no store of advisories."),)
    try:
        with open_store(place) as store:
            status = store.status()
            now = max(status.imported, at)
            checked = check_components(store, components, now=now, old_after=old_after)
    except (UsageError, SourceError) as error:
        return None, (_not_held(len(components), visible(error.what, 200)),)
    held = _counts(status, checked, rows, old=status.days_old(now) > old_after)
    return held, (_old(held),) if held.old else ()


def _counts(
    status: Status, checked: Sequence[Checked], rows: Sequence[Dependency], *, old: bool
) -> HeldAgainstAdvisories:
    matches: list[tuple[Match, Dependency]] = []
    undecided = 0
    for own, row in zip(checked, rows, strict=True):
        certain = [match for match in own.matches if match.certainty == "affected"]
        undecided += len(own.matches) - len(certain)
        matches += [(match, row) for match in certain]
    worst = sorted(matches, key=lambda found: (urgency(found[0]), found[1].purl))
    return HeldAgainstAdvisories(
        as_of=status.newest,
        old=old,
        sample=status.sample,
        coverage=_counted(Counter(own.coverage for own in checked), _COVERAGE),
        by_level=_counted(Counter(match.level or _NO_LEVEL for match, _ in matches), (*LEVELS, _NO_LEVEL)),
        by_attribution=_counted(
            Counter(row.attribution for _, row in matches), [each.value for each in Authorship]
        ),
        undecided=undecided,
        weaknesses=tuple(_weakness(match, row) for match, row in worst[:MOST]),
    )


def _weakness(match: Match, row: Dependency) -> KnownWeakness:
    return KnownWeakness(
        advisory=match.advisories[0].id,
        level=match.level,
        malicious=match.malicious,
        exploited_since=match.kev_since,
        fixed_in=match.fixed_in,
        component=_brought(row),
    )


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


def _not_held(count: int, why: str) -> Gap:
    return Gap(
        "GAP-ADVISORIES",
        f"{count:,} {'dependency was' if count == 1 else 'dependencies were'} not checked: {why}",
        "What is publicly known against a version stands in a local store of advisories; none was read.",
        "Import one: asbuilt advisories import all.zip",
        count=count,
    )


def _old(held: HeldAgainstAdvisories) -> Gap:
    unchecked = held.coverage["not_checked"]
    return Gap(
        "GAP-ADVISORIES",
        "The store of advisories is too old for anything to be called clean.",
        "It knows of nothing that was published since.",
        "Import newer ones: asbuilt advisories import all.zip",
        count=unchecked or 1,
    )


def _unread_gaps(unread: Sequence[Unread]) -> tuple[Gap, ...]:
    """Files of dependencies that could not be read; versions of long ago are no matter of this tree."""
    if not unread:
        return ()
    first = unread[0]
    return (
        Gap(
            "GAP-DEPENDENCIES",
            f"{len(unread):,} {'version' if len(unread) == 1 else 'versions'} of files of dependencies, now or in "
            "the history, could not be read, or not wholly.",
            f"The first: {visible(first.why, 300)}",
            "See each: asbuilt deps",
            path=visible(first.path, 300),
            count=len(unread),
        ),
    )
