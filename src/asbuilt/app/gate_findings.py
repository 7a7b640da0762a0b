"""What our own rules find in the lines that a change adds.

1. The changed files are searched as they would land.
2. Where something is found, they are searched as they are on the base: what stands there already, in the same words
   and by the same rule, is none of this change, wherever it moved.
3. A comment that accepts a finding comes with the change itself: it counts once another person approved the change.
4. From the severity on that the base names, a finding refuses. No secret is shown.
"""

import hashlib
from collections.abc import Callable, Sequence

from asbuilt.app.gate_content import MOST, Asked, Content, Text, unread_gap
from asbuilt.app.gate_policy import LEVELS
from asbuilt.app.gate_unseen import unseen
from asbuilt.model.component import Unread
from asbuilt.model.finding import CodeFinding, Scanned
from asbuilt.model.gate import Brought, Looked, Standing
from asbuilt.model.text import visible
from asbuilt.scans.decoding import as_text
from asbuilt.scans.rulebook import load_rules
from asbuilt.scans.scanning import scan_files

Key = tuple[str, bytes]


def findings(asked: Asked, texts: Sequence[Text], before: Callable[[], Sequence[Text]]) -> Content:
    """The findings that the change brings, and how much was looked at; ``before`` reads the files as they were."""
    rules = load_rules()
    # (1)
    found = scan_files(texts, rules)
    # (2)
    new = _new(found, texts, before()) if found.findings else []
    told = {rule.id: rule for rule in rules}
    brought = [brought_of(own, told[own.rule].remedy, asked) for own in new[:MOST]]
    gaps = [unread_gap(found.unread, "Not searched by rules for its language:")] if found.unread else []
    brought += unseen(asked, found.unread)
    if len(new) > MOST:
        rest = [Unread(path=own.path, why=f"It has findings beyond the first {MOST:,}.") for own in new[MOST:]]
        gaps.append(unread_gap(rest, "Not listed:"))
    return Content(
        tuple(brought),
        tuple(gaps),
        Looked(
            languages=tuple(own.language for own in found.covered if own.language != "text"),
            known=len(found.findings) - len(new),
        ),
    )


def secrets_in(texts: Sequence[Text]) -> Scanned:
    """What the rules for secrets alone find in some texts."""
    return scan_files(texts, [rule for rule in load_rules() if rule.text is not None])


def _new(found: Scanned, texts: Sequence[Text], before: Sequence[Text]) -> list[CodeFinding]:
    """The findings that the base has not: of each rule and flagged text as many as there are more, or are worse.

    What code that tests may do is new where the product does it.
    """
    old = scan_files(before, load_rules())
    known: dict[Key, list[int]] = {}
    for own, key in zip(old.findings, _keys(old.findings, before), strict=True):
        known.setdefault(key, []).append(_rank(own))
    kept = []
    told = zip(found.findings, _keys(found.findings, texts), strict=True)
    for own, key in sorted(told, key=lambda each: _rank(each[0])):  # the worst of them first
        same = known.get(key, [])
        as_bad = [rank for rank in same if rank <= _rank(own)]
        if as_bad:
            same.remove(max(as_bad))
        else:
            kept.append(own)
    return sorted(kept, key=lambda own: (own.path, own.line, own.column or 0, own.rule))


def _rank(own: CodeFinding) -> int:
    """How grave it is: 0 is the worst, and what has no severity."""
    return LEVELS.index(own.severity) if own.severity in LEVELS else len(LEVELS) if own.severity else 0


def _keys(found: Sequence[CodeFinding], files: Sequence[Text]) -> list[Key]:
    """The rule, and a hash of the flagged lines without the space around their words."""
    lines = {path: (as_text(data) or "").encode("utf-8", "replace").split(b"\n") for path, data in files}
    return [
        (
            own.rule,
            hashlib.sha256(b" ".join(b" ".join(lines[own.path][own.line - 1 : own.end_line]).split())).digest(),
        )
        for own in found
    ]


def brought_of(own: CodeFinding, remedy: str, asked: Asked) -> Brought:
    """A finding as the gate tells it: whether it refuses, by the policy of the base."""
    level = own.severity or "high"  # what has none is not taken for harmless
    least = asked.config.gate.findings
    is_heavy = least != "never" and level in LEVELS and LEVELS.index(level) <= LEVELS.index(least)
    standing = Standing.DEVIATION
    reasons: tuple[str, ...] = ()
    # (3)
    if own.accepted is not None:
        why = f"a comment of this change accepts it: {visible(own.accepted.reason, 200)}"
        standing = Standing.MET if asked.is_approved else Standing.DEVIATION
        reasons = (why if asked.is_approved else f"{why}; it counts once another person approved the change",)
    return Brought(
        kind="finding",
        what="finding",
        name=own.rule,
        standing=standing,
        # (4)
        blocks=is_heavy and standing is not Standing.MET,
        message=visible(own.message, 300),
        remedy=visible(remedy, 300),
        path=visible(own.path, 300),
        line=own.line,
        level=level,
        reasons=reasons,
    )
