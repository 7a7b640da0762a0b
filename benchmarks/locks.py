"""How exactly lock files are read: fixtures of google/osv-scalibr, scored against its tests.

python -m benchmarks.locks [--repos FOLDER]

FOLDER (or ASBUILT_REPOS) holds ``google+osv-scalibr``, bare or cloned. Its fixtures are read through git, and the
wanted components out of the composite literals of its Go tests. Exact: the same names and versions, no others.
Two spellings are the same here: a version of Go with and without its ``v``, and a range that is declared beside the
bound that they take for its version. Each fixture that is not exact is printed with our decision on it.

Target: at least 190 exact, all read in under 1 s.
"""

import argparse
import importlib
import json
import os
import posixpath
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from asbuilt.model.component import Component

BASE = "extractor/filesystem/language/"
READERS = {
    "dotnet/csproj": "csproj",
    "dotnet/nugetcpm": "csproj",
    "dotnet/packagesconfig": "nuget",
    "dotnet/packageslockjson": "nuget",
    "elixir/mixlock": "mix",
    "erlang/mixlock": "mix",
    "golang/gomod": "gomod",
    "java/gradlelockfile": "gradle",
    "java/gradleverificationmetadataxml": "gradle",
    "java/pomxml": "pom",
    "javascript/bunlock": "bun",
    "javascript/packagelockjson": "npm",
    "javascript/pnpmlock": "pnpm",
    "javascript/yarnlock": "yarn",
    "php/composerlock": "composer",
    "python/pdmlock": "pdm",
    "python/pipfilelock": "pipfile",
    "python/poetrylock": "poetry",
    "python/pylock": "pylock",
    "python/pyprojecttoml": "pyproject",
    "python/requirements": "requirements",
    "python/uvlock": "uv",
    "ruby/gemfilelock": "gemfile",
    "rust/cargolock": "cargo",
}
# What such a file is called where it is used; the fixtures have names of their own.
NAMES = {"bun": "bun.lock", "nugetcpm": "Directory.Packages.props"}
# fixture -> why ours differs on purpose
DECISIONS = {
    "dotnet/csproj/testdata/emptyversion": "a package without a version is declared, not left out",
    "dotnet/csproj/testdata/noversion": "a package without a version is declared, not left out",
    "dotnet/nugetcpm/testdata/emptyversion": "a package without a version is declared, not left out",
    "dotnet/nugetcpm/testdata/noversion": "a package without a version is declared, not left out",
    "golang/gomod/testdata/indirect-1.16.mod": "go.sum is no list of what is built: what is left out is a gap",
    "golang/gomod/testdata/indirect-1.16.sum": "go.sum is no list of what is built",
    "golang/gomod/testdata/replace-local.mod": "a local replacement keeps the name of the module, and is a file",
    "java/gradleverificationmetadataxml/testdata/missing-attribute.xml": "without name, group or version: a gap",
    "java/pomxml/testdata/multi-version.xml": "both versions are declared, both are told",
    "java/pomxml/testdata/with-parent.xml": "what a parent declares is told at the parent's own file",
    "javascript/packagelockjson/testdata/both/package-lock.json": "npm takes the shrinkwrap; both are told",
    "python/pipfilelock/testdata/no-version.json": "a dependency from git is kept, with its commit",
    "python/requirements/testdata/env_var.txt": "a version of the environment is declared, not left out",
    "python/requirements/testdata/example.txt": "what comes from an address or a file is kept, marked as such",
    "python/requirements/testdata/invalid.txt": "what comes from an address is kept, marked as such",
    "python/requirements/testdata/per_req_options.txt": "what is no requirement is a gap, not a version",
}
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|//[^\n]*|/\*.*?\*/|[{}()]|\w+\s*:|[^\s{}()"`]+', re.DOTALL)
_CASE = re.compile(r'\n\t+(?:InputConfig:\s*extracttest\.\w+\{\s*Path|path):\s*"(testdata/[^"]+)"')
_WANT = re.compile(r"[wW]antPackages:\s*\[\]\*extractor\.Package\{")

Wanted = set[tuple[str, str]]


class Snapshot:
    """One commit of a repository, its files read through one git process."""

    def __init__(self, folder: Path) -> None:
        self._git = ["git", "-C", str(folder)]
        rows = subprocess.run(
            [*self._git, "ls-tree", "-r", "HEAD", BASE], check=True, capture_output=True, text=True
        ).stdout.splitlines()
        self.ids = {row.partition("\t")[2].removeprefix(BASE): row.split()[2] for row in rows}

    def load(self, names: list[str]) -> dict[str, bytes]:
        """The bytes of each file that is there."""
        wanted = [name for name in names if name in self.ids]
        done = subprocess.run(
            [*self._git, "cat-file", "--batch"],
            input="".join(f"{self.ids[name]}\n" for name in wanted).encode(),
            capture_output=True,
            check=True,
            env=os.environ | {"GIT_NO_LAZY_FETCH": "1"},
        ).stdout
        found, at = {}, 0
        for name in wanted:
            head = done[at : done.index(b"\n", at)]
            at += len(head) + 1
            if head.endswith(b" missing"):
                continue
            size = int(head.split()[2])
            found[name] = done[at : at + size]
            at += size + 1
        return found


