"""What is known of the request that wants to land: pages of its forge, as a file, as an event, or read now.

1. The bytes are JSON of a bounded size; anything else is refused, and nothing passes.
2. Pages go through the projectors that a sync uses: there is one reading of what a forge tells.
3. Which lists are complete is said by who read them; a file may only claim it whole.
4. A request whose head is another commit is of another change: refused.
"""

import importlib
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import msgspec

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible

LARGEST = 32 << 20  # bytes of a file that tells a request: a forge's own events have at most 25 MB
# Keys of a bundle, and the page that each is: what the forge's REST interface answers.
PARTS = {
    "pull": "pull",
    "reviews": "pull/reviews",
    "commits": "pull/commits",
    "timeline": "issue/timeline",
    "check_runs": "commit/check-runs",
    "statuses": "commit/statuses",
}
# What a forge calls those whom the repository, or its organisation, let in; whether they may push it does not say.
_LET_IN = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
_BY_COMMIT = frozenset({"check_runs", "statuses"})
# The tables that a complete part tells everything of.
_TELLS = {"reviews": ("reviews",), "commits": ("request_commits",), "timeline": ("request_events",)}
_CHECKS = frozenset({"check_runs", "statuses"})


@cache
def _projecting() -> ModuleType:
    """What reads pages: loaded where there are some, for commits alone need none."""
    return importlib.import_module("asbuilt.facts.forge.projecting")


class Known(NamedTuple):
    """What is known besides git: rows by table, the tables of which every row is there, and what was not seen.

    ``source`` says where it came from, in a word or two. ``number``, ``head`` and ``base`` are the request's own.
    """

    rows: Mapping[str, list[dict[str, Any]]]
    covered: frozenset[str]
    gaps: tuple[Gap, ...]
    source: str
    number: int | None = None
    head: str | None = None
    base: str | None = None
    repository: str | None = None


class Page(NamedTuple):
    """One page of a forge: its name, what was asked about, and the bytes."""

    name: str
    key: str
    body: bytes


def read_file(name: str) -> bytes:
    """The bytes of a file that tells a request; ``-`` reads standard input.

    Raises:
        UsageError: it cannot be read, or is too large.
    """
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(
            f"{visible(name)!r} cannot be read.", why=f"{error.strerror}.", fix="Name a file."
        ) from error
    if len(data) > LARGEST:
        raise UsageError(
            f"{visible(name)!r} is larger than {LARGEST:,} bytes.", fix="Name the file of one request."
        )
    return data


def read_document(data: bytes, what: str) -> dict[str, Any]:
    """One JSON object.

    Raises:
        SourceError: it is none.
    """
    try:
        document = _projecting().read_json(data)
    except ValueError as error:
        raise SourceError(f"{what} cannot be read: {error}.", fix="Give the forge's own JSON.") from error
    if not isinstance(document, dict):
        raise SourceError(f"{what} is no JSON object.", fix="Give the forge's own JSON.")
    return document


class Outline(NamedTuple):
    """Which request a file is about: its document, its own object in there, its number, its repository."""

    document: dict[str, Any]
    pull: dict[str, Any]
    number: int
    repository: str | None


def outline_of(data: bytes) -> Outline:
    """Which request a file is about.

    Raises:
        SourceError: it is no request.
    """
    document = read_document(data, "The request")
    pull = document.get("pull", document)
    pull = pull if isinstance(pull, dict) else {}
    number = pull.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise SourceError("The request has no number.", fix="Give an export of one pull request.")
    return Outline(document, pull, number, text_at(pull, "base", "repo", "full_name"))


