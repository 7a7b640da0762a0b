"""The table of routes as JSON: everything that is known of each; ``schemas/routes-1.json`` describes it."""

import msgspec

from asbuilt.model.route import SCHEMA, RouteTable
from asbuilt.reports.gate_json import inert_json


def routes_json(table: RouteTable) -> bytes:
    """The whole table as UTF-8 JSON with sorted keys; ``flagged`` stands beside each route."""
    routes = [{**msgspec.to_builtins(route), "flagged": route.flagged} for route in table.routes]
    return inert_json({**msgspec.to_builtins(table), "schema": SCHEMA, "routes": routes})
