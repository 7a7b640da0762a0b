"""The gate's answer as workflow commands of GitHub Actions: annotations that no text of the change can forge.

A runner acts on a line that begins with ``::`` and, wherever it stands, on ``##[``. Whatever comes from outside is
therefore escaped as the runner asks (toolkit, ``command.ts``: ``%``, CR, LF; in properties ``:`` and ``,`` too),
its control characters are shown as escapes before, and it never begins a line.
"""

from collections.abc import Iterator

from asbuilt.model.gate import Gate, Standing, Test
from asbuilt.model.text import visible

MOST = 10  # annotations of one step that GitHub shows
_TITLE, _MESSAGE = 120, 1000


def gate_github(gate: Gate) -> str:
    """Annotations, the worst first, at most ten; then the verdict as a plain line."""
    kept = list(_annotations(gate))
    lines = kept[:MOST]
    if len(kept) > MOST:
        lines[MOST - 1] = _command(
            "notice", f"{len(kept) - MOST + 1} more are in the job's summary.", title="AsBuilt gate"
        )
    return "\n".join([*lines, inert(f"AsBuilt gate: {gate.verdict}")]) + "\n"


def inert(text: str) -> str:
    """Text of ours with foreign words in it, on a line of its own: a runner takes no part of it for a command."""
    shown = visible(text).replace("##[", "##\\x5b")
    return shown if not shown.lstrip().startswith("::") else f". {shown}"


def _annotations(gate: Gate) -> Iterator[str]:
    level = "warning" if gate.override is not None else "error"
    for test in gate.blocking:
        yield _command(
            level, f"{test.message} {_because(test)}{test.remedy}", title=f"{test.control} {_standing(test)}"
        )
    if gate.override is not None:
        own = gate.override
        yield _command(
            "warning", f"Overridden by {own.by} at {own.at}: {own.reason}", title="AsBuilt gate: overridden"
        )
    for one in gate.brought:
        if one.blocks or one.standing is not Standing.MET:
            at = {} if one.line is None else {"line": str(one.line)}
            kind = level if one.blocks else "warning" if one.standing is Standing.DEVIATION else "notice"
            why = "".join(f"{reason}. " for reason in one.reasons)
            yield _command(
                kind, f"{one.message} {why}{one.remedy}", title=f"AsBuilt gate: {one.name}", file=one.path, **at
            )
    for notice in gate.notices:
        for path in notice.paths:
            yield _command("warning", notice.message, title=f"AsBuilt gate: {notice.kind}", file=path)
    for gap in gate.not_seen:
        yield _command("notice", f"{gap.what} {gap.remedy}", title=gap.code)


def _standing(test: Test) -> str:
    return "does not hold" if test.standing is Standing.DEVIATION else "could not be seen"


def _because(test: Test) -> str:
    rejected = test.because.get("rejected_approvals") or test.because.get("approvals_rejected_for") or ()
    return f"Approvals that do not count: {', '.join(map(str, rejected))}. " if rejected else ""


def _command(kind: str, message: str, **properties: str) -> str:
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {told}::{_data(visible(message, _MESSAGE))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A").replace("##[", "##%5B")


def _property(text: str) -> str:
    return _data(visible(text, _TITLE)).replace(":", "%3A").replace(",", "%2C")
