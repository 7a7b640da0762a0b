"""Line origins by the cheapest way that is sure: from the index, from an older index, or from all of history."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from asbuilt.history.git import Repository
from asbuilt.history.origins.ancestry import count_commits, is_ancestor
from asbuilt.history.origins.check import ask_git, check_increment, check_origins, choose_sample
from asbuilt.history.origins.full import full_pass
from asbuilt.history.origins.gathered import line_bounds
from asbuilt.history.origins.increment import extend_origins, list_later
from asbuilt.history.origins.index import history_state, indexed_tips, read_index, write_index
from asbuilt.history.origins.small import blame_tree
from asbuilt.history.origins.stored import load_origins
from asbuilt.history.origins.table import LineOrigins
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent

# A small tree with a short history is asked of git blame itself: it starts sooner than the walk.
FEW_COMMITS = 6_000
FEW_FILES = 350
# Files that every run compares with git blame.
SAMPLE = 2
SAMPLE_OF_CHANGED = 6


def line_origins(
    repository: Repository,
    commit: str,
    *,
    index: Path | None = None,
    on: Listener = silent,
    workers: int | None = None,
) -> LineOrigins:
    """Where every line of every text file at a commit comes from: what ``git blame`` says with its default options.

    Args:
        repository: where.
        commit: its id.
        index: folder of the repository's index: read, and brought up to date. None: nothing is kept.
        on: hears of the work.
        workers: processes at once; None: one a core.

    Raises:
        SourceError: history cannot be read.
        LedgerError: the check against ``git blame``, part of every run that computes anything, found a difference.
    """
    if index is None:
        return _compute(repository, commit, on, workers)
    state = history_state(repository)
    kept = _read(index, commit, state)
    if kept is not None:
        return kept
    origins = _extend(repository, commit, index, state)
    if origins is None:
        origins = _compute(repository, commit, on, workers)
    try:
        write_index(index, origins, state=state)
    except OSError as error:
        gap = Gap(
            code="GAP-INDEX",
            what="The index of line origins could not be written.",
            why=str(error.strerror),
            remedy="Make room in the cache folder, or name another one in ASBUILT_CACHE.",
        )
        origins.gaps = (*origins.gaps, gap)
    return origins


def _compute(repository: Repository, commit: str, on: Listener, workers: int | None) -> LineOrigins:
    if count_commits(repository, [commit]) < FEW_COMMITS:
        asked = blame_tree(repository, commit, most=FEW_FILES, workers=workers)
        if asked is not None:
            return asked
    origins = full_pass(repository, commit, on=on, workers=workers)
    lines = dict(zip(origins.paths, np.diff(line_bounds(origins)).tolist(), strict=True))
    check_origins(origins, ask_git(repository, commit, choose_sample(commit, lines, SAMPLE)))
    return origins


def _extend(repository: Repository, commit: str, index: Path, state: str) -> LineOrigins | None:
    """From the index of an ancestor; None when there is none, or a full pass is the better way."""
    for tip in indexed_tips(index):
        if not is_ancestor(repository, tip, commit):
            continue
        old = _read(index, tip, state)
        if old is None:
            continue
        files = list_later(repository, old, commit)
        # The check runs beside the walk, which needs one core only.
        changed = {path: files.text[path][1] for path in files.changed if path in files.text}
        with ThreadPoolExecutor(1) as pool:
            sample = choose_sample(commit, changed, SAMPLE_OF_CHANGED)
            asked = pool.submit(ask_git, repository, commit, sample, since=old.tip)
            origins = extend_origins(repository, old, commit, files)
            if origins is not None:
                check_increment(repository, origins, old, asked.result())
        return origins
    return None


def _read(index: Path, tip: str, state: str) -> LineOrigins | None:
    opened = read_index(index, tip, state=state)
    return load_origins(opened) if opened is not None else None
