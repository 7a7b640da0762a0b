"""Confidential data: where it lies, how it is classed, when it goes, and which AI hosts it reaches."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

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
    whole,
    without,
)

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Asset:
    """One store or flow of data; production stores are backed up, unless they can be made anew."""

    id: str
    kind: str
    owner: str
    classification: str
    purposes: tuple[str, ...]
    is_production: bool = True
    since: datetime = FOUNDED
    is_rebuildable: bool = False
    until: datetime | None = None


ASSETS = (
    Asset("orders-db", "database", "uri", "confidential", ("service", "billing")),
    Asset("ledger-db", "database", "uri", "confidential", ("billing",)),
    Asset("uploads", "bucket", "ana", "confidential", ("service",)),
    Asset("events", "queue", "chloe", "internal", ("analytics",)),
    Asset("search-index", "other", "chloe", "internal", (), is_rebuildable=True),
    Asset("old-exports", "bucket", "uri", "confidential", ("service",), until=at("2026-02-20T12:00")),
    Asset("assistant-log", "prompt-log", "sam", "confidential", ("assistance",), since=at("2026-01-12T09:00")),
    Asset(
        "assistant-vectors", "vector-index", "sam", "confidential", ("assistance",), since=at("2026-01-12T09:00")
    ),
    Asset("warehouse", "database", "uri", "confidential", ("analytics",), since=at("2026-03-02T09:00")),
    Asset("orders-to-warehouse", "flow", "uri", "confidential", ("analytics",), since=at("2026-03-02T09:00")),
    Asset("staging-db", "database", "ben", "internal", (), is_production=False),
    Asset("preview-uploads", "bucket", "ben", "internal", (), is_production=False),
    Asset(
        "evaluation-set", "evaluation-set", "sam", "internal", (), is_production=False, since=at("2025-03-10T09:00")
    ),
)
BACKUP_DAYS = 14
CLASSES = ("public", "internal", "source-code", "customer-data")
# Host: the classes that may go there.
HOSTS = {"api.anthropic.com": CLASSES, "api.mistral.ai": CLASSES[:2]}


def records(world: World) -> Iterator[Record]:
    """Everything about confidential data."""
    yield from whole("data_assets_seen", _assets_seen())
    yield from whole("data_inventory", _inventory())
    endings = list(_endings(world))
    yield from whole("retention_ends", endings)
    yield from whole("disposals", _disposals(endings))
    yield from whole("ai_requests", _requests(world), since=KEPT_FROM)
    yield from whole("ai_egress", _egress(), since=KEPT_FROM)
    yield from whole("data_marker_scans", _marker_scans(), since=KEPT_FROM)
    yield from whole("datasets", DATASETS)
    yield from whole("training_switches", _switches())


def _assets_seen() -> Iterator[Row]:
    """What the platform lists on the first of each month."""
    for own in ASSETS:
        for first in months(FOUNDED, SEEN_UNTIL):
            told = {
                "asset": own.id,
                "kind": own.kind,
                "is_production": own.is_production,
                "first_seen_at": own.since,
            }
            if own.since <= first and (own.until is None or first < own.until):
                yield told | {"seen_at": first}
            elif own.until is not None and own.until <= first < own.until + 31 * DAY:
                yield told | {"seen_at": own.until, "gone_at": own.until}


def inventoried_at(own: Asset) -> list[datetime]:
    """When the asset's entry was made, and when it was reviewed."""
    found = [own.since + 10 * DAY]
    while (moment := found[-1] + 340 * DAY) < min(SEEN_UNTIL, own.until or SEEN_UNTIL):
        found.append(moment)
    return found


def _inventory() -> Iterator[Row]:
    for own in ASSETS:
        for moment in inventoried_at(own):
            yield {
                "asset": own.id,
                "reviewed_at": moment,
                "classification": own.classification,
                "owner": own.owner,
                "purposes": list(own.purposes),
                "reviewed_by": own.owner,
            }


def _endings(world: World) -> Iterator[Row]:
    """Contracts that ended, data whose time was over, and people who asked to be forgotten."""
    chance = world.random("endings")
    kinds = {"contract": ["orders-db", "ledger-db", "uploads"], "retention": ["events"], "request": ["orders-db"]}
    span = (END - START).days + 100
    for number in range(volume(world, 400, 8)):
        kind = list(kinds)[number % 3]
        ended = START - 100 * DAY + chance.randrange(span) * DAY
        yield _ending(f"E-{number:04}", kind, ended, kinds[kind])
    yield _ending("E-contract", "contract", at("2026-03-31"), [*kinds["contract"], "assistant-log", "anthropic"])


