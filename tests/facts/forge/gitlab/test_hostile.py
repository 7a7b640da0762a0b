"""Whatever a page holds, it becomes rows that can be recorded, or sentences: never a crash, never a pass."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.app.sync_rows import encode_row
from asbuilt.facts.forge import project_page, projectors
from tests.facts.forge.gitlab import payloads
from tests.facts.forge.gitlab.hooks import HOOKS
from tests.facts.forge.gitlab.payloads import NOW, bind, request_answers

PAGES = payloads.PAGES | HOOKS

NAMES = sorted(projectors("gitlab"))
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def project(name: str, key: str, document: Any) -> Any:
    body = json.dumps(document).encode()
    return project_page("gitlab", name, key, body, repository="a/b", organization="a", observed=NOW)


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value of a document."""
    found = [here]
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in steps:
        found += places(inner, (*here, name))
    return found


def replaced(value: Any, way: tuple[Any, ...], other: Any) -> Any:
    if not way:
        return other
    copied = value.copy()
    copied[way[0]] = replaced(value[way[0]], way[1:], other)
    return copied


def test_every_page_that_is_read_has_a_projector_and_an_example() -> None:
    assert set(NAMES) >= {"merge_request", "pipeline/jobs", "rules", "members", "deployments", "user"}
    assert set(PAGES) == set(NAMES) - {"environments", "merge_requests"}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_its_example_gives_rows_and_refuses_nothing(name: str) -> None:
    key, document = PAGES[name]
    found = project(name, key, document)
    assert found.refused == ()
    assert found.rows
    assert not [told for row in found.rows if isinstance(told := encode_row(row.table, row.told, NOW), str)]


@given(st.data())
def test_anything_in_any_place(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(PAGES)))
    key, document = PAGES[name]
    way = data.draw(st.sampled_from(places(document)))
    found = project(name, key, replaced(document, way, data.draw(ANYTHING)))
    for row in found.rows:
        encode_row(row.table, row.told, NOW)


@given(st.sampled_from(NAMES), ANYTHING)
def test_anything_at_all(name: str, document: Any) -> None:
    project(name, "17", document)


@given(st.data())
def test_what_is_spoilt_never_makes_an_approval_of_more(data: st.DataObject) -> None:
    """One value replaced: no approval comes up that was not there, of no other commit than it was."""
    answers = request_answers()
    document = bind(answers)
    way = data.draw(st.sampled_from([each for each in places(document) if len(each) > 3]))
    before = approvals(project("merge_request", "17", document))
    after = approvals(project("merge_request", "17", replaced(document, way, data.draw(st.none() | st.booleans()))))
    assert set(after) <= set(before)
    assert all(commit in {None, before[own]} for own, commit in after.items())


def approvals(found: Any) -> dict[str, Any]:
    return {
        row.told["review_id"]: row.told.get("commit")
        for row in found.rows
        if row.table == "reviews" and row.told["state"] == "approved"
    }


@pytest.mark.parametrize("body", [b"", b"[" * 200_000, b'{"answers":[], "answers":[]}', b"\xff", b"NaN"])
def test_bytes_that_are_no_json(body: bytes) -> None:
    for name in NAMES:
        found = project_page("gitlab", name, "17", body, repository="a/b", organization="a", observed=NOW)
        assert found.rows == ()
        assert len(found.refused) == 1
