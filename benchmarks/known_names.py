"""Count the names that lock files of public repositories have in common, and write the list of well-known ones.

    python -m benchmarks.known_names DATE FOLDER-OF-REPOSITORIES [--least 2]

Names only, of packages that come from a registry; a repository counts once for each, however many of its files name
it. What several unrelated products stand on is well known; what one alone does may be anything.
"""

import argparse
import re
from collections import Counter
from pathlib import Path
from typing import Final

from asbuilt.app.sbom import make_bill
from asbuilt.model.errors import AsBuiltError
from asbuilt.supply.advisories.names import plain_name

ECOSYSTEMS: Final = {
    "npm": "npm",
    "PyPI": "pypi",
    "crates.io": "crates",
    "RubyGems": "rubygems",
    "Packagist": "packagist",
    "Go": "go",
    "NuGet": "nuget",
}
TARGET: Final = Path(__file__).parents[1] / "src" / "asbuilt" / "catalogue" / "well_known"


def count_names(folder: Path) -> tuple[dict[str, Counter[str]], list[str]]:
    """How many repositories name each package, by ecosystem; and the repositories that name any."""
    found: dict[str, Counter[str]] = {ecosystem: Counter() for ecosystem in ECOSYSTEMS}
    read = []
    for place in sorted(folder.glob("*/repo")):
        try:
            bill = make_bill(place)
        except AsBuiltError as error:
            print(f"{place.parent.name}: {error}")
            continue
        # Files made to test readers with say nothing of what is used.
        told = {
            (own.component.ecosystem, plain_name(own.component.ecosystem, own.component.name))
            for own in bill.entries
            if own.component.source == "registry"
            and not re.search(r"(^|/)(tests?|testdata|fixtures?|unittests)(/|$)", own.component.path)
        }
        if told:
            read.append(place.parent.name.replace("+", "/", 1))
        for ecosystem, name in told:
            if ecosystem in found:
                found[ecosystem][name] += 1
    return found, read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("date")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--least", type=int, default=2)
    options = parser.parse_args()
    found, read = count_names(options.folder)
    write_names(found, read, options.date, options.least)


def write_names(found: dict[str, Counter[str]], read: list[str], date: str, least: int) -> None:
    """Write the lists that are shipped."""
    TARGET.mkdir(exist_ok=True)
    for ecosystem, file in ECOSYSTEMS.items():
        names = [name for name, count in found[ecosystem].most_common() if count >= least]
        print(f"{ecosystem}: {len(found[ecosystem]):,} names, {len(names):,} in {least} repositories or more")
        head = [
            f"# Names of {ecosystem} packages that the lock files and manifests of at least {least} of",
            f"# {len(read)} public repositories name, counted by benchmarks/known_names.py on {date}.",
            "# Names only; nothing of the repositories is here. Their names:",
            *(f"#   {each}" for each in read),
        ]
        (TARGET / f"{file}.txt").write_text("\n".join([*head, *sorted(names), ""]), "utf-8")


if __name__ == "__main__":
    main()
