"""Database ids out of node ids of both forms; anything else stays what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.forge.github.node_ids import any_id, database_id


@pytest.mark.parametrize(
    ("node_id", "number"),
    [
        ("HRFPE_lADOAP4Jqs49xgVTzwAAAAFK5T0i", "5551504674"),  # a list of five, a number of eight bytes
        ("PRR_kwDOAP4Jqs4vHSYB", "790439425"),
        ("PR_kwDOAP4Jqs5DDimo", "1125001640"),
        ("MDExOk1lcmdlZEV2ZW50MTAxMzU0MDMz", "101354033"),
        ("MDQ6VXNlcjU0ODQ4OA==", "548488"),
        ("BOT_kgDOAAABbw", "367"),
        ("BOT_kgDOAAAB", None),  # a list of two of which one is cut off
        ("PR_x", None),
        ("", None),
        ("é", None),
        ("PR_" + "k" * 300, None),
    ],
)
def test_known_ids(node_id: str, number: str | None) -> None:
    assert database_id(node_id) == number


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    found = database_id(text)
    assert found is None or found.isdigit()
    assert database_id(f"PR_{text}") is None or database_id(f"PR_{text}") != ""


def test_the_forge_s_number_comes_first_and_the_node_id_last() -> None:
    assert any_id({"fullDatabaseId": "12", "databaseId": 3, "id": "PR_kwDOAP4Jqs5DDimo"}) == "12"
    assert any_id({"databaseId": 3, "id": "PR_kwDOAP4Jqs5DDimo"}) == "3"
    assert any_id({"id": 4, "node_id": "PR_kwDOAP4Jqs5DDimo"}) == "4"
    assert any_id({"id": None, "node_id": "PR_kwDOAP4Jqs5DDimo"}) == "1125001640"
    assert any_id({"id": "RDE_odd"}) == "RDE_odd"
    assert any_id({"id": True}) is any_id({"id": -1}) is any_id({"id": "a b"}) is any_id({}) is None
