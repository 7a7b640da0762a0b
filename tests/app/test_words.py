"""Words of a report: exactly the classes, grades and verdicts of the model."""

from asbuilt.app.words import WORDS
from asbuilt.model.attribution import Authorship
from asbuilt.model.chain import Grade
from asbuilt.model.result import Outcome


def test_the_words_are_those_of_the_model() -> None:
    assert set(WORDS) == {str(word) for kind in (Authorship, Grade, Outcome) for word in kind}


def test_unknown_is_said_to_be_no_person_and_no_pass() -> None:
    assert "never taken for a person" in WORDS["unknown"][2]
    assert "never a pass" in WORDS["unknown"][2]
