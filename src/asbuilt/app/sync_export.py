"""``asbuilt sync export``: an export of a repository's requests, and its git history, into the ledger.

1. What was read before into this very ledger by this version, export or history, is not read again.
2. Its files become raw records, and then rows, some megabytes at a time.
3. What it holds whole is said once everything was read; where something became no row, it is incomplete.
4. With a git repository: its history is recorded, and what was approved is held against what landed.
5. Where it was left off is written down after each of the two, when all of it is in the ledger.
"""

import hashlib
import importlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.app.evidence_origin import Origin
from asbuilt.app.export_tree import open_tree
from asbuilt.app.ledger_place import ledger_folder
from asbuilt.app.sync import Synced, count
from asbuilt.app.sync_projecting import Subject
from asbuilt.app.sync_state import Kept, read_state, write_state
from asbuilt.app.sync_writing import Writing
from asbuilt.app.taking import Recorded, Taking
from asbuilt.app.versions import versions
from asbuilt.history.git import open_repository
from asbuilt.ledger.ledger import Ledger, open_ledger
from asbuilt.model.errors import UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent
from asbuilt.model.text import visible
from asbuilt.sources.github.export import BLIND_CODE, ExportSource
from asbuilt.sources.steps import Expected, Listed, Page, Step

AT_ONCE: Final = 16 << 20  # bytes of pages in one append
_MOST_FAULTS: Final = 1_000  # that the state remembers
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}/[A-Za-z0-9._-]{1,100}")


class Imported(msgspec.Struct):
    """What came of an export.

    ``synced`` counts pages and rows; ``faults`` are what the export should have held and did not, or what of it
    could not be read: they leave it incomplete (exit status 3). ``blind`` is what no export of this kind shows.
    ``history`` and ``coverings`` are what was recorded of git (None: no repository was named, it is as it was, or
    there was nothing to ask of it). ``unchanged``: nothing of it is new, and it was not read again.
    """

    synced: Synced
    faults: list[Gap] = []
    blind: list[Gap] = []
    history: Recorded | None = None
    coverings: Recorded | None = None
    unchanged: bool = False


def sync_export(
    path: Path,
    *,
    repository: str,
    ledger: Path | None,
    git: Path | None = None,
    now: int | None = None,
    on: Listener = silent,
) -> Imported:
    """Read an export into the ledger.

    Args:
        path: a folder, or a git repository (bare or not) whose newest commit holds it.
        repository: ``owner/name`` of what was exported.
        ledger: the ledger's folder (None: see ``ledger_place``).
        git: the repository itself, whose history is to be recorded beside it.
        now: Unix seconds (None: the clock).
        on: hears of progress.

    Raises:
        UsageError: there is no such export, or the name is none.
        SourceError, ConfigError, LedgerError: see ``model.errors``.
    """
    if not _NAME.fullmatch(repository):
        raise UsageError(
            f"{visible(repository, 80)!r} is no repository's name.", fix="Write it as --repo OWNER/NAME."
        )
    folder, clock = ledger_folder(ledger), _clock(now)
    with open_tree(path) as tree:
        source = ExportSource(tree, repository, now=int(clock()))
        done = Imported(Synced(source.name))
        # (1) What is known.
        export, history = tree.identity(), None if git is None else _identity(git)
        with open_ledger(folder) as opened:
            kept = _known(opened, folder, source.name)
            done.unchanged = kept.state.get("export") == export
            if done.unchanged:
                done.faults, done.blind = _gaps(kept.state.get("faults")), _gaps(kept.state.get("blind"))
            else:
                # (2), (3) The export.
                _read(source, opened, done, clock, on)
                told = {"faults": done.faults[:_MOST_FAULTS], "blind": done.blind}
                kept = Kept(source=source.name, state={"export": export, **msgspec.to_builtins(told)})
                _remember(opened, folder, kept)
    # (4) Its history, which a new export may ask new questions of.
    if git is not None and kept.state.get("git") != history:
        done.unchanged = False
        # What reads git and makes facts is brought only when there is something to read.
        record_git = importlib.import_module("asbuilt.app.record_git").record_git
        done.history = record_git(str(git), Origin(), Taking(ledger, now=now), name=repository, on=on)
        record_coverings = importlib.import_module("asbuilt.app.coverings").record_coverings
        done.coverings = record_coverings(str(git), repository, ledger, now=now, on=on)
        kept.state["git"] = history
        with open_ledger(folder, read_only=True) as opened:
            _remember(opened, folder, kept)
    return done


def _known(ledger: Ledger, folder: Path, source: str) -> Kept:
    """What is remembered of this very ledger by this version; nothing where it tells of another, or of more."""
    kept = read_state(folder, source)
    size, root = kept.state.get("size"), kept.state.get("root")
    same = isinstance(size, int) and 0 < size <= ledger.size and ledger.root(size).hex() == root
    return kept if same and kept.state.get("version") == versions()[0] else Kept(source=source)


def _remember(ledger: Ledger, folder: Path, kept: Kept) -> None:
    """(5) Where it was left off, and in which ledger."""
    kept.state |= {"version": versions()[0], "size": ledger.size, "root": ledger.root().hex()}
    write_state(folder, kept)


def _clock(now: int | None) -> Callable[[], float]:
    return time.time if now is None else lambda: float(now)


def _identity(git: Path) -> str:
    """What tells this state of a repository from every other: its head and all of its refs."""
    with open_repository(git) as opened:
        refs = opened.run("for-each-ref", "--format=%(objectname) %(refname)")
        return hashlib.sha256(opened.resolve("HEAD").encode() + b"\n" + refs).hexdigest()


def _read(source: ExportSource, ledger: Ledger, done: Imported, clock: Callable[[], float], on: Listener) -> None:
    """Put all that the source yields into the ledger; a listing with a page that was not read is incomplete."""
    owner = source.name.partition(":")[2]
    writing = Writing(ledger, Subject("github", owner), Kept(source=source.name), clock)
    for group in _grouped(source.pull({})):
        first = group[0]
        if isinstance(first, Listed) and any((gap.path or "").startswith("export/pull") for gap in done.faults):
            group = [msgspec.structs.replace(first, complete=False)]  # noqa: PLW2901 - the same, less sure
        written = writing.write(group)
        count(done.synced, group, written.rows, written.new_pages, written.gaps)
        done.blind += [gap for gap in written.gaps if gap.code == BLIND_CODE]
        done.faults += [gap for gap in written.gaps if gap.code != BLIND_CODE]
        for step in group[-1:]:
            if isinstance(step, Expected):
                on(f"Reading {source.name}", step.done, step.total)


def _gaps(told: object) -> list[Gap]:
    with suppress(msgspec.ValidationError):
        return msgspec.convert(told, list[Gap])
    return []


def _grouped(steps: Iterator[Step]) -> Iterator[list[Step]]:
    """Steps, some megabytes of pages at a time; a listing stands alone, after all that it tells of."""
    group: list[Step] = []
    size = 0
    for step in steps:
        if isinstance(step, Listed):
            if group:
                yield group
            yield [step]
            group, size = [], 0
            continue
        group.append(step)
        size += len(step.body) if isinstance(step, Page) else 0
        if size >= AT_ONCE and isinstance(step, Expected):
            yield group
            group, size = [], 0
    if group:
        yield group
