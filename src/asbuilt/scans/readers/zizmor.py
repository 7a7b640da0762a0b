"""Zizmor's JSON (version 1): findings in the workflows of GitHub Actions.

Source: zizmor, ``crates/zizmor/src/finding``: ident, determinations, locations with symbolic and concrete parts.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.content import Content, dig, items, pairs
from asbuilt.scans.making import Making, plain_path, severity, suppressed, web_address

FORMAT: Final = "zizmor"


def recognises(content: Content) -> bool:
    """Whether it is a list of findings with determinations."""
    if content.top is not None or content.is_xml:
        return False
    first = dig(content.document, 0)
    return isinstance(first, dict) and {"ident", "determinations", "locations"} <= first.keys()


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The one run; the report does not say whether it came to its end."""
    found = [each for each in items(content.document) if isinstance(each, dict)]
    yield ScanRun(tool="zizmor", kind="static-analysis", results=tuple(_result(each, making) for each in found))


def _result(told: dict[str, Any], making: Making) -> ScanResult:
    places = [each for each in items(told.get("locations")) if isinstance(each, dict)]
    primary = next(
        (each for each in places if dig(each, "symbolic", "kind") == "Primary"), places[0] if places else None
    )
    location = dig(primary, "concrete", "location")
    start = dig(location, "start_point", "row")
    end = dig(location, "end_point", "row")
    return making.result(
        tool="zizmor",
        rule=told.get("ident"),
        message=told.get("desc"),
        title=told.get("desc"),
        path=_path(dig(primary, "symbolic", "key")),
        line=start + 1 if isinstance(start, int) else None,  # rows count from 0
        end_line=end + 1 if isinstance(end, int) else None,
        is_secret=False,
        severity=severity(dig(told, "determinations", "severity")),
        snippet=making.snippet(dig(primary, "concrete", "feature")),
        suppressed=suppressed("in-source") if told.get("ignored") is True else None,
        url=web_address(told.get("url")),
    )


def _path(key: Any) -> str | None:
    """A file of this checkout (``verbatim_path``, earlier ``given_path``), or of one that was fetched."""
    for _, place in pairs(key):
        return plain_path(dig(place, "verbatim_path") or dig(place, "given_path") or dig(place, "path"))
    return None
