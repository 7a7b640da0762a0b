"""``asbuilt record git``: what a repository's history shows, as records.

1. Read the history, and where each line comes from.
2. A row of ``changes_seen`` for each change, and a row of ``ai_tools_seen`` for each AI tool.
3. An extract for each of the two: the command, the tip, how many, and which time it covers; that of the changes is
   of this repository alone.
4. What could not be seen, as records of kind ``gap``.

What a history tells depends on nothing but the history: recording it again adds only that somebody looked again.
"""

from collections import Counter

import msgspec

from asbuilt.app.attributed import AttributedTree, attribute_tree
from asbuilt.app.chains import build_chains
from asbuilt.app.evidence_origin import Origin, manifest_of, short_name
from asbuilt.app.git_evidence import covers_of, gap_record, take_rows, told_of_git
from asbuilt.app.inspect import facts_of
from asbuilt.app.taking import Recorded, Taking
from asbuilt.app.tally import LineTally, tally_tools
from asbuilt.catalogue.touched_paths import load_touched_paths
from asbuilt.facts.changes_seen import seen_change, seen_tools
from asbuilt.facts.recording.values import moment_text
from asbuilt.history.attribution.configured import configured_tools
from asbuilt.history.git import open_repository
from asbuilt.history.touched import touched_kinds
from asbuilt.model.change import Change, Landing
from asbuilt.model.progress import Listener, silent

COLLECTOR = "asbuilt record git"


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
        told = told_of_git(origin, own, f"repository={own} revision={rev} tip={found.tip}", collector=COLLECTOR)
        manifest = manifest_of(told, taking.now, f"git:{own}", taking.problems)
        commits = [commit.id for commit in found.commits]
        covers = manifest.covers or covers_of(repository, found.tip, commits, manifest.taken_at)
        # (2), (3) Changes and tools, with their extracts.
        on("Recording changes", len(found.changes), None)
        take_rows(taking, "changes_seen", _changes(tree, own), msgspec.structs.replace(manifest, covers=covers))
        for_tools = msgspec.structs.replace(
            manifest, part=None, covers=None, second=None, differences=(), reported_total=None
        )
        take_rows(taking, "ai_tools_seen", _tools(tree), for_tools)
        # (4) Gaps.
        gaps = (*found.gaps, *tree.origins.gaps)
        taking.add_records(gap_record(gap, manifest, taking.now) for gap in gaps)
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
