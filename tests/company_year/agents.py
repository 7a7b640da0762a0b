"""AI agents: what is approved, and what is installed."""

from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.access import AGENT_RIGHTS
from tests.company_year.world import DAY, TAKEN, Agent, Plant, World, added, at, changed, whole, without

Row = Mapping[str, Any]

PURPOSES = {"coding-agent": "writes changes that an engineer asks for", "triage-agent": "sorts new tickets"}


def records(world: World) -> Iterator[Record]:
    """Everything about agents."""
    yield from whole("agents", map(_registered, world.agents))
    yield from whole("agent_installations", map(_installed, world.agents))


def _registered(own: Agent) -> Row:
    return {
        "agent": own.account,
        "owner": own.owner,
        "accounts": [own.account],
        "scopes": list(AGENT_RIGHTS[own.account]),
        "purpose": PURPOSES[own.account],
        "approved_by": "tess",
        "approved_at": own.since - 2 * DAY,
        "expires_at": at("2027-01-31"),
    }


def _installed(own: Agent) -> Row:
    return {
        "system": own.system,
        "account": own.account,
        "scopes": list(AGENT_RIGHTS[own.account]),
        "is_own_identity": True,
        "can_approve": False,
        "can_administer": False,
        "can_bypass": False,
        "held_from": own.since,
        "held_until": TAKEN,
    }


_CODING = {"account": "coding-agent"}

PLANTS: dict[str, Plant] = {
    "an agent that approves": Plant(
        "ACC-09", "forge | coding-agent", changed("agent_installations", _CODING, can_approve=True)
    ),
    "an agent that can do more than was approved": Plant(
        "ACC-09",
        "forge | coding-agent",
        changed("agent_installations", _CODING, scopes=["contents", "pull-requests", "secrets"]),
    ),
    "an agent that works with a person's login": Plant(
        "ACC-09", "forge | coding-agent", changed("agent_installations", _CODING, is_own_identity=False)
    ),
    "an agent whose approval had ended": Plant(
        "ACC-09",
        "tickets | triage-agent",
        changed("agents", {"agent": "triage-agent"}, expires_at=at("2026-08-01")),
    ),
    "an agent whose owner had left": Plant(
        "ACC-09",
        "forge | coding-agent",
        changed("agents", {"agent": "coding-agent"}, owner="quentin"),
    ),
    "an agent on no register": Plant(
        "ACC-09",
        "tickets | triage-agent",
        without("agents", agent="triage-agent"),
        also={"ACC-01": "an agent's account needs an entry in the register"},
    ),
    "an agent that somebody installed": Plant(
        "ACC-09",
        "forge | stray-agent",
        added(
            "agent_installations",
            system="forge",
            account="stray-agent",
            scopes=["contents"],
            is_own_identity=True,
            can_approve=False,
            can_administer=False,
            can_bypass=False,
            held_from=at("2026-07-06T09:00"),
            held_until=at("2026-07-20T09:00"),
        ),
    ),
}
