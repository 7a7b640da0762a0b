"""What of a judgement stands in the way."""

import pytest

from asbuilt.model.supply_policy import NEVER_EXCEPTED, Judgement, Reason, SupplyPolicy


@pytest.mark.parametrize(
    ("reason", "decides"),
    [
        (Reason("age", verdict=True, text=""), False),
        (Reason("age", verdict=False, text=""), True),
        (Reason("age", verdict=None, text=""), True),
        (Reason("age", verdict=False, text="", excepted_by="bo@example.com"), False),
    ],
)
def test_what_is_not_fulfilled_decides_unless_somebody_excepts_it(reason: Reason, decides: bool) -> None:
    assert reason.decides is decides
    assert Judgement(verdict=None, reasons=(reason,)).against == ((reason,) if decides else ())


def test_the_defaults_refuse_what_nobody_wants() -> None:
    assert SupplyPolicy().licence_required
    assert "malicious" in NEVER_EXCEPTED
