"""Findings of the table of routes: those that change something, and that nothing stands before."""

from collections.abc import Mapping
from itertools import groupby
from typing import Final

from asbuilt.model.finding import CodeFinding, RuleNote
from asbuilt.model.route import Route, RouteTable
from asbuilt.scans.acceptance import Accepted, acceptances
from asbuilt.scans.decoding import as_text
from asbuilt.scans.lines import Lines

SCANNER: Final = "AsBuilt"
RULE: Final = "missing-authentication"
NOTE: Final = RuleNote(
    id=RULE,
    title="A route changes something, and anybody may call it",
    severity="high",
    cwe=("CWE-306",),
    why="Whoever reaches the application can call it: nothing asks who they are before data is changed.",
    remedy="Put the guard of this application before it; or say that it is open: [scan] public in asbuilt.toml, or "
    "a comment that accepts it with a reason. A guard that is not known here is named in [scan] guards.",
    blind_spot="Guards that are put on at run time, or by a proxy before the application. A route that is named "
    "like a sign-in, a registration, a webhook and the like, and shows that it is one (it checks a password or a "
    "signature), is open by nature and not flagged; by its name alone it is flagged as low.",
)
_OPEN: Final = "It changes something, and nothing stands before it that refuses who is not signed in."
_DOUBTFUL: Final = "It is named like something that is open by nature, and nothing in it shows that it is."


def findings_of(table: RouteTable, files: Mapping[str, bytes]) -> tuple[CodeFinding, ...]:
    """One finding for each place with a flagged route; comments of the code that accept it are joined to it.

    ``files`` are the contents of the files that routes stand in, by path; of others no line is shown.
    """
    found = []
    for path, of_file in groupby(table.flagged, key=lambda route: route.file):
        text = as_text(files.get(path, b"")) or ""
        lines, accepted = Lines(text), acceptances(path, text)[0]
        for line, routes in groupby(of_file, key=lambda route: route.line):
            found.append(_finding(list(routes), line, lines, accepted))
    return tuple(found)


def _finding(routes: list[Route], line: int, lines: Lines, accepted: list[Accepted]) -> CodeFinding:
    shown = ", ".join(dict.fromkeys(f"{'/'.join(route.methods)} {route.path}" for route in routes))
    own_line = lines.shown(line, line)
    doubtful = all(route.doubt is not None for route in routes)
    return CodeFinding(
        scanner=SCANNER,
        rule=RULE,
        severity="low" if doubtful else "high",
        message=_DOUBTFUL if doubtful else _OPEN,
        path=routes[0].file,
        line=line,
        end_line=line,
        snippet=f"{shown[:200]}: {own_line}" if own_line else shown[:200],
        cwe=NOTE.cwe,
        accepted=next((own.told for own in accepted if own.told.rule == RULE and line in own.lines), None),
    )
