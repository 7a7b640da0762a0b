"""The change that wants to land, as it would look once it had: read from git objects alone.

1. Base and head are resolved; a history that is cut off between them is refused with what brings it.
2. The merge is made for the eyes of this process alone: its tree and its commit go to the private object folder, so
   that what is judged is what would land, and the code that reads landed changes reads this one.
3. Policy and mailmap come from the base; nothing of the head is believed about who is who.
4. The one change of that merge, and its row of ``changes``, are made as those of landed changes are.
"""

from functools import cache
from typing import Any, NamedTuple

from asbuilt.app.config import Config, read_config
from asbuilt.catalogue.signatures import load_signatures
from asbuilt.catalogue.touched_paths import load_touched_paths
from asbuilt.facts.authorship import authorship_of
from asbuilt.facts.changes import change_facts
from asbuilt.facts.changes_seen import seen_change
from asbuilt.history.attribution.classify import attribute_commits, bot_test
from asbuilt.history.attribution.records import read_line_records
from asbuilt.history.attribution.signals import match_signals
from asbuilt.history.changes import read_changes
from asbuilt.history.commits import read_commits
from asbuilt.history.forge import name_forge
from asbuilt.history.git import Repository
from asbuilt.history.guarded import read_steps, split_steps
from asbuilt.history.people import join_people
from asbuilt.model.commit import Commit, Person, SignatureKind, moment
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import path_text

_KINDS = ("prompts", "infrastructure", "migrations", "dependencies")
touched_paths = cache(load_touched_paths)
_NOBODY = "AsBuilt gate <gate@asbuilt.invalid>"
_FULL = (
    "Fetch the whole history before the gate runs: `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: 0` in "
    "GitLab, or `git fetch --unshallow`."
)


class Pending(NamedTuple):
    """A change before it lands; ``merge`` is the commit that was made to see it landed, in this process alone.

    ``row`` is its row of ``changes`` as git alone tells it, ``seen`` that of ``changes_seen``, ``paths`` what
    differs from the base (bytes, as git has them), ``steps`` the same as git's raw ``diff-tree -z``, ``commits``
    how many it brings, ``tools`` the AI tools that they name.
    """

    base: str
    head: str
    merge: str
    tree: str
    conflicts: bool
    config: Config
    commits: int
    tools: tuple[str, ...]
    row: dict[str, Any]
    seen: dict[str, Any]
    paths: tuple[bytes, ...]
    steps: bytes
    repository: str
    gaps: tuple[Gap, ...]


def read_pending(
    repository: Repository, base: str, head: str, *, number: int | None, name: str | None, now: int
) -> Pending:
    """Read the change from ``base`` to ``head``.

    Args:
        repository: where both are.
        base: revision of the branch that it is to land on.
        head: revision of the change.
        number: of the pull or merge request, where there is one.
        name: ``owner/name`` of the repository, where the caller knows.
        now: Unix seconds at which it would land.

    Raises:
        SourceError: the history between the two is not here.
        UsageError: there is nothing between them.
        ConfigError: the base's asbuilt.toml is malformed.
    """
    # (1) What is between the two.
    onto, tip = (_resolve(repository, one, of) for one, of in ((base, "base"), (head, "head")))
    commits = read_commits(repository, [tip], exclude=[onto])
    if not commits:
        raise UsageError(
            f"Nothing is to land: {head!r} is part of {base!r} already.", fix="Name the base before the change."
        )
    _expect_whole(repository, onto, tip, commits)
    # (2) What would land.
    tree, conflicts = _merged_tree(repository, onto, tip, commits)
    subject = f"Merge pull request #{number}" if number is not None else "Merge"
    merge = _merge_commit(repository, tree, (onto, tip), subject, now)
    # (3) The base's rules.
    config = read_config(repository, onto)
    # (4) The change.
    steps = read_steps(repository, [merge.id])
    paths = tuple(path for _, path in split_steps(steps))
    own = name or name_forge(repository.remotes, ())[1] or (repository.work_tree or repository.common_dir).name
    row, seen, tools, gaps = _rows(repository, config, (merge, *commits), _kinds(paths), own)
    told = {"repository": own, "change_id": tip, **({} if number is None else {"number": number})}
    return Pending(
        base=onto,
        head=tip,
        merge=merge.id,
        tree=tree,
        conflicts=conflicts,
        config=config,
        commits=len(commits),
        tools=tools,
        row={**row, **before_landing(tip), **told},
        seen={
            **seen,
            **told,
            "head_commit": tip,
            "came_by_pull_request": True if number is not None else None,
            "required_checks": list(config.gate.checks) or None,
        },
        paths=paths,
        steps=steps,
        repository=own,
        gaps=gaps,
    )


