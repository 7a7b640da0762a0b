"""Watching: logs that come in, alerts that a person decides on, and what agents do with a person behind it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from asbuilt.model.record import Record
from tests.company_year.daily import KEPT_FROM, Row, volume
from tests.company_year.world import (
    DAY,
    FOUNDED,
    HOUR,
    SEEN_UNTIL,
    Agent,
    Plant,
    World,
    at,
    changed,
    months,
    whole,
    without,
)

MINUTE = timedelta(minutes=1)
RETENTION_DAYS = 400
# Source: what it logs, and since when it is there.
LOG_SOURCES = {
    "sign-in": ("identity", FOUNDED),
    "forge": ("forge", FOUNDED),
    "cloud": ("cloud", FOUNDED),
    "network": ("network", FOUNDED),
    "production": ("application", FOUNDED),
    "hosts": ("host", FOUNDED),
    "agents": ("agent", at("2024-07-26")),
    "ai-gateway": ("model", at("2025-06-02")),
    "warehouse": ("other", at("2026-03-02T09:00")),
}
RULES = ("impossible-travel", "new-admin", "mass-download", "secret-in-log", "odd-tool-call", "port-scan")
REASONS = {
    "false-positive": "the person was on a journey and confirmed it",
    "benign": "planned work, named in the channel of operations",
    "duplicate": "the same as the alert before",
}
# What agents do in each system.
OPERATIONS = {
    "forge": ("opened pull request", "pushed commit", "commented"),
    "tickets": ("labelled ticket", "answered ticket", "linked ticket"),
}


def records(world: World) -> Iterator[Record]:
    """Everything about logs, alerts and agents' traces."""
    yield from whole(
        "log_sources",
        (
            {"log_source": own, "kind": kind, "in_scope": True, "owner": "tess", "in_use_from": since}
            for own, (kind, since) in LOG_SOURCES.items()
        ),
    )
    yield from whole("log_coverage", _log_coverage(), since=KEPT_FROM)
    yield from whole("alerts", _alerts(world))
    actions = [action for agent in world.agents for action in _actions(world, agent)]
    yield from whole("agent_actions", (_seen(agent, number, moment) for agent, number, moment in actions))
    yield from whole(
        "agent_log_entries", (_logged(world, agent, number, moment) for agent, number, moment in actions)
    )


def _log_coverage() -> Iterator[Row]:
    """What the platform proves for each month; in one of them the cloud was being moved for a day."""
    starts = months(KEPT_FROM, SEEN_UNTIL)
    for own, (_, since) in LOG_SOURCES.items():
        for begins, ends in zip(starts, [*starts[1:], SEEN_UNTIL], strict=True):
            if ends <= since:
                continue
            held_from = max(begins, since)
            told = {
                "log_source": own,
                "receiving": True,
                "retention_days": RETENTION_DAYS,
                "is_immutable": True,
                "is_time_synchronised": True,
                "oldest_entry_at": max(since, held_from - RETENTION_DAYS * DAY),
                "collected_from": since,
            }
            if own == "network" and begins == MOVED.replace(day=1):
                yield told | {"held_from": held_from, "held_until": MOVED}
                silent = {"receiving": False, "silence_reason": "the collector was moved, as announced"}
                yield told | silent | {"held_from": MOVED, "held_until": MOVED + 2 * DAY}
                held_from = MOVED + 2 * DAY
            yield told | {"held_from": held_from, "held_until": ends}


MOVED = at("2026-05-09")


def _alerts(world: World) -> Iterator[Row]:
    chance = world.random("alerts")
    hours = (SEEN_UNTIL - 4 * DAY - KEPT_FROM) // HOUR
    for number in range(1, volume(world, 20, 40) + 1):
        raised = KEPT_FROM + chance.randrange(hours) * HOUR + chance.randrange(60) * MINUTE
        severity = chance.choices(("critical", "high", "medium", "low"), weights=(1, 3, 6, 10))[0]
        taken = chance.randrange(3, 55) * MINUTE
        disposition = chance.choice(list(REASONS))
        yield _alert(world, f"A-{number:05}", raised, severity, chance.choice(RULES), taken, disposition)
    for own, severity in NAMED.items():
        yield _alert(world, own, at("2026-03-11T09:00"), severity, "new-admin", 10 * MINUTE, "benign")


NAMED = {"A-critical": "critical", "A-high": "high"}


