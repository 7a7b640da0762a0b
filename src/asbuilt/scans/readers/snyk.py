"""``snyk test --json``: one project, or a list of them. Snyk Code writes SARIF, which ``sarif`` reads.

Source: snyk cli, ``legacy test`` output: vulnerabilities, ok, packageManager, displayTargetFile; or an error.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.content import Content, dig, items, text
from asbuilt.scans.making import Making, cwes, files, plain_path, sentences, severity, suppressed, web_address

FORMAT: Final = "snyk"
_ECOSYSTEMS: Final = {
    "npm": "npm", "yarn": "npm", "pip": "PyPI", "poetry": "PyPI", "maven": "Maven", "gradle": "Maven",
    "rubygems": "RubyGems", "gomodules": "Go", "golangdep": "Go", "nuget": "NuGet", "composer": "Packagist",
    "hex": "Hex",
}  # fmt: skip


def recognises(content: Content) -> bool:
    """Whether it is a project of Snyk's, or begins with one."""
    if content.is_xml:
        return False
    if content.top is not None:
        return _is_project(content.top)
    return any(_is_project(each) for each in items(content.document)[:5])


def _is_project(told: Any) -> bool:
    if not isinstance(told, dict):
        return False
    return ("vulnerabilities" in told and bool({"ok", "packageManager", "dependencyCount"} & told.keys())) or (
        {"ok", "error"} <= told.keys()
    )


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """One run over all projects; one project with an error makes it a failed run."""
    projects = [content.document] if content.top is not None else items(content.document)
    failed = [each for each in projects if not isinstance(dig(each, "vulnerabilities"), list)]
    yield ScanRun(
        tool="Snyk",
        kind="dependency-scan",
        succeeded=bool(projects) and not failed,
        any_rule=True,
        files=files(_file(each) for each in projects if each not in failed),
        results=tuple(made for each in projects for made in _results(each, making)),
        unread=sentences(
            f"Snyk did not test {_file(each) or 'a project'}: "
            f"{text(dig(each, 'error') or dig(each, 'message'), 300) or 'it does not say why'}"
            for each in failed
        ),
    )


def _file(project: Any) -> str | None:
    return plain_path(dig(project, "displayTargetFile") or dig(project, "targetFile"))


def _results(project: Any, making: Making) -> Iterator[ScanResult]:
    """One for each weakness of each version: Snyk tells it again for every way to it."""
    seen = set()
    ignored = dig(project, "filtered", "ignore")
    for told, is_ignored in [
        *((each, False) for each in items(dig(project, "vulnerabilities"))),
        *((each, True) for each in items(ignored)),
    ]:
        own = (
            text(dig(told, "id"), 200),
            text(dig(told, "packageName") or dig(told, "name"), 300),
            text(dig(told, "version"), 200),
        )
        if own in seen:
            continue
        seen.add(own)
        identifiers = dig(told, "identifiers")
        why = dig(told, "filtered", "ignored", 0)
        yield making.result(
            tool="Snyk",
            rule=own[0],
            message=dig(told, "title"),
            path=_file(project),
            is_secret=False,
            cwe=cwes(dig(identifiers, "CWE")),
            severity=severity(dig(told, "severity")),
            aliases=tuple(
                each
                for kind in ("CVE", "GHSA")
                for name in items(dig(identifiers, kind))
                if (each := text(name, 100))
            ),
            fixed_in=tuple(each for name in items(dig(told, "fixedIn")) if (each := text(name, 100))),
            suppressed=suppressed("external", dig(why, "ignoredBy", "name"), dig(why, "reason"))
            if is_ignored
            else None,
            url=web_address(f"https://security.snyk.io/vuln/{own[0]}"),
            **making.package(_ECOSYSTEMS.get(str(dig(project, "packageManager")), ""), own[1], own[2]),
        )
