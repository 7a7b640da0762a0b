"""Bandit's JSON. Its message on a password in code holds the password, and so does ``code``.

Source: bandit, ``formatters/json.py``: errors, generated_at, metrics by file, results.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.content import Content, dig, items, moment, pairs, text
from asbuilt.scans.making import Making, cwes, files, plain_path, sentences, severity, web_address
from asbuilt.scans.secrecy import keep_only

FORMAT: Final = "bandit"
_HARMLESS: Final = frozenset({
    "test_id", "test_name", "filename", "line_number", "line_range", "col_offset", "end_col_offset",
    "issue_severity", "issue_confidence", "issue_cwe", "more_info",
})  # fmt: skip


def recognises(content: Content) -> bool:
    """Whether it has results, errors, and metrics by file."""
    return content.top is not None and {"errors", "metrics", "results"} <= content.top.keys()


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The one run: Bandit writes its report when it is through, with the files that it could not read."""
    document = content.document
    failed = {
        plain_path(dig(each, "filename")): text(dig(each, "reason"), 200) for each in items(dig(document, "errors"))
    }
    looked = [plain_path(name) for name, _ in pairs(dig(document, "metrics")) if name != "_totals"]
    yield ScanRun(
        tool="Bandit",
        kind="static-analysis",
        ended=moment(dig(document, "generated_at")),
        succeeded=True if looked else None,
        files=files(path for path in looked if path not in failed),
        results=tuple(_result(each, making) for each in items(dig(document, "results")) if isinstance(each, dict)),
        unread=sentences(
            f"Bandit could not read {path or 'a file'}: {why or 'it does not say why'}."
            for path, why in failed.items()
        ),
    )


def _result(told: dict[str, Any], making: Making) -> ScanResult:
    made = making.result(
        tool="Bandit",
        rule=told.get("test_id"),
        title=f"{text(told.get('test_name'))} ({text(told.get('test_id'))})",
        message=told.get("issue_text"),
        path=plain_path(told.get("filename")),
        line=told.get("line_number"),
        end_line=max((each for each in items(told.get("line_range")) if isinstance(each, int)), default=None),
        cwe=cwes(dig(told, "issue_cwe", "id")),
        severity=severity(told.get("issue_severity")),
        snippet=making.snippet(_flagged(told)),
        url=web_address(told.get("more_info")),
    )
    if made.is_secret:
        said = text(told.get("issue_text"), 2000) or ""
        making.secret(said.partition("'")[2].rpartition("'")[0], *str(told.get("code") or "").splitlines())
        keep_only(told, _HARMLESS)
    return made


def _flagged(told: dict[str, Any]) -> str | None:
    """Of the lines in ``code``, which begin with their numbers, those that were flagged: neighbours may change."""
    code, lines = told.get("code"), {each for each in items(told.get("line_range")) if isinstance(each, int)}
    if not isinstance(code, str):
        return None
    numbered = [line.partition(" ") for line in code.splitlines()]
    return "\n".join(
        rest for number, _, rest in numbered if number.isdigit() and (not lines or int(number) in lines)
    )
