"""``asbuilt deps``: each dependency with the commit, the change, the attribution and the approval that brought it.

1. Read which commit brought each component (``component_history``), and the history that its changes are of.
2. Of a squash whose branch was replayed exactly, find the commit of the branch (``component_branches``).
3. Join each introduction with its commit, its change and who wrote it.
4. Judge its approval: by the facts of a ledger where there is one, else by what git states.
5. Leave out what is not asked for; count the rest.
"""

import importlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

import asbuilt
from asbuilt.app.component_branches import find_branch_commits
from asbuilt.app.component_history import BEFORE, ComponentHistory, component_history
from asbuilt.app.history import History, know_history
from asbuilt.app.sbom_tree import folder_below, is_below
from asbuilt.facts.reviews import judge_reviews
from asbuilt.history.git import Repository, open_repository
from asbuilt.history.origins.index import index_folder
from asbuilt.model.attribution import Authorship
from asbuilt.model.change import Change
from asbuilt.model.commit import Commit, Person
from asbuilt.model.component import Component
from asbuilt.model.deps import SCHEMA, Approved, Dependency, DependencyList
from asbuilt.model.inspection import Gap
from asbuilt.model.introduction import Introduction
from asbuilt.model.progress import Listener, silent
from asbuilt.supply.introductions import Identity, identity, label

BY: Final[Mapping[str, frozenset[str]]] = {
    "ai": frozenset({Authorship.AI_TRACKED.value, Authorship.AI_DECLARED.value}),
    "human": frozenset({Authorship.HUMAN_TRACKED.value}),
    "automation": frozenset({Authorship.AUTOMATION.value}),
    "unknown": frozenset({Authorship.UNKNOWN.value}),
}
APPROVALS: Final = ("proved", "stated", "missing", "unknown")


class Wanted(msgspec.Struct, frozen=True):
    """Which rows are asked for.

    ``introduced_by`` are keys of ``BY``; ``since`` bounds the landing (Unix seconds); ``unapproved``: only what is
    not known to be approved; ``direct``: only what the product asks for itself, and what its file does not tell of;
    ``whole_history``: every introduction, version change and removal, not only those that brought what stands.
    """

    introduced_by: tuple[str, ...] = ()
    since: int | None = None
    unapproved: bool = False
    direct: bool = False
    whole_history: bool = False


class Known(NamedTuple):
    """The introductions of a history, joined with nothing yet: what every use of them begins with."""

    repository: Repository
    history: History
    components: ComponentHistory


def know_components(repository: Repository, rev: str, on: Listener = silent, *, keep: bool = True) -> Known:
    """Which commit brought each component of a revision, with what landed it (steps 1 and 2).

    Raises:
        UsageError, SourceError, ConfigError: see ``model.errors``.
    """
    tip = repository.resolve(rev)
    folder = index_folder(repository) if keep else None
    history = know_history(repository, tip, folder, on)
    components = component_history(repository, tip, folder=folder, on=on)
    return Known(repository, history, find_branch_commits(repository, history, components, folder))


