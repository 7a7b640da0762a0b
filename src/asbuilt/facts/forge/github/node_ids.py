"""The database id inside a node id of GitHub's, so that GraphQL, REST, exports and webhooks name one event alike.

Two forms are in use. The old one is base64 of ``LENGTH:TypeID`` (``011:MergedEvent101354033``). The new one is
``PREFIX_`` and base64url of a MessagePack list whose last number is the id; GitHub promises neither, so what does
not read exactly so keeps its node id.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from asbuilt.facts.forge.values import own_id

_OLD = re.compile(rb"0\d{1,3}:[A-Za-z_]+?([1-9][0-9]{0,18})")
_NEW = re.compile(r"[A-Za-z]{1,12}_([A-Za-z0-9_-]{6,120})")
_SIZES = {0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}  # MessagePack: unsigned 8, 16, 32, 64


@lru_cache(1 << 12)
def database_id(node_id: str) -> str | None:
    """The number that a node id holds, as text, or None."""
    if len(node_id) > 200 or not node_id.isascii():
        return None
    new = _NEW.fullmatch(node_id)
    if new is not None:
        number = _last_number(_decoded(new[1].replace("-", "+").replace("_", "/")))
        return None if number is None else str(number)
    old = _OLD.fullmatch(_decoded(node_id))
    return old[1].decode() if old else None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        return b""


def _last_number(packed: bytes) -> int | None:
    """The last item of a MessagePack list of at least two numbers; None where it is anything else."""
    if not packed or packed[0] & 0xF0 != 0x90 or packed[0] & 0x0F < 2:
        return None
    at, found = 1, []
    for _ in range(packed[0] & 0x0F):
        if at >= len(packed):
            return None
        head = packed[at]
        size = 0 if head < 0x80 else _SIZES.get(head, -1)
        if size < 0 or at + 1 + size > len(packed):
            return None
        found.append(int.from_bytes(packed[at + 1 : at + 1 + size], "big") if size else head)
        at += 1 + size
    return found[-1] or None if at == len(packed) else None


def any_id(told: Mapping[str, Any]) -> str | None:
    """The id of an object of whichever shape: the forge's number, that inside its node id, else the node id."""
    for name in ("fullDatabaseId", "databaseId", "id"):
        value = told.get(name)
        if value is not None:
            own = own_id(value)
            if own is not None and own.isdigit():
                return own
    for name in ("node_id", "id"):
        own = own_id(told.get(name))
        if own is not None:
            return database_id(own) or own
    return None
