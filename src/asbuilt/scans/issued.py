"""Whether what looks like a secret may be one: checksums of issuers, keys that are public, what was made up.

1. What its issuer means to be seen by everybody is no secret: publishable keys, the anonymous key of Supabase, the
   account that storage emulators share.
2. Where a token carries a checksum (GitHub and npm: CRC-32 of what stands before it, in base 62), a wrong one says
   that nobody issued it.
3. A run of characters in order, or a word such as ``example`` inside, says that a person made it up.
4. An example beside it, or the settings of a Firebase web app around it, says what it is for.

A doubt lowers the severity and is told; it takes nothing away.
"""

import base64
import binascii
import json
import re
import zlib
from itertools import pairwise
from typing import Final

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WITH_CHECKSUM: Final = re.compile(r"(?:gh[pousr]|npm)_([0-9A-Za-z]{30})([0-9A-Za-z]{6})")
_PUBLIC: Final = re.compile(
    r"0x[0-9a-fA-F]{40}|pk_(?:live|test)_\w+|sb_publishable_\w+|phc_\w+|6L[0-9A-Za-z_-]{38}|Eby8vdM02xNOcqFlqUwJPLlm[0-9A-Za-z+/=]+"
)
_MADE_UP: Final = re.compile(
    r"(?i)example|dummy|fake|sample|redacted|placeholder|your[-_]|test[-_]?(?:key|token|secret)|xxxx|(\w)\1{4}|0123|12345"
    r"|deadbeef|this[-_]?is"
)
_RUN: Final = 6  # characters that follow each other in the alphabet, or among the digits
_EXAMPLE: Final = re.compile(
    rb"(?i)(?:[\"']?\bexamples?[\"']?\s*[:=(]|\be\.g\.|for example|such as)[^\n]{0,120}(?:\n[^\n]{0,120}){0,2}\Z"
)
_FIREBASE: Final = re.compile(rb"authDomain|messagingSenderId|FIREBASE|firebase")
_AROUND: Final = 400  # bytes


def is_public(value: str) -> bool:
    """Step (1): whether everybody is meant to see a value."""
    if _PUBLIC.fullmatch(value):
        return True
    return role_of(value) == "anon"


def role_of(value: str) -> str | None:
    """The role that a JSON Web Token states, without any check of its signature."""
    return claim_of(value, "role")


def claim_of(value: str, name: str) -> str | None:
    """A text that a JSON Web Token states."""
    parts = value.split(".")
    if len(parts) != 3 or not value.startswith("eyJ") or len(value) > 4_000:
        return None
    try:
        told = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    own = told.get(name) if isinstance(told, dict) else None
    return own if isinstance(own, str) else None


def doubt(value: str, data: bytes, start: int, end: int) -> str | None:
    """Why a value may be no secret that somebody issued, as the end of a sentence; None: nothing says so."""
    # (2) A checksum.
    told = _WITH_CHECKSUM.fullmatch(value)
    if told is not None and checksum(told[1]) != told[2]:
        return "its checksum is wrong, so that its provider never issued it"
    # (3) Made up.
    if _MADE_UP.search(value) or _has_run(value):
        return "it looks made up: a word, or characters in order, stand in it"
    # (4) What stands around it.
    if claim_of(value, "iss") == "supabase-demo":
        return "it is the key that every local installation has"
    if value.startswith("AIza") and _FIREBASE.search(data[max(0, start - _AROUND) : end + _AROUND]):
        return "a web app of Firebase shows this key to everybody; what it may do is for its restrictions and rules"
    if _EXAMPLE.search(data[max(0, start - _AROUND) : start]):
        return "it stands in an example"
    return None


def checksum(text: str) -> str:
    """CRC-32 in base 62, of six digits."""
    rest, digits = zlib.crc32(text.encode()), ""
    while rest:
        rest, digit = divmod(rest, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0")


def _has_run(value: str) -> bool:
    length = 1
    for one, other in pairwise(value):
        length = length + 1 if ord(other) - ord(one) == 1 and other.isalnum() and one.isalnum() else 1
        if length >= _RUN:
            return True
    return False
