"""The lines of one file with their origins and who wrote them, without reading the rest of the tree."""

from pathlib import Path

import numpy as np

from asbuilt.app.history import History
from asbuilt.app.target import FileTarget
from asbuilt.history.attribution.lines import attribute_lines
from asbuilt.history.attribution.records import read_line_records
from asbuilt.history.git import Repository
from asbuilt.history.origins.blame import blame_files
from asbuilt.history.origins.index import find_lines
from asbuilt.history.origins.runs import OriginRun
from asbuilt.history.origins.table import LineOrigins
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.origin import LineRun
from asbuilt.model.text import path_text

_LAST = 2**31 - 1


def file_runs(
    repository: Repository, history: History, meant: FileTarget, folder: Path | None
) -> tuple[LineRun, ...]:
    """The runs of the lines that are meant, top to bottom.

    Raises:
        UsageError: the file has no such line.
    """
    origins = _origins(repository, history.tip, meant, folder)
    if not origins:
        lines = f"line {meant.first}" if meant.first else "any line of text"
        raise UsageError(
            f"{path_text(meant.path)!r} does not have {lines}.", fix="`asbuilt trace PATH` shows the whole file."
        )
    table = _table(repository, history.tip, meant.path, origins)
    ids = set(table.commits)
    replays = history.replays_of(ids)
    ids |= {own for replay in replays.values() for own in replay.commits}
    commits = history.commits_of(ids)
    records = read_line_records(repository, ids, tip=history.tip, commits=commits.values())
    attributed = attribute_lines(repository, table, history.attributions_of(ids), records, replays)
    return tuple(attributed.runs())


def _origins(repository: Repository, tip: str, meant: FileTarget, folder: Path | None) -> list[OriginRun]:
    first, last = meant.first or 1, meant.last or _LAST
    known = find_lines(folder, tip, meant.path, first, last) if folder else None
    if known:
        return known
    blamed = next(runs for _, runs in blame_files(repository, tip, [meant.path], workers=1))
    if isinstance(blamed, SourceError):
        raise blamed
    cut = []
    for run in blamed or ():
        top, bottom = max(run.first, first), min(run.first + run.lines - 1, last)
        if top <= bottom:
            cut.append(
                run._replace(first=top, lines=bottom - top + 1, origin_line=run.origin_line + top - run.first)
            )
    return cut


def _table(repository: Repository, tip: str, path: bytes, runs: list[OriginRun]) -> LineOrigins:
    commits = {own: at for at, own in enumerate(dict.fromkeys(run.commit for run in runs))}
    paths = {own: at for at, own in enumerate(dict.fromkeys(run.origin_path for run in runs))}
    shallow = cut_commits(repository)
    return LineOrigins(
        tip=tip,
        object_format=repository.object_format,
        paths=[path],
        blobs=[""],
        file_start=np.array([0, len(runs)], dtype=np.int64),
        first=np.array([run.first for run in runs], dtype=np.int32),
        count=np.array([run.lines for run in runs], dtype=np.int32),
        commit=np.array([commits[run.commit] for run in runs], dtype=np.int32),
        origin_path=np.array([paths[run.origin_path] for run in runs], dtype=np.int32),
        origin_line=np.array([run.origin_line for run in runs], dtype=np.int32),
        commits=list(commits),
        origin_paths=list(paths),
        boundary=frozenset(at for own, at in commits.items() if own in shallow),
    )


def cut_commits(repository: Repository) -> frozenset[str]:
    """Commits whose parents a shallow clone or a graft has cut away."""
    found: set[str] = set()
    if repository.shallow:
        found |= set((repository.common_dir / "shallow").read_text("ascii", "replace").split())
    if repository.grafted:
        for line in (repository.common_dir / "info" / "grafts").read_text("ascii", "replace").splitlines():
            words = line.split()
            if len(words) == 1:
                found.add(words[0])
    return frozenset(found)
