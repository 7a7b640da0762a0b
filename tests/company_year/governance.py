"""How the company governs itself: policies, acknowledgements, meetings, owners, tests of controls, evidence."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from asbuilt.catalogue.controls import load_controls
from asbuilt.facts.schemas import TABLES
from asbuilt.model.record import Record
from tests.company_year.staff import again
from tests.company_year.world import (
    DAY,
    FOUNDED,
    HOUR,
    SEEN_UNTIL,
    TAKEN,
    Person,
    Plant,
    World,
    all_of,
    at,
    changed,
    months,
    quarters,
    sha,
    source_of,
    whole,
    without,
    written,
)

Row = Mapping[str, Any]

CONDUCT = ["sanctions", "ai-responsibility"]
AI_USE = ["ai-tools", "ai-data", "ai-review", "ai-disclosure", "ai-forbidden-uses"]
# Policy: whom it binds. Its id is its kind.
POLICIES = {
    "code-of-conduct": "everyone",
    "security": "everyone",
    "change": "engineers",
    "access": "everyone",
    "incident": "everyone",
    "vendor": "everyone",
    "data": "everyone",
    "continuity": "everyone",
    "ai-use": "everyone",
}
TOPICS = {"code-of-conduct": CONDUCT, "ai-use": AI_USE}
# Version: when it was approved; it binds a day later.
VERSIONS = {
    "1": FOUNDED + DAY + 10 * HOUR,
    "2": at("2024-12-18T10:00"),
    "3": at("2025-12-02T10:00"),
}
# Versions that must be read anew.
MATERIAL = {("ai-use", "2"), ("ai-use", "3"), ("code-of-conduct", "3"), ("access", "3")}


def records(world: World) -> Iterator[Record]:
    """Everything about governance."""
    yield from whole("policies", _policies())
    yield from whole("acknowledgements", _acknowledgements(world))
    yield from whole("meetings", _meetings())
    controls = _controls()
    yield from whole(
        "control_register",
        ({"control": own, "tested_every": _tested_every(own), "in_use_from": FOUNDED} for own in controls),
    )
    yield from whole("control_owners", (row for own in controls for row in _owned(own)))
    yield from whole("control_runs", (row for own in controls for row in _runs(own)))
    yield from whole("deficiencies", DEFICIENCIES)
    yield from whole("evidence_register", (_entry(name) for name, table in TABLES.items() if table.recorded))


@cache
def _controls() -> tuple[str, ...]:
    return tuple(own.id for own in load_controls())


def _policies() -> Iterator[Row]:
    for policy, applies_to in POLICIES.items():
        for version, approved in VERSIONS.items():
            yield {
                "policy": policy,
                "version": version,
                "kind": policy,
                "approved_at": approved,
                "approved_by": "rita",
                "effective_from": approved + DAY,
                "is_material": (policy, version) in MATERIAL,
                "applies_to": applies_to,
                "topics": TOPICS.get(policy, ["scope"]),
                "text_sha256": sha("policy", policy, version),
                "allow_list_version": version if policy == "ai-use" else None,
                "drafted_by_ai": version == "3",
            }


def acknowledged_at(policy: str, person: Person) -> list[datetime]:
    """When a person acknowledged a policy: at first, after each version to be read anew, and each year."""
    last = min(SEEN_UNTIL, person.ends or SEEN_UNTIL)
    binds = [
        approved + DAY for version, approved in VERSIONS.items() if version == "1" or (policy, version) in MATERIAL
    ]
    asked = [max(binds[0], person.starts), *(moment for moment in binds if moment > person.starts)]
    given = sorted({moment + 3 * DAY + 2 * HOUR for moment in asked if moment + 4 * DAY < last})
    found: list[datetime] = []
    for moment, following in zip(given, [*given[1:], last], strict=True):
        found += [one for one in again(moment, 340, person) if one < following]
    return found


def _acknowledgements(world: World) -> Iterator[Row]:
    for policy, applies_to in POLICIES.items():
        for person in world.people:
            if applies_to == "engineers" and not person.is_engineer:
                continue
            for moment in acknowledged_at(policy, person):
                shown = max(version for version, approved in VERSIONS.items() if approved + DAY <= moment)
                yield {"person": person.id, "policy": policy, "version": shown, "acknowledged_at": moment}


def _meetings() -> Iterator[Row]:
    for held in OVERSIGHT:
        yield {
            "meeting": f"oversight {held:%Y-%m-%d}",
            "kind": "oversight",
            "held_at": held,
            "attended_by": ["rita", "sam", "tess", "Prof. Amara Obi"],
            "independent_members": ["Prof. Amara Obi"],
            "topics": ["controls", "ai-risk", "incidents"],
            "presented_deficiencies": True,
            "minutes_sha256": sha("minutes", held),
        }
    for month in months(FOUNDED, SEEN_UNTIL):
        held = month + 8 * DAY + 9 * HOUR
        if held < SEEN_UNTIL:
            yield {"meeting": f"report {month:%Y-%m}", "kind": "deficiency-report", "held_at": held}
    for number in range(12):
        held = FOUNDED + (30 + 84 * number) * DAY + 13 * HOUR
        if held < SEEN_UNTIL:
            yield {"meeting": f"treatment {held:%Y-%m-%d}", "kind": "treatment-review", "held_at": held}


OVERSIGHT = (
    at("2024-05-14T09:00"),
    at("2024-11-19T09:00"),
    at("2025-05-13T09:00"),
    at("2025-11-18T09:00"),
    at("2026-05-12T09:00"),
    at("2026-09-15T09:00"),
)

_MONTHLY, _WEEKLY = ("CC6", "CC7", "CC8"), {"CHG-01", "ACC-03", "OPS-02"}


def _tested_every(control: str) -> str:
    if control in _WEEKLY:
        return "week"
    return "month" if control.startswith(("CHG", "ACC", "OPS")) else "quarter"


def _runs(control: str) -> Iterator[Row]:
    match _tested_every(control):
        case "week":
            first = FOUNDED  # a Monday
            begins = [first + number * 7 * DAY for number in range((SEEN_UNTIL - first).days // 7)]
        case "month":
            begins = months(FOUNDED, SEEN_UNTIL - 10 * DAY)
        case _:
            begins = quarters(FOUNDED, SEEN_UNTIL - 10 * DAY)
    for begin in begins:
        failed = (control, f"{begin:%Y-%m}") in FAILED
        yield {
            "run": f"{control} {begin:%Y-%m-%d}",
            "control": control,
            "ran_at": begin + 2 * DAY + 4 * HOUR,
            "outcome": "failed" if failed else "passed",
            "deficiency": FAILED.get((control, f"{begin:%Y-%m}")),
            "judged_by_model": control == "VUL-02",
            "disposed_by": "tess-laurent" if control == "VUL-02" else None,
        }


FAILED = {("ACC-04", "2025-11"): "D-1", ("CHG-03", "2026-03"): "D-2", ("GOV-05", "2026-07"): "D-3"}


def _deficiency(name: str, control: str, opened: datetime, within: timedelta, **more: Any) -> Row:
    return {
        "deficiency": name,
        "control": control,
        "opened_at": opened,
        "severity": "medium",
        "owner": "tess",
        "due_at": opened + 30 * DAY,
        "closed_at": opened + within,
        **more,
    }


DEFICIENCIES: tuple[Row, ...] = (
    _deficiency("D-1", "ACC-04", at("2025-11-03T10:00"), 12 * DAY),
    _deficiency(
        "D-2",
        "CHG-03",
        at("2026-03-03T10:00"),
        50 * DAY,
        extended_to=at("2026-05-03T10:00"),
        extension_approved_by="rita",
    ),
    _deficiency("D-3", "GOV-05", at("2026-07-03T10:00"), 20 * DAY),
)

_OWNERS = (("GOV", "rita"), ("HR", "olga"), ("CHG", "sam"), ("ACC", "tess"), ("PRV", "pablo"))
HANDED_OVER = "CHG-05"  # its owner left in the year


def _owned(control: str) -> Iterator[Row]:
    owner = next((own for start, own in _OWNERS if control.startswith(start)), "tess")
    begins = FOUNDED + 9 * HOUR
    if owner in {"olga", "pablo"}:
        begins = at("2025-09-15T09:00")  # both came later
        yield {
            "control": control,
            "owner": "rita",
            "approved_by": "rita",
            "held_from": FOUNDED + 9 * HOUR,
            "held_until": begins,
        }
    if control == HANDED_OVER:
        begins = at("2026-03-30T09:00")
        yield {
            "control": control,
            "owner": "goran",
            "approved_by": "rita",
            "held_from": at("2025-06-02T09:00"),
            "held_until": begins,
        }
    yield {"control": control, "owner": owner, "approved_by": "rita", "held_from": begins, "held_until": TAKEN}


def _entry(table: str) -> Row:
    return {
        "entry": f"E-{table}",
        "population": table,
        "source": source_of(table),
        "query": f"every row of {table.replace('_', ' ')}",
        "owner": "tess",
        "completeness_check": "its count is held against a second list",
        "written_with_ai": True,
        "under_change_control": True,
        "has_tests": True,
    }


_VIK = at("2025-10-20T09:00")
_THIRD = VERSIONS["3"] + DAY

PLANTS: dict[str, Plant] = {
    "a newcomer never accepted the code of conduct": Plant(
        "GOV-01",
        f"vik | code-of-conduct | first | {written(_VIK)}",
        without("acknowledgements", person="vik", policy="code-of-conduct"),
        also={"GOV-05": "the code of conduct is a policy that must be read when starting, and after each version"},
    ),
    "a meeting without anybody independent": Plant(
        "GOV-02", "2025-H2", changed("meetings", {"meeting": "oversight 2025-11-18"}, independent_members=[])
    ),
    "a meeting that was not held": Plant("GOV-02", "2026-H1", without("meetings", meeting="oversight 2026-05-12")),
    "an owner who had left": Plant(
        "GOV-03",
        HANDED_OVER,
        changed("control_owners", {"control": HANDED_OVER, "owner": "goran"}, held_until=at("2026-04-20T09:00")),
    ),
    "nobody approved an owner": Plant(
        "GOV-03", "VUL-01", changed("control_owners", {"control": "VUL-01"}, approved_by=None)
    ),
    "a policy approved by a bot": Plant(
        "GOV-04",
        "vendor | due 2025-12-18",
        changed("policies", {"policy": "vendor", "version": "3"}, approved_by="policy-bot"),
    ),
    "a policy renewed too late": Plant(
        "GOV-04",
        "data | due 2025-12-18",
        changed(
            "policies",
            {"policy": "data", "version": "3"},
            approved_at=at("2026-02-02T10:00"),
            effective_from=at("2026-02-03T10:00"),
        ),
    ),
    "a new version that somebody did not read": Plant(
        "GOV-05",
        f"mona | access | version | {written(_THIRD)}",
        without("acknowledgements", person="mona", policy="access", version="3"),
    ),
    "a control was not tested for a month": Plant(
        "GOV-06", "run | CHG-05 | 2026-02-01", without("control_runs", run="CHG-05 2026-02-01")
    ),
    "a failure that nobody followed up": Plant(
        "GOV-06",
        "run | ACC-04 | 2025-11-01",
        all_of(
            without("deficiencies", deficiency="D-1"),
        ),
    ),
    "a deficiency mended too late": Plant(
        "GOV-06",
        "deficiency | D-2",
        changed("deficiencies", {"deficiency": "D-2"}, extension_approved_by=None),
    ),
    "a month without a report": Plant(
        "GOV-06", "report | 2026-06-01", without("meetings", meeting="report 2026-06")
    ),
    "a judgement that only a model made": Plant(
        "GOV-06",
        "run | VUL-02 | 2026-01-01",
        changed("control_runs", {"run": "VUL-02 2026-01-01"}, disposed_by=None),
    ),
    "an engineer did not learn the new rules for AI": Plant(
        "GOV-07",
        f"ana | ai-use | version | {written(_THIRD)}",
        without("acknowledgements", person="ana", policy="ai-use", version="3"),
        also={"GOV-05": "it is a version of a policy that must be read"},
    ),
    "an extract whose digest is not kept": Plant(
        "GOV-08",
        "evidence_register | 2024-01-08",
        changed("extracts", {"population": "evidence_register"}, sha256=None),
    ),
}
