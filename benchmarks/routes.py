"""Which routes are flagged, against what a person says of them: in our own small applications, and in public ones.

python -m benchmarks.routes [FOLDER] [--loud]

FOLDER holds copies of public repositories as OWNER+NAME/repo (ASBUILT_REPOS where it is not given). Those that
are not there are left out, and said to be; the commits are those of ``routes_labels.toml`` and of
``routes_unseen_*.toml``. Each unseen set is told by itself, with the figures of its first run beside those of
today: only the first run is that of applications which nobody had looked at. Then 100,000 lines are timed.
"""

import os
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from tests.scans.routes.labels import VECTORS, read

from asbuilt.model.route import RouteTable
from asbuilt.scans.routes.code import LANGUAGES
from asbuilt.scans.routes.table import route_table

LABELS = Path(__file__).with_name("routes_labels.toml")
UNSEEN = sorted(Path(__file__).parent.glob("routes_unseen_*.toml"))
FRAMEWORKS = ("Flask", "FastAPI", "Django", "Express", "Next.js")
LINES = 100_000
SETS = (
    "looked at while the rules were written",
    "labelled before, run after",
    "labelled when the rules were finished",
)


def _share(some: int, others: int) -> str:
    """A share with three places; where there is nothing to share, a stroke."""
    return f"{some / (some + others):.3f}" if some + others else "    -"


class Score(NamedTuple):
    """How many were rightly flagged, missed and wrongly flagged, and how many verdicts agree."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    agreed: int = 0
    labelled: int = 0

    def plus(self, other: "Score") -> "Score":
        """Both together."""
        return Score(*(one + two for one, two in zip(self, other, strict=True)))

    def __str__(self) -> str:
        return (
            f"routes {self.labelled:4}  open {self.right + self.missed:3}  "
            f"recall {_share(self.right, self.missed)}  precision {_share(self.right, self.wrong)}  "
            f"verdicts alike {_share(self.agreed, self.labelled - self.agreed)}"
        )


class Measured(NamedTuple):
    """One application: how its labels and the table agree, and what reading it took."""

    score: Score
    table: RouteTable
    unlabelled: int
    lines: int
    seconds: float


def compare(table: RouteTable, labels: dict[tuple[str, int], str], loud: bool) -> Score:
    """A table against labels; a flagged route without a label counts in neither way."""
    found: dict[tuple[str, int], list[str]] = {}
    flagged = {(route.file, route.line) for route in table.flagged}
    for route in table.routes:
        if route.changes:
            found.setdefault((route.file, route.line), []).append(f"{route.verdict}: {route.because}")
    score = Counter[str]()
    for place, meant in labels.items():
        verdicts = found.get(place, [])
        is_open, is_flagged = meant == "unguarded", place in flagged
        score["right"] += is_open and is_flagged
        score["missed"] += is_open and not is_flagged
        score["wrong"] += is_flagged and not is_open
        alike = bool(verdicts) and all(each.startswith(meant) for each in verdicts)
        score["agreed"] += alike
        if loud and not alike:
            print(f"    {place[0]}:{place[1]} is {meant}, found {verdicts or 'no route'}")
    return Score(score["right"], score["missed"], score["wrong"], score["agreed"], len(labels))


def files_of(repository: Path, commit: str) -> list[tuple[str, bytes]]:
    """The source files of one commit, out of a bare repository."""
    listing = subprocess.run(
        ["git", "-C", str(repository), "ls-tree", "-r", "-z", commit], capture_output=True, check=True
    ).stdout
    wanted = [
        (path.decode("utf-8", "replace"), about.split()[2])
        for line in listing.split(b"\0")
        if line
        for about, _, path in [line.partition(b"\t")]
        if about.startswith(b"100") and Path(path.decode("utf-8", "replace")).suffix in LANGUAGES
    ]
    answer = subprocess.run(
        ["git", "-C", str(repository), "cat-file", "--batch"],
        input=b"\n".join(blob for _, blob in wanted) + b"\n",
        capture_output=True,
        check=True,
    ).stdout
    files, at = [], 0
    for path, _ in wanted:
        end = answer.index(b"\n", at)
        if answer[at:end].endswith(b" missing"):  # a copy may lack its largest files
            at = end + 1
            continue
        size = int(answer[at:end].split()[2])
        files.append((path, answer[end + 1 : end + 1 + size]))
        at = end + size + 2
    return files


def labels_of(application: dict[str, Any]) -> dict[tuple[str, int], str]:
    """What a person says of each place; what one can argue about is ``left_out``."""
    return {
        (file["path"], line): verdict
        for file in application["file"]
        for verdict in ("guarded", "public", "unguarded", "left_out")
        for line in file.get(verdict, ())
    }


def measure(repository: Path, application: dict[str, Any], loud: bool) -> Measured:
    """One application against its labels."""
    labels = labels_of(application)
    files = files_of(repository, application["commit"])
    began = time.process_time()
    table = route_table(files)
    seconds = time.process_time() - began
    score = compare(table, {place: meant for place, meant in labels.items() if meant != "left_out"}, loud)
    unlabelled = {
        (route.file, route.line): route
        for route in table.flagged
        if (route.file, route.line) not in labels and fnmatchcase(route.file, application.get("folder", "*"))
    }
    for route in unlabelled.values() if loud else ():
        print(f"    no label: {route.file}:{route.line} {route.path}: {route.because}")
    print(f"  {application['repository']:52} {score}", flush=True)
    lines = sum(data.count(b"\n") for _, data in files)
    return Measured(score, table, len(unlabelled), lines, seconds)


def applications(labels: Path, folder: Path, absent: list[str]) -> Iterable[tuple[dict[str, Any], Path]]:
    """Those of a file of labels that are there; the names of the others go to ``absent``."""
    for application in tomllib.loads(labels.read_text("utf-8"))["application"]:
        repository = folder / application["repository"].replace("/", "+") / "repo"
        if repository.is_dir():
            yield application, repository
        else:
            absent.append(application["repository"])


def public_applications(folder: Path, loud: bool) -> None:
    """Those of the labels that were written while the rules were."""
    totals = {which: Score() for which in SETS}
    by_framework, absent = Counter[str](), list[str]()
    lines, seconds, unlabelled = 0, 0.0, 0
    for application, repository in applications(LABELS, folder, absent):
        measured = measure(repository, application, loud)
        lines, seconds = lines + measured.lines, seconds + measured.seconds
        unlabelled += measured.unlabelled
        by_framework.update(route.framework for route in measured.table.routes)
        which = SETS[2 if application.get("independent") else bool(application.get("held_out"))]
        totals[which] = totals[which].plus(measured.score)
    for which, total in totals.items():
        print(f"  {which:52} {total}")
    print(f"  routes found: {dict(by_framework)}; flagged without a label: {unlabelled}")
    print(f"  {lines:,} lines in {seconds:.2f} CPU-seconds; not there: {', '.join(absent) or 'none'}")


def unseen_applications(labels: Path, folder: Path, loud: bool) -> None:
    """A set that nobody had looked at before its first run: that run, and today's."""
    about = tomllib.loads(labels.read_text("utf-8"))["set"]
    print(f"public applications, {about['name']}: labelled {about['labelled']}, before the rules were run on it")
    totals = {framework: Score() for framework in FRAMEWORKS}
    absent, unlabelled = list[str](), 0
    for application, repository in applications(labels, folder, absent):
        measured = measure(repository, application, loud)
        totals[application["framework"]] = totals[application["framework"]].plus(measured.score)
        unlabelled += measured.unlabelled
    first = about.get("first_run", {})
    when = f"first run, {first.get('date')}, on {first.get('commit')}" if first else "no first run is noted"
    then, now = Score(), Score()
    for framework, today in totals.items():
        noted = Score(**first.get("of", {}).get(framework, {}))
        then, now = then.plus(noted), now.plus(today)
        print(f"  {framework:8} {when}: {noted}")
        print(f"  {framework:8} {'today':{len(when)}}: {today}")
    print(f"  {'all':8} {when}: {then}")
    print(f"  {'all':8} {'today':{len(when)}}: {now}")
    print(f"  labels corrected after it: {first.get('corrected', 0)}; flagged without a label: {unlabelled}")
    print(f"  not there: {', '.join(absent) or 'none'}")
    print("  Only the first run tells of applications that nobody looked at; today's is of a set mended on.")


