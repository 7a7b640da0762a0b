"""The gate's answer as Markdown: a job's summary, and the one comment on a request."""

from collections.abc import Iterator

from asbuilt.model.gate import Answer, Gate, Standing, Test
from asbuilt.reports.gate_content import grouped, listed, looked, place, sign
from asbuilt.reports.gate_text import MARKS, shown
from asbuilt.reports.markdown_marks import code, escape, prose

# By this line the one comment is found again.
MARKER = "<!-- asbuilt gate -->"
_HEADS = {Answer.MAY_LAND: "May land", Answer.REFUSED: "Refused", Answer.NOT_SEEN: "Refused: not seen"}
_LONGEST = 60_000  # characters; a comment has room for 65,536


def gate_markdown(gate: Gate) -> str:
    """Verdict, what blocks and who can clear it, what was read, the rest folded."""
    text = "\n".join(_document(gate)).rstrip()
    return (text if len(text) <= _LONGEST else text[:_LONGEST].rpartition("\n")[0] + "\n\n… and more.") + "\n"


def _document(gate: Gate) -> Iterator[str]:
    change = gate.change
    overridden = ", overridden" if gate.override is not None else ""
    yield f"{MARKER}\n## AsBuilt gate: {_HEADS[gate.answer]}{overridden}\n"
    yield f"{escape(gate.verdict)}\n"
    if gate.override is not None:
        own = gate.override
        yield (
            f"**Overridden by {escape(own.by, 200)}** at {own.at}: {escape(own.reason, 1000)} "
            f"(record {code(own.record[:16])}). The answer stays.\n"
        )
    if gate.blocking:
        yield "### What blocks\n"
        for test in gate.blocking:
            said = f"{escape(test.title)}. {_because(test)}{prose(test.remedy)}"
            yield f"- **{test.control}** {MARKS[test.standing]}: {said}"
        yield ""
    if change.rejected:
        yield "Approvals that do not count:\n"
        yield from (f"- {code(one)}" for one in change.rejected)
        yield ""
    yield from _content(gate)
    for notice in gate.notices:
        more = notice.count - len(notice.paths)
        yield f"{escape(notice.message)}\n"
        yield from (f"- {code(path)}" for path in notice.paths)
        yield f"- and {more:,} more\n" if more > 0 else ""
    yield from _evidence(gate)


def _content(gate: Gate) -> Iterator[str]:
    """What it brings in, what blocks first."""
    shown, more = listed(gate)
    if shown:
        yield "### What it brings in\n"
        for reasons, those in grouped(shown):
            for own in those:
                mark = f"**{sign(own)}**" if own.blocks else sign(own)
                remedy = f" {prose(own.remedy, 300)}" if own.blocks and own.remedy else ""
                yield f"- {mark} {code(place(own))}: {escape(own.message, 300)}{remedy}"
            yield from (f"  - {escape(reason, 300)}" for reason in reasons)
        yield f"- and {more:,} more\n" if more else ""


def _evidence(gate: Gate) -> Iterator[str]:
    change = gate.change
    tools = f" ({escape(', '.join(change.tools), 200)})" if change.tools else ""
    yield "### What was read\n"
    yield (
        f"{code((change.head or 'staged')[:12])} onto {code(change.base[:12])} of {code(change.repository)}: "
        f"{change.commits:,} commits, {change.paths:,} files, written by: {escape(change.attribution)}{tools}. "
        f"Read from {escape(', '.join(gate.seen_in))}; policy of the base"
        f"{f' ({code(gate.policy.source)})' if gate.policy.source else ' (none there: the defaults)'}.\n"
    )
    if change.approvers:
        yield f"Approved by {', '.join(code(one, 100) for one in change.approvers)}.\n"
    yield from (f"- {escape(one, 300)}" for one in change.signals)
    yield from (f"{escape(sentence, 500)}\n" for sentence in looked(gate.looked))
    yield "<details><summary>Every control</summary>\n"
    yield "| control | | decides | why |\n|---|---|---|---|"
    yield from (_row(test) for test in gate.tests)
    yield "\n</details>\n"
    if gate.not_seen:
        yield "<details><summary>What could not be seen</summary>\n"
        yield from (f"- {gap.code}: {escape(gap.what, 500)} {prose(gap.remedy, 500)}" for gap in gate.not_seen[:50])
        yield "\n</details>\n"


def _because(test: Test) -> str:
    rejected = test.because.get("rejected_approvals") or test.because.get("approvals_rejected_for") or ()
    return (
        f"Approvals that do not count: {', '.join(escape(str(one), 100) for one in rejected)}. " if rejected else ""
    )


def _row(test: Test) -> str:
    because = "; ".join(f"{escape(name)}: {escape(shown(value), 200)}" for name, value in test.because.items())
    decides = "yes" if test.required else "reported"
    because = because if test.standing is not Standing.NOT_ASKED else ""
    return f"| {test.control} {escape(test.title)} | {MARKS[test.standing]} | {decides} | {because} |"
