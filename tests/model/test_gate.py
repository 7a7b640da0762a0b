"""What blocks is what decides and does not hold; what could not be seen comes after."""

from asbuilt.model.gate import SCHEMA, Answer, Gate, Policy, Proposed, Standing, Test


def test_deviations_block_first_then_what_was_not_seen_and_reported_controls_never() -> None:
    tests = tuple(
        Test(f"T-{at}", "", standing, required, "", "")
        for at, (standing, required) in enumerate(
            [
                (Standing.UNKNOWN, True),
                (Standing.MET, True),
                (Standing.DEVIATION, False),
                (Standing.DEVIATION, True),
                (Standing.NOT_ASKED, True),
                (Standing.UNKNOWN, False),
            ]
        )
    )
    change = Proposed("acme/harbor", "b", "h", "t", 1, 1, "Ana", "unknown")
    gate = Gate(SCHEMA, "0", Answer.REFUSED, "", "", "", change, Policy("b", None, (), ()), tests, (), ("git",), ())
    assert [test.control for test in gate.blocking] == ["T-3", "T-0"]
