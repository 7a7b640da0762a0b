"""Part by part: what ends a reading, and what does not."""

from collections.abc import Iterator

import pytest

from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.sources.credentials import read_token
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.http import Client, Reply, UnansweredError
from asbuilt.sources.limits import LimitReachedError
from asbuilt.sources.pulling import Forge, read_first, read_parts
from asbuilt.sources.steps import Expected, Mark, Step

FORGE = Forge("Forge", "forge", "forge.example", lambda _: "no", "Ask again.")


@pytest.fixture
def reading() -> Iterator[Reading]:
    token = read_token(None, ("TOKEN",), {"TOKEN": "x" * 20})
    with Client("https://forge.example/api", token) as client:
        found = Reading(client, "o/n", {})
        found.now = 1
        yield found


def read_one(_: Reading) -> Iterator[Step]:
    yield Expected("ones", 1, None)


def read_two(_: Reading) -> Iterator[Step]:
    yield Expected("twos", 1, None)
    raise UnansweredError("Nothing came.", why="It is slow.", fix="Wait.")


def read_three(_: Reading) -> Iterator[Step]:
    yield Expected("threes", 1, None)
    raise LimitReachedError(1_770_000_000, 60)


def refused(status: int) -> Outcome:
    outcome = Outcome()
    outcome.refused = Reply(status, b"", {}, "GET https://forge.example/api/o/n", 1, 1)
    return outcome


def test_a_part_without_an_answer_is_a_gap_and_the_next_is_read(reading: Reading) -> None:
    steps = list(read_parts(reading, (read_two, read_one)))
    assert [type(step) for step in steps] == [Expected, Gap, Mark, Expected, Mark]
    gap = steps[1]
    assert isinstance(gap, Gap)
    assert (gap.code, gap.path, gap.why) == ("GAP-UNREAD", "two o/n", "Nothing came. It is slow.")


def test_a_limit_ends_the_reading_at_a_mark(reading: Reading) -> None:
    steps = list(read_parts(reading, (read_three, read_one)))
    assert [type(step) for step in steps] == [Expected, Gap, Mark]
    assert isinstance(steps[1], Gap)
    assert steps[1].code == "GAP-LIMIT"


def test_where_nothing_could_be_asked_nothing_is_read(reading: Reading) -> None:
    reading.now = 0
    assert list(read_parts(reading, (read_one,))) == []


def test_what_the_rest_hangs_on_is_an_error_when_it_is_not_seen(reading: Reading) -> None:
    outcome = refused(404)
    with pytest.raises(SourceError, match=r"answers 404: no\. Forge answers 404 both"):
        list(read_first(reading, FORGE, iter(()), outcome))
    with pytest.raises(SourceError, match="could not be read"):
        list(read_first(reading, FORGE, iter(()), Outcome()))
    (gap,) = read_first(reading, FORGE, read_three(reading), Outcome())
    assert isinstance(gap, Gap)
    assert gap.code == "GAP-LIMIT"


def test_a_host_of_ones_own_stands_in_the_name(reading: Reading) -> None:
    assert FORGE.source_name(reading.client, "o/n") == "forge:o/n"
    assert FORGE._replace(host="other.example").source_name(reading.client, "o/n") == "forge:forge.example/o/n"
