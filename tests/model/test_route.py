"""What of a route is flagged."""

import pytest

from asbuilt.model.route import Route, RouteTable


def route(verdict="unguarded", changes: bool = True) -> Route:
    return Route(
        framework="Flask", methods=("POST",), path="/", handler="a", file="a.py", line=1, verdict=verdict,
        because="b", changes=changes,
    )  # fmt: skip


@pytest.mark.parametrize("verdict", ["guarded", "public", "unknown"])
def test_only_what_is_open_and_changes_something_is_flagged(verdict) -> None:
    assert route().flagged
    assert not route(changes=False).flagged
    assert not route(verdict).flagged
    assert RouteTable(routes=(route(verdict), route())).flagged == (route(),)
