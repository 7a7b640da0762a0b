"""How a signature stands."""

from asbuilt.model.attestation import Standing


def test_only_one_standing_proves_anything() -> None:
    assert [own for own in Standing if own == "verified"] == [Standing.VERIFIED]
    assert Standing.NOT_VERIFIED == "present, not verified"
