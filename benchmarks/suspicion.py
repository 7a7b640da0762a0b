"""How often the rules that need names alone suspect what real products use, and which invented names they catch.

    python -m benchmarks.suspicion [--show] FOLDER-OF-REPOSITORIES [OWNER+NAME ...]

No registry is asked: each component of each lock file is judged as if one had answered that it is old and of
several people, as nearly all of them are (a suspicion is a false alarm); then that it is young, which is an upper
bound: every component whose name resembles another is suspected. Rules 2 to 4 are not measured. The well-known
names are counted without the repository that is judged, so that no name vouches for itself.

With --imports the source files are read too (rule 8): imports that nothing declares, and packages that are declared
and that nothing imports; each is listed, to be judged by hand.
"""

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import Final

from asbuilt.app.sbom import make_bill
from asbuilt.app.sbom_tree import revision_files
from asbuilt.catalogue.well_known import program_names
from asbuilt.history.git import open_repository
from asbuilt.model.component import Component
from asbuilt.model.errors import AsBuiltError
from asbuilt.model.registry_facts import PackageFacts, VersionFacts
from asbuilt.supply.advisories.names import plain_name
from asbuilt.supply.imports.usage import find_usage
from asbuilt.supply.reading import read_tree
from asbuilt.supply.suspicion import DAY, Known, suspicions
from benchmarks.known_names import count_names

NOW: Final = 1_790_000_000
_VERSION: Final = VersionFacts(released_at=NOW - 900 * DAY, yanked=False, deprecated=False, install_scripts=False)
# Names that models invented or that somebody registered over a known one, and the rule that must say so when the
# package is young.
INVENTED: Final = (
    ("PyPI", "syft", "0.9.5", 5),
    ("PyPI", "trufflehog", "2.2.1", 5),
    ("npm", "gitleaks", "1.0.0", 5),
    ("npm", "trufflehog", "1.0.0", 5),
    ("npm", "jetbrains-nes-gitleaks-bin", "999.9.9", 7),
    ("npm", "unused-imports", "0.0.1-security", 9),
    ("npm", "express-mongodb-connector", "1.0.0", 6),
    ("PyPI", "reqeusts", "1.0.0", 6),
    ("PyPI", "python-requests", "1.0.0", 6),
    ("PyPI", "beautifulsoup", "1.0.0", 6),
    ("npm", "crossenv", "1.0.0", 6),
    ("npm", "loadsh", "1.0.0", 6),
    ("npm", "react-codeshift", "0.0.1", 6),
    ("PyPI", "huggingface-cli", "0.0.1", 6),
    ("npm", "flatmap-stream", "0.0.1-security", 9),
    ("PyPI", "lodash", "1.0.0", 5),
)


def facts(component: Component, age: int) -> PackageFacts:
    own = component.version or "1.0.0"
    versions = dict.fromkeys((own,) if own.startswith("999") else (own, "0.1", "0.2"), _VERSION)
    return PackageFacts(
        ecosystem=component.ecosystem,
        name=component.name,
        index="made up",
        asked_at=NOW,
        exists=True,
        first_released_at=NOW - age * DAY,
        releases=len(versions),
        versions=versions,
        owners=2,
        repository_url="https://github.com/a/b",
    )


class Without(Known):
    """Well-known names as they would be had one repository not been counted."""

    def __init__(self, names: dict[str, frozenset[str]]) -> None:
        super().__init__()
        self._told = names

    def well_known(self, ecosystem: str) -> frozenset[str]:
        """Those of an ecosystem."""
        return self._told.get(ecosystem, frozenset())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--imports", action="store_true")
    options = parser.parse_args()
    if options.imports:
        measure_imports(options.folder, options.names)
        return
    counted, read = count_names(options.folder)
    total: Counter[str] = Counter()
    print(f"{len(read)} repositories counted; per 1,000 components:")
    print(f"{'repository':44} {'components':>10} {'alarms old':>11} {'rule 5':>8} {'rule 6':>8}   if young    ms")
    for name in options.names or [each.replace("/", "+", 1) for each in read]:
        try:
            bill = make_bill(options.folder / name / "repo")
        except AsBuiltError as error:
            print(f"{name}: {error}")
            continue
        components = {
            (own.component.ecosystem, plain_name(own.component.ecosystem, own.component.name)): own.component
            for own in bill.entries
            if own.component.source == "registry" and own.component.ecosystem in counted
        }
        if not components:
            continue
        known = Without(
            {
                ecosystem: frozenset(n for n, c in names.items() if c - ((ecosystem, n) in components) >= 2)
                for ecosystem, names in counted.items()
            }
        )
        begun = time.process_time()
        told: Counter[str] = Counter()
        for own in components.values():
            alarms = suspicions(facts(own, 900), own, NOW, known)
            told["old"] += bool(alarms)
            young = {each.rule: each for each in suspicions(facts(own, 3), own, NOW, known)}
            for rule in (5, 6):
                told[str(rule)] += rule in young
            if options.show and (alarms or 5 in young or 6 in young):
                shown = alarms[0] if alarms else young.get(6, young.get(5))
                print(f"    {own.ecosystem:9} {own.name:40} {shown.evidence if shown else ''}")
        spent = (time.process_time() - begun) * 1e3
        told["all"] = len(components)
        total += told
        _row(name, told, spent)
    _row("all of them", total, 0)
    shipped = Known()
    caught = 0
    for ecosystem, name, version, rule in INVENTED:
        own = Component(ecosystem=ecosystem, name=name, version=version, path="", purl="")
        young = {each.rule: each for each in suspicions(facts(own, 3), own, NOW, shipped)}
        blind = {each.rule: each.weight for each in suspicions(None, own, NOW, shipped) if each.rule > 4}
        caught += rule in young
        words = young[rule].evidence if rule in young else f"NOT BY RULE {rule}: {sorted(young)}"
        print(f"  {ecosystem:5} {name:28} {words}  [not asked: {blind}]")
    print(f"{caught} of {len(INVENTED)} invented names caught; {len(program_names())} names of programs known.")


def measure_imports(folder: Path, names: list[str]) -> None:
    """Rule 8 on whole repositories."""
    total: Counter[str] = Counter()
    for name in names or sorted(each.parent.name for each in folder.glob("*/repo")):
        with open_repository(folder / name / "repo") as repository:
            commit = repository.resolve("HEAD")
            with revision_files(repository, commit, "") as (files, _):
                components = read_tree(files).components
                begun = time.process_time()
                found = find_usage(files, components)
        spent = time.process_time() - begun
        own = Counter(files=len(files), undeclared=len(found.undeclared), unused=len(found.unused))
        own["packages"] = len({each.name for each in components if each.ecosystem in {"PyPI", "npm"}})
        total += own
        print(f"{name:44} {dict(own)} {spent:.1f} s, {len(found.unread)} files not parsed")
        for each in found.undeclared:
            print(f"    not declared: {each.ecosystem} {each.module} {each.path}:{each.line}")
        for idle in found.unused:
            print(f"    not imported: {idle.ecosystem} {idle.name} {idle.path}:{idle.line}")
    print(f"all of them: {dict(total)}")


def _row(name: str, told: Counter[str], spent: float) -> None:
    each = 1000 / max(told["all"], 1)
    print(
        f"{name:44} {told['all']:>10,} {told['old'] * each:>11.2f} {told['5'] * each:>8.2f} "
        f"{told['6'] * each:>8.2f}   (upper) {spent:>8.0f}"
    )


if __name__ == "__main__":
    main()
