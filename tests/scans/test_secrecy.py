"""Secrets are known, hashed with a key, and taken out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.scans.secrecy import (
    REDACTED,
    Redaction,
    holds_known,
    is_masked,
    is_secret_rule,
    keep_only,
    keyed_hash,
    scrub,
    scrub_bytes,
)

# Put together here, so that no scanner takes this file for a leak.
TOKENS = [
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "ghp_" + "a1" * 18,
    "glpat-" + "a1b2c3d4e5f6g7h8i9j0",
    "sk_live_" + "a1b2c3d4e5f6g7h8",
    "xoxb-" + "1234567890-abcdef",
    "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEow\n",
    "eyJhbGciOiJIUzI1" + ".eyJzdWIiOiIxMjM0" + ".SflKxwRJSMeKKF2QT4",
]


@pytest.mark.parametrize("token", TOKENS)
def test_well_known_kinds_are_taken_out_of_texts_and_bytes(token: str) -> None:
    said = f"before {token} after"
    assert token.strip() not in scrub(said)
    assert REDACTED in scrub(said)
    assert holds_known(said.encode())
    assert not holds_known(scrub_bytes(said.encode()))
    assert scrub("postgres://ana:" + "pw12345@db/x") == f"postgres://{REDACTED}@db/x"


def test_ordinary_texts_stay_as_they_are() -> None:
    said = "https://example.com:8080/a@b AKIA sk-short eyJ"
    assert scrub(said) == said
    assert not holds_known(said.encode())


@pytest.mark.parametrize(
    ("tool", "rule", "cwe", "secret"),
    [
        ("gitleaks", "x", (), True),
        ("Semgrep", "generic.secrets.security.detected-aws", (), True),
        ("Bandit", "B105", (), True),
        ("CodeQL", "py/hardcoded-credentials", ("CWE-798",), True),
        ("CodeQL", "js/x", ("CWE-259",), True),
        ("CodeQL", "py/sql-injection", ("CWE-89",), False),
        ("Bandit", "B307", ("CWE-78",), False),
    ],
)
def test_rules_about_secrets_are_known(tool: str, rule: str, cwe: tuple[str, ...], secret: bool) -> None:
    assert is_secret_rule(tool, rule, cwe) is secret


@given(st.binary(min_size=1), st.lists(st.text()), st.lists(st.text()))
def test_hashes_need_the_key_and_tell_texts_apart(salt: bytes, some: list[str], others: list[str]) -> None:
    one = keyed_hash(salt, *some)
    assert len(one) == 32
    assert (one == keyed_hash(salt, *others)) is (some == others)
    assert one != keyed_hash(salt + b"x", *some)


@given(st.text("abcdef", min_size=4, max_size=9), st.text("abcdef"), st.text("abcdef"))
def test_no_collected_value_is_left_anywhere(value: str, before: str, after: str) -> None:
    told = Redaction([value, "ab"]).document({"a": [before + value + after, 1, None], value: True})
    assert value not in repr(told).replace(REDACTED, "|")


def test_only_harmless_members_are_kept() -> None:
    told = {"RuleID": "x", "Match": "secret"}
    keep_only(told, {"RuleID"})
    assert told == {"RuleID": "x", "Match": REDACTED}
    keep_only(["Match"], ())


@pytest.mark.parametrize(
    "value",
    [None, "", " ", 7, "REDACTED", "key = REDACTED", "****", "k = '***'", "AKIAX...", "xxxxxx", "[redacted]"],
)
def test_what_a_tool_masked_is_no_value(value: object) -> None:
    assert is_masked(value)


@pytest.mark.parametrize("value", ["hunter2", "a*b", "f(**kwargs)", "exxxample", "f(...)x", "XREDACTEDX"])
def test_what_is_not_masked_is_one(value: str) -> None:
    assert not is_masked(value)
