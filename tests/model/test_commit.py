"""Commits and people."""

import msgspec
import pytest

from asbuilt.model.commit import Commit, Person, moment

ANA = Person("Ana", "Ana@Example.com")
COMMIT = Commit("1" * 40, (), "2" * 40, ANA, 0, ANA, 86_400, "")


def test_a_person_is_known_by_e_mail_in_any_case_or_by_name() -> None:
    assert ANA.key == Person("A.", "ana@example.COM").key
    assert Person("Ana", "").key == "ana"


@pytest.mark.parametrize(
    ("message", "subject"), [("One\n\nTwo", "One"), ("\n\n  One \nTwo", "  One"), ("", ""), ("One\r\n", "One")]
)
def test_the_subject_is_the_first_line(message: str, subject: str) -> None:
    assert msgspec.structs.replace(COMMIT, message=message).subject == subject


@pytest.mark.parametrize(("seconds", "year"), [(0, 1970), (10**18, 9999), (-(10**18), 1)])
def test_any_number_of_seconds_is_a_moment_in_utc(seconds: int, year: int) -> None:
    assert moment(seconds).year == year
    assert moment(seconds).utcoffset() is not None


def test_a_commit_was_made_by_the_committers_clock() -> None:
    assert COMMIT.committed_at.isoformat() == "1970-01-02T00:00:00+00:00"
