"""What can be made wrong with a request, its approvals, what landed, and the rules around it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.changes import GOES_LIVE_TOO, NOT_OF_THIS, PLAIN, Spoiler
from tests.company_year.delivery import RULE_SET
from tests.company_year.landings import (
    MINUTE,
    ORGANIZATION,
    change_id,
    head_of,
    landed_at,
    repository_of,
    request_of,
)
from tests.company_year.world import HOUR, Plant, added, all_of, at, changed, columns_of, sha, without

REPOSITORY = repository_of(PLAIN, landed_at(PLAIN))
EARLIER = sha("earlier", PLAIN)[:40]
_LEADER = "sam-adeyemi"  # answers for the coding agent
_NOT_YET = "yara-nassif"  # starts half a year later
_LAPSE = at("2026-05-12T10:00")  # the rules of the youngest repository were off for an hour


def _in(table: str, **where: Any) -> Spoiler:
    """A spoiler: the rows of PLAIN's repository and request say these columns instead."""
    return changed(table, {"repository": REPOSITORY, "number": request_of(PLAIN)}, **where)


def _reviewed(**columns: Any) -> Spoiler:
    return changed("reviews", {"review_id": f"R-{PLAIN}-1"}, **columns)


def _happened(kind: str, before: timedelta, **columns: Any) -> Spoiler:
    return added(
        "request_events",
        repository=REPOSITORY,
        event_id=f"E-{PLAIN}-{kind}",
        number=request_of(PLAIN),
        kind=kind,
        happened_at=landed_at(PLAIN) - before,
        **columns,
    )


def _reviewer(records: list[Record]) -> str:
    """Who approved PLAIN."""
    (name,) = (
        told["reviewer"]
        for told in map(columns_of, (record for record in records if record.kind == "fact/reviews"))
        if told["review_id"] == f"R-{PLAIN}-1"
    )
    assert isinstance(name, str)
    return name


def _by_the_reviewer(spoiler: Callable[[str], Spoiler]) -> Spoiler:
    return lambda records: spoiler(_reviewer(records))(records)


def _held_by_git(commit: str, *, covers: bool | None, how: str) -> Spoiler:
    """Git held another commit too against what landed."""
    return added(
        "coverings", repository=REPOSITORY, commit=commit, change_id=change_id(PLAIN), covers=covers, how=how
    )


# Its request was closed; its author merged it by hand, and pushed that.
PUSHED_DIRECTLY = all_of(
    changed(
        "changes_seen",
        {"change_id": change_id(PLAIN)},
        number=None,
        came_by_pull_request=None,
        bypassed_rules=None,
        merged_by=None,
    ),
    _in("requests", state="closed", merged_at=None, merged_by=None, merge_commit=None),
    without("request_events", event_id=f"E-{PLAIN}-merged"),
    changed("pushes", {"push_id": f"P-{PLAIN}"}, kind="push"),
)
_BYPASS = changed("rule_suites", {"suite_id": f"S-{PLAIN}"}, result="bypass")


def _rules_off(records: list[Record]) -> list[Record]:
    """The rule set of the youngest repository was switched off, and on again an hour later."""
    (told,) = (columns_of(one) for one in records if one.kind == "fact/rule_sets")
    since, until = (datetime.fromisoformat(told[name]) for name in ("held_from", "held_until"))
    repository, rule = told["repository"], f"ruleset {RULE_SET}"
    held = (since, _LAPSE, True), (_LAPSE, _LAPSE + HOUR, False), (_LAPSE + HOUR, until, True)
    listed = next(
        columns_of(one)
        for one in records
        if one.kind == "fact/branch_rule_parts" and columns_of(one)["rule"] == "rulesets"
    )
    records = without("rule_sets", repository=repository)(records)
    records = without("branch_rule_parts", repository=repository, rule="rulesets")(records)
    records = without("branch_rule_parts", repository=repository, rule=rule)(records)
    for held_from, held_until, in_force in held:
        when = {"held_from": held_from, "held_until": held_until}
        records = added("rule_sets", **told | when | {"in_force": in_force})(records)
        in_list = {"rulesets": [RULE_SET] if in_force else []}
        records = added("branch_rule_parts", **listed | when | in_list)(records)
    event = {"repository": repository, "rule": f"{rule} main", "actor": "uri-katz"}
    for kind, moment in (("disabled", _LAPSE), ("enabled", _LAPSE + HOUR)):
        happened = {"event_id": f"L-{kind}", "kind": kind, "happened_at": moment, "weakens": kind == "disabled"}
        records = added("rule_events", **event | happened)(records)
    return records


_AROUND = {"CHG-07": "it went around the rules and is marked as no emergency"}

