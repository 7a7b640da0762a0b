"""Signatures in CMS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.history.attestations.cms import verify_cms
from asbuilt.model.attestation import Standing
from tests.history.attestations.signing import AT, authority, cms_sign, leaf

ROOT = authority()
KEY, LEAF = leaf(ROOT)
SIGNED = cms_sign(KEY, LEAF, b"message")


def test_a_signature_under_a_trusted_authority_is_verified() -> None:
    found = verify_cms(SIGNED, b"message", [ROOT[1]], at=AT)
    assert (found.standing, found.signer) == (Standing.VERIFIED, "ana@example.com")


def test_another_message_does_not_hold() -> None:
    assert verify_cms(SIGNED, b"massage", [ROOT[1]], at=AT).standing is Standing.BROKEN


@pytest.mark.parametrize(
    ("authorities", "at", "word"),
    [([], AT, "No authority"), ([authority()[1]], AT, "no authority"), ([ROOT[1]], AT + 3_600, "not valid")],
)
def test_without_its_authority_or_out_of_its_time_it_is_present_and_not_verified(authorities, at, word) -> None:
    found = verify_cms(SIGNED, b"message", authorities, at=at)
    assert found.standing is Standing.NOT_VERIFIED
    assert word in found.why
    assert found.signer == "ana@example.com"


def test_a_leaf_is_no_authority() -> None:
    key, own = leaf((KEY, LEAF), email="eve@example.com")
    assert verify_cms(cms_sign(key, own, b"m"), b"m", [LEAF], at=AT).standing is Standing.NOT_VERIFIED


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_a_flipped_byte_never_proves_another_message(place: int, mask: int) -> None:
    changed = bytearray(SIGNED)
    changed[place] ^= mask
    assert verify_cms(bytes(changed), b"massage", [ROOT[1]], at=AT).standing is not Standing.VERIFIED


@given(st.binary(max_size=300))
def test_no_bytes_crash_it(junk: bytes) -> None:
    assert verify_cms(junk, b"message", [ROOT[1]], at=AT).standing is Standing.NOT_VERIFIED
