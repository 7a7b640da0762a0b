"""A baseline of detect-secrets. Its hashes are plain SHA-1, which a short secret does not withstand: they go.

Source: detect-secrets, ``core/baseline.py`` and ``core/potential_secret.py``.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.content import Content, dig, items, moment, pairs, text
from asbuilt.scans.making import Making, plain_path, suppressed
from asbuilt.scans.secrecy import keep_only

FORMAT: Final = "detect-secrets"
_HARMLESS: Final = frozenset({"type", "filename", "line_number", "is_verified", "is_secret"})


def recognises(content: Content) -> bool:
    """Whether it names its plugins beside results by file."""
    return content.top is not None and {"plugins_used", "results"} <= content.top.keys()


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The one run; a baseline does not say whether it came to its end, nor which files it looked at."""
    document = content.document
    version = text(dig(document, "version"), 60)
    found = [
        _result(path, each, making, version)
        for path, told in pairs(dig(document, "results"))
        for each in items(told)
        if isinstance(each, dict)
    ]
    yield ScanRun(
        tool="detect-secrets",
        kind="secret-scan",
        version=version,
        ended=moment(dig(document, "generated_at")),
        results=tuple(found),
    )


def _result(path: str, told: dict[str, Any], making: Making, version: str | None) -> ScanResult:
    kind = text(told.get("type"), 200)
    hashed = making.secret(told.get("hashed_secret"))
    made = making.result(
        tool="detect-secrets",
        tool_version=version,
        rule=kind,
        message=None,
        title=kind,
        path=plain_path(told.get("filename")) or plain_path(path),
        line=told.get("line_number"),
        is_secret=True,
        secret=hashed,
        severity="high",
        suppressed=suppressed("baseline", None, "is_secret: false") if told.get("is_secret") is False else None,
    )
    keep_only(told, _HARMLESS)
    return made
