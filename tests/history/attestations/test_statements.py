"""in-toto statements."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.history.attestations.statements import parse_statement
from asbuilt.model.errors import SourceError

COMMIT = "c" * 40
V1 = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"name": "app.whl", "digest": {"sha256": "ab" * 32}}],
    "predicateType": "https://slsa.dev/provenance/v1",
    "predicate": {
        "buildDefinition": {
            "resolvedDependencies": [
                {"uri": "pkg:pypi/x", "digest": {"sha256": "00"}},
                {"uri": "git+https://github.com/a/b@refs/heads/main", "digest": {"gitCommit": COMMIT}},
            ]
        },
        "runDetails": {"builder": {"id": "https://b"}, "metadata": {"finishedOn": "2026-03-01T00:00:00Z"}},
    },
}
V02 = {
    "_type": "https://in-toto.io/Statement/v0.1",
    "subject": [{"name": "app", "digest": {"sha256": "ab" * 32}}],
    "predicateType": "https://slsa.dev/provenance/v0.2",
    "predicate": {
        "builder": {"id": "https://b"},
        "metadata": {"buildFinishedOn": "2026-03-01T00:00:00Z"},
        "materials": [{"uri": "git+https://github.com/a/b", "digest": {"sha1": COMMIT}}],
    },
}
SUMMARY = {
    "_type": "https://in-toto.io/Statement/v1",
    "subject": [{"digest": {"gitCommit": COMMIT}}],
    "predicateType": "https://slsa.dev/verification_summary/v1",
    "predicate": {"verifier": {"id": "https://b"}, "timeVerified": "2026-03-01T00:00:00Z"},
}


@pytest.mark.parametrize("told", [V1, V02, SUMMARY], ids=["provenance v1", "provenance v0.2", "summary"])
def test_commit_builder_and_moment(told: dict) -> None:
    found = parse_statement(json.dumps(told).encode(), "x")
    assert (found.commit, found.builder, found.made_at) == (COMMIT, "https://b", 1_772_323_200)


@pytest.mark.parametrize("told", [{}, {"_type": "x"}, {**V1, "subject": []}, {**V1, "subject": 3}, [], 7])
def test_what_is_none_is_refused(told: object) -> None:
    with pytest.raises(SourceError, match="no in-toto statement"):
        parse_statement(json.dumps(told).encode(), "a.json:3")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)


@given(st.sampled_from(sorted(V1)), json_values, st.sampled_from(["buildDefinition", "runDetails"]), json_values)
def test_wrong_types_are_unknown_or_refused(field: str, value: object, inner: str, other: object) -> None:
    told = {**V1, "predicate": {**V1["predicate"], inner: other}, field: value}
    try:
        found = parse_statement(json.dumps(told).encode(), "x")
    except SourceError:
        return
    assert found.subjects
