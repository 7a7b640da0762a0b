"""What CycloneDX and SPDX share: identifiers from digests, digests in hex, moments, one way to write JSON."""

import base64
import binascii
import hashlib
import re
import uuid
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from asbuilt.model.deps import Dependency
from asbuilt.model.sbom import Bill, Entry
from asbuilt.reports.json import escape_active

_BYTES: Final = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}


def serial(bill: Bill, form: str) -> uuid.UUID:
    """The same for the same content in the same form."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"asbuilt:sbom:{form}:{bill.product}:{bill.is_work_tree}:{bill.digest}")


def reference(entry: Entry) -> str:
    """An identifier of one entry: the same in every bill that has it."""
    own = entry.component
    told = "\0".join((own.ecosystem, own.purl, own.source or "", own.declared or "", own.version or ""))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def moment(seconds: int) -> str:
    """A moment as text."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def digests(entry: Entry) -> dict[str, str]:
    """The digests of a component in hex, by algorithm.

    An algorithm that has several (one for each file of a release) is left out: none of them is of the component.
    """
    found: dict[str, set[str]] = {}
    for told in entry.component.hashes:
        kind, _, value = told.partition(":")
        known = _hex(kind.lower(), value)
        if known:
            found.setdefault(kind.lower(), set()).add(known)
    return {kind: next(iter(values)) for kind, values in sorted(found.items()) if len(values) == 1}


def _hex(kind: str, value: str) -> str | None:
    size = _BYTES.get(kind)
    if size is None:
        return None
    if re.fullmatch(rf"[0-9a-fA-F]{{{2 * size}}}", value):
        return value.lower()
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data.hex() if len(data) == size else None


def brought_words(own: Dependency) -> list[tuple[str, str]]:
    """Which commit brought a component, who wrote and who approved it: names, and values that are known."""
    told = [
        ("introduced", own.kind),
        ("introduced-commit", own.commit),
        ("introduced-at", None if own.at is None else moment(own.at)),
        ("introduced-first", own.first),
        ("introduced-previous", own.previous),
        ("introduced-change", own.change),
        ("introduced-request", None if own.number is None else str(own.number)),
        ("introduced-attribution", own.attribution),
        ("introduced-tools", ", ".join(own.tools)),
        ("introduced-approval", own.approval),
        ("introduced-approved-by", ", ".join(own.approved_by)),
    ]
    return [(name, value) for name, value in told if value]


def document(value: dict[str, Any]) -> bytes:
    """UTF-8 JSON, two spaces of indent, keys as they come, one line break at the end."""
    return escape_active(msgspec.json.format(msgspec.json.encode(value), indent=2)) + b"\n"
