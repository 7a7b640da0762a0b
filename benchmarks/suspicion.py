"""How often the nine rules suspect what real products use, and which invented and look-alike names they catch.

    python -m benchmarks.suspicion [--show] [--names ECOSYSTEM=FILE] [--history SECONDS] [--installed REPORT.json]
        [--squats FOLDER] FOLDER-OF-REPOSITORIES [OWNER+NAME ...]

No registry is asked. Each component of each lock file is judged as if one had answered that it is old and of
several people, as nearly all of them are (a suspicion is a false alarm); then that it is young, which is an upper
bound: every component whose name resembles another is suspected. The well-known names are counted without the
repository that is judged, so that no name vouches for itself; the product's own names count as they came.

What is known of real packages without asking about each:

    --names      a list of the names of a registry (one a line, up to a tab): rule 1 on every package
    --history    who named a package first, in any of the repositories: how many were surely older than 30 days when
                 they were introduced (rule 2), and how many surely have more than two releases (rule 4)
    --installed  what ``pip install --dry-run --report`` says of a resolved product, or a folder in which
                 packages are installed (an environment of Python, ``node_modules``): rules 3, 4 and 7
    --squats     a clone of rustsec/advisory-db below that folder: crates that were taken down as harmful,
                 each judged as young: rules 5 and 6

With --imports the source files are read too (rule 8): imports that nothing declares, and packages that are declared
and that nothing imports; each is listed, to be judged by hand.
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_string
from pathlib import Path
from typing import Final, NamedTuple

from asbuilt.app.component_history import component_history
from asbuilt.app.sbom import make_bill
from asbuilt.app.sbom_tree import revision_files
from asbuilt.catalogue.well_known import program_names
from asbuilt.history.git import open_repository
from asbuilt.history.origins.index import index_folder
from asbuilt.model.component import Component
from asbuilt.model.errors import AsBuiltError
from asbuilt.model.progress import silent
from asbuilt.model.registry_facts import PackageFacts, VersionFacts
from asbuilt.supply.advisories.names import plain_name
from asbuilt.supply.imports.usage import find_usage
from asbuilt.supply.reading import read_tree
from asbuilt.supply.registry.answers import repository_of
from asbuilt.supply.suspicion import DAY, TINY, YOUNG, Known, suspicions
from benchmarks.known_names import ECOSYSTEMS

_TESTS: Final = re.compile(r"(^|/)(tests?|testdata|fixtures?|unittests)(/|$)")
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

    def __init__(self, names: dict[str, frozenset[str]], own: dict[str, dict[str, int]] | None = None) -> None:
        super().__init__(own)
        self._told = names

    def well_known(self, ecosystem: str) -> frozenset[str]:
        """Those of an ecosystem."""
        return self._told.get(ecosystem, frozenset())


class Tree(NamedTuple):
    """The components of one repository that come from a registry, each once, and every version that it names."""

    name: str
    components: dict[tuple[str, str], Component]
    versions: dict[tuple[str, str], set[str]]


def read_trees(folder: Path) -> list[Tree]:
    found = []
    for place in sorted(folder.glob("*/repo")):
        try:
            bill = make_bill(place)
        except AsBuiltError:
            continue
        own = Tree(place.parent.name, {}, {})
        for each in (entry.component for entry in bill.entries):
            if each.source == "registry" and not _TESTS.search(each.path):
                key = each.ecosystem, plain_name(each.ecosystem, each.name)
                own.components.setdefault(key, each)
                own.versions.setdefault(key, set()).add(each.version or "")
        if own.components:
            found.append(own)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--imports", action="store_true")
    parser.add_argument("--names", dest="lists", action="append", default=[], metavar="ECOSYSTEM=FILE")
    parser.add_argument("--history", type=int, default=0, metavar="SECONDS")
    parser.add_argument("--installed", type=Path, action="append", default=[])
    parser.add_argument("--squats", type=Path)
    options = parser.parse_args()
    if options.imports:
        measure_imports(options.folder, options.names)
        return
    trees = read_trees(options.folder)
    counted: dict[str, Counter[str]] = {ecosystem: Counter() for ecosystem in ECOSYSTEMS}
    for tree in trees:
        for ecosystem, name in tree.components:
            if ecosystem in counted:
                counted[ecosystem][name] += 1
    judged = [tree for tree in trees if tree.name in options.names or not options.names]
    measure_names(judged, counted, show=options.show)
    for each in options.lists:
        ecosystem, _, file = each.partition("=")
        measure_existence(judged, ecosystem, Path(file))
    if options.history:
        measure_ages(options.folder, trees, options.history)
    for report in (own for own in options.installed if own.is_file()):
        measure_resolved(report)
    if options.installed:
        measure_installed([own for own in options.installed if own.is_dir()])
    measure_invented()
    if options.squats:
        measure_squats(options.squats)


def measure_names(trees: list[Tree], counted: dict[str, Counter[str]], *, show: bool) -> None:
    """What the rules say of every component by its name and version alone."""
    told: Counter[str] = Counter()
    distinct: dict[str, set[tuple[str, str]]] = {}
    spent = 0.0
    for tree in trees:
        shipped = {
            ecosystem: frozenset(n for n, c in names.items() if c - ((ecosystem, n) in tree.components) >= 2)
            for ecosystem, names in counted.items()
        }
        own_names: dict[str, dict[str, int]] = {}
        start = NOW - len(tree.components)
        for at, (ecosystem, name) in enumerate(tree.components, start):
            own_names.setdefault(ecosystem, {})[name] = at
        known, with_own = Without(shipped), Without(shipped, own_names)
        begun = time.process_time()
        for at, (key, own) in enumerate(tree.components.items(), start):
            told["all"] += 1
            old = [("old", each) for each in suspicions(facts(own, 900), own, NOW, known)]
            unasked = [
                ("not asked", each) for each in suspicions(None, own, NOW, known) if each.weight != "unknown"
            ]
            young = [("young", each) for each in suspicions(facts(own, 3), own, NOW, known)]
            beside = [("own names", each) for each in suspicions(facts(own, 3), own, at, with_own)]
            for how, each in (*old, *unasked, *young, *beside):
                told[f"{how} {each.rule}"] += 1
                distinct.setdefault(f"{how} {each.rule}", set()).add(key)
                if show and how != "not asked" and each.rule != 2:
                    print(f"    {how:9} {own.ecosystem:9} {own.name:40} {each.evidence}")
        spent += time.process_time() - begun
    names = {key for tree in trees for key in tree.components}
    print(
        f"{len(trees)} repositories, {told['all']:,} components, {len(names):,} distinct; {spent:.1f} s of CPU for "
        "four judgements of each"
    )
    print(f"{'as if it were':44} {'rule':>5} {'components':>11} {'per 1,000':>10} {'distinct':>9}")
    words = {"old": "old, of several people", "not asked": "not asked about", "young": "young (upper bound)"}
    for how in ("old", "not asked", "young", "own names"):
        for rule in range(1, 10):
            count = told[f"{how} {rule}"]
            if (how, rule) in _SAYS_NOTHING or (not count and how not in {"old", "not asked"}):
                continue
            shown = words.get(how, "young, beside the product's own names")
            many = len(distinct.get(f"{how} {rule}", ()))
            print(f"{shown:44} {rule:>5} {count:>11,} {count * 1000 / max(told['all'], 1):>10.2f} {many:>9,}")


# A package that is made young is young, and one that nobody asked about was tested for nothing that must be asked.
_SAYS_NOTHING: Final = {("young", 2), ("own names", 2), *(("not asked", rule) for rule in (1, 2, 3, 4, 8))}


def measure_existence(trees: list[Tree], ecosystem: str, file: Path) -> None:
    """Rule 1: packages of lock files that a registry's own list of names does not have."""
    with file.open(encoding="utf-8", errors="replace") as stream:
        listed = {plain_name(ecosystem, line.partition("\t")[0].strip()) for line in stream}
    names = {name: own for tree in trees for (each, name), own in tree.components.items() if each == ecosystem}
    absent = sorted(name for name in names if name not in listed)
    print(f"rule 1: {len(names):,} packages of {ecosystem} against {len(listed):,} names: {len(absent)} absent")
    for name in absent:
        print(f"    {name} {names[name].version} {names[name].path}")
    invented = [name for own, name, _, _ in INVENTED if own == ecosystem]
    there = [name for name in invented if plain_name(ecosystem, name) in listed]
    print(f"    of {len(invented)} invented names {len(invented) - len(there)} are absent; somebody took {there}")


