"""Whether the approval rules of a merge request were met when it was merged, as GitLab tells it.

GitLab tells it as of today: where somebody approved it after it was merged, nobody knows how it stood then.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.facts.forge.gitlab.answers import Answers, account_of
from asbuilt.facts.forge.gitlab.reviews import APPROVED
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import dig, flag, moment, text

_PASSED, _BYPASSED = "pass", "bypass"


def project_suite(
    page: ForgePage, number: int, request: Mapping[str, Any], told: Answers, landed_as: str | None
) -> Iterator[Row | str]:
    """One row for a request that was merged: a rule that was not met then was gone around.

    Args:
        page: what is projected.
        number: the request.
        request: its own object.
        told: what else was answered of it; ``approval_state`` is not there where nothing was shown.
        landed_as: the commit by which it landed.
    """
    state, merged_at = told.single("approval_state"), moment(request.get("merged_at"))
    if state is None or merged_at is None or _is_approved_after(told, merged_at):
        return
    rules = dig(state, "rules")
    met = [flag(dig(rule, "approved")) for rule in rules] if isinstance(rules, list) else [None]
    if None in met and False not in met:
        yield f"whether the approval rules of request {number} were met cannot be read."
        return
    by = request.get("merge_user") if isinstance(request.get("merge_user"), dict) else request.get("merged_by")
    yield Row(
        "rule_suites",
        {
            "repository": page.repository,
            "suite_id": f"approvals-{number}",
            "evaluated_at": merged_at,
            "result": _PASSED if all(met) else _BYPASSED,
            "branch": text(request.get("target_branch")),
            "actor": account_of(by).login,
            "after_commit": landed_as,
        },
    )


def _is_approved_after(told: Answers, merged_at: str) -> bool:
    """Whether one was, or may have been: notes that were not shown tell nothing."""
    notes = told.listed("notes")
    if notes is None:
        return True
    times = [moment(dig(note, "created_at")) for note in notes if dig(note, "body") == APPROVED]
    return any(at is None or at > merged_at for at in times)
