"""The table of routes as JSON: everything that is known of each."""

import json

import msgspec

from asbuilt.model.route import SCHEMA, RouteTable


def routes_json(table: RouteTable) -> bytes:
    """The table, with the name of its shape first; ``flagged`` stands beside each route."""
    routes = [{**msgspec.to_builtins(route), "flagged": route.flagged} for route in table.routes]
    held = {
        "schema": SCHEMA,
        "routes": routes,
        "files": table.files,
        "left_out": table.left_out,
        "unread": msgspec.to_builtins(table.unread),
    }
    return (json.dumps(held, indent=2, ensure_ascii=True) + "\n").encode("ascii")
