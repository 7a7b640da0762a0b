"""Which routes are flagged, against what a person says of them: in our own small applications, and in public ones.

python -m benchmarks.routes [FOLDER]

FOLDER holds copies of public repositories as OWNER+NAME/repo (ASBUILT_REPOS where it is not given). Those that
are not there are left out, and said to be; the commits are those of ``routes_labels.toml``. Then 100,000 lines are
timed.
"""

import os
import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.scans.routes.labels import VECTORS, read

from asbuilt.model.route import RouteTable
from asbuilt.scans.routes.code import LANGUAGES
from asbuilt.scans.routes.table import route_table

LABELS = Path(__file__).with_name("routes_labels.toml")
LINES = 100_000
SETS = (
    "looked at while the rules were written",
    "labelled before, run after",
    "labelled when the rules were finished",
)


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
        recall = self.right / max(1, self.right + self.missed)
        precision = self.right / max(1, self.right + self.wrong)
        return (
            f"routes {self.labelled:4}  open {self.right + self.missed:3}  recall {recall:.3f}  "
            f"precision {precision:.3f}  verdicts alike {self.agreed / max(1, self.labelled):.3f}"
        )


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
        size = int(answer[at:end].split()[2])
        files.append((path, answer[end + 1 : end + 1 + size]))
        at = end + size + 2
    return files


def public_applications(folder: Path, loud: bool) -> None:
    """Those of the labels that are there."""
    totals = {which: Score() for which in SETS}
    by_framework, absent = Counter[str](), []
    lines, seconds, unlabelled = 0, 0.0, 0
    for application in tomllib.loads(LABELS.read_text("utf-8"))["application"]:
        name = application["repository"]
        repository = folder / name.replace("/", "+") / "repo"
        if not repository.is_dir():
            absent.append(name)
            continue
        labels = {
            (file["path"], line): verdict
            for file in application["file"]
            for verdict in ("guarded", "public", "unguarded")
            for line in file.get(verdict, ())
        }
        files = files_of(repository, application["commit"])
        began = time.process_time()
        table = route_table(files)
        seconds += time.process_time() - began
        lines += sum(data.count(b"\n") for _, data in files)
        unlabelled += len({(route.file, route.line) for route in table.flagged} - set(labels))
        by_framework.update(route.framework for route in table.routes)
        score = compare(table, labels, loud)
        for route in table.flagged if loud else ():
            if (route.file, route.line) not in labels:
                print(f"    no label: {route.file}:{route.line} {route.path}: {route.because}")
        print(f"  {name:45} {score}")
        which = SETS[2 if application.get("independent") else bool(application.get("held_out"))]
        totals[which] = totals[which].plus(score)
    for which, total in totals.items():
        print(f"  {which:45} {total}")
    print(f"  routes found: {dict(by_framework)}; flagged without a label: {unlabelled}")
    print(f"  {lines:,} lines in {seconds:.2f} CPU-seconds; not there: {', '.join(absent) or 'none'}")


def main() -> None:
    """Both sets, then the time."""
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
