"""``asbuilt record git``: what a repository's history shows, as records.

1. Read the history, and where each line comes from.
2. A row of ``changes_seen`` for each change, and a row of ``ai_tools_seen`` for each AI tool.
3. An extract for each of the two: the command, the tip, how many, and which time it covers; that of the changes is
   of this repository alone.
4. What could not be seen, as records of kind ``gap``.

What a history tells depends on nothing but the history: recording it again adds only that somebody looked again.
"""

import hashlib
from collections import Counter

import msgspec

from asbuilt.app.attributed import AttributedTree, attribute_tree
from asbuilt.app.chains import build_chains
from asbuilt.app.evidence_origin import Origin, manifest_of, short_name
from asbuilt.app.inspect import facts_of
from asbuilt.app.taking import Recorded, Taking
from asbuilt.app.tally import LineTally, tally_tools
from asbuilt.catalogue.touched_paths import load_touched_paths
from asbuilt.facts.changes_seen import seen_change, seen_tools
from asbuilt.facts.recording.manifest import Manifest, extract_row, manifest_notes
from asbuilt.facts.recording.records import Batch
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.recording.tables import find_table
from asbuilt.facts.recording.values import moment_text, quoted
from asbuilt.history.attribution.configured import configured_tools
from asbuilt.history.git import Repository, open_repository
from asbuilt.history.origins.boundary import find_boundary
from asbuilt.history.touched import touched_kinds
from asbuilt.model.change import Change, Landing
from asbuilt.model.errors import UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent
from asbuilt.model.record import FACT, Record

COLLECTOR = "asbuilt record git"
GAP = f"{FACT}gaps"  # kind of a record that says what could not be seen


