"""Small real ledgers, and ways of doing to their database what nobody should."""

import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from asbuilt.ledger.checkpoints import sign_checkpoint
from asbuilt.ledger.ledger import Ledger, create_ledger, open_ledger
from asbuilt.model.record import Record

ORIGIN = "example.com/asbuilt"
NOW = 1_767_225_600  # 2026-01-01


def record(number: int, *, payload: bytes | None = None, kind: str = "fact/probe") -> Record:
    return Record(
        source="test",
        event=f"E-{number}",
        kind=kind,
        payload=b'{"number":"%d"}' % number if payload is None else payload,
        observed=NOW,
        recorded=NOW,
        by="ana",
        how="cli",
    )


def made(folder: Path, *, entries: int | Iterable[Record] = 0, signed: Iterable[int] = ()) -> Ledger:
    """A ledger with so many entries, signed at each of the sizes."""
    create_ledger(folder, origin=ORIGIN, now=NOW).close()
    ledger = open_ledger(folder)
    records = list(map(record, range(entries))) if isinstance(entries, int) else list(entries)
    done = 0
    for size in sorted({*signed, len(records)}):
        ledger.append(records[done:size])
        done = size
        if size in set(signed):
            sign_checkpoint(ledger, NOW)
    return ledger


def remade(original: Path, folder: Path, records: Iterable[Record], *, signed: Iterable[int] = ()) -> Ledger:
    """Another history under the same key: what the key's owner can do, and an older checkpoint shows."""
    ledger = made(folder, entries=records)
    ledger.close()
    for name in ("key", "key.vkey"):
        shutil.copy2(original / name, folder / name)
    ledger = open_ledger(folder)
    for size in signed:
        assert size == ledger.size
        sign_checkpoint(ledger, NOW)
    return ledger


def alter(folder: Path, old: bytes, new: bytes) -> None:
    """Change bytes in the database's file behind its back, as a failing disk or an editor of files would."""
    assert len(old) == len(new)
    connection = sqlite3.connect(folder / "ledger.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = (folder / "ledger.db").read_bytes()
    assert old in data
    (folder / "ledger.db").write_bytes(data.replace(old, new))
