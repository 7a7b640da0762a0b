"""The population of changes: what ``asbuilt changes`` lists."""

import msgspec

from asbuilt.model.chain import Link
from asbuilt.model.inspection import Gap

SCHEMA = "https://asbuilt.dev/schemas/changes/1"


class ListedChange(msgspec.Struct, frozen=True):
    """One change: what it is, how it came in, its ten links, its review and who wrote it.

    ``change`` is the commit on the branch (of a merge the merge commit; of a rebased run the last); ``head`` the
    head that was merged. ``landed_at`` is Unix seconds. ``grades`` has the grade of each link by name, ``links``
    why. ``review`` is the verdict: reviewed, after-review, not-reviewed, exempt or unknown; ``rejected`` holds
    approvals that do not count as ``login: test``; ``signals`` signs of a review without effort. ``attribution``
    says who wrote it; ``agent_hints`` why an agent may have worked under a person's login.
    """

    change: str
    repository: str | None
    number: int | None
    head: str | None
    landed_at: int
    landing: str
    subject: str
    author: str
    request_author: str | None
    opened_at: int | None
    merged_by: str | None
    changed_lines: int | None
    grades: dict[str, str]
    links: tuple[Link, ...]
    unbroken: bool
    review: str
    approvers: tuple[str, ...]
    approved_at: int | None
    rejected: tuple[str, ...]
    tests_failed: tuple[str, ...]
    signals: tuple[str, ...]
    attribution: str
    agent_hints: tuple[str, ...]
    record: str | None


class Difference(msgspec.Struct, frozen=True):
    """One occurrence that two sources do not both hold, with the reason."""

    kind: str
    item: str
    reason: str
    detail: str
    repository: str
    happened_at: int | None
    record: str | None


class Reconciliation(msgspec.Struct, frozen=True):
    """How two sources tie for one repository: ``total`` = ``matched`` + the counts of ``by_reason``, or no tie.

    ``kind`` is change (steps of the branch, by git), request (merged ones, by the forge), push or deployment.
    ``total`` is counted in its own table, ``matched`` in the other. Of ``unseen`` the other source was not read.
    """

    kind: str
    repository: str
    total: int
    matched: int
    unseen: int
    by_reason: dict[str, int]
    ties: bool


class ChangeList(msgspec.Struct, frozen=True):
    """The changes of a window, oldest first.

    ``source`` is ``ledger`` or ``git``; with git alone nothing of a forge is known. ``total`` counts the changes of
    the window before filters. ``links`` counts grades by link, ``reviews`` verdicts, over what is listed.
    """

    schema: str
    version: str
    source: str
    repositories: tuple[str, ...]
    start: int | None
    end: int | None
    total: int
    changes: tuple[ListedChange, ...]
    links: dict[str, dict[str, int]]
    reviews: dict[str, int]
    reconciliations: tuple[Reconciliation, ...] = ()
    differences: tuple[Difference, ...] = ()
    gaps: tuple[Gap, ...] = ()
