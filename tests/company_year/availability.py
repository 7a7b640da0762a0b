"""Staying up: probes of each service, backups of each store, restores, and the plan for the worst day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from asbuilt.model.record import Record
from tests.company_year.daily import KEPT_FROM, Row, kept_days
from tests.company_year.data import ASSETS, Asset
from tests.company_year.world import (
    DAY,
    FOUNDED,
    HOUR,
    SEEN_UNTIL,
    TAKEN,
    Plant,
    World,
    added,
    all_of,
    at,
    changed,
    months,
    whole,
    without,
)

MINUTES_OF_DAY = 1440
# Service: since when it is there, and whether customers cannot work without it.
SERVICES = {
    "checkout": (FOUNDED, True),
    "ledger": (FOUNDED, True),
    "web": (FOUNDED, True),
    "assistant": (at("2026-01-12T09:00"), False),
}
PROBERS = ("probes from Dublin", "probes from Osaka")
TESTS = {
    "full-recovery": (at("2024-03-13T08:00"), at("2025-03-12T08:00"), at("2026-03-10T08:00")),
    "restore": tuple(first + 19 * DAY for first in months(FOUNDED, SEEN_UNTIL) if first.month in {2, 5, 8, 11}),
}
TOPICS = ["vendor-loss", "zone-failure", "insurance", "alternative-providers", "ai-fallback"]
PLANS = {"1": at("2024-09-10T10:00"), "2": at("2025-09-04T10:00"), "3": at("2026-08-27T10:00")}
FAILED = ("uploads", at("2026-02-03"))


def records(world: World) -> Iterator[Record]:
    """Everything about availability."""
    yield from whole(
        "services",
        (
            {
                "service": own,
                "in_scope": True,
                "is_critical": is_critical,
                "committed_uptime": 9990,
                "zones": 3 if is_critical else 2,
                "in_use_from": since,
            }
            for own, (since, is_critical) in SERVICES.items()
        ),
    )
    yield from whole("uptime_probes", _probes(world), since=KEPT_FROM)
    yield from whole("maintenance_windows", _maintenance())
    yield from whole("availability_reviews", _reviews())
    yield from whole("protected_stores", (_protected(own) for own in _stores()))
    yield from whole("backups", _backups(), since=KEPT_FROM)
    yield from whole("recovery_tests", _recovery_tests())
    yield from whole(
        "continuity_plans",
        (
            {
                "plan": f"continuity {version}",
                "approved_at": moment,
                "approved_by": "sam",
                "topics": TOPICS,
                "contacts_tested_at": moment - 30 * DAY,
            }
            for version, moment in PLANS.items()
        ),
    )
    yield from whole(
        "insurances",
        (
            {
                "certificate": f"cyber {year}",
                "insured_from": at(f"{year}-07-01"),
                "insured_until": at(f"{year + 1}-07-01"),
                "insurer": "Mutual of the Coast",
            }
            for year in (2024, 2025, 2026)
        ),
    )


def _probes(world: World) -> Iterator[Row]:
    """Two places probe each minute; a day's counts stand together. A minute or two fails on some days."""
    chance = world.random("probes")
    for service, (since, _) in SERVICES.items():
        for day in kept_days(since.replace(hour=0)):
            failed = chance.choices((0, 1, 2), weights=(12, 2, 1))[0]
            for prober in PROBERS:
                probed_from = max(day, since)
                asked = MINUTES_OF_DAY - (probed_from - day) // timedelta(minutes=1)
                yield {
                    "service": service,
                    "prober": prober,
                    "probed_from": probed_from,
                    "probed_until": day + DAY,
                    "answered": asked - failed,
                    "failed": failed,
                    "is_independent": True,
                }


def _maintenance() -> Iterator[Row]:
    for first in months(KEPT_FROM, SEEN_UNTIL):
        if first.month % 3 == 0:
            starts = first + 8 * DAY + 3 * HOUR
            yield {
                "maintenance": f"ledger {first:%Y-%m}",
                "service": "ledger",
                "starts_at": starts,
                "ends_at": starts + HOUR,
                "announced_at": starts - 7 * DAY,
            }


def _reviews() -> Iterator[Row]:
    """Each month is looked at in the week after it."""
    for first in months(KEPT_FROM, SEEN_UNTIL):
        reviewed = (first + 40 * DAY).replace(day=8, hour=9)
        if reviewed < TAKEN:
            yield {
                "review": f"availability {first:%Y-%m}",
                "month": first,
                "reviewed_at": reviewed,
                "reviewed_by": "uri-katz",
                "capacity_reviewed": True,
            }


def _stores() -> list[Asset]:
    return [own for own in ASSETS if own.is_production and own.kind != "flow"]


def _protected(own: Asset) -> Row:
    return {
        "store": own.id,
        "in_plan": not own.is_rebuildable,
        "rebuildable_by": own.owner if own.is_rebuildable else None,
        "in_use_from": own.since,
        "in_use_until": own.until,
    }


