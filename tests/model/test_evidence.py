"""Problems are shown safely, and counted beyond those that are shown."""

import pytest

from asbuilt.model.evidence import SHOWN, EvidenceError, Problem, Problems


def test_a_problem_is_one_safe_line() -> None:
    assert str(Problem("f:1", "a", "It is\nbad.", "Mend it.")) == "f:1: a: It is\\x0abad. Mend it."
    assert str(Problem("f:1", "", "Bad.", "")) == "f:1: Bad."


def test_all_are_counted_and_the_first_are_shown() -> None:
    problems = Problems()
    problems.refuse()
    for number in range(SHOWN + 1):
        problems.add(f"f:{number}", "Bad.", "Mend it.")
    with pytest.raises(EvidenceError) as caught:
        problems.refuse()
    assert (len(caught.value.problems), caught.value.count) == (SHOWN, SHOWN + 1)
    assert caught.value.what == "Nothing was recorded: 51 problems. The first 50 are shown."
    assert caught.value.exit_code == 2
