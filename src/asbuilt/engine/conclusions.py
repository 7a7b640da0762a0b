"""What a result comes to, in words an auditor uses of management's tests."""

from collections.abc import Mapping

import msgspec

from asbuilt.model.result import Conclusion, Outcome


class Ground(msgspec.Struct, frozen=True):
    """What a conclusion stands on, besides the counts.

    ``not_effective_above`` is the share of items above which deviations are too many. ``incomplete`` says why the
    population is not known to be complete, else it is empty; ``corroborated`` whether a second source gives the
    same number. ``nothing_due`` says why an empty population is certain from the calendar alone. ``failure`` is
    how the control crashed, ``set_aside`` who declared it not applicable, and why.
    """

    not_effective_above: float
    incomplete: str = ""
    corroborated: bool | None = None
    nothing_due: str = ""
    failure: str | None = None
    set_aside: str = ""


def concluded(counts: Mapping[str, int], ground: Ground) -> tuple[Conclusion, str]:
    """The conclusion of a result, and one sentence that says why.

    1. A control that a named person declared not applicable is not applicable.
    2. A control that crashed has told nothing: evidence is missing.
    3. Without an item there was no occurrence, if that is certain: nothing was due, or the population is complete
       and a second source gives the same number. Else evidence is missing.
    4. The counts come to what ``conclude`` says, whatever the unknown items are.
    5. What is not effective stays so. All else needs a complete population, or evidence is missing.
    """
    # (1)
    if ground.set_aside:
        return Conclusion.NOT_APPLICABLE, ground.set_aside
    # (2)
    if ground.failure:
        return Conclusion.EVIDENCE_MISSING, f"The test itself failed: {ground.failure}"
    # (3)
    if not sum(counts.values()):
        return _nothing(ground)
    return _judged(counts, ground)


def _judged(counts: Mapping[str, int], ground: Ground) -> tuple[Conclusion, str]:
    # (4)
    total = sum(counts.values())
    found, unknown = counts[Outcome.DEVIATION], counts[Outcome.UNKNOWN]
    conclusion = conclude(counts, ground.not_effective_above)
    of_all = f"of {total:,} item{'' if total == 1 else 's'}"
    deviate = f"{found:,} {of_all} deviate{'s' if found == 1 else ''}"
    if conclusion is Conclusion.NOT_EFFECTIVE:
        return conclusion, f"{deviate}, which is more than {ground.not_effective_above:.0%}."
    if conclusion is Conclusion.EVIDENCE_MISSING:
        more = f" {deviate}." if found else ""
        return conclusion, f"{unknown:,} {of_all} could not be seen.{more}"
    # (5)
    if ground.incomplete:
        return Conclusion.EVIDENCE_MISSING, f"The population is not known to be complete. {ground.incomplete}"
    unseen = f" {unknown:,} could not be seen." if unknown else ""
    if found:
        return conclusion, f"{deviate}.{unseen}"
    return conclusion, f"{'The one item is' if total == 1 else f'All {total:,} items are'} as expected."


def _nothing(ground: Ground) -> tuple[Conclusion, str]:
    if ground.nothing_due:
        return Conclusion.NO_OCCURRENCE, ground.nothing_due
    if ground.incomplete:
        return (
            Conclusion.EVIDENCE_MISSING,
            f"Nothing was found, and the population is not known to be complete. {ground.incomplete}",
        )
    if ground.corroborated is None:
        return (
            Conclusion.EVIDENCE_MISSING,
            "Nothing was found, and no second source confirms that there was nothing.",
        )
    if not ground.corroborated:
        return Conclusion.EVIDENCE_MISSING, "Nothing was found, and a second source gives another number."
    return Conclusion.NO_OCCURRENCE, "Nothing occurred in the window, and a second source confirms it."


def conclude(counts: Mapping[str, int], not_effective_above: float) -> Conclusion:
    """What the counts of a result come to.

    1. Without an item there was no occurrence.
    2. Without a deviation the control is effective; with deviations in a share of its items above
       ``not_effective_above`` it is not effective; between the two it is effective with deviations.
    3. Unknown items are first taken all as met, then all as deviations. Where both come to the same, that is the
       conclusion; where they do not, what is unknown could change it, and evidence is missing.
    """
    total = sum(counts.values())
    if not total:
        return Conclusion.NO_OCCURRENCE
    found = counts[Outcome.DEVIATION]
    best, worst = (
        _graded(deviations, total, not_effective_above) for deviations in (found, found + counts[Outcome.UNKNOWN])
    )
    return best if best is worst else Conclusion.EVIDENCE_MISSING


def _graded(deviations: int, total: int, not_effective_above: float) -> Conclusion:
    if not deviations:
        return Conclusion.EFFECTIVE
    return Conclusion.NOT_EFFECTIVE if deviations > not_effective_above * total else Conclusion.WITH_DEVIATIONS
