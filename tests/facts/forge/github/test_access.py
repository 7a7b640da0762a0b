"""Accounts, administrators, keys, members, second factors and apps."""

import base64
import hashlib
from typing import Any

import pytest

from tests.facts.forge.github.payloads import project, rows, user

ORGANIZATION: dict[str, Any] = {"repository": None, "organization": "acme"}


def of_organization(name: str, document: object, table: str, key: str = "1") -> list[dict[str, object]]:
    found = project(name, document, key, **ORGANIZATION)
    assert found.refused == ()
    return [row.told for row in found.rows if row.table == table]


def collaborator(login: str, *rights: str, **more: object) -> dict[str, object]:
    all_rights = ("pull", "triage", "push", "maintain", "admin")
    return user(login) | {"permissions": {each: each in rights for each in all_rights}} | more


PEOPLE = [
    collaborator("ana", "pull", "push", "maintain", "admin"),
    collaborator("bo", "pull", "push"),
    collaborator("cy", "pull"),
    collaborator("helper[bot]", "pull", "push", type="Bot"),
    collaborator("claude[bot]", "pull", "push", type="Bot"),
]


def test_who_may_merge_go_around_and_deploy() -> None:
    found = {row["account"]: row for row in rows("collaborators", PEOPLE, "path_rights", "1")}
    told = {
        name: tuple(row.get(each) for each in ("can_merge", "can_bypass", "can_deploy"))
        for name, row in found.items()
    }
    assert told["ana"] == (True, True, None)
    assert told["bo"] == (True, None, None)  # the rules say, not this page
    assert told["cy"] == (False, False, False)


def test_rights_that_are_not_told_are_unknown() -> None:
    (row,) = rows("collaborators", [user("ana")], "path_rights", "1")
    assert row == {"repository": "acme/shop", "account": "ana"}


def test_administrators_of_each_page() -> None:
    assert rows("collaborators", PEOPLE, "privileged_roles", "1") == [
        {"system": "github:acme/shop", "role": "admin", "holders": ["ana"]}
    ]
    assert rows("collaborators", [], "privileged_roles", "2")[0]["role"] == "admin (page 2)"


def test_bots_are_services_and_tools_of_the_catalogue_agents() -> None:
    kinds = {row["account"]: row["kind"] for row in rows("collaborators", PEOPLE, "accounts", "1")}
    assert kinds == {"ana": "human", "bo": "human", "cy": "human", "helper[bot]": "service", "claude[bot]": "agent"}


def test_a_key_is_named_by_its_fingerprint_and_never_shown() -> None:
    raw = b"\\0\\0\\0\\x0bssh-ed25519 canary-key-material"
    key = {"id": 8, "key": f"ssh-ed25519 {base64.b64encode(raw).decode()}", "title": "deploy", "created_at": "2026-01-01T00:00:00Z", "read_only": False}  # fmt: skip
    (row,) = rows("keys", [key], "credentials", "1")
    print_ = base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")
    assert row["credential"] == f"deploy key 8 SHA256:{print_}"
    assert row["scopes"] == ["contents:write"]
    assert base64.b64encode(raw).decode()[:20] not in repr(row)
    (odd,) = rows("keys", [key | {"key": "ssh-ed25519 !!"}], "credentials", "1")
    assert odd["credential"] == "deploy key 8"


def test_owners_and_members() -> None:
    assert of_organization("org/admins", [user("ana")], "privileged_roles") == [
        {"system": "github:acme", "role": "owner", "holders": ["ana"]}
    ]
    assert of_organization("org/members", [user("ana")], "accounts") == [
        {"system": "github:acme", "account": "ana", "kind": "human"}
    ]


def test_members_without_a_second_factor_show_that_it_is_not_asked_for() -> None:
    assert of_organization("org/two-factor-disabled", [user("bo")], "mfa_settings") == [
        {"system": "github:acme", "is_enforced": False, "exempt_accounts": ["bo"]}
    ]
    assert of_organization("org/two-factor-disabled", [], "mfa_settings") == []


def installation(**more: object) -> dict[str, object]:
    return {"id": 1, "app_slug": "helper", "permissions": {"contents": "read", "issues": "write"}} | more


@pytest.mark.parametrize(
    ("permissions", "approves", "administers", "bypasses"),
    [
        ({"contents": "read"}, False, False, False),
        ({"contents": "write"}, False, False, None),
        ({"pull_requests": "write"}, True, False, False),
        ({"administration": "write"}, False, True, True),
        ({"organization_administration": "read"}, False, False, False),
    ],
)
def test_what_an_app_may_do(permissions: object, approves: object, administers: object, bypasses: object) -> None:
    document = {"total_count": 1, "installations": [installation(permissions=permissions)]}
    (row,) = of_organization("org/installations", document, "agent_installations")
    assert row["account"] == "helper[bot]"
    assert (row["can_approve"], row["can_administer"], row.get("can_bypass")) == (approves, administers, bypasses)


def test_a_suspended_app_may_do_nothing_and_one_without_rights_told_is_refused() -> None:
    suspended = {"installations": [installation(suspended_at="2026-01-01T00:00:00Z")]}
    (row,) = of_organization("org/installations", suspended, "agent_installations")
    assert row["scopes"] == []
    refused = project("org/installations", {"installations": [installation(permissions=None)]}, "1", **ORGANIZATION)
    assert (refused.rows, len(refused.refused)) == ((), 1)


PAGES = ["collaborators", "keys", "org/members", "org/admins", "org/two-factor-disabled", "org/installations"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "document", [None, {"message": "Not Found"}, [None], [{"login": 3}], {"installations": [{}]}]
)
def test_what_cannot_be_read_is_said(name: str, document: object) -> None:
    found = project(name, document, "1")
    assert found.refused
    assert not any(row.told.get("holders") for row in found.rows)
