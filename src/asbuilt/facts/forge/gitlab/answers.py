"""Answers of several endpoints that are one page, and who an account of GitLab is.

GitLab shows no kind with a name: bots of tokens are told by the names that GitLab gives them, all others by the
account's own page (``user``), which the page of a request binds for those who had a part in it. Of whom nothing is
told nobody knows whether a person types there. What an account did that is gone bears the name ``ghost``.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from asbuilt.facts.forge.accounts import NOBODY, Account, Typist, named_tools, typist_of
from asbuilt.facts.forge.page import ForgePage
from asbuilt.facts.forge.values import dig, fields, flag, items

_LOGIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,253}[A-Za-z0-9_-])?")
# Project and group access tokens, service accounts, and GitLab's own.
# Sources: https://docs.gitlab.com/user/project/settings/project_access_tokens/ (bot users),
# https://docs.gitlab.com/user/profile/service_accounts/
_BOT = re.compile(
    r"(?:project|group)_[0-9]+_bot(?:[0-9]*|_[0-9a-z]+)"
    r"|service_account_[0-9a-z_]+"
    r"|(?:support|alert|security|automation|duo|gitlab|ghost|migration|visual-review|suggested-reviewers)-bot[0-9]*"
    r"|(?:GitLab|gitlab)(?:Duo|-duo|-agent).*"
)
_GHOST = re.compile(r"ghost[0-9]*")


class Answers(NamedTuple):
    """The bodies of each endpoint, page by page; an endpoint that gave none is not there."""

    by_name: dict[str, list[Any]]

    def single(self, name: str) -> Any:
        """The body of an endpoint of one page."""
        return next(iter(self.by_name.get(name, [])), None)

    def listed(self, name: str) -> list[Any] | None:
        """All items of an endpoint; None where it was not given, or is no list."""
        pages = self.by_name.get(name)
        if pages is None or not all(isinstance(page, list) for page in pages):
            return None
        return [item for page in pages for item in page]


def answers_of(page: ForgePage) -> Answers | None:
    """The answers that a page binds; None where it binds none."""
    told = dig(page.document, "answers")
    if not isinstance(told, list):
        return None
    found: dict[str, list[Any]] = {}
    for answer in told:
        name = dig(answer, "name")
        if isinstance(name, str) and "body" in fields(answer):
            found.setdefault(name, []).append(fields(answer)["body"])
    return Answers(found)


def account_of(value: object) -> Account:
    """The account that a user object tells; nobody where it is gone. Its kind is None where nothing tells it."""
    told = fields(value)
    login = told.get("username")
    if not isinstance(login, str) or not _LOGIN.fullmatch(login) or _GHOST.fullmatch(login):
        return NOBODY
    return _account(login, flag(told.get("bot")))


@lru_cache(1 << 12)
def _account(login: str, is_bot: bool | None) -> Account:
    if is_bot or _BOT.fullmatch(login):
        return Account(login, "bot")
    return Account(login, None if is_bot is None else "user")


class People(NamedTuple):
    """What the accounts' own pages tell: whether each is a bot, by its login."""

    are_bots: dict[str, bool]

    def account(self, value: object) -> Account:
        """The account that a user object tells, and its kind as its own page tells it."""
        found = account_of(value)
        if found.login is None or found.kind is not None or found.login not in self.are_bots:
            return found
        return _account(found.login, self.are_bots[found.login])


def people_of(told: Answers) -> People:
    """The accounts whose own pages are among the answers; of one that is told both ways nothing is known."""
    found: dict[str, set[bool]] = {}
    for each in told.by_name.get("user", []):
        login, is_bot = account_of(each).login, flag(dig(each, "bot"))
        if login is not None and is_bot is not None:
            found.setdefault(login, set()).add(is_bot)
    return People({login: True in kinds for login, kinds in found.items() if len(kinds) == 1})


def typist(account: Account) -> Typist:
    """Whether a person types with an account, as far as its name tells."""
    return typist_of(account)


def kind_of(account: Account) -> str:
    """Who uses an account: agent, service or human."""
    if account.login is not None and named_tools(account.login):
        return "agent"
    return "service" if account.kind == "bot" else "human"


def listed(page: ForgePage) -> Iterable[Any]:
    """The items of a page that is a list."""
    return items(page.document)
