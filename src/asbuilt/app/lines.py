"""Every run of lines of a tree, with its origin and who wrote it."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec
import numpy as np

from asbuilt.app.attributed import attribute_tree
from asbuilt.app.target import candidates
from asbuilt.history.git import Repository, open_repository
from asbuilt.model.errors import UsageError
from asbuilt.model.origin import LineRun
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import path_text

# The columns of the Parquet file, in order: those of ``LineRun``.
_KINDS: Final = {
    "path": "text",
    "first": "int",
    "last": "int",
    "origin": "text",
    "origin_path": "text",
    "origin_line": "int",
    "writing": "text",
    "authorship": "text",
    "tool": "text",
    "model": "text",
    "confidence": "text",
    "replay": "text",
    "boundary": "bool",
    "evidence": "list",
}
_READS: Final = {"text": "{0}::VARCHAR", "list": """from_json({0}, '["VARCHAR"]')"""}
_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": "1",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "pandas_analyze_sample": "0",
}


def lines(
    path: str | os.PathLike[str] = ".",
    *,
    rev: str = "HEAD",
    prefix: bytes | None = None,
    keep_index: bool = True,
    on: Listener = silent,
) -> Iterator[LineRun]:
    """The runs of every text file, files in the order of their paths, lines top to bottom.

    Args:
        path: a folder inside the repository, or a file or folder of its tree: then only what lies there.
        rev: branch, tag or commit.
        prefix: a file or folder of the tree, seen from its top; wins over where ``path`` lies.
        keep_index: whether to read and keep an index in the user's cache.
        on: hears of progress.

    Raises:
        UsageError: nothing of that name is in the tree.
        SourceError, ConfigError: see ``model.errors``.
    """
    start, below = _split(Path(path))
    with open_repository(start) as repository:
        tree = attribute_tree(repository, rev, keep_index=keep_index, on=on)
        wanted = prefix.strip(b"/") if prefix is not None else _below(repository, below)
        chosen = [own for own in tree.origins.paths if not wanted or own == wanted or own.startswith(wanted + b"/")]
        if wanted and not chosen:
            raise UsageError(
                f"No text file of the tree is {path_text(wanted)!r} or lies below it.", fix="Name one that is."
            )
        if not wanted:
            yield from tree.lines.runs()
            return
        for own in chosen:
            yield from tree.lines.runs(own)


def _split(path: Path) -> tuple[Path, str]:
    """The nearest folder that exists, and what was named below it."""
    folder = path
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder, "" if folder == path else os.path.relpath(path, folder)


def _below(repository: Repository, named: str) -> bytes:
    """The path of the tree that the user's place and words come to; empty for the whole tree."""
    if repository.work_tree is None:
        return os.fsencode(named)
    return next(iter(candidates(repository, named or ".")), b"")


def write_parquet(runs: Iterable[LineRun], file: str | os.PathLike[str]) -> None:
    """Write runs as Parquet (zstd), columns as ``reports.lines`` documents them; evidence is a list of texts.

    Raises:
        OSError: the file cannot be written.
    """
    rows = list(runs)
    arrays = {name: _column([getattr(run, name) for run in rows], kind) for name, kind in _KINDS.items()}
    target = os.fspath(file).replace("'", "''")
    reads = ", ".join(f"{_READS.get(kind, '{0}').format(name)} AS {name}" for name, kind in _KINDS.items())
    with duckdb.connect(":memory:", config=_SETTINGS) as connection:
        connection.register("runs", arrays)
        try:
            connection.execute(f"COPY (SELECT {reads} FROM runs) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")  # noqa: S608
        except duckdb.IOException as error:
            raise OSError(f"{os.fspath(file)!r} cannot be written: {error}") from error


def _column(values: list[Any], kind: str) -> Any:
    if kind == "int":
        return np.array(values, dtype=np.int32)
    if kind == "bool":
        return np.array(values, dtype=np.bool_)
    array = np.empty(len(values), dtype=object)
    if kind == "list":
        array[:] = [msgspec.json.encode(value).decode() for value in values]
    else:
        array[:] = [None if value is None else str(value) for value in values]
    return array
