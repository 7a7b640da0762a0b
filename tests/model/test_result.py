"""Controls know where they were written."""

from asbuilt.model.result import Control, ControlKind


def test_a_control_names_the_line_of_a_key() -> None:
    control = Control(
        "CHG-01",
        ControlKind.ITEM,
        (),
        "changes",
        "x",
        "t",
        "w",
        "y",
        "b",
        "r",
        "o",
        source="a.md",
        lines={"expect": 7},
    )
    assert control.place("expect") == "a.md:7"
    assert control.place("absent") == "a.md:1"
