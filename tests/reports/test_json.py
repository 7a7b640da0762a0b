import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from asbuilt.model.inspection import SCHEMA, Inspection
from asbuilt.model.trace import Trace
from asbuilt.reports.json import escape_active, inspection_json, trace_json
from asbuilt.reports.schemas import NAMES, make_schema, read_schema, schema_bytes
from tests.world import World, harbor, hostile, large, tiny

WORLDS = (harbor, hostile, tiny, World)


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_in_the_package_is_the_one_that_the_nouns_give(name: str) -> None:
    assert read_schema(name) == schema_bytes(name), "run: python -m asbuilt.reports.schemas"
    Draft202012Validator.check_schema(make_schema(name))


@pytest.mark.parametrize("world", WORLDS)
def test_an_inspection_keeps_to_its_schema_and_comes_back_whole(world: type[World]) -> None:
    inspection = world().inspection()
    document = inspection_json(inspection)
    Draft202012Validator(json.loads(read_schema("inspection-1"))).validate(json.loads(document))
    assert msgspec.json.decode(document, type=Inspection) == inspection


def test_a_trace_keeps_to_its_schema_and_comes_back_whole() -> None:
    trace = harbor().trace("src/harbor/quotes.py", to="v1.3.0")
    document = trace_json(trace)
    Draft202012Validator(json.loads(read_schema("trace-1"))).validate(json.loads(document))
    assert msgspec.json.decode(document, type=Trace) == trace


def test_the_schema_refuses_another_version_and_a_wrong_type() -> None:
    schema = Draft202012Validator(json.loads(read_schema("inspection-1")))
    document = json.loads(inspection_json(tiny().inspection()))
    assert document["schema"] == SCHEMA
    with pytest.raises(ValidationError):
        schema.validate(document | {"schema": "https://asbuilt.dev/schemas/inspection/2"})
    with pytest.raises(ValidationError):
        schema.validate(document | {"blocking": "none"})


def test_same_value_same_bytes_with_sorted_keys() -> None:
    document = inspection_json(harbor().inspection())
    assert document == inspection_json(harbor().inspection())
    assert document.endswith(b"}\n")
    keys = list(json.loads(document))
    assert keys == sorted(keys)


def test_nothing_is_cut() -> None:
    assert len(json.loads(inspection_json(large(1200).inspection()))["changes"]) == 1200


def test_printing_a_hostile_report_does_nothing() -> None:
    text = inspection_json(hostile().inspection()).decode()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\\u202e" in text


@given(st.text())
def test_escaping_keeps_the_data(text: str) -> None:
    document = escape_active(json.dumps([text], ensure_ascii=False).encode("utf-8", "replace"))
    assert json.loads(document) == [text]
