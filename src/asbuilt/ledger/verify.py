"""Whether a ledger holds: everything that is stored is made anew from the bytes of the entries, and compared."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from asbuilt.ledger.appending import entries_in, record_at
from asbuilt.ledger.attachments import ATTACHMENTS, attachment_path, kept_files
from asbuilt.ledger.bundles import unpack_bundle
from asbuilt.ledger.checkpoints import Checkpoint, kept_checkpoints, parse_checkpoint, read_checkpoint
from asbuilt.ledger.ledger import Ledger
from asbuilt.ledger.mark_check import MarkCheck
from asbuilt.ledger.marks import mark_of, same_record
from asbuilt.ledger.problems import Problem, Problems
from asbuilt.ledger.published import Keys, keys_of, signature_problem
from asbuilt.ledger.store import TILE_HASHES, Head, Store
from asbuilt.ledger.tree_check import TreeCheck
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.progress import Listener, silent
from asbuilt.model.record import ATTACHED, JSON

__all__ = ["Problem", "Verification", "verify_ledger"]

ATTACHMENT = "attachment"  # kind of a record whose payload names a file by its `sha256`
_READ = 1 << 20


class Verification(msgspec.Struct, frozen=True):
    """What was checked and what does not hold.

    ``root`` is made from the entries; ``problems`` come by entry, ``untold`` more were only counted.
    ``checkpoints`` are the sizes whose checkpoints, kept or brought, agree with the entries and are signed.
    """

    origin: str
    size: int
    root: bytes
    problems: tuple[Problem, ...]
    untold: int
    checkpoints: tuple[int, ...]
    attachments: int

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the ledger."""
        return not self.problems


class _Named(msgspec.Struct):
    source: str
    event: str
    kind: str
    media: str = JSON


class _Attached(msgspec.Struct):
    sha256: str


_NAMED = msgspec.json.Decoder(_Named)
_ATTACHED = msgspec.json.Decoder(_Attached)


def verify_ledger(ledger: Ledger, *, against: Sequence[bytes] = (), on: Listener = silent) -> Verification:
    """Check a whole ledger, in one pass over its entries and in memory that does not grow with it.

    1. The database is sound as such: its schema, its pages.
    2. Every entry is there, once, in order, and is one; every stored tile holds the hashes that they make.
    3. The root over the entries is the head's.
    4. Every entry is found by its own mark, and by no other; no record stands there twice.
    5. Every attachment has its digest; none that a record names is missing.
    6. Every checkpoint, kept or brought (``against``), is signed and has the root of the entries.

    Raises:
        SourceError: the database cannot be reached.
    """
    problems = Problems()
    store, where = ledger.store, ledger.store.where
    # (1) The database.
    with _told(problems, where):
        for defect in store.defects():
            problems.add(None, defect, where)
    checkpoints = list(_checkpoints(ledger.folder, against, problems))
    head, good, root, attachments = Head(ledger.origin), [], b"", 0
    with store.snapshot(), _told(problems, where):
        head = store.head()
        tree = TreeCheck(store.tile, head.root, problems, [each.size for _, each in checkpoints])
        marks = MarkCheck(store, head.indexed, problems)
        with _told(problems, where):
            # (2) Entries and tiles.
            for start, entries in _tilewise(store, head.size, problems):
                tree.add([None if entry is None else hashlib.sha256(b"\0" + entry).digest() for entry in entries])
                marks.add(start, _marks(ledger.folder, start, entries, problems))
                if start % (64 * TILE_HASHES) == 0:
                    on("entries", start, head.size)
            tree.finish(store.tile_names())
        # (3) The head.
        root = tree.frontier.root()
        if tree.frontier.size == head.size and root != head.root:
            problems.add(None, f"The root over the {head.size} entries is not the one that the head states.", where)
        # (4) Marks.
        if tree.frontier.size == head.size:
            with _told(problems, where):
                _check_marks(store, marks, problems)
        # (5) Attachments.
        attachments = _check_attachments(ledger.folder, problems, on)
        # (6) Checkpoints.
        good = _check_checkpoints(ledger, head, checkpoints, tree.roots, problems)
    on("entries", head.size, head.size)
    return Verification(
        head.origin, head.size, root, problems.in_order(), problems.untold, tuple(good), attachments
    )


@contextmanager
def _told(problems: Problems, where: str) -> Iterator[None]:
    """What cannot be read at all is a problem too; the other steps are still taken."""
    try:
        yield
    except LedgerError as error:
        problems.add_error(error, where)


def _tilewise(store: Store, size: int, problems: Problems) -> Iterator[tuple[int, list[bytes | None]]]:
    """The entries, 256 at a time, each list with the index of its first; None where one is missing."""
    waiting: list[bytes | None] = []
    start = 0
    for entries in _in_order(store, size, problems):
        waiting += entries
        while len(waiting) >= TILE_HASHES:
            yield start, waiting[:TILE_HASHES]
            waiting = waiting[TILE_HASHES:]
            start += TILE_HASHES
    if waiting:
        yield start, waiting


def _in_order(store: Store, size: int, problems: Problems) -> Iterator[Sequence[bytes | None]]:
    """The entries of each row, as many as the ledger has; gaps, overlaps and what cannot be read are told."""
    at = 0
    where = "bundles"
    rows = iter(store.bundles(-(1 << 62)))
    while True:
        try:
            row = next(rows, None)
        except LedgerError as error:  # from here on the table cannot be read
            problems.add(at, f"Entry {at} cannot be read. {error.why}", error.where)
            break
        if row is None:
            break
        start, bundle = row
        entries = _entries_of(start, bundle, problems)
        if start < at:
            problems.add(start, f"Entry {start} stands there twice: two rows overlap.", where)
            continue
        if start + len(entries) > size:
            beyond = max(start, size)
            problems.add(beyond, f"Entry {beyond} stands beyond the ledger's {size} entries.", where)
        if start > at and at < size and entries:
            problems.add(at, f"Entry {at} is missing ({min(start, size) - at} in a row).", where)
            yield from _nothing(min(start, size) - at)
            at = min(start, size)
        if start == at and start < size:
            yield entries[: size - start]
            at = min(start + len(entries), size)
    if at < size:
        problems.add(at, f"Entry {at} and what followed are missing ({size - at}).", where)
        yield from _nothing(size - at)


