"""Attestations as systems hand them out."""

import base64
import json

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from asbuilt.history.attestations.envelope import STATEMENT, pae, sign_envelope
from asbuilt.history.attestations.files import read_attestations
from asbuilt.history.attestations.trusted import Trusted, load_trusted
from asbuilt.model.attestation import Standing
from asbuilt.model.errors import SourceError
from tests.history.attestations.signing import authority, leaf, pem
from tests.history.attestations.test_statements import SUMMARY, V1

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PAYLOAD = json.dumps(V1).encode()
ENVELOPE = sign_envelope(STATEMENT, PAYLOAD, [("k", KEY.sign)])
TRUSTED = load_trusted([("release.pem", pem(KEY))])


def bundle(root, payload: bytes = PAYLOAD) -> dict:
    """A Sigstore bundle, as GitHub makes them."""
    key, own = leaf(root, email="https://github.com/a/b/.github/workflows/release.yml@refs/heads/main")
    signed = key.sign(pae(STATEMENT, payload), ec.ECDSA(hashes.SHA256()))
    der = own.public_bytes(serialization.Encoding.DER)
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"certificate": {"rawBytes": base64.b64encode(der).decode()}},
        "dsseEnvelope": {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": STATEMENT,
            "signatures": [{"sig": base64.b64encode(signed).decode()}],
        },
    }


def test_an_envelope_under_a_key() -> None:
    (found,) = read_attestations(ENVELOPE, "a.json", TRUSTED)
    assert (found.verification.standing, found.verification.signer) == (Standing.VERIFIED, "release.pem")
    (found,) = read_attestations(ENVELOPE, "a.json", Trusted())
    assert found.verification.standing is Standing.NOT_VERIFIED


def test_a_changed_payload_is_not_verified() -> None:
    told = json.loads(ENVELOPE)
    told["payload"] = base64.b64encode(json.dumps(SUMMARY).encode()).decode()
    (found,) = read_attestations(json.dumps(told).encode(), "a.json", TRUSTED)
    assert found.verification.standing is Standing.NOT_VERIFIED


def test_a_bundle_under_its_authority_and_without() -> None:
    root = authority()
    told = json.dumps(bundle(root)).encode()
    (found,) = read_attestations(told, "b.json", Trusted(authorities=(root[1],)))
    assert found.verification.standing is Standing.VERIFIED
    (found,) = read_attestations(told, "b.json", Trusted())
    assert found.verification.standing is Standing.NOT_VERIFIED
    assert "release.yml" in (found.verification.signer or "")


def test_a_bundle_whose_signature_is_of_something_else_is_broken() -> None:
    root = authority()
    told = bundle(root)
    told["dsseEnvelope"]["payload"] = base64.b64encode(json.dumps(SUMMARY).encode()).decode()
    (found,) = read_attestations(json.dumps(told).encode(), "b.json", Trusted(authorities=(root[1],)))
    assert found.verification.standing is Standing.BROKEN


def test_githubs_answer_and_lines_of_bundles() -> None:
    root = authority()
    two = [bundle(root), bundle(root, json.dumps(SUMMARY).encode())]
    answer = json.dumps({"attestations": [{"bundle": own, "repository_id": 1} for own in two]}).encode()
    lines = b"\n".join(json.dumps(own).encode() for own in two)
    for data in (answer, lines):
        kinds = [own.statement.predicate_type for own in read_attestations(data, "x", Trusted())]
        assert kinds == ["https://slsa.dev/provenance/v1", "https://slsa.dev/verification_summary/v1"]


@pytest.mark.parametrize("data", [b"{}", b"no json", b'{"a":1}\n{"b":2}', b"[7]"])
def test_what_is_none_is_refused_with_its_place(data: bytes) -> None:
    with pytest.raises(SourceError) as raised:
        read_attestations(data, "a.jsonl", Trusted())
    assert "a.jsonl" in str(raised.value.where)
