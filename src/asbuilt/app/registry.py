"""Registry facts as use cases: ask the user's own indexes about the packages of a product, and tell what is known.

1. The packages are those that the lock files of a repository, or an SBOM, name and that come from a registry.
2. What was not asked yet, was absent or not seen, or was asked too long ago, is asked now.
3. Private indexes are asked first; what belongs to one index alone, or is private, is asked of no other.
4. What was told is kept after every few hundred packages: a fetch that is broken off was not for nothing.
"""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.app.config import read_config
from asbuilt.app.registry_asking import IndexAsking, Way
from asbuilt.app.registry_index import Index, Surroundings, own_surroundings
from asbuilt.app.registry_indexes import configured_indexes
from asbuilt.app.registry_manifests import manifest_addresses, read_manifests
from asbuilt.app.registry_routing import is_asked_of
from asbuilt.app.sbom import make_bill
from asbuilt.history.git import open_repository
from asbuilt.history.origins.index import cache_base, is_private
from asbuilt.model.component import Component
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.progress import Listener, silent
from asbuilt.model.registry_facts import EXISTS, PackageFacts
from asbuilt.supply.advisories.names import plain_name
from asbuilt.supply.registry.answers import not_seen
from asbuilt.supply.registry.joining import join_indexes
from asbuilt.supply.registry.reading import list_readers
from asbuilt.supply.registry.store import ProbedIndex, RegistryStatus, keep_facts, open_registry
from asbuilt.supply.sbom_in import LARGEST, purl_component, read_sbom

VARIABLE: Final = "ASBUILT_REGISTRY"
DAY: Final = 86_400
_PRIVATE: Final = "it is asked of no index: your configuration keeps it private, or maps it to none"
_BATCH: Final = 400  # packages between two writings
NO_REGISTRY: Final = frozenset({"GitHub Actions", "Docker"})  # no package registry stands behind them


class NotAsked(msgspec.Struct, frozen=True):
    """How many packages of an ecosystem were not asked about, and why."""

    ecosystem: str
    packages: int
    why: str


class Fetched(msgspec.Struct, frozen=True):
    """What became of a fetch: how many packages were asked about now, what they came to, who was not asked.

    ``doubtful`` are the indexes that failed a probe. ``absent`` and ``unknown`` list names, as ``ecosystem:name``.
    """

    packages: int
    asked: int
    present: int
    absent: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]
    not_asked: tuple[NotAsked, ...]
    indexes: tuple[ProbedIndex, ...]
    status: RegistryStatus | None

    @property
    def doubtful(self) -> tuple[ProbedIndex, ...]:
        """The indexes that are not believed in everything."""
        return tuple(own for own in self.indexes if own.doubted)


