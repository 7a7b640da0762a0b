"""From results to what to act on: findings, the verdict, and the next step."""

from collections.abc import Iterable, Sequence
from typing import Final

from asbuilt.catalogue.codes import load_codes
from asbuilt.model.chain import Grade
from asbuilt.model.inspection import FileExposure, Gap
from asbuilt.model.result import Control, Finding, Outcome, Result, Severity
from asbuilt.model.text import visible

LISTED: Final = 10  # items that a finding lists; the rest are in the result
UNREVIEWED: Final = "AI-UNREVIEWED"
_PLACEHOLDER: Final = "asbuilt sync github OWNER/REPO"
_WORST_FIRST: Final = (Severity.BLOCKING, Severity.UNKNOWN, Severity.NOTE)
# What the items of a population are called in a sentence: one, many.
_NOUNS: Final = {"changes": ("change", "changes"), "ai_tools": ("AI tool", "AI tools")}
# Gaps that make the picture itself incomplete; they come before anything else, where they are about the whole
# clone: one file whose history is absent is no reason to begin with another clone.
_FIRST_GAPS: Final = ("GAP-SHALLOW", "GAP-BLOB")
_LOOK: Final = "asbuilt scan --only own"
# How an exposed file reads, by the best grade among the reviews of its changes; and what it does to the verdict.
_REVIEWS: Final = {
    Grade.UNKNOWN: (Severity.NOTE, "whether a person reviewed them could not be seen"),
    Grade.MISSING: (Severity.BLOCKING, "no person reviewed them"),
    Grade.CONTRADICTED: (Severity.BLOCKING, "the records of their review contradict each other"),
}


def findings_from(
    results: Iterable[Result],
    controls: Sequence[Control],
    exposed: Iterable[FileExposure] = (),
    extra: Iterable[Finding] = (),
    *,
    sync: str = _PLACEHOLDER,
) -> tuple[Finding, ...]:
    """Everything to act on, worst first: deviations, what could not be told, exposed files, and ``extra``.

    Args:
        results: of ``engine.evaluate``.
        controls: those that the results are of; they bring the remedies.
        exposed: files with AI-written lines that show no review.
        extra: findings made elsewhere.
        sync: the command that reads this repository's forge, in place of the general one in the texts.
    """
    by_id = {control.id: control for control in controls}
    found = [finding for result in results for finding in _of_result(result, by_id[result.control], sync)]
    found += [_of_exposure(file, sync) for file in exposed]
    found += extra
    return tuple(sorted(found, key=_rank))


def _rank(finding: Finding) -> tuple[object, ...]:
    """Worst first; of one severity what concerns the whole before single places, then by count, code and place."""
    return (
        _WORST_FIRST.index(finding.severity),
        finding.path is not None,
        -finding.count,
        finding.code,
        finding.path or "",
        finding.line or 0,
        finding.commit or "",
        finding.message,
    )


def _of_result(result: Result, control: Control, sync: str) -> Iterable[Finding]:
    deviations, unknown = result.counts[Outcome.DEVIATION], result.counts[Outcome.UNKNOWN]
    expected = control.title[:1].lower() + control.title[1:]
    if deviations:
        message = f"Does not hold for {_of(deviations, result)}: {expected}."
        yield _finding(result, control.remedy, Outcome.DEVIATION, message)
    if result.failure:
        message = f"Could not be tested, because the test itself failed ({result.failure}): {expected}."
        yield _finding(
            result, "Report this with the control's file; nothing about it is known until then.", None, message
        )
    elif unknown:
        message = f"Could not be told for {_of(unknown, result)}: {expected}."
        yield _finding(result, control.open_with.replace(_PLACEHOLDER, sync), Outcome.UNKNOWN, message)


def _finding(result: Result, remedy: str, outcome: Outcome | None, message: str) -> Finding:
    items = [verdict.item for verdict in result.verdicts if verdict.outcome is (outcome or Outcome.UNKNOWN)]
    return Finding(
        code=result.control,
        severity=Severity.BLOCKING if outcome is Outcome.DEVIATION else Severity.UNKNOWN,
        message=message,
        criteria=result.criteria,
        remedy=remedy,
        commit=items[0] if items and result.population == "changes" else None,
        count=max(len(items), 1),
        items=tuple(items[:LISTED]),
    )


