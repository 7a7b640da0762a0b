"""Advisories as use cases: import them, say what is there, hold components against them."""

import importlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.app.advisories_fetch import fetched_zip
from asbuilt.app.company import read_company
from asbuilt.history.origins.index import cache_base, is_private
from asbuilt.model.advisory import Checked
from asbuilt.model.component import Component, Unread
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.supply.advisories.archives import Place, places
from asbuilt.supply.advisories.building import build_store
from asbuilt.supply.advisories.matching import check_components
from asbuilt.supply.advisories.store import Status, Threats, open_store
from asbuilt.supply.advisories.threatening import Lists
from asbuilt.supply.advisories.threats import read_epss, read_kev
from asbuilt.supply.reading import TreeFile, read_tree
from asbuilt.supply.sbom_in import LARGEST, read_sbom
from asbuilt.supply.versions import ORDERS
from asbuilt.supply.vex_in import apply_vex, is_answered, read_vex

VARIABLE: Final = "ASBUILT_ADVISORIES"
_FILE: Final = "advisories.sqlite"  # in the user's cache
Opener = Callable[[str, Path], None]  # an address, and the file that its bytes go to


class CheckedAll(msgspec.Struct, frozen=True):
    """What became of all components: each, what of the files could not be read, and what it was held against.

    ``affected`` counts the matches that stand unanswered, ``answered`` those that somebody states do not concern
    the product. ``as_of`` and ``imported`` date the store (Unix seconds); ``sample`` says that it is a sample
    alone. ``unused`` are sentences on statements that nothing matches, ``ignored`` on those that are not taken.
    ``threats`` are the lists of weaknesses in use that the store holds, ``old_threats`` the names of those
    that are too old or not there.
    """

    store: str
    as_of: int
    imported: int
    old: bool
    sample: bool
    components: tuple[Checked, ...]
    unread: tuple[Unread, ...]
    affected: int
    answered: int
    unused: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    threats: tuple[Threats, ...] = ()
    old_threats: tuple[str, ...] = ()

    def count(self, coverage: str) -> int:
        """How many components have that coverage."""
        return sum(each.coverage == coverage for each in self.components)


def store_file(named: Path | None) -> Path:
    """The store: as it is named, else ``$ASBUILT_ADVISORIES``, else in the user's cache.

    Raises:
        UsageError: none is named and the user has no cache folder that is theirs alone.
    """
    told = named or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if told is not None:
        return told
    base = cache_base()
    if base is not None:
        folder = base / "asbuilt"
        base.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if is_private(folder):
            return folder / _FILE
    raise UsageError(
        "There is no cache folder to keep advisories in.", fix=f"Name a file: --store, or ${VARIABLE}."
    )


def known_store() -> Path | None:
    """The store that stands at the usual place; None where there is none. Nothing is made on the way."""
    told, base = os.environ.get(VARIABLE), cache_base()
    if told:
        return Path(told)
    file = None if base is None else base / "asbuilt" / _FILE
    return file if file is not None and file.is_file() and is_private(file.parent) else None


def import_advisories(
    sources: Sequence[str],
    *,
    store: Path | None,
    covers: tuple[str, ...] = (),
    add: bool = False,
    kev: Path | None = None,
    epss: Path | None = None,
    now: int | None = None,
    opener: Opener = fetched_zip,
) -> Status:
    """Import OSV records from files, folders and ``https`` addresses; what the new store holds is returned.

    Args:
        sources: what to read, in order. None: the store's records stay.
        store: the file; None as ``store_file`` says.
        covers: ecosystems of which the sources hold every advisory.
        add: keep what the store holds already, where nothing newer comes.
        kev: CISA's catalogue of known exploited weaknesses; None: the store's stays.
        epss: FIRST's scores; None: the store's stay.
        now: Unix seconds; None: the clock's.
        opener: fetches an address into a file.

    Raises:
        UsageError: a source is not there, or may not be asked; ``covers`` names no ecosystem.
        SourceError: a source cannot be read; the old store stays.
    """
    target = store_file(store)
    if not sources and kev is None and epss is None:
        raise UsageError(
            "Nothing is named to import.", fix="Name FILE, FOLDER or URL of OSV records, --kev FILE or --epss FILE."
        )
    if not target.parent.is_dir():
        raise UsageError(f"The folder of {str(target)!r} is not there.", fix="Make the folder.")
    for ecosystem in covers:
        if ecosystem not in ORDERS:
            raise UsageError(
                f"No ecosystem is called {ecosystem!r}.", fix=f"Write one of: {', '.join(sorted(ORDERS))}."
            )
    moment = int(time.time()) if now is None else now
    with tempfile.TemporaryDirectory(prefix="asbuilt-advisories-") as folder:
        found: list[Place] = []
        for number, source in enumerate(sources):
            if "://" in source:
                file = Path(folder, f"{number}.zip")
                opener(source, file)
                named = source.rstrip("/").split("/")
                by_name = (named[-2],) if named[-1] == "all.zip" else ()
                found.append(Place(file, source, covers or by_name))
            else:
                found += places(Path(source), covers)
        keep = target if add or not sources else None
        return build_store(target, found, now=moment, keep=keep, threats=_lists(kev, epss))