def _alert(
    world: World, own: str, raised: datetime, severity: str, rule: str, taken: timedelta, disposition: str
) -> Row:
    on_call = [
        person for person in world.at_work(raised, engineers=True) if person.team in {"security", "platform"}
    ]
    who = on_call[raised.toordinal() % len(on_call)].login
    return {
        "alert": own,
        "raised_at": raised,
        "severity": severity,
        "rule": rule,
        "acknowledged_at": raised + taken,
        "acknowledged_by": who,
        "closed_at": raised + taken * 20,
        "closed_by": who,
        "disposition": disposition,
        "reason": REASONS[disposition],
    }


def _actions(world: World, agent: Agent) -> Iterator[tuple[Agent, int, datetime]]:
    """What the agent did since it came, or since logs are kept: one every few hours or minutes, the first few by name."""
    chance = world.random(f"agent {agent.account}")
    since = max(agent.since, KEPT_FROM)
    minutes = (SEEN_UNTIL - HOUR - since) // MINUTE
    for number in range(1, volume(world, 20, 30) + 1):
        yield agent, number, since + chance.randrange(minutes) * MINUTE
    yield agent, 0, at("2026-04-14T10:20")


def _seen(agent: Agent, number: int, moment: datetime) -> Row:
    return {
        "action": f"{agent.account}-{number:05}",
        "target": agent.system,
        "agent": agent.account,
        "acted_at": moment,
        "operation": OPERATIONS[agent.system][number % 3],
        "object": f"{agent.system}/{number}",
    }


def _logged(world: World, agent: Agent, number: int, moment: datetime) -> Row:
    people = world.at_work(moment, engineers=agent.system == "forge")
    return {
        "entry": f"log {agent.account}-{number:05}",
        "agent": agent.account,
        "logged_at": moment - MINUTE,
        "target": agent.system,
        # Every tenth entry names no id of the target's: agent, object and time tie the two.
        "action": None if number % 10 == 9 else f"{agent.account}-{number:05}",
        "object": f"{agent.system}/{number}",
        "principal": people[number % len(people)].login,
        "input_reference": f"session {agent.account}-{number}",
        "tool": OPERATIONS[agent.system][number % 3].split()[0],
        "result": "done",
    }


_CLOUD_IN_MARCH = {"log_source": "cloud", "held_from": at("2026-03-01")}
PLANTS = {
    "the cloud sends no logs for a month": Plant(
        "OPS-01", "cloud", changed("log_coverage", _CLOUD_IN_MARCH, receiving=False)
    ),
    "logs are kept for three months": Plant(
        "OPS-01", "cloud", changed("log_coverage", _CLOUD_IN_MARCH, retention_days=90)
    ),
    "logs can be changed": Plant("OPS-01", "cloud", changed("log_coverage", _CLOUD_IN_MARCH, is_immutable=False)),
    "nobody knows why a source was silent": Plant(
        "OPS-01",
        "network",
        changed("log_coverage", {"log_source": "network", "held_from": MOVED}, silence_reason=None),
    ),
    "a critical alert waits for two hours": Plant(
        "OPS-02", "A-critical", changed("alerts", {"alert": "A-critical"}, acknowledged_at=at("2026-03-11T11:00"))
    ),
    "an alert stays open": Plant(
        "OPS-02",
        "A-high",
        changed("alerts", {"alert": "A-high"}, closed_at=None, closed_by=None, disposition=None, reason=None),
        also={"INC-02": "an alert that nobody judged is a signal that nobody accounted for"},
    ),
    "a tool closes an alert": Plant(
        "OPS-02",
        "A-high",
        changed("alerts", {"alert": "A-high"}, closed_by="triage-agent"),
        also={"INC-02": "no person says that it was harmless"},
    ),
    "an alert is closed without a reason": Plant(
        "OPS-02", "A-high", changed("alerts", {"alert": "A-high"}, reason=None)
    ),
    "an agent writes past its log": Plant(
        "OPS-03",
        "forge | coding-agent-00000",
        without("agent_log_entries", entry="log coding-agent-00000"),
    ),
    "nobody is behind what an agent did": Plant(
        "OPS-03",
        "tickets | triage-agent-00000",
        changed("agent_log_entries", {"entry": "log triage-agent-00000"}, principal="triage-agent"),
    ),
    "the input of an agent is not kept": Plant(
        "OPS-03",
        "forge | coding-agent-00000",
        changed("agent_log_entries", {"entry": "log coding-agent-00000"}, input_reference=None),
    ),
}
