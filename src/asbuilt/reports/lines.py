"""Runs of lines for other programs: CSV and JSON, one row a run, as a stream."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from asbuilt.model.origin import LineRun
from asbuilt.model.text import path_bytes, path_quoted
from asbuilt.reports.foreign import shown
from asbuilt.reports.json import escape_active

COLUMNS: tuple[tuple[str, str], ...] = (
    (
        "path",
        "File at the inspected revision. Valid UTF-8 as it is; other bytes and control characters in git's quotes.",
    ),
    ("first", "First line of the run, from 1."),
    ("last", "Last line of the run, included."),
    ("origin", "Commit that brought the lines, as `git blame` names it."),
    ("origin_path", "File in which the lines stood in that commit, written like `path`."),
    ("origin_line", "Where `first` stood in that file, from 1."),
    (
        "writing",
        "Commit that really wrote the lines: `origin`, or through a replayed squash the commit on its branch.",
    ),
    (
        "authorship",
        "`ai-tracked`, `ai-declared`, `human-tracked`, `automation`, `unknown` (no signal: never human).",
    ),
    ("tool", "AI tool with the best evidence, as its catalogue id; empty when none is known."),
    ("model", "Model, where a record names it."),
    ("confidence", "`high`, `medium` or `low`: how far the evidence can be trusted; empty when there is none."),
    (
        "replay",
        "How a squash was tied to its branch: `identity`, `patch-id`, `merge-tree`, `residual`, `mixed-possible`.",
    ),
    ("boundary", "`true` where this clone's history ends first, so that the true origin lies further back."),
    (
        "evidence",
        "References, best first, separated by spaces (a space inside one is %20): `signature:RULE@COMMIT` and kin.",
    ),
)
NAMES = tuple(name for name, _ in COLUMNS)
_ROWS_A_CHUNK = 2000
# What a spreadsheet may take for a formula, and the apostrophe itself so that the rule can be undone.
_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def lines_csv(runs: Iterable[LineRun]) -> Iterator[str]:
    """The runs as CSV (RFC 4180, LF at the end of a row), in chunks; the first row holds the names.

    A cell that begins with ``= + - @``, tab, CR, LF or an apostrophe gets one apostrophe in front, so that no
    spreadsheet takes a file's name for a formula. To read the table in a program, take one leading apostrophe off
    each cell that has one.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(NAMES)
    rows = iter(runs)
    while True:
        writer.writerows([_cells(run) for run in islice(rows, _ROWS_A_CHUNK)])
        chunk = buffer.getvalue()
        if not chunk:
            return
        yield chunk
        buffer.seek(0)
        buffer.truncate()


def lines_json(runs: Iterable[LineRun]) -> Iterator[str]:
    """The runs as one JSON array, an object a line, in chunks; keys are the columns, evidence is an array.

    Paths are as the model has them; characters that a terminal could act on are written as JSON escapes.
    """
    encoder = msgspec.json.Encoder(order="sorted")
    yield "["
    before = "\n"
    rows = iter(runs)
    while part := list(islice(rows, _ROWS_A_CHUNK)):
        body = b",\n".join(escape_active(encoder.encode(run)) for run in part)
        yield before + body.decode()
        before = ",\n"
    yield "\n]\n"


def _cells(run: LineRun) -> tuple[str | int, ...]:
    return (
        guarded(_path(run.path)),
        run.first,
        run.last,
        run.origin,
        guarded(_path(run.origin_path)),
        run.origin_line,
        run.writing,
        run.authorship.value,
        guarded(shown(run.tool)) if run.tool else "",
        guarded(shown(run.model)) if run.model else "",
        run.confidence.value if run.confidence else "",
        run.replay.value if run.replay else "",
        "true" if run.boundary else "false",
        guarded(" ".join(shown(each).replace(" ", "%20") for each in run.evidence)),
    )


def _path(path: str) -> str:
    return path if path.isprintable() or shown(path) == path else path_quoted(path_bytes(path))


def guarded(text: str) -> str:
    """A cell's text, with an apostrophe in front where a spreadsheet could take it for a formula."""
    return f"'{text}" if text.startswith(_GUARDED) else text
