"""The main job: a repository's as-built record, from git alone, or with what a ledger holds of it.

1. Gather the history: commits, signals, records, replays, people, changes.
2. Find the origin of every line, and who or what wrote it.
3. Build the decision chain of every change; with a ledger, hold it against what the forge recorded.
4. Derive the facts and test the controls on them.
5. Read what stands beside the lines: the tree's dependencies, and what our own rules find in its code.
6. Tally, find what to act on, and say what could not be seen.
"""

import importlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

import asbuilt
from asbuilt.app.attributed import attribute_tree
from asbuilt.app.chains import build_chains
from asbuilt.app.conflicts import find_conflicts
from asbuilt.app.exclusion import Exclusion
from asbuilt.app.gaps import NO_CACHE
from asbuilt.app.gather import Gathered
from asbuilt.app.tally import LineTally, tally_months, tally_reviewers, tally_tools
from asbuilt.app.tree_dependencies import Read, read_dependencies
from asbuilt.app.tree_findings import findings_gaps, search_tree
from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.evaluate import evaluate
from asbuilt.engine.findings import findings_from, verdict_of
from asbuilt.facts.ai_tools import ai_tool_facts
from asbuilt.facts.authorship import authorship_of
from asbuilt.facts.changes import change_facts
from asbuilt.history.attribution.configured import configured_tools
from asbuilt.history.attribution.opt_out import find_opt_outs
from asbuilt.history.git import Repository, open_repository
from asbuilt.model.attribution import Authorship
from asbuilt.model.chain import Chain, Grade, LinkName
from asbuilt.model.change import Change, Landing
from asbuilt.model.inspection import (
    SCHEMA,
    ChangeRow,
    FileExposure,
    Gap,
    Inspection,
    LineTotals,
    Subject,
    ToolTotal,
)
from asbuilt.model.progress import Listener, silent
from asbuilt.model.result import Finding, Outcome, Result, Severity
from asbuilt.model.text import path_bytes
from asbuilt.model.tree_content import TreeDependencies, TreeFindings
from asbuilt.model.window import Window


