"""DSSE envelopes."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.history.attestations.envelope import pae, parse_envelope, sign_envelope
from asbuilt.model.errors import SourceError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def test_the_example_of_the_specification() -> None:
    # DSSE, protocol.md, "Test Vectors".
    assert pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


@given(st.text(max_size=30), st.binary(max_size=200))
def test_what_is_signed_is_read_again(kind: str, payload: bytes) -> None:
    told = sign_envelope(kind, payload, [("k", KEY.sign)])
    found = parse_envelope(told, "x")
    assert (found.payload_type, found.payload) == (kind, payload)
    KEY.public_key().verify(found.signatures[0].signature, found.message)


def test_both_alphabets_are_read() -> None:
    body = bytes(range(256))
    for encoded in (base64.b64encode(body), base64.urlsafe_b64encode(body)):
        data = json.dumps({"payloadType": "t", "payload": encoded.decode(), "signatures": []}).encode()
        assert parse_envelope(data, "x").payload == body


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"payload":"!","payloadType":"","signatures":[]}', b"[" * 99_999]
)
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="no DSSE envelope"):
        parse_envelope(data, "a.json")
