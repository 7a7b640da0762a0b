"""Accounts, teams and apps in REST's shapes."""

from typing import Any

from tests.forge.shapes import fill
from tests.forge.state import Account, Forge, Team

API, WEB = "https://api.github.com", "https://github.com"


def person(each: Account | None) -> dict[str, Any] | None:
    """None for an account that is gone: REST tells null where GraphQL does. A bot's login ends in ``[bot]``."""
    if each is None or each.gone:
        return None
    login = f"{each.login}[bot]" if each.kind == "Bot" else each.login
    return {
        "login": login,
        "id": each.id,
        "node_id": each.node_id,
        "type": each.kind,
        "site_admin": False,
        "url": f"{API}/users/{login}",
        "html_url": f"{WEB}/{login}",
        "avatar_url": f"{WEB}/{login}.png",
        "user_view_type": "public",
    }


def anyone(each: Account | None, forge: Forge) -> dict[str, Any] | None:
    """Of requests, runs and comments: ``ghost`` for an account that is gone. (So it is in public records of real
    requests; their reviews and events tell null.)"""
    return person(each) or person(forge.ghost)


def filled_person(each: Account) -> dict[str, Any]:
    """With all that GitHub tells of an account."""
    return fill("simple-user", person(each))


def team(each: Team, permission: str = "pull") -> dict[str, Any]:
    return {
        "id": each.id,
        "node_id": each.node_id,
        "name": each.name,
        "slug": each.slug,
        "description": None,
        "privacy": "closed",
        "permission": permission,
        "permissions": permissions(permission),
        "parent": None,
        "html_url": f"{WEB}/orgs/acme/teams/{each.slug}",
    }


ROLES = ("pull", "triage", "push", "maintain", "admin")
WORDS = {"read": "pull", "write": "push"}


def permissions(role: str) -> dict[str, bool]:
    """Every permission up to a role's."""
    most = ROLES.index(WORDS.get(role, role))
    return {name: place <= most for place, name in enumerate(ROLES)}
