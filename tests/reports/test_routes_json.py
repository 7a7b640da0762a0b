"""The table of routes as programs read it."""

import json

from asbuilt.model.component import Unread
from asbuilt.model.route import Route, RouteTable
from asbuilt.reports.routes_json import routes_json


def test_everything_that_is_known_of_each() -> None:
    route = Route(
        framework="Express", methods=("POST", "PUT"), path="/é", handler="add", file="a.js", line=3,
        verdict="unguarded", because="nothing stands before it", changes=True, doubt="webhook",
    )  # fmt: skip
    told = json.loads(routes_json(RouteTable(routes=(route,), files=1, unread=(Unread(path="b.js", why="x"),))))
    assert told["schema"] == "asbuilt/routes/1"
    (own,) = told["routes"]
    assert own["flagged"] is True
    assert (own["path"], own["methods"], own["doubt"]) == ("/é", ["POST", "PUT"], "webhook")
    assert told["unread"][0]["path"] == "b.js"
