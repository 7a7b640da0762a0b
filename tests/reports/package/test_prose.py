"""Markdown for a person to finish."""

from asbuilt.reports.package.prose import NOTHING, Prose, cell


def test_parts_stand_apart_and_what_is_missing_is_said() -> None:
    page = Prose("Title").head("One").say("Text.").items(["a", "b"]).items([]).table(("x", "y"), [("1|2", "3")])
    assert page.encode().decode() == (
        f"# Title\n\n## One\n\nText.\n\n- a\n- b\n\n{NOTHING}\n\n| x | y |\n|---|---|\n| 1/2 | 3 |\n"
    )
    assert Prose("T").table(("x",), [], none="None.").encode() == b"# T\n\nNone.\n"


def test_a_cell_says_what_is_not_there() -> None:
    row = {"a": None, "b": True, "c": ["x", "y"], "d": "\x1b[1m", "e": 3}
    assert [cell(row, name) for name in "abcdef"] == [
        "not recorded",
        "yes",
        "x, y",
        "\\x1b[1m",
        "3",
        "not recorded",
    ]