def measure_ages(folder: Path, trees: list[Tree], seconds: int) -> None:
    """Rules 2 and 4: what the histories of many products prove of the age and releases of packages."""
    came: list[tuple[tuple[str, str], int, str]] = []
    versions: dict[tuple[str, str], set[str]] = {}
    until, read = time.monotonic() + seconds, 0
    for tree in trees:
        if time.monotonic() > until:
            break
        try:
            with open_repository(folder / tree.name / "repo") as repository:
                tip = repository.resolve("HEAD")
                found = component_history(repository, tip, folder=index_folder(repository), on=silent)
        except AsBuiltError as error:
            print(f"    {tree.name}: {error}")
            continue
        read += 1
        for own in found.introductions:
            if own.component.source == "registry" and not _TESTS.search(own.path):
                key = own.component.ecosystem, plain_name(own.component.ecosystem, own.component.name)
                versions.setdefault(key, set()).add(own.component.version or "")
                if own.kind == "new":
                    came.append((key, own.at, tree.name))
    first: dict[tuple[str, str], int] = {}
    for key, at, _ in came:
        first[key] = min(at, first.get(key, at))
    old = sum(at - first[key] >= YOUNG * DAY for key, at, _ in came)
    many = sum(len(own - {""}) > TINY for own in versions.values())
    print(
        f"rule 2: {len(came):,} introductions in {read} repositories: {old:,} surely older than {YOUNG} days then, "
        f"by the others' histories; of {len(came) - old:,} nothing is known"
    )
    print(f"rule 4: of {len(versions):,} packages {many:,} surely have more than {TINY} releases")


