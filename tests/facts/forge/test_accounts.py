"""Accounts: logins as they are, kinds, ghosts, and the suffix of bots."""

import pytest

from asbuilt.facts.forge.accounts import NOBODY, Account, account_of, app_of, named_tools


@pytest.mark.parametrize(
    ("told", "account"),
    [
        ({"login": "Ana", "type": "User"}, Account("Ana", "user")),
        ({"login": "ana_acme", "__typename": "EnterpriseUserAccount"}, Account("ana_acme", "user")),
        ({"login": "dependabot", "__typename": "Bot"}, Account("dependabot[bot]", "bot")),
        ({"login": "dependabot[bot]", "type": "Bot"}, Account("dependabot[bot]", "bot")),
        ({"login": "fake[bot]", "type": "User"}, Account("fake[bot]", "bot")),
        ({"login": "Copilot", "type": "Bot"}, Account("Copilot", "bot")),
        ({"login": "moved", "__typename": "Mannequin"}, Account("moved", "mannequin")),
        ({"login": "ana", "type": "Alien"}, Account("ana", None)),
        ({"login": "ana", "type": 3}, Account("ana", None)),
        ({"login": "ana"}, Account("ana", None)),
        ({"login": "ghost", "id": 10137, "type": "User"}, NOBODY),
        ({"login": "Ghost", "type": "User"}, NOBODY),
        ({"login": ""}, NOBODY),
        ({"login": "a b"}, NOBODY),
        ({"login": "аna"}, NOBODY),  # a Cyrillic letter
        ({"login": "a" * 200}, NOBODY),
        ({"login": None}, NOBODY),
        (None, NOBODY),
        ("ana", NOBODY),
        ([{"login": "ana"}], NOBODY),
    ],
)
def test_accounts(told: object, account: Account) -> None:
    assert account_of(told) == account


def test_apps_and_tools() -> None:
    assert app_of({"slug": "claude", "name": "Claude"}) == "claude"
    assert app_of({"name": "Claude"}) == "Claude"
    assert app_of(None) is app_of({"slug": 3}) is None
    assert named_tools("devin-ai-integration[bot]") == ("devin",)
    assert named_tools("devin") == ()  # people are called so
