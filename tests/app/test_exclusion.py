"""Globs of paths left out."""

import pytest

from asbuilt.app.exclusion import Exclusion


@pytest.mark.parametrize(
    ("glob", "held", "not_held"),
    [
        ("vendor/", ["vendor/a", "vendor/b/c", "x/vendor/a"], ["vendor", "vendors/a"]),
        ("/vendor/", ["vendor/a"], ["x/vendor/a"]),
        ("src/vendor/", ["src/vendor/a"], ["x/src/vendor/a"]),
        ("*.min.js", ["a.min.js", "web/a.min.js"], ["a.js", "a.min.jsx"]),
        ("docs/*.md", ["docs/a.md"], ["docs/b/a.md", "x/docs/a.md"]),
        ("docs/**/*.md", ["docs/a.md", "docs/b/c/a.md"], ["a.md"]),
        ("**/gen/**", ["gen/a", "a/gen/b/c"], ["general/a"]),
        ("a?c", ["abc"], ["ac", "a/c"]),
        ("a.b", ["a.b", "a.b/under"], ["axb"]),
        ("caf\u00e9/", ["caf\u00e9/a"], ["cafe/a"]),
    ],
)
def test_globs(glob: str, held: list[str], not_held: list[str]) -> None:
    exclusion = Exclusion([glob])
    assert [path for path in held if not exclusion.holds(path.encode())] == []
    assert [path for path in not_held if exclusion.holds(path.encode())] == []


def test_no_glob_holds_nothing_and_any_bytes_are_a_path() -> None:
    assert not Exclusion([]).holds(b"a")
    assert Exclusion(["bad/"]).holds(b"bad/\xff\n")
