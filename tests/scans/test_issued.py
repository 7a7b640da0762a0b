"""What was issued, what was made up, and what everybody may see."""

import base64
import json

import pytest

from asbuilt.scans.issued import checksum, doubt, is_public, role_of


def token_of(claims: object) -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(own).encode()).decode().rstrip("=") for own in ({"alg": "x"}, claims)
    ]
    return ".".join([*parts, "c2lnbmF0dXJl"])


def why(value: str, before: str = "key = ", after: str = "") -> str | None:
    data = f"{before}{value}{after}".encode()
    start = len(before.encode())
    return doubt(value, data, start, start + len(value.encode()))


def test_the_checksum_is_that_of_the_issuer() -> None:
    assert checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ") == "0mLq17"  # of GitHub's own example


def test_a_token_with_a_wrong_checksum_was_never_issued() -> None:
    body = "9aK2mXq7Rt4Lw8Zv1Bn6Yc3Hd5Jf0G"
    for begin in ("gh" + "p_", "np" + "m_"):
        assert why(begin + body + checksum(body)) is None
        assert "checksum" in str(why(begin + body + "s2PeUo"))


@pytest.mark.parametrize("value", ["sk-proj-abcdefgh9Kq2m", "k9Example7Kq2m", "aaaaa9Kq2m", "r7KqX345678zz"])
def test_what_looks_made_up_is_told(value: str) -> None:
    assert "made up" in str(why(value))


def test_what_stands_around_a_value_is_told() -> None:
    assert "example" in str(why("k9Kq2mXq7Rt4", 'x = {\n  "example": {\n  "token": "'))
    assert why("k9Kq2mXq7Rt4", 'x = {\n  "sample_size": 3,\n  "token": "') is None
    key = "AI" + "zaSyD9Kq2mXq7Rt4Lw8Zv1Bn6Yc3Hd5Jf0Gs"
    assert "Firebase" in str(why(key, "apiKey: '", "',\n authDomain: 'a.example',"))
    assert why(key) is None


def test_what_everybody_may_see_is_no_secret() -> None:
    assert is_public("pk_" + "live_9Kq2mXq7Rt4Lw8Zv")
    assert is_public("0x" + "ab" * 20)
    assert is_public(token_of({"role": "anon", "iss": "supabase"}))
    assert not is_public(token_of({"role": "service_role"}))
    assert not is_public("k9Kq2mXq7Rt4")


@pytest.mark.parametrize(
    "value", ["eyJ.eyJ.x", "eyJhbGciOiJ9.W10.x", "a.b.c", "eyJ" + "a" * 5000 + ".b.c", "eyJ.[[[[.x"]
)
def test_what_is_no_token_states_no_role(value: str) -> None:
    assert role_of(value) is None


def test_a_token_states_its_role() -> None:
    assert role_of(token_of({"role": "service_role"})) == "service_role"
    assert role_of(token_of(["service_role"])) is None
    assert role_of(token_of({"role": 1})) is None
