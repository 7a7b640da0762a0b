"""The lines of one file joined with records and replayed squashes: what ``file_lines`` cannot tell by itself."""

import numpy as np

from asbuilt.app.history import History
from asbuilt.history.attribution.lines import attribute_lines
from asbuilt.history.attribution.records import read_line_records
from asbuilt.history.git import Repository
from asbuilt.history.origins.runs import OriginRun
from asbuilt.history.origins.table import LineOrigins
from asbuilt.model.origin import LineRun


def join_file(
    repository: Repository, history: History, path: bytes, origins: list[OriginRun], cut_off: frozenset[str]
) -> tuple[LineRun, ...]:
    """The runs of one file, cut where records or branches say something else; ``cut_off``: ``find_boundary``."""
    table = _table(history.tip, repository.object_format, path, origins, cut_off)
    ids = set(table.commits)
    replays = history.replays_of(ids)
    ids |= {own for replay in replays.values() for own in replay.commits}
    commits = history.commits_of(ids)
    records = read_line_records(repository, ids, tip=history.tip, commits=commits.values())
    return tuple(attribute_lines(repository, table, history.attributions_of(ids), records, replays).runs())


def _table(
    tip: str, object_format: str, path: bytes, runs: list[OriginRun], cut_off: frozenset[str]
) -> LineOrigins:
    commits = {own: at for at, own in enumerate(dict.fromkeys(run.commit for run in runs))}
    paths = {own: at for at, own in enumerate(dict.fromkeys(run.origin_path for run in runs))}
    return LineOrigins(
        tip=tip,
        object_format=object_format,
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
        boundary=frozenset(at for own, at in commits.items() if own in cut_off),
    )
