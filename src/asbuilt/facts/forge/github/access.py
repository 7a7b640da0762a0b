"""Who may do what: collaborators of a repository, keys, the organisation's members and owners, apps.

The system of a repository's accounts is ``github:owner/name``, that of an organisation's ``github:NAME``: what
people record of them (``systems``) bears the same name. A list of more than a hundred comes in several pages, and
each page is a look of its own: the role of a later one is written ``admin (page 2)``, and means the role ``admin``.

Teams make no row: each member's rights stand among the collaborators, with those that a team gives.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import Any

from asbuilt.facts.forge.accounts import Account, account_of, named_tools
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import dig, fields, flag, items, moment, own_id, text, texts

SYSTEM = "github:"


def system_of(page: ForgePage) -> str | None:
    """The system whose accounts a page tells: its repository, or its organisation."""
    name = page.repository or page.organization
    return None if name is None else f"{SYSTEM}{name}"


def _kind(account: Account) -> str:
    """Who uses an account, as far as the forge and the catalogue of AI tools tell."""
    if account.login is not None and named_tools(account.login):
        return "agent"
    return "service" if account.kind in {"bot", "app"} else "human"


def _accounts(page: ForgePage) -> Iterator[tuple[Account, Any] | str]:
    if not isinstance(page.document, list):
        yield "it is no list of accounts."
    for each in items(page.document):
        account = account_of(each)
        if account.login is None:
            yield "an account has no login that can be read."
        else:
            yield account, each


def _account_row(page: ForgePage, account: Account) -> Row:
    return Row("accounts", {"system": system_of(page), "account": account.login, "kind": _kind(account)})


def _role(page: ForgePage, role: str, holders: list[str]) -> Row:
    number = page.key.rpartition(" | ")[2]
    later = number.isdigit() and number != "1"
    return Row(
        "privileged_roles",
        {"system": system_of(page), "role": f"{role} (page {number})" if later else role, "holders": holders},
    )


def project_collaborators(page: ForgePage) -> Iterator[Row | str]:
    """``collaborators``: accounts, who administers, and who may merge.

    Whoever administers a repository may switch its rules off, and so go around them. Of others who may push, the
    rules say whether they may; whoever may not push can neither merge nor go around, and deploys nothing.
    """
    administrators = []
    for found in _accounts(page):
        if isinstance(found, str):
            yield found
            continue
        account, told = found
        rights = fields(dig(told, "permissions"))
        admin, push = flag(rights.get("admin")), _any_right(rights, "admin", "maintain", "push")
        if admin:
            administrators.append(account.login or "")
        yield _account_row(page, account)
        yield Row(
            "path_rights",
            {
                "repository": page.repository,
                "account": account.login,
                "can_merge": push,
                "can_bypass": True if admin else False if push is False else None,
                "can_deploy": False if push is False else None,
            },
        )
    if isinstance(page.document, list):
        yield _role(page, "admin", administrators)


def _any_right(rights: Any, *names: str) -> bool | None:
    told = [flag(rights.get(name)) for name in names]
    if True in told:
        return True
    return None if None in told else False


def project_keys(page: ForgePage) -> Iterator[Row | str]:
    """``keys``: deploy keys by their fingerprint; the key itself goes into no row."""
    if not isinstance(page.document, list):
        yield "it is no list of keys."
    for key in items(page.document):
        own, read_only = own_id(dig(key, "id")), flag(dig(key, "read_only"))
        print_ = _fingerprint(dig(key, "key"))
        yield Row(
            "credentials",
            {
                "system": system_of(page),
                "credential": None if own is None else " ".join(filter(None, ("deploy key", own, print_))),
                "issued_at": moment(dig(key, "created_at")),
                "kind": "deploy-key",
                "last_used_at": moment(dig(key, "last_used")),
                "scopes": None if read_only is None else ["contents:read" if read_only else "contents:write"],
            },
        )


def _fingerprint(value: object) -> str | None:
    """As ``ssh-keygen -l`` writes it: SHA256 and base64 without padding."""
    parts = value.split() if isinstance(value, str) and len(value) < 20_000 else []
    if len(parts) < 2:
        return None
    try:
        raw = base64.b64decode(parts[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    return f"SHA256:{base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip('=')}"


def project_members(page: ForgePage) -> Iterator[Row | str]:
    """``org/members``, ``org/outside-collaborators``: accounts."""
    for found in _accounts(page):
        yield found if isinstance(found, str) else _account_row(page, found[0])


def project_owners(page: ForgePage) -> Iterator[Row | str]:
    """``org/admins``: who owns the organisation."""
    owners = []
    for found in _accounts(page):
        if isinstance(found, str):
            yield found
        else:
            owners.append(found[0].login or "")
    if isinstance(page.document, list):
        yield _role(page, "owner", owners)


def project_without_second_factor(page: ForgePage) -> Iterator[Row | str]:
    """``org/two-factor-disabled``: members who sign in without a second factor; an empty list says nothing more."""
    accounts = []
    for found in _accounts(page):
        if isinstance(found, str):
            yield found
        else:
            accounts.append(found[0].login or "")
    if accounts:
        yield Row("mfa_settings", {"system": system_of(page), "is_enforced": False, "exempt_accounts": accounts})


def project_installations(page: ForgePage) -> Iterator[Row | str]:
    """``org/installations``: apps with what they may do. GitHub counts an app's approval like a person's."""
    listed = dig(page.document, "installations")
    if not isinstance(listed, list):
        yield "it holds no list of installations."
    for each in items(listed):
        slug, rights = text(dig(each, "app_slug")), dig(each, "permissions")
        if slug is None or not isinstance(rights, dict):
            yield "an installation does not tell its app, or what that may do."
            continue
        if dig(each, "suspended_at"):
            rights = {}
        writes = {name for name, level in rights.items() if level in {"write", "admin"}}
        administers = bool(writes & _ADMINISTERS)
        yield Row(
            "agent_installations",
            {
                "system": system_of(page),
                "account": account_of({"login": slug, "type": "Bot"}).login,
                "scopes": texts(text(f"{name}:{level}") for name, level in sorted(rights.items(), key=str)),
                "is_own_identity": True,
                "can_approve": "pull_requests" in writes,
                "can_administer": administers,
                # One that may push stands on a list of those who may go around, or not: the rules say.
                "can_bypass": True if administers else None if "contents" in writes else False,
            },
        )


_ADMINISTERS = frozenset(
    (
        *("administration", "members", "organization_administration", "organization_custom_roles"),
        *("organization_hooks", "organization_personal_access_tokens", "organization_secrets"),
        "organization_self_hosted_runners",
    )
)


PAGES = {
    "collaborators": project_collaborators,
    "keys": project_keys,
    "org/members": project_members,
    "org/outside-collaborators": project_members,
    "org/admins": project_owners,
    "org/two-factor-disabled": project_without_second_factor,
    "org/installations": project_installations,
}
