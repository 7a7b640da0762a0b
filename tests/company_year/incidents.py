"""Incidents: the register, the sources it is held against, reviews, actions, exercises, breaches."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.world import DAY, HOUR, Plant, World, at, changed, sha, whole, without

Row = Mapping[str, Any]


def _incident(name: str, detected: datetime, severity: str, ai_part: str = "none", **more: Any) -> Row:
    return {
        "incident": name,
        "detected_at": detected,
        "started_at": detected - HOUR,
        "severity": severity,
        "classified_at": detected + HOUR,
        "contained_at": detected + 5 * HOUR,
        "communicated_at": detected + 6 * HOUR,
        "resolved_at": detected + 12 * HOUR,
        "closed_at": detected + 6 * DAY,
        "customer_affecting": False,
        "is_breach": False,
        "ai_part": ai_part,
        **more,
    }


INCIDENTS = (
    _incident("INC-1", at("2025-08-19T07:00"), "high"),
    _incident("INC-2", at("2025-10-27T07:00"), "high", "cause", customer_affecting=True),
    _incident("INC-3", at("2025-12-16T13:00"), "medium", "detection"),
    _incident("INC-4", at("2026-02-10T07:00"), "critical", customer_affecting=True, is_breach=True),
    _incident("INC-5", at("2026-04-21T21:00"), "low"),
    _incident("INC-6", at("2026-06-09T10:00"), "high", "fix"),
    _incident("INC-7", at("2026-08-25T04:00"), "medium"),
)
_HIGH = [own for own in INCIDENTS if own["severity"] in {"critical", "high"}]
EXERCISES = {
    "X-2024": at("2024-07-09T13:00"),
    "X-2025": at("2025-06-11T13:00"),
    "X-2026": at("2026-05-27T13:00"),
}
AUDIENCES = {"customers": True, "individuals": True, "regulator": True, "partners": False}


def records(world: World) -> Iterator[Record]:
    """Everything about incidents."""
    yield from whole("incidents", INCIDENTS)
    yield from whole("incident_signals", _signals())
    yield from whole("incident_reviews", _reviews())
    yield from whole("follow_up_actions", _actions())
    yield from whole(
        "exercises",
        (
            {
                "exercise": name,
                "held_at": held,
                "scenarios": ["ransomware", "rogue-agent"],
                "attended_by": ["tess", "uri", "sam"],
                "lessons": "The switch of the agents stands in the wrong runbook.",
            }
            for name, held in EXERCISES.items()
        ),
    )
    yield from whole(
        "breach_decisions",
        (
            {
                "incident": "INC-4",
                "audience": audience,
                "must_notify": must,
                "decided_at": at("2026-02-11T10:00"),
                "decided_by": "pablo",
                "reason": "names and addresses were in a prompt" if must else "no data of theirs",
            }
            for audience, must in AUDIENCES.items()
        ),
    )


def _signals() -> Iterator[Row]:
    for own in INCIDENTS:
        for source in ("pager", "status-page") if own["customer_affecting"] else ("pager",):
            yield {
                "signal": f"S-{own['incident']}",
                "source": source,
                "raised_at": own["detected_at"],
                "severity": own["severity"],
                "incident": own["incident"],
            }
    for number in range(12):
        yield {
            "signal": f"C-{number}",
            "source": "support",
            "raised_at": at("2025-10-06T11:00") + number * 29 * DAY,
            "severity": "high" if number % 3 == 0 else "low",
            "explanation": "the customer's own network",
            "explained_by": "zoe-clarke",
        }


def _reviews() -> Iterator[Row]:
    for own in _HIGH:
        is_cause = own["ai_part"] == "cause"
        yield {
            "incident": own["incident"],
            "published_at": own["resolved_at"] + 7 * DAY,
            "written_by": "tess",
            "caused_by_ai_code": is_cause,
            "rule_or_test": "a test for retries" if is_cause else None,
            "text_sha256": sha("review", own["incident"]),
        }


def _actions() -> Iterator[Row]:
    subjects = [(own["incident"], own["resolved_at"]) for own in _HIGH] + list(EXERCISES.items())
    for number, (subject, moment) in enumerate(subjects):
        opened = moment + 7 * DAY
        yield {
            "action": f"ACT-{number}",
            "subject": subject,
            "opened_at": opened,
            "owner": "uri",
            "due_at": opened + 30 * DAY,
            "closed_at": opened + 20 * DAY,
        }


PLANTS: dict[str, Plant] = {
    "a plan that nobody rehearsed": Plant("INC-01", "due 2026-06-11", without("exercises", exercise="X-2026")),
    "a rehearsal without AI": Plant(
        "INC-01", "due 2026-06-11", changed("exercises", {"exercise": "X-2026"}, scenarios=["ransomware"])
    ),
    "an incident closed after half a year": Plant(
        "INC-02",
        "incident | INC-3",
        changed("incidents", {"incident": "INC-3"}, closed_at=at("2026-06-16T13:00")),
    ),
    "an incident that nobody classified": Plant(
        "INC-02",
        "incident | INC-6",
        changed("incidents", {"incident": "INC-6"}, classified_at=at("2026-06-13T10:00")),
    ),
    "a page that belongs to no incident": Plant(
        "INC-02",
        "signal | support | C-3",
        changed("incident_signals", {"signal": "C-3"}, explained_by="support-bot"),
    ),
    "a high incident without a review": Plant(
        "INC-03", "review | INC-6", without("incident_reviews", incident="INC-6")
    ),
    "AI code was a cause, and no test came of it": Plant(
        "INC-03", "review | INC-2", changed("incident_reviews", {"incident": "INC-2"}, rule_or_test=None)
    ),
    "an action that was late": Plant(
        "INC-03",
        "action | ACT-2",
        changed("follow_up_actions", {"action": "ACT-2"}, closed_at=at("2026-06-01T09:00")),
    ),
    "nobody decided on whom to tell": Plant(
        "INC-04", "INC-4 | regulator", without("breach_decisions", incident="INC-4", audience="regulator")
    ),
    "those concerned were told too late": Plant(
        "INC-04",
        "INC-4 | individuals",
        changed("notices", {"notice": "N-INC-4-individuals"}, sent_at=at("2026-02-20T12:00")),
    ),
}
