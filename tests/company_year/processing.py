"""Processing: what users are told of inputs and outputs, jobs and their totals, and how good AI output is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from asbuilt.model.record import Record
from tests.company_year.daily import KEPT_FROM, Row, kept_days, volume
from tests.company_year.world import (
    DAY,
    END,
    FOUNDED,
    HOUR,
    SEEN_UNTIL,
    START,
    Plant,
    World,
    added,
    at,
    changed,
    months,
    sha,
    whole,
    without,
)

# Interface: the kinds of its changes.
INTERFACES = {
    "orders API": ("input", "rule", "output"),
    "invoices API": ("rule", "output", "limit"),
    "upload form": ("input", "limit"),
    "assistant": ("ai-output", "limit"),
}
ASSISTANT_FROM = at("2026-01-12T09:00")


@dataclass(frozen=True)
class Endpoint:
    """One place where input enters the product."""

    id: str
    service: str
    since: datetime = FOUNDED
    feeds_model: bool = False


ENDPOINTS = (
    *(
        Endpoint(f"{verb} /{noun}", "checkout")
        for noun in ("orders", "carts", "refunds")
        for verb in ("POST", "PATCH")
    ),
    Endpoint("POST /invoices", "ledger"),
    Endpoint("queue payments", "ledger"),
    Endpoint("PUT /uploads", "web"),
    Endpoint("POST /sessions", "web"),
    Endpoint("POST /assistant/messages", "assistant", ASSISTANT_FROM, feeds_model=True),
    Endpoint("PUT /assistant/files", "assistant", at("2026-06-08T09:00"), feeds_model=True),
)


@dataclass(frozen=True)
class Job:
    """One scheduled job."""

    id: str
    every_days: int
    reconciles: bool
    delivers_to_tenants: bool
    since: datetime = FOUNDED


JOBS = (
    Job("settle-payments", 1, reconciles=True, delivers_to_tenants=False),
    Job("send-statements", 1, reconciles=True, delivers_to_tenants=True),
    Job("refresh-prices", 1, reconciles=False, delivers_to_tenants=False),
    Job("weekly-report", 7, reconciles=False, delivers_to_tenants=True),
    Job("load-warehouse", 1, reconciles=True, delivers_to_tenants=False, since=at("2026-03-03")),
)
FAILED = ("refresh-prices", at("2025-12-09"))
# AI feature: its first release, and how many days are from one to the next.
FEATURES = {"order-summaries": (at("2025-07-07T11:00"), 42), "assistant": (at("2026-01-14T11:00"), 21)}


def records(world: World) -> Iterator[Record]:
    """Everything about processing."""
    changes = list(_interface_changes(world))
    yield from whole("interface_changes", changes)
    yield from whole("specification_updates", _updates(changes))
    yield from whole(
        "input_endpoints",
        (
            {"endpoint": own.id, "in_scope": True, "service": own.service, "in_use_from": own.since}
            for own in ENDPOINTS
        ),
    )
    yield from whole("endpoint_validation", _validation(), since=KEPT_FROM)
    yield from whole(
        "jobs",
        (
            {
                "job": own.id,
                "in_scope": True,
                "every_days": own.every_days,
                "reconciles": own.reconciles,
                "delivers_to_tenants": own.delivers_to_tenants,
                "in_use_from": own.since,
            }
            for own in JOBS
        ),
    )
    yield from whole("job_runs", _job_runs(), since=KEPT_FROM)
    yield from whole("reconciliations", _reconciliations(), since=KEPT_FROM)
    yield from whole("ai_releases", _releases())
    yield from whole("ai_evaluations", _evaluations())
    yield from whole("output_samples", _samples(world))


def _interface_changes(world: World) -> Iterator[Row]:
    chance = world.random("interfaces")
    span = (END - START).days + 60
    for number in range(volume(world, 150, 12)):
        interface = chance.choice(list(INTERFACES))
        released = START - 60 * DAY + chance.randrange(span) * DAY + 14 * HOUR
        if interface == "assistant" and released < ASSISTANT_FROM:
            interface = "orders API"
        yield {
            "change": f"I-{number:04}",
            "interface": interface,
            "released_at": released,
            "kind": chance.choice(INTERFACES[interface]),
        }
    for interface, kind in (("orders API", "rule"), ("assistant", "ai-output")):
        yield {
            "change": f"I-{kind}",
            "interface": interface,
            "released_at": at("2026-03-18T14:00"),
            "kind": kind,
        }


def _updates(changes: list[Row]) -> Iterator[Row]:
    for number, change in enumerate(changes):
        yield {
            "update_id": f"update {change['change']}",
            "interface": change["interface"],
            "published_at": change["released_at"] + (number % 5 - 1) * DAY,
            "change": change["change"],
            "states_ai_limits": True if change["kind"] == "ai-output" else None,
        }


def _validation() -> Iterator[Row]:
    """One release a month, and what held for each endpoint while it ran."""
    starts = months(KEPT_FROM, SEEN_UNTIL)
    for own in ENDPOINTS:
        for begins, ends in zip(starts, [*starts[1:], SEEN_UNTIL], strict=True):
            if own.since < ends:
                yield {
                    "endpoint": own.id,
                    "schema_enforced": True,
                    "tests_succeeded": True,
                    "rejects_logged": True,
                    "feeds_model": own.feeds_model,
                    "injection_checked": True if own.feeds_model else None,
                    "release": f"{begins:%Y.%m}",
                    "held_from": max(begins, own.since),
                    "held_until": ends,
                }


def _ran(own: Job) -> Iterator[datetime]:
    return (
        day + 4 * HOUR for day in kept_days(own.since) if own.every_days == 1 or (day - own.since).days % 7 == 6
    )


def _job_runs() -> Iterator[Row]:
    """Each job when it is due; one run failed, and a ticket tells of it."""
    for own in JOBS:
        for ran in _ran(own):
            is_failure = (own.id, ran - 4 * HOUR) == FAILED
            yield {
                "run": f"{own.id} {ran:%Y-%m-%d}",
                "job": own.id,
                "ran_at": ran,
                "succeeded": not is_failure,
                "tenant_checked": True if own.delivers_to_tenants else None,
                "ticket": "OPS-2107" if is_failure else None,
            }


def _reconciliations() -> Iterator[Row]:
    for own in JOBS:
        for ran in _ran(own) if own.reconciles else ():
            yield {
                "reconciliation": f"totals {own.id} {ran:%Y-%m-%d}",
                "job": own.id,
                "compared_at": ran + HOUR,
                "ties": True,
                "run": f"{own.id} {ran:%Y-%m-%d}",
            }


def released_at(feature: str) -> list[datetime]:
    """When releases of an AI feature went out."""
    first, every = FEATURES[feature]
    count = (SEEN_UNTIL - DAY - first).days // every + 1
    return [first + number * every * DAY for number in range(count)]


def _releases() -> Iterator[Row]:
    for feature in FEATURES:
        for moment in released_at(feature):
            yield {
                "release": f"{feature} {moment:%Y-%m-%d}",
                "feature": feature,
                "released_at": moment,
                "configuration": sha("configuration", feature, moment),
            }


def _evaluations() -> Iterator[Row]:
    for feature in FEATURES:
        for moment in released_at(feature):
            yield {
                "evaluation": f"evaluation {feature} {moment:%Y-%m-%d}",
                "feature": feature,
                "configuration": sha("configuration", feature, moment),
                "evaluated_at": moment - 20 * HOUR,
                "set_digest": sha("set", feature),
                "model": "claude",
                "repetitions": 5,
                "score": 9420,
                "score_at_least": 9260,
                "threshold": 9000,
            }


def _samples(world: World) -> Iterator[Row]:
    """A person looks through a sample every six days."""
    chance = world.random("samples")
    for feature, (first, _) in FEATURES.items():
        for number in range((SEEN_UNTIL - first).days // 6 + 1):
            reviewed = first + number * 6 * DAY + HOUR
            faults = chance.choices((0, 1, 2), weights=(8, 2, 1))[0]
            yield {
                "sample": f"sample {feature} {number:03}",
                "feature": feature,
                "reviewed_at": reviewed,
                "reviewed_by": "ines-ferreira",
                "outputs": 50,
                "faults": faults,
                "escalation": f"PROD-{number}" if faults else None,
            }


_RELEASED = at("2026-04-08T11:00")
_RELEASE = f"assistant {_RELEASED:%Y-%m-%d} | assistant"
_EVALUATION = {"evaluation": f"evaluation assistant {_RELEASED:%Y-%m-%d}"}
PLANTS = {
    "a rule changes and nobody tells": Plant(
        "PIN-01", "I-rule | orders API", without("specification_updates", update_id="update I-rule")
    ),
    "users hear of a rule after a month": Plant(
        "PIN-01",
        "I-rule | orders API",
        changed("specification_updates", {"update_id": "update I-rule"}, published_at=at("2026-04-20")),
    ),
    "the limits of AI output are not named": Plant(
        "PIN-01",
        "I-ai-output | assistant",
        changed("specification_updates", {"update_id": "update I-ai-output"}, states_ai_limits=False),
    ),
    "an endpoint takes anything for a month": Plant(
        "PIN-02",
        "POST /orders",
        changed(
            "endpoint_validation",
            {"endpoint": "POST /orders", "held_from": at("2026-04-01")},
            schema_enforced=False,
        ),
    ),
    "messages to the assistant are not checked for instructions": Plant(
        "PIN-02",
        "POST /assistant/messages",
        changed(
            "endpoint_validation",
            {"endpoint": "POST /assistant/messages", "held_from": at("2026-02-01")},
            injection_checked=False,
        ),
    ),
    "a job does not run": Plant(
        "PIN-03",
        "refresh-prices | 2026-06-17",
        without("job_runs", run="refresh-prices 2026-06-17"),
    ),
    "a job fails and nobody writes it down": Plant(
        "PIN-03",
        "refresh-prices | 2025-12-09",
        changed("job_runs", {"run": "refresh-prices 2025-12-09"}, ticket=None),
    ),
    "totals drift apart": Plant(
        "PIN-03",
        "settle-payments | 2026-01-29",
        changed("reconciliations", {"reconciliation": "totals settle-payments 2026-01-29"}, ties=False),
    ),
    "totals are not compared": Plant(
        "PIN-03",
        "settle-payments | 2026-01-29",
        without("reconciliations", reconciliation="totals settle-payments 2026-01-29"),
    ),
    "nobody checks whom a statement goes to": Plant(
        "PIN-03",
        "send-statements | 2026-07-21",
        changed("job_runs", {"run": "send-statements 2026-07-21"}, tenant_checked=False),
    ),
    "another configuration was evaluated than went out": Plant(
        "PIN-04", _RELEASE, changed("ai_evaluations", _EVALUATION, configuration=sha("another"))
    ),
    "the score misses its threshold": Plant(
        "PIN-04", _RELEASE, changed("ai_evaluations", _EVALUATION, score_at_least=8930)
    ),
    "each case was tried once": Plant("PIN-04", _RELEASE, changed("ai_evaluations", _EVALUATION, repetitions=1)),
    "a release goes out unevaluated": Plant(
        "PIN-04",
        "order-summaries hotfix | order-summaries",
        added(
            "ai_releases",
            release="order-summaries hotfix",
            feature="order-summaries",
            released_at=at("2026-02-26T18:00"),
            configuration=sha("hotfix"),
        ),
    ),
    "nobody looks at output for twelve days": Plant(
        "PIN-04",
        _RELEASE,
        without("output_samples", feature="assistant", reviewed_at=_RELEASED + 6 * DAY + HOUR),
    ),
    "faults are seen and left": Plant(
        "PIN-04",
        _RELEASE,
        changed(
            "output_samples",
            {"feature": "assistant", "reviewed_at": _RELEASED + 6 * DAY + HOUR},
            faults=4,
            escalation=None,
        ),
    ),
}
