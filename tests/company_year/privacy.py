"""Personal data: what people are told, what they agreed to, what is collected, and what they ask."""

from collections.abc import Iterator
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
    all_of,
    at,
    changed,
    whole,
    without,
)

ASSISTANT_FROM = at("2026-01-12T09:00")
NOTICES = ("website", "product")
_BEFORE = ["service", "billing", "analytics"]
_NOW = [*_BEFORE, "assistance"]
# Version: when it was approved, since when it is in force, the purposes that it names, whether it says something new.
VERSIONS = {
    "1": (FOUNDED + HOUR, FOUNDED + HOUR, _BEFORE, False),
    "1, reviewed": (at("2024-12-11T10:00"), at("2024-12-11T10:00"), _BEFORE, False),
    "2": (at("2025-11-12T10:00"), at("2026-01-10"), _NOW, True),
}
ANNOUNCED = at("2025-12-01T10:00")
CONSENT_NEEDED = ("newsletter", "assistance")
SPAN = (END - START).days


def records(world: World) -> Iterator[Record]:
    """Everything about personal data."""
    yield from whole("privacy_notices", (row for notice in NOTICES for row in _versions(notice)))
    yield from whole("notice_probes", (row for notice in NOTICES for row in _probes(notice)), since=KEPT_FROM)
    collections = list(_collections(world))
    yield from whole("consented_collections", collections)
    yield from whole("consents", (row for own in collections for row in _consents(own)))
    fields = list(_fields(world))
    yield from whole("data_fields", fields)
    yield from whole("privacy_assessments", _assessments(fields))
    requests = list(_requests(world))
    yield from whole("privacy_requests", requests)
    yield from whole("privacy_intake", _intake(requests))


def _versions(notice: str) -> Iterator[Row]:
    for version, (approved, in_force, purposes, is_change) in VERSIONS.items():
        yield {
            "notice": notice,
            "version": version.split(",", maxsplit=1)[0],
            "approved_at": approved,
            "approved_by": "pablo",
            "in_force_from": in_force,
            "purposes": purposes,
            "describes_ai_use": True,
            "is_change": is_change,
            "announced_at": ANNOUNCED if is_change else None,
        }


def _probes(notice: str) -> Iterator[Row]:
    """One look a day."""
    for day in kept_days():
        yield {
            "notice": notice,
            "probed_at": day + 6 * HOUR,
            "is_live": True,
            "version": "2" if day >= VERSIONS["2"][1] else "1",
        }


def _collections(world: World) -> Iterator[Row]:
    chance = world.random("collections")
    for number in range(volume(world, 60, 20)):
        first = START - 90 * DAY + timedelta(minutes=chance.randrange((SPAN + 90) * 24 * 60))
        purpose = CONSENT_NEEDED[number % 2] if first >= ASSISTANT_FROM else "newsletter"
        yield _collection(f"person {number:05}", purpose, first, is_sensitive=number % 9 == 4)
    yield _collection("person A", "assistance", at("2026-03-09T12:00"), is_sensitive=True)
    yield _collection("person B", "newsletter", at("2026-01-19T12:00"))


def _collection(subject: str, purpose: str, first: datetime, *, is_sensitive: bool = False) -> Row:
    return {
        "subject": subject,
        "purpose": purpose,
        "first_collected_at": first,
        "last_used_at": first + 2 * HOUR,
        "is_sensitive": is_sensitive,
    }


def _consents(collection: Row) -> Iterator[Row]:
    """The consent before it; and of each eighth a withdrawal some weeks later."""
    told = {"subject": collection["subject"], "purpose": collection["purpose"]}
    given = collection["first_collected_at"] - timedelta(minutes=4)
    yield told | {"given_at": given, "act": "given", "text_version": "consent 3", "is_explicit": True}
    withdrawn = given + 40 * DAY
    if (told["subject"][-1] in "05B" or told["subject"] == "person A") and withdrawn + 2 * DAY < SEEN_UNTIL:
        yield told | {"given_at": withdrawn, "act": "withdrawn", "effective_at": withdrawn + DAY}


def _fields(world: World) -> Iterator[Row]:
    chance = world.random("fields")
    for number in range(volume(world, 150, 15)):
        added_at = START - 60 * DAY + chance.randrange(SPAN + 60) * DAY + 13 * HOUR
        yield {
            "field": f"orders-db.orders.field_{number}",
            "added_at": added_at,
            "kind": "field",
            "is_personal": number % 3 == 0,
            "purpose": chance.choice(_BEFORE),
            "attribution": chance.choice(("ai-declared", "unknown", "human-tracked")),
        }
    yield {
        "field": "orders-db.people.birthday",
        "added_at": at("2026-02-24T13:00"),
        "kind": "field",
        "is_personal": True,
        "purpose": "service",
        "attribution": "ai-declared",
    }
    yield {
        "field": "messages to the assistant",
        "added_at": ASSISTANT_FROM,
        "kind": "use",
        "is_personal": True,
        "purpose": "assistance",
        "attribution": "unknown",
    }


def _assessments(fields: list[Row]) -> Iterator[Row]:
    """A review of its own for each that is personal."""
    for own in fields:
        if own["is_personal"]:
            yield {
                "assessment": f"review of {own['field']}",
                "approved_at": own["added_at"] - 5 * DAY,
                "approved_by": "pablo",
                "fields": [own["field"]],
                "purposes": [own["purpose"]],
            }


