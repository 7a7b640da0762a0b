"""The criteria of every shipped control, against the table that was typed a second time."""

from asbuilt.catalogue.controls import load_controls
from tests.catalogue.criteria_of_controls import hand_typed_criteria


def test_every_control_stands_behind_the_criteria_typed_by_hand() -> None:
    shipped = {control.id: frozenset(control.criteria) for control in load_controls()}
    assert shipped == hand_typed_criteria()
    assert all(len(control.criteria) == len(set(control.criteria)) for control in load_controls())
