"""Who an account of a forge is: its login as rows write it, its kind, and whether a person can type with it.

A GraphQL ``Bot`` has a login without the suffix that REST and git show (``dependabot``, ``dependabot[bot]``): rows
always write it with the suffix, so that no person who owns the plain login is taken for it, nor it for the person.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from asbuilt.catalogue.signatures import Where, load_signatures
from asbuilt.facts.forge.values import fields, text

BOT = "[bot]"
_LONGEST = 150 + len(BOT)
_LOGIN = re.compile(r"[\w.@+-]{1,150}(?:\[bot\])?", re.ASCII)
_KINDS = {
    "user": "user",
    "enterpriseuseraccount": "user",
    "bot": "bot",
    "app": "app",
    "mannequin": "mannequin",
}
_GHOST = "ghost"  # the account that GitHub and GitLab show in place of one that is gone


class Account(NamedTuple):
    """An account: ``login`` (None: it is gone, or cannot be read), ``kind`` (None: not told)."""

    login: str | None
    kind: str | None


NOBODY = Account(None, None)


def account_of(value: object) -> Account:
    """The account that a user object tells (REST's ``type``, GraphQL's ``__typename``); nobody where it is gone."""
    told = fields(value)
    login = told.get("login")
    if not isinstance(login, str) or len(login) > _LONGEST:
        return NOBODY
    word = told.get("__typename", told.get("type"))
    return _account(login, word if isinstance(word, str) and len(word) <= _LONGEST else "")


@lru_cache(1 << 12)
def _account(login: str, word: str) -> Account:
    if not _LOGIN.fullmatch(login) or login.casefold() == _GHOST:
        return NOBODY
    kind = _KINDS.get(word.casefold())
    if login.casefold().endswith(BOT):
        return Account(login, kind if kind in {"bot", "app"} else "bot")
    if kind == "bot" and login.casefold() not in _BARE_BOTS:
        return Account(f"{login}{BOT}", kind)
    return Account(login, kind)


# Bots that REST too shows without the suffix.
_BARE_BOTS = frozenset({"copilot"})


def app_of(value: object) -> str | None:
    """The app through which something was done: its slug, or its name."""
    told = fields(value)
    return text(told.get("slug")) or text(told.get("name"))


@lru_cache(1 << 12)
def named_tools(login: str) -> tuple[str, ...]:
    """The catalogue's tools that use this login as author or reviewer."""
    return tuple(
        sorted(
            {
                tool.id
                for tool in load_signatures()
                for rule in tool.rules
                if rule.where in {Where.PR_AUTHOR, Where.REVIEWER} and rule.find(login)
            }
        )
    )


class Typist(NamedTuple):
    """Whether no person types with an account (``is_bot``; None: not known), and what shows that."""

    is_bot: bool | None
    because: str | None


def typist_of(account: Account, via_app: str | None = None) -> Typist:
    """Whether a person typed what came from an account.

    A login that the catalogue knows as a tool's, while the forge calls it a user, may be either: it is not known.
    What came through a tool's app is the tool's act, whoever's name it bears; other apps pass on what was typed.
    """
    if via_app and named_tools(via_app):
        return Typist(is_bot=True, because=f"through the app {via_app}")
    if account.login is None:
        return Typist(None, None)
    if account.kind in {"bot", "app"}:
        return Typist(is_bot=True, because=f"account of kind {account.kind}")
    tools = named_tools(account.login)
    if tools:
        return Typist(None, f"login of {', '.join(tools)}")
    return Typist(False if account.kind == "user" else None, None)