def inspect(
    path: str | os.PathLike[str] = ".",
    *,
    rev: str = "HEAD",
    since: int | None = None,
    offline: bool = True,
    ledger: Path | None = None,
    vex: Sequence[Path] = (),
    keep_index: bool = True,
    on: Listener = silent,
) -> Inspection:
    """Inspect one repository at one revision; nothing is fetched, nothing of the repository is run.

    Args:
        path: a folder inside the repository.
        rev: branch, tag or commit.
        since: Unix seconds; only changes that landed from then on are tested. Lines are always those of the tree.
        offline: use no network. There is no other way yet: the history alone is read.
        ledger: the folder of a ledger that may hold facts of this repository; None: git alone is read.
        vex: files with statements about weaknesses of dependencies (OpenVEX, CycloneDX).
        keep_index: whether to read and keep an index in the user's cache.
        on: hears of progress.

    Raises:
        UsageError, SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    del offline
    with open_repository(path) as repository:
        return inspect_repository(
            repository, rev=rev, since=since, ledger=ledger, vex=vex, keep_index=keep_index, on=on
        )


def inspect_repository(
    repository: Repository,
    *,
    rev: str = "HEAD",
    since: int | None = None,
    ledger: Path | None = None,
    vex: Sequence[Path] = (),
    keep_index: bool = True,
    on: Listener = silent,
) -> Inspection:
    """The same, for a repository that is open already."""
    # (1), (2) The history, where each line comes from, and who or what wrote it.
    found, origins, lines, index = attribute_tree(repository, rev, keep_index=keep_index, on=on)
    # (3) The chain of every change, and the lines that stand behind it.
    on("Building decision chains", 0, None)
    stated, rows = build_chains(found), dict[str, dict[str, Any]]()
    chains, gaps, sync = stated, found.gaps, found.sync_command
    if ledger is not None:
        # What a ledger needs is brought only where there is one.
        join = importlib.import_module("asbuilt.app.chain_join")
        chains, rows, gaps, sync = join.join_gathered(found, stated, ledger, on)
    change_of = {own: change.id for change in found.changes for own in change.commits}
    exclusion = Exclusion(found.config.exclude)
    searched = search_tree(repository, found.tip, found.config, index, on)
    runs = lines.runs() if searched is None else searched.passing(lines.runs())
    tally = LineTally(chains, change_of, lambda path: exclusion.holds(path_bytes(path))).add(runs)
    # (4) Facts, and the controls tested on them.
    on("Testing controls", 0, None)
    tools = tally_tools(
        found.tools,
        found.attributions,
        found.by_id,
        history={commit.id for commit in found.commits},
        lines=tally.by_tool,
        configured=configured_tools(origins.paths, found.tools),
        approved=found.config.approved_tools,
    )
    window = Window(start=since)
    controls = tuple(control for control in load_controls() if control.inspect)
    changes = [rows.get(row["change_id"], row) for row in facts_of(found, stated)]
    facts = {"changes": changes, "ai_tools": ai_tool_facts(tools, found.config.approved_tools)}
    said = found.config.controls
    settings = {own.id: {**own.inspect_settings, **said.get(own.id, {})} for own in controls}
    results = evaluate(controls, facts, window, settings)
    # (5) What stands beside the lines.
    brought = _dependencies(found, ledger, vex, keep_index=keep_index, on=on)
    # (6) What to act on, and what could not be seen.
    others = (
        *find_opt_outs(repository, found.tip, origins.paths),
        *find_conflicts(found.attributions, [commit.id for commit in found.commits]),
    )
    exposed = tally.exposures()
    findings = findings_from(results, controls, exposed, others, sync=sync)
    gaps = (*gaps, *origins.gaps, *brought.gaps, *findings_gaps(searched))
    gaps = (*gaps, *([NO_CACHE] if keep_index and index is None else []))
    content = Content(brought.dependencies, None if searched is None else searched.count())
    told = Told(results, findings, gaps, exposed, tools, tally.totals(origins.skipped), content)
    return _inspection(found, _subject(found, rev, since), window, chains, told)


def _dependencies(
    found: Gathered, ledger: Path | None, vex: Sequence[Path], *, keep_index: bool, on: Listener
) -> Read:
    return read_dependencies(
        found.repository,
        found.tip,
        at=found.by_id[found.tip].commit_time,
        old_after=found.config.supply.advisories_older_than_days,
        vex=vex,
        ledger=ledger,
        keep_index=keep_index,
        on=on,
    )


class Content(NamedTuple):
    """What stands in the tree beside its lines."""

    dependencies: TreeDependencies | None
    code: TreeFindings | None


_GRAVE: Final = ("critical", "high")


class Told(NamedTuple):
    """What the steps before have found, for the inspection that holds all of it."""

    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    exposed: tuple[FileExposure, ...]
    tools: tuple[ToolTotal, ...]
    lines: LineTotals
    content: Content


def _inspection(
    found: Gathered, subject: Subject, window: Window, chains: Mapping[str, Chain], told: Told
) -> Inspection:
    unread = {gap.what for gap in found.gaps}  # the gap of the forge says something else once a part of it was read
    forge_read = not any(gap.code == "GAP-FORGE" and gap.what in unread for gap in told.gaps)
    code = told.content.code
    grave = (
        0 if code is None else sum(own.get(level, 0) for own in code.by_attribution.values() for level in _GRAVE)
    )
    verdict, next_step = verdict_of(told.findings, told.gaps, forge_read=forge_read, weaknesses=grave)
    changes = tuple(change for change in found.changes if window.holds(change.landed_at))
    rows = tuple(_row(found, change, chains[change.id]) for change in changes)
    return Inspection(
        schema=SCHEMA,
        version=asbuilt.__version__,
        subject=subject,
        lines=told.lines,
        links=_links(rows),
        landings={landing: sum(row.change.landing is landing for row in rows) for landing in Landing},
        authorships={kind: sum(row.authorship == kind for row in rows) for kind in Authorship},
        months=tally_months(found.commits, found.attributions),
        tools=told.tools,
        reviewers=tally_reviewers(changes, found.people.canonical),
        exposed=told.exposed,
        releases=found.releases,
        replays=tuple(found.replays[own] for own in sorted(found.replays)),
        changes=rows,
        results=tuple(_deviations(result) for result in told.results),
        findings=told.findings,
        gaps=told.gaps,
        verdict=verdict,
        next_step=next_step,
        blocking=sum(finding.severity is Severity.BLOCKING for finding in told.findings),
        unknown=sum(finding.severity is Severity.UNKNOWN for finding in told.findings),
        dependencies=told.content.dependencies,
        code=told.content.code,
    )


def facts_of(found: Gathered, chains: Mapping[str, Chain]) -> list[dict[str, Any]]:
    """The rows of the ``changes`` table."""
    return change_facts(
        found.changes,
        chains,
        found.attributions,
        same_person=found.people.same,
        is_bot=found.is_bot,
        recorded_in=found.config.reviews_recorded_in,
        commits=found.by_id,
        replays=found.replays,
    )


def _row(found: Gathered, change: Change, chain: Chain) -> ChangeRow:
    who = authorship_of(change, found.attributions, replay=found.replays.get(change.id), commits=found.by_id)
    return ChangeRow(
        change=change,
        authorship=who.authorship,
        tools=who.tools,
        grades={link.name.value: link.grade.value for link in chain.links},
        unbroken=chain.unbroken,
    )


def _links(rows: tuple[ChangeRow, ...]) -> dict[str, dict[str, int]]:
    counts = {name.value: dict.fromkeys(Grade, 0) for name in LinkName}
    for row in rows:
        for name, grade in row.grades.items():
            counts[name][Grade(grade)] += 1
    return {name: {grade.value: count for grade, count in grades.items()} for name, grades in counts.items()}


def _deviations(result: Result) -> Result:
    """The result with the verdicts that deviate; counts and digest still speak of all."""
    kept = tuple(verdict for verdict in result.verdicts if verdict.outcome is Outcome.DEVIATION)
    return msgspec.structs.replace(result, verdicts=kept)


def _subject(found: Gathered, rev: str, since: int | None) -> Subject:
    place = found.repository.work_tree or found.repository.common_dir
    return Subject(
        name=found.project or place.name,
        revision=rev,
        commit=found.tip,
        committed_at=found.by_id[found.tip].commit_time,
        since=since,
        commits=len(found.commits),
        forge=found.forge,
        forge_project=found.project,
    )