PLANTS: dict[str, Plant] = {
    "a bot approved it": Plant(
        "CHG-01", change_id(PLAIN), _reviewed(reviewer="review-bot[bot]", is_bot=True), also=GOES_LIVE_TOO
    ),
    "whoever answers for the agent approved what it wrote": Plant(
        "CHG-01",
        change_id(PLAIN),
        all_of(
            _reviewed(reviewer=_LEADER),
            _in("request_commits", agents=["claude-code"]),
            _happened("agent-started", 5 * HOUR, actor=_LEADER, actor_kind="user", detail="coding-agent"),
        ),
        also=GOES_LIVE_TOO,
    ),
    "the approver committed to it": Plant(
        "CHG-01",
        change_id(PLAIN),
        _by_the_reviewer(lambda who: _in("request_commits", co_authors=[who])),
        also=GOES_LIVE_TOO,
    ),
    "the approver opened the request": Plant(
        "CHG-01",
        change_id(PLAIN),
        _by_the_reviewer(lambda who: _in("requests", author=who)),
        also={"CHG-08": GOES_LIVE_TOO["CHG-08"]},
    ),
    "the approver had no right to merge": Plant(
        "CHG-01",
        change_id(PLAIN),
        _by_the_reviewer(
            lambda who: added(
                "path_rights",
                repository=REPOSITORY,
                account=who,
                can_merge=False,
                can_bypass=False,
                can_deploy=False,
            )
        ),
        also=GOES_LIVE_TOO,
    ),
    "the approver did not work here then": Plant(
        "CHG-01",
        change_id(PLAIN),
        _reviewed(reviewer=_NOT_YET),
        also=GOES_LIVE_TOO | {"HR-05": "whoever reviews was not trained then"},
    ),
    "the approval was dismissed": Plant(
        "CHG-01",
        change_id(PLAIN),
        all_of(
            _reviewed(state="dismissed"),
            _happened(
                "review-dismissed", 10 * MINUTE, actor="uri-katz", review_id=f"R-{PLAIN}-1", detail="approved"
            ),
        ),
        also=GOES_LIVE_TOO,
    ),
    "the approver asked for changes later": Plant(
        "CHG-01",
        change_id(PLAIN),
        _by_the_reviewer(
            lambda who: added(
                "reviews",
                repository=REPOSITORY,
                review_id=f"R-{PLAIN}-later",
                number=request_of(PLAIN),
                commit=head_of(PLAIN),
                reviewer=who,
                is_bot=False,
                state="changes-requested",
                submitted_at=landed_at(PLAIN) - 5 * MINUTE,
            )
        ),
        also=GOES_LIVE_TOO,
    ),
    "what landed is not what was approved": Plant(
        "CHG-02",
        change_id(PLAIN),
        changed("coverings", {"commit": head_of(PLAIN)}, covers=False, how="differs"),
        also=NOT_OF_THIS,
    ),
    "pushed after the approval": Plant(
        "CHG-02",
        change_id(PLAIN),
        all_of(
            _reviewed(commit=EARLIER),
            _held_by_git(EARLIER, covers=False, how="differs"),
            _happened("force-pushed", 5 * MINUTE, actor="coding-agent", after_commit=head_of(PLAIN)),
        ),
        also=NOT_OF_THIS,
    ),
    "pushed to the branch directly, the rules bypassed": Plant(
        "CHG-04", change_id(PLAIN), all_of(PUSHED_DIRECTLY, _BYPASS), also=_AROUND
    ),
    "an administrator's merge around the rules": Plant("CHG-04", change_id(PLAIN), _BYPASS, also=_AROUND),
    "an override that only the owner's log tells": Plant(
        "CHG-04",
        change_id(PLAIN),
        added(
            "audit_events",
            organization=ORGANIZATION,
            event_id="A-override",
            action="protected_branch.policy_override",
            happened_at=landed_at(PLAIN),
            repository=REPOSITORY,
            detail=json.dumps({"after": change_id(PLAIN)}),
        ),
        also=_AROUND,
    ),
    "the rule set was off for an hour": Plant("CHG-03", "acme/assistant", _rules_off),
}

_OPEN = {
    "ACC-10": "whoever stands behind it may be that account",
    "CHG-08": "nobody can tell whether what went live was approved",
}
_GIVEN = _OPEN | {"CHG-02": "whether it was approved at all is open"}

# What leaves open whether it was reviewed: neither met nor a deviation, so the control concludes nothing.
DOUBTS: dict[str, Plant] = {
    "the approver's account is gone": Plant(
        "CHG-01", change_id(PLAIN), _reviewed(reviewer=None, is_bot=None), also=_GIVEN
    ),
    "nobody knows whether a person types there": Plant(
        "CHG-01", change_id(PLAIN), _reviewed(is_bot=None), also=_GIVEN
    ),
    "git could not tell whether what was approved is what landed": Plant(
        "CHG-02",
        change_id(PLAIN),
        all_of(_reviewed(commit=EARLIER), _held_by_git(EARLIER, covers=None, how="unavailable")),
        also=_OPEN | {"CHG-01": "an approval that may be of something else"},
    ),
}
