"""What opens more than one's own work: second factors, administrators, keys and secrets."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from asbuilt.model.record import Record
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
    written,
)

Row = Mapping[str, Any]

# Who administers each system besides its owner, since when.
SECOND_ADMINISTRATORS = {"forge": "sam", "idp": "sam", "cloud": "sam"}
APPROVED = FOUNDED + DAY
# A night in which an engineer on call was let in, with a ticket; looked at on the day after.
NIGHT = (at("2026-03-17T02:00"), at("2026-03-17T06:00"))
ON_CALL = "fatima"
# Keys: the system that it opens, name, kind, owner, scopes, days from one rotation to the next, whether an AI vendor's.
KEYS = (
    ("forge", "pipeline token", "token", "uri", ["contents:read", "deployments:write"], 90, False),
    ("forge", "bot token", "token", "tess", ["pull-requests:write"], 180, False),
    ("cloud", "pipeline key", "service-account-key", "uri", ["deploy"], 90, False),
    ("cloud", "collector key", "api-key", "tess", ["read"], 180, False),
    ("orders-db", "application password", "other", "uri", ["orders:write"], 120, False),
    ("orders-db", "backup password", "other", "uri", ["backup"], 120, False),
    ("production", "edge certificate", "certificate", "uri", ["serve"], 80, False),
    ("ai-console", "assistant key", "api-key", "sam", ["messages"], 90, True),
    ("ai-console", "coding key", "api-key", "sam", ["messages"], 90, True),
    ("tickets", "agent token", "token", "ines", ["tickets:write"], 180, False),
)
HANDED_BACK = ("production", "canary key", "goran")  # revoked on the evening on which its owner left


def records(world: World) -> Iterator[Record]:
    """Everything about privileges."""
    yield from whole(
        "mfa_settings",
        (
            {
                "system": own.id,
                "is_enforced": True,
                "exempt_accounts": [],
                "password_only_sign_ins": 0,
                "held_from": own.since or FOUNDED,
                "held_until": TAKEN,
            }
            for own in world.systems
        ),
    )
    yield from whole("privileged_roles", _roles(world))
    yield from whole("privilege_approvals", _approvals(world))
    yield from whole("credentials", _credentials(world))


def administrators(world: World, system: str) -> list[str]:
    """Whose accounts administer a system by right."""
    (owner,) = (own.owner for own in world.systems if own.id == system)
    second = SECOND_ADMINISTRATORS.get(system)
    return [world.person(own).login for own in (owner, second) if own]


def _roles(world: World) -> Iterator[Row]:
    for system in world.systems:
        begins = system.since or FOUNDED
        holders = administrators(world, system.id)
        told = {"system": system.id, "role": "admin"}
        if system.id != "production":
            yield told | {"holders": holders, "held_from": max(begins, APPROVED), "held_until": TAKEN}
            continue
        in_need = [*holders, world.person(ON_CALL).login]
        yield told | {"holders": holders, "held_from": APPROVED, "held_until": NIGHT[0]}
        yield told | {"holders": in_need, "held_from": NIGHT[0], "held_until": NIGHT[1]}
        yield told | {"holders": holders, "held_from": NIGHT[1], "held_until": TAKEN}


def _approvals(world: World) -> Iterator[Row]:
    for system in world.systems:
        for account in administrators(world, system.id):
            yield {
                "system": system.id,
                "role": "admin",
                "account": account,
                "approved_at": max(system.since or FOUNDED, APPROVED),
                "approved_by": "rita",
                "is_break_glass": False,
            }
    yield {
        "system": "production",
        "role": "admin",
        "account": world.person(ON_CALL).login,
        "approved_at": NIGHT[0],
        "ends_at": NIGHT[1],
        "approved_by": "uri",
        "is_break_glass": True,
        "ticket": "INC-77",
        "reviewed_by": "tess",
    }


def _credentials(world: World) -> Iterator[Row]:
    for system, name, kind, owner, scopes, days, is_ai in KEYS:
        issued = max(FOUNDED + 2 * DAY, world.person(owner).starts + DAY)
        while issued < TAKEN:
            replaced = issued + days * DAY
            yield _credential(system, name, issued, replaced if replaced < TAKEN else None) | {
                "kind": kind,
                "owner": owner,
                "expires_at": issued + (days + 14) * DAY,
                "scopes": scopes,
                "is_ai_vendor": is_ai,
                "has_spend_limit": True if is_ai else None,
            }
            issued = replaced
    system, name, owner = HANDED_BACK
    left = world.person(owner).ends
    assert left is not None
    yield _credential(system, name, left - 120 * DAY, left + HOUR) | {
        "kind": "api-key",
        "owner": owner,
        "scopes": ["canary"],
        "is_ai_vendor": False,
    }


def _credential(system: str, name: str, issued: datetime, revoked: datetime | None) -> dict[str, Any]:
    return {
        "system": system,
        "credential": name,
        "issued_at": issued,
        "revoked_at": revoked,
        "last_used_at": (revoked or TAKEN) - 2 * HOUR,
        "in_vault": True,
        "use_is_logged": True,
        "readers": ["deploy-pipeline"],
        "approved_readers": ["deploy-pipeline", "break-glass"],
    }


# The issues of the key for coding: made every ninety days since the founding.
_KEY = "coding key"
_ISSUED = FOUNDED + 2 * DAY + 8 * 90 * DAY
_OLD, _LATE = _ISSUED - 2 * 90 * DAY, _ISSUED + 2 * 90 * DAY
_ISSUE = {"credential": _KEY, "issued_at": _ISSUED}


def _issue(moment: datetime) -> str:
    return f"ai-console | {_KEY} | {written(moment)}"


def _key(**columns: Any) -> Plant:
    return Plant("ACC-08", _issue(_ISSUED), changed("credentials", _ISSUE, **columns))


_CLOUD = {"system": "cloud", "role": "admin"}
_NIGHT = {"system": "production", "approved_at": NIGHT[0]}

PLANTS: dict[str, Plant] = {
    "no second factor": Plant("ACC-02", "forge", changed("mfa_settings", {"system": "forge"}, is_enforced=False)),
    "an account without a second factor": Plant(
        "ACC-02", "cloud", changed("mfa_settings", {"system": "cloud"}, exempt_accounts=["break-glass"])
    ),
    "somebody came in with a password alone": Plant(
        "ACC-02", "ai-console", changed("mfa_settings", {"system": "ai-console"}, password_only_sign_ins=1)
    ),
    "an administrator whom nobody approved": Plant(
        "ACC-07", "cloud", changed("privileged_roles", _CLOUD, holders=["uri-katz", "sam-adeyemi", "kofi-mensah"])
    ),
    "nobody looked at what was done in the night": Plant(
        "ACC-07", "production", changed("privilege_approvals", _NIGHT, reviewed_by=None)
    ),
    "the night was longer than approved": Plant(
        "ACC-07", "production", changed("privilege_approvals", _NIGHT, ends_at=NIGHT[0] + HOUR)
    ),
    "an agent that administers for good": Plant(
        "ACC-07",
        "cloud",
        all_of(
            changed("privileged_roles", _CLOUD, holders=["uri-katz", "sam-adeyemi", "coding-agent"]),
            added(
                "privilege_approvals",
                system="cloud",
                role="admin",
                account="coding-agent",
                approved_at=at("2024-08-01"),
                approved_by="uri",
            ),
        ),
    ),
    "a key that was never replaced": Plant(
        "ACC-08",
        _issue(_OLD),
        changed("credentials", {"credential": _KEY, "issued_at": _OLD}, revoked_at=None, expires_at=None),
    ),
    "a key whose owner had left": Plant(
        "ACC-08",
        _issue(_LATE),
        changed("credentials", {"credential": _KEY, "issued_at": _LATE}, owner="quentin"),
        also={"ACC-04": "the leaver could still get in with it"},
    ),
    "a key that nobody answers for": _key(owner=None),
    "a key outside the vault": _key(in_vault=False),
    "a key whose use leaves no trace": _key(use_is_logged=False),
    "a key that can do everything": _key(scopes=["messages", "*"]),
    "a reader who is on no list": _key(readers=["deploy-pipeline", "ana-lima"]),
    "a key of an AI vendor without a limit of cost": _key(has_spend_limit=False),
}