def registry_file(named: Path | None) -> Path:
    """The store: as it is named, else ``$ASBUILT_REGISTRY``, else in the user's cache.

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
            return folder / "registry.sqlite"
    raise UsageError("There is no cache folder to keep facts in.", fix=f"Name a file: --store, or ${VARIABLE}.")


def fetch_registry(
    path: Path,
    *,
    rev: str | None = None,
    store: Path | None = None,
    indexes: Sequence[str] = (),
    private_hosts: frozenset[str] = frozenset(),
    manifests: Sequence[str] = (),
    max_age: int = 7,
    now: int | None = None,
    around: Surroundings | None = None,
    way: Way | None = None,
    listener: Listener = silent,
) -> Fetched:
    """Ask the configured indexes about the packages of a product, and keep what they say.

    Args:
        path: a repository, or an SBOM in JSON.
        rev: branch, tag or commit of the repository; None: its work tree.
        store: the file; None as ``registry_file`` says.
        indexes: ``ECOSYSTEM=ADDRESS`` that go before what is configured.
        private_hosts: hosts inside a private network that ``[supply] registries`` may name.
        manifests: ``HOST=ADDRESS`` of where the repositories of packages are read (``registry_manifests``).
        max_age: days after which a package is asked about again; what was absent always is.
        now: Unix seconds; None: the clock's.
        around: whose configuration; None: that of whoever runs this.
        way: how indexes are reached; None: over the network.
        listener: hears how far it is.

    Raises:
        UsageError, ConfigError, SourceError: something named is not there or cannot be read; the old store stays.
    """
    moment = int(time.time()) if now is None else now
    target = registry_file(store)
    components, company = _product(path, rev)
    asked = configured_indexes(indexes, company, around or own_surroundings())
    places = manifest_addresses(manifests)
    network = way or Way()
    reach = Way(network.private_hosts | private_hosts, network.transport, network.sleep)
    # (1)
    wanted = _wanted(components)
    # (2)
    due, left = _due(wanted, asked, target, moment, max_age)
    told: list[PackageFacts] = []
    probed: list[ProbedIndex] = []
    status = registry_status(target) if target.is_file() else None
    total = sum(map(len, due.values()))
    for ecosystem, names in due.items():
        reader = list_readers()[ecosystem]
        own = [IndexAsking(each, reader, reach, moment) for each in asked if each.ecosystem == ecosystem]
        probed += [each.probe() for each in own]
        for batch in _batches(names):
            found = read_manifests(_ask(own, batch), places, reach)
            # (4)
            status = keep_facts(target, found, probed)
            told += found
            listener("asking registries", len(told), total)
    believed = tuple(probed) or (status.indexes if status else ())
    return _fetched(told, sum(map(len, wanted.values())), left, believed, status)


def _fetched(
    told: Sequence[PackageFacts],
    packages: int,
    left: tuple[NotAsked, ...],
    indexes: tuple[ProbedIndex, ...],
    status: RegistryStatus | None,
) -> Fetched:
    return Fetched(
        packages=packages,
        asked=len(told),
        present=sum(own.exists is True for own in told),
        absent=tuple(f"{own.ecosystem}:{own.name}" for own in told if own.exists is False),
        unknown=tuple((f"{own.ecosystem}:{own.name}", own.why(EXISTS)) for own in told if own.exists is None),
        not_asked=left,
        indexes=indexes,
        status=status,
    )


def registry_status(store: Path | None) -> RegistryStatus:
    """What the store holds.

    Raises:
        UsageError, SourceError: there is none, or it cannot be read.
    """
    with open_registry(registry_file(store)) as opened:
        return opened.status()


def registry_facts(purl: str, store: Path | None) -> PackageFacts:
    """What the store knows of one package.

    Raises:
        UsageError: the text is no package URL, there is no store, or the package was never asked about.
    """
    named = purl_component(purl, "")
    if named is None:
        raise UsageError(
            "This is no package URL.", fix="Write it like pkg:npm/left-pad or pkg:pypi/requests@2.31.0."
        )
    with open_registry(registry_file(store)) as opened:
        facts = opened.facts(named.ecosystem, named.name)
    if facts is None:
        raise UsageError(
            f"No registry was asked about {named.ecosystem}:{named.name}.",
            fix="`asbuilt registry fetch` asks about the packages of a product.",
        )
    return facts


def _product(path: Path, rev: str | None) -> tuple[Iterable[Component], Mapping[str, tuple[str, ...]]]:
    """The components of a product, and what its configuration says of registries.

    Which private hosts may be asked is never taken from the repository: whoever wrote it would choose.
    """
    if path.is_file():
        if path.stat().st_size > LARGEST:
            raise SourceError(f"The SBOM is larger than {LARGEST:,} bytes.", where=str(path))
        return read_sbom(path.read_bytes(), str(path)), {}
    bill = make_bill(path, rev=rev)
    with open_repository(path) as repository:
        config = read_config(repository, bill.commit)
    return (own.component for own in bill.entries), config.registries


def _wanted(components: Iterable[Component]) -> dict[str, dict[str, str]]:
    """Names to ask about, by ecosystem and their one spelling."""
    found: dict[str, dict[str, str]] = {}
    for own in components:
        if own.source == "registry" and own.ecosystem not in NO_REGISTRY:
            found.setdefault(own.ecosystem, {}).setdefault(plain_name(own.ecosystem, own.name), own.name)
    return dict(sorted(found.items()))


def _due(
    wanted: Mapping[str, Mapping[str, str]], asked: Sequence[Index], target: Path, now: int, max_age: int
) -> tuple[dict[str, list[str]], tuple[NotAsked, ...]]:
    known: dict[tuple[str, str], tuple[int, bool | None]] = {}
    if target.is_file():
        with open_registry(target) as store:
            known = store.asked()
    due: dict[str, list[str]] = {}
    left = []
    for ecosystem, names in wanted.items():
        if ecosystem not in list_readers():
            left.append(NotAsked(ecosystem, len(names), "no reader of its registry"))
            continue
        if not any(own.ecosystem == ecosystem for own in asked):
            why = f"no index is configured: --index {ecosystem}=https://HOST/PATH, or [supply] registries"
            left.append(NotAsked(ecosystem, len(names), why))
            continue
        own = []
        for plain, name in names.items():
            at, present = known.get((ecosystem, plain), (0, None))
            if not present or now - at >= max_age * DAY:
                own.append(name)
        if own:
            due[ecosystem] = own
    return due, tuple(left)


def _batches(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[at : at + _BATCH] for at in range(0, len(names), _BATCH))


def _ask(indexes: Sequence[IndexAsking], names: Sequence[str]) -> list[PackageFacts]:
    # (3)
    told: dict[str, list[PackageFacts]] = {name: [] for name in names}
    configured = [own.index for own in indexes]
    for own in indexes:
        for facts in own.ask([name for name in names if is_asked_of(name, own.index, configured)]):
            told[facts.name].append(facts)
    # What is sent to nobody is not absent: it was not seen.
    return [
        join_indexes(each) if each else not_seen(indexes[0].question(name), _PRIVATE) for name, each in told.items()
    ]
