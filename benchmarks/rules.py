"""Our own rules over labelled code, beside Bandit and Semgrep in the same run: recall, false positives, precision.

python -m benchmarks.rules [--bandit PROGRAM] [--semgrep PROGRAM --semgrep-rules FILE] [--wrong CATEGORY] [FOLDER]

FOLDER holds copies of OWASP-Benchmark/BenchmarkPython and s2e-lab/SecurityEval as OWNER+NAME/repo (bare) or as
plain folders OWNER+NAME; else $ASBUILT_REPOS. Only what is present is measured. A case counts as found when a
scanner tells a weakness of its category in its file; what is of a category is `CATEGORIES`, the same for all.
Semgrep has no rules without network: without rules of the reader's, a small set of its own syntax that is written
here for SQL, code and command injection is used, which is no measure of Semgrep's own rules.
"""

import argparse
import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from asbuilt.scans.rulebook import load_rules
from asbuilt.scans.scanning import scan_files

OWASP = "OWASP-Benchmark+BenchmarkPython"
EVAL = "s2e-lab+SecurityEval"
CATEGORIES = {
    "cmdi": {78, 77, 88},
    "codeinj": {94, 95, 96, 78},
    "deserialization": {502},
    "hash": {327, 328, 916},
    "ldapi": {90},
    "pathtraver": {22, 23, 73},
    "redirect": {601},
    "securecookie": {614, 1004},
    "sqli": {89},
    "trustbound": {501},
    "weakrand": {330, 338},
    "xpathi": {643, 91},
    "xss": {79, 80},
    "xxe": {611, 20},
}
SEMGREP_RULES = r"""
rules:
  - id: sql
    languages: [python]
    severity: ERROR
    message: sql
    metadata: {cwe: "CWE-89"}
    mode: taint
    pattern-sources: [{pattern: request.$A}]
    pattern-sinks: [{patterns: [{pattern: "$C.execute($Q, ...)"}, {focus-metavariable: $Q}]}]
  - id: code
    languages: [python]
    severity: ERROR
    message: code
    metadata: {cwe: "CWE-95"}
    mode: taint
    pattern-sources: [{pattern: request.$A}]
    pattern-sinks: [{pattern: eval(...)}, {pattern: exec(...)}]
  - id: command
    languages: [python]
    severity: ERROR
    message: command
    metadata: {cwe: "CWE-78"}
    mode: taint
    pattern-sources: [{pattern: request.$A}]
    pattern-sinks: [{pattern: os.system(...)}, {pattern: "subprocess.$F(..., shell=True, ...)"}]
"""
SEMGREP_WITHOUT = (
    "Semgrep has no rules on this machine, and none are fetched: it runs with three rules of this file, for SQL,\n"
    "code and commands. What is told of it is no measure of Semgrep's own rules."
)
Told = dict[str, set[int]]  # weaknesses by file


class Case(NamedTuple):
    """One labelled file."""

    file: str
    category: str
    real: bool


