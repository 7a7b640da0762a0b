"""Keys that a user trusts."""

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from asbuilt.history.attestations.trusted import load_trusted, signature_holds
from asbuilt.ledger.keys import key_from_seed
from asbuilt.model.errors import UsageError
from tests.history.attestations.signing import authority, pem, ssh_line

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def test_every_form_is_read() -> None:
    root = authority()[1].public_bytes(serialization.Encoding.PEM)
    note = key_from_seed("asbuilt.example/log", bytes(32)).verifier.text.encode()
    allowed = f"# team\nana@example.com {ssh_line(KEY)} laptop\n".encode()
    armored = b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----\n"
    told = load_trusted([("a.pem", pem(KEY)), ("r", root), ("l", note), ("s", allowed), ("p", armored)])
    assert [own.name for own in told.keys] == ["a.pem", "asbuilt.example/log", "ana@example.com"]
    assert (len(told.authorities), len(told.openpgp)) == (1, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        b"ana ssh-ed25519 AAAA",
        b"log+00000000+AAAA",
        f"ana cert-authority {ssh_line(KEY)}".encode(),
        f'ana namespaces="file" {ssh_line(KEY)}'.encode(),
        f'ana valid-before="never" {ssh_line(KEY)}'.encode(),
    ],
)
def test_a_file_without_a_key_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(UsageError) as raised:
        load_trusted([("keys.txt", data)])
    assert str(raised.value.where).startswith("keys.txt")


def test_signatures_of_each_kind() -> None:
    elliptic, plain = ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    for key, signature in (
        (KEY, KEY.sign(b"m")),
        (elliptic, elliptic.sign(b"m", ec.ECDSA(hashes.SHA384()))),
        (plain, plain.sign(b"m", padding.PKCS1v15(), hashes.SHA256())),
        (plain, plain.sign(b"m", pss, hashes.SHA256())),
    ):
        assert signature_holds(key.public_key(), b"m", signature)
        assert not signature_holds(key.public_key(), b"n", signature)
