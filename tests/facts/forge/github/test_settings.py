"""Settings that guard a repository and an organisation."""

from tests.facts.forge.github.payloads import project, rows


def repository(**statuses: str) -> dict[str, object]:
    return {
        "full_name": "acme/shop",
        "security_and_analysis": {name: {"status": each} for name, each in statuses.items()},
    }


def test_pushes_with_secrets_are_refused() -> None:
    on = repository(secret_scanning="enabled", secret_scanning_push_protection="enabled")
    assert rows("repository", on, "secret_protection", "") == [{"repository": "acme/shop", "blocks_pushes": True}]
    off = repository(secret_scanning="disabled", secret_scanning_push_protection="disabled")
    assert rows("repository", off, "secret_protection", "") == [
        {"repository": "acme/shop", "blocks_pushes": False, "scans_history": False, "scans_agent_files": False}
    ]


def test_what_the_token_is_not_shown_makes_no_row() -> None:
    documents: tuple[object, ...] = ({"full_name": "acme/shop"}, {"security_and_analysis": None}, [], None)
    for document in documents:
        assert project("repository", document, "") == ((), ())


def test_whether_the_audit_covers_it_is_not_the_forges_word() -> None:
    tables = {row.table for row in project("repository", repository(secret_scanning="enabled"), "").rows}
    assert "repositories" not in tables


def organization(**more: object) -> tuple[object, ...]:
    found = project("org", {"login": "acme"} | more, "", repository=None, organization="acme")
    return tuple(row.told for row in found.rows)


def test_a_second_factor() -> None:
    assert organization(two_factor_requirement_enabled=True) == (
        {"system": "github:acme", "is_enforced": True, "exempt_accounts": [], "password_only_sign_ins": 0},
    )
    assert organization(two_factor_requirement_enabled=False) == ({"system": "github:acme", "is_enforced": False},)
    assert organization() == organization(two_factor_requirement_enabled="yes") == ()
    assert project("org", {"message": "Not Found"}, "").refused
