"""The line of a key in a TOML text."""

import pytest

from asbuilt.app.config_lines import line_of

TEXT = """\
# a comment
top = 1
[a]
b = 2
"quoted key" = 3
[a.c]
d.e = 4
[[list]]
x = 1
['single'.part]
y = 2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("a",), 3),
        (("a", "b"), 4),
        (("a", "quoted key"), 5),
        (("a", "c"), 6),
        (("a", "c", "d", "e"), 7),
        (("a", "c", "d"), 7),
        (("list", "x"), 9),
        (("single", "part", "y"), 11),
        (("a", "b", "deeper"), 4),  # the nearest parent
        (("absent",), None),
    ],
)
def test_the_line_of_a_key(path: tuple[str, ...], line: int | None) -> None:
    assert line_of(TEXT, path) == line