def main() -> None:
    """Our own applications, those of the labels, each unseen set by itself, then the time."""
    arguments = [each for each in sys.argv[1:] if each != "--loud"]
    loud = "--loud" in sys.argv
    for part in ("tuned", "held_out"):
        print(f"our own applications, {part}")
        total = Score()
        for file in sorted((VECTORS / part).glob("*.txt")):
            labelled = read(file)
            score = compare(route_table(labelled.files), labelled.labels, loud)
            print(f"  {file.stem:45} {score}")
            total = total.plus(score)
        print(f"  {'all':45} {total}")
    folder = arguments[0] if arguments else os.environ.get("ASBUILT_REPOS")
    if folder is not None:
        print("public applications")
        public_applications(Path(folder), loud)
        for labels in UNSEEN:
            unseen_applications(labels, Path(folder), loud)
    once = [
        each
        for part in ("tuned", "held_out")
        for file in (VECTORS / part).glob("*.txt")
        for each in read(file).files
    ]
    count = sum(data.count(b"\n") for _, data in once)
    many = [(f"copy{number}/{path}", data) for number in range(LINES // count + 1) for path, data in once]
    began = time.process_time()
    routes = len(route_table(many).routes)
    print(f"{LINES:,} lines with {routes:,} routes: {time.process_time() - began:.2f} CPU-seconds")


if __name__ == "__main__":
    main()
