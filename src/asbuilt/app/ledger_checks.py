"""Whether a ledger holds: its entries, what it published, and what others kept of it."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from asbuilt.ledger.against import Difference, compare, read_evidence
from asbuilt.ledger.databases import open_store
from asbuilt.ledger.ledger import Ledger, is_ledger
from asbuilt.ledger.notes import VerifierKey, parse_vkey
from asbuilt.ledger.published import Published, keys_of, pin_key, seen_by_others
from asbuilt.ledger.rotation import published_key
from asbuilt.ledger.verify import verify_ledger
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.progress import Listener, silent


class Problem(msgspec.Struct, frozen=True):
    """Something that does not hold: the entry it is about, where that is known, and the file or evidence."""

    what: str
    where: str
    index: int | None = None


class Checked(msgspec.Struct, frozen=True):
    """What was checked of a ledger and what does not hold; ``holds`` when nothing does not.

    ``sealed`` is the size of the newest checkpoint that holds; ``untold`` counts problems that are not listed.
    """

    folder: str
    origin: str
    size: int
    root: str
    key: str
    fingerprint: str
    key_named: bool
    holds: bool
    problems: tuple[Problem, ...]
    differences: tuple[Difference, ...]
    published: tuple[Published, ...]
    compared_with: tuple[str, ...]
    sealed: int
    attachments: int
    untold: int


def read_key(named: str) -> VerifierKey:
    """A verifier key: the text itself, or the file that holds it.

    Raises:
        UsageError: it is neither.
    """
    if "+" in named:
        return parse_vkey(named)
    try:
        return parse_vkey(Path(named).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{named!r} is no verifier key and no file that holds one.",
            fix="Give the line of `key.vkey`, or its path.",
        ) from error


def check(folder: Path, *, against: Sequence[Path] = (), key: str | None = None, on: Listener = silent) -> Checked:
    """Check a ledger.

    1. It is opened as it stands, even where it went back behind what it published: that is what is looked for.
    2. Its entries, its stored tree, its database and its attachments agree.
    3. Its keys follow from one another by rotations; the one that was named is among them.
    4. Every checkpoint that it published still holds, and so do its cosignatures.
    5. What others kept of it holds.

    Args:
        folder: the ledger.
        against: what was kept earlier: checkpoints, exports, backups.
        key: a verifier key, or its file, that came by another channel.
        on: hears of progress.

    Raises:
        UsageError, SourceError: there is no ledger, it cannot be read, or there is nothing to compare with.
        LedgerError: what was kept earlier is itself damaged.
    """
    pinned = None if key is None else read_key(key)
    # (1) As it stands.
    with open_as_it_stands(folder) as ledger:
        evidence = [read_evidence(path) for path in against]
        differences: tuple[Difference, ...] = ()
        # (2) Entries, tree, database, attachments, and (4) what it published.
        verified = verify_ledger(ledger, on=on)
        published = seen_by_others(folder)
        problems = [Problem(each.what, each.where, each.index) for each in verified.problems]
        problems += [Problem(each.problem, each.where) for each in published if each.problem]
        try:
            # (3) Keys.
            keys = keys_of(ledger)
            if pinned is not None:
                pin_key(keys, pinned)
            # (5) What others kept.
            differences = compare(ledger, evidence, keys)
        except LedgerError as error:
            told = Problem(" ".join(part for part in (error.what, error.why) if part), error.where)
            if told.where not in {each.where for each in problems}:
                problems.append(told)
        current = published_key(folder)
        return Checked(
            folder=str(folder),
            origin=ledger.origin,
            size=verified.size,
            root=verified.root.hex(),
            key=current.text,
            fingerprint=current.fingerprint,
            key_named=pinned is not None,
            holds=not problems and not differences,
            problems=tuple(problems),
            differences=differences,
            published=published,
            compared_with=tuple(map(str, against)),
            sealed=max(verified.checkpoints, default=0),
            attachments=verified.attachments,
            untold=verified.untold,
        )


def open_as_it_stands(folder: Path) -> Ledger:
    """A ledger opened for reading without holding it to what it published.

    Raises:
        UsageError, SourceError, LedgerError: there is none, or it cannot be read at all.
    """
    if not is_ledger(folder):
        raise UsageError(
            f"There is no ledger in {folder}.",
            fix="Make one with `asbuilt ledger init NAME`, or name its folder with --ledger.",
        )
    return Ledger(folder, open_store(folder, read_only=True), read_only=True)
