"""Commits about which two sources disagree, as a finding: both are shown, neither is believed over the other."""

from collections.abc import Collection, Mapping

from asbuilt.catalogue.codes import load_codes
from asbuilt.model.attribution import Attribution
from asbuilt.model.result import Finding, Severity

CODE = "AI-CONFLICT"
_LISTED = 20


def find_conflicts(attributions: Mapping[str, Attribution], history: Collection[str]) -> tuple[Finding, ...]:
    """One finding for all commits of the history whose sources name different tools; newest commits are listed.

    Args:
        attributions: by commit.
        history: ids of the inspected history's commits, newest first.
    """
    torn = [own for own in history if own in attributions and attributions[own].conflict]
    if not torn:
        return ()
    code = load_codes()[CODE]
    noun = "commit" if len(torn) == 1 else "commits"
    return (
        Finding(
            code=CODE,
            severity=Severity.NOTE,
            message=f"Two sources disagree about the tool of {len(torn):,} {noun}; the newest: "
            f"{attributions[torn[0]].conflict}",
            criteria=code.criteria,
            remedy=code.remedy,
            commit=torn[0],
            count=len(torn),
            items=tuple(torn[:_LISTED]),
        ),
    )