def record_git(
    path: str,
    origin: Origin,
    taking: Taking,
    *,
    rev: str = "HEAD",
    name: str | None = None,
    on: Listener = silent,
) -> Recorded:
    """Record what the history of a repository shows.

    Args:
        path: a folder inside the repository.
        origin: who answers for it (None: the collector), and what the extract of changes is to say besides.
        taking: takes the records.
        rev: the branch, or a commit of it.
        name: ``owner/name`` where no remote tells it.
        on: hears of progress.

    Raises:
        UsageError, SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    with open_repository(path) as repository:
        # (1) The history.
        tree = attribute_tree(repository, rev, on=on)
        found = tree.found
        own = short_name(name or found.project or (repository.work_tree or repository.common_dir).name, "--name")
        told = _told(origin, own, rev, found.tip)
        manifest = manifest_of(told, taking.now, f"git:{own}", taking.problems)
        covers = manifest.covers or _covers(repository, tree, manifest.taken_at)
        # (2), (3) Changes and tools, with their extracts.
        on("Recording changes", len(found.changes), None)
        _take(taking, "changes_seen", _changes(tree, own), msgspec.structs.replace(manifest, covers=covers))
        for_tools = msgspec.structs.replace(
            manifest, part=None, covers=None, second=None, differences=(), reported_total=None
        )
        _take(taking, "ai_tools_seen", _tools(tree), for_tools)
        # (4) Gaps.
        gaps = (*found.gaps, *tree.origins.gaps)
        taking.add_records(_gap(gap, manifest, taking.now) for gap in gaps)
        taking.note(
            [f"changes_seen: {own} is covered from {' to '.join(map(moment_text, covers))}."] if covers else []
        )
        counts = Counter(gap.code for gap in gaps)
        firsts = {gap.code: gap for gap in reversed(gaps)}
        taking.note(
            f"not seen: {firsts[code].what} {firsts[code].remedy}" + (f" ({count:,} times)" if count > 1 else "")
            for code, count in sorted(counts.items())
        )
        return taking.write()


def _told(origin: Origin, own: str, rev: str, tip: str) -> Origin:
    """Where the changes come from, with what the command itself knows; they are of this repository alone.

    Raises:
        UsageError: the origin says another part.
    """
    if origin.part not in {None, own}:
        raise UsageError(
            f"What git shows is of {quoted(own)}, and of no other part.",
            fix="Leave --part out; --name says what the repository is called.",
        )
    return msgspec.structs.replace(
        origin,
        source=origin.source or f"git:{own}",
        part=own,
        by=origin.by or COLLECTOR,
        query=origin.query or "git log --first-parent --format=raw TIP",
        parameters=origin.parameters or f"repository={own} revision={rev} tip={tip}",
    )


def _take(taking: Taking, table: str, rows: list[dict[str, object]], manifest: Manifest) -> None:
    """Take in rows that were made here; a time that git's clocks put into the future is git's own word."""
    times = [str(row[name]) for row in rows for name in ("landed_at", "seen_at") if name in row]
    late = max(times, default="") > moment_text(manifest.taken_at)
    raw = [RawRow(0, row) for row in rows]
    checked = check_rows(
        find_table(table),
        raw,
        name=f"git: {table}",
        observed=_LATEST if late else manifest.taken_at,
        problems=taking.problems,
        typed=True,
    )
    batch = Batch(table, checked, manifest, None)
    # No file came: the rows themselves are the extract, in the order of their bytes.
    digest = hashlib.sha256(b"\n".join(sorted(row.payload for row in checked.rows))).hexdigest()
    extract = extract_row(manifest, checked, digest=digest, name=table, line=0, problems=taking.problems)
    taking.note([*checked.notes, *manifest_notes(manifest, checked, table)])
    if late:
        taking.note([f"{table}: some commits bear a time that is still to come; it was recorded as git tells it."])
    taking.add(batch._replace(extract=extract), by=manifest.taken_by, how="git")


_LATEST = 253_402_300_799  # the end of the year 9999


def _changes(tree: AttributedTree, name: str) -> list[dict[str, object]]:
    found = tree.found
    chains = build_chains(found)
    judged = {row["change_id"]: row for row in facts_of(found, chains)}
    steps = [step for change in found.changes for step in _steps(change)]
    kinds = touched_kinds(found.repository, steps, load_touched_paths())
    return [
        seen_change(
            change,
            judged[change.id],
            repository=name,
            attributions=found.attributions,
            commits=found.by_id,
            replay=found.replays.get(change.id),
            touched=frozenset[str]().union(*(kinds.get(step, ()) for step in _steps(change))),
            chain=chains[change.id],
        )
        for change in found.changes
    ]


def _steps(change: Change) -> tuple[str, ...]:
    """The commits of the branch itself that make up a change: of a rebased run all, else the last."""
    return change.commits if change.landing is Landing.REBASE else (change.id,)


def _tools(tree: AttributedTree) -> list[dict[str, object]]:
    found = tree.found
    totals = tally_tools(
        found.tools,
        found.attributions,
        found.by_id,
        history={commit.id for commit in found.commits},
        lines=LineTally({}, {}, lambda _: False).add(tree.lines.runs()).by_tool,
        configured=configured_tools(tree.origins.paths, found.tools),
        approved=None,
    )
    return seen_tools(totals, tip_at=found.by_id[found.tip].commit_time)


def _covers(repository: Repository, tree: AttributedTree, taken_at: int) -> tuple[int, int] | None:
    """The time in which this history holds every change of its branch.

    From the beginning of all times where the history is whole, else from the newest commit at which it is cut off.
    Until now where this is the branch itself; in a clone until it was last fetched; else until the tip.
    """
    found = tree.found
    cut = find_boundary(repository, {commit.id for commit in found.commits})
    start = max((found.by_id[own].commit_time for own in cut), default=-1) + 1
    tip_at = found.by_id[found.tip].commit_time
    end = tip_at + 1
    heads = repository.run(
        "for-each-ref", "--count=1", f"--points-at={found.tip}", "refs/heads/", "refs/remotes/"
    ).strip()
    if heads:
        fetched = repository.common_dir / "FETCH_HEAD"
        if not repository.remotes:
            end = taken_at
        elif fetched.is_file():
            end = max(end, int(fetched.stat().st_mtime))
    end = min(end, taken_at)
    return (start, end) if 0 <= start < end else None


def _gap(gap: Gap, manifest: Manifest, now: int) -> Record:
    own = f"{manifest.source}: {gap.code}" + (f" {gap.path}" if gap.path else "")
    told = {
        "gap": own,
        "code": gap.code,
        "what": gap.what,
        "why": gap.why,
        "remedy": gap.remedy,
        "item_count": gap.count,
        **({"place": gap.path} if gap.path else {}),
    }
    return Record(
        source=manifest.source,
        event=own,
        kind=GAP,
        payload=msgspec.json.encode(told, order="sorted"),
        observed=manifest.taken_at,
        recorded=now,
        by=manifest.taken_by,
        how="git",
    )
