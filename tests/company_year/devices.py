"""The machines that people work with, and the software that runs on them, in pipelines and in production."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from asbuilt.model.record import Record
from tests.company_year import rows_told
from tests.company_year.cast import PEOPLE
from tests.company_year.daily import KEPT_FROM, kept_days
from tests.company_year.world import (
    DAY,
    FOUNDED,
    HOUR,
    SEEN_UNTIL,
    TAKEN,
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

Row = Mapping[str, Any]

# Each person has a device of the register; the numbers before are those that were retired.
DEVICES = {own.id: f"L-{number:03}" for number, own in enumerate(PEOPLE, 29)}
SOUND: Row = {
    "is_encrypted": True,
    "recovery_key_kept": True,
    "patch_delay_days": 6,
    "screen_lock_minutes": 5,
    "malware_protected": True,
    "unconfined_agents": [],
}


def records(world: World) -> Iterator[Record]:
    """Everything about devices and software."""
    yield from whole("device_sign_ins", _sign_ins(world), since=KEPT_FROM)
    yield from whole("device_postures", _postures(world))
    yield from whole("software_seen", _software_seen())
    yield from whole("software_allowed", map(_allowed, SOFTWARE))


def _sign_ins(world: World) -> Iterator[Row]:
    """Each weekday in the morning, from the own device."""
    for day in kept_days():
        if day.weekday() < 5:
            morning = day + 9 * HOUR
            for own in world.at_work(morning):
                yield _sign_in(f"{own.id} {day:%Y-%m-%d}", own.login, DEVICES[own.id], morning)


def _sign_in(name: str, account: str, device: str | None, moment: datetime) -> Row:
    return {"sign_in": name, "signed_in_at": moment, "system": "idp", "account": account, "device": device}


def _postures(world: World) -> Iterator[Row]:
    """As the device management tells it: from the day before a person starts, or until a device was retired."""
    for own in world.people:
        yield _posture(DEVICES[own.id], max(FOUNDED, own.starts - DAY), own.ends or TAKEN)
    for asset in rows_told(world, "assets"):
        if asset["kind"] == "device" and asset["asset"] not in DEVICES.values():
            retired = asset.get("retired_at")
            yield _posture(
                asset["asset"], FOUNDED, TAKEN if retired is None else retired.replace(tzinfo=FOUNDED.tzinfo)
            )


def _posture(device: str, since: datetime, until: datetime) -> Row:
    return {"device": device, **SOUND, "held_from": since, "held_until": until}


_FIRST = FOUNDED + 2 * DAY
# Software: its kind, where it runs, and since when until when.
SOFTWARE: dict[str, tuple[str, str, datetime, datetime | None]] = {
    "registry.example.com/checkout": ("image", "production", _FIRST, None),
    "registry.example.com/ledger": ("image", "production", _FIRST, None),
    "registry.example.com/assistant": ("image", "production", at("2026-01-12T09:00"), None),
    "actions/checkout": ("action", "acme/checkout build.yml", _FIRST, None),
    "actions/cache": ("action", "acme/web build.yml", _FIRST, at("2026-02-20T12:00")),
    "publisher.editor-assistant": ("extension", "engineers' devices", at("2024-09-02T09:00"), None),
    "ticket-reader": ("mcp-server", "engineers' devices", at("2025-11-03T09:00"), None),
    "review-checklist": ("skill", "engineers' devices", at("2026-04-13T09:00"), None),
    "mail-to-ticket": ("connector", "tickets", at("2024-06-03T09:00"), None),
}


def _software_seen() -> Iterator[Row]:
    """What the lists show on the first of each month, in the version that was pinned; and what was taken away."""
    for name, (_, _, since, until) in SOFTWARE.items():
        last = until or SEEN_UNTIL
        yield _seen(name, since)
        for first in months(FOUNDED, SEEN_UNTIL):
            if since < first < last:
                yield _seen(name, first)
        if until is not None:
            yield _seen(name, until, gone_at=until)


def _seen(name: str, moment: datetime, **columns: Any) -> Row:
    kind, place, since, _ = SOFTWARE[name]
    return {
        "sighting": f"{name} {moment:%Y-%m-%d}",
        "software": name,
        "kind": kind,
        "place": place,
        "seen_at": moment,
        "version": version_of(name),
        "is_pinned": True,
        "first_seen_at": since,
        **columns,
    }


def version_of(name: str) -> str:
    """The digest under which it is pinned."""
    return sha("version", name)[:40]


def _allowed(name: str) -> Row:
    kind, _, since, _ = SOFTWARE[name]
    return {
        "entry": f"S-{name}",
        "software": name,
        "kind": kind,
        "versions": [version_of(name)],
        "approved_by": "rita" if since == _FIRST else "tess",
        "approved_at": since - HOUR,
    }


def _item(name: str) -> str:
    kind, place, _, _ = SOFTWARE[name]
    return f"{kind} | {name} | {version_of(name)} | {place}"


_DAY = at("2026-03-11")
_ANA, _BEN = DEVICES["ana"], DEVICES["ben"]
_READER = "ticket-reader"


def _weak(name: str, **columns: Any) -> Plant:
    """Ana's device is in that state for some days of March, beside what the other rows say."""
    told = {**SOUND, **columns, "held_from": _DAY, "held_until": _DAY + 3 * DAY}
    also = {"DAT-01": "a device is a place where data lies"} if "is_encrypted" in columns else {}
    return Plant("DAT-05", f"{name} | 2026-03-11", added("device_postures", device=name, **told), also=also)


PLANTS: dict[str, Plant] = {
    "a device that is not managed": Plant(
        "DAT-05",
        "home-pc | 2026-03-11",
        added("device_sign_ins", **_sign_in("from home", "ana-lima", "home-pc", _DAY + 21 * HOUR)),
    ),
    "a disk without encryption": _weak(_ANA, is_encrypted=False),
    "updates are missing for months": _weak(_ANA, patch_delay_days=75),
    "a screen that never locks": _weak(_ANA, screen_lock_minutes=0),
    "protection switched off": _weak(_BEN, malware_protected=False),
    "an agent without a sandbox": _weak(_BEN, unconfined_agents=["claude-code"]),
    "an MCP server that nobody approved": Plant(
        "DAT-06",
        "mcp-server | shell-anything | 1.2.0 | engineers' devices",
        added(
            "software_seen",
            sighting="shell-anything",
            software="shell-anything",
            kind="mcp-server",
            place="engineers' devices",
            seen_at=at("2026-05-01"),
            version="1.2.0",
            is_pinned=True,
        ),
    ),
    "an action that is not pinned": Plant(
        "DAT-06",
        _item("actions/checkout"),
        changed("software_seen", {"software": "actions/checkout"}, is_pinned=False),
    ),
    "approved after it came": Plant(
        "DAT-06",
        _item(_READER),
        changed("software_allowed", {"software": _READER}, approved_at=at("2025-11-05T09:00")),
    ),
    "approved by an agent": Plant(
        "DAT-06", _item(_READER), changed("software_allowed", {"software": _READER}, approved_by="coding-agent")
    ),
    "the approval was taken back and it stayed": Plant(
        "DAT-06",
        _item(_READER),
        changed("software_allowed", {"software": _READER}, withdrawn_at=at("2026-06-01T09:00")),
    ),
    "another version than the approved one": Plant(
        "DAT-06",
        _item("registry.example.com/ledger"),
        changed("software_allowed", {"software": "registry.example.com/ledger"}, versions=["another"]),
    ),
    "off the list": Plant(
        "DAT-06", _item("review-checklist"), without("software_allowed", software="review-checklist")
    ),
}
