"""Signed statements as text."""

from asbuilt.model.attestation import Attestation, Standing, Statement, Verification
from asbuilt.reports.attestations_text import render_attestations


def told(standing: Standing, kind: str = "https://slsa.dev/provenance/v1") -> Attestation:
    statement = Statement("d", kind, ("sha256:ab",), commit="c" * 40, builder="https://b", made_at=0)
    return Attestation(statement, Verification(standing, "ana\x1b[31m", "Because."), "a.json")


def test_a_statement_says_who_signed_and_how_that_stands() -> None:
    text = render_attestations([told(Standing.NOT_VERIFIED)], width=80)
    assert "present, not verified: Because." in text
    assert "\x1b" not in text
    assert text.endswith("1 present, not verified.")


def test_what_is_not_signed_is_counted_alone() -> None:
    commit = "https://asbuilt.dev/attestation/commit-signature/v1"
    found = [told(Standing.NONE, commit), told(Standing.VERIFIED, commit)]
    assert render_attestations(found, width=80).splitlines()[-1] == "1 verified, 1 not signed."
    assert len(render_attestations(found, width=80).splitlines()) == 2
    assert render_attestations([], width=80) == "None."