def _entries_of(start: int, bundle: object, problems: Problems) -> list[bytes]:
    try:
        if isinstance(bundle, bytes) and bundle:
            return unpack_bundle(bundle)
    except LedgerError:
        pass
    problems.add(start, f"The row with entry {start} is damaged.", "bundles")
    return []


def _nothing(count: int) -> Iterator[list[None]]:
    for at in range(0, count, TILE_HASHES):
        yield [None] * min(TILE_HASHES, count - at)


def _marks(folder: Path, start: int, entries: Sequence[bytes | None], problems: Problems) -> list[int | None]:
    """The mark of each entry, made anew; what is no entry is told, and an attachment that is not there."""
    marks: list[int | None] = []
    decode = _NAMED.decode
    for index, entry in enumerate(entries, start):
        if entry is None:
            marks.append(None)
            continue
        header, _, payload = entry.partition(b"\n")
        try:
            named = decode(header)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            marks.append(None)
            problems.add(index, f"Entry {index} is no record: its header cannot be read.", f"entry {index}")
            continue
        marks.append(mark_of(named.source, named.event, named.kind, payload))
        if named.kind == ATTACHMENT or named.media == ATTACHED:
            _check_named(folder, index, payload, problems)
    return marks


def _marks_anew(store: Store, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Marks and positions of entries that can be read; the others have been told."""
    with suppress(LedgerError):
        for index, entry in enumerate(entries_in(store, start, end), start):
            header, _, payload = entry.partition(b"\n")
            with suppress(msgspec.MsgspecError, UnicodeDecodeError):
                named = _NAMED.decode(header)
                yield index, mark_of(named.source, named.event, named.kind, payload)


def _check_marks(store: Store, marks: MarkCheck, problems: Problems) -> None:
    for one, other in marks.finish(lambda start, end: _marks_anew(store, start, end)):
        with suppress(LedgerError):  # one that cannot be read has been told
            if same_record(record_at(store, one), record_at(store, other)):
                problems.add(other, f"Entry {other} is the record of entry {one} once more.", f"entry {other}")


def _check_named(folder: Path, index: int, payload: bytes, problems: Problems) -> None:
    try:
        digest = _ATTACHED.decode(payload).sha256
        if not attachment_path(folder, digest).is_file():
            problems.add(index, f"The attachment {digest} that entry {index} names is missing.", f"entry {index}")
    except (msgspec.MsgspecError, UnicodeDecodeError, UsageError):
        problems.add(index, f"Entry {index} names no attachment.", f"entry {index}")


def _check_attachments(folder: Path, problems: Problems, on: Listener) -> int:
    count = 0
    for count, path in enumerate(kept_files(folder), 1):
        on(ATTACHMENTS, count, None)
        try:
            digest = None if path.is_symlink() else _digest(path)
            what = "" if attachment_path(folder, digest or "") == path else "The attachment was changed."
        except UsageError:
            what = "It is a link, no attachment."
        except OSError as error:
            what = f"The attachment cannot be read: {error.strerror or error}."
        if what:
            problems.add(None, what, str(path))
    return count


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while some := file.read(_READ):
            digest.update(some)
    return digest.hexdigest()


def _checkpoints(folder: Path, against: Sequence[bytes], problems: Problems) -> Iterator[tuple[str, Checkpoint]]:
    """Every checkpoint that can be read, with where it stands."""
    sources: list[tuple[str, Path | bytes]] = [(str(path), path) for path in kept_checkpoints(folder)]
    sources += [(f"checkpoint {at} that was brought", data) for at, data in enumerate(against, 1)]
    for where, source in sources:
        try:
            yield where, parse_checkpoint(source) if isinstance(source, bytes) else read_checkpoint(source)
        except LedgerError as error:
            problems.add_error(error, where)
        except OSError as error:
            problems.add(None, f"A checkpoint cannot be read: {error.strerror or error}.", where)


def _check_checkpoints(
    ledger: Ledger,
    head: Head,
    checkpoints: Iterable[tuple[str, Checkpoint]],
    roots: dict[int, bytes],
    problems: Problems,
) -> list[int]:
    """The sizes of those that hold."""
    keys: Keys | None = None
    try:
        keys = keys_of(ledger)
    except (LedgerError, UsageError) as error:
        problems.add_error(error, str(ledger.folder))
    good: list[int] = []
    agreed = 0
    for where, each in sorted(checkpoints, key=lambda told: told[1].size):
        problem = "" if keys is None else signature_problem(each, head.origin, keys)
        if problem:
            problems.add(None, problem, where)
        elif each.size > head.size:
            what = f"Entry {head.size} and what followed are missing: {each.size} entries were sealed."
            problems.add(head.size, what, where)
        elif roots.get(each.size) != each.root:
            last = each.size - 1
            what = f"The entries below {each.size} are not those that were sealed"
            what += (
                f"; the first that differs is {agreed}."
                if agreed == last
                else f": one of {agreed} to {last} differs."
            )
            problems.add(agreed, what, where)
        else:
            agreed = each.size
            if keys is not None:
                good.append(each.size)
    return good
