"""Who brought each dependency: what ``asbuilt deps`` lists."""

from typing import Literal

import msgspec

from asbuilt.model.component import Origin, Scope, Unread
from asbuilt.model.inspection import Gap

SCHEMA = "https://asbuilt.dev/schemas/deps/1"

# "before": it stood there already where the visible history begins.
Brought = Literal["new", "version", "removed", "before"]
# "missing": the sources were read, and nobody who counts approved it; "unknown": they were not read.
Approved = Literal["proved", "stated", "missing", "unknown"]


class Dependency(msgspec.Struct, frozen=True, kw_only=True):
    """One component and the commit that brought it, gave it this version, or (``removed``) took it away.

    ``version`` is None when it is only declared; ``declared`` is the range as it is written. ``previous`` is the
    version before. ``stands``: the listed revision has it. ``commit`` wrote it, ``at`` is when (Unix seconds);
    ``change`` is the commit of the main line that landed it, ``landed_at`` when, ``number`` its pull or merge
    request. ``first`` is the commit that brought the package in its first version here. ``attribution`` is that of
    ``commit`` (of a replayed squash: of the branch's commit that brought it), ``mixed`` says that it is the
    squash's as a whole. ``approved_by`` may be empty though it is approved, and names who was refused when it is
    not; ``why`` is a sentence. Of ``before``, all that a commit would tell is None.
    """

    kind: Brought
    ecosystem: str
    name: str
    purl: str
    path: str
    version: str | None = None
    declared: str | None = None
    previous: str | None = None
    line: int | None = None
    direct: bool | None = None
    scope: Scope | None = None
    source: Origin | None = None
    stands: bool = True
    commit: str | None = None
    at: int | None = None
    first: str | None = None
    change: str | None = None
    landed_at: int | None = None
    landing: str | None = None
    number: int | None = None
    subject: str | None = None
    author: str | None = None
    attribution: str = "unknown"
    tools: tuple[str, ...] = ()
    mixed: bool = False
    approval: Approved = "unknown"
    approved_by: tuple[str, ...] = ()
    why: str = ""


class DependencyList(msgspec.Struct, frozen=True, kw_only=True):
    """The dependencies of one revision, those that landed last first; those from before the history at the end.

    ``source`` is ``ledger`` where a forge's facts were read, else ``git``. ``total`` counts the rows before any
    filter. ``attributions`` and ``approvals`` count the rows that are listed. ``unread`` are files, and versions of
    them, that could not be read.
    """

    schema: str
    version: str
    product: str
    commit: str
    source: str
    whole_history: bool
    since: int | None
    total: int
    dependencies: tuple[Dependency, ...]
    attributions: dict[str, int]
    approvals: dict[str, int]
    unread: tuple[Unread, ...] = ()
    gaps: tuple[Gap, ...] = ()
