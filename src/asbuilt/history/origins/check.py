"""The self-check of every run: a few files are asked of ``git blame``, and any difference stops the run."""

import random
from collections.abc import Mapping

from asbuilt.history.git import Repository
from asbuilt.history.origins.ancestry import is_ancestor
from asbuilt.history.origins.blame import blame_files
from asbuilt.history.origins.runs import OriginRun, cut_runs, join_runs
from asbuilt.history.origins.table import LineOrigins
from asbuilt.model.errors import LedgerError, SourceError
from asbuilt.model.text import path_text, visible

# Blame's cost grows with lines and history; what a check may cost is bounded by these.
SECONDS = 2.0
MOST_LINES = 2_000

Said = dict[bytes, list[OriginRun] | SourceError | None]


def choose_sample(commit: str, lines: Mapping[bytes, int], sample: int) -> list[bytes]:
    """A few paths at random, but the same for the same commit, so that a failure can be repeated.

    Args:
        commit: what the choice is for.
        lines: number of lines of each file to choose from; very long files are left out where there are others.
        sample: how many.
    """
    dice = random.Random(commit)  # noqa: S311 - a choice that can be repeated, no secret
    small = sorted(path for path, count in lines.items() if count <= MOST_LINES)
    if not small and sample:
        return sorted(lines, key=lambda path: (lines[path], path))[:1]
    return dice.sample(small, min(len(small), sample))


def ask_git(
    repository: Repository, commit: str, paths: list[bytes], *, since: str | None = None, seconds: float = SECONDS
) -> Said:
    """What ``git blame`` says of each, as far as the time suffices; ``since`` as in ``blame_files``.

    Where the time sufficed for none, one file is waited for: a run on a slow machine is checked too.
    """
    said = dict(blame_files(repository, commit, paths, since=since, seconds=seconds))
    late = next((path for path, runs in said.items() if runs is None), None)
    if late is not None and not any(isinstance(runs, list) for runs in said.values()):
        said |= dict(blame_files(repository, commit, [late], since=since))
    return said


def check_origins(origins: LineOrigins, said: Said) -> int:
    """Compare the table with what git said; how many files could be compared.

    A file that was not done in time is not compared; an absent object is a gap that the table itself reports.

    Raises:
        LedgerError: a line differs: nothing that rests on the table may be shown.
    """
    compared = 0
    for path, theirs in said.items():
        if not isinstance(theirs, list) or origins.file(path) is None:
            continue
        compared += 1
        ours = join_runs(origins.runs(path))
        if ours != theirs:
            raise _differs(origins.tip, path, ours, theirs)
    return compared


def check_increment(repository: Repository, origins: LineOrigins, old: LineOrigins, said: Said) -> int:
    """Compare a table that grew from ``old`` with what git said of the time since; how many files it compared.

    git blame of the new commits alone costs next to nothing. A line that it gives to ``old`` must have the origin
    that it has there. Lines that it gives to an older fork point are not compared: no table knows them.

    Raises:
        LedgerError: a line differs.
    """
    compared = 0
    older: dict[str, bool] = {}
    for path, theirs in said.items():
        if not isinstance(theirs, list) or origins.file(path) is None:
            continue
        compared += 1
        table = list(origins.runs(path))
        for run in theirs:
            ours = join_runs(cut_runs(table, run.first, run.first + run.lines - 1))
            expected = [run] if run.commit != old.tip else _as_in(old, run)
            if not expected or ours == expected:  # nothing expected: no text file at the old revision
                continue
            if run.commit != old.tip and run.commit not in older:
                older[run.commit] = is_ancestor(repository, run.commit, old.tip)
            if not older.get(run.commit):
                raise _differs(origins.tip, path, ours, expected)
    return compared


def _as_in(old: LineOrigins, run: OriginRun) -> list[OriginRun]:
    """Lines that git traced to the old revision, with the origins that they have there."""
    there = cut_runs(old.runs(run.origin_path), run.origin_line, run.origin_line + run.lines - 1)
    return join_runs(part._replace(first=run.first + part.first - run.origin_line) for part in there)


def _differs(tip: str, path: bytes, ours: list[OriginRun], theirs: list[OriginRun]) -> LedgerError:
    one, other = next((a, b) for a, b in zip([*ours, None], [*theirs, None], strict=False) if a != b)
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
