"""Who can get in: accounts, grants, requests, moves between roles, leavers, reviews of access."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.landings import PIPELINE
from tests.company_year.world import (
    DAY,
    FOUNDED,
    HOUR,
    SEEN_UNTIL,
    TAKEN,
    Person,
    Plant,
    System,
    World,
    added,
    at,
    changed,
    quarters,
    whole,
    without,
)

Row = Mapping[str, Any]

# The role matrix: job, then system, then the right. Everybody has what ``EVERYONE`` names.
EVERYONE = {"idp": "member", "devices": "member", "tickets": "member"}
_WRITES = {"forge": "write", "ai-console": "user"}
_RUNS = {**_WRITES, "cloud": "operator", "production": "operator", "orders-db": "reader", "warehouse": "reader"}
_LOOKS = {"warehouse": "analyst"}
ROLES: dict[str, dict[str, str]] = {
    "chief-executive": {"cloud": "auditor"},
    "chief-technology": {"forge": "write", "ai-console": "admin"},
    "security-lead": {"idp": "admin", "devices": "admin", "forge": "read", "cloud": "auditor"},
    "platform-lead": {
        **_WRITES,
        "forge": "admin",
        **dict.fromkeys(("cloud", "production", "orders-db", "warehouse"), "admin"),
    },
    "platform-engineer": _RUNS,
    "engineer": _WRITES,
    "senior-engineer": {**_WRITES, "forge": "maintain", "orders-db": "reader"},
    "support": {"tickets": "agent"},
    "sales": {},
    "marketing": {},
    "product": {"tickets": "planner", **_LOOKS},
    "designer": {"tickets": "planner"},
    "finance": _LOOKS,
    "people-lead": {"idp": "people"},
    "legal": {},
}
# Accounts that are no person's: system, account, kind, owner, since, right.
MACHINES = (
    ("forge", PIPELINE, "service", "uri", FOUNDED + DAY, "deploy"),
    ("cloud", PIPELINE, "service", "uri", FOUNDED + DAY, "deploy"),
    ("production", PIPELINE, "service", "uri", FOUNDED + DAY, "deploy"),
    ("orders-db", "backup-runner", "service", "uri", FOUNDED + DAY, "backup"),
    ("warehouse", "nightly-loader", "service", "uri", at("2026-03-02T12:00"), "load"),
    ("idp", "evidence-collector", "service", "tess", FOUNDED + DAY, "read"),
    ("forge", "evidence-collector", "service", "tess", FOUNDED + DAY, "read"),
    ("cloud", "evidence-collector", "service", "tess", FOUNDED + DAY, "read"),
)
SHARED = "front-desk"  # an exception that was approved
# A trial account that a review took away.
TRIAL = ("hugo", "ai-console", at("2025-11-03T10:00"), at("2026-02-10T15:00"))
AGENT_RIGHTS = {"coding-agent": ("contents", "pull-requests"), "triage-agent": ("label", "answer")}


def records(world: World) -> Iterator[Record]:
    """Everything about access."""
    given = list(_given(world))
    accounts = list(_accounts(world))
    yield from whole("accounts", accounts)
    yield from whole("grants", (_grant(own) for own in given))
    yield from whole("access_requests", (_request(world, own) for own in given))
    yield from whole("role_moves", _moves(world))
    yield from whole("role_rights", _role_rights())
    reviews = list(_reviews(world, accounts))
    yield from whole("access_reviews", (review for review, _ in reviews))
    yield from whole("access_review_items", (item for _, items in reviews for item in items))


def rights_of(role: str) -> dict[str, str]:
    """The right that a job has in each system; the job's own word stands before everybody's."""
    return EVERYONE | ROLES[role]


def systems_of(person: Person) -> set[str]:
    """Where a person has, or had, an account."""
    return {name for role in _roles(person).values() for name in rights_of(role)}


def _roles(person: Person) -> dict[datetime, str]:
    """The jobs of a person by the moment they began."""
    before = person.moves[0][1] if person.moves else person.role
    return {person.starts: before} | {moment: role for moment, _, role in person.moves}


def _accounts(world: World) -> Iterator[Row]:
    for person in world.people:
        for system in world.systems:
            begins = [moment for moment, role in _roles(person).items() if system.id in rights_of(role)]
            if not begins:
                continue
            created = max(min(begins), system.since or FOUNDED) + HOUR
            if person.ends is None or created < person.ends:
                yield _account(system, person, created, person.ends and person.ends + 2 * HOUR)
    name, system_id, created, gone = TRIAL
    trial = next(own for own in world.systems if own.id == system_id)
    yield _account(trial, world.person(name), created, gone)
    for system_id, account, kind, owner, since, _ in MACHINES:
        told = {"system": system_id, "account": account, "kind": kind, "owner": owner, "created_at": since}
        yield told | {"single_sign_on": False, "last_sign_in_at": SEEN_UNTIL - HOUR}
    for agent in world.agents:
        told = {"system": agent.system, "account": agent.account, "kind": "agent", "owner": agent.owner}
        yield told | {"created_at": agent.since, "single_sign_on": False, "last_sign_in_at": SEEN_UNTIL - HOUR}
    yield {
        "system": "devices",
        "account": SHARED,
        "kind": "shared",
        "owner": "tess",
        "created_at": FOUNDED + 30 * DAY,
        "single_sign_on": False,
        "exception": "EXC-1: the tablet at the door",
        "exception_until": at("2027-06-01"),
    }


def _account(system: System, person: Person, created: datetime, gone: datetime | None) -> Row:
    last = (gone or SEEN_UNTIL) - 5 * HOUR
    return {
        "system": system.id,
        "account": person.login,
        "kind": "human",
        "person": person.id,
        "created_at": created,
        "disabled_at": gone,
        "last_sign_in_at": last,
        "single_sign_on": True,
    }


def _given(world: World) -> Iterator[dict[str, Any]]:
    """Each right that was given, by the name of its request: when somebody came, moved, or asked for a while."""
    for person in world.people:
        jobs = list(_roles(person).items())
        for place, (begins, role) in enumerate(jobs):
            before = rights_of(jobs[place - 1][1]) if place else {}
            after = rights_of(jobs[place + 1][1]) if place + 1 < len(jobs) else None
            for system in world.systems:
                right = rights_of(role).get(system.id)
                granted = max(begins, system.since or FOUNDED) + 2 * HOUR
                if right is None or before.get(system.id) == right or (person.ends and granted > person.ends):
                    continue
                is_over = after is not None and after.get(system.id) != right
                gone = jobs[place + 1][0] + DAY if is_over else person.ends and person.ends + 2 * HOUR
                yield _right(system.id, person.login, right, granted, gone, person)
    name, system_id, created, gone = TRIAL
    yield _right(system_id, world.person(name).login, "user", created + HOUR, gone, world.person(name))
    for number in range(24):
        moment = at("2025-10-07T10:00") + number * 15 * DAY
        who = world.at_work(moment - DAY, engineers=True)
        person = [own for own in who if own.role == "engineer" and own.is_at_work(moment + 6 * DAY)][number % 9]
        yield _right("forge", person.login, "security-alerts", moment, moment + 5 * DAY, person)
    for system_id, account, _, owner, since, right in MACHINES:
        yield _right(system_id, account, right, since + HOUR, None, world.person(owner))
    for agent in world.agents:
        for right in AGENT_RIGHTS[agent.account]:
            yield _right(agent.system, agent.account, right, agent.since + HOUR, None, world.person(agent.owner))


def _right(
    system: str, account: str, right: str, granted: datetime, gone: datetime | None, receiver: Person
) -> dict[str, Any]:
    name = f"{account} {system} {right} {granted:%Y-%m-%d}"
    return {
        "name": name,
        "system": system,
        "account": account,
        "right": right,
        "granted": granted,
        "gone": gone,
        "receiver": receiver,
    }


def _grant(own: Mapping[str, Any]) -> Row:
    return {
        "system": own["system"],
        "grant_id": own["name"],
        "account": own["account"],
        "access_right": own["right"],
        "granted_at": own["granted"],
        "granted_by": "access-robot",
        "request": f"REQ {own['name']}",
        "revoked_at": own["gone"],
    }


def _request(world: World, own: Mapping[str, Any]) -> Row:
    """The system's owner approves, or the receiver's manager where the owner is the receiver."""
    owner = next(each.owner for each in world.systems if each.id == own["system"])
    receiver: Person = own["receiver"]
    approver = receiver.manager if owner == receiver.id else owner
    approved = own["granted"] - timedelta(minutes=40)
    if approver is None or not world.person(approver).is_at_work(approved):
        approver = "rita"
    return {
        "request": f"REQ {own['name']}",
        "requested_at": own["granted"] - HOUR,
        "system": own["system"],
        "rights": [own["right"]],
        "approved_by": approver,
        "approved_at": approved,
    }


def _moves(world: World) -> Iterator[Row]:
    for person in world.people:
        for moment, before, after in person.moves:
            yield {"person": person.id, "moved_at": moment, "new_role": after, "old_role": before}


def _role_rights() -> Iterator[Row]:
    for role in ROLES:
        for system, right in rights_of(role).items():
            yield {"role": role, "system": system, "access_right": right}


def _reviews(world: World, accounts: list[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """In the sixth week of each quarter the owner of each system decides on every account, another on the owner's."""
    for quarter in quarters(FOUNDED, TAKEN):
        listed = quarter + 36 * DAY + 9 * HOUR
        for system in world.systems:
            if listed > SEEN_UNTIL or (system.since and system.since > quarter):
                continue
            name = f"{system.id} {quarter:%Y-%m}"
            there = [
                own
                for own in accounts
                if own["system"] == system.id
                and own["created_at"] < listed
                and (own.get("disabled_at") is None or own["disabled_at"] > listed)
            ]
            owner = world.person(system.owner)
            items = [
                _decision(
                    name, own["account"], listed, owner if own["account"] != owner.login else world.person("rita")
                )
                for own in there
            ]
            review = {
                "review": name,
                "system": system.id,
                "listed_at": listed,
                "completed_at": listed + 2 * DAY,
                "listed_accounts": len(there),
                "system_accounts": len(there),
            }
            yield review, items


