"""The list of changes as CSV, one row a change."""

import csv
import io
from collections.abc import Callable
from typing import Final

from asbuilt.model.changes import ChangeList, ListedChange
from asbuilt.model.commit import moment
from asbuilt.reports.foreign import shown
from asbuilt.reports.lines import guarded
from asbuilt.reports.words import LINKS

_OWN: Final[tuple[tuple[str, str, Callable[[ListedChange], str | int | None]], ...]] = (
    ("repository", "The repository, `owner/name`.", lambda row: row.repository),
    ("number", "Pull or merge request; empty when none is known.", lambda row: row.number),
    ("merge_commit", "The commit on the branch; of a rebased run, the last.", lambda row: row.change),
    ("head_commit", "The head that was merged; empty when not known.", lambda row: row.head),
    ("landed_at", "When it landed, by git's clock (RFC 3339, UTC).", lambda row: _when(row.landed_at)),
    ("landing", "How it came in: merge, squash, rebase, direct, initial or bot.", lambda row: row.landing),
    ("subject", "First line of the message.", lambda row: row.subject),
    ("author", "First author, by git.", lambda row: row.author),
    ("request_author", "The account that opened the request.", lambda row: row.request_author),
    ("opened_at", "When the request was opened.", lambda row: _when(row.opened_at)),
    ("merged_by", "The account that merged it, by the forge.", lambda row: row.merged_by),
    ("changed_lines", "Lines added and removed, by the forge.", lambda row: row.changed_lines),
    (
        "attribution",
        "Who wrote it: ai-tracked, ai-declared, human-tracked, automation or unknown.",
        lambda row: row.attribution,
    ),
    (
        "agent_hints",
        "Why an agent may have worked under a person's login.",
        lambda row: "; ".join(row.agent_hints),
    ),
    (
        "review",
        "The verdict: reviewed, after-review, not-reviewed, exempt or unknown.",
        lambda row: row.review,
    ),
    ("approvers", "Whose approval counts.", lambda row: "; ".join(row.approvers)),
    ("approved_at", "When the last approval that counts was given.", lambda row: _when(row.approved_at)),
    (
        "rejected_approvals",
        "Approvals that do not count, each with the test that it fails: `login: test`.",
        lambda row: "; ".join(row.rejected),
    ),
    ("tests_failed", "The tests that approvals failed, once each.", lambda row: "; ".join(row.tests_failed)),
    ("review_signals", "Signs of a review without effort, with their numbers.", lambda row: "; ".join(row.signals)),
    ("unbroken", "Whether the chain holds: `true` or `false`.", lambda row: "true" if row.unbroken else "false"),
    ("record", "The record of the change in the ledger (leaf hash, hex).", lambda row: row.record),
)
# Name and meaning of each column, in order: the row's own, then the grade of each of the ten links.
COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    *((name, text) for name, text, _ in _OWN[:-2]),
    *(
        (f"link_{name}", f"Grade of the link *{name}*: proved, stated, missing, contradicted, unknown.")
        for name in LINKS
    ),
    *((name, text) for name, text, _ in _OWN[-2:]),
)


def changes_csv(listed: ChangeList) -> bytes:
    """The list as CSV (RFC 4180, UTF-8, LF at the end of a row); the first row holds the names.

    Cells are guarded against being taken for formulas as in ``lines_csv``.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([name for name, _ in COLUMNS])
    for row in listed.changes:
        cells = [_cell(read(row)) for _, _, read in _OWN]
        writer.writerow([*cells[:-2], *(row.grades[name] for name in LINKS), *cells[-2:]])
    return buffer.getvalue().encode()


def _when(seconds: int | None) -> str | None:
    return None if seconds is None else moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cell(value: str | int | None) -> str | int:
    if value is None:
        return ""
    return value if isinstance(value, int) else guarded(shown(value))
