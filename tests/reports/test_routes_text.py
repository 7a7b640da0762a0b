"""The table of routes as people read it."""

import re

from asbuilt.model.component import Unread
from asbuilt.model.route import OtherFramework, Route, RouteTable
from asbuilt.reports.routes_text import routes_text


def route(**more) -> Route:
    told = {
        "framework": "Flask", "methods": ("POST",), "path": "/orders", "handler": "add", "file": "shop/orders.py",
        "line": 7, "verdict": "unguarded", "because": "nothing stands before it", "changes": True, **more,
    }  # fmt: skip
    return Route(**told)


def test_what_is_open_comes_first_and_unknown_is_no_guard() -> None:
    table = RouteTable(
        routes=(
            route(verdict="guarded", because="login_required", path="/a"),
            route(verdict="unknown", because="who knows", path="/b"),
            route(verdict="public", because="by declaration", path="/c"),
            route(),
            route(methods=("GET",), changes=False, path="/d"),
        ),
        files=3,
    )
    text = routes_text(table)
    heads = re.findall(r"^(Open to anybody|Unknown|Open by declaration|Guarded)[^\n]*: 1$", text, re.MULTILINE)
    assert heads == ["Open to anybody", "Unknown", "Open by declaration", "Guarded"]
    assert "! POST /orders" in text
    assert "  POST /a" in text
    assert "/d" not in text
    assert "1 routes that only read are not listed." in text
    assert "5 routes in 3 files (Flask 5); 4 change something; 1 of them are open and not declared so." in text
    assert "GET /d" in routes_text(table, reads=True)


def test_no_route_says_what_was_looked_for() -> None:
    assert "of no others" in routes_text(RouteTable(routes=(), files=2))


def test_what_was_not_read_is_named_and_hostile_names_are_shown_plainly() -> None:
    unread = tuple(Unread(path=f"a{number}\x1b[31m.py", why="It is deep.") for number in range(25))
    text = routes_text(RouteTable(routes=(route(path="/\x1b[2J\n"),), unread=unread, left_out=4))
    assert "\x1b" not in text
    assert "and 5 more were not read" in text
    assert "4 files of tests" in text


def test_frameworks_whose_routes_are_not_read_are_named() -> None:
    others = (
        OtherFramework(name="Hono", files=3, first="api/\x1b[2Ja.ts"),
        OtherFramework(name="tRPC", files=1, first="rpc.ts"),
    )
    text = routes_text(RouteTable(routes=(), files=4, others=others))
    assert "not read: the routes of Hono: api/" in text
    assert "and 2 more files\n" in text
    assert "not read: the routes of tRPC: rpc.ts\n" in text
    assert "\x1b" not in text