def main(words: Sequence[str]) -> None:
    """Measure what is present."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", default=os.environ.get("ASBUILT_REPOS", "."), type=Path)
    parser.add_argument("--bandit", default=shutil.which("bandit"))
    parser.add_argument("--semgrep", default=shutil.which("semgrep"))
    parser.add_argument("--semgrep-rules", type=Path)
    parser.add_argument("--wrong", default="")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        own_rules = folder / "semgrep.yml"
        own_rules.write_text(SEMGREP_RULES)
        scanners: dict[str, Callable[[Path], Told]] = {"AsBuilt": ours}
        if asked.bandit:
            scanners["Bandit"] = lambda top: bandit(asked.bandit, top)
        if asked.semgrep:
            used = asked.semgrep_rules or own_rules
            scanners["Semgrep"] = lambda top: semgrep(asked.semgrep, used, top)
            print(f"Semgrep runs with {asked.semgrep_rules}." if asked.semgrep_rules else SEMGREP_WITHOUT)
        for name in {"Bandit", "Semgrep"} - scanners.keys():
            print(f"{name} is not installed, and is not measured.")
        if code := unpacked(asked.folder / OWASP, folder / "owasp"):
            owasp(code, scanners, asked.wrong)
        if code := unpacked(asked.folder / EVAL, folder / "eval"):
            security_eval(code, scanners)


def unpacked(copy: Path, target: Path) -> Path | None:
    """The files of a copy; None: there is none."""
    if not (copy / "repo").is_dir():
        if not copy.is_dir():
            print(f"{copy.name} is not present.")
        return copy if copy.is_dir() else None
    words = ["git", "-C", str(copy / "repo"), "archive", "HEAD"]
    told = subprocess.run(words, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(told)) as archive:
        archive.extractall(target, filter="data")
    return target


def ours(top: Path) -> Told:
    """Our own rules."""
    found: Told = defaultdict(set)
    files = ((path.name, path.read_bytes()) for path in sorted(top.rglob("*.py")))
    for finding in scan_files(files, load_rules()).findings:
        found[finding.path] |= numbers(finding.cwe)
    return found


def bandit(program: str, top: Path) -> Told:
    """Bandit, with all its tests."""
    words = [program, "-r", str(top), "-f", "json", "-q", "--exit-zero"]
    told = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
    found: Told = defaultdict(set)
    for each in told["results"]:
        found[Path(each["filename"]).name].add(each["issue_cwe"].get("id", 0))
    return found


def semgrep(program: str, rules: Path, top: Path) -> Told:
    """Semgrep, with some rules and without network."""
    words = [
        program,
        "scan",
        "--config",
        str(rules),
        "--json",
        "--quiet",
        "--metrics=off",
        "--disable-version-check",
    ]
    done = subprocess.run(
        [*words, "--no-git-ignore", str(top)],
        capture_output=True,
        check=False,
        env={**os.environ, "PATH": f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}"},
    )
    found: Told = defaultdict(set)
    if not done.stdout:
        print(f"Semgrep failed: {done.stderr.decode()[-300:]}")
        return found
    for each in json.loads(done.stdout)["results"]:
        told = each["extra"]["metadata"].get("cwe", [])
        found[Path(each["path"]).name] |= numbers(told if isinstance(told, list) else [told])
    return found


def numbers(told: Iterable[str]) -> set[int]:
    """The numbers of weaknesses."""
    return {int(number) for each in told for number in re.findall(r"CWE-(\d+)", each)}


def owasp(top: Path, scanners: dict[str, Callable[[Path], Told]], wrong: str) -> None:
    """Every category of BenchmarkPython, by every scanner."""
    labels = next(top.glob("expectedresults-*.csv"))
    cases = [
        Case(f"{row[0]}.py", row[1], row[2] == "true")
        for row in csv.reader(labels.read_text().splitlines())
        if row[0].startswith("BenchmarkTest")
    ]
    lines = sum(path.read_bytes().count(b"\n") for path in (top / "testcode").glob("*.py"))
    print(f"\nOWASP BenchmarkPython: {len(cases):,} labelled files, {lines:,} lines")
    told = {name: timed(name, scanner, top / "testcode", lines) for name, scanner in scanners.items()}
    print(f"{'':16} {'':>9}" + "".join(f"  {name:^26}" for name in told))
    print(f"{'category':16} {'real/all':>9}" + "  recall   FPR   precision  " * len(told))
    for category in [*sorted(CATEGORIES), "all"]:
        of_it = [case for case in cases if category in {case.category, "all"}]
        row = f"{category:16} {sum(case.real for case in of_it):>4}/{len(of_it):<4}"
        for found in told.values():
            row += "  " + "{:>6}  {:>6}  {:>8}    ".format(*rates(of_it, found))
        print(row)
    for case in cases:
        if case.category == wrong and hit(case, told["AsBuilt"]) != case.real:
            print(f"  {case.file}: {'missed' if case.real else 'found, and is none'}")


def security_eval(top: Path, scanners: dict[str, Callable[[Path], Told]]) -> None:
    """SecurityEval: all of its files are insecure, so only recall can be told."""
    code = top / "Testcases_Insecure_Code"
    with tempfile.TemporaryDirectory() as place:
        flat = Path(place)
        weak: dict[str, int] = {}
        for path in sorted(code.rglob("*.py")):
            name = f"{path.parent.name}_{path.name}"
            weak[name] = int(re.sub(r"\D", "", path.parent.name) or 0)
            shutil.copyfile(path, flat / name)
        print(f"\nSecurityEval: {len(weak)} insecure files of {len(set(weak.values()))} weaknesses")
        lines = sum(path.read_bytes().count(b"\n") for path in flat.glob("*.py"))
        told = {name: timed(name, scanner, flat, lines) for name, scanner in scanners.items()}
        for name, found in told.items():
            same = sum(bool(found.get(file, set()) & family(number)) for file, number in weak.items())
            some = sum(bool(found.get(file)) for file in weak)
            shares = f"{same:>3} ({same / len(weak):.2f}); anything {some:>3} ({some / len(weak):.2f})"
            print(f"{name:10} the weakness itself {shares}")
        print(f"{'weakness':10} {'files':>5}" + "".join(f"  {name:>8}" for name in told))
        for number in sorted(set(weak.values())):
            files = [file for file, own in weak.items() if own == number]
            counts = [
                sum(bool(found.get(file, set()) & family(number)) for file in files) for found in told.values()
            ]
            print(f"CWE-{number:<6} {len(files):>5}" + "".join(f"  {count or '-':>8}" for count in counts))


def family(number: int) -> set[int]:
    """A weakness and those that are counted as the same."""
    return {number}.union(*(own for own in CATEGORIES.values() if number in own))


def timed(name: str, scanner: Callable[[Path], Told], top: Path, lines: int) -> Told:
    """What a scanner tells, and how long it took."""
    before, begun = os.times(), time.perf_counter()
    found = scanner(top)
    wall, after = time.perf_counter() - begun, os.times()
    cpu = sum(after[:4]) - sum(before[:4])
    each = cpu / max(lines, 1) * 100_000
    print(f"{name:10} {wall:7.2f} s, {cpu:7.2f} s of processor, {each:7.2f} s per 100,000 lines")
    return found


def rates(cases: Sequence[Case], found: Told) -> tuple[str, str, str]:
    """Recall, false-positive rate and precision, as texts."""
    right = sum(hit(case, found) for case in cases if case.real)
    wrong = sum(hit(case, found) for case in cases if not case.real)
    real = sum(case.real for case in cases)
    return share(right, real), share(wrong, len(cases) - real), share(right, right + wrong)


def hit(case: Case, found: Told) -> bool:
    """Whether a scanner tells a weakness of the case's category in its file."""
    return bool(found.get(case.file, set()) & CATEGORIES[case.category])


def share(part: int, whole: int) -> str:
    """A share of a whole; a dash: of nothing."""
    return f"{part / whole:.2f}" if whole else "-"


if __name__ == "__main__":
    main(sys.argv[1:])