def _lists(kev: Path | None, epss: Path | None) -> Lists:
    return Lists(
        kev=None if kev is None else read_kev(_bytes(kev), str(kev)),
        epss=None if epss is None else read_epss(_bytes(epss), str(epss)),
        kev_source=str(kev or ""),
        epss_source=str(epss or ""),
    )


def alarm_age() -> int:
    """From how many days on the company calls a store old: ``[supply]`` of the configuration above this folder.

    Raises:
        ConfigError: it is malformed.
    """
    return read_company(None, Path()).config.supply.advisories_older_than_days


def advisories_status(store: Path | None) -> Status:
    """What the store holds.

    Raises:
        UsageError, SourceError: there is none, or it cannot be read.
    """
    with open_store(store_file(store)) as opened:
        return opened.status()


@contextmanager
def sample_store() -> Iterator[Path]:
    """A store of the few records that come with the program, to try it with."""
    with ExitStack() as stack:
        folder = stack.enter_context(as_file(files("asbuilt.supply.advisories") / "sample"))
        target = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="asbuilt-sample-")), "store")
        build_store(target, [Place(folder, "the sample")], now=int(time.time()), sample=True)
        yield target


def check_advisories(
    path: Path,
    *,
    store: Path | None = None,
    sample: bool = False,
    vex: Sequence[Path] = (),
    ledger: Path | None = None,
    old_after: int | None = None,
    now: int | None = None,
) -> CheckedAll:
    """Hold the components of a tree, or of an SBOM, against the store.

    Args:
        path: a folder, or a CycloneDX or SPDX file in JSON.
        store: the file; None as ``store_file`` says.
        sample: use the sample instead.
        vex: files with statements, set beside the matches that they are about.
        ledger: its folder: what people decided in it is stated too. None: it is not asked.
        old_after: days behind which nothing is called clean; None: what ``[supply]`` says.
        now: Unix seconds; None: the clock's.

    Raises:
        UsageError, SourceError: something named is not there, or cannot be read.
    """
    moment = int(time.time()) if now is None else now
    if old_after is None:
        old_after = alarm_age()
    components, unread = _components(path)
    statements = [read_vex(_bytes(file), str(file)) for file in vex]
    if ledger is not None:  # facts take a while to load, and a gate has no need of them here
        statements.append(importlib.import_module("asbuilt.app.vex").stated_in(ledger, now=moment))
    with ExitStack() as stack:
        target = stack.enter_context(sample_store()) if sample else store_file(store)
        opened = stack.enter_context(open_store(target))
        status = opened.status()
        checked = check_components(opened, components, now=moment, old_after=old_after)
    applied = apply_vex(checked, (each for own in statements for each in own.taken), now=moment)
    checked = applied.checked
    certain = [match for each in checked for match in each.matches if match.certainty == "affected"]
    answered = sum(is_answered(match) for match in certain)
    return CheckedAll(
        store="the sample" if sample else status.path,
        as_of=status.newest,
        imported=status.imported,
        old=status.days_old(moment) > old_after,
        sample=status.sample,
        components=checked,
        unread=unread,
        affected=len(certain) - answered,
        answered=answered,
        unused=applied.unused,
        ignored=tuple(each for own in statements for each in own.ignored),
        threats=status.threats,
        old_threats=_old_threats(status, moment, old_after),
    )


def _old_threats(status: Status, now: int, old_after: int) -> tuple[str, ...]:
    held = {each.name: each for each in status.threats}
    return tuple(name for name in ("KEV", "EPSS") if name not in held or held[name].days_old(now) > old_after)


def _components(path: Path) -> tuple[tuple[Component, ...], tuple[Unread, ...]]:
    if path.is_dir():
        reading = read_tree(_tree(path))
        return reading.components, reading.unread
    return read_sbom(_bytes(path), str(path)), ()


def _tree(folder: Path) -> Iterator[TreeFile]:
    for base, folders, names in os.walk(folder):  # links to folders are not followed
        folders[:] = sorted(each for each in folders if each != ".git")
        for name in sorted(names):
            file = Path(base, name)
            if file.is_file() and not file.is_symlink():
                yield file.relative_to(folder).as_posix(), file.stat().st_size, file.read_bytes


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {str(file)!r}.", fix="Name a folder, or an SBOM in JSON.") from error
    except OSError as error:
        raise SourceError(f"{str(file)!r} cannot be read: {error.strerror}.", fix="Grant access to it.") from error
