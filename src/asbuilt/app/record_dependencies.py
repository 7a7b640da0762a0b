"""``asbuilt record dependencies``: what each change of a repository brought in, as rows of ``dependencies_added``.

1. Read which commit brought each component (``deps.know_components``).
2. What a change brought is what is left of it when it lands: a version that it replaced again itself is no row.
3. What an index and the advisories say is filled in where their stores tell it (``dependency_facts``).
4. An extract says which time the history covers; what could not be read is recorded as gaps.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from asbuilt.app.config import read_config
from asbuilt.app.dependency_facts import facts_columns
from asbuilt.app.deps import Known, know_components
from asbuilt.app.evidence_origin import Origin, manifest_of, short_name
from asbuilt.app.git_evidence import covers_of, gap_record, take_rows, told_of_git
from asbuilt.app.taking import Recorded, Taking
from asbuilt.facts.recording.values import moment_text
from asbuilt.history.git import Repository, open_repository
from asbuilt.model.component import Unread
from asbuilt.model.inspection import Gap
from asbuilt.model.introduction import Introduction
from asbuilt.model.progress import Listener, silent
from asbuilt.supply.introductions import Identity, identity, label
from asbuilt.supply.policy import package_id

COLLECTOR: Final = "asbuilt record dependencies"
TABLE: Final = "dependencies_added"
_QUERY: Final = "components of every dependency file at every commit, compared with those of its parents"


def record_dependencies(
    path: str,
    origin: Origin,
    taking: Taking,
    *,
    rev: str = "HEAD",
    name: str | None = None,
    on: Listener = silent,
) -> Recorded:
    """Record what each change of a repository brought in.

    Args:
        path: a folder inside the repository.
        origin: who answers for it (None: the collector), and what the extract is to say besides.
        taking: takes the records.
        rev: the branch, or a commit of it.
        name: ``owner/name`` where no remote tells it.
        on: hears of progress.

    Raises:
        UsageError, SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    with open_repository(path) as repository:
        # (1) The history.
        known = know_components(repository, rev, on)
        tip = known.components.tip
        project = known.history.project or (repository.work_tree or repository.common_dir).name
        own = short_name(name or project, "--name")
        parameters = f"repository={own} revision={rev} tip={tip}"
        told = told_of_git(origin, own, parameters, collector=COLLECTOR, query=_QUERY)
        manifest = manifest_of(told, taking.now, f"git:{own}", taking.problems)
        covers = manifest.covers or covers_of(repository, tip, _commits(repository, tip), manifest.taken_at)
        # (2), (3), (4) Rows, with their extract.
        brought = list(brought_by_changes(known))
        told_of, notes = facts_columns(
            [(at, each) for _, at, each in brought], read_config(repository, tip).supply, taking.now
        )
        rows = [
            _row(change, at, each, own) | columns
            for (change, at, each), columns in zip(brought, told_of, strict=True)
        ]
        on("Recording dependencies", len(rows), None)
        take_rows(taking, TABLE, rows, msgspec.structs.replace(manifest, covers=covers))
        # (4) Gaps.
        gaps = [_gap(each) for each in known.components.unread]
        taking.add_records(gap_record(gap, manifest, taking.now) for gap in gaps)
        taking.note([f"{TABLE}: {own} is covered from {' to '.join(map(moment_text, covers))}."] if covers else [])
        taking.note([*notes, *(f"not seen: {gap.what}" for gap in gaps[:10])])
        return taking.write()


def brought_by_changes(known: Known) -> Iterator[tuple[str, int, Introduction]]:
    """What each change brought in when it landed: its id, when that was (Unix seconds), and the introduction."""
    landed: dict[str, tuple[int, dict[tuple[Identity, str], Introduction]]] = {}
    for own in known.components.introductions:
        change = known.history.change_of(own.landed or own.commit)
        if change is not None:
            _account(own, landed.setdefault(change.id, (change.landed_at, {}))[1])
    for change_id, (at, rows) in landed.items():
        yield from ((change_id, at, each) for each in rows.values())


def _account(own: Introduction, rows: dict[tuple[Identity, str], Introduction]) -> None:
    """Take one commit of a change into what the change comes to (step 2)."""
    who = identity(own.component)
    if own.kind == "removed":
        for key in [key for key in rows if key[0] == who]:
            del rows[key]
        return
    replaced = rows.pop((who, own.previous), None) if own.previous is not None else None
    if replaced is not None:
        own = msgspec.structs.replace(own, kind=replaced.kind, previous=replaced.previous)
    rows[who, label(own.component)] = own


def _row(change: str, at: int, own: Introduction, repository: str) -> dict[str, object]:
    component = own.component
    told: dict[str, object | None] = {
        "repository": repository,
        "change_id": change,
        "package": package_id(component.ecosystem, component.name),
        "version": label(component),
        "added_at": moment_text(at),
        "kind": own.kind,
        "previous_version": own.previous,
        "path": own.path,
        "line": component.line,
        "direct": component.direct,
    }
    return {name: value for name, value in told.items() if value is not None}


def _commits(repository: Repository, tip: str) -> list[str]:
    return repository.run("rev-list", tip).decode("ascii").split()


def _gap(own: Unread) -> Gap:
    where = f"{own.path}:{own.line}" if own.line else own.path
    return Gap(
        code="GAP-DEPENDENCIES",
        what=f"{where}: {own.why}",
        why="What a file names that cannot be read is in no list of dependencies.",
        remedy=own.remedy or "Commit a lock file that can be read.",
        path=where,
    )
