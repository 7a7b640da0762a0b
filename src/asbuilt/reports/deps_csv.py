"""The list of dependencies as CSV, one row each."""

import csv
import io
from collections.abc import Callable
from typing import Final

from asbuilt.model.commit import moment
from asbuilt.model.deps import Dependency, DependencyList
from asbuilt.reports.foreign import shown
from asbuilt.reports.lines import guarded

Cell = str | int | bool | None
# Name and meaning of each column, in order, and where it comes from.
_OWN: Final[tuple[tuple[str, str, Callable[[Dependency], Cell]], ...]] = (
    (
        "kind",
        "`new` brought the package, `version` another version of it, `removed` took it away, `before` unknown.",
        lambda row: row.kind,
    ),
    ("ecosystem", "As OSV spells it: npm, PyPI, Go, crates.io and so on.", lambda row: row.ecosystem),
    ("name", "As the file writes it.", lambda row: row.name),
    ("version", "Empty when it is only declared.", lambda row: row.version),
    ("declared", "The range as it is written.", lambda row: row.declared),
    ("previous", "The version, or range, that stood there before.", lambda row: row.previous),
    ("purl", "The package URL.", lambda row: row.purl),
    ("path", "The file that tells it.", lambda row: row.path),
    ("line", "Its line, from 1; empty when not known.", lambda row: row.line),
    (
        "direct",
        "Whether the product itself asks for it; empty when the file does not tell.",
        lambda row: row.direct,
    ),
    ("scope", "What it is needed for: runtime, development or optional.", lambda row: row.scope),
    ("source", "Where it comes from: registry, git, url or file.", lambda row: row.source),
    ("stands", "Whether the listed revision has it.", lambda row: row.stands),
    ("commit", "Who brought it: the commit, of a replayed squash that of the branch.", lambda row: row.commit),
    ("committed_at", "When, by git's clock (RFC 3339, UTC).", lambda row: _when(row.at)),
    ("first_commit", "The commit that brought the package in its first version here.", lambda row: row.first),
    ("change", "The commit of the main line that landed it.", lambda row: row.change),
    ("landed_at", "When that was.", lambda row: _when(row.landed_at)),
    ("landing", "How it landed: merge, squash, rebase, direct, initial or bot.", lambda row: row.landing),
    ("number", "Pull or merge request; empty when none is known.", lambda row: row.number),
    ("subject", "First line of the change's message.", lambda row: row.subject),
    ("author", "Author of the commit, by git.", lambda row: row.author),
    (
        "attribution",
        "Who wrote it: ai-tracked, ai-declared, human-tracked, automation or unknown.",
        lambda row: row.attribution,
    ),
    ("tools", "The AI tools that signals name.", lambda row: "; ".join(row.tools)),
    (
        "mixed",
        "Whether only the squash is known, whose signals may belong to another part of it.",
        lambda row: row.mixed,
    ),
    ("approval", "proved, stated, missing or unknown.", lambda row: row.approval),
    (
        "approved_by",
        "Who approved it; of `missing`, whose approval does not count.",
        lambda row: "; ".join(row.approved_by),
    ),
    ("why", "What the approval rests on, or what is not known.", lambda row: row.why),
)
COLUMNS: Final[tuple[tuple[str, str], ...]] = tuple((name, text) for name, text, _ in _OWN)


def deps_csv(listed: DependencyList) -> bytes:
    """The list as CSV (RFC 4180, UTF-8, LF at the end of a row); the first row holds the names.

    Cells are guarded against being taken for formulas as in ``lines_csv``.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([name for name, _ in COLUMNS])
    writer.writerows([_cell(read(row)) for _, _, read in _OWN] for row in listed.dependencies)
    return buffer.getvalue().encode()


def _when(seconds: int | None) -> str | None:
    return None if seconds is None else moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cell(value: Cell) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, int) else guarded(shown(value))
