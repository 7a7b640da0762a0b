"""Lines of squash commits, followed to the commits of the branch that wrote them."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from asbuilt.history.attribution.line_map import map_lines
from asbuilt.history.attribution.line_table import REPLAYS
from asbuilt.history.attribution.notes import read_blobs
from asbuilt.history.attribution.pieces import Pieces, Whole, join_pieces, spread
from asbuilt.history.git import Repository
from asbuilt.history.origins.stream import read_stream
from asbuilt.history.origins.table import Runs
from asbuilt.history.origins.walk import walk
from asbuilt.model.attribution import Replay, SquashReplay

Name = TypeVar("Name", str, bytes)

_NUMBER: dict[Replay, int] = {replay: number for number, replay in enumerate(REPLAYS)}


class _Group(NamedTuple):
    """The pieces of one squash in one file: rows ``start`` to ``end`` of the sorted pieces."""

    replay: SquashReplay
    path: bytes
    start: int
    end: int


def follow_squashes(
    repository: Repository,
    pieces: Pieces,
    commits: list[str],
    paths: list[bytes],
    replays: Mapping[str, SquashReplay],
) -> Pieces:
    """The pieces, those of replayed squashes cut and moved to where the branch wrote them.

    A line of a squash that does not stand in the head's version, or that the branch did not write, stays with the
    squash and is marked residual.

    Args:
        repository: where the branches are.
        pieces: as ``git blame`` sees them.
        commits: what the pieces' commits mean; commits of branches are added.
        paths: what the pieces' paths mean; paths of branches are added.
        replays: the squashes to follow; those without a head only mark their pieces.
    """
    numbers = {number: replays[own] for number, own in enumerate(commits) if own in replays}
    if not numbers or not len(pieces.row):
        return pieces
    kinds = np.full(len(commits), -1, dtype=np.int64)
    for number, replay in numbers.items():
        kinds[number] = _NUMBER[replay.replay]
    pieces = pieces._replace(replay=kinds[pieces.commit])
    headed = np.zeros(len(commits), dtype=bool)
    headed[[number for number, replay in numbers.items() if replay.head]] = True
    mask = headed[pieces.commit]
    if not mask.any():
        return pieces
    squashed = pieces.take(mask)
    squashed = squashed.take(np.lexsort((squashed.line, squashed.path, squashed.commit)))
    followed = _follow(repository, squashed, _grouped(squashed, numbers, paths), commits, paths)
    return join_pieces([pieces.take(~mask), followed])


def _grouped(squashed: Pieces, numbers: Mapping[int, SquashReplay], paths: Sequence[bytes]) -> list[_Group]:
    changed = np.diff(squashed.commit).astype(bool) | np.diff(squashed.path).astype(bool)
    starts = [0, *(np.flatnonzero(changed) + 1).tolist()]
    ends = [*starts[1:], len(squashed.row)]
    return [
        _Group(numbers[int(squashed.commit[start])], paths[int(squashed.path[start])], start, end)
        for start, end in zip(starts, ends, strict=True)
    ]


def _follow(
    repository: Repository, squashed: Pieces, groups: Sequence[_Group], commits: list[str], paths: list[bytes]
) -> Pieces:
    # 1. One row a line, with its position in the head's version (-1: it does not stand there).
    piece, offset = spread(squashed.length)
    position = squashed.line[piece] - 1 + offset
    bounds = np.concatenate((np.zeros(1, np.int64), np.cumsum(squashed.length)))
    maps = _maps_to_heads(repository, groups)
    asked = []
    for group in groups:
        rows = slice(int(bounds[group.start]), int(bounds[group.end]))
        if group in maps:
            position[rows] = _mapped(maps[group], position[rows])
        asked.append((group, rows, position[rows]))
    # 2. Where the branch wrote each; -1: it did not.
    commit, path, line = _resolve(repository, asked, len(position), (commits, paths))
    # 3. Lines that continue each other there are one piece again.
    joins = (
        (piece[1:] == piece[:-1])
        & (commit[1:] == commit[:-1])
        & (path[1:] == path[:-1])
        & ((line[1:] == line[:-1] + 1) | (commit[1:] < 0))
    )
    begins = np.flatnonzero(np.concatenate((np.ones(1, bool), ~joins)))
    cut = squashed.cut(piece[begins], offset[begins], np.diff(np.append(begins, len(piece))))
    home = commit[begins] >= 0
    return cut._replace(
        commit=np.where(home, commit[begins], cut.commit),
        path=np.where(home, path[begins], cut.path),
        line=np.where(home, line[begins] + 1, cut.line),
        replay=np.where(home, cut.replay, _NUMBER[Replay.RESIDUAL]),
    )


def _mapped(positions: Whole, wanted: Whole) -> Whole:
    """The mapped position of each wanted one; -1 beyond the map's end."""
    return np.append(positions, -1)[np.minimum(wanted, len(positions))]


