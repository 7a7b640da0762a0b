"""What results come to: however the unknown turns out, and only on a complete population."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.engine.conclusions import Ground, conclude, concluded
from asbuilt.model.result import Conclusion


@pytest.mark.parametrize(
    ("met", "deviation", "unknown", "wanted"),
    [
        (0, 0, 0, Conclusion.NO_OCCURRENCE),
        (9, 0, 0, Conclusion.EFFECTIVE),
        (9, 1, 0, Conclusion.WITH_DEVIATIONS),
        (5, 5, 0, Conclusion.WITH_DEVIATIONS),
        (4, 5, 0, Conclusion.NOT_EFFECTIVE),
        (0, 3, 0, Conclusion.NOT_EFFECTIVE),
        (9_999, 0, 1, Conclusion.EVIDENCE_MISSING),
        (9, 1, 1, Conclusion.WITH_DEVIATIONS),
        (9, 1, 10, Conclusion.EVIDENCE_MISSING),
        (0, 6, 4, Conclusion.NOT_EFFECTIVE),
        (0, 0, 4, Conclusion.EVIDENCE_MISSING),
    ],
)
def test_what_a_result_comes_to(met: int, deviation: int, unknown: int, wanted: Conclusion) -> None:
    assert conclude({"met": met, "deviation": deviation, "unknown": unknown}, 0.5) is wanted


@given(st.integers(0, 6), st.integers(0, 6), st.integers(1, 6), st.floats(0, 1))
def test_a_conclusion_holds_however_the_unknown_turns_out(
    met: int, deviation: int, unknown: int, share: float
) -> None:
    said = conclude({"met": met, "deviation": deviation, "unknown": unknown}, share)
    turned_out = {
        conclude({"met": met + unknown - n, "deviation": deviation + n, "unknown": 0}, share)
        for n in range(unknown + 1)
    }
    assert turned_out == {said} if said is not Conclusion.EVIDENCE_MISSING else len(turned_out) > 1


# With what a conclusion stands on

GOOD = Ground(0.5, corroborated=True)


def counts(met: int = 0, deviation: int = 0, unknown: int = 0) -> dict[str, int]:
    return {"met": met, "deviation": deviation, "unknown": unknown}


@pytest.mark.parametrize(
    ("found", "ground", "wanted", "reason"),
    [
        (counts(4), GOOD, Conclusion.EFFECTIVE, "All 4 items are as expected."),
        (counts(1), GOOD, Conclusion.EFFECTIVE, "The one item is as expected."),
        (counts(3, 1), GOOD, Conclusion.WITH_DEVIATIONS, "1 of 4 items deviates."),
        (counts(30, 2, 1), GOOD, Conclusion.WITH_DEVIATIONS, "2 of 33 items deviate. 1 could not be seen."),
        (counts(1, 3), GOOD, Conclusion.NOT_EFFECTIVE, "3 of 4 items deviate, which is more than 50%."),
        (counts(3, 0, 1), GOOD, Conclusion.EVIDENCE_MISSING, "1 of 4 items could not be seen."),
        (
            counts(1, 1, 2),
            GOOD,
            Conclusion.EVIDENCE_MISSING,
            "2 of 4 items could not be seen. 1 of 4 items deviates.",
        ),
        (
            counts(),
            GOOD,
            Conclusion.NO_OCCURRENCE,
            "Nothing occurred in the window, and a second source confirms it.",
        ),
        (
            counts(),
            Ground(0.5),
            Conclusion.EVIDENCE_MISSING,
            "Nothing was found, and no second source confirms that there was nothing.",
        ),
        (
            counts(),
            Ground(0.5, corroborated=False),
            Conclusion.EVIDENCE_MISSING,
            "Nothing was found, and a second source gives another number.",
        ),
        (
            counts(),
            Ground(0.5, corroborated=True, incomplete="No extract."),
            Conclusion.EVIDENCE_MISSING,
            "Nothing was found, and the population is not known to be complete. No extract.",
        ),
        (
            counts(),
            Ground(0.5, incomplete="No extract.", nothing_due="Nothing was due."),
            Conclusion.NO_OCCURRENCE,
            "Nothing was due.",
        ),
        (
            counts(4),
            Ground(0.5, incomplete="No extract."),
            Conclusion.EVIDENCE_MISSING,
            "The population is not known to be complete. No extract.",
        ),
        (
            counts(4, 5),
            Ground(0.5, incomplete="No extract."),
            Conclusion.NOT_EFFECTIVE,
            "5 of 9 items deviate, which is more than 50%.",
        ),
        (counts(4), Ground(0.5, failure="X: y"), Conclusion.EVIDENCE_MISSING, "The test itself failed: X: y"),
        (counts(4, 5), Ground(0.5, set_aside="No cards."), Conclusion.NOT_APPLICABLE, "No cards."),
    ],
)
def test_a_conclusion_says_why(found: dict[str, int], ground: Ground, wanted: Conclusion, reason: str) -> None:
    assert concluded(found, ground) == (wanted, reason)


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.floats(0, 1))
def test_nothing_incomplete_is_effective(met: int, deviation: int, unknown: int, share: float) -> None:
    said, _ = concluded(counts(met, deviation, unknown), Ground(share, incomplete="x", corroborated=True))
    assert said in {Conclusion.EVIDENCE_MISSING, Conclusion.NOT_EFFECTIVE}
