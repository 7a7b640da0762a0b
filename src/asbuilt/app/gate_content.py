"""What the gate looks at of a change's content, and what comes of it: the words that its parts share."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from asbuilt.app.config import Config
from asbuilt.history.git import Repository
from asbuilt.model.component import Unread
from asbuilt.model.gate import Brought, Looked
from asbuilt.model.inspection import Gap
from asbuilt.model.text import path_text, visible

MOST: Final = 1_000  # things of one kind that an answer lists
_CODE: Final = (".py", ".js", ".jsx", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx")
_PLAIN: Final = frozenset({b"100644", b"100755"})
_LINK: Final = b"160000"
_SYMBOLIC: Final = b"120000"


class Touched(NamedTuple):
    """One file that differs: its blobs before and after (None: it is not there, or is no plain file)."""

    path: str
    before: str | None
    after: str | None
    is_link: bool = False  # another repository
    target: str | None = None  # the blob that holds where a symbolic link leads


Text = tuple[str, bytes]  # a path, and the bytes of its file


class Asked(NamedTuple):
    """What is looked at: two trees (or commits), what differs, by whose policy, when.

    ``is_approved``: whether another person approved the change (None: not known). ``ledger`` is the folder of the
    one that is asked for approvals of packages, ``participants`` everybody who had a part in the change,
    ``commits`` the base and the head between which its commits lie (None: there are none yet).
    """

    repository: Repository
    before: str
    after: str
    touched: Sequence[Touched]
    config: Config
    now: int
    is_approved: bool | None = None
    ledger: Path | None = None
    participants: Sequence[str] = ()
    commits: tuple[str, str] | None = None


class Content(msgspec.Struct, frozen=True):
    """What a change brings in, what of it could not be looked at, and how much was."""

    brought: tuple[Brought, ...] = ()
    gaps: tuple[Gap, ...] = ()
    looked: Looked = Looked()


def touched_files(raw: bytes) -> Iterator[Touched]:
    """What git's raw ``diff-tree -z`` of one step (or of two trees) lists."""
    parts = iter(raw.split(b"\0"))
    for part in parts:
        if not part.startswith(b":"):
            continue
        old, new, before, after, *_ = [*part[1:].split(), b"", b"", b"", b""][:4]
        path = path_text(next(parts, b""))
        yield Touched(
            path,
            before.decode("ascii") if old in _PLAIN else None,
            after.decode("ascii") if new in _PLAIN else None,
            _LINK in {old, new},
            after.decode("ascii") if new == _SYMBOLIC else None,
        )


def unread_gap(unread: Sequence[Unread], what: str) -> Gap:
    """What of the changed files could not be read, as one gap that names the first."""
    first = unread[0]
    more = f" And {len(unread) - 1:,} more." if len(unread) > 1 else ""
    return Gap(
        "GAP-CONTENT",
        f"{what} {visible(first.path, 200)}: {visible(first.why, 300)}{more}",
        "What it holds is not known, and that is no finding of nothing.",
        visible(first.remedy, 200) or "Look at it by other means.",
        path=visible(first.path, 300),
        count=len(unread),
    )


def is_code(path: str) -> bool:
    """Whether a file is of a language whose routes are known."""
    return path.lower().endswith(_CODE)
