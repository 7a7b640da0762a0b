"""Who else receives personal data, which complaints came, and the yearly look at all of it."""

from collections.abc import Iterator
from datetime import datetime

from asbuilt.model.record import Record
from tests.company_year.daily import Row, volume
from tests.company_year.vendors import VENDORS, Vendor
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

# Vendor: the hosts under which logs show it.
HOSTS = {
    "stratus": ["stratus.example"],
    "paybridge": ["paybridge.example"],
    "anthropic": ["anthropic.com", "claude.ai"],
    "helpdesk": ["helpdesk.example"],
    "mailroad": ["mailroad.example"],
    "warehouse-house": ["warehouse-house.example"],
    "transcribe-it": ["transcribe-it.example"],
}
RECIPIENTS = tuple(own for own in VENDORS if own.id in HOSTS)
REVIEWED = {"2024": at("2024-06-20"), "2025": at("2025-05-22"), "2026": at("2026-04-23")}


def records(world: World) -> Iterator[Record]:
    """Everything about recipients, disclosures, complaints and reviews."""
    yield from whole(
        "recipients",
        (
            {
                "recipient": own.id,
                "hosts": HOSTS[own.id],
                "listed_at": own.since - 40 * DAY,
                "contract_signed_at": own.since - 8 * DAY,
                "announced_at": own.since - 40 * DAY,
            }
            for own in RECIPIENTS
        ),
    )
    yield from whole("recipients_seen", (row for own in RECIPIENTS for row in _seen(own)))
    yield from whole("disclosures", DISCLOSURES)
    yield from whole("complaints", _complaints(world))
    yield from whole(
        "privacy_reviews",
        (
            {
                "review": f"privacy {year}",
                "reviewed_at": moment,
                "reviewed_by": "pablo-ruiz",
                "gaps_found": 2,
                "actions": [f"PRIV-{year}-1", f"PRIV-{year}-2"],
            }
            for year, moment in REVIEWED.items()
        ),
    )


def _seen(own: Vendor) -> Iterator[Row]:
    """What the log of outgoing connections shows of a recipient each month."""
    for first in months(FOUNDED, SEEN_UNTIL):
        last = min(first + 27 * DAY, SEEN_UNTIL - HOUR)
        if own.since < last:
            yield {
                "recipient": f"api.{HOSTS[own.id][0]}",
                "first_seen_at": max(first, own.since),
                "seen_at": last,
                "seen_in": "egress",
            }


def _disclosure(own: str, recipient: str, disclosed: datetime, basis: str, content: str) -> Row:
    return {
        "disclosure": own,
        "recipient": recipient,
        "disclosed_at": disclosed,
        "noted_at": disclosed + DAY,
        "authorised_by": "pablo",
        "basis": basis,
        "content": content,
    }


DISCLOSURES = (
    _disclosure("D-1", "tax office", at("2025-03-14"), "law on taxes", "invoices of 2024"),
    _disclosure("D-2", "a district court", at("2025-11-18"), "order of the court", "orders of one customer"),
    _disclosure("D-3", "tax office", at("2026-03-16"), "law on taxes", "invoices of 2025"),
)


def _complaints(world: World) -> Iterator[Row]:
    chance = world.random("complaints")
    for number in range(volume(world, 2000, 4)):
        received = START - 60 * DAY + chance.randrange((END - START).days + 60) * DAY + 10 * HOUR
        resolved = received + chance.randrange(2, 25) * DAY
        is_resolved = resolved < SEEN_UNTIL
        yield _complaint(f"C-{number:03}", received, resolved if is_resolved else None)
    yield _complaint("C-advertising", at("2026-01-22T10:00"), at("2026-02-05T10:00"))


def _complaint(own: str, received: datetime, resolved: datetime | None) -> Row:
    return {
        "complaint": own,
        "received_at": received,
        "resolved_at": resolved,
        "resolution": "explained, and the address was taken off" if resolved else None,
    }


_NEW = next(own for own in RECIPIENTS if own.id == "transcribe-it")
PLANTS = {
    "data goes to a host that nobody lists": Plant(
        "PRV-05",
        "recipient | pixels.example",
        added("recipients_seen", recipient="pixels.example", seen_at=at("2026-02-11"), seen_in="egress"),
    ),
    "data goes to a recipient before its terms are signed": Plant(
        "PRV-05",
        "recipient | transcribe-it",
        changed("recipients", {"recipient": "transcribe-it"}, contract_signed_at=_NEW.since + 10 * DAY),
    ),
    "customers are told of a recipient a week before": Plant(
        "PRV-05",
        "recipient | transcribe-it",
        changed("recipients", {"recipient": "transcribe-it"}, announced_at=_NEW.since - 7 * DAY),
    ),
    "a recipient was taken off the list and is still used": Plant(
        "PRV-05",
        "recipient | mailroad",
        changed("recipients", {"recipient": "mailroad"}, removed_at=at("2026-03-01")),
    ),
    "nobody allowed a disclosure": Plant(
        "PRV-05", "disclosure | D-2", changed("disclosures", {"disclosure": "D-2"}, authorised_by=None)
    ),
    "a complaint is not resolved": Plant(
        "PRV-07",
        "complaint | C-advertising",
        changed("complaints", {"complaint": "C-advertising"}, resolved_at=None, resolution=None),
    ),
    "privacy is not reviewed for a year": Plant(
        "PRV-07", "review | 2025-05-22T00:00:00Z", without("privacy_reviews", review="privacy 2026")
    ),
    "a gap of the review has no action": Plant(
        "PRV-07",
        "review | 2025-05-22T00:00:00Z",
        changed("privacy_reviews", {"review": "privacy 2026"}, actions=["PRIV-2026-1"]),
    ),
}
