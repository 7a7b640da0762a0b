"""From what a scanner told to rows: its run, its findings, its secrets, and the check of the commit.

1. A run whose end nobody states is no run: no row says that it looked. A list of alerts is none either.
2. A check succeeded when the run ended well, read everything, and tells nothing critical, high or unrated.
3. A finding that is set aside in the code or by the tool stays open: only a person's decision, with an end, counts.
4. A finding is fixed when the same tool ran to its end, later, with that rule on that file (or, of a scanner of
dependencies that names no files, over the same scope), and no longer tells it.
5. A secret is an alert once, however many places it stands in; that a later scan does not show it closes nothing,
as it stays in the history.
"""

from collections import Counter
from collections.abc import Container, Iterator
from typing import Any, Final

import msgspec

from asbuilt.app.scan_state import Earlier
from asbuilt.app.shelf import Shelf
from asbuilt.facts.forge.page import Row
from asbuilt.facts.recording.values import moment_text
from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.identity import identified, secret_identity, tool_family

_BAD: Final = frozenset({"critical", "high", None})
_MARK: Final = " scan "  # between the repository and the identity, in the id of a finding


class Scanned(msgspec.Struct, frozen=True):
    """What a run is recorded of: the repository, the commit, the run's id, and when it ended (Unix seconds).

    ``scope`` is what of the repository the report is about (a folder, an image); None: all of it.
    ``unmerged``: the commit has not landed; then it is checked, and no clock of a finding starts or ends.
    """

    repository: str
    commit: str | None
    run: str
    ran_at: int
    scope: str | None = None
    unmerged: bool = False


def rows_of(run: ScanRun, scanned: Scanned, earlier: Earlier, left: "Counter[str] | None" = None) -> Iterator[Row]:
    """The rows of one run; ``left`` counts, by file, earlier findings that it neither tells nor closes."""
    when = moment_text(scanned.ran_at)
    if not run.is_listing:
        yield from _run_rows(run, scanned, when)
    counts = run.kind != "tests" and not scanned.unmerged
    seen = Shelf()
    for own, result in identified(run.results):
        alert = f"scan {secret_identity(result) or own}"
        if result.is_secret and not run.is_listing and result.state == "open" and alert not in earlier.alerts:
            where: dict[str, object] = {"repository": scanned.repository, "alert": alert}
            told = {"kind": result.rule, "commit": result.commit, "opened_at": when}
            yield Row("secret_alerts", {**where, **told})
        if counts and not (result.is_secret or result.state == "absent" or run.is_listing):
            row = _finding(own, result, scanned, when)
            if (finding := str(row.told["finding"])) in earlier.findings:
                seen[finding] = {}
            yield row
    if counts:
        yield from _fixed(run, seen, scanned, earlier, Counter() if left is None else left)


def _run_rows(run: ScanRun, scanned: Scanned, when: str) -> Iterator[Row]:
    # (1) Nobody states that it came to its end.
    if run.succeeded is None:
        return
    if run.kind != "tests" and not scanned.unmerged:
        told = {"run": scanned.run, "target": scanned.repository, "scanner": run.tool, "ran_at": when}
        yield Row("scan_runs", told | {"succeeded": run.succeeded})
    if scanned.commit is not None:
        yield Row(
            "checks",
            {
                "check_id": scanned.run,
                "repository": scanned.repository,
                "commit": scanned.commit,
                "name": run.tool,
                "kind": run.kind,
                "conclusion": conclusion(run),
                "completed_at": when,
                "app": "asbuilt record scan",
            },
        )


def conclusion(run: ScanRun) -> str:
    """(2) ``success``, ``failure``; ``neutral`` of a run that left something unread."""
    if run.succeeded is not True:
        return "failure"
    still = (result for result in run.results if result.state == "open" and result.suppressed is None)
    if any(run.kind == "tests" or result.is_secret or result.severity in _BAD for result in still):
        return "failure"
    return "neutral" if run.unread else "success"


def _finding(own: str, result: ScanResult, scanned: Scanned, when: str) -> Row:
    about = f" [{scanned.scope}]" if scanned.scope else ""
    # (3) Set aside, and yet open.
    told: dict[str, Any] = {
        "finding": f"{scanned.repository}{about}{_MARK}{own}",
        "seen_at": when,
        "target": scanned.repository,
        "found_by": result.tool,
        "severity": result.severity or "unrated",
        "title": _title(result),
        "rule": result.rule,
        "path": result.path,
        "line": result.line,
        "commit": scanned.commit,
        "package": result.package,
        "package_version": result.version if result.package else None,
        "scope": scanned.scope,
    }
    return Row("findings_seen", told)


def _fixed(
    run: ScanRun, seen: Container[str], scanned: Scanned, earlier: Earlier, left: "Counter[str]"
) -> Iterator[Row]:
    """(4) What the run looked for, and no longer tells."""
    if run.succeeded is not True or run.is_listing:
        return
    when, family = moment_text(scanned.ran_at), tool_family(run.tool)
    for finding, known in earlier.findings.items():
        is_gone = finding not in seen and _MARK in finding and "closed_at" not in known and known["seen_at"] < when
        is_its = known.get("scope") == scanned.scope and tool_family(known["found_by"]) == family
        if not (is_gone and is_its):
            continue
        if not run.looked_at(known.get("rule", ""), known.get("path"), known.get("package")):
            left[str(known.get("path") or "no file")] += 1
            continue
        kept = {name: value for name, value in known.items() if name not in {"first_seen_at", "line", "fix_commit"}}
        yield Row("findings_seen", kept | {"seen_at": when, "closed_at": when, "commit": scanned.commit})


def _title(result: ScanResult) -> str:
    if result.package is None:
        return result.message
    return f"{result.package} {result.version or ''}: {result.message}".replace(" :", ":")
