"""Our order of versions against google/osv-scalibr's ``semantic/testdata``: right, wrong and refused, by ecosystem.

    python -m benchmarks.versions FOLDER        # the folder with pypi-versions.txt and the rest

Beside it, where it is installed, univers in the same run. The data are Apache-2.0 and not part of this repository.
"""

import importlib
import importlib.util
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from asbuilt.supply.versions import ORDERS

# file -> our ecosystem, univers' class
SETS = {
    "semver-versions.txt": ("npm", "SemverVersion"),
    "nuget-versions.txt": ("NuGet", "NugetVersion"),
    "pypi-versions.txt": ("PyPI", "PypiVersion"),
    "pypi-versions-generated.txt": ("PyPI", "PypiVersion"),
    "rubygems-versions.txt": ("RubyGems", "RubygemsVersion"),
    "rubygems-versions-generated.txt": ("RubyGems", "RubygemsVersion"),
    "maven-versions.txt": ("Maven", "MavenVersion"),
    "maven-versions-generated.txt": ("Maven", "MavenVersion"),
    "packagist-versions.txt": ("Packagist", "ComposerVersion"),
    "packagist-versions-generated.txt": ("Packagist", "ComposerVersion"),
}


class Score(NamedTuple):
    """What an order said of pairs whose answer is known; ``wrong`` lists them."""

    right: int
    wrong: tuple[str, ...]
    refused: tuple[str, ...]
    seconds: float


def pairs(text: str) -> Iterator[tuple[str, str, str]]:
    """The lines ``LEFT < RIGHT`` of a file of pairs."""
    for line in text.splitlines():
        if line and not line.startswith(("# ", "// ")):
            left, sign, right = line.split(" ")
            yield left, sign, right


def score(text: str, key: Callable[[str], Any]) -> Score:
    """How an order does on a file of pairs."""
    right, wrong, refused = 0, [], []
    start = time.process_time()
    for left, sign, other in pairs(text):
        try:
            one, two = key(left), key(other)
            said = "<" if one < two else "=" if one == two else ">"
        except (ValueError, TypeError, AttributeError):  # the other library raises all of them
            refused.append(f"{left} {sign} {other}")
            continue
        if said == sign:
            right += 1
        else:
            wrong.append(f"{left} {sign} {other}")
    return Score(right, tuple(wrong), tuple(refused), time.process_time() - start)


def main(folder: Path) -> None:
    """Print a line for each file, ours and the other."""
    theirs = importlib.import_module("univers.versions") if importlib.util.find_spec("univers") else None
    print(f"{'':34}{'pairs':>7}{'right':>7}{'wrong':>7}{'refused':>8}{'s':>7}")
    for name, (ecosystem, other) in SETS.items():
        text = (folder / name).read_text("utf-8")
        columns: list[tuple[str, Callable[[str], Any]]] = [("ours", ORDERS[ecosystem])]
        if theirs is not None:
            columns.append(("univers", getattr(theirs, other)))
        for who, key in columns:
            found = score(text, key)
            total = found.right + len(found.wrong) + len(found.refused)
            print(
                f"{name.removesuffix('.txt') if who == 'ours' else '   ' + who:34}{total:7,}{found.right:7,}"
                f"{len(found.wrong):7,}{len(found.refused):8,}{found.seconds:7.2f}"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
