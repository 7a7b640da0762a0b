"""The people who do the work: screening, agreements, training, evaluation, breaches of policy."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.world import (
    DAY,
    FOUNDED,
    HOUR,
    SEEN_UNTIL,
    Person,
    Plant,
    World,
    at,
    changed,
    sha,
    whole,
    without,
    written,
)

Row = Mapping[str, Any]

AWARENESS = ["ai-data", "prompt-injection", "invented-packages"]
SECURE = ["ai-review", "injection", "secrets", "dependencies"]


def again(first: datetime, every: int, person: Person) -> Iterator[datetime]:
    """The moment, and every so many days anew while the person works here."""
    moment = first
    while moment < min(SEEN_UNTIL, person.ends or SEEN_UNTIL):
        yield moment
        moment += every * DAY


def awareness_at(person: Person) -> list[datetime]:
    """When the person finished the training on security."""
    return list(again(person.starts + 5 * DAY, 340, person))


def evaluated_at(person: Person) -> list[datetime]:
    """When the person was evaluated, after the one at hire."""
    return list(again(person.starts + 350 * DAY, 350, person))


def records(world: World) -> Iterator[Record]:
    """Everything about staff."""
    yield from whole("screenings", _screenings(world))
    yield from whole(
        "agreements",
        (
            {
                "person": own.id,
                "kind": "both",
                "signed_at": own.starts - 6 * DAY,
                "paper_sha256": sha("agreement", own.id),
            }
            for own in world.people
        ),
    )
    yield from whole("trainings", _trainings(world))
    yield from whole("evaluations", _evaluations(world))
    yield from whole(
        "role_descriptions",
        (
            {"role": role, "version": "1", "effective_from": FOUNDED, "text_sha256": sha("role", role)}
            for role in sorted({own.role for own in world.people})
        ),
    )
    yield from whole("policy_breaches", BREACHES)


def _screenings(world: World) -> Iterator[Row]:
    for own in world.people:
        is_adverse = own.id == "xenia"
        yield {
            "person": own.id,
            "completed_at": own.starts - 12 * DAY,
            "outcome": "adverse" if is_adverse else "clear",
            "accepted_by": "olga" if is_adverse else None,
        }


def _trainings(world: World) -> Iterator[Row]:
    for own in world.people:
        for moment in awareness_at(own):
            yield _training(own, "security-awareness", moment, AWARENESS)
        if own.is_engineer:
            # On the first day: nobody writes or approves a change before.
            for moment in again(own.starts + 4 * HOUR, 340, own):
                yield _training(own, "secure-development", moment, SECURE)


def _training(person: Person, course: str, moment: datetime, topics: list[str]) -> Row:
    return {"person": person.id, "course": course, "completed_at": moment, "passed": True, "topics": topics}


def _evaluations(world: World) -> Iterator[Row]:
    for own in world.people:
        judge = own.manager or "tess"
        yield {
            "person": own.id,
            "kind": "hire",
            "evaluated_at": own.starts + 21 * DAY,
            "evaluated_by": judge,
        }
        for moment in evaluated_at(own):
            yield {"person": own.id, "kind": "yearly", "evaluated_at": moment, "evaluated_by": judge}


BREACHES: tuple[Row, ...] = (
    {
        "breach": "B-1",
        "reported_at": at("2025-11-12T10:00"),
        "policy": "ai-use",
        "disposition": "talk",
        "decided_by": "olga",
        "decided_at": at("2025-11-20T15:00"),
    },
    {
        "breach": "B-2",
        "reported_at": at("2026-07-02T10:00"),
        "policy": "access",
        "disposition": "warning",
        "decided_by": "olga",
        "decided_at": at("2026-07-21T15:00"),
    },
)

_VIK, _WANDA = at("2025-10-20T09:00"), at("2025-12-01T09:00")
_ANA = FOUNDED + 7 * DAY + 9 * HOUR

PLANTS: dict[str, Plant] = {
    "screened too late": Plant(
        "HR-01", "vik", changed("screenings", {"person": "vik"}, completed_at=_VIK + 30 * DAY)
    ),
    "adverse, and nobody decided": Plant(
        "HR-01", "xenia", changed("screenings", {"person": "xenia"}, accepted_by=None)
    ),
    "signed after the first account": Plant(
        "HR-03", "wanda", changed("agreements", {"person": "wanda"}, signed_at=_WANDA + 20 * DAY)
    ),
    "never signed": Plant("HR-03", "vik", without("agreements", person="vik")),
    "the training came too late": Plant(
        "HR-04",
        f"wanda | security-awareness | first | {written(_WANDA)}",
        changed("trainings", {"person": "wanda", "course": "security-awareness"}, completed_at=_WANDA + 45 * DAY),
    ),
    "the training says nothing of prompts": Plant(
        "HR-04",
        f"vik | security-awareness | first | {written(_VIK)}",
        changed("trainings", {"person": "vik", "course": "security-awareness"}, topics=["ai-data"]),
    ),
    "not evaluated for a year": Plant(
        "HR-06",
        f"yearly | ana | {written(_ANA + 350 * DAY)}",
        without("evaluations", person="ana", kind="yearly", evaluated_at=_ANA + 700 * DAY),
    ),
    "not evaluated at hire": Plant(
        "HR-06", f"hire | vik | {written(_VIK)}", without("evaluations", person="vik", kind="hire")
    ),
    "a role without a description": Plant(
        "HR-06",
        f"role | vik | {written(_VIK)}",
        changed("role_descriptions", {"role": "engineer"}, effective_from=_VIK + DAY),
    ),
    "nobody decided on a breach": Plant(
        "HR-06",
        f"breach | B-1 | {written(at('2025-11-12T10:00'))}",
        changed("policy_breaches", {"breach": "B-1"}, decided_by=None, decided_at=None, disposition=None),
    ),
}
