"""Labelled applications of ``tests/vectors/routes``, read: their files without the labels, and the labels."""

import re
from pathlib import Path
from typing import NamedTuple

from asbuilt.model.route import Route
from asbuilt.scans.routes.table import route_table

VECTORS = Path(__file__).parents[2] / "vectors" / "routes"
_LABEL = re.compile(r"\s*(?:#|//) expect: (\w+)$")


class Labelled(NamedTuple):
    files: list[tuple[str, bytes]]
    labels: dict[tuple[str, int], str]


class Compared(NamedTuple):
    right: int
    missed: list[str]
    wrong: list[str]
    verdicts: list[str]
    labelled: int
    open: int

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))


def read(file: Path) -> Labelled:
    files: dict[str, list[str]] = {}
    labels: dict[tuple[str, int], str] = {}
    lines: list[str] = []
    path = ""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("=== "):
            path = line[4:]
            lines = files.setdefault(path, [])
            continue
        if match := _LABEL.search(line):
            labels[path, len(lines) + 1] = match[1]
        lines.append(_LABEL.sub("", line))
    return Labelled([(path, ("\n".join(lines) + "\n").encode()) for path, lines in files.items()], labels)


def compare(file: Path) -> Compared:
    """What is flagged against what a person says, route by route."""
    files, labels = read(file)
    found: dict[tuple[str, int], list[Route]] = {}
    for route in route_table(files).routes:
        if route.changes:
            found.setdefault((route.file, route.line), []).append(route)
    flagged = {place for place, routes in found.items() if any(route.flagged for route in routes)}
    meant = {place for place, verdict in labels.items() if verdict == "unguarded"}
    verdicts = [
        f"{place[0]}:{place[1]} is {verdict}, and was found {[(r.verdict, r.because) for r in found.get(place, [])]}"
        for place, verdict in labels.items()
        if place not in found or any(route.verdict != verdict for route in found[place])
    ]
    return Compared(
        len(flagged & meant), [f"{path}:{line}" for path, line in sorted(meant - flagged)],
        [f"{path}:{line}" for path, line in sorted(flagged - meant)], verdicts, len(labels), len(meant),
    )  # fmt: skip