def _rows(
    repository: Repository, config: Config, commits: tuple[Commit, ...], kinds: frozenset[str], own: str
) -> tuple[dict[str, Any], dict[str, Any], tuple[str, ...], tuple[Gap, ...]]:
    """The rows of ``changes`` and ``changes_seen`` of the first of the commits, the tools it names, and gaps."""
    merge, *branch = commits
    base, tip = merge.parents
    persons = [person for commit in reversed(branch) for person in (commit.author, commit.committer)]
    people = join_people(repository, dict.fromkeys(persons), revision=base, also=config.same_people)
    tools = load_signatures()
    records = read_line_records(repository, {commit.id for commit in branch}, tip=tip, commits=branch)
    attributions = attribute_commits(branch, match_signals(branch, tools), records.signals, tools=tools)
    (change, *_) = read_changes(
        repository, merge.id, commits, people=people, is_automation=lambda _: False, heads={}
    )
    by_id = {commit.id: commit for commit in commits}
    (row,) = change_facts(
        [change],
        {},
        attributions,
        same_person=people.same,
        is_bot=bot_test(tools),
        recorded_in=config.reviews_recorded_in,
        commits=by_id,
    )
    row |= {f"touches_{kind}": kind in kinds for kind in _KINDS} | _stated_only(config)
    seen = seen_change(
        change, row, repository=own, attributions=attributions, commits=by_id, replay=None, touched=kinds
    )
    return row, seen, authorship_of(change, attributions, commits=by_id).tools, records.gaps


def dependency_files(paths: tuple[bytes, ...]) -> tuple[str, ...]:
    """The dependency files among changed paths, as they are shown."""
    touched = touched_paths()
    return tuple(path_text(path) for path in paths if "dependencies" in touched.kinds(path))


def before_landing(head: str) -> dict[str, Any]:
    """What is so of every change that has not landed: it went around nothing, and nobody reviewed it afterwards."""
    return {"change_id": head, "bypassed_rules": False, "after_reviewed": False}


def written(seconds: int) -> str:
    """Unix seconds as RFC 3339 text."""
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def _kinds(paths: tuple[bytes, ...]) -> frozenset[str]:
    touched = touched_paths()
    return frozenset[str]().union(*(touched.kinds(path) for path in paths))


def _stated_only(config: Config) -> dict[str, Any]:
    """Approvals that the change's own messages name are text that its author may have typed: they do not count.

    Unless the company records its reviews there.
    """
    return {} if config.reviews_recorded_in == "commits" else {"independent_human_approvals": None}


def _resolve(repository: Repository, revision: str, which: str) -> str:
    try:
        return repository.resolve(revision)
    except UsageError as error:
        if not repository.shallow:
            raise
        raise SourceError(
            f"The {which} {revision!r} is not in this clone.", why="The clone is shallow.", fix=_FULL
        ) from error


def _expect_whole(repository: Repository, base: str, head: str, commits: list[Commit]) -> None:
    """Refuse a range that a shallow clone cuts off: commits would be missing from it, or be in it too many."""
    if not repository.shallow:
        return
    cut = set((repository.common_dir / "shallow").read_text("ascii", "replace").split())
    missing = cut & {commit.id for commit in commits}
    if missing or not repository.run("merge-base", base, head, ok=(0, 1)).strip():
        raise SourceError(
            "The history between base and head is not all here, so the change cannot be seen whole.",
            why="The clone is shallow.",
            fix=_FULL,
        )


def _merged_tree(repository: Repository, base: str, head: str, commits: list[Commit]) -> tuple[str, bool]:
    """The tree that would land, and whether it cannot for conflicts (then the head's)."""
    said = repository.run("merge-tree", "--write-tree", "--no-messages", base, head, ok=(0, 1)).decode(
        "ascii", "replace"
    )
    lines = said.split("\n")
    if len(lines) <= 2:
        return lines[0], False
    return next(commit.tree for commit in commits if commit.id == head), True


def _merge_commit(repository: Repository, tree: str, parents: tuple[str, str], subject: str, now: int) -> Commit:
    """The merge as an object of this process's private folder; one change at one moment gives one id."""
    body = (
        f"tree {tree}\nparent {parents[0]}\nparent {parents[1]}\nauthor {_NOBODY} {now} +0000\n"
        f"committer {_NOBODY} {now} +0000\n\n{subject}\n"
    )
    own = repository.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=body.encode()).decode().strip()
    person = Person("AsBuilt gate", "gate@asbuilt.invalid")
    return Commit(own, parents, tree, person, now, person, now, f"{subject}\n", SignatureKind.NONE)
