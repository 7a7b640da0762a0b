"""``Gemfile.lock`` and ``gems.locked`` of Bundler."""

import re
from typing import Final

from asbuilt.model.component import Origin
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered

READS: Final = ("Gemfile.lock", "gems.locked")
_SOURCES: Final[dict[str, Origin]] = {"GEM": "registry", "GIT": "git", "PATH": "workspace", "PLUGIN SOURCE": "url"}
_SECTION = re.compile(r"[A-Z][A-Z ]*\Z")
_SPEC = re.compile(r"    (\S+) \(([^()]+)\)\Z")
_PLATFORM = re.compile(r"-(?:java|jruby|ruby|mswin|mingw|x64|x86\w*|aarch64|arm64|arm|universal|i[3-6]86)\b.*\Z")


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of Bundler; builds for several platforms are one component."""
    return gathered("RubyGems", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    rows = text.splitlines()
    sections = [row for row in rows if row and not row.startswith(" ")]
    if text.strip() and not any(_SECTION.match(row) for row in sections):
        raise RefusedError("It is no lock file of Bundler: it has no section.", 1)
    direct = _direct(rows)
    checksums = _checksums(rows)
    section, remote, revision = "", "", ""
    for number, row in enumerate(rows, 1):
        if row and not row.startswith(" "):
            section, remote, revision = row.strip(), "", ""
        elif row.startswith("  remote:"):
            remote = row[9:].strip()
        elif row.startswith("  revision:"):
            revision = row[11:].strip()
        elif section in _SOURCES and (spec := _SPEC.match(row)):
            source = _SOURCES[section]
            found.add(
                spec[1],
                _PLATFORM.sub("", spec[2]),
                line=number,
                direct=spec[1] in direct if direct else None,
                source=source,
                hashes=checksums.get((spec[1], spec[2]), ()),
                origin_url=f"{remote}@{revision}" if source == "git" and remote else None,
            )


def _direct(rows: list[str]) -> set[str]:
    try:
        at = rows.index("DEPENDENCIES")
    except ValueError:
        return set()
    found = set()
    for row in rows[at + 1 :]:
        if not row.startswith("  "):
            break
        found.add(row.split()[0].rstrip("!"))
    return found


def _checksums(rows: list[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    pattern = re.compile(r"  (\S+) \(([^()]+)\) sha256=([0-9a-f]+)\Z")
    matches = (pattern.match(row) for row in rows)
    return {(match[1], match[2]): (f"sha256:{match[3]}",) for match in matches if match}
