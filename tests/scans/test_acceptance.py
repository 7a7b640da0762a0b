"""Comments that accept a finding: on its lines or above them, with a reason."""

import pytest

from asbuilt.scans.acceptance import acceptances, unused


@pytest.mark.parametrize(
    "line",
    [
        "x()  # asbuilt: accept py-x because it is so",
        "x();  // asbuilt: accept py-x because it is so",
        "x();  /* asbuilt: accept py-x because it is so */",
        "SELECT 1 -- asbuilt: accept py-x because it is so",
        "<p>  <!-- asbuilt: accept py-x because it is so -->",
        "x()  #asbuilt:accept  py-x  because  it is so.\r",
    ],
)
def test_of_every_language(line: str) -> None:
    ((own,), loose) = acceptances("a.py", f"\n{line}\n")
    assert (own.told.rule, own.told.line, own.told.reason) == ("py-x", 2, "it is so")
    assert own.lines == {2}
    assert loose == []


def test_alone_it_is_for_the_next_line_that_is_none() -> None:
    text = "# asbuilt: accept a-b because one\n# asbuilt: accept c-d because two\nx()\n"
    found, _ = acceptances("a.py", text)
    assert [own.lines for own in found] == [{1, 3}, {2, 3}]


@pytest.mark.parametrize(
    "line", ["# asbuilt: accept py-x", "# asbuilt: accept py-x because", "# asbuilt: accept py-x because ."]
)
def test_without_a_reason_it_accepts_nothing(line: str) -> None:
    found, loose = acceptances("a.py", line)
    assert found == []
    assert (loose[0].line, "without a reason" in loose[0].why) == (1, True)


def test_of_another_scanner_and_in_prose() -> None:
    ((own,), _) = acceptances("a.py", "x()  # asbuilt: accept python.lang/x.y because it is so")
    assert own.told.rule == "python.lang/x.y"
    assert acceptances("README.md", "# asbuilt: accept py-x because it is so") == ([], [])
    assert acceptances("a.py", "text = 'asbuilt: something else'") == ([], [])


def test_one_that_meets_nothing_is_told() -> None:
    found, _ = acceptances("a.py", "x()  # asbuilt: accept py-x because it is so")
    assert unused("a.py", found, [found[0].told]) == []
    assert unused("a.py", found, [])[0].line == 1


def test_reasons_are_made_visible() -> None:
    ((own,), _) = acceptances("a.py", "x()  # asbuilt: accept py-x because \x1b[31mred")
    assert "\x1b" not in own.told.reason