def measure_resolved(report: Path) -> None:
    """Rules 3 and 4 on what a client of a registry resolved: taken back, and without a repository."""
    rows = json.loads(report.read_text("utf-8"))["install"]
    yanked = [own["metadata"]["name"] for own in rows if own.get("is_yanked")]
    print(f"rule 3: of {len(rows)} resolved packages {len(yanked)} were taken back: {yanked}")
    told = {own["metadata"]["name"]: own["metadata"] for own in rows}
    addresses = {
        name: [*(each.partition(",")[2].strip() for each in own.get("project_url", [])), own.get("home_page")]
        for name, own in told.items()
    }
    _print_without("resolved of PyPI", addresses)


def measure_installed(places: list[Path]) -> None:
    """Rules 4 and 7 on what is installed in some folders: no repository, scripts."""
    addresses: dict[str, list[str | None]] = {}
    scripts: set[str] = set()
    for place in places:
        _read_installed(place, addresses, scripts)
    for ecosystem in ("PyPI", "npm"):
        told = {name: own for name, own in addresses.items() if name.startswith(ecosystem)}
        _print_without(f"installed of {ecosystem}", told)
    print(f"rule 7: {len(scripts)} run scripts when installed, which speaks against an only release: {scripts}")


def _read_installed(place: Path, addresses: dict[str, list[str | None]], scripts: set[str]) -> None:
    for file in place.glob("**/*.dist-info/METADATA"):
        own = message_from_string(file.read_text("utf-8", "replace").partition("\n\n")[0])
        urls = [str(each).partition(",")[2].strip() for each in own.get_all("Project-URL", [])]
        addresses[f"PyPI:{own['Name']}"] = [*urls, own["Home-page"]]
    for file in place.glob("**/node_modules/**/package.json"):
        try:
            package = json.loads(file.read_bytes())
        except ValueError:
            continue
        if file.parent.parent.name.startswith(("node_modules", "@")) and "version" in package and "name" in package:
            repository = package.get("repository")
            url = repository.get("url") if isinstance(repository, dict) else repository
            is_short = isinstance(url, str) and url.count("/") == 1 and ":" not in url
            addresses[f"npm:{package['name']}"] = [f"github:{url}" if is_short else url, package.get("homepage")]
            if {"preinstall", "install", "postinstall"} & set(package.get("scripts") or {}):
                scripts.add(package["name"])


def _print_without(what: str, addresses: dict[str, list[str | None]]) -> None:
    without = sorted(name for name, own in addresses.items() if repository_of(*own) is None)
    print(
        f"rule 4: {len(without)} of {len(addresses)} {what} tell no repository, one of the two signs that it takes"
    )
    print(f"    {' '.join(without)}")


def measure_invented() -> None:
    """Names that models invented or that somebody registered over a known one."""
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


def measure_squats(folder: Path) -> None:
    """Crates that were taken down since they were made to look like another."""
    known = Known()
    names = _taken_down_crates(folder / "rustsec+advisory-db" / "repo")
    missed = []
    for name in names:
        own = Component(ecosystem="crates.io", name=name, version="1.0.0", path="", purl="")
        rules = {each.rule for each in suspicions(facts(own, 3), own, NOW, known)}
        missed += [] if rules & {5, 6} else [name]
    caught = len(names) - len(missed)
    print(f"RustSec: {caught} of {len(names)} that were made to look like another caught by rule 5 or 6")
    print(f"    missed: {' '.join(missed)}")


def _taken_down_crates(place: Path) -> list[str]:
    alike = set()
    for text in _texts(place, "crates/"):
        found = re.search(r'(?m)^package\s*=\s*"([^"]+)"', text)
        if found and "typosquat" in text.lower():
            alike.add(found[1])
    return sorted(alike)


def _texts(place: Path, below: str) -> Iterator[str]:
    """The files of a bare clone's newest commit below a folder."""
    with open_repository(place) as repository:
        tip = repository.resolve("HEAD")
        with revision_files(repository, tip, below.rstrip("/")) as (files, _):
            for _, _, load in files:
                yield load().decode("utf-8", "replace")


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


if __name__ == "__main__":
    main()
