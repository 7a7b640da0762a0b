"""Any bytes at all: rows that can be recorded, or a sentence; never a crash, never an approval out of nothing."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.facts.forge import Projection, project_page, projectors
from asbuilt.facts.forge.projecting import LARGEST_PAGE
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.schemas import TABLES
from asbuilt.model.evidence import Problems
from asbuilt.model.text import visible
from tests.facts.forge.github import payloads
from tests.facts.forge.github.test_deployments import answer as deployments
from tests.facts.forge.github.test_deployments import deployment
from tests.facts.forge.test_values import JSON

GOOD: dict[str, Any] = {
    "graphql/requests": payloads.answer(payloads.node()),
    "pull": payloads.pull(),
    "pulls": [payloads.pull()],
    "pull/reviews": [payloads.review()],
    "pull/commits": [payloads.commit()],
    "issue/timeline": payloads.events(),
    "commit/check-runs": {"check_runs": [payloads.check_run()]},
    "commit/statuses": [
        {"id": 5, "sha": "a" * 40, "state": "success", "context": "ci", "created_at": "2026-03-01T00:00:00Z"}
    ],
    "graphql/deployments": deployments(deployment()),
    "export/pull": payloads.exported(),
}
NAMES = sorted(projectors("github"))
ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        None,
        True,
        "",
        "\x1b[2J::set-output name=a::b",
        "x" * 5000,
        -1,
        2**70,
        1e308,
        [],
        {},
        [[]],
        "APPROVED",
        "2999-01-01T00:00:00Z",
    ]
)


def recordable(found: Projection) -> None:
    """Every row passes the check that everything recorded passes."""
    for row in found.rows:
        problems = Problems()
        check_rows(
            TABLES[row.table],
            [RawRow(0, row.told)],
            name=row.table,
            observed=payloads.OBSERVED,
            problems=problems,
            typed=True,
        )
        problems.refuse()
    assert all(isinstance(each, str) and visible(each) == each and len(each) < 1000 for each in found.refused)


@settings(max_examples=300)
@given(st.sampled_from(NAMES), st.binary(max_size=60), st.text(max_size=12))
def test_any_bytes(name: str, body: bytes, key: str) -> None:
    recordable(payloads.project(name, body, key))


@settings(max_examples=300)
@given(st.sampled_from(NAMES), JSON)
def test_any_json(name: str, document: object) -> None:
    recordable(payloads.project(name, json.dumps(document).encode()))


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_any_change_of_a_good_page(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(GOOD)))
    document = copy.deepcopy(GOOD[name])
    places = list(_places(document))
    for _ in range(data.draw(st.integers(1, 4))):
        holder, own = places[data.draw(st.integers(0, len(places) - 1))]
        holder[own] = data.draw(ODD | JSON)
    found = payloads.project(name, json.dumps(document).encode())
    recordable(found)


@given(JSON)
def test_no_other_word_and_no_other_account_makes_a_person_s_approval(odd: object) -> None:
    for name in ("state", "user", "submitted_at"):
        for row in payloads.project("pull/reviews", [payloads.review(**{name: odd})]).rows:
            assert name != "submitted_at"
            assert row.told["state"] != "approved" or name == "user" or str(odd).casefold() == "approved"
            assert name != "user" or row.told.get("is_bot") is not False


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a document at which something stands."""
    held = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for own, inner in list(held):
        yield value, own
        yield from _places(inner)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_field_that_is_missing_leaves_the_rest(name: str) -> None:
    for holder, own in _places(document := copy.deepcopy(GOOD[name])):
        if isinstance(holder, dict):
            kept = holder.pop(own)
            recordable(payloads.project(name, document))
            holder[own] = kept
    assert payloads.project(name, document) == payloads.project(name, GOOD[name])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON"),
        (b"<html>", "no JSON"),
        (b"[1,]", "no JSON"),
        (b'{"number": NaN}', "NaN"),
        (b'{"number": -Infinity}', "-Infinity"),
        (b'{"state": "APPROVED", "state": "COMMENTED"}', "one name twice"),
        (b'[{"a": {"b": 1, "b": 1}}]', "one name twice"),
        (b'"\xff"', "not UTF-8"),
        ('"x"'.encode("utf-16"), "not UTF-8"),
        (b"\xef\xbb\xbf[]", "no JSON"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
        (b"1" * 5000, "too long"),
        (b"[]" + b" " * LARGEST_PAGE, "at most"),
    ],
)
def test_what_is_no_json_of_ours_is_refused_whole(body: bytes, words: str) -> None:
    for name in ("pull", "pull/reviews", "export/pull"):
        found = payloads.project(name, body)
        assert found.rows == ()
        assert words in found.refused[0]


def test_megabytes_of_text_are_cut() -> None:
    (row,) = payloads.rows("pull", payloads.pull(title="x" * 5_000_000, body="Fixes #1 " * 500_000), "requests")
    assert len(row["title"]) == 500
    assert len(json.dumps(row)) < 2000


def test_one_identity_told_twice_is_kept_once_when_equal_and_not_at_all_when_not() -> None:
    both = [payloads.review(), payloads.review()]
    assert len(payloads.rows("pull/reviews", both, "reviews")) == 1
    found = payloads.project(
        "pull/reviews", [payloads.review(), payloads.review(state="DISMISSED"), payloads.review(id=3)]
    )
    assert [row.told["review_id"] for row in found.rows] == ["3"]
    assert "told twice, differently" in found.refused[0]


def test_what_has_yet_to_happen_is_refused() -> None:
    found = payloads.project("pull/reviews", [payloads.review(submitted_at="2999-01-01T00:00:00Z")])
    assert found.rows == ()
    assert "still to come" in found.refused[0]


def test_a_page_or_a_forge_that_nobody_knows() -> None:
    found = payloads.project("pull/thoughts\x1b", {})
    assert found == ((), ("pull/thoughts\\x1b 17: no page of this name is known.",))
    told = {"repository": None, "organization": None, "observed": 0}
    for forge in ("nosuch", "../github", "github.requests", ""):
        assert project_page(forge, "pull", "1", b"{}", **told).rows == ()  # type: ignore[arg-type]
    assert "graphql/requests" in projectors("github")
