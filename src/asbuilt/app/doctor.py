"""Whether this machine and one repository allow a full picture; nothing is changed and nothing of it is run."""

import platform
import re
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from asbuilt.app.gaps import FETCH_PULL_REFS
from asbuilt.app.versions import git_on_path, library_versions
from asbuilt.history.attribution.opt_out import find_opt_outs
from asbuilt.history.git import OLDEST_GIT, Repository, open_repository
from asbuilt.history.origins.index import index_folder
from asbuilt.model.errors import AsBuiltError


class State(StrEnum):
    """How one check came out."""

    OK = "ok"
    WARN = "warn"  # the picture is less than whole
    FAIL = "fail"  # no picture at all


class Check(msgspec.Struct, frozen=True):
    """One thing looked at: what was found, and what to do where it is not well."""

    name: str
    state: State
    found: str
    remedy: str = ""


def examine(path: str = ".") -> tuple[Check, ...]:
    """Every check of the machine, then, if it opens, of the repository at ``path``."""
    checks = list(_machine())
    if any(check.state is State.FAIL for check in checks):
        return tuple(checks)
    try:
        with open_repository(path) as repository:
            checks += _repository(repository)
    except AsBuiltError as error:
        checks.append(Check("repository", State.FAIL, error.what, error.fix))
    return tuple(checks)


def _machine() -> Iterator[Check]:
    yield Check("python", State.OK, platform.python_version())
    said = git_on_path()
    numbers = re.match(r"(\d+)\.(\d+)", said or "")
    oldest = ".".join(map(str, OLDEST_GIT))
    if said is None:
        yield Check("git", State.FAIL, "none on the path", f"Install git {oldest} or newer.")
    elif numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST_GIT:
        yield Check("git", State.FAIL, said, f"Install git {oldest} or newer.")
    else:
        yield Check("git", State.OK, said)
    for name, version in library_versions().items():
        if version is None:
            yield Check(name, State.FAIL, "not installed", f"python -m pip install {name}")
        else:
            yield Check(name, State.OK, version)


def _repository(repository: Repository) -> Iterator[Check]:
    yield Check(
        "repository",
        State.OK,
        f"{repository.object_format}, {'bare' if repository.work_tree is None else 'work tree'}",
    )
    yield _cache(repository)
    yield _history(repository)
    yield _cut(repository)
    yield _absent(repository)
    yield _rewired(repository)
    yield from _aids(repository)
    yield _disclosure(repository)


def _cache(repository: Repository) -> Check:
    if index_folder(repository) is None:
        return Check(
            "cache",
            State.WARN,
            "not writable: every run starts from nothing",
            "Point ASBUILT_CACHE at a folder that you may write to.",
        )
    return Check("cache", State.OK, "writable")


def _history(repository: Repository) -> Check:
    try:
        tip = repository.resolve("HEAD")
        count = repository.run("rev-list", "--count", tip).decode("ascii").strip()
    except AsBuiltError as error:
        return Check("history", State.FAIL, error.what, error.fix)
    return Check("history", State.OK, f"commits behind HEAD: {int(count):,}")


def _cut(repository: Repository) -> Check:
    if repository.shallow:
        return Check("depth", State.WARN, "shallow: older origins are not known", "git fetch --unshallow")
    return Check("depth", State.OK, "whole")


def _absent(repository: Repository) -> Check:
    if repository.partial:
        return Check(
            "objects",
            State.WARN,
            "partial clone: some may be absent, and nothing is fetched behind your back",
            "git fetch --refetch --no-filter",
        )
    return Check("objects", State.OK, "no partial clone")


def _rewired(repository: Repository) -> Check:
    replaced = _count(repository, "refs/replace/")
    found = [f"replace refs ({replaced})"] * bool(replaced) + ["grafts"] * repository.grafted
    if found:
        return Check(
            "ancestry",
            State.WARN,
            f"{' and '.join(found)}: history is shown as they rewrite it, as git does",
            "`git replace --list` shows them; remove info/grafts.",
        )
    return Check("ancestry", State.OK, "no grafts, no replace refs")


def _aids(repository: Repository) -> Iterator[Check]:
    """What makes the picture fuller or quicker; its absence is worth knowing, and no fault."""
    pulls = _count(repository, "refs/pull/", "refs/merge-requests/", "refs/remotes/origin/pr/")
    if pulls:
        yield Check("pull requests", State.OK, f"refs here: {pulls:,}; squashes can be replayed")
    else:
        yield Check(
            "pull requests", State.WARN, "no refs here: lines of squashes stay with the squash", FETCH_PULL_REFS
        )
    notes = _count(repository, "refs/notes/", "refs/ai/")
    if notes:
        yield Check("notes", State.OK, f"refs of notes: {notes}")
    else:
        yield Check(
            "notes", State.WARN, "none here: line records of AI tools would be in them",
            "git fetch origin '+refs/notes/*:refs/notes/*'",
        )  # fmt: skip
    graph = repository.common_dir / "objects" / "info"
    if (graph / "commit-graph").exists() or (graph / "commit-graphs").exists():
        yield Check("commit-graph", State.OK, "there")
    else:
        yield Check("commit-graph", State.OK, "none (git commit-graph write --reachable quickens large histories)")
    if repository.has_commits() and _listed(repository, ".mailmap"):
        yield Check("mailmap", State.OK, "there")
    else:
        yield Check("mailmap", State.OK, "none: people are joined by e-mail and forge address alone")


def _disclosure(repository: Repository) -> Check:
    try:
        tip = repository.resolve("HEAD")
        paths = repository.run("ls-tree", "-r", "-z", "--name-only", tip).split(b"\0")
        found = find_opt_outs(repository, tip, [path for path in paths if path])
    except AsBuiltError as error:
        return Check("disclosure", State.WARN, f"not seen: {error.what}", error.fix)
    if found:
        return Check("disclosure", State.WARN, "; ".join(each.message for each in found), found[0].remedy)
    return Check("disclosure", State.OK, "no tool's disclosure is switched off in the tree")


def _count(repository: Repository, *prefixes: str) -> int:
    return len(repository.run("for-each-ref", "--format=x", *prefixes).split())


def _listed(repository: Repository, name: str) -> bool:
    try:
        return bool(repository.run("ls-tree", "HEAD", "--", name))
    except AsBuiltError:
        return False