def list_dependencies(
    wanted: Wanted,
    *,
    path: Path,
    rev: str = "HEAD",
    ledger: Path | None = None,
    keep_index: bool = True,
    on: Listener = silent,
) -> DependencyList:
    """The dependencies of a revision with who brought them.

    Args:
        wanted: which.
        path: a repository, or a folder inside its work tree: then only what lies there.
        rev: a revision of it.
        ledger: the folder of a ledger; None: git alone answers.
        keep_index: whether to read and keep what was found in the user's cache.
        on: hears of progress.

    Raises:
        UsageError, SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    with open_repository(path) as repository:
        known = know_components(repository, rev, on, keep=keep_index)
        under = folder_below(repository)
        rows = [row for row in _rows(known, whole_history=wanted.whole_history) if is_below(row.path, under)]
        if ledger is None:
            gaps: tuple[Gap, ...] = (_NO_LEDGER,)
            source = "git"
        else:
            approve = importlib.import_module("asbuilt.app.deps_approvals").approve
            rows, gaps = approve(rows, known.history, ledger, on)
            source = "ledger"
        listed = sorted((row for row in rows if _is_asked(row, wanted)), key=_order)
        place = repository.work_tree or repository.git_dir
    return DependencyList(
        schema=SCHEMA,
        version=asbuilt.__version__,
        product=place.name.removesuffix(".git") or "product",
        commit=known.components.tip,
        source=source,
        whole_history=wanted.whole_history,
        since=wanted.since,
        total=len(rows),
        dependencies=tuple(listed),
        attributions=_counted((row.attribution for row in listed), [each.value for each in Authorship]),
        approvals=_counted((row.approval for row in listed), APPROVALS),
        unread=tuple(own for own in known.components.unread if is_below(own.path, under)),
        gaps=(*gaps, *_cut_off(rows)),
    )


def rows_by_version(known: Known) -> dict[tuple[Identity, str], Dependency]:
    """What stands in the tree, by identity and label (``supply.introductions``)."""
    rows = zip(known.components.standing, _standing(known), strict=True)
    return {(identity(own.component), label(own.component)): row for own, row in rows}


def _rows(known: Known, *, whole_history: bool) -> Iterator[Dependency]:
    if not whole_history:
        yield from _standing(known)
        return
    stands = {own.brought for own in known.components.standing}
    join = _Join(known)
    yield from (join.row(own, stands=at in stands) for at, own in enumerate(known.components.introductions))
    yield from (join.before(own.component) for own in known.components.standing if own.brought == BEFORE)


def _standing(known: Known) -> Iterator[Dependency]:
    join = _Join(known)
    every = known.components.introductions
    for own in known.components.standing:
        if own.brought == BEFORE:
            yield join.before(own.component)
        else:
            first = None if own.first == BEFORE else every[own.first].commit
            yield join.row(every[own.brought], own.component, first=first)


class _Join:
    """Joins introductions with commits and changes; each is asked for once."""

    def __init__(self, known: Known) -> None:
        every = known.components.introductions
        self._known = known
        self._commits: dict[str, Commit] = known.history.commits_of({own.commit for own in every})
        self._attributions = known.history.attributions_of({own.commit for own in every})
        self._landed: dict[str, tuple[Change | None, tuple[Approved, tuple[str, ...], str]]] = {}

    def row(
        self,
        own: Introduction,
        component: Component | None = None,
        *,
        stands: bool = True,
        first: str | None = None,
    ) -> Dependency:
        """One introduction; ``component`` is as the listed revision has it, else as the introduction tells it."""
        change, (approval, by, why) = self._landing(own.landed or own.commit)
        commit, attribution = self._commits.get(own.commit), self._attributions.get(own.commit)
        return _described(
            component or own.component,
            kind=own.kind,
            previous=own.previous,
            stands=stands and own.kind != "removed",
            commit=own.commit,
            at=own.at,
            first=first,
            change=change.id if change else None,
            landed_at=change.landed_at if change else None,
            landing=change.landing.value if change else None,
            number=change.number if change else None,
            subject=change.subject if change else None,
            author=_named(commit),
            attribution=attribution.authorship.value if attribution else Authorship.UNKNOWN.value,
            tools=attribution.tools if attribution else (),
            mixed=attribution.mixed_possible if attribution else False,
            approval=approval,
            approved_by=by,
            why=why,
        )

    def _landing(self, commit: str) -> tuple[Change | None, tuple[Approved, tuple[str, ...], str]]:
        if commit not in self._landed:
            change = self._known.history.change_of(commit)
            self._landed[commit] = change, _stated(change, self._known.history)
        return self._landed[commit]

    def before(self, component: Component) -> Dependency:
        """What stood there where the visible history begins."""
        return _described(component, kind="before", why="The history that is here begins after it came.")


def _described(own: Component, **more: Any) -> Dependency:
    return Dependency(
        **{
            "kind": "before",
            "ecosystem": own.ecosystem,
            "name": own.name,
            "purl": own.purl,
            "path": own.path,
            "version": own.version,
            "declared": own.declared,
            "line": own.line,
            "direct": own.direct,
            "scope": own.scope,
            "source": own.source,
            **more,
        }
    )


def _stated(change: Change | None, history: History) -> tuple[Approved, tuple[str, ...], str]:
    """What git says of an approval: a trailer that names a person who had no part in the change."""
    if change is None:
        return "unknown", (), "No change of the main line that brought it is here."
    reviews = judge_reviews(
        change,
        same_person=_same,
        is_bot=history.is_bot,
        attributions=history.attributions_of(change.commits) if change.reviews else {},
    )
    if reviews.approvals:
        by = tuple(person.name or person.email for person in reviews.approvers)
        return "stated", by, "A trailer names who reviewed the change."
    if history.recorded_in == "commits":
        return "missing", (), "Reviews are recorded in commits, and none that counts is."
    return "unknown", (), "Git names nobody who approved it; the forge may."


def _same(one: Person, other: Person) -> bool:
    return one.key == other.key or (one.name.casefold() == other.name.casefold() != "")


def _named(commit: Commit | None) -> str | None:
    return (commit.author.name or commit.author.email) if commit else None


def _is_asked(row: Dependency, wanted: Wanted) -> bool:
    if wanted.introduced_by and not any(row.attribution in BY[each] for each in wanted.introduced_by):
        return False
    if wanted.direct and row.direct is False:
        return False
    if wanted.unapproved and row.approval in {"proved", "stated"}:
        return False
    return wanted.since is None or (row.landed_at is not None and row.landed_at >= wanted.since)


def _order(row: Dependency) -> tuple[object, ...]:
    """Those that landed last first; then by what they are."""
    when = row.landed_at if row.landed_at is not None else row.at
    commit = (row.change or "", row.commit or "")
    return (
        when is None,
        -(when or 0),
        *commit,
        row.ecosystem,
        row.name,
        row.version or "",
        row.declared or "",
        row.kind,
    )


def _counted(values: Iterable[str], names: Sequence[str]) -> dict[str, int]:
    counts = Counter(values)
    return {name: counts[name] for name in names}


def _cut_off(rows: Iterable[Dependency]) -> tuple[Gap, ...]:
    count = sum(row.kind == "before" for row in rows)
    if not count:
        return ()
    return (
        Gap(
            code="GAP-SHALLOW",
            what=f"{count:,} dependencies stood there already where the history that is here begins.",
            why="The clone is cut off: which commit brought them is not in it.",
            remedy="git fetch --unshallow",
            count=count,
        ),
    )


_NO_LEDGER: Final = Gap(
    code="GAP-LEDGER",
    what="No ledger was read: approvals are no more than what git states.",
    why="Who approved a change, or a package, is recorded by a forge or by a company, not by git.",
    remedy="Make a ledger (asbuilt ledger init NAME), record the history (asbuilt record git, asbuilt record "
    "dependencies), then read the forge (asbuilt sync).",
)
