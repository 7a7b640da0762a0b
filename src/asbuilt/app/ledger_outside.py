"""What others sign of a ledger: witnesses and timestamp authorities. Requests and answers are files."""

from collections.abc import Sequence
from pathlib import Path

from asbuilt.app.ledger import signed_last
from asbuilt.app.ledger_checks import read_key
from asbuilt.ledger.checkpoints import Checkpoint, kept_checkpoints, parse_checkpoint, read_checkpoint
from asbuilt.ledger.ledger import Ledger, open_ledger
from asbuilt.ledger.timestamps import (
    ROOTS,
    Timestamp,
    keep_timestamp,
    timestamp_path,
    timestamp_request,
    verify_timestamp,
)
from asbuilt.ledger.witness import (
    Cosigned,
    accept_answer,
    add_checkpoint_request,
    keep_cosigned,
    trusted_witnesses,
    verified_cosignatures,
)
from asbuilt.model.errors import UsageError


def witness_request(folder: Path, *, old: int) -> bytes:
    """The body of the request to a witness that has seen ``old`` entries (C2SP tlog-witness, add-checkpoint).

    Raises:
        UsageError: there is no checkpoint yet, or it is older than what the witness has seen.
    """
    with open_ledger(folder, read_only=True) as ledger:
        return add_checkpoint_request(ledger, signed_last(ledger).encode(), old=old)


def witness_answer(
    folder: Path, answer: bytes, *, keys: Sequence[str], now: int, size: int | None = None
) -> tuple[Cosigned, ...]:
    """Add a witness's answer to the checkpoint that it is for; who has cosigned that is returned.

    Args:
        folder: the ledger.
        answer: the body that the witness answered.
        keys: the witness's verifier keys (signature type 4), or files of them; those accepted before are known.
        now: Unix seconds.
        size: of the checkpoint that the request was made from; None: the newest.

    Raises:
        UsageError: there is no such checkpoint.
        LedgerError: the answer does not hold.
    """
    with open_ledger(folder, read_only=True) as ledger:
        checkpoint = sealed_at(ledger, size).encode()
    trusted = (*trusted_witnesses(folder), *map(read_key, keys))
    cosigned = accept_answer(checkpoint, answer, trusted, now=now)
    keep_cosigned(folder, cosigned, trusted)
    return verified_cosignatures(parse_checkpoint(cosigned).note, trusted)


def stamp_request(folder: Path) -> bytes:
    """The request (DER) to a timestamp authority over the newest checkpoint.

    Raises:
        UsageError: there is no checkpoint yet, or the extra is not installed.
    """
    with open_ledger(folder, read_only=True) as ledger:
        return timestamp_request(signed_last(ledger))


def stamp_answer(folder: Path, answer: bytes, roots: bytes, *, size: int | None = None) -> Timestamp:
    """Verify an authority's answer and keep it beside its checkpoint.

    Raises:
        UsageError: there is no such checkpoint, or the extra is not installed.
        LedgerError: the answer does not hold.
    """
    with open_ledger(folder, read_only=True) as ledger:
        return keep_timestamp(folder, sealed_at(ledger, size), answer, roots)


def stamps(folder: Path) -> tuple[Timestamp, ...]:
    """Every kept timestamp, verified against the certificates that were kept with it.

    Raises:
        UsageError: the extra is not installed.
        LedgerError: one does not hold.
    """
    with open_ledger(folder, read_only=True):
        return tuple(
            verify_timestamp(read_checkpoint(path), stamp.read_bytes(), (folder / ROOTS).read_bytes())
            for path in kept_checkpoints(folder)
            if (stamp := timestamp_path(folder, int(path.stem))).is_file()
        )


def sealed_at(ledger: Ledger, size: int | None) -> Checkpoint:
    """The kept checkpoint of a size, or the newest.

    Raises:
        UsageError: there is none.
    """
    if size is None:
        return signed_last(ledger)
    for path in kept_checkpoints(ledger.folder):
        if int(path.stem) == size:
            return read_checkpoint(path)
    raise UsageError(
        f"No checkpoint of {size} entries is kept.", fix="`ls` the folder `checkpoints` of the ledger."
    )
