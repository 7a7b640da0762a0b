"""Trivy's JSON (schema 2): packages, misconfigurations and secrets of each target, one run for each of the three.

Source: trivy, ``pkg/types/report.go``, ``result.go``, ``pkg/scanner/langpkg/scan.go``. A file of packages that
nothing is known against is left out, unless all packages are listed; where no target of a class is listed, nobody
can tell whether Trivy looked for it.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanKind, ScanResult, ScanRun
from asbuilt.scans.content import Content, dig, items, moment, text
from asbuilt.scans.making import Making, cwes, files, plain_path, severity, suppressed, web_address
from asbuilt.scans.secrecy import is_masked, keep_only

FORMAT: Final = "trivy"
_HARMLESS: Final = frozenset({"RuleID", "Category", "Severity", "Title", "StartLine", "EndLine"})
_CLASSES: Final[dict[str, ScanKind]] = {
    "os-pkgs": "dependency-scan",
    "lang-pkgs": "dependency-scan",
    "config": "static-analysis",
    "secret": "secret-scan",
}


def recognises(content: Content) -> bool:
    """Whether it names an artifact and a version of Trivy's schema."""
    return content.top is not None and {"SchemaVersion", "ArtifactName"} <= content.top.keys()


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """One run for each class of targets; the report does not say whether it came to its end."""
    document = content.document
    targets = [each for each in items(dig(document, "Results")) if isinstance(each, dict)]
    found: dict[ScanKind, list[ScanResult]] = {}
    looked: dict[ScanKind, list[str | None]] = {}
    # Packages are listed for their licences too, and then nobody has looked for what is known against them.
    packages_alone = any("Licenses" in each for each in targets) and not any(
        "Vulnerabilities" in each for each in targets
    )
    for target in targets:
        path = plain_path(target.get("Target"))
        kind = _CLASSES.get(str(target.get("Class", "lang-pkgs" if "Vulnerabilities" in target else "")))
        if kind is not None and not (kind == "dependency-scan" and packages_alone):
            looked.setdefault(kind, []).append(path)
        for own, results in _of_target(target, path, making):
            found.setdefault(own, []).extend(results)
    kinds: set[ScanKind] = {*looked, *found} or {"dependency-scan"}
    for one in sorted(kinds):
        yield ScanRun(
            tool="Trivy",
            kind=one,
            version=text(dig(document, "Trivy", "Version"), 60),
            ended=moment(dig(document, "CreatedAt")),
            any_rule=one == "dependency-scan",
            files=files(looked.get(one, ())) or frozenset(),
            names_all_with="--list-all-pkgs" if one == "dependency-scan" else None,
            results=tuple(found.get(one, ())),
            unread=()
            if looked
            else ("Trivy names no target of packages, settings or secrets: nothing was looked at.",),
        )


def _of_target(
    target: dict[str, Any], path: str | None, making: Making
) -> Iterator[tuple[ScanKind, list[ScanResult]]]:
    if weak := items(target.get("Vulnerabilities")):
        yield "dependency-scan", [_package(each, path, making) for each in weak]
    if set_wrong := [each for each in items(target.get("Misconfigurations")) if dig(each, "Status") != "PASS"]:
        yield "static-analysis", [_setting(each, path, making) for each in set_wrong]
    if secrets := items(target.get("Secrets")):
        yield "secret-scan", [_secret(each, path, making) for each in secrets]


def _package(told: Any, path: str | None, making: Making) -> ScanResult:
    status = dig(told, "Status")
    return making.result(
        tool="Trivy",
        rule=dig(told, "VulnerabilityID"),
        message=dig(told, "Title") or dig(told, "Description"),
        path=plain_path(dig(told, "PkgPath")) or path,
        is_secret=False,
        cwe=cwes(dig(told, "CweIDs")),
        severity=severity(dig(told, "Severity")),
        purl=text(dig(told, "PkgIdentifier", "PURL"), 500),
        fixed_in=tuple(
            each.strip() for each in (text(dig(told, "FixedVersion"), 300) or "").split(",") if each.strip()
        ),
        aliases=tuple(each for name in items(dig(told, "VendorIDs")) if (each := text(name, 100))),
        suppressed=suppressed("external", None, "not affected") if status == "not_affected" else None,
        url=web_address(dig(told, "PrimaryURL")),
        **making.package("", dig(told, "PkgName"), dig(told, "InstalledVersion")),
    )


def _setting(told: Any, path: str | None, making: Making) -> ScanResult:
    return making.result(
        tool="Trivy",
        rule=dig(told, "ID") or dig(told, "AVDID"),
        message=dig(told, "Message") or dig(told, "Title"),
        title=dig(told, "Title"),
        path=path,
        line=dig(told, "CauseMetadata", "StartLine"),
        end_line=dig(told, "CauseMetadata", "EndLine"),
        is_secret=False,
        severity=severity(dig(told, "Severity")),
        snippet=making.snippet(
            "\n".join(
                str(dig(line, "Content"))
                for line in items(dig(told, "CauseMetadata", "Code", "Lines"))
                if dig(line, "IsCause") is True
            )
        ),
        url=web_address(dig(told, "PrimaryURL")),
    )


def _secret(told: Any, path: str | None, making: Making) -> ScanResult:
    """Trivy masks secrets itself, but not always all of them: what it shows is left out."""
    match = dig(told, "Match")
    making.secret(
        match, *(dig(line, "Content") for line in items(dig(told, "Code", "Lines")) if dig(line, "IsCause") is True)
    )
    made = making.result(
        tool="Trivy",
        rule=dig(told, "RuleID"),
        message=None,
        title=dig(told, "Title"),
        path=path,
        line=dig(told, "StartLine"),
        end_line=dig(told, "EndLine"),
        is_secret=True,
        severity=severity(dig(told, "Severity")),
        snippet=making.snippet(match),
        is_masked=is_masked(match),
    )
    keep_only(told, _HARMLESS)
    return made
