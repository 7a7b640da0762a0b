"""Pages fit the width, carry no escape without colour, and show hostile text harmlessly."""

from asbuilt.app.doctor import Check, State
from asbuilt.app.explain import Explanation, explanations
from asbuilt.app.signatures import signature
from asbuilt.cli.pages import checks_page, explanation_page, list_page, signature_page


def test_a_list_fits_the_width() -> None:
    page = list_page([("a", "word " * 40), ("longer", "x")], width=40, color=False)
    assert max(map(len, page.splitlines())) <= 40
    assert page.splitlines()[-1] == "longer  x"


def test_an_explanation_fits_80_columns() -> None:
    for each in explanations():
        page = explanation_page(each, width=80, color=False)
        assert "\x1b" not in page
        assert [line for line in page.splitlines() if len(line) > 80 and " " in line.strip()] == []


def test_colour_is_only_there_when_asked_for() -> None:
    found = Explanation("A", "code", "Title", (("What", "text"),), (("CC8.1", "Change"),))
    assert "\x1b[1m" in explanation_page(found, width=80, color=True)
    assert "\x1b" not in explanation_page(found, width=80, color=False)


def test_a_pattern_is_shown_whole_on_one_line() -> None:
    tool = signature("aider")
    page = signature_page(tool, width=40, color=False)
    for rule in tool.rules:
        assert f"\n  pattern  {rule.pattern}\n" in page
        assert all(f"\n  matches  {hit}" in page for hit in rule.hits)


def test_a_check_that_is_not_well_has_its_remedy_below() -> None:
    checks = [Check("git", State.OK, "2.40", "no"), Check("depth", State.WARN, "sha\x1bllow", "git fetch")]
    assert checks_page(checks, width=80, color=False) == (
        "ok    git    2.40\nwarn  depth  sha\\x1bllow\n             -> git fetch"
    )
    assert "\x1b[33m" in checks_page(checks, width=80, color=True)