def _ending(own: str, kind: str, ended: datetime, stores: list[str]) -> Row:
    return {
        "ending": own,
        "ended_at": ended,
        "kind": kind,
        "stores": stores,
        "customer": f"customer of {own}",
        "promised_days": 45 if kind == "contract" else None,
    }


def _disposals(endings: list[Row]) -> Iterator[Row]:
    for ending in endings:
        for store in ending["stores"]:
            deleted = ending["ended_at"] + 9 * DAY
            has_backups = store not in {"events", "anthropic", "assistant-log"}
            gone = deleted + BACKUP_DAYS * DAY if has_backups else None
            verified = (gone or deleted) + DAY
            if verified >= SEEN_UNTIL:
                continue
            yield {
                "disposal": f"{ending['ending']} {store}",
                "ending": ending["ending"],
                "store": store,
                "deleted_at": deleted,
                "has_backups": has_backups,
                "backups_gone_at": gone,
                "verified_at": verified,
                "rows_left": 0,
                "proof": f"the query of {verified:%Y-%m-%d}",
            }


def _requests(world: World) -> Iterator[Row]:
    """What went through the gateway: allowed where the class may go there, else redacted or blocked."""
    chance = world.random("requests")
    minutes = (SEEN_UNTIL - KEPT_FROM) // MINUTE
    for number in range(volume(world, 2, 80)):
        host = chance.choices(list(HOSTS), weights=(9, 1))[0]
        data_class = chance.choices(CLASSES, weights=(1, 4, 4, 1))[0]
        decision = "allowed" if data_class in HOSTS[host] else chance.choice(("redacted", "blocked"))
        yield {
            "request": f"R-{number:06}",
            "requested_at": KEPT_FROM + chance.randrange(minutes) * MINUTE,
            "host": host,
            "decision": decision,
            "data_class": data_class,
            "requests": chance.randrange(1, 60),
        }
    yield {
        "request": "R-mistral",
        "requested_at": at("2026-02-17T14:00"),
        "host": "api.mistral.ai",
        "decision": "blocked",
        "data_class": "customer-data",
    }


def _egress() -> Iterator[Row]:
    """What the network saw: all of it came from the gateway."""
    for day in kept_days():
        for host in HOSTS:
            yield {
                "egress": f"{host} {day:%Y-%m-%d}",
                "seen_at": day,
                "host": host,
                "through_gateway": True,
                "origin": "ai-gateway",
                "connections": 240,
            }


def _marker_scans() -> Iterator[Row]:
    for own in ASSETS:
        if own.is_production or own.kind == "flow":
            continue
        for first in months(KEPT_FROM, END):
            yield {
                "scan": f"{own.id} {first:%Y-%m}",
                "asset": own.id,
                "scanned_at": first + 11 * DAY + 4 * HOUR,
                "markers_found": 0,
            }
        yield {"scan": f"{own.id} {END:%Y-%m}", "asset": own.id, "scanned_at": END + 4 * HOUR, "markers_found": 0}


def _dataset(own: str, purpose: str, first_used: datetime, origin: str, *, is_masked: bool | None = None) -> Row:
    return {
        "dataset": own,
        "purpose": purpose,
        "first_used_at": first_used,
        "origin": origin,
        "from_production": is_masked is not None,
        "is_masked": is_masked,
        "approved_by": "tess",
        "approved_at": first_used - 6 * DAY,
    }


DATASETS = (
    _dataset("made-up-orders", "test", at("2024-03-01"), "made by a script"),
    _dataset("assistant-questions", "evaluation", at("2025-12-15"), "written by support"),
    _dataset("assistant-tuning", "tuning", at("2026-04-20"), "tickets, masked", is_masked=True),
    _dataset("load-test", "test", at("2026-07-06"), "orders of a year, masked", is_masked=True),
)


