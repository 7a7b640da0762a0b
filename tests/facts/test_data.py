"""Stores and the inventory, data whose time is over, AI traffic, and data outside production."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell


def derived(table: str, *records: Record, key: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[key]: row for row in rows_of(store, table)}


def asset(name: str, **columns: Any) -> Record:
    told = {"asset": name, "seen_at": "2026-02-01", "kind": "bucket", "is_production": True, **columns}
    return tell("data_assets_seen", **told)


def test_an_entry_is_owed_since_the_store_was_made_and_a_review_after_each_entry() -> None:
    rows = derived(
        "data_asset_duties",
        asset("new", first_seen_at="2026-01-20"),
        asset("new", seen_at="2026-03-01", gone_at="2026-03-10"),
        asset("old", first_seen_at="2019-01-01", kind="database"),
        tell("data_inventory", asset="old", reviewed_at="2025-02-01", classification="secret", owner="ana"),
        tell("data_inventory", asset="old", reviewed_at="2026-01-15", classification="secret"),
        tell("data_inventory", asset="paper", reviewed_at="2026-05-01"),
        *covering("data_inventory"),
        key="duty",
    )
    assert {
        key: (row["done_at"] and row["done_at"][:10], row["kind"], row["is_first"], row["owner"], row["seen_until"])
        for key, row in rows.items()
    } == {
        "new | entry | 2026-01-20T00:00:00Z": (None, "bucket", True, None, "2026-07-01T00:00:00Z"),
        "old | entry | 2026-01-01T00:00:00Z": ("2025-02-01", "database", True, "ana", "2026-07-01T00:00:00Z"),
        "old | review | 2025-02-01T00:00:00Z": ("2026-01-15", "database", False, None, None),
        "old | review | 2026-01-15T00:00:00Z": (None, "database", False, None, "2026-07-01T00:00:00Z"),
        "paper | review | 2026-05-01T00:00:00Z": (None, "unseen", False, None, "2026-07-01T00:00:00Z"),
    }
    assert rows["new | entry | 2026-01-20T00:00:00Z"]["lapsed_at"] == "2026-03-10T00:00:00Z"


def test_data_is_gone_when_the_backups_have_lost_it_too() -> None:
    def disposal(name: str, store: str, at: str, **columns: Any) -> Record:
        return tell("disposals", disposal=name, ending="E", store=store, deleted_at=at, **columns)

    rows = derived(
        "disposal_duties",
        tell("retention_ends", ending="E", ended_at="2026-02-01", kind="contract",
             stores=["db", "logs", "vectors", "provider", "db"]),
        disposal("1", "db", "2026-02-10", backups_gone_at="2026-03-10", rows_left=0),
        disposal("2", "db", "2026-02-20", has_backups=False, rows_left=9),
        disposal("3", "logs", "2026-02-11", has_backups=False),
        disposal("4", "vectors", "2026-02-12", has_backups=True),
        *covering("disposals"),
        key="store",
    )  # fmt: skip
    assert {
        key: (row["done_at"] and row["done_at"][:10], row["backups_known"], row["rows_left"])
        for key, row in rows.items()
    } == {
        "db": ("2026-03-10", True, 0),
        "logs": ("2026-02-11", True, None),
        "vectors": (None, False, None),
        "provider": (None, None, None),
    }
    assert rows["provider"]["seen_until"] == "2026-07-01T00:00:00Z"


def test_traffic_is_tied_to_the_provider_of_its_host() -> None:
    def request(name: str, host: str, **columns: Any) -> Record:
        told = {"requested_at": "2026-02-01", "decision": "allowed", "data_class": "internal", **columns}
        return tell("ai_requests", request=name, host=host, **told)

    rows = derived(
        "ai_traffic",
        tell("ai_providers", provider="wide", name="W", hosts=["example.com"], allowed_data_classes=["public"]),
        tell(
            "ai_providers", provider="own", name="O", hosts=["api.example.com"], allowed_data_classes=["internal"]
        ),
        tell("ai_providers", provider="past", name="P", hosts=["old.test"], in_use_until="2026-01-01"),
        request("1", "EU.api.example.com"),
        request("2", "chat.example.com"),
        request("3", "notexample.com"),
        request("4", "api.example.com", data_class=None),
        request("5", "old.test"),
        request("6", "later.test", requested_at="2026-09-01"),
        tell("ai_egress", egress="1", host="chat.example.com", seen_at="2026-02-01", through_gateway=False),
        tell("ai_egress", egress="2", host="chat.example.com", seen_at="2026-02-01", through_gateway=True),
        *covering("ai_providers"),
        key="traffic",
    )
    assert {
        key: (row["provider"], row["provider_known"], row["class_allowed"], row["through_gateway"])
        for key, row in rows.items()
    } == {
        "gateway | 1": ("own", True, True, True),
        "gateway | 2": ("wide", True, False, True),
        "gateway | 3": (None, False, None, True),
        "gateway | 4": ("own", True, None, True),
        "gateway | 5": (None, False, None, True),
        "gateway | 6": (None, None, None, True),
        "egress | 1": ("wide", True, None, False),
    }


def test_stores_outside_production_are_searched_each_month() -> None:
    def scan(name: str, at: str, hits: int = 0) -> Record:
        return tell("data_marker_scans", scan=name, asset="test-db", scanned_at=at, markers_found=hits)

    def dataset(name: str, **columns: Any) -> Record:
        told = {"purpose": "evaluation", "first_used_at": "2026-02-01", "approved_by": "ana",
                "approved_at": "2026-01-20", "from_production": False, **columns}  # fmt: skip
        return tell("datasets", dataset=name, **told)

    rows = derived(
        "non_production_data",
        asset("prod"),
        asset("pipe", is_production=False, kind="flow"),
        asset("test-db", is_production=False, first_seen_at="2026-01-10"),
        scan("1", "2026-01-15"),
        scan("2", "2026-02-15", 3),
        scan("3", "2026-02-16"),
        scan("4", "2026-05-02"),
        dataset("clean"),
        dataset("late", approved_at="2026-02-02"),
        dataset("nobody", approved_by=None),
        dataset("raw", from_production=True, is_masked=False),
        dataset("masked", from_production=True, is_masked=True),
        dataset("unsaid", from_production=None),
        tell("training_switches", workspace="chat", looked_at="2026-02-01", training_off=False),
        *covering("data_marker_scans", until="2026-04-01"),
        key="use",
    )
    assert {key: (row["looked"], row["is_clean"], row["is_approved"]) for key, row in rows.items()} == {
        "store | test-db | 2026-01": (True, True, True),
        "store | test-db | 2026-02": (True, False, True),
        "store | test-db | 2026-03": (False, None, True),
        "store | test-db | 2026-04": (None, None, True),
        "store | test-db | 2026-05": (True, True, True),
        "dataset | clean": (True, True, True),
        "dataset | late": (True, True, False),
        "dataset | nobody": (True, True, False),
        "dataset | raw": (True, False, True),
        "dataset | masked": (True, True, True),
        "dataset | unsaid": (True, None, True),
        "workspace | chat | 2026-02-01T00:00:00Z": (True, False, True),
    }
    assert rows["store | test-db | 2026-02"]["happened_at"] == "2026-02-28T23:59:59Z"
