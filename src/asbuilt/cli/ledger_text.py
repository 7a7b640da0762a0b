"""Entries and checks of the ledger as text, and as lines of JSON."""

from typing import TYPE_CHECKING

import msgspec

from asbuilt.ledger.keys import written_time
from asbuilt.model.text import visible
from asbuilt.reports.json import escape_active

if TYPE_CHECKING:
    from asbuilt.app.ledger import Entry
    from asbuilt.app.ledger_checks import Checked


def entry_line(entry: "Entry") -> str:
    """Index, time, kind, source and event on one line."""
    return (
        f"{entry.index:>9}  {entry.recorded}  {visible(entry.kind, 24):<24}  {visible(entry.source, 24)}  "
        f"{visible(entry.event, 60)}"
    )


def entry_page(entry: "Entry") -> str:
    """Everything of one entry."""
    rows = {
        "index": str(entry.index),
        "source": entry.source,
        "event": entry.event,
        "kind": entry.kind,
        "occurred": entry.occurred or "not told",
        "observed": entry.observed,
        "recorded": f"{entry.recorded} by {entry.by} ({entry.how})",
        "payload": f"{entry.bytes:,} bytes of {entry.media}, SHA-256 {entry.payload_sha256}",
        "leaf": entry.leaf,
    }
    head = "\n".join(f"{name:<9} {visible(text)}" for name, text in rows.items())
    if entry.text is None:
        return f"{head}\n\n(The payload is no text; `--raw` writes it, `--format json` gives it in base64.)"
    shown = "\n".join(visible(line) for line in entry.text.split("\n"))
    return f"{head}\n\n{shown}"


def json_line(value: object) -> bytes:
    """A value as one line of JSON in which no character can act on a terminal."""
    return escape_active(msgspec.json.encode(value)) + b"\n"


def check_text(found: "Checked") -> str:
    """What was checked, what does not hold, and what a check of one's own ledger cannot say."""
    lines = [f"{visible(found.origin)}: {found.size:,} entries, root {found.root}"]
    lines += [f"  FAILS  {visible(each.where)}: {visible(each.what)}" for each in found.problems]
    lines += [f"  {each.kind.upper()}  {visible(each.where)}: {visible(each.what)}" for each in found.differences]
    if found.untold:
        lines.append(f"  FAILS  and {found.untold:,} more.")
    if found.holds:
        lines.append("  Every entry, hash, attachment and checkpoint holds.")
        lines += [f"  Nothing differs from {visible(each)}." for each in found.compared_with]
    if found.published:
        last = found.published[-1]
        lines.append(
            f"  Checkpoints: {len(found.published):,}; the newest seals {last.size:,} entries"
            + (f", {found.size - last.size:,} came after it." if found.size > last.size else ".")
        )
    else:
        lines.append("  No checkpoint was signed yet: `asbuilt ledger checkpoint`.")
    lines += _seen_by(found)
    if not found.key_named:
        lines.append(f"  Signed by {visible(found.key)}; compare its fingerprint by another channel:")
        lines.append(f"    {found.fingerprint}")
    if not found.compared_with:
        lines.append(
            "  Not checked: whether all of it was exchanged together with its key. Bring an older checkpoint,"
            "\n  export or backup that was kept elsewhere: --against FILE."
        )
    return "\n".join(lines)


def _seen_by(found: "Checked") -> list[str]:
    """Which checkpoints others have seen: without them the key's owner can still rewrite everything."""
    lines = []
    for each in found.published:
        lines += [
            f"  Seen by {visible(seen.witness.name)} at {written_time(seen.at)}: {each.size:,} entries."
            for seen in each.witnesses
        ]
        if each.stamped:
            lines.append(f"  A timestamp over {each.size:,} entries is kept; `asbuilt ledger timestamp` checks it.")
    return lines or ["  Nobody else has signed for a checkpoint: no witness, no timestamp."]
