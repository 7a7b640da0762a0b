"""How long findings stayed open is counted within the window, by who wrote what they are about."""

from typing import Any

from asbuilt.app.mending import mending_of
from asbuilt.model.audit import Mending
from asbuilt.model.record import Record
from asbuilt.model.window import Window
from tests.facts.telling import facts_of, moment, tell

WINDOW = Window(moment("2026-01-01"), moment("2026-07-01"))


def finding(name: str, first: str, closed: str | None = None, who: str | None = "ai-declared") -> list[Record]:
    seen: dict[str, Any] = {"finding": name, "target": "acme/shop", "found_by": "semgrep", "severity": "high"}
    told = [tell("findings_seen", seen_at=first, attribution=who, **seen)]
    return [*told, tell("findings_seen", seen_at=closed, closed_at=closed, **seen)] if closed else told


def test_a_finding_counts_where_it_stood_in_the_window() -> None:
    records = [
        *finding("a", "2026-02-01", "2026-02-05"),
        *finding("b", "2026-02-01", "2026-02-11"),
        *finding("c", "2025-12-01", "2026-08-01"),  # closed after the window: at its end it was open
        *finding("d", "2026-06-01"),
        *finding("long before", "2025-01-01", "2025-02-01"),
        *finding("long after", "2026-09-01"),
        *finding("e", "2026-03-01", "2026-03-02", who=None),
    ]
    with facts_of(records, only=["changes", "findings"]) as store:
        assert mending_of(store, WINDOW) == (
            Mending("ai-declared", 4, 2, 2, 7.0, 10),
            Mending("unknown", 1, 1, 0, 1.0, 1),
        )
        everything = mending_of(store, Window(None, None))
    assert [(own.findings, own.closed) for own in everything] == [(6, 4), (1, 1)]


def test_weaknesses_of_packages_are_told_apart_from_those_in_code() -> None:
    told = {"target": "acme/shop", "package": "npm:a", "package_version": "1.0", "severity": "high"}
    came = {"repository": "acme/shop", "change_id": "c1", "package": "npm:a", "version": "1.0"}
    records = [
        *finding("a", "2026-02-01", "2026-02-05"),
        tell("findings_seen", finding="p", seen_at="2026-02-01", **told),
        tell("findings_seen", finding="p", seen_at="2026-02-20", closed_at="2026-02-20", **told),
        tell(
            "changes_seen", repository="acme/shop", change_id="c1", landed_at="2026-01-20", attribution="automation"
        ),
        tell("dependencies_added", added_at="2026-01-20", **came),
    ]
    with facts_of(records, only=["changes", "findings"]) as store:
        assert mending_of(store, WINDOW) == (
            Mending("ai-declared", 1, 1, 0, 4.0, 4),
            Mending("automation", 1, 1, 0, 19.0, 19, "packages"),
        )


def test_where_no_finding_is_known_nothing_is_told() -> None:
    with facts_of([], only=["changes", "findings"]) as store:
        assert mending_of(store, WINDOW) == ()
