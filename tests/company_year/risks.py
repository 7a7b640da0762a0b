"""Risks: the register and its history, assessments, reviews, and the changes that call for one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from asbuilt.model.record import Record
from tests.company_year import rows_told
from tests.company_year.world import DAY, HOUR, Plant, World, all_of, at, changed, sha, whole, without, written

Row = Mapping[str, Any]

# Risk: what it is about.
RISKS = {
    "R-1": "hallucinated-code",
    "R-2": "prompt-injection",
    "R-3": "agent-misuse",
    "R-4": "model-drift",
    "R-5": "ai-vendor-dependency",
    "R-6": "fraud",
    "R-7": "collusion",
    "R-8": "management-override",
    "R-9": "privileged-misuse",
    "R-10": "automation-misuse",
    "R-11": "agent-self-approval",
    "R-12": "loss-of-region",
}
# Assessment: when it was approved.
ASSESSMENTS = {
    "A-2024": at("2024-10-15T15:00"),
    "A-2025": at("2025-09-22T15:00"),
    "A-2026": at("2026-09-08T15:00"),
}


def records(world: World) -> Iterator[Record]:
    """Everything about risks."""
    yield from whole("risks", _register())
    yield from whole(
        "risk_assessments",
        (
            {
                "assessment": name,
                "finished_at": approved - 3 * DAY,
                "approved_at": approved,
                "approved_by": "rita",
                "states_objectives": True,
                "method": "likelihood and impact, one to five each",
                "text_sha256": sha("assessment", name),
            }
            for name, approved in ASSESSMENTS.items()
        ),
    )
    yield from whole("risk_reviews", _reviews(world))
    yield from whole("significant_changes", SIGNIFICANT_CHANGES)


def _rating(risk: str, rated: datetime, **more: Any) -> Row:
    return {
        "risk": risk,
        "rated_at": rated,
        "is_open": True,
        "categories": [RISKS[risk]],
        "likelihood": 2,
        "impact": 3,
        "is_above_tolerance": False,
        "owner": "tess",
        "treatment": "mitigate",
        **more,
    }


PLANNED = at("2025-11-03T10:00")  # when R-2 was found to be above tolerance
ACCEPTED = at("2026-01-20T10:00")  # when R-12 was accepted for half a year
_ACCEPTANCE = {
    "is_above_tolerance": True,
    "treatment": "accept",
    "accepted_by": "rita",
}


def _register() -> Iterator[Row]:
    """Each risk is rated for each assessment; one was above tolerance for a while, one is accepted for a time."""
    for approved in ASSESSMENTS.values():
        for number, risk in enumerate(RISKS):
            accepted = _ACCEPTANCE | {"accepted_until": at("2027-01-15T10:00")}
            more = accepted if risk == "R-12" and approved > ACCEPTED else {}
            yield _rating(risk, approved - 7 * DAY + number * HOUR, **more)
    plan = {"is_above_tolerance": True, "plan_owner": "sam", "due_at": at("2026-02-27T17:00")}
    yield _rating("R-2", PLANNED, **plan)
    yield _rating(
        "R-2",
        at("2026-02-20T10:00"),
        **plan,
        extended_to=at("2026-04-15T17:00"),
        extension_approved_by="rita",
    )
    yield _rating("R-2", at("2026-04-08T10:00"))
    yield _rating("R-12", ACCEPTED, **_ACCEPTANCE, accepted_until=at("2026-07-20T10:00"))
    yield _rating("R-12", at("2026-07-13T10:00"), **_ACCEPTANCE, accepted_until=at("2027-01-15T10:00"))


SIGNIFICANT_CHANGES: tuple[Row, ...] = (
    {
        "change": "CH-1",
        "kind": "product",
        "released_at": at("2025-11-24T09:00"),
        "customer_affecting": False,
    },
    {
        "change": "CH-2",
        "kind": "model",
        "released_at": at("2026-01-12T09:00"),
        "customer_affecting": True,
    },
    {
        "change": "CH-3",
        "kind": "architecture",
        "released_at": at("2026-05-18T09:00"),
        "customer_affecting": True,
    },
    {
        "change": "CH-4",
        "kind": "agent-capability",
        "released_at": at("2026-08-10T09:00"),
        "customer_affecting": False,
    },
)


def called_for(world: World) -> dict[str, datetime]:
    """Everything that calls for a review before it is used: its id, and from when."""
    found = {own["change"]: own["released_at"] for own in SIGNIFICANT_CHANGES}
    found |= {own["system"]: own["in_use_from"] for own in rows_told(world, "systems")}
    found |= {own["vendor"]: own["in_use_from"] for own in rows_told(world, "vendors") if own.get("in_use_from")}
    found |= {
        own["component"]: own["in_use_from"]
        for own in rows_told(world, "components_seen")
        if own["kind"] in {"model", "agent"}
    }
    agents = {(own["system"], own["account"]) for own in rows_told(world, "accounts") if own["kind"] == "agent"}
    for own in rows_told(world, "grants"):
        if (own["system"], own["account"]) in agents:
            subject = f"{own['system']} | {own['account']} | {own['access_right']}"
            found[subject] = min(own["granted_at"], found.get(subject, own["granted_at"]))
    return found


def _reviews(world: World) -> Iterator[Row]:
    for number, (subject, moment) in enumerate(sorted(called_for(world).items())):
        yield {
            "review": f"RV-{number}",
            "subject": subject,
            "reviewed_at": moment - 10 * DAY,
            "reviewed_by": "tess",
            "text_sha256": sha("review", subject),
        }


PLANTS: dict[str, Plant] = {
    "an assessment that nobody approved in time": Plant(
        "RSK-01",
        "due 2026-09-22",
        changed("risk_assessments", {"assessment": "A-2026"}, approved_at=at("2026-09-28T15:00")),
        also={"RSK-02": "fraud is thought through in the same assessment"},
    ),
    "nobody thought of prompt injection": Plant(
        "RSK-01",
        "due 2026-09-22",
        changed(
            "risks", {"risk": "R-2", "rated_at": ASSESSMENTS["A-2026"] - 7 * DAY + HOUR}, categories=["scraping"]
        ),
    ),
    "nobody rated fraud anew": Plant(
        "RSK-02",
        "due 2026-09-22",
        without("risks", risk="R-6", rated_at=ASSESSMENTS["A-2026"] - 7 * DAY + 5 * HOUR),
    ),
    "a plan that was late": Plant(
        "RSK-03",
        f"plan | R-2 | {written(PLANNED)}",
        changed("risks", {"risk": "R-2", "extension_approved_by": "rita"}, extension_approved_by=None),
    ),
    "an acceptance without an end": Plant(
        "RSK-03",
        f"acceptance | R-12 | {written(ACCEPTED)}",
        changed("risks", {"risk": "R-12", "rated_at": ACCEPTED}, accepted_until=None),
    ),
    "a model that nobody thought through": Plant("RSK-04", "model | CH-2", without("risk_reviews", subject="CH-2")),
    "a system reviewed when it was there": Plant(
        "RSK-04",
        "system | warehouse",
        changed("risk_reviews", {"subject": "warehouse"}, reviewed_at=at("2026-03-20T09:00")),
    ),
    "an agent that nobody thought through": Plant(
        "RSK-04",
        "agent-capability | triage-agent",
        all_of(without("risk_reviews", subject="triage-agent")),
    ),
}
