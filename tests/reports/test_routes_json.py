"""The table of routes as programs read it."""

import json

import msgspec
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from asbuilt.model.component import Unread
from asbuilt.model.route import SCHEMA, OtherFramework, Route, RouteTable
from asbuilt.reports.routes_json import routes_json
from asbuilt.reports.schemas import read_schema

ROUTE = Route(
    framework="Express", methods=("POST", "PUT"), path="/é", handler="add\u202e##[", file="a.js", line=3,
    verdict="unguarded", because="nothing stands before it", changes=True, doubt="webhook",
)  # fmt: skip
TABLE = RouteTable(
    routes=(ROUTE,),
    files=1,
    unread=(Unread(path="b.js", why="x"),),
    others=(OtherFramework(name="Fastify", files=2, first="c.js"),),
)


def test_everything_that_is_known_of_each() -> None:
    told = json.loads(routes_json(TABLE))
    assert told["schema"] == SCHEMA
    (own,) = told["routes"]
    assert own["flagged"] is True
    assert (own["path"], own["methods"], own["doubt"]) == ("/é", ["POST", "PUT"], "webhook")
    assert told["unread"][0]["path"] == "b.js"
    assert told["others"] == [{"name": "Fastify", "files": 2, "first": "c.js"}]


def test_it_keeps_to_its_schema_and_comes_back_whole() -> None:
    document = routes_json(TABLE)
    Draft202012Validator(json.loads(read_schema("routes-1"))).validate(json.loads(document))
    assert msgspec.json.decode(document, type=RouteTable) == TABLE


def test_the_schema_refuses_a_route_that_does_not_say_whether_it_is_flagged() -> None:
    told = json.loads(routes_json(TABLE))
    del told["routes"][0]["flagged"]
    with pytest.raises(ValidationError, match="flagged"):
        Draft202012Validator(json.loads(read_schema("routes-1"))).validate(told)


def test_names_of_a_repository_cannot_act_on_a_terminal_or_a_runner() -> None:
    document = routes_json(TABLE)
    assert b"##[" not in document
    assert "\u202e".encode() not in document
