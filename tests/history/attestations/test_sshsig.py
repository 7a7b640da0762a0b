"""Signatures by OpenSSH keys."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.history.attestations.sshsig import fingerprint, parse_ssh, verify_ssh
from asbuilt.history.attestations.trusted import load_trusted
from asbuilt.model.attestation import Standing
from tests.history.attestations.signing import AT, ssh_blob, ssh_line, ssh_sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEYS = load_trusted([("allowed", f"ana@example.com {ssh_line(KEY)}\n".encode())]).keys


def test_a_signature_by_a_trusted_key_is_verified() -> None:
    found = verify_ssh(ssh_sign(KEY, b"hello"), b"hello", KEYS, at=AT)
    assert (found.standing, found.signer) == (Standing.VERIFIED, "ana@example.com")


def test_another_message_does_not_hold() -> None:
    assert verify_ssh(ssh_sign(KEY, b"hello"), b"hallo", KEYS, at=AT).standing is Standing.BROKEN


def test_a_key_that_nobody_gave_is_present_and_not_verified() -> None:
    other = Ed25519PrivateKey.generate()
    found = verify_ssh(ssh_sign(other, b"hello"), b"hello", KEYS, at=AT)
    assert found.standing is Standing.NOT_VERIFIED
    assert fingerprint(ssh_blob(other)) in found.why


def test_a_signature_for_another_use_does_not_count() -> None:
    assert verify_ssh(ssh_sign(KEY, b"x", b"file"), b"x", KEYS, at=AT).standing is Standing.BROKEN


@pytest.mark.parametrize(
    ("option", "standing"),
    [
        ('valid-before="20260101"', Standing.NOT_VERIFIED),
        ('valid-after="20260401"', Standing.NOT_VERIFIED),
        ('valid-after="20260101",valid-before="20270101Z"', Standing.VERIFIED),
        ('namespaces="git,file"', Standing.VERIFIED),
    ],
)
def test_a_key_is_trusted_in_its_time(option: str, standing: Standing) -> None:
    keys = load_trusted([("allowed", f"ana {option} {ssh_line(KEY)}\n".encode())]).keys
    assert verify_ssh(ssh_sign(KEY, b"x"), b"x", keys, at=AT).standing is standing


@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_bytes_crash_it_and_no_changed_byte_passes(junk: bytes, place: int) -> None:
    good = ssh_sign(KEY, b"x")
    at = place % len(good)
    changed = good[:at] + junk.decode("latin-1") + good[at + 1 :]
    found = verify_ssh(changed, b"x", KEYS, at=AT)
    same = "".join(changed.split()) == "".join(good.split())
    assert same or found.standing is not Standing.VERIFIED or _same_raw(changed, good)


def _same_raw(one: str, other: str) -> bool:
    return parse_ssh(one) == parse_ssh(other)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not here")
@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_what_openssh_signs_is_verified(kind: str, tmp_path: Path) -> None:
    key = tmp_path / "key"
    making = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "ana", "-f", str(key)]
    subprocess.run(making, check=True, capture_output=True)
    told = subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-n", "git", "-f", str(key)], input=b"message", check=True, capture_output=True
    ).stdout.decode()
    allowed = b"ana@example.com " + (tmp_path / "key.pub").read_bytes()
    keys = load_trusted([("allowed", allowed)]).keys
    assert verify_ssh(told, b"message", keys, at=AT).standing is Standing.VERIFIED
    assert verify_ssh(told, b"massage", keys, at=AT).standing is Standing.BROKEN
