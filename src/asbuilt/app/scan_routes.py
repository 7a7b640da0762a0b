"""The routes of a repository, of one commit or of its work tree, or of a folder: and what is flagged of them.

What the company says of its own guards and of public routes stands in ``asbuilt.toml`` of the commit.
"""

import importlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from asbuilt.app.config import Config, read_config
from asbuilt.app.exclusion import Exclusion
from asbuilt.app.scan_tree import Tree, plain_folder, revision_tree, work_tree
from asbuilt.history.git import open_repository
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.finding import CodeFinding, RuleNote
from asbuilt.model.route import RouteTable

_CODE: Final = (".py", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx")
_LARGEST: Final = (1 << 20) + 1  # bytes of one file that are kept: enough for a larger one to be named


def read_routes(path: str | os.PathLike[str], *, rev: str | None = None, exclude: Sequence[str] = ()) -> RouteTable:
    """The table of routes of a repository (of ``rev``, else of its work tree), or of a folder that is in none.

    Raises:
        UsageError: the path or the revision does not exist, or the engine is not installed.
        ConfigError: the company's configuration is malformed.
        SourceError: the repository cannot be read.
    """
    exclusion = Exclusion(exclude)
    try:
        repository = open_repository(path, as_written=True)
    except SourceError:
        top = Path(path).resolve()
        if not top.is_dir() or rev is not None:
            raise
        return _table(plain_folder(top, exclusion), Config())
    with repository:
        top_folder = repository.work_tree
        under = "" if top_folder is None else os.path.relpath(repository.path, top_folder).replace(os.sep, "/")
        under = "" if under == "." or under.startswith((".git", "..")) else under
        commit = repository.resolve(rev or "HEAD")
        config = read_config(repository, commit)
        if rev is None and top_folder is not None:
            return _table(work_tree(repository, top_folder, under, exclusion), config)
        with revision_tree(repository, commit, under, exclusion) as tree:
            return _table(tree, config)


class RouteFindings:
    """What is flagged of the files of a scan, which pass through here on their way to the rules."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._files: dict[str, bytes] = {}

    def passing(self, files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
        """The same files; those of code are kept until all of them are known."""
        for path, data in files:
            if path.lower().endswith(_CODE):
                self._files[path] = data[:_LARGEST]
            yield path, data

    def found(self) -> tuple[tuple[CodeFinding, ...], RouteTable, RuleNote]:
        """Findings, the table that they are of, and what the rule is about.

        Raises:
            ImportError: the engine is not installed.
        """
        finding: Any = importlib.import_module("asbuilt.scans.routes.finding")
        table = _routes(self._files.items(), self._config)
        return finding.findings_of(table, self._files), table, finding.NOTE


def _table(tree: Tree, config: Config) -> RouteTable:
    files = ((file.path, data) for file, data in tree.read() if file.path.lower().endswith(_CODE))
    try:
        table = _routes(files, config)
    except ImportError as error:
        raise UsageError(
            "The engine that reads code is not installed.",
            why=f"{error}.",
            fix="Install it: pip install 'asbuilt[scans]'.",
        ) from error
    return msgspec.structs.replace(table, unread=(*table.unread, *tree.unread))


def _routes(files: Iterable[tuple[str, bytes]], config: Config) -> RouteTable:
    reading: Any = importlib.import_module("asbuilt.scans.routes.table")
    table: RouteTable = reading.route_table(files, guards=config.guards, public=config.public_routes)
    return table
