"""From results to what stands behind each criterion, the register of deviations, and the verdict of an audit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from asbuilt.catalogue.criteria import Criterion
from asbuilt.model.audit import CriterionStanding, DeviationEntry
from asbuilt.model.result import Conclusion, Control, Outcome, Result

# The worst conclusion among a criterion's controls decides; each with the standing that it brings.
_WORST_FIRST: Final = (
    (Conclusion.NOT_EFFECTIVE, "not supported"),
    (Conclusion.EVIDENCE_MISSING, "evidence missing"),
    (Conclusion.WITH_DEVIATIONS, "supported with deviations"),
    (Conclusion.EFFECTIVE, "supported"),
    (Conclusion.NO_OCCURRENCE, "supported"),
)
_NOTED: Final = ("nature", "cause", "isolated", "effect", "compensating_control", "answer")


def controls_in_scope(
    controls: Iterable[Control], criteria: Mapping[str, Criterion], categories: Sequence[str]
) -> tuple[Control, ...]:
    """The controls that support at least one criterion of the categories."""
    return tuple(
        control for control in controls if any(criteria[own].category in categories for own in control.criteria)
    )


def standings(
    results: Sequence[Result], criteria: Mapping[str, Criterion], categories: Sequence[str]
) -> tuple[CriterionStanding, ...]:
    """Every criterion of the categories, in the catalogue's order, with the controls behind it.

    1. The controls behind a criterion are those that name it.
    2. One that is declared not applicable stands behind nothing.
    3. The worst of the others decides; without any there is no control.
    """
    found = []
    for criterion in criteria.values():
        if criterion.category not in categories:
            continue
        # (1), (2)
        behind = [result for result in results if criterion.id in result.criteria]
        weighing = {each.conclusion for each in behind if each.conclusion is not Conclusion.NOT_APPLICABLE}
        # (3)
        standing = next((standing for worst, standing in _WORST_FIRST if worst in weighing), "no control")
        found.append(
            CriterionStanding(
                id=criterion.id,
                category=criterion.category,
                title=criterion.title,
                paraphrase=criterion.paraphrase,
                controls=tuple(each.control for each in behind),
                counts={
                    own.value: count
                    for own in Conclusion
                    if (count := sum(each.conclusion is own for each in behind))
                },
                standing=standing,
            )
        )
    return tuple(found)


def register_of(
    results: Iterable[Result], notes: Iterable[Mapping[str, Any]], at: Mapping[tuple[str, str], str] | None = None
) -> tuple[DeviationEntry, ...]:
    """Every deviation, with the newest note on it and the waiver that accepts it; nothing takes one off.

    Args:
        results: their verdicts hold every deviation.
        notes: rows of ``deviation_notes``.
        at: when an item happened, as text, by control and item; items that are not in it show no date.
    """
    newest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for note in sorted(notes, key=lambda note: note["noted_at"]):
        newest[note["control"], note["item"]] = note
    found = []
    for result in results:
        waived = {waiver.item: waiver for waiver in result.waivers}
        for verdict in result.verdicts:
            if verdict.outcome is not Outcome.DEVIATION:
                continue
            key = (result.control, verdict.item)
            note = newest.get(key, {})
            found.append(
                DeviationEntry(
                    control=result.control,
                    item=verdict.item,
                    attribution=verdict.attribution,
                    at=(at or {}).get(key),
                    because=verdict.because,
                    waiver=waived.get(verdict.item),
                    **{name: note.get(name) for name in _NOTED},
                )
            )
    return tuple(found)


def verdict_of_audit(
    results: Sequence[Result], criteria: Sequence[CriterionStanding], deviations: int, *, type_: int
) -> tuple[str, str]:
    """One sentence that says where the audit stands, and the one act that helps most."""
    counts = {own: [each for each in results if each.conclusion is own] for own in Conclusion}
    supported = sum(each.standing == "supported" for each in criteria)
    said = [f"{supported} of {len(criteria)} criteria are supported by controls that worked without a deviation"]
    said += [
        f"{_controls(len(counts[own]))} {phrase}"
        for own, phrase in (
            (Conclusion.NOT_EFFECTIVE, "not effective"),
            (Conclusion.WITH_DEVIATIONS, "with deviations"),
            (Conclusion.EVIDENCE_MISSING, "with evidence missing"),
        )
        if counts[own]
    ]
    if deviations:
        said.append(f"{deviations:,} {'deviation' if deviations == 1 else 'deviations'} in the register")
    of_what = "on that date" if type_ == 1 else "over this window"
    return f"Readiness {of_what}: {', '.join(said)}.", _next(counts)


def _next(counts: Mapping[Conclusion, Sequence[Result]]) -> str:
    if worst := counts[Conclusion.NOT_EFFECTIVE]:
        first = max(worst, key=lambda each: (len(each.criteria), each.counts[Outcome.DEVIATION], each.control))
        return f"Mend {first.control} ({first.title}): `asbuilt controls {first.control}`."
    if missing := counts[Conclusion.EVIDENCE_MISSING]:
        first = max(missing, key=lambda each: (len(each.criteria), each.control))
        return (
            f"Bring the evidence for {first.control} ({first.title}), then for {len(missing) - 1:,} more: "
            f"`asbuilt controls {first.control}` names the command."
            if len(missing) > 1
            else f"Bring the evidence for {first.control} ({first.title}): `asbuilt controls {first.control}`."
        )
    if counts[Conclusion.WITH_DEVIATIONS]:
        return (
            "Answer every deviation: `asbuilt record deviation_notes …` keeps cause, effect and what compensated."
        )
    return "Write the package for the auditor: `asbuilt audit … --package FILE.zip`."


def _controls(count: int) -> str:
    return "1 control" if count == 1 else f"{count} controls"
