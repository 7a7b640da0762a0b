"""The gate's answer for a terminal: verdict first, then what blocks and who can clear it, then the rest."""

from asbuilt.model.gate import Gate, Standing, Test
from asbuilt.model.text import visible
from asbuilt.reports.gate_content import grouped, listed, looked, place, sign
from asbuilt.reports.gate_github import inert
from asbuilt.reports.page import wrap

MARKS = {
    Standing.MET: "holds",
    Standing.DEVIATION: "does not hold",
    Standing.UNKNOWN: "not seen",
    Standing.NOT_ASKED: "not asked",
}
_SIGNS = {Standing.MET: "✓", Standing.DEVIATION: "✗", Standing.UNKNOWN: "?", Standing.NOT_ASKED: "-"}
_IN = " " * 10


def gate_text(gate: Gate, *, width: int = 100) -> str:
    """The whole answer as plain text of ``width`` columns; it ends with the verdict and what to do next."""
    change = gate.change
    request = f" (request {change.request})" if change.request is not None else ""
    lines = [
        f"Change {change.repository}{request}: {_short(change.head)} onto {change.base[:10]}, "
        f"{_number(change.commits, 'commit')}, {_number(change.paths, 'file')}, {change.attribution}"
        + (f" ({', '.join(change.tools)})" if change.tools else ""),
        f"Policy: {gate.policy.source or 'defaults'} of the base {gate.policy.commit[:10]}",
        "",
    ]
    for test in (*gate.blocking, *(one for one in gate.tests if one not in gate.blocking)):
        lines += _test(test, width)
    if change.rejected:
        lines += ["", "Approvals that do not count:", *(f"  - {one}" for one in change.rejected)]
    if change.approvers:
        lines += ["", f"Approved by {', '.join(change.approvers)}."]
    lines += ["", "Signs to look at:", *(f"  - {one}" for one in change.signals)] if change.signals else []
    lines += _content(gate, width)
    for notice in gate.notices:
        more = notice.count - len(notice.paths)
        lines += ["", f"{notice.message}", *(f"  - {path}" for path in notice.paths)]
        lines += [f"  and {more:,} more"] if more > 0 else []
    if gate.not_seen:
        lines += ["", "Not seen:"]
        for gap in gate.not_seen:
            lines += wrap(visible(gap.what), width, first=f"  {gap.code} ", rest="    ")
            lines += wrap(visible(gap.remedy), width, first="    → ", rest="      ")
    if gate.override is not None:
        own = gate.override
        lines += ["", f"Overridden by {visible(own.by)} at {own.at}: {visible(own.reason)} (record {own.record})"]
    lines += ["", *wrap(gate.verdict, width)]
    if gate.next_step and gate.override is None:
        lines += wrap(gate.next_step, width, first="Next: ", rest="      ")
    return "\n".join(map(inert, lines)) + "\n"


def _content(gate: Gate, width: int) -> list[str]:
    """What it brings in, what blocks first; then how much was looked at."""
    lines: list[str] = []
    shown, more = listed(gate)
    lines += ["", "What it brings in:"] if shown else []
    for reasons, those in grouped(shown):
        for own in those:
            said = visible(f"{sign(own)}: {place(own)} {own.message}")
            lines += wrap(said, width, first="  - ", rest="    ")
        for reason in reasons:
            lines += wrap(visible(reason), width, first="      ", rest="        ")
        if those[0].blocks and those[0].remedy:
            lines += wrap(visible(those[0].remedy), width, first="    → ", rest="      ")
    lines += [f"  and {more:,} more"] if more else []
    told = [line for sentence in looked(gate.looked) for line in wrap(sentence, width)]
    return [*lines, *(["", *told] if told else [])]


def _test(test: Test, width: int) -> list[str]:
    kind = "required" if test.required else "reported"
    lines = [f"{_SIGNS[test.standing]} {test.control}  {MARKS[test.standing]:13}  {kind}  {test.title}"]
    if test.standing in {Standing.DEVIATION, Standing.UNKNOWN}:
        lines += [line for piece in _because(test) for line in wrap(piece, width, first=_IN, rest=_IN)]
        lines += wrap(test.remedy, width, first=f"{_IN}→ ", rest=f"{_IN}  ") if test.required else []
    return lines


def _because(test: Test) -> list[str]:
    """What decided, known values first; those that nobody knows are named together."""
    known = ", ".join(f"{name}: {shown(value)}" for name, value in test.because.items() if value is not None)
    unknown = ", ".join(name for name, value in test.because.items() if value is None)
    return [*([known] if known else []), *([f"not known: {unknown}"] if unknown else [])]


def shown(value: object) -> str:
    """A column's value as a reader sees it; what is not known says so."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _short(commit: str | None) -> str:
    return commit[:10] if commit else "what is staged"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
