"""The decision chain behind a piece of code.

1. Read what is meant: lines of a file, a commit, a tag, a package.
2. Lines: find their origins (from the index, or from git blame of that one file) and who or what wrote them. A
   package: find the commits that brought it (``trace_package``).
3. Find the changes that brought them, in the kept history or by reading it.
4. Build the chain of each change.
5. With a ledger: hold each chain against what the forge recorded.
6. With ``to``: say whether that code is in that release.
"""

import importlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import asbuilt
from asbuilt.app.file_lines import file_runs
from asbuilt.app.history import History, know_history
from asbuilt.app.target import CommitTarget, FileTarget, PackageTarget, read_target, tree_holds
from asbuilt.facts.chains import build_chain
from asbuilt.history.git import Repository, open_repository
from asbuilt.history.origins.blame import blame_files
from asbuilt.history.origins.index import index_folder
from asbuilt.history.people import join_people
from asbuilt.history.releases import containing_releases, is_ancestor
from asbuilt.model.change import Change, Landing
from asbuilt.model.commit import Person
from asbuilt.model.errors import SourceError
from asbuilt.model.origin import LineRun
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import path_bytes, path_text
from asbuilt.model.trace import SCHEMA, Containment, Step, Trace

if TYPE_CHECKING:  # brought when a package is asked for
    from asbuilt.app.trace_package import PackageTrace