def _maps_to_heads(repository: Repository, groups: Iterable[_Group]) -> dict[_Group, Whole]:
    """For files whose version in the squash is not the head's: position in the one to position in the other."""
    moved = [group for group in groups if group.replay.replay is not Replay.IDENTITY]
    # A path with a newline cannot be asked for: its lines stay with the squash.
    asked = [group for group in moved if b"\n" not in group.path]
    names = [
        own.encode() + b":" + group.path
        for group in asked
        for own in (group.replay.commit, group.replay.head or "")
    ]
    listing = b""
    if names:
        listing = repository.run(
            "cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=b"\n".join(names) + b"\n"
        )
    blobs = [line[:-5].decode("ascii") if line.endswith(b" blob") else "" for line in listing.splitlines()]
    pairs = dict(zip(asked, zip(blobs[::2], blobs[1::2], strict=True), strict=True))
    different = sorted({pair for pair in pairs.values() if all(pair) and pair[0] != pair[1]})
    contents = read_blobs(repository, [blob for pair in different for blob in pair])
    between: dict[tuple[str, str], Whole] = {}
    for pair, before, after in zip(different, contents, contents, strict=True):
        if isinstance(before, bytes) and isinstance(after, bytes):
            between[pair] = map_lines(before, after)
    return {
        group: between.get(pairs.get(group, ("", "")), np.zeros(0, np.int64))
        for group in moved
        if group not in pairs or pairs[group][0] != pairs[group][1] or not pairs[group][0]
    }


def _resolve(
    repository: Repository,
    asked: Sequence[tuple[_Group, slice, Whole]],
    rows: int,
    names: tuple[list[str], list[bytes]],
) -> tuple[Whole, Whole, Whole]:
    """For every row: number of the commit and path that wrote it and its position there (from 0), or -1."""
    seeds: dict[str, dict[bytes, Runs]] = {}
    for group, place, positions in asked:
        if runs := _runs(positions, place.start):
            seeds.setdefault(group.replay.head or "", {}).setdefault(group.path, []).extend(runs)
    commit, path, line = (np.full(rows, -1, dtype=np.int64) for _ in range(3))
    if seeds:
        # What the target held before the squash is not the branch's: the walk ends there.
        exclude = sorted({group.replay.base for group, _, _ in asked if group.replay.base})
        with tempfile.TemporaryDirectory(prefix="asbuilt-") as folder:
            stream = read_stream(repository, sorted(seeds), Path(folder), exclude=exclude)
            # A head that another branch started from is left out: its own lines stay with the squash.
            inside = {head: files for head, files in seeds.items() if head in stream.number}
            found = walk(repository, stream, {head: _sorted(files) for head, files in inside.items()}).found
        row, nth = spread(found.count.astype(np.int64))
        where = found.gid[row] + nth
        commit[where] = _renumbered(found.commits, found.commit, names[0])[row]
        path[where] = _renumbered(found.paths, found.path, names[1])[row]
        line[where] = found.line[row] + nth
    return commit, path, line


def _runs(positions: Whole, start: int) -> Runs:
    """Positions as runs (position, lines, row of the first); -1 is left out."""
    rows = np.flatnonzero(positions >= 0)
    if not len(rows):
        return []
    kept = positions[rows]
    begins = np.flatnonzero(np.concatenate((np.ones(1, bool), (np.diff(kept) != 1) | (np.diff(rows) != 1))))
    lengths = np.diff(np.append(begins, len(rows)))
    return list(zip(kept[begins].tolist(), lengths.tolist(), (rows[begins] + start).tolist(), strict=True))


def _sorted(files: Mapping[bytes, Runs]) -> dict[bytes, Runs]:
    return {path: sorted(runs) for path, runs in files.items()}


def _renumbered(found: Sequence[Name], which: NDArray[np.int32], names: list[Name]) -> Whole:
    """Numbers into ``found`` as numbers into ``names``, which grows by those it lacks."""
    known = {name: number for number, name in enumerate(names)}
    numbers = np.full(len(found), -1, dtype=np.int64)
    for number in np.unique(which).tolist():
        name = found[number]
        if name not in known:
            known[name] = len(names)
            names.append(name)
        numbers[number] = known[name]
    return numbers[which]