def request_of(
    data: bytes, outline: Outline, *, repository: str, head: str, now: int, queued: bool = False
) -> Known:
    """What a file tells of a request: an export of it, a bundle of REST answers, or the request alone.

    A bundle is an object with any of the keys ``pull``, ``reviews``, ``commits``, ``timeline``, ``check_runs``,
    ``statuses``; its ``complete`` lists those of them that were read to their end.

    Args:
        data: the file.
        outline: which request it is about.
        repository: ``owner/name``.
        head: the commit that wants to land.
        now: Unix seconds at which it was read.
        queued: the head is what a merge queue made of the request.

    Raises:
        SourceError: its head is another commit.
    """
    document, pull, number, _ = outline
    if "events" in document:
        pages, covered = [Page("export/pull", str(number), data)], frozenset[str]()
    elif "pull" in document:
        pages, covered = _bundle(document, number, head)
    else:
        pages, covered = [Page("pull", str(number), data)], frozenset()
    return known_of(
        pages,
        covered,
        repository=repository,
        number=number,
        pull=pull,
        head=None if queued else head,
        now=now,
        source="request",
    )


def known_of(
    pages: Iterable[Page],
    covered: frozenset[str],
    *,
    repository: str,
    number: int,
    pull: Mapping[str, Any],
    head: str | None,
    now: int,
    source: str,
    gaps: Iterable[Gap] = (),
    forge: str = "github",
) -> Known:
    """Pages as rows; ``pull`` is the request's own object, ``head`` what its head must be (None: a queue's is new).

    ``forge`` names the projectors; of another than GitHub ``pull`` is ``{"head": {"sha": …}}``.

    Raises:
        SourceError: the request's head is another.
    """
    its_head = text_at(pull, "head", "sha")
    if head is not None and its_head is not None and its_head != head:
        raise SourceError(
            f"The request's head is {visible(its_head, 64)}, and not {head[:12]}.",
            why="Somebody pushed meanwhile, or this is another request: what was approved is not this.",
            fix="Run the gate again on the request's newest head.",
        )
    rows: dict[str, list[dict[str, Any]]] = {}
    refused: list[str] = []
    for page in pages:
        found = _projecting().project_page(
            forge, page.name, page.key, page.body, repository=repository, organization=None, observed=now
        )
        refused += found.refused
        strangers = _strangers(page) if forge == "github" else frozenset[str]()
        for table, told in found.rows:
            # Anybody may approve where anybody may read: such a word is no entitled person's.
            own = {"may_push": False} if table == "reviews" and told.get("review_id") in strangers else {}
            rows.setdefault(table, []).append({**told, **own})
    return Known(
        rows,
        # What could not be read might be anything: then no list is complete.
        covered if not refused else frozenset(),
        (*gaps, *(_unread(sentence) for sentence in refused)),
        source,
        number,
        its_head,
        text_at(pull, "base", "sha"),
        repository,
    )


def _strangers(page: Page) -> frozenset[str]:
    """The reviews of those whom, as the forge says (``author_association``), nobody let into the repository."""
    if page.name not in {"pull/reviews", "export/pull"}:
        return frozenset()
    try:
        document = _projecting().read_json(page.body)
    except ValueError:  # the projector says so
        return frozenset()
    listed = document.get("events") if isinstance(document, dict) else document
    told = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return frozenset(
        str(one.get("id"))
        for one in told
        if isinstance(said := one.get("author_association"), str) and said.upper() not in _LET_IN
    )


def text_at(told: object, *path: str) -> str | None:
    """The text at a path of keys; None where there is none, or an empty one."""
    for key in path:
        told = told.get(key) if isinstance(told, dict) else None
    return told if isinstance(told, str) and told else None


def _bundle(document: Mapping[str, Any], number: int, head: str) -> tuple[list[Page], frozenset[str]]:
    pages = [
        Page(page, f"{head if part in _BY_COMMIT else number} | 1", msgspec.json.encode(document[part]))
        for part, page in PARTS.items()
        if part in document
    ]
    said = document.get("complete")
    complete = (
        {part for part in said if isinstance(part, str)} & document.keys() if isinstance(said, list) else set()
    )
    covered = {table for part in complete for table in _TELLS.get(part, ())}
    return pages, frozenset(covered | ({"checks"} if complete >= _CHECKS else set()))


def _unread(sentence: str) -> Gap:
    return Gap(
        "GAP-RECORD",
        f"Something that the forge tells could not be read: {visible(sentence, 300)}",
        "It may be an approval, a check, or that one of them was taken back.",
        "Read the request again; if it stays so, report it with the page.",
    )