def _backups() -> Iterator[Row]:
    """One a day; one of them failed, and the cause was mended in the morning."""
    for own in _stores():
        if own.is_rebuildable:
            continue
        for day in kept_days(own.since, own.until or SEEN_UNTIL):
            ran = day + HOUR
            is_failure = (own.id, day) == FAILED
            yield {
                "backup": f"{own.id} {day:%Y-%m-%d}",
                "store": own.id,
                "ran_at": ran,
                "succeeded": not is_failure,
                "is_encrypted": True,
                "is_replicated": True,
                "is_delete_protected": True,
                "failure_ticket": "OPS-2231" if is_failure else None,
                "fixed_at": ran + 8 * HOUR if is_failure else None,
            }


def _recovery_tests() -> Iterator[Row]:
    for kind, moments in TESTS.items():
        for moment in moments:
            yield _recovery_test(kind, moment)


def _recovery_test(kind: str, moment: datetime) -> Row:
    is_slow = kind == "restore" and moment.year == 2025 and moment.month == 11
    return {
        "test": f"{kind} {moment:%Y-%m-%d}",
        "kind": kind,
        "held_at": moment,
        "data_set": "orders-db",
        "succeeded": True,
        "integrity_checked": True,
        "recovery_minutes": 310 if is_slow else 95,
        "recovery_objective_minutes": 240,
        "lost_minutes": 12,
        "loss_objective_minutes": 60,
        "action": "OPS-1980" if is_slow else None,
    }


_LEDGER_DAY = at("2026-02-18")
PLANTS = {
    "a service is down for a night": Plant(
        "AVL-01",
        "ledger | 2026-02",
        all_of(
            *(
                changed(
                    "uptime_probes",
                    {"service": "ledger", "prober": prober, "probed_from": _LEDGER_DAY},
                    answered=MINUTES_OF_DAY - 480,
                    failed=480,
                )
                for prober in PROBERS
            )
        ),
    ),
    "nobody reviews a month": Plant(
        "AVL-01",
        "web | 2026-05",
        changed(
            "availability_reviews", {"review": "availability 2026-05"}, services=["checkout", "ledger", "assistant"]
        ),
    ),
    "capacity is not looked at": Plant(
        "AVL-01",
        "checkout | 2026-07",
        changed("availability_reviews", {"review": "availability 2026-07"}, capacity_reviewed=False),
    ),
    "a new store is not in the plan": Plant(
        "AVL-02",
        "shadow-db | 2026-06-02",
        added(
            "data_assets_seen",
            asset="shadow-db",
            seen_at=at("2026-07-01"),
            first_seen_at=at("2026-06-01T12:00"),
            kind="database",
            is_production=True,
        ),
        also={
            "CON-01": "it is not in the data inventory either",
            "DAT-01": "nobody looked whether it is encrypted",
        },
    ),
    "a backup fails and nobody notices": Plant(
        "AVL-02",
        "uploads | 2026-02-03",
        changed("backups", {"backup": "uploads 2026-02-03"}, failure_ticket=None, fixed_at=None),
    ),
    "a failed backup is mended after two days": Plant(
        "AVL-02",
        "uploads | 2026-02-03",
        changed("backups", {"backup": "uploads 2026-02-03"}, fixed_at=at("2026-02-05T05:00")),
    ),
    "no backup runs on a day": Plant(
        "AVL-02", "warehouse | 2026-05-01", without("backups", backup="warehouse 2026-05-01")
    ),
    "a backup can be deleted": Plant(
        "AVL-02",
        "orders-db | 2026-08-14",
        changed("backups", {"backup": "orders-db 2026-08-14"}, is_delete_protected=False),
    ),
    "nothing is restored in a quarter": Plant(
        "AVL-03", "2026-Q2", without("recovery_tests", test="restore 2026-05-20")
    ),
    "what was restored is not compared": Plant(
        "AVL-03",
        "2026-Q2",
        changed("recovery_tests", {"test": "restore 2026-05-20"}, integrity_checked=False),
    ),
    "a slow restore has no ticket": Plant(
        "AVL-03", "2025-Q4", changed("recovery_tests", {"test": "restore 2025-11-20"}, action=None)
    ),
    "the whole service is not recovered for two years": Plant(
        "AVL-03", "2026-Q3", without("recovery_tests", test="full-recovery 2026-03-10")
    ),
    "the plan forgets AI": Plant(
        "AVL-05",
        "due 2026-09-04",
        changed("continuity_plans", {"plan": "continuity 3"}, topics=TOPICS[:-1]),
    ),
    "the contacts of the plan were not tried": Plant(
        "AVL-05",
        "due 2026-09-04",
        changed("continuity_plans", {"plan": "continuity 3"}, contacts_tested_at=at("2025-08-01")),
    ),
    "the plan is not reviewed": Plant("AVL-05", "due 2026-09-04", without("continuity_plans", plan="continuity 3")),
}
