"""Whether the approval rules of a merge request were met when it was merged, as GitLab tells it."""

from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.facts.forge.gitlab.answers import account_of
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import dig, flag, moment, text

_PASSED, _BYPASSED = "pass", "bypass"


def project_suite(
    page: ForgePage, number: int, request: Mapping[str, Any], state: object, landed_as: str | None
) -> Iterator[Row | str]:
    """One row for a request that was merged: a rule that was not met then was gone around.

    Args:
        page: what is projected.
        number: the request.
        request: its own object.
        state: what ``approval_state`` answers; None where nobody asked, or nothing was shown.
        landed_as: the commit by which it landed.
    """
    merged_at = moment(request.get("merged_at"))
    if state is None or merged_at is None:
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
