"""Signatures of the specification "Standard Webhooks"."""

import pytest

from asbuilt.app.webhook_signature import FURTHEST, signing_key, why_unsigned

# The example of the specification's own libraries.
# asbuilt: accept secret-provider-token because it is an example that opens nothing
TOKEN = b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OWN, MOMENT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
GIVEN = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def why(own: str = OWN, moment: str = MOMENT, body: bytes = BODY, given: str = GIVEN, now: float = 0) -> str | None:
    key = signing_key(TOKEN)
    assert key is not None
    return why_unsigned(key, own, moment, body, given, now=now or int(MOMENT))


def test_the_specifications_own_example_holds() -> None:
    assert why() is None
    assert why(given=f"v1,AAAA {GIVEN} v2,x") is None
    assert why(now=int(MOMENT) + FURTHEST) is None


def test_what_is_signed_cannot_be_changed() -> None:
    said = "The signature does not hold."
    assert why(own="msg_other") == said
    assert why(moment="1614265331") == said
    assert why(body=BODY + b" ") == said
    assert why(given=GIVEN.replace("v1", "v2")) == said
    assert why(given="v1,\xff") == said
    assert why(given=GIVEN.replace("g0", "h0")) == said


def test_an_old_one_is_not_taken_again() -> None:
    assert "seconds from now" in str(why(now=int(MOMENT) + FURTHEST + 1))
    assert "seconds from now" in str(why(now=int(MOMENT) - FURTHEST - 1))


@pytest.mark.parametrize("lacking", [{"own": ""}, {"moment": ""}, {"moment": "-5"}, {"moment": "٣"}, {"given": ""}])
def test_what_lacks_a_header_is_not_signed(lacking: dict[str, str]) -> None:
    assert why(**lacking) == "It is not signed."  # type: ignore[arg-type]


@pytest.mark.parametrize("secret", [b"whsec_", b"whsec_?", b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b"whsec_\xff"])
def test_what_is_no_signing_token_has_no_key(secret: bytes) -> None:
    assert signing_key(secret) is None
