"""What runs, beside the code: changes in the cloud, drift, database writes, openings to the network, premises, assets."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.landings import COLLECTED_FROM, MINUTE, PIPELINE, change_id, first_live, landings
from tests.company_year.world import (
    DAY,
    FOUNDED,
    HOUR,
    TAKEN,
    Plant,
    World,
    added,
    all_of,
    at,
    changed,
    whole,
    without,
)

Row = Mapping[str, Any]

# Openings: system, rule, port, open to all, behind the gateway.
OPENINGS = (
    ("cloud", "public web", "443", True, False),
    ("cloud", "redirect", "80", True, False),
    ("cloud", "administration", "22", True, True),
    ("production", "public interface", "443", True, False),
    ("production", "inner mesh", "all", False, False),
    ("orders-db", "from the cluster", "5432", False, False),
    ("warehouse", "from the cluster", "5439", False, False),
)
MANUAL = 12  # writes by hand in the audited year: one a month
_OFFICE, _HOSTING, _HOST = "office in Lisbon", "hosting region", "stratus"
_OFFICE_SINCE = FOUNDED + 60 * DAY
OFFICE_REVIEWS = (at("2024-05-06T10:00"), at("2025-04-14T10:00"), at("2026-03-23T10:00"))


def records(world: World) -> Iterator[Record]:
    """Everything about what runs."""
    yield from whole("infrastructure_events", _events(world), since=COLLECTED_FROM)
    yield from whole("drifts", map(_drift, range(40)), since=COLLECTED_FROM)
    yield from whole("database_writes", _writes(world), since=COLLECTED_FROM)
    yield from whole("network_openings", _openings(world))
    yield from whole("sites", SITES)
    yield from whole(
        "site_reviews", ({"site": _OFFICE, "reviewed_at": own, "reviewed_by": "olga"} for own in OFFICE_REVIEWS)
    )
    yield from whole("assets", map(_asset, range(RETIRED, 60)))
    yield from whole("wipes", map(_wipe, range(RETIRED, RETIRED + len(_LEAVING))))


def _events(world: World) -> Iterator[Row]:
    """Each change to infrastructure, as the pipeline applied it."""
    for own in landings(world):
        if own.touches("infrastructure"):
            for place in range(1 + own.number % 2):
                yield {
                    "event": f"apply {own.number}.{place}",
                    "system": "cloud" if place == 0 else "production",
                    "changed_at": own.landed + (45 + place) * MINUTE,
                    "actor": PIPELINE,
                    "what": "UpdateService",
                    "by_pipeline": True,
                    "commit": own.id,
                }


def _drift(number: int) -> Row:
    found = COLLECTED_FROM + number * 9 * DAY + 5 * HOUR
    closed = {"closed_at": found + (number % 5 + 1) * DAY}
    return {"drift": f"drift {number}", "system": "cloud", "found_at": found} | closed


def _writes(world: World) -> Iterator[Row]:
    for own, live in first_live(landings(world)):
        if own.touches("migrations"):
            ran = live.deployed + 5 * MINUTE
            yield {
                "system": "orders-db",
                "write_id": f"migration {own.number}",
                "executed_at": ran,
                "kind": "migration",
                "executed_by": PIPELINE,
                "change_id": own.id,
                "backed_up_at": ran - 6 * HOUR,
                "tested_at": own.landed - HOUR,
                "is_destructive": own.number % 9 == 0,
            }
    for number in range(MANUAL):
        ran = _by_hand(number)
        yield {
            "system": "orders-db",
            "write_id": f"by hand {number}",
            "executed_at": ran,
            "kind": "manual",
            "executed_by": "uri-katz",
            "ticket": f"T-{400 + number}",
            "approved_by": "sam-adeyemi",
            "approved_at": ran - 2 * HOUR,
            "backed_up_at": ran - HOUR,
            "is_destructive": False,
        }


def _by_hand(number: int) -> datetime:
    return at("2025-10-09T14:00") + number * 30 * DAY


def _openings(world: World) -> Iterator[Row]:
    since = {own.id: own.since or FOUNDED for own in world.systems}
    for system, rule, port, is_open, is_behind in OPENINGS:
        yield {
            "system": system,
            "rule": rule,
            "port": port,
            "open_to_all": is_open,
            "behind_gateway": is_behind,
            "held_from": since[system],
            "held_until": TAKEN,
        }


SITES: tuple[Row, ...] = (
    {
        "site": _OFFICE,
        "kind": "office",
        "entry_controlled": True,
        "visitors_logged": True,
        "in_use_from": _OFFICE_SINCE,
    },
    {"site": _HOSTING, "kind": "data-centre", "operator": _HOST, "in_use_from": FOUNDED + 8 * HOUR},
)

# Devices are numbered; these were taken out of use: number of the first, and when each.
RETIRED = 20
_LEAVING = tuple(at("2025-10-13T09:00") + number * 41 * DAY for number in range(9))


def _asset(number: int) -> Row:
    row: dict[str, Any] = {"asset": f"L-{number:03}", "kind": "device"}
    if number - RETIRED < len(_LEAVING):
        retired = _LEAVING[number - RETIRED]
        row |= {"retired_at": retired, "handed_over_at": retired + 20 * DAY}
    return row


def _wipe(number: int) -> Row:
    wiped = _LEAVING[number - RETIRED] + 3 * DAY
    return {"asset": f"L-{number:03}", "wiped_at": wiped, "how": "crypto-erased", "certificate": f"W-{number:03}"}


_MIGRATION, _INFRASTRUCTURE = 18, 4  # of the first changes one with a migration, and one to infrastructure
_CONSOLE = {"system": "cloud", "event": "console 1", "changed_at": at("2026-05-06T19:00"), "actor": "kofi-mensah"}
_ASSET = f"L-{RETIRED + 2:03}"


def _written(name: str, **columns: Any) -> Plant:
    return Plant("CHG-11", f"orders-db | {name}", changed("database_writes", {"write_id": name}, **columns))


def _opened(**columns: Any) -> Plant:
    return Plant("ACC-12", "cloud", changed("network_openings", {"rule": "administration"}, **columns))


PLANTS: dict[str, Plant] = {
    "administration was open to everybody": _opened(behind_gateway=False),
    "a range of ports was open": _opened(port="20-443", behind_gateway=False),
    "a preview on the open internet": Plant(
        "ACC-12",
        "production",
        added(
            "network_openings",
            system="production",
            rule="preview 12",
            port="8080",
            open_to_all=True,
            behind_gateway=False,
            held_from=at("2026-07-07T09:00"),
            held_until=at("2026-07-07T18:00"),
        ),
    ),
    "visitors were not written down": Plant(
        "ACC-13",
        f"{_OFFICE} | due 2025-10-01",
        changed("sites", {"site": _OFFICE}, visitors_logged=False),
    ),
    "the office was not reviewed": Plant(
        "ACC-13",
        f"{_OFFICE} | due 2026-05-14",
        without("site_reviews", reviewed_at=OFFICE_REVIEWS[2]),
    ),
    "a laptop left unwiped": Plant("ACC-14", _ASSET, without("wipes", asset=_ASSET)),
    "a laptop wiped after it had left": Plant(
        "ACC-14", _ASSET, changed("wipes", {"asset": _ASSET}, wiped_at=_LEAVING[2] + 25 * DAY)
    ),
    "a wipe without a certificate": Plant("ACC-14", _ASSET, changed("wipes", {"asset": _ASSET}, certificate=None)),
    "a laptop lay about": Plant(
        "ACC-14",
        _ASSET,
        all_of(changed("assets", {"asset": _ASSET}, handed_over_at=None), without("wipes", asset=_ASSET)),
    ),
    "changed in the console": Plant(
        "CHG-10", "event | cloud | console 1", added("infrastructure_events", **_CONSOLE, by_pipeline=False)
    ),
    "the pipeline applied what is on no branch": Plant(
        "CHG-10",
        f"event | cloud | apply {_INFRASTRUCTURE}.0",
        changed("infrastructure_events", {"event": f"apply {_INFRASTRUCTURE}.0"}, commit=change_id(0)),
    ),
    "a difference that stayed": Plant(
        "CHG-10", "drift | cloud | drift 20", changed("drifts", {"drift": "drift 20"}, closed_at=None)
    ),
    "a difference closed too late": Plant(
        "CHG-10",
        "drift | cloud | drift 20",
        changed("drifts", {"drift": "drift 20"}, closed_at=COLLECTED_FROM + 190 * DAY),
    ),
    "a migration that came with no change": _written(f"migration {_MIGRATION}", change_id=None),
    "a migration without a backup": _written(f"migration {_MIGRATION}", backed_up_at=at("2026-09-01")),
    "a migration that was never tried": _written(f"migration {_MIGRATION}", tested_at=at("2026-09-01")),
    "an agent dropped a table": _written(
        f"migration {_MIGRATION}", executed_by="coding-agent", is_destructive=True
    ),
    "data changed by hand without a ticket": _written("by hand 3", ticket=None),
    "data changed by hand by one alone": _written("by hand 3", approved_by="uri-katz"),
    "data changed by hand before anybody agreed": _written("by hand 3", approved_at=_by_hand(3) + HOUR),
}
