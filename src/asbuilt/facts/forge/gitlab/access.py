"""Who may do what: accounts and their kind, members and their roles, tokens, keys.

The system of the accounts is ``gitlab:group/project``, of a group's ``gitlab:group``. GitLab lists members through
groups too. A list of more than a hundred comes in several pages, each a look of its own: ``Owner (page 2)``.
"""

from collections.abc import Iterator

from asbuilt.facts.forge.gitlab.answers import account_of, kind_of
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import dig, fields, flag, items, moment, moment_of, own_id, text, texts, whole

SYSTEM = "gitlab:"
MAINTAINER, OWNER, DEVELOPER = 40, 50, 30
_ROLES = {MAINTAINER: "Maintainer", OWNER: "Owner"}


def project_user(page: ForgePage) -> Iterator[Row | str]:
    """``user``: one account, as its own page tells it; the ``bot`` flag is GitLab's own."""
    account, told = account_of(page.document), fields(page.document)
    if account.login is None:
        if not isinstance(told.get("username"), str):
            yield "it is no account."
        return
    if flag(told.get("bot")) is None and account.kind != "bot":
        yield f"GitLab does not say whether {account.login} is a bot."
        return
    yield _account(page, f"{SYSTEM}{page.repository}", page.document)


def _account(page: ForgePage, system: str, told: object) -> Row:
    account = account_of(told)
    created = moment(dig(told, "created_at"))
    return Row(
        "accounts",
        {
            "system": system,
            "account": account.login,
            "kind": kind_of(account),
            "created_at": created if created is None or created <= moment_of(page.observed) else None,
        },
    )


def project_members(page: ForgePage) -> Iterator[Row | str]:
    """``members``: who may merge (Developer and up, as far as the branch lets them), who administers."""
    yield from _members(page, f"{SYSTEM}{page.repository}", with_rights=True)


def project_group_members(page: ForgePage) -> Iterator[Row | str]:
    """``group/members``: who owns the group."""
    yield from _members(page, f"{SYSTEM}{page.organization}", with_rights=False)


def _members(page: ForgePage, system: str, *, with_rights: bool) -> Iterator[Row | str]:
    if not isinstance(page.document, list):
        yield "it is no list of members."
        return
    holders: dict[int, list[str]] = {OWNER: [], MAINTAINER: []} if with_rights else {OWNER: []}
    best: dict[str, int] = {}
    for member in page.document:
        login, level = account_of(member).login, whole(dig(member, "access_level"))
        if login is None or level is None:
            yield "a member has no name or role that can be read."
        elif dig(member, "state") == "active" or "state" not in fields(member):
            best[login] = max(level, best.get(login, 0))
    for login, level in best.items():
        if level in holders:
            holders[level].append(login)
        if with_rights:
            yield Row("path_rights", _rights(page, login, level))
    number = page.key.rpartition(" | ")[2]
    later = f" (page {number})" if number.isdigit() and number != "1" else ""
    for level, found in holders.items():
        yield Row("privileged_roles", {"system": system, "role": f"{_ROLES[level]}{later}", "holders": found})


def _rights(page: ForgePage, login: str, level: int) -> dict[str, object]:
    """Maintainers may switch the rules off; of Developers the branch's rules say whether they may merge."""
    return {
        "repository": page.repository,
        "account": login,
        "can_merge": True if level >= MAINTAINER else False if level < DEVELOPER else None,
        "can_bypass": True if level >= MAINTAINER else False if level < DEVELOPER else None,
        "can_deploy": False if level < DEVELOPER else None,
    }


def project_tokens(page: ForgePage) -> Iterator[Row | str]:
    """``access_tokens``: tokens of the project's bots; a token itself is never shown."""
    if not isinstance(page.document, list):
        yield "it is no list of tokens."
    for token in items(page.document):
        own, name = own_id(dig(token, "id")), text(dig(token, "name"), 100)
        scopes = dig(token, "scopes")
        expires = text(dig(token, "expires_at"))
        level = whole(dig(token, "access_level"))
        rights = [text(each) for each in items(scopes)] + ([f"role {level}"] if level is not None else [])
        yield Row(
            "credentials",
            {
                "system": f"{SYSTEM}{page.repository}",
                "credential": None if own is None else " ".join(filter(None, ("access token", own, name))),
                "issued_at": moment(dig(token, "created_at")),
                "kind": "token",
                "expires_at": moment(f"{expires}T00:00:00Z") if expires else None,
                # GitLab does not tell when: at the latest when this was read.
                "revoked_at": moment_of(page.observed) if dig(token, "revoked") is True else None,
                "last_used_at": moment(dig(token, "last_used_at")),
                "scopes": texts(iter(rights)) if isinstance(scopes, list) else None,
            },
        )


def project_keys(page: ForgePage) -> Iterator[Row | str]:
    """``deploy_keys``: by their fingerprint; the key itself goes into no row."""
    if not isinstance(page.document, list):
        yield "it is no list of keys."
    for key in items(page.document):
        own, may_push = own_id(dig(key, "id")), flag(dig(key, "can_push"))
        print_ = text(dig(key, "fingerprint_sha256")) or text(dig(key, "fingerprint"))
        yield Row(
            "credentials",
            {
                "system": f"{SYSTEM}{page.repository}",
                "credential": None if own is None else " ".join(filter(None, ("deploy key", own, print_))),
                "issued_at": moment(dig(key, "created_at")),
                "kind": "deploy-key",
                "expires_at": moment(dig(key, "expires_at")),
                "last_used_at": moment(dig(key, "last_used_at")),
                "scopes": None if may_push is None else ["repository:write" if may_push else "repository:read"],
            },
        )


PAGES = {
    "user": project_user,
    "members": project_members,
    "group/members": project_group_members,
    "access_tokens": project_tokens,
    "deploy_keys": project_keys,
}
