"""Grype's JSON: matches of packages against its database.

Source: grype, ``presenter/models/document.go``: matches, ignoredMatches, source, descriptor.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanResult, ScanRun, Suppressed
from asbuilt.scans.content import Content, dig, items, moment, text
from asbuilt.scans.making import Making, cwes, plain_path, severity, suppressed, web_address

FORMAT: Final = "grype"


def recognises(content: Content) -> bool:
    """Whether it has matches and names the tool or the source."""
    return (
        content.top is not None
        and "matches" in content.top
        and bool({"descriptor", "source", "distro"} & content.top.keys())
    )


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The one run; the report names no files without matches, nor whether it came to its end."""
    document = content.document
    version = text(dig(document, "descriptor", "version"), 60)
    kept = [_result(each, making, version, None) for each in items(dig(document, "matches"))]
    ignored = [_result(each, making, version, _ignored(each)) for each in items(dig(document, "ignoredMatches"))]
    yield ScanRun(
        tool="Grype",
        kind="dependency-scan",
        version=version,
        ended=moment(dig(document, "descriptor", "timestamp")),
        any_rule=True,
        results=(*kept, *ignored),
    )


def _ignored(match: Any) -> Suppressed:
    rule = dig(match, "appliedIgnoreRules", 0)
    return suppressed("external", None, dig(rule, "reason") or dig(rule, "vex-justification"))


def _result(match: Any, making: Making, version: str | None, ignored: Suppressed | None) -> ScanResult:
    weakness, artifact = dig(match, "vulnerability"), dig(match, "artifact")
    return making.result(
        tool="Grype",
        tool_version=version,
        rule=dig(weakness, "id"),
        message=dig(weakness, "description") or f"{dig(artifact, 'name')}: {dig(weakness, 'id')}",
        path=plain_path(dig(artifact, "locations", 0, "path")),
        is_secret=False,
        cwe=cwes([dig(each, "cwe") for each in items(dig(weakness, "cwes"))]),
        severity=severity(dig(weakness, "severity")),
        purl=text(dig(artifact, "purl"), 500),
        fixed_in=tuple(each for told in items(dig(weakness, "fix", "versions")) if (each := text(told, 100))),
        aliases=tuple(
            each for told in items(dig(match, "relatedVulnerabilities")) if (each := text(dig(told, "id"), 100))
        ),
        suppressed=ignored,
        url=web_address(dig(weakness, "dataSource")),
        **making.package(text(dig(artifact, "type"), 60) or "", dig(artifact, "name"), dig(artifact, "version")),
    )