def _decision(review: str, account: str, listed: datetime, who: Person) -> Row:
    revoked = (account, review) == ("hugo-silva", "ai-console 2026-01")
    return {
        "review": review,
        "account": account,
        "access_right": "all",
        "decision": "revoke" if revoked else "keep",
        "decided_by": who.id,
        "decided_at": listed + 2 * DAY - (3 * HOUR if revoked else HOUR),
    }


_VIK = "vik-anand forge write 2025-10-20"
_LEFT = at("2026-01-30T17:00")  # a Friday

PLANTS: dict[str, Plant] = {
    "two people share an account": Plant(
        "ACC-01",
        "tickets | helpdesk",
        added(
            "accounts",
            system="tickets",
            account="helpdesk",
            kind="shared",
            created_at=at("2026-08-20T09:00"),
            single_sign_on=True,
        ),
    ),
    "a local password": Plant(
        "ACC-01",
        "forge | ben-okoye",
        changed("accounts", {"system": "forge", "account": "ben-okoye"}, single_sign_on=False),
    ),
    "an exception that had ended": Plant(
        "ACC-01",
        f"devices | {SHARED}",
        changed("accounts", {"account": SHARED}, exception_until=at("2026-02-01")),
    ),
    "a service that nobody answers for": Plant(
        "ACC-01",
        "orders-db | backup-runner",
        changed("accounts", {"account": "backup-runner"}, owner=None),
    ),
    "nobody asked for a right": Plant(
        "ACC-03", f"grant | forge | {_VIK}", without("access_requests", request=f"REQ {_VIK}")
    ),
    "approved after it was given": Plant(
        "ACC-03",
        f"grant | forge | {_VIK}",
        changed("access_requests", {"request": f"REQ {_VIK}"}, approved_at=at("2025-10-21T09:00")),
    ),
    "approved by who received it": Plant(
        "ACC-03",
        f"grant | forge | {_VIK}",
        changed("access_requests", {"request": f"REQ {_VIK}"}, approved_by="vik"),
    ),
    "another right than was approved": Plant(
        "ACC-03",
        f"grant | forge | {_VIK}",
        changed("access_requests", {"request": f"REQ {_VIK}"}, rights=["read"]),
    ),
    "a right of the old job stayed": Plant(
        "ACC-03",
        "move | zoe | 2026-05-04T09:00:00Z",
        changed("grants", {"account": "zoe-clarke", "access_right": "agent"}, revoked_at=at("2026-05-20T09:00")),
    ),
    "a leaver's account closed too late": Plant(
        "ACC-04",
        "erik",
        changed("accounts", {"system": "tickets", "account": "erik-holm"}, disabled_at=at("2026-02-02T18:00")),
    ),
    "a leaver's account is open": Plant(
        "ACC-04",
        "erik",
        changed("accounts", {"system": "tickets", "account": "erik-holm"}, disabled_at=None),
        also={
            "ACC-06": "the reviews of the quarters after he left do not know the account",
        },
    ),
    "a leaver signed in": Plant(
        "ACC-04",
        "erik",
        changed("accounts", {"system": "tickets", "account": "erik-holm"}, last_sign_in_at=_LEFT + HOUR),
    ),
    "a quarter without a review": Plant(
        "ACC-06", "forge | 2026-Q1", without("access_reviews", review="forge 2026-01")
    ),
    "a review left an account out": Plant(
        "ACC-06",
        "cloud | 2026-Q2",
        without("access_review_items", review="cloud 2026-04", account=PIPELINE),
    ),
    "the owner decided on their own account": Plant(
        "ACC-06",
        "idp | 2026-Q3",
        changed("access_review_items", {"review": "idp 2026-07", "account": "tess-laurent"}, decided_by="tess"),
    ),
    "what a review took away stayed": Plant(
        "ACC-06",
        "ai-console | 2026-Q1",
        changed("accounts", {"system": "ai-console", "account": "hugo-silva"}, disabled_at=at("2026-03-05T09:00")),
    ),
}
