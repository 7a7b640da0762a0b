"""Signed statements as text: each with who signed, and how that stands."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from asbuilt.model.attestation import COMMIT_SIGNATURE, Attestation, Standing
from asbuilt.model.commit import moment
from asbuilt.model.text import visible

_MOST: Final = 200  # statements that are shown one by one


def render_attestations(found: Sequence[Attestation], *, width: int) -> str:
    """Statements one by one, those that are not signed left out; then how many stand how."""
    lines: list[str] = []
    shown = [own for own in found if own.verification.standing is not Standing.NONE]
    for own in shown[:_MOST]:
        lines += _lines(own, width)
    if len(shown) > _MOST:
        lines.append(f"and {len(shown) - _MOST:,} more.")
    counts = Counter(own.verification.standing for own in found)
    lines.append(", ".join(f"{counts[own]:,} {own}" for own in Standing if counts[own]) + "." if found else "None.")
    return "\n".join(lines)


def _lines(own: Attestation, width: int) -> list[str]:
    statement, verification = own.statement, own.verification
    if statement.predicate_type == COMMIT_SIGNATURE:
        head = f"{statement.subjects[0].partition(':')[2][:12]}  {verification.standing}"
        return [visible(f"{head}: {verification.why}", width)]
    lines = [
        visible(statement.predicate_type, width),
        visible(f"  {verification.standing}: {verification.why}", width),
    ]
    facts = [
        ("about", ", ".join(statement.subjects[:3])),
        ("commit", statement.commit),
        ("builder", statement.builder),
    ]
    if verification.signer:
        facts.append(("signer", verification.signer))
    if statement.made_at is not None:
        facts.append(("made at", moment(statement.made_at).strftime("%Y-%m-%d %H:%M:%S UTC, as it says")))
    return [*lines, *(visible(f"  {name:<8}{value}", width) for name, value in facts if value)]
