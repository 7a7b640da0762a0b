"""Reading facts: by rows or by columns, and moments as seconds."""

from datetime import UTC, datetime, timedelta, timezone

from asbuilt.engine.access import columns_of, seconds_of
from tests.engine.office import office
from tests.engine.test_items import Plain


def test_columns_are_the_same_by_either_way() -> None:
    facts = office(sites=[{"site": "b"}, {"site": "a"}])
    query = "SELECT site AS item, 7 AS seven FROM sites ORDER BY site"
    assert [list(column) for column in columns_of(facts, query, 2)] == [["a", "b"], [7, 7]]
    assert [list(column) for column in columns_of(Plain(facts), query, 2)] == [["a", "b"], [7, 7]]
    empty = query.replace("ORDER", "WHERE FALSE ORDER")
    assert [len(column) for column in columns_of(facts, empty, 2)] == [0, 0]
    assert [len(column) for column in columns_of(Plain(facts), empty, 2)] == [0, 0]


def test_moments_are_utc_and_rounded_down() -> None:
    moment = datetime(2026, 1, 1, 0, 0, 1, 999_999)  # noqa: DTZ001 - as a database gives it
    assert seconds_of(moment) == 1_767_225_601
    assert seconds_of(moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=5)))) == 1_767_225_601
    assert seconds_of(datetime(1969, 12, 31, 23, 59, 59, 500_000)) == -1  # noqa: DTZ001
    assert seconds_of(None) is None
