"""Registry facts in lines: what a fetch came to, what a store holds, what is known of one package."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from asbuilt.model.text import visible

if TYPE_CHECKING:
    from asbuilt.app.registry import Fetched
    from asbuilt.model.registry_facts import PackageFacts, VersionFacts
    from asbuilt.supply.registry.store import ProbedIndex, RegistryStatus

_MOST = 20  # names that are listed; the others are counted
_WORDS = {
    "exists": "existence",
    "released_at": "dates",
    "yanked": "yanked versions",
    "deprecated": "deprecation",
    "owners": "owners",
    "repository_url": "the repository",
    "licence": "the licence",
    "install_scripts": "install scripts",
    "first_committed_at": "times of commits",
    "repository_names_it": "whether the repository names it",
}


def fetched_lines(done: "Fetched") -> list[str]:
    """Absent packages first, then what could not be seen, what is not believed, and the sum."""
    lines = []
    if done.absent:
        lines.append(f"{len(done.absent):,} do not exist in any configured index:")
        lines += _listed([f"  {visible(own, 120)}" for own in done.absent])
    reasons = Counter(why for _, why in done.unknown)
    for why, count in reasons.most_common():
        names = [own for own, other in done.unknown if other == why][:3]
        lines.append(f"{count:,} could not be seen: {visible(why, 200)}")
        lines.append(f"  {', '.join(visible(own, 80) for own in names)}{', …' if count > len(names) else ''}")
    lines += _index_lines(done.indexes)
    lines += [
        f"Not asked: {own.packages:,} of {visible(own.ecosystem, 40)}: {visible(own.why)}."
        for own in done.not_asked
    ]
    known = done.packages - done.asked - sum(own.packages for own in done.not_asked)
    fresh = f", {known:,} known already" if known else ""
    lines.append(
        f"{done.packages:,} packages: {done.asked:,} asked about now ({done.present:,} exist, "
        f"{len(done.absent):,} do not, {len(done.unknown):,} not seen){fresh}."
    )
    return lines


def status_lines(held: "RegistryStatus") -> list[str]:
    """What a store holds, ecosystem by ecosystem, and what its indexes are not believed in."""
    lines = [visible(held.path)]
    for own in held.ecosystems:
        counts = f"{own.present:,} exist, {own.absent:,} do not, {own.unknown:,} not seen"
        lines.append(
            f"  {visible(own.ecosystem, 20):12} {own.packages:>7,}  {counts}; "
            f"asked {_day(own.oldest)} to {_day(own.newest)}"
        )
    return [*lines, *_index_lines(held.indexes)]


def _index_lines(indexes: "Iterable[ProbedIndex]") -> list[str]:
    lines = []
    for own in indexes:
        head = f"{visible(own.ecosystem, 20)} at {visible(own.index, 120)}, probed on {_day(own.probed_at)}"
        if not own.doubted:
            lines.append(f"{head}: told the truth about what is known.")
            continue
        lines.append(f"{head}: not believed about")
        lines += [
            f"  {_WORDS.get(field, field)}: {visible(why, 200)}" for field, why in sorted(own.doubted.items())
        ]
    return lines


def facts_lines(facts: "PackageFacts", purl: str) -> list[str]:
    """What is known of one package, and of the version that a package URL names; what is not, and why."""
    name = f"{visible(facts.ecosystem, 20)}:{visible(facts.name, 120)}"
    lines = [f"{name}, as {visible(facts.index, 120)} said on {_day(facts.asked_at)}"]
    if facts.exists is None:
        return [*lines, f"  Whether it exists is not known: {visible(facts.why('exists'), 200)}."]
    if not facts.exists:
        return [*lines, "  It does not exist there."]
    told: list[tuple[str, str | None]] = [
        ("standing", facts.standing and f"{facts.standing} {facts.standing_why}".strip()),
        ("releases", None if facts.releases is None else f"{facts.releases:,}"),
        ("first release", _moment(facts.first_released_at)),
        ("newest release", _moment(facts.latest_released_at)),
        ("first commit", _moment(facts.first_committed_at)),
        ("newest version", facts.latest),
        ("owners", None if facts.owners is None else str(facts.owners)),
        ("repository", facts.repository_url),
        ("its manifests", _named(facts)),
        ("licence", facts.licence),
        ("free at", ", ".join(facts.absent_at) or None),
        ("also at", ", ".join(facts.also_at) or None),
    ]
    lines += [f"  {word:15} {visible(value, 200)}" for word, value in told if value]
    version = purl.partition("?")[0].rpartition("/")[2].partition("@")[2]
    if version:
        lines += _version_lines(version, facts.versions.get(version))
    lines += [
        f"  not known: {_WORDS.get(field, field)}: {visible(why, 200)}" for field, why in facts.unknown.items()
    ]
    return lines


def _version_lines(version: str, own: "VersionFacts | None") -> list[str]:
    shown = visible(version, 60)
    if own is None:
        return [f"  version {shown}: the index has none of that name"]
    words = [f"released {_day(own.released_at)}" if own.released_at else "no date known"]
    words += [f"yanked {own.yanked_why}".strip()] * bool(own.yanked)
    words += [f"deprecated {own.deprecated_why}".strip()] * bool(own.deprecated)
    words += ["runs scripts when installed"] * bool(own.install_scripts)
    return [f"  version {shown}: {visible(', '.join(words), 300)}"]


def _listed(lines: list[str]) -> list[str]:
    return lines[:_MOST] + [f"  … and {len(lines) - _MOST:,} more (--format json)"] * (len(lines) > _MOST)


def _named(facts: "PackageFacts") -> str | None:
    """What the manifests of the repository that it claims name; None: nobody looked."""
    if facts.repository_names_it is None:
        return None
    told = ", ".join(facts.repository_names)
    return f"name {told}" if facts.repository_names_it else f"name {told}, and not it"


def _moment(moment: int | None) -> str | None:
    return None if moment is None else _day(moment)


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")