def _requests(world: World) -> Iterator[Row]:
    chance = world.random("requests of people")
    for number in range(volume(world, 400, 10)):
        received = START - 60 * DAY + chance.randrange(SPAN + 60) * DAY + 9 * HOUR
        kind = ("access", "deletion", "correction", "objection", "accounting")[number % 5]
        yield _request(f"Q-{number:04}", kind, received, chance.randrange(3, 26), is_refused=number % 7 == 6)
    yield _request("Q-access", "access", at("2026-02-10T09:00"), 12)
    yield _request("Q-deletion", "deletion", at("2026-04-15T09:00"), 20)


def _request(own: str, kind: str, received: datetime, days: int, *, is_refused: bool = False) -> Row:
    told = {"request": own, "kind": kind, "received_at": received, "identity_verified_at": received + DAY}
    answered = received + days * DAY
    if answered >= SEEN_UNTIL:
        return told
    return told | {
        "answered_at": answered,
        "outcome": "refused" if is_refused else "fulfilled",
        "refusal_reason": "the person could not be found in any store" if is_refused else None,
        "proof": None if is_refused else f"answer {own}",
        "covers_ai_data": True,
        "needs_recipients_told": kind in {"deletion", "correction"},
        "recipients_told_at": answered if kind in {"deletion", "correction"} else None,
    }


def _intake(requests: list[Row]) -> Iterator[Row]:
    """The message with which each began."""
    for number, own in enumerate(requests):
        channel = ("mailbox", "form", "support tag")[number % 3]
        yield {
            "message": f"message {own['request']}",
            "channel": channel,
            "came_at": own["received_at"] - HOUR,
            "request": own["request"],
        }


_VERSION_2 = {"notice": "product", "version": "2"}
_BIRTHDAY = "orders-db.people.birthday"
_USE = f"{_BIRTHDAY} | 2026-02-24T13:00:00Z"
PLANTS = {
    "the notice could not be read for a day": Plant(
        "PRV-01",
        "website | 2026-03",
        changed("notice_probes", {"notice": "website", "probed_at": at("2026-03-14T06:00")}, is_live=False),
    ),
    "a version that nobody approved stood there": Plant(
        "PRV-01",
        "website | 2026-06",
        changed("notice_probes", {"notice": "website", "probed_at": at("2026-06-02T06:00")}, version="2b"),
    ),
    "the notice does not name the assistant's purpose": Plant(
        "PRV-01", "product | 2026-02", changed("privacy_notices", _VERSION_2, purposes=_BEFORE)
    ),
    "nobody was told of the change before": Plant(
        "PRV-01", "product | 2026-01", changed("privacy_notices", _VERSION_2, announced_at=at("2026-01-20"))
    ),
    "the notice is not reviewed for two years": Plant(
        "PRV-01",
        "website | 2026-01",
        all_of(
            without("privacy_notices", notice="website", version="2"),
            *(
                changed("notice_probes", {"notice": "website", "probed_at": day + 6 * HOUR}, version="1")
                for day in kept_days(VERSIONS["2"][1])
            ),
        ),
    ),
    "data is collected before consent": Plant(
        "PRV-02",
        "collection | person A | assistance",
        changed("consents", {"subject": "person A", "act": "given"}, given_at=at("2026-03-09T12:30")),
    ),
    "consent to sensitive data was not explicit": Plant(
        "PRV-02",
        "collection | person A | assistance",
        changed("consents", {"subject": "person A", "act": "given"}, is_explicit=False),
    ),
    "nobody asked": Plant(
        "PRV-02", "collection | person B | newsletter", without("consents", subject="person B", act="given")
    ),
    "the text shown is not kept": Plant(
        "PRV-02",
        "collection | person B | newsletter",
        changed("consents", {"subject": "person B", "act": "given"}, text_version=None),
    ),
    "a withdrawal takes a month": Plant(
        "PRV-02",
        "withdrawal | person B | newsletter | 2026-02-28T11:56:00Z",
        changed("consents", {"subject": "person B", "act": "withdrawn"}, effective_at=at("2026-03-30")),
    ),
    "a personal field is reviewed after its release": Plant(
        "PRV-03",
        _USE,
        changed("privacy_assessments", {"assessment": f"review of {_BIRTHDAY}"}, approved_at=at("2026-03-02")),
    ),
    "a personal field is not reviewed": Plant(
        "PRV-03", _USE, without("privacy_assessments", assessment=f"review of {_BIRTHDAY}")
    ),
    "a field is used for what its review does not allow": Plant(
        "PRV-03", _USE, changed("data_fields", {"field": _BIRTHDAY}, purpose="advertising")
    ),
    "a request waits for two months": Plant(
        "PRV-04",
        "request | Q-access",
        changed("privacy_requests", {"request": "Q-access"}, answered_at=at("2026-04-12")),
    ),
    "a request is never answered": Plant(
        "PRV-04",
        "request | Q-access",
        changed("privacy_requests", {"request": "Q-access"}, answered_at=None, outcome=None, proof=None),
    ),
    "an answer leaves out what the assistant keeps": Plant(
        "PRV-04",
        "request | Q-access",
        changed("privacy_requests", {"request": "Q-access"}, covers_ai_data=False),
    ),
    "recipients do not hear of a deletion": Plant(
        "PRV-04",
        "request | Q-deletion",
        changed("privacy_requests", {"request": "Q-deletion"}, recipients_told_at=None),
    ),
    "nobody checked who asked": Plant(
        "PRV-04",
        "request | Q-deletion",
        changed("privacy_requests", {"request": "Q-deletion"}, identity_verified_at=at("2026-05-20")),
    ),
    "a message is not logged": Plant(
        "PRV-04",
        "message | support tag | message 9001",
        added("privacy_intake", message="message 9001", channel="support tag", came_at=at("2026-05-27T16:00")),
    ),
}