def wanted_of(test: str) -> dict[str, Wanted]:
    """What a Go test wants of each of its fixtures."""
    found: dict[str, Wanted] = {}
    cases = list(_CASE.finditer(test))
    for number, case in enumerate(cases):
        end = cases[number + 1].start() if number + 1 < len(cases) else len(test)
        want = _WANT.search(test, case.end(), end)
        found.setdefault(case[1], set()).update(_literals(test, want.end() - 1) if want else ())
    return found


def _literals(test: str, start: int) -> Wanted:
    """Name and version of each package of a composite literal that begins at this brace."""
    found: list[dict[str, str]] = []
    depth, key, call = 0, "", list[str]()
    for match in _TOKEN.finditer(test, start):
        word = match[0]
        if word == "{":
            depth += 1
            if depth == 2:
                found.append({})
        elif word == "}":
            depth -= 1
            if depth == 0:
                break
        elif word == ")" and depth == 1 and len(call) >= 2:  # pkg(t, "name", "version", …)
            found.append({"Name": call[0], "Version": call[1]})
            call = []
        elif word.endswith(":"):
            key = word[:-1].strip()
        elif word[0] in '"`':
            value = str(json.loads(word)) if word[0] == '"' else word[1:-1]
            if depth == 1:
                call.append(value)
            elif (depth == 2 and key in {"Name", "Version"}) or key == "Commit":
                found[-1].setdefault(key, value)
            key = ""
    return {(own.get("Name", ""), own.get("Version") or own.get("Commit", "")) for own in found}


def is_same(own: Component, wanted: tuple[str, str]) -> bool:
    """Whether a component is the wanted one."""
    name, version = wanted
    if own.name != name:
        return False
    if own.version is None:
        return not version or version in (own.declared or "")
    return own.version in {version, f"v{version}"}


def main(repos: Path) -> int:
    """Print the score of each format, and every fixture that is not exact."""
    folder = next(
        (each for each in (repos / "google+osv-scalibr" / "repo", repos / "google+osv-scalibr") if each.exists()),
        None,
    )
    if folder is None:
        print("google+osv-scalibr is not there: nothing was measured")
        return 0
    snapshot = Snapshot(folder)
    tests = snapshot.load([name for name in snapshot.ids if name.endswith("_test.go")])
    wanted = {
        f"{posixpath.dirname(name)}/{fixture}": own
        for name, test in sorted(tests.items())
        if posixpath.dirname(name) in READERS
        for fixture, own in wanted_of(test.decode()).items()
    }
    files = snapshot.load([name for name in snapshot.ids if "/testdata/" in name])
    scores: dict[str, Counter[str]] = defaultdict(Counter)
    inexact, seconds = [], 0.0
    for fixture, own in wanted.items():
        room = "/".join(fixture.split("/")[:2])
        if fixture not in files:
            continue
        begun = time.perf_counter()
        found = read(room, fixture, files)
        seconds += time.perf_counter() - begun
        missed = {each for each in own if not any(is_same(got, each) for got in found)}
        extra = {
            (got.name, got.version or got.declared) for got in found if not any(is_same(got, each) for each in own)
        }
        scores[room].update(
            files=1, wanted=len(own), exact=not missed and not extra, missed=len(missed), extra=len(extra)
        )
        if missed or extra:
            inexact.append((fixture, sorted(missed), sorted(extra, key=str)))
    show(scores, inexact, seconds)
    return 0


def read(room: str, fixture: str, files: dict[str, bytes]) -> tuple[Component, ...]:
    """The components of one fixture, as the reader finds them."""
    module: Any = importlib.import_module(f"asbuilt.supply.readers.{READERS[room]}")
    name = NAMES.get(READERS[room]) or NAMES.get(room.split("/")[1])
    path = posixpath.join(posixpath.dirname(fixture), name) if name else fixture
    if READERS[room] == "nuget" and room.endswith("json"):
        path = fixture + ".json"
    reading = (
        module.read(files[fixture], path, files.get)
        if getattr(module, "BESIDE", False)
        else module.read(files[fixture], path)
    )
    components: tuple[Component, ...] = reading.components
    return components


def show(scores: dict[str, Counter[str]], inexact: list[tuple[str, Any, Any]], seconds: float) -> None:
    """Print the table."""
    print(f"{'format':<38}{'files':>7}{'exact':>7}{'wanted':>8}{'missed':>8}{'extra':>7}")
    total: Counter[str] = Counter()
    for room, own in sorted(scores.items()):
        print(f"{room:<38}{own['files']:>7}{own['exact']:>7}{own['wanted']:>8}{own['missed']:>8}{own['extra']:>7}")
        total.update(own)
    print(
        f"{'all':<38}{total['files']:>7}{total['exact']:>7}{total['wanted']:>8}{total['missed']:>8}{total['extra']:>7}"
    )
    print(f"read in {seconds:.2f} s; the target is 190 exact in under 1 s\n")
    for fixture, missed, extra in inexact:
        print(f"{fixture}: {DECISIONS.get(fixture, 'NO DECISION')}\n  missed {missed}\n  extra {extra}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repos", type=Path, default=Path(os.environ.get("ASBUILT_REPOS", ".")))
    sys.exit(main(arguments.parse_args().repos))
