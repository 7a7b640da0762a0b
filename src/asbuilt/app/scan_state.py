"""What a ledger knows of earlier scans of one repository, and the key that its hashes are made with.

The key lies beside the ledger (``scan-key``), is made once and never recorded: with the records alone nobody can
try what a secret may have been. Without it, findings get new identities.
"""

import os
import secrets
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

from asbuilt.app.shelf import Shelf
from asbuilt.ledger.ledger import is_ledger, open_ledger
from asbuilt.model.errors import SourceError
from asbuilt.model.record import FACT, decode_entry

COLLECTOR: Final = "asbuilt record scan"
KEY: Final = "scan-key"
_BYTES: Final = 32
_TABLES: Final = ("findings_seen", "scan_runs", "checks", "secret_alerts")
_KINDS: Final = tuple(f"{FACT}{table}".encode() for table in _TABLES)


class Earlier(msgspec.Struct):
    """Rows of one repository that stand in the ledger already, by their ids.

    ``findings`` are the newest telling of each finding, ``moments`` when each known run ended, ``alerts`` the known
    secrets.
    """

    findings: MutableMapping[str, dict[str, Any]] = msgspec.field(default_factory=Shelf)
    moments: dict[str, str] = {}
    alerts: MutableMapping[str, dict[str, Any]] = msgspec.field(default_factory=Shelf)


def scan_key(folder: Path) -> bytes:
    """The key of a ledger's hashes; made when there is none, readable by its owner alone.

    Raises:
        SourceError: it cannot be read or written, or is none.
    """
    path = folder / KEY
    try:
        with suppress(FileExistsError):
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(made, "wb") as file:
                file.write(secrets.token_bytes(_BYTES))
                file.flush()
                os.fsync(file.fileno())
        key = path.read_bytes()
    except OSError as error:
        raise SourceError(
            "The key of the hashes of secrets cannot be kept.",
            why=f"{error.strerror or error}.",
            fix="Make room or grant the rights, and do it again.",
            where=str(path),
        ) from error
    if len(key) != _BYTES:
        raise SourceError(
            "The key of the hashes of secrets is cut short.",
            why=f"It has {len(key)} bytes, not {_BYTES}.",
            fix="Bring it back from a backup; without it findings get new identities.",
            where=str(path),
        )
    return key


def earlier_scans(folder: Path, repository: str) -> Earlier:
    """What the ledger tells of earlier scans of that repository; nothing where there is no ledger yet.

    One pass over its entries; what is many lies in a temporary file.

    Raises:
        SourceError, LedgerError: see ``ledger.ledger``.
    """
    found = Earlier()
    if not is_ledger(folder):
        return found
    with open_ledger(folder, read_only=True) as ledger:
        for entry in ledger.entries():
            if any(kind in entry for kind in _KINDS):
                record = decode_entry(entry)
                _take(found, record.kind.removeprefix(FACT), record.payload, repository)
    return found


def _take(found: Earlier, table: str, payload: bytes, repository: str) -> None:
    told = msgspec.json.decode(payload)
    if table == "findings_seen" and told["target"] == repository:
        known = found.findings.get(told["finding"])
        if known is None or known["seen_at"] <= told["seen_at"]:
            found.findings[told["finding"]] = told
    elif table == "checks" and told["repository"] == repository and told.get("app") == COLLECTOR:
        if "completed_at" in told:
            found.moments[told["check_id"]] = told["completed_at"]
    elif table == "scan_runs" and told["target"] == repository:
        found.moments[told["run"]] = told["ran_at"]
    elif table == "secret_alerts" and told["repository"] == repository:
        found.alerts[told["alert"]] = {}
