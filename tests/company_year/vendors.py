"""Vendors: the register, what was paid and connected, what was reviewed, and the AI providers among them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from asbuilt.model.record import Record
from tests.company_year.daily import Row, volume
from tests.company_year.world import (
    DAY,
    FOUNDED,
    HOUR,
    SEEN_UNTIL,
    Plant,
    World,
    added,
    at,
    changed,
    months,
    whole,
    without,
)


@dataclass(frozen=True)
class Vendor:
    """One supplier of software or of a service that sees data."""

    id: str
    name: str
    service: str
    tier: str
    owner: str
    data: str
    holds_customer_data: bool
    since: datetime
    alias: str | None = None

    @property
    def assessed(self) -> datetime:
        """When it was approved for use."""
        return self.since - 12 * DAY

    @property
    def is_described(self) -> bool:
        """Whether the description of the system lists it."""
        return self.tier == "critical" or self.holds_customer_data


_EARLY = FOUNDED + 8 * HOUR
VENDORS = (
    Vendor(
        "stratus", "Stratus Cloud", "hosting", "critical", "uri", "everything", True, _EARLY, "STRATUS CLOUD EU"
    ),
    Vendor("signpost", "Signpost", "sign-in", "critical", "tess", "accounts", False, _EARLY),
    Vendor("codeyard", "Codeyard", "forge", "critical", "uri", "source code", False, _EARLY),
    Vendor("paybridge", "Paybridge", "payments", "critical", "ana", "orders", True, FOUNDED + 60 * DAY),
    Vendor(
        "anthropic", "Anthropic", "AI models", "critical", "sam", "prompts", True, at("2024-07-26"), "ANTHROPIC PBC"
    ),
    Vendor("mistral", "Mistral AI", "AI models", "medium", "sam", "evaluation prompts", False, at("2025-03-10")),
    Vendor("helpdesk", "Helpdesk", "tickets", "high", "ines", "messages", True, FOUNDED + 30 * DAY),
    Vendor("mailroad", "Mailroad", "mail to customers", "high", "ines", "addresses", True, FOUNDED + 45 * DAY),
    Vendor(
        "fleetkeeper", "Fleetkeeper", "device management", "medium", "tess", "devices", False, FOUNDED + 20 * DAY
    ),
    Vendor("peoplebook", "Peoplebook", "the HR list", "medium", "olga", "staff", False, FOUNDED + 15 * DAY),
    Vendor("pagerbell", "Pagerbell", "on-call", "medium", "uri", "alerts", False, FOUNDED + 100 * DAY),
    Vendor("drawboard", "Drawboard", "design", "low", "kira", "drafts", False, FOUNDED + 200 * DAY),
    # New in the year.
    Vendor(
        "warehouse-house",
        "Warehouse House",
        "data warehouse",
        "critical",
        "uri",
        "orders",
        True,
        at("2026-03-02T09:00"),
    ),
    Vendor(
        "transcribe-it", "Transcribe It", "notes of calls", "high", "ines", "calls", True, at("2026-05-11T09:00")
    ),
)
NEW = ("warehouse-house", "transcribe-it")
# Whoever is paid and is no vendor of software.
OTHER_PAYEES = ("Corner Caterer", "City Rent Office", "Green Cleaning")
SIGN_IN = ("helpdesk", "codeyard", "fleetkeeper", "peoplebook", "pagerbell", "drawboard", "anthropic")
REVIEW_EVERY = 340 * DAY


def vendors_until(moment: datetime) -> list[Vendor]:
    """The vendors in use then."""
    return [own for own in VENDORS if own.since <= moment]


def records(world: World) -> Iterator[Record]:
    """Everything about vendors."""
    yield from whole(
        "vendors",
        (
            {
                "vendor": own.id,
                "name": own.name,
                "aliases": [own.alias] if own.alias else [],
                "service": own.service,
                "tier": own.tier,
                "holds_customer_data": own.holds_customer_data,
                "data": own.data,
                "owner": own.owner,
                "review_due_at": reviewed_at(own)[-1] + 365 * DAY,
                "contract_signed_at": own.since - 8 * DAY,
                "in_use_from": own.since,
            }
            for own in VENDORS
        ),
    )
    yield from whole("vendor_payments", _payments(world))
    yield from whole("vendor_connections", _connections())
    yield from whole("vendor_reviews", _reviews())
    yield from whole("ai_providers", PROVIDERS)


def reviewed_at(own: Vendor) -> list[datetime]:
    """When it was assessed, and when reviewed: within a year, soon after a report came out."""
    found = [own.assessed]
    while (moment := found[-1] + REVIEW_EVERY) < SEEN_UNTIL:
        # Before a third of the year is over, while the report of the last year is fresh.
        found.append(moment)
    return found


def _reviews() -> Iterator[Row]:
    for own in VENDORS:
        covered_to = own.assessed - 400 * DAY
        for number, moment in enumerate(reviewed_at(own)):
            until = (moment - 45 * DAY).replace(day=1, hour=0, minute=0) - DAY
            yield {
                "review": f"{own.id} {number}",
                "vendor": own.id,
                "reviewed_at": moment,
                "kind": "review" if number else "assessment",
                "reviewed_by": "tess-laurent",
                "approved": True,
                "report": "SOC 2 Type II",
                "report_from": covered_to + DAY,
                "report_until": until,
                "exceptions_assessed": True,
                "user_controls_mapped": True,
            }
            covered_to = until


def _payments(world: World) -> Iterator[Row]:
    payees = [(own.alias or own.name, own.since, True) for own in VENDORS]
    payees += [(own, FOUNDED, False) for own in OTHER_PAYEES]
    for first in months(FOUNDED, SEEN_UNTIL):
        for name, since, is_software in payees:
            paid = first + 14 * DAY + 10 * HOUR
            if since <= paid < SEEN_UNTIL:
                yield {
                    "payment": f"{name} {first:%Y-%m}",
                    "payee": name,
                    "paid_at": paid,
                    "is_software": is_software,
                }
    # The cards: many small ones.
    chance = world.random("cards")
    for number in range(volume(world, 20, 10)):
        yield {
            "payment": f"card {number:05}",
            "payee": OTHER_PAYEES[number % 3],
            "paid_at": FOUNDED + timedelta(minutes=chance.randrange(990 * 24 * 60)),
            "is_software": False,
        }


def _connections() -> Iterator[Row]:
    for own in VENDORS:
        if own.id not in SIGN_IN and own.id not in NEW:
            continue
        for first in months(FOUNDED, SEEN_UNTIL):
            if own.since <= first:
                yield {
                    "application": own.name,
                    "list_name": "oauth" if own.id == "anthropic" else "sso",
                    "seen_at": first,
                    "accounts": 12,
                    "first_data_at": own.since,
                }


def _provider(own: str, name: str, since: datetime, **said: object) -> Row:
    return {
        "provider": own,
        "name": name,
        "classified_at": at("2026-01-20"),
        "data_terms": "the agreement on data, part 3",
        "no_training_evidence": "the console's setting, seen each month",
        "retention_terms": "30 days",
        "monitoring": "report and status page, each quarter",
        "in_use_from": since,
        **said,
    }


PROVIDERS = (
    _provider(
        "anthropic",
        "Anthropic",
        at("2024-07-26"),
        classification="subservice",
        classification_reason="the assistant calls it for customers",
        in_product_path=True,
        receives_customer_data=True,
        is_carved_out=True,
        expected_controls=["keeps prompts for 30 days at most", "trains on nothing of ours", "tells of incidents"],
        hosts=["api.anthropic.com", "claude.ai"],
        allowed_data_classes=["public", "internal", "source-code", "customer-data"],
    ),
    _provider(
        "mistral",
        "Mistral AI",
        at("2025-03-10"),
        classification="vendor",
        classification_reason="evaluations alone, no customers' data",
        in_product_path=False,
        receives_customer_data=False,
        is_carved_out=False,
        hosts=["api.mistral.ai"],
        allowed_data_classes=["public", "internal"],
    ),
)

_WAREHOUSE = next(own for own in VENDORS if own.id == "warehouse-house")
_STRATUS = reviewed_at(VENDORS[0])
_STRATUS_IN_YEAR = next(number for number, moment in enumerate(_STRATUS) if moment >= at("2025-10-01"))
_STRATUS_REVIEW = f"stratus {_STRATUS_IN_YEAR}"
_STRATUS_DUTY = f"stratus | review | {_STRATUS[_STRATUS_IN_YEAR - 1]:%Y-%m-%dT%H:%M:%SZ}"
PLANTS = {
    "a tool is paid that nobody decided on": Plant(
        "VEN-01",
        "clever notes",
        added(
            "vendor_payments", payment="card x", payee="Clever Notes", paid_at=at("2026-02-20"), is_software=True
        ),
    ),
    "an application is connected that nobody decided on": Plant(
        "VEN-01",
        "free slides",
        added("vendor_connections", application="Free Slides", list_name="oauth", seen_at=at("2026-04-01")),
    ),
    "nobody answers for a vendor": Plant(
        "VEN-01", "pagerbell", changed("vendors", {"vendor": "pagerbell"}, owner=None)
    ),
    "a vendor is assessed after its use began": Plant(
        "VEN-02",
        "transcribe-it",
        changed(
            "vendor_reviews",
            {"review": "transcribe-it 0"},
            reviewed_at=at("2026-05-25"),
            report_until=at("2026-04-30"),
        ),
    ),
    "data goes to a vendor before its contract": Plant(
        "VEN-02",
        "warehouse-house",
        changed("vendors", {"vendor": "warehouse-house"}, contract_signed_at=_WAREHOUSE.since + 9 * DAY),
    ),
    "a critical vendor is not reviewed for two years": Plant(
        "VEN-03",
        _STRATUS_DUTY,
        without("vendor_reviews", review=_STRATUS_REVIEW),
        also={"ACC-13": "it runs the data centre"},
    ),
    "exceptions of a report are not assessed": Plant(
        "VEN-03",
        _STRATUS_DUTY,
        changed("vendor_reviews", {"review": _STRATUS_REVIEW}, exceptions_assessed=False),
    ),
    "a provider of AI is not classified": Plant(
        "VEN-04", "mistral", changed("ai_providers", {"provider": "mistral"}, classification=None)
    ),
    "what a carved-out provider must do is not written down": Plant(
        "VEN-04", "anthropic", changed("ai_providers", {"provider": "anthropic"}, expected_controls=None)
    ),
    "nothing shows that a provider does not train": Plant(
        "VEN-04", "anthropic", changed("ai_providers", {"provider": "anthropic"}, no_training_evidence=None)
    ),
    "a provider was not looked at for two years": Plant(
        "VEN-04", "mistral", changed("ai_providers", {"provider": "mistral"}, classified_at=at("2025-03-01"))
    ),
}
