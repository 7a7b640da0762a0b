"""The text says what blocks first, and ends with the verdict and the next step."""

from asbuilt.reports.gate_text import gate_text, shown
from tests.reports.gates import answer


def test_what_blocks_comes_first_and_the_verdict_last() -> None:
    lines = gate_text(answer(text="x")).splitlines()
    controls = [line.split()[1] for line in lines if line[2:6] == "CHG-"]
    assert controls == ["CHG-01", "CHG-05", "CHG-13", "CHG-17"]
    assert lines[-2] == "Refused: CHG-01 does not hold."
    assert lines[-1] == "Next: Next x"


def test_an_override_stands_before_the_verdict() -> None:
    found = gate_text(answer(text="Cleo", overridden=True))
    assert "Overridden by Cleo at 2023-11-18T00:00:00Z: Cleo" in found
    assert found.rstrip().endswith("Refused: CHG-01 does not hold.")


def test_values_read_as_words() -> None:
    assert [shown(value) for value in (None, True, False, [], ["a", "b"], 3)] == [
        "unknown",
        "yes",
        "no",
        "none",
        "a, b",
        "3",
    ]
