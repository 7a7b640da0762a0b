"""OSV-Scanner's JSON, version 1 and 2: packages by the file that names them, advisories in groups of aliases.

Source: osv-scanner, ``pkg/models/results.go``. One result for each group: its advisories are one weakness.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.content import Content, dig, items, text
from asbuilt.scans.making import Making, cwes, files, plain_path, severity

FORMAT: Final = "osv-scanner"


def recognises(content: Content) -> bool:
    """Whether its results hold packages of a source."""
    top = content.top
    if top is None or "results" not in top:
        return False
    if "experimental_config" in top:
        return True
    first = next(content.elements(top["results"]) or iter(()), None)
    members = None if first is None else content.members(first)
    return members is not None and {"source", "packages"} <= members.keys()


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The one run; files without a weakness are listed only where all packages are: of others it tells nothing."""
    results = items(dig(content.document, "results"))
    paths = [plain_path(dig(each, "source", "path")) for each in results]
    yield ScanRun(
        tool="osv-scanner",
        kind="dependency-scan",
        any_rule=True,
        files=files(paths) or frozenset(),
        names_all_with="--all-packages (1.x: --experimental-all-packages)",
        results=tuple(
            made
            for path, told in zip(paths, results, strict=True)
            for package in items(dig(told, "packages"))
            for made in _results(package, path, making)
        ),
    )


def _results(package: Any, path: str | None, making: Making) -> Iterator[ScanResult]:
    told = {
        dig(each, "id"): each for each in items(dig(package, "vulnerabilities")) if isinstance(dig(each, "id"), str)
    }
    groups = [
        [each for each in items(dig(group, "ids")) if isinstance(each, str)]
        for group in items(dig(package, "groups"))
    ]
    scores = [dig(group, "max_severity") for group in items(dig(package, "groups"))]
    loose = [[own] for own in told if not any(own in group for group in groups)]
    scores += [None] * len(loose)
    for ids, score in zip([*groups, *loose], scores, strict=True):
        if not ids:
            continue
        known = [told[own] for own in ids if own in told]
        names = dict.fromkeys(
            [*ids, *(name for each in known for name in items(dig(each, "aliases")) if isinstance(name, str))]
        )
        words = [severity(dig(each, "database_specific", "severity")) for each in known]
        yield making.result(
            tool="osv-scanner",
            rule=min(ids),
            message=next((said for each in known if (said := dig(each, "summary") or dig(each, "details"))), None),
            path=path,
            is_secret=False,
            cwe=cwes([each for one in known for each in items(dig(one, "database_specific", "cwe_ids"))]),
            severity=severity(score) or next((word for word in words if word), None),
            aliases=tuple(name[:100] for name in names if name != min(ids))[:50],
            fixed_in=tuple(_fixed(known)),
            url=f"https://osv.dev/vulnerability/{text(min(ids), 80)}",
            **making.package(
                text(dig(package, "package", "ecosystem"), 60) or "",
                dig(package, "package", "name"),
                dig(package, "package", "version") or dig(package, "package", "commit"),
            ),
        )


def _fixed(known: list[Any]) -> list[str]:
    found = {
        fixed
        for each in known
        for affected in items(dig(each, "affected"))
        for extent in items(dig(affected, "ranges"))
        if dig(extent, "type") != "GIT"
        for event in items(dig(extent, "events"))
        if (fixed := text(dig(event, "fixed"), 100))
    }
    return sorted(found)[:20]