def _of(part: int, result: Result) -> str:
    """``3 of 120 changes``, ``any of 120 changes``, ``the only change``; read after a negation."""
    one, many = _NOUNS.get(result.population, ("item", "items"))
    if result.count == 1:
        return f"the only {one}"
    return f"any of {part:,} {many}" if part == result.count else f"{part:,} of {result.count:,} {many}"


def _of_exposure(file: FileExposure, sync: str) -> Finding:
    code = load_codes()[UNREVIEWED]
    severity, review = _REVIEWS[Grade(file.review)]
    lines = "The only line is" if file.lines == file.total == 1 else f"{file.lines:,} of {file.total:,} lines are"
    tools = visible(", ".join(file.tools) or "an AI tool", 80)
    return Finding(
        code=UNREVIEWED,
        severity=severity,
        message=f"{lines} attributed to {tools}, and {review}.",
        criteria=code.criteria,
        remedy=code.remedy.replace(_PLACEHOLDER, sync),
        path=file.path,
        line=file.first,
        count=file.lines,
    )


def verdict_of(
    findings: Iterable[Finding], gaps: Iterable[Gap] = (), *, forge_read: bool = False, weaknesses: int = 0
) -> tuple[str, str]:
    """One sentence that says where the repository stands, and the one command or act that helps most.

    The next step is, in this order: what makes the history whole; the grave weaknesses of the code, which need
    nothing but a look; whichever concerns more controls, reading the forge or looking into the worst deviation;
    whatever else is open. ``forge_read`` says that a part of the forge
    was read, where the gap of the forge is open nevertheless. ``weaknesses`` counts those of the
    code that are critical or high.
    """
    found = list(findings)
    listed = list(gaps)
    open_gaps = {gap.code: gap for gap in listed}
    first = next((gap for code in _FIRST_GAPS for gap in listed if gap.code == code and gap.path is None), None)
    own_codes = load_codes().keys()
    blocking = [finding for finding in found if finding.severity is Severity.BLOCKING]
    deviating = [finding for finding in blocking if finding.code not in own_codes]
    exposed = [finding for finding in blocking if finding.code == UNREVIEWED]
    others = len(blocking) - len(deviating) - len(exposed)
    untold = [finding for finding in found if finding.severity is Severity.UNKNOWN]
    said = []
    if deviating:
        said.append(
            f"{_number(sum(f.count for f in deviating), 'deviation')} from {_number(len(deviating), 'control')}"
        )
    if exposed:
        said.append(f"{_number(len(exposed), 'file')} with AI-written lines that nobody reviewed")
    if others:
        said.append(_number(others, "further blocking finding"))
    if weaknesses:
        are = "is" if weaknesses == 1 else "are"
        said.append(f"{_number(weaknesses, 'weakness', 'es')} of the code that {are} critical or high")
    if untold:
        read = " from git and what was read of the forge" if forge_read else " from git alone"
        alone = read if "GAP-FORGE" in open_gaps else ""
        said.append(f"{_number(len(untold), 'control')} could not be fully tested{alone}")
    if not blocking:
        said.insert(0, "no deviation was found")
    sentence = ", ".join(said)
    sentence = f"{sentence[0].upper()}{sentence[1:]}."
    if first is not None:
        return sentence, first.remedy
    return sentence, _LOOK if weaknesses else _next_step(blocking, deviating, untold, open_gaps)


def _next_step(
    blocking: Sequence[Finding], deviating: Sequence[Finding], untold: Sequence[Finding], gaps: dict[str, Gap]
) -> str:
    if "GAP-FORGE" in gaps and len(untold) > len(deviating):
        return gaps["GAP-FORGE"].remedy
    for finding in (*deviating, *blocking, *untold):
        return f"asbuilt explain {finding.code}"
    for gap in gaps.values():
        return gap.remedy
    return "Inspect again after the next change: a window is held open by testing all of it."


def _number(count: int, noun: str, many: str = "s") -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}{many}"
