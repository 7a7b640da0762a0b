"""What many lines have in common: who wrote them, and the evidence that says so. No numpy here."""

from collections.abc import Sequence

import msgspec

from asbuilt.history.attribution.classify import standing
from asbuilt.model.attribution import Attribution, Authorship, Confidence, Proves, Signal

# So many references stand behind a line at most; the first ones decide.
MOST_EVIDENCE = 8


class Detail(msgspec.Struct, frozen=True):
    """What many runs have in common: who wrote them, and what says so (best first)."""

    authorship: Authorship
    tool: str | None = None
    model: str | None = None
    confidence: Confidence | None = None
    evidence: tuple[str, ...] = ()


UNKNOWN = Detail(Authorship.UNKNOWN)


def declared(told: Attribution | None) -> Detail:
    """What a commit as a whole says of its lines, where no record names them.

    A commit can be tracked by a record whose lines have no place: its lines are declared, no more.
    """
    if told is None:
        return UNKNOWN
    tracked = told.authorship is Authorship.AI_TRACKED
    authorship = Authorship.AI_DECLARED if tracked else told.authorship
    return Detail(authorship, told.tool, told.model, told.confidence, references(told.signals))


def references(signals: Sequence[Signal]) -> tuple[str, ...]:
    """Short references to the signals that say who wrote a commit."""
    kept = [signal for signal in signals if standing(signal) or signal.proves is Proves.AUTOMATION]
    return tuple(dict.fromkeys(_reference(signal) for signal in kept))[:MOST_EVIDENCE]


def _reference(signal: Signal) -> str:
    if signal.source == "signature":
        return f"signature:{signal.rule}@{signal.commit}"
    if signal.source == "entire":
        return f"entire:{signal.where.rpartition(' ')[2]}"
    return f"{signal.source}:{signal.commit}"
