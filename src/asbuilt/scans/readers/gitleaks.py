"""Gitleaks' JSON, version 7 and later: what it calls Secret, Match and Line is hashed with a key and left out.

Source: gitleaks, ``report/finding.go`` (8), ``report/leak.go`` (7). An empty list is any tool's: name the tool.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.content import Content, dig, items, moment
from asbuilt.scans.making import Making, commit_id, plain_path
from asbuilt.scans.secrecy import keep_only

FORMAT: Final = "gitleaks"
_HARMLESS: Final = frozenset({
    "RuleID", "Description", "StartLine", "EndLine", "StartColumn", "EndColumn", "File", "SymlinkFile", "Commit",
    "Date", "Tags", "Entropy", "rule", "lineNumber", "file", "commit", "date", "repo", "tags", "operation",
})  # fmt: skip


def recognises(content: Content) -> bool:
    """Whether it is a list of leaks."""
    if content.top is not None or content.is_xml:
        return False
    first = dig(content.document, 0)
    return isinstance(first, dict) and (
        {"RuleID", "Secret"} <= first.keys() or {"offender", "rule"} <= first.keys()
    )


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The one run; the report does not say whether it came to its end."""
    leaks = [each for each in items(content.document) if isinstance(each, dict)]
    yield ScanRun(tool="gitleaks", kind="secret-scan", results=tuple(_result(each, making) for each in leaks))


def _result(told: dict[str, Any], making: Making) -> ScanResult:
    hashed = making.secret(
        told.get("Secret") or told.get("offender"), told.get("Match"), told.get("Line"), told.get("line")
    )
    made = making.result(
        tool="gitleaks",
        rule=told.get("RuleID") or told.get("rule"),
        message=None,
        title=told.get("Description"),
        path=plain_path(told.get("File") or told.get("file")),
        line=told.get("StartLine") or told.get("lineNumber"),
        end_line=told.get("EndLine"),
        is_secret=True,
        secret=hashed,
        # Of a masked one the line and the commit are all that tells it from others.
        snippet=None if hashed else making.snippet(f"{told.get('Commit')} {told.get('Match') or told.get('Line')}"),
        is_masked=hashed is None,
        severity="high",
        commit=commit_id(told.get("Commit") or told.get("commit")),
        opened=moment(told.get("Date") or told.get("date")),
    )
    keep_only(told, _HARMLESS)
    return made