def trace(
    target: str,
    *,
    path: str | os.PathLike[str] = ".",
    rev: str = "HEAD",
    to: str | None = None,
    ledger: Path | None = None,
    keep_index: bool = True,
    on: Listener = silent,
) -> Trace:
    """The chains behind ``PATH[:LINE[-LINE]]``, a commit, a tag or a package URL.

    Args:
        target: what to trace.
        path: a folder inside the repository; paths in ``target`` are seen from there.
        rev: the revision whose lines are meant.
        to: a revision; the answer then says whether the code is in it.
        ledger: the folder of a ledger that may hold facts of this repository; None: git alone answers.
        keep_index: whether to read and keep what was found in the user's cache.
        on: hears of progress.

    Raises:
        UsageError, SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    with open_repository(path) as repository:
        # (1) What is meant.
        tip = repository.resolve(rev)
        meant = read_target(repository, tip, target)
        folder = index_folder(repository) if keep_index else None
        history = know_history(repository, tip, folder, on)
        # (2) Lines, or the commits that brought a package.
        runs, package = _read(repository, history, meant, to, folder)
        origins = _origins(meant, runs, package)
        # (3), (4) The changes that brought them, and the chain of each.
        steps = tuple(_steps(repository, history, origins, runs))
        gaps = history.gaps
        # (5) What the forge recorded. What that needs is brought only then: a trace must start quickly.
        if ledger is not None:
            steps, gaps = importlib.import_module("asbuilt.app.chain_join").join_steps(steps, history, ledger, on)
        # (6) Containment.
        held = package.containment if package else None
        if to and not isinstance(meant, PackageTarget):
            held = _contain(repository, meant, runs, to)
        brought = {step.chain.change for step in steps}
        return Trace(
            schema=SCHEMA,
            version=asbuilt.__version__,
            target=target,
            revision=rev,
            commit=tip,
            steps=steps,
            releases=containing_releases(repository, brought.pop()) if len(brought) == 1 else (),
            containment=held,
            gaps=(*package.gaps, *gaps) if package else gaps,
            introductions=package.introductions if package else (),
        )


Meant = FileTarget | CommitTarget | PackageTarget


def _read(
    repository: Repository, history: History, meant: Meant, to: str | None, folder: Path | None
) -> "tuple[tuple[LineRun, ...], PackageTrace | None]":
    """The lines that are meant, or what is known of the package; what a package needs is brought only then."""
    if isinstance(meant, FileTarget):
        return file_runs(repository, history, meant, folder), None
    if isinstance(meant, CommitTarget):
        return (), None
    follow = importlib.import_module("asbuilt.app.trace_package").trace_package
    return (), follow(repository, history, meant, to=to, folder=folder)


def _origins(meant: Meant, runs: tuple[LineRun, ...], package: "PackageTrace | None") -> list[str]:
    """The commits whose changes are asked for."""
    if isinstance(meant, CommitTarget):
        return [meant.commit]
    return list(package.origins if package else dict.fromkeys(run.origin for run in runs))


def _steps(
    repository: Repository, history: History, origins: Iterable[str], runs: tuple[LineRun, ...]
) -> Iterator[Step]:
    """One step for each change behind the commits, in the order of the lines."""
    members: dict[str, list[str]] = {}
    changes: dict[str, Change] = {}
    for origin in origins:
        change = history.change_of(origin) or _outside(history, origin)
        if change is not None:
            changes[change.id] = change
            members.setdefault(change.id, []).append(origin)
    for own, change in changes.items():
        yield _step(repository, history, change, tuple(run for run in runs if run.origin in members[own]))


def _step(repository: Repository, history: History, change: Change, runs: tuple[LineRun, ...]) -> Step:
    replay = history.replays_of([change.id]).get(change.id)
    wrote = dict.fromkeys((*change.commits, *(replay.commits if replay else ())))
    commits = history.commits_of(wrote)
    attributions = history.attributions_of(wrote)
    persons: dict[Person, None] = {}
    for commit in commits.values():
        persons |= {commit.author: None, commit.committer: None}
    persons |= dict.fromkeys((*change.authors, change.landed_by))
    people = join_people(repository, persons, revision=history.tip, also=history.same_people)
    chain = build_chain(
        change,
        commits=commits,
        attributions=attributions,
        replay=replay,
        same_person=people.same,
        forge=history.forge,
        forge_project=history.project,
        releases=[first] if (first := history.release_of(change.id)) else (),
        is_bot=history.is_bot,
        recorded_in=history.recorded_in,
        reverted_by=history.reverts_of(change.id),
    )
    return Step(change, chain, tuple(attributions.values()), replay, runs)


def _outside(history: History, own: str) -> Change | None:
    """A commit that the branch does not hold, as a change of its own; None when it is not here at all."""
    commit = history.commits_of([own]).get(own)
    if commit is None:
        return None
    return Change(
        id=own,
        parent=commit.parents[0] if commit.parents else None,
        landing=Landing.DIRECT if commit.parents else Landing.INITIAL,
        commits=(own,),
        subject=commit.subject,
        landed_at=commit.commit_time,
        authors=(commit.author,),
        landed_by=commit.committer,
        signature=commit.signature,
    )


def _contain(
    repository: Repository, meant: FileTarget | CommitTarget, runs: tuple[LineRun, ...], to: str
) -> Containment:
    """Whether the code is in a revision: for a commit, by ancestry; for lines, by their origins surviving there.

    A line is contained when the revision's own blame names the same origin: commit, path and line. A cherry-picked
    copy has another origin, and so another decision chain: it does not count.
    """
    commit = repository.resolve(to)
    if isinstance(meant, CommitTarget):
        return Containment(to, commit, 1, int(is_ancestor(repository, meant.commit, commit)))
    wanted = {(run.origin, run.origin_path, run.origin_line + step) for run in runs for step in range(run.count)}
    present: set[tuple[str, str, int]] = set()
    for path in {path_text(meant.path), *(run.origin_path for run in runs)}:
        raw = path_bytes(path)
        if tree_holds(repository, commit, raw):
            for _, blamed in blame_files(repository, commit, [raw]):
                if isinstance(blamed, SourceError):
                    raise blamed
                for run in blamed or ():
                    name = path_text(run.origin_path)
                    present |= {(run.commit, name, run.origin_line + step) for step in range(run.lines)}
    return Containment(to, commit, sum(run.count for run in runs), len(wanted & present))
