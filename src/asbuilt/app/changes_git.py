"""The list of changes from a repository's history alone: what git states, and nothing of a forge."""

from pathlib import Path

from asbuilt.app.chain_facts import utc
from asbuilt.app.chains import build_chains
from asbuilt.app.gather import Gathered, gather
from asbuilt.app.inspect import facts_of
from asbuilt.app.listed_changes import Wanted, changes_of, listed_change
from asbuilt.facts.forge_chain import Told
from asbuilt.history.git import open_repository
from asbuilt.model.changes import ChangeList
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener
from asbuilt.model.text import visible


def changes_from_git(wanted: Wanted, path: Path, on: Listener, *, whole: bool) -> ChangeList:
    """The changes of the branch that is checked out, as git states them.

    Raises:
        SourceError, ConfigError: see ``model.errors``.
    """
    with open_repository(path) as repository:
        found = gather(repository, "HEAD", on)
        on("Building decision chains", 0, None)
        chains = build_chains(found)
        place = repository.work_tree or repository.common_dir
        name = found.project or visible(place.name)
        rows = []
        for change, row in zip(found.changes, facts_of(found, chains), strict=True):
            seen = {**row, "repository": name, "landed_at": utc(change.landed_at)}
            told = Told(change.id, name, change.number, None, seen)
            rows.append(listed_change(seen, told, chains[change.id], whole=whole))
    start = wanted.start
    rows = [
        row
        for row in rows
        if (start is None or row.landed_at >= start) and (wanted.end is None or row.landed_at < wanted.end)
    ]
    rows.sort(key=lambda row: (row.landed_at, row.change))
    return changes_of(wanted, rows, source="git", repositories=(name,), gaps=(_no_ledger(found), *found.gaps))


def _no_ledger(found: Gathered) -> Gap:
    return Gap(
        code="GAP-LEDGER",
        what="No ledger was read: these are the words of git alone.",
        why="Reviews, checks, merges, builds and deployments are records of a forge; git can only state them.",
        remedy=f"Make a ledger (asbuilt ledger init NAME), record the history (asbuilt record git), then: "
        f"{found.sync_command}",
    )
