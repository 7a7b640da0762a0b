"""The self-check of every run: a few files are asked of ``git blame``, and any difference stops the run."""

import random
from collections.abc import Collection

import numpy as np

from asbuilt.history.git import Repository
from asbuilt.history.origins.blame import blame_files
from asbuilt.history.origins.runs import OriginRun, join_runs
from asbuilt.history.origins.table import LineOrigins
from asbuilt.model.errors import LedgerError
from asbuilt.model.text import path_text, visible

# Blame's cost grows with lines and history; what a check may cost is bounded by these.
SAMPLE = 3
SECONDS = 2.0
MOST_LINES = 3_000


def check_origins(
    repository: Repository,
    origins: LineOrigins,
    *,
    likely: Collection[bytes] = (),
    sample: int = SAMPLE,
    seconds: float = SECONDS,
) -> int:
    """Compare some files with what ``git blame`` says of them; how many could be compared in the time.

    The choice is random but the same for the same commit, so that a failure can be repeated.

    Args:
        repository: where.
        origins: what is to be checked.
        likely: files more worth checking (an increment touched them); half of the sample comes from these.
        sample: files at most.
        seconds: time for all of them; those not done by then are not compared.

    Raises:
        LedgerError: a line differs: nothing that rests on the table may be shown.
    """
    chosen = _choose(origins, likely, sample)
    compared = 0
    for path, said in blame_files(repository, origins.tip, chosen, seconds=seconds):
        if not isinstance(said, list):
            continue  # not in time; an object that is absent is a gap that the table itself reports
        compared += 1
        ours = join_runs(origins.runs(path))
        if ours != said:
            raise _differs(origins.tip, path, ours, said)
    return compared


def _choose(origins: LineOrigins, likely: Collection[bytes], sample: int) -> list[bytes]:
    dice = random.Random(origins.tip)  # noqa: S311 - a choice that can be repeated, no secret
    last = origins.file_start[1:] - 1
    small = np.flatnonzero(origins.first[last] + origins.count[last] <= MOST_LINES).tolist()
    paths = [origins.paths[number] for number in small]
    first = sorted(set(paths) & set(likely))
    chosen = dice.sample(first, min(len(first), (sample + 1) // 2))
    rest = dice.sample(paths, min(len(paths), sample))
    return list(dict.fromkeys([*chosen, *rest]))[:sample]


def _differs(tip: str, path: bytes, ours: list[OriginRun], said: list[OriginRun]) -> LedgerError:
    one, other = next((a, b) for a, b in zip([*ours, None], [*said, None], strict=False) if a != b)
    line = min(run.first for run in (one, other) if run is not None)
    return LedgerError(
        f"Line origins differ from git blame in {visible(path_text(path))!r} at line {line}.",
        why=f"Ours: {_short(one)}; git blame: {_short(other)}. Commit {tip}.",
        fix="Remove the index folder that `asbuilt doctor` names and run again; if it stays, please report it.",
    )


def _short(run: OriginRun | None) -> str:
    if run is None:
        return "no line"
    place = visible(path_text(run.origin_path))
    return f"{run.lines} lines from {run.commit[:12]} {place!r}:{run.origin_line}"
