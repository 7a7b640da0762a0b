"""A ledger held against what somebody kept of it earlier: a checkpoint, an export, or a backup.

An export and a backup hold every earlier entry's hash, so the first index that differs is named exactly. A
checkpoint alone holds one root: from it follows *that* something differs below its size, not where. It is then said
between which two checkpoints the first difference lies; the more checkpoints were kept, the narrower.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from asbuilt.ledger.checkpoints import Checkpoint, checkpoints_of, parse_checkpoint
from asbuilt.ledger.ledger import is_ledger, open_ledger
from asbuilt.ledger.merkle import leaf_hash
from asbuilt.ledger.published import Held, Keys, roots_at, signature_problem
from asbuilt.ledger.tiles import Tiles
from asbuilt.model.errors import LedgerError, UsageError

REWRITE, TRUNCATION, FORK, REORDER = "rewrite", "truncation", "fork", "reorder"
UNSIGNED = "unsigned"
MOST_BYTES = 1 << 20


class Difference(msgspec.Struct, frozen=True):
    """How a ledger differs from what was kept.

    ``kind`` is rewrite, truncation, fork or reorder; or ``unsigned``: no key of the ledger signed what was kept.
    The first index that differs is ``first`` where it is known exactly (``until`` is None); otherwise it lies in
    [``first``, ``until``).
    """

    kind: str
    what: str
    where: str
    first: int | None = None
    until: int | None = None


class Evidence(msgspec.Struct, frozen=True):
    """Something that was kept: its checkpoints, and for an export or a backup the hashes of its entries."""

    where: str
    checkpoints: tuple[Checkpoint, ...]
    size: int = 0
    leaves: Callable[[], Iterator[bytes]] | None = None


def read_evidence(path: Path) -> Evidence:
    """What was kept at a path: a checkpoint file, or a folder: an export, a ledger or its backup, or checkpoints.

    Raises:
        UsageError: there is nothing of that.
        LedgerError: it is damaged.
    """
    where = str(path)
    if path.is_dir():
        if is_ledger(path):
            return _read_ledger(path)
        if (path / "checkpoint").is_file():
            tiles = Tiles(path)
            tiles.check()
            return Evidence(where, (tiles.checkpoint,), tiles.size, tiles.leaves)
        kept = sorted(path.glob("*.checkpoint"))
        if kept:
            return Evidence(where, tuple(parse_checkpoint(each.read_bytes()) for each in kept))
    elif path.exists():
        with path.open("rb") as file:
            return Evidence(where, (parse_checkpoint(file.read(MOST_BYTES + 1)),))
    raise UsageError(
        f"There is nothing to compare with at {where!r}.",
        fix="Name a checkpoint, a folder of `asbuilt ledger export` or `backup`, or a folder of checkpoints.",
    )


def compare(ledger: Held, evidence: Sequence[Evidence], keys: Keys) -> tuple[Difference, ...]:
    """How the ledger differs from what was kept; nothing when it only grew.

    1. Each kept checkpoint must be signed by the key that was in force at its size.
    2. No two of them may say different things of one size.
    3. Where the earlier hashes are at hand, the first that differs is named.
    4. Of checkpoints alone: the ledger must have as many entries, and the roots; else the first difference lies
       between the last checkpoint that agrees and the first that does not.

    Raises:
        LedgerError: the ledger's own entries cannot be read.
    """
    found: list[Difference] = []
    signed: list[tuple[str, Checkpoint]] = []
    # (1) Signed.
    for each in evidence:
        for checkpoint in each.checkpoints:
            problem = signature_problem(checkpoint, ledger.origin, keys)
            if problem:
                what = f"The checkpoint of {checkpoint.size} entries is not one of this ledger's key. {problem}"
                found.append(Difference(UNSIGNED, what, each.where))
            signed.append((each.where, checkpoint))
    # (2) One word for one size.
    found += _contradictions(signed)
    # (3) Hash by hash.
    exact = [
        difference
        for each in evidence
        if each.leaves is not None and (difference := _compare_leaves(ledger, each, each.leaves())) is not None
    ]
    found += exact
    # (4) Root by root.
    located = {each.where for each in evidence if each.leaves is not None}
    alone = [(where, checkpoint) for where, checkpoint in signed if where not in located]
    return (*found, *_compare_roots(ledger, alone, [checkpoint for _, checkpoint in signed]))


def _contradictions(signed: Iterable[tuple[str, Checkpoint]]) -> Iterator[Difference]:
    by_size: dict[int, tuple[str, Checkpoint]] = {}
    for where, checkpoint in signed:
        other = by_size.setdefault(checkpoint.size, (where, checkpoint))
        if other[1].root != checkpoint.root:
            what = f"Two checkpoints of {checkpoint.size} entries have different roots; the other is {other[0]}."
            yield Difference(FORK, what, where, 0, checkpoint.size)


def _compare_leaves(ledger: Held, evidence: Evidence, leaves: Iterator[bytes]) -> Difference | None:
    """The first index at which the entries differ, and what kind of change it looks like.

    ``same_again`` counts places after the first difference that are equal; the sums are of the hashes as numbers,
    equal where the same entries stand in another order. Neither needs memory.
    """
    first: int | None = None
    same_again = last = mine = theirs = 0
    ours = (leaf_hash(entry) for entry in ledger.entries())
    for index, leaf in enumerate(leaves):
        own = next(ours, None)
        if own is None:
            return _cut_off(first, index, evidence)
        last = index
        if first is None and own != leaf:
            first = index
        if first is not None:
            same_again += own == leaf
            mine += int.from_bytes(own, "big")
            theirs += int.from_bytes(leaf, "big")
    if first is None:
        return None
    if mine == theirs:
        kind, what = REORDER, f"From entry {first} on the same entries stand in another order."
    elif same_again:
        kind = REWRITE
        what = f"Entry {first} was rewritten: it is another one than was kept; later entries are still the same."
    elif first == last:
        kind, what = REWRITE, f"Entry {first}, the last that was kept, is another one now."
    else:
        kind = FORK
        what = f"From entry {first} on every entry is another one than was kept: two histories part there."
    return Difference(kind, what, evidence.where, first)


def _cut_off(first: int | None, size: int, evidence: Evidence) -> Difference:
    lost = evidence.size - size
    if first is None:
        what = f"Entry {size} and what followed are missing: {lost} of the {evidence.size} entries that were kept."
        return Difference(TRUNCATION, what, evidence.where, size)
    what = f"Entry {first} is another one than was kept, and the last {lost} of {evidence.size} are missing."
    return Difference(FORK, what, evidence.where, first)


def _compare_roots(
    ledger: Held, asked: Sequence[tuple[str, Checkpoint]], known: Sequence[Checkpoint]
) -> Iterator[Difference]:
    """Differences from checkpoints alone, each with the interval in which the first differing entry lies.

    Only what was brought bounds the interval: whoever rewrites a ledger with its key can sign the ledger's own
    checkpoints anew, so they give no more than a hint.
    """
    if not asked:
        return
    own = _own_checkpoints(ledger)
    roots = roots_at(ledger, [each.size for each in (*known, *own)])
    for where, checkpoint in asked:
        size = checkpoint.size
        since, until = _bounds(known, roots, size)
        if size > ledger.size:
            what = f"The ledger has {ledger.size} entries; the checkpoint seals {size}. "
            if since == ledger.size:
                yield Difference(TRUNCATION, f"{what}Entry {since} and what followed are missing.", where, since)
                continue
            what += f"Whether the entries from {since} on are the ones that were sealed, it alone does not say."
            yield Difference(TRUNCATION, what, where, since, min(until, ledger.size + 1))
        elif roots[size] != checkpoint.root:
            exact = until == since + 1
            place = f"is entry {since}" if exact else f"lies from entry {since} up to {until - 1}"
            what = f"The first {size} entries are not the ones that were sealed; the first that differs {place}."
            if not exact:
                what += _hint(_bounds(own, roots, size), since, until)
            yield Difference(REWRITE, what, where, since, None if exact else until)


def _bounds(known: Iterable[Checkpoint], roots: dict[int, bytes], size: int) -> tuple[int, int]:
    """The largest size below ``size`` that agrees, and the smallest above that which does not (else ``size``)."""
    below = [each for each in known if each.size < size]
    since = max((each.size for each in below if roots.get(each.size) == each.root), default=0)
    wrong = (
        each.size for each in below if each.size > since and each.size in roots and roots[each.size] != each.root
    )
    return since, min(wrong, default=size)


def _hint(own: tuple[int, int], since: int, until: int) -> str:
    first, last = max(own[0], since), min(own[1], until)
    narrower = first < last and (first, last) != (since, until)
    text = " A checkpoint has one root: an export or a backup of that time names the entry."
    if narrower:
        text += f" The ledger's own checkpoints, if they were not signed anew, say {first} up to {last - 1}."
    return text


def _own_checkpoints(ledger: Held) -> list[Checkpoint]:
    try:
        return list(checkpoints_of(ledger.folder))
    except LedgerError:  # damage of theirs is reported where what was published is checked
        return []


def _read_ledger(folder: Path) -> Evidence:
    """A ledger or its backup: its entries must be the ones that its own checkpoints seal."""
    checkpoints = tuple(checkpoints_of(folder))
    with open_ledger(folder, read_only=True) as kept:
        size = kept.size
        roots = roots_at(kept, [each.size for each in checkpoints])
    for each in checkpoints:
        if roots.get(each.size) != each.root:
            raise LedgerError(
                "What was kept of the ledger is damaged itself.",
                why=f"Its first {each.size} entries are not the ones that its own checkpoint seals.",
                fix="Bring another copy.",
                where=str(folder),
            )
    return Evidence(str(folder), checkpoints, size, lambda: _ledger_leaves(folder))


def _ledger_leaves(folder: Path) -> Iterator[bytes]:
    with open_ledger(folder, read_only=True) as kept:
        for entry in kept.entries():
            yield leaf_hash(entry)
