"""Everything that one inspection of a repository found: what every face renders."""

from typing import Any

import msgspec

from asbuilt.model.attribution import SquashReplay
from asbuilt.model.change import Change, Release
from asbuilt.model.commit import Person
from asbuilt.model.result import Finding, Result
from asbuilt.model.tree_content import TreeDependencies, TreeFindings

SCHEMA = "https://asbuilt.dev/schemas/inspection/1"


class Gap(msgspec.Struct, frozen=True):
    """What could not be seen: where, why, and the command or grant that would open it."""

    code: str
    what: str
    why: str
    remedy: str
    path: str | None = None
    count: int = 1


class ToolTotal(msgspec.Struct, frozen=True):
    """One AI tool as seen in the repository.

    ``commits`` are those of the inspected history with a signal that proves authorship, assistance or a session;
    ``branch_commits`` those that only a replayed pull request's ref reaches; ``lines`` stand in the inspected tree.
    ``first_seen`` and ``last_seen`` span both kinds of commits. ``configured`` lists files that set the repository
    up for the tool: never authorship.
    """

    tool: str
    name: str
    vendor: str
    commits: int
    lines: int
    first_seen: int | None
    last_seen: int | None
    configured: tuple[str, ...] = ()
    approved: bool | None = None
    branch_commits: int = 0


class FileExposure(msgspec.Struct, frozen=True):
    """AI-written lines of one file that no person is seen to have reviewed.

    ``lines`` AI-declared or AI-tracked lines whose change has no review proved or stated; ``first`` is the first
    such line; ``total`` all lines of the file; ``unreviewed`` says how the review link stands (``missing``,
    ``unknown`` or ``contradicted``: the best grade among those lines' changes).
    """

    path: str
    first: int
    lines: int
    total: int
    review: str
    tools: tuple[str, ...]


class Month(msgspec.Struct, frozen=True):
    """Commits of one month (``YYYY-MM``, UTC, committer's clock) by authorship class."""

    month: str
    commits: dict[str, int]


class ReviewPair(msgspec.Struct, frozen=True):
    """How often ``reviewer`` is stated to have reviewed changes of ``author``; independent unless one person."""

    reviewer: Person
    author: Person
    changes: int
    independent: bool


class LineTotals(msgspec.Struct, frozen=True):
    """Lines of text in the tree, by authorship class, by tool, and by the grade of each link of their change.

    ``by_link`` maps each link's name to lines by grade; ``by_review`` is that of the review. ``boundary`` lines
    lie where history was cut off; ``unbroken`` lines have an unbroken chain. ``skipped`` counts entries that are
    no text (``binary``, ``empty``, ``symlink``, ``submodule``); ``excluded`` files and their ``excluded_lines``
    are left out of every other total because the configuration says so.
    """

    total: int
    files: int
    by_authorship: dict[str, int]
    by_tool: dict[str, int]
    by_review: dict[str, int]
    boundary: int
    unbroken: int
    by_link: dict[str, dict[str, int]] = {}
    skipped: dict[str, int] = {}
    excluded: int = 0
    excluded_lines: int = 0


class Subject(msgspec.Struct, frozen=True):
    """What was inspected: repository name, revision, window, and the forge its remote names (None: none seen)."""

    name: str
    revision: str
    commit: str
    committed_at: int
    since: int | None
    commits: int
    forge: str | None
    forge_project: str | None


class ChangeRow(msgspec.Struct, frozen=True):
    """One change with its attribution and the grade of each link (``trace`` gives the links in full)."""

    change: Change
    authorship: str
    tools: tuple[str, ...]
    grades: dict[str, str]
    unbroken: bool


class Inspection(msgspec.Struct, frozen=True):
    """The as-built record of one repository at one revision.

    ``links`` maps each link's name to the number of changes by grade. ``verdict`` is one sentence,
    ``next_step`` one command or act. ``blocking`` and ``unknown`` count findings. ``results`` list the verdicts
    that are deviations; their counts and digests cover every item. ``dependencies`` None: the tree names none;
    ``code`` None: it was not searched by our own rules.
    """

    schema: str
    version: str
    subject: Subject
    lines: LineTotals
    links: dict[str, dict[str, int]]
    landings: dict[str, int]
    authorships: dict[str, int]
    months: tuple[Month, ...]
    tools: tuple[ToolTotal, ...]
    reviewers: tuple[ReviewPair, ...]
    exposed: tuple[FileExposure, ...]
    releases: tuple[Release, ...]
    replays: tuple[SquashReplay, ...]
    changes: tuple[ChangeRow, ...]
    results: tuple[Result, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    verdict: str
    next_step: str
    blocking: int
    unknown: int
    notes: dict[str, Any] = {}
    dependencies: TreeDependencies | None = None
    code: TreeFindings | None = None
