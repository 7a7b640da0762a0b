"""The way to production: the branch's rules of each day, rights, environments, endpoints."""

from collections.abc import Iterator
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.landings import CHECKS, COLLECTED_FROM, PIPELINE, change_id, first_live, landings
from tests.company_year.world import (
    DAY,
    FOUNDED,
    SEEN_UNTIL,
    TAKEN,
    Plant,
    World,
    at,
    changed,
    days,
    months,
    whole,
)

Row = dict[str, Any]

# Environment: the account in which it runs, and the one credential that is valid in it.
ENVIRONMENTS = {
    "production": ("acme-production", "production deploy key"),
    "staging": ("acme-staging", "staging deploy key"),
    "preview": ("acme-preview", "preview deploy key"),
}

RULE_SET = "17"
_ASKED: Row = {
    "requires_pull_request": True,
    "required_approvals": 1,
    "required_checks": list(CHECKS),
    "dismisses_stale_approvals": True,
    "requires_owner_approval": True,
    "allows_force_push": False,
    "allows_deletion": False,
    "bypass_actors": [],
}


def records(world: World) -> Iterator[Record]:
    """Everything about delivery."""
    yield from whole("branch_rules", _rules(world), since=COLLECTED_FROM)
    yield from whole("branch_rule_parts", _rule_parts(world), since=COLLECTED_FROM)
    yield from whole("rule_sets", _rule_sets(world), since=COLLECTED_FROM)
    yield from whole("path_rights", _rights(world))
    yield from whole("environments", _environments())
    yield from whole("tenant_endpoints", _endpoints(world))


def _rules(world: World) -> Iterator[Row]:
    """A row for each day, from the forge's log of settings; the youngest repository is bound by a rule set instead."""
    for own in world.repositories:
        for day in days(COLLECTED_FROM, SEEN_UNTIL) if own.since is None else ():
            yield _ASKED | {
                "repository": own.id,
                "branch": "main",
                "binds_administrators": True,
                "held_from": day,
                "held_until": day + DAY,
            }


def _rule_parts(world: World) -> Iterator[Row]:
    """Its sources of rules, as the forge's pages tell them: no classic protection, and one rule set in force."""
    for own in world.repositories:
        if own.since is not None:
            told = {"repository": own.id, "branch": "main", "held_from": own.since, "held_until": SEEN_UNTIL}
            yield told | {"rule": "protection", "in_force": False}
            yield told | {"rule": "rulesets", "in_force": True, "rulesets": [RULE_SET]}
            yield _ASKED | told | {"rule": f"ruleset {RULE_SET}", "in_force": True}


def _rule_sets(world: World) -> Iterator[Row]:
    for own in world.repositories:
        if own.since is not None:
            yield _ASKED | {
                "repository": own.id,
                "ruleset": RULE_SET,
                "name": "main",
                "set_by": own.id,
                "in_force": True,
                "includes": ["refs/heads/main"],
                "excludes": [],
                "held_from": own.since,
                "held_until": SEEN_UNTIL,
            }


def _rights(world: World) -> Iterator[Row]:
    for own in world.repositories:
        held = {"repository": own.id, "held_from": own.since or FOUNDED, "held_until": TAKEN}
        yield held | {"account": PIPELINE, "can_merge": False, "can_bypass": False, "can_deploy": True}
        for name in ("uri", "sam"):
            login = world.person(name).login
            yield held | {"account": login, "can_merge": True, "can_bypass": name == "uri", "can_deploy": False}


def _environments() -> Iterator[Row]:
    """A row for each month, with what the monthly search for customers' data found."""
    starts = months(COLLECTED_FROM, SEEN_UNTIL)
    for name, (account, credential) in ENVIRONMENTS.items():
        for begins, ends in zip(starts, [*starts[1:], SEEN_UNTIL], strict=True):
            yield {
                "environment": name,
                "is_production": name == "production",
                "cloud_account": account,
                "credentials": [credential],
                "holds_production_data": name == "production",
                "agents": ["coding-agent"] if name == "preview" else [],
                "held_from": begins,
                "held_until": ends,
            }


def _endpoints(world: World) -> Iterator[Row]:
    """Some changes that went live brought an endpoint each."""
    for own, _ in first_live(landings(world)):
        if own.number % 6 == 5 and own.repository in {"acme/checkout", "acme/web"}:
            yield {
                "repository": own.repository,
                "endpoint": f"GET /things/{own.number}",
                "added_at": own.landed,
                "added_in": own.id,
                "is_tested": True,
            }


WITH_ENDPOINT = 5  # of the first changes one that brought an endpoint
_WEB = {"repository": "acme/web", "held_from": at("2026-05-12")}

PLANTS: dict[str, Plant] = {
    "the rules were off for a day": Plant(
        "CHG-03", "acme/web", changed("branch_rules", _WEB, requires_pull_request=False)
    ),
    "administrators were not bound for a day": Plant(
        "CHG-03", "acme/web", changed("branch_rules", _WEB, binds_administrators=False)
    ),
    "an agent on the bypass list": Plant(
        "CHG-03", "acme/web", changed("branch_rules", _WEB, bypass_actors=["coding-agent"])
    ),
    "an endpoint without a test": Plant(
        "ACC-11",
        change_id(WITH_ENDPOINT),
        changed("tenant_endpoints", {"added_in": change_id(WITH_ENDPOINT)}, is_tested=False),
    ),
    "customers' data in the staging environment": Plant(
        "CHG-09",
        "staging",
        changed(
            "environments", {"environment": "staging", "held_from": at("2026-06-01")}, holds_production_data=True
        ),
    ),
    "one key for two environments": Plant(
        "CHG-09",
        "production",
        changed(
            "environments",
            {"environment": "staging", "held_from": at("2026-06-01")},
            credentials=["staging deploy key", "production deploy key"],
        ),
    ),
    "an agent in production": Plant(
        "CHG-09",
        "production",
        changed(
            "environments", {"environment": "production", "held_from": at("2026-06-01")}, agents=["coding-agent"]
        ),
    ),
}
