"""What the company tells others, and how they reach it: descriptions, commitments, reports, channels, notices."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from asbuilt.model.record import Record
from tests.company_year import rows_told
from tests.company_year.incidents import INCIDENTS
from tests.company_year.risks import SIGNIFICANT_CHANGES
from tests.company_year.world import (
    DAY,
    FOUNDED,
    HOUR,
    SEEN_UNTIL,
    Plant,
    World,
    at,
    changed,
    columns_of,
    months,
    sha,
    whole,
    without,
    written,
)

Row = Mapping[str, Any]

CHANNELS = ("support", "security-address", "disclosure-policy", "staff-confidential")


def components(world: World) -> list[Row]:
    """What the inventory of cloud and pipeline lists: services, stores, models, and the agents."""
    found = [
        ("orders-service", "service", FOUNDED),
        ("checkout-service", "service", FOUNDED),
        ("orders-store", "data-store", FOUNDED),
        ("assistant-model", "model", at("2026-01-12T09:00")),
        ("assistant-prompts", "prompt-store", at("2026-01-12T09:00")),
        ("help-vectors", "vector-store", at("2026-01-12T09:00")),
        *((own.account, "agent", own.since) for own in world.agents),
    ]
    return [{"component": name, "kind": kind, "in_use_from": since} for name, kind, since in found]


def records(world: World) -> Iterator[Record]:
    """Everything about communication."""
    yield from whole("descriptions", _descriptions(world))
    yield from whole("components_seen", components(world))
    yield from whole("commitments", COMMITMENTS)
    yield from whole("commitment_snapshots", _snapshots())
    yield from whole("reports_received", _reports())
    yield from whole(
        "channel_probes",
        (
            {"channel": channel, "probed_at": month + 4 * DAY + 6 * HOUR, "reachable": True}
            for month in [FOUNDED, *months(FOUNDED, SEEN_UNTIL - 5 * DAY)]
            for channel in CHANNELS
        ),
    )
    yield from whole("notices", NOTICES)


def described(world: World) -> list[tuple[str, datetime, datetime | None]]:
    """All that a description must list: its id, since when and until when it is in use."""
    vendors = [
        (own["vendor"], own["in_use_from"], own.get("in_use_until"))
        for own in rows_told(world, "vendors")
        if own.get("in_use_from")
    ]
    return [
        *((own.id, own.since or FOUNDED, None) for own in world.systems),
        *((own.id, own.since or FOUNDED, None) for own in world.repositories),
        *((own["component"], own["in_use_from"], None) for own in components(world)),
        *vendors,
    ]


# A version is due at least once a year; one more comes a week after anything came into use.
PLANNED = (FOUNDED + 14 * DAY, at("2024-11-04"), at("2025-08-25"), at("2026-06-22"))


def _descriptions(world: World) -> Iterator[Row]:
    known = described(world)
    dates = {*PLANNED, *(since + 7 * DAY for _, since, _ in known if PLANNED[0] < since + 7 * DAY < SEEN_UNTIL)}
    for moment in sorted(dates):
        yield {
            "version": f"{moment:%Y-%m-%d}",
            "effective_from": moment,
            "approved_by": "rita",
            "components": sorted(
                {own for own, since, until in known if since <= moment and (until is None or until > moment)}
            ),
            "shared_with_staff_at": moment + HOUR,
            "shared_with_customers_at": moment + 2 * HOUR,
            "text_sha256": sha("description", moment),
        }


def _commitment(name: str, where: str, about: str, controls: list[str], metric: str) -> Row:
    return {
        "commitment": name,
        "stated_in": where,
        "stated_from": FOUNDED + 30 * DAY,
        "about": [about],
        "controls": controls,
        "metric": metric,
    }


COMMITMENTS = (
    _commitment("uptime", "service-levels", "availability", ["AVL-01"], "share of minutes in a month"),
    _commitment("no-training", "contract", "training-on-customer-data", ["CON-03"], "switches that are on"),
    _commitment("people-review", "security-page", "human-review-of-ai-code", ["CHG-01"], "approved changes"),
    _commitment("deletion", "privacy-notice", "deletion", ["CON-02", "PRV-04"], "days until it is deleted"),
)


def _snapshots() -> Iterator[Row]:
    for own in COMMITMENTS:
        for month in months(FOUNDED + 30 * DAY, SEEN_UNTIL):
            taken = month + 2 * HOUR
            yield {
                "commitment": own["commitment"],
                "taken_at": taken,
                "shows_commitment": True,
                "text_sha256": sha("commitment", own["commitment"]),
            }


def _reports() -> Iterator[Row]:
    about = ("security", "ai-output", "privacy", "conduct")
    for number in range(48):
        received = at("2025-01-13T14:00") + number * 13 * DAY
        channel = CHANNELS[number % 4]
        yield {
            "report": f"REP-{number}",
            "channel": channel,
            "received_at": received,
            "about": about[number % 4],
            "first_response_at": received + (3 + number % 40) * HOUR,
        }


def _notice(name: str, subject: str, sent: datetime, audience: str = "customers") -> Row:
    return {"notice": name, "subject": subject, "sent_at": sent, "audience": audience}


NOTICES = (
    *(
        _notice(f"N-{own['change']}", own["change"], own["released_at"] - 21 * DAY)
        for own in SIGNIFICANT_CHANGES
        if own["customer_affecting"]
    ),
    *(
        _notice(f"N-{own['incident']}", own["incident"], own["detected_at"] + 9 * HOUR)
        for own in INCIDENTS
        if own["customer_affecting"]
    ),
    _notice("N-INC-4-individuals", "INC-4", at("2026-02-12T12:00"), "individuals"),
    _notice("N-INC-4-regulator", "INC-4", at("2026-02-12T13:00"), "regulator"),
)

PLANTS: dict[str, Plant] = {
    "a store that the description never names": Plant(
        "COM-01",
        f"component | help-vectors | {written(at('2026-01-12T09:00'))}",
        lambda records: _without_component(records, "help-vectors"),
    ),
    "a description that customers never saw": Plant(
        "COM-01",
        "review | 2025-08-25 | 2025-08-25T00:00:00Z",
        changed("descriptions", {"version": "2025-08-25"}, shared_with_customers_at=None),
    ),
    "a promise that no control keeps": Plant(
        "COM-02",
        f"mapping | no-training | {written(FOUNDED + 30 * DAY)}",
        changed("commitments", {"commitment": "no-training"}, controls=None),
    ),
    "a promise that vanished from the page": Plant(
        "COM-02",
        f"snapshot | people-review | {written(at('2026-02-01T02:00'))}",
        changed(
            "commitment_snapshots",
            {"commitment": "people-review", "taken_at": at("2026-03-01T02:00")},
            shows_commitment=False,
        ),
    ),
    "a report that waited too long": Plant(
        "COM-03",
        "report | REP-25",
        changed("reports_received", {"report": "REP-25"}, first_response_at=at("2025-12-30T14:00")),
    ),
    "a channel that was not tried": Plant(
        "COM-03",
        "probe | staff-confidential | 2026-03",
        without("channel_probes", channel="staff-confidential", probed_at=at("2026-03-05T06:00")),
    ),
    "a channel that did not work": Plant(
        "COM-03",
        "probe | security-address | 2026-05",
        changed(
            "channel_probes",
            {"channel": "security-address", "probed_at": at("2026-05-05T06:00")},
            reachable=False,
        ),
    ),
    "customers never heard of an incident": Plant(
        "COM-04",
        "incident | INC-2",
        without("notices", subject="INC-2"),
    ),
    "customers heard of a change when it was there": Plant(
        "COM-04",
        "change | CH-2",
        changed("notices", {"subject": "CH-2"}, sent_at=at("2026-01-12T09:00")),
    ),
}


def _without_component(records: list[Record], component: str) -> list[Record]:
    spoilt = records
    for record in records:
        if record.kind == "fact/descriptions":
            told = columns_of(record)
            if component in told["components"]:
                left = [own for own in told["components"] if own != component]
                spoilt = changed("descriptions", {"version": told["version"]}, components=left)(spoilt)
    return spoilt
