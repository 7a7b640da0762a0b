"""The lines of one file with their origins and who wrote them, without reading the rest of the tree.

Where neither a record nor a replayed squash stands behind the lines, their commits say all there is to say, and
nothing heavy is brought: a trace must answer at once.
"""

import importlib
from pathlib import Path

from asbuilt.app.history import History
from asbuilt.app.target import FileTarget
from asbuilt.history.attribution.detail import UNKNOWN, declared
from asbuilt.history.git import Repository
from asbuilt.history.origins.blame import blame_files
from asbuilt.history.origins.boundary import find_boundary
from asbuilt.history.origins.index import find_lines
from asbuilt.history.origins.runs import OriginRun
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
    commits = list(dict.fromkeys(run.commit for run in origins))
    cut_off = find_boundary(repository, commits)
    replays = history.replays_of(commits)
    if any(replay.head for replay in replays.values()) or history.recorded_among(commits):
        join = importlib.import_module("asbuilt.app.file_join").join_file
        joined: tuple[LineRun, ...] = join(repository, history, meant.path, origins, cut_off)
        return joined
    told = {own: declared(one) for own, one in history.attributions_of(commits).items() if own not in cut_off}
    kinds = {own: replay.replay for own, replay in replays.items() if own not in cut_off}
    path = path_text(meant.path)
    return tuple(
        LineRun(
            path=path,
            first=run.first,
            last=run.first + run.lines - 1,
            origin=run.commit,
            origin_path=path_text(run.origin_path),
            origin_line=run.origin_line,
            writing=run.commit,
            authorship=(detail := told.get(run.commit, UNKNOWN)).authorship,
            tool=detail.tool,
            model=detail.model,
            confidence=detail.confidence,
            replay=kinds.get(run.commit),
            boundary=run.commit in cut_off,
            evidence=detail.evidence,
        )
        for run in origins
    )


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
