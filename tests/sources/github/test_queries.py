"""The queries: whole, small, and valid by GitHub's own schema as far as it is kept here."""

import gzip
import re
from importlib.resources import files
from pathlib import Path

import graphql
import pytest

from asbuilt.sources.github.queries import document

SCHEMAS = Path(__file__).parents[2] / "vectors" / "github-graphql"
NAMES = ("Requests", "RequestReviews", "RequestCommits", "RequestChecks", "RequestTimeline", "Deployments")


@pytest.mark.parametrize("name", NAMES)
def test_a_document_has_what_it_needs_and_nothing_else(name: str) -> None:
    text = document(name)
    assert "\n" not in text
    parsed = graphql.parse(text)
    named = [each.name.value for each in parsed.definitions if hasattr(each, "name") and each.name]
    assert named[0] == name
    assert set(named[1:]) == set(re.findall(r"\.\.\.(\w+)", text)) - {"on"}


def test_every_operation_of_the_file_is_known() -> None:
    text = (files("asbuilt.sources.github") / "queries.graphql").read_text("utf-8")
    assert tuple(re.findall(r"^query (\w+)", text, re.MULTILINE)) == NAMES


def test_there_is_no_other() -> None:
    with pytest.raises(KeyError):
        document("Everything")


def test_no_list_stands_below_a_review_or_a_commit_of_a_list() -> None:
    """Each would be counted once for each of them: the page would cost twenty times as much."""
    text = (files("asbuilt.sources.github") / "queries.graphql").read_text("utf-8")
    for name in ("Reviews", "Commits", "Timeline"):
        fragment = text.split(f"fragment {name} on")[1].split("\nfragment ")[0]
        assert "first:" not in fragment
        assert "last:" not in fragment


@pytest.mark.parametrize("name", NAMES)
def test_it_is_valid_by_the_schema(name: str) -> None:
    found = sorted(SCHEMAS.glob("*.graphql*"))
    assert found, "the part of GitHub's schema that the simulator uses"
    text = gzip.decompress(found[0].read_bytes()).decode() if found[0].suffix == ".gz" else found[0].read_text()
    schema = graphql.build_schema(text, assume_valid=True)
    assert graphql.validate(schema, graphql.parse(document(name))) == []