def _switches() -> Iterator[Row]:
    workspaces = {"anthropic": ("engineering", "product"), "mistral": ("research",)}
    since = {"anthropic": at("2024-07-26"), "mistral": at("2025-03-10")}
    for provider, names in workspaces.items():
        for name in names:
            for first in months(since[provider], SEEN_UNTIL):
                yield {
                    "workspace": f"{provider} {name}",
                    "looked_at": first + 9 * HOUR,
                    "training_off": True,
                    "provider": provider,
                }


_WAREHOUSE = next(own for own in ASSETS if own.id == "warehouse")
_LEDGER_REVIEWS = inventoried_at(next(own for own in ASSETS if own.id == "ledger-db"))
_LEDGER_IN_YEAR = next(number for number, moment in enumerate(_LEDGER_REVIEWS) if moment >= START)
_LEDGER_DUTY = f"ledger-db | review | {_LEDGER_REVIEWS[_LEDGER_IN_YEAR - 1]:%Y-%m-%dT%H:%M:%SZ}"
_WAREHOUSE_ENTRY = {"asset": "warehouse", "reviewed_at": _WAREHOUSE.since + 10 * DAY}
_WAREHOUSE_DUTY = f"warehouse | entry | {_WAREHOUSE.since:%Y-%m-%dT%H:%M:%SZ}"
PLANTS = {
    "a store has no class": Plant(
        "CON-01", _WAREHOUSE_DUTY, changed("data_inventory", _WAREHOUSE_ENTRY, classification=None)
    ),
    "a new store enters the inventory after half a year": Plant(
        "CON-01",
        _WAREHOUSE_DUTY,
        changed("data_inventory", _WAREHOUSE_ENTRY, reviewed_at=at("2026-08-20")),
    ),
    "an entry is not reviewed": Plant(
        "CON-01",
        _LEDGER_DUTY,
        without("data_inventory", asset="ledger-db", reviewed_at=_LEDGER_REVIEWS[_LEDGER_IN_YEAR]),
    ),
    "a customer's data stays in one store": Plant(
        "CON-02", "E-contract | uploads", without("disposals", disposal="E-contract uploads")
    ),
    "rows are left": Plant(
        "CON-02",
        "E-contract | orders-db",
        changed("disposals", {"disposal": "E-contract orders-db"}, rows_left=12),
    ),
    "backups hold it for too long": Plant(
        "CON-02",
        "E-contract | ledger-db",
        changed("disposals", {"disposal": "E-contract ledger-db"}, backups_gone_at=at("2026-06-30")),
    ),
    "customers' data goes to a provider that may not have it": Plant(
        "CON-03", "gateway | R-mistral", changed("ai_requests", {"request": "R-mistral"}, decision="allowed")
    ),
    "a laptop goes around the gateway": Plant(
        "CON-03",
        "egress | laptop 7",
        added(
            "ai_egress",
            egress="laptop 7",
            seen_at=at("2026-05-19T22:10"),
            host="api.anthropic.com",
            through_gateway=False,
            origin="laptop",
        ),
    ),
    "a prompt goes to a provider that nobody knows": Plant(
        "CON-03",
        "gateway | R-odd",
        added(
            "ai_requests",
            request="R-odd",
            requested_at=at("2026-06-03T10:00"),
            host="api.cheap-models.example",
            decision="allowed",
            data_class="public",
        ),
    ),
    "production data lies in staging": Plant(
        "CON-04",
        "store | staging-db | 2026-03",
        changed("data_marker_scans", {"scan": "staging-db 2026-03"}, markers_found=3),
    ),
    "nobody searched staging for a month": Plant(
        "CON-04", "store | staging-db | 2026-04", without("data_marker_scans", scan="staging-db 2026-04")
    ),
    "a set for tuning was approved after its use": Plant(
        "CON-04",
        "dataset | assistant-tuning",
        changed("datasets", {"dataset": "assistant-tuning"}, approved_at=at("2026-05-02")),
    ),
    "a set for tests is not masked": Plant(
        "CON-04", "dataset | load-test", changed("datasets", {"dataset": "load-test"}, is_masked=False)
    ),
    "a provider may train on our data": Plant(
        "CON-04",
        "workspace | anthropic product | 2026-02-01T09:00:00Z",
        changed(
            "training_switches",
            {"workspace": "anthropic product", "looked_at": at("2026-02-01T09:00")},
            training_off=False,
        ),
    ),
}
