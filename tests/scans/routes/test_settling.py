"""From what was seen of a route to its verdict, in the order of the steps."""

import pytest

from asbuilt.catalogue.route_guards import load_route_guards
from asbuilt.scans.routes.judged import NOTHING, Judged
from asbuilt.scans.routes.settling import Seen, is_declared, settle

GUARD, OPEN, UNKNOWN = Judged("guard", "a guard"), Judged("open", "declared"), Judged("unknown", "who knows")


def settled(path: str = "/orders", code: str = "", public: tuple[str, ...] = (), **more):
    more = {"methods": ("POST",), "handler": "add", **more}
    seen = Seen(framework="Flask", path=path, file="a.py", line=1, code=lambda: code, **more)
    return settle(seen, load_route_guards(), public)


@pytest.mark.parametrize(
    ("judged", "inside", "verdict"),
    [
        (GUARD, NOTHING, "guarded"),
        (OPEN, GUARD, "public"),
        (NOTHING, GUARD, "guarded"),
        (UNKNOWN, GUARD, "guarded"),
        (UNKNOWN, NOTHING, "unknown"),
        (NOTHING, UNKNOWN, "unknown"),
        (NOTHING, NOTHING, "unguarded"),
    ],
)
def test_what_stands_before_and_what_the_code_does(judged: Judged, inside: Judged, verdict: str) -> None:
    assert settled(judged=judged, inside=inside).verdict == verdict


def test_what_the_company_declares_comes_first() -> None:
    assert settled(judged=GUARD, public=("add",)).verdict == "public"


def test_a_name_alone_is_a_doubt_and_evidence_makes_it_open_by_nature() -> None:
    alone = settled("/login", "return 'hello'")
    assert (alone.verdict, alone.doubt, alone.flagged) == ("unguarded", "sign-in", True)
    assert "nothing in it shows" in alone.because
    shown = settled("/login", "if check_password_hash(a, b): pass")
    assert (shown.verdict, shown.doubt) == ("public", None)
    assert settled("/login", "check_password_hash(a, b)", judged=GUARD).verdict == "guarded"


def test_nobody_registers_himself_at_an_inner_path() -> None:
    assert settled("/users/", "hash_password(x)", handler="create_user").verdict == "public"
    inner = settled("/private/users/", "hash_password(x)", handler="create_user")
    assert (inner.verdict, inner.doubt) == ("unguarded", "registration")


@pytest.mark.parametrize(
    ("path", "methods", "verdict"),
    [
        ("/ping", ("POST",), "unguarded"),
        ("/ping", ("GET", "POST"), "public"),
        ("/ping", ("ANY",), "public"),
        ("/csp-report", ("POST",), "public"),
    ],
)
def test_what_only_takes_changes_is_no_health_check(path: str, methods: tuple[str, ...], verdict: str) -> None:
    assert settled(path, "return 1", methods=methods).verdict == verdict


def test_a_route_that_reads_needs_no_nature() -> None:
    assert settled("/login", methods=("GET",)).doubt is None


@pytest.mark.parametrize(
    ("entry", "holds"),
    [
        ("/orders", True), ("/ord*", True), ("POST /orders", True), ("POST,PUT /orders", True), ("add", True),
        ("GET /orders", False), ("/other", False), ("orders", False), ("remove", False), ("", False),
    ],
)  # fmt: skip
def test_ways_to_declare_a_route_public(entry: str, holds: bool) -> None:
    assert is_declared([entry], ("POST",), "/orders", "add") is holds
    assert is_declared([entry], ("POST",), "orders", "add") is holds  # as Django writes it


def test_long_names_are_cut() -> None:
    assert len(settled("/" + "x" * 10_000, handler="y" * 10_000).path) <= 200
