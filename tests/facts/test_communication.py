"""Communication: what the description must list, what is promised, who is answered, who is told."""

from collections.abc import Iterable
from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

READ = "2026-07-02T00:00:00Z"


def by_key(records: Iterable[Record], table: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[store.tables[table].key]: row for row in rows_of(store, table)}


# description_duties


def description(version: str, since: str, *components: str, **columns: Any) -> Record:
    return tell("descriptions", version=version, effective_from=since, components=list(components), **columns)


def described(*records: Record) -> dict[tuple[Any, ...], tuple[Any, Any]]:
    return {
        (row["kind"], row["component"], row["owed_from"][:10]): (
            row["done_at"] and row["done_at"][:10],
            row["seen_until"],
        )
        for row in by_key(records, "description_duties").values()
    }


def test_a_component_is_owed_since_it_came_into_use_and_by_each_version() -> None:
    store = tell("components_seen", component="vectors", kind="vector-store", in_use_from="2026-02-01")
    one, two = description("1", "2026-01-10", "app"), description("2", "2026-03-01", "app", "vectors")
    found = described(store, one, two, *covering("descriptions"))
    assert found == {
        ("component", "vectors", "2026-02-01"): ("2026-03-01", "2026-07-01T00:00:00Z"),
        ("version", "vectors", "2026-03-01"): ("2026-03-01", READ),
        ("review", None, "2026-01-10"): ("2026-03-01", "2026-07-01T00:00:00Z"),
        ("review", None, "2026-03-01"): (None, "2026-07-01T00:00:00Z"),
    }


def test_what_stands_from_the_beginning_is_held_against_each_version() -> None:
    system = tell("systems", system="aws", in_scope=True)
    assert described(system, description("1", "2026-01-10")) == {
        ("version", "aws", "2026-01-10"): (None, READ),
        ("review", None, "2026-01-10"): (None, None),
    }
    gone = tell("systems", system="aws", in_scope=True, in_use_until="2026-01-05")
    assert ("version", "aws", "2026-01-10") not in described(gone, description("1", "2026-01-10"))
    unlisted = tell("descriptions", version="1", effective_from="2026-01-10")
    assert described(system, unlisted)["version", "aws", "2026-01-10"] == (None, None)


def test_only_what_is_in_scope_and_what_matters_must_be_listed() -> None:
    found = described(
        tell("systems", system="wiki", in_scope=False),
        tell("repositories", repository="acme/app", in_scope=True),
        tell("vendors", vendor="mail", tier="low"),
        tell("vendors", vendor="host", tier="critical"),
        tell("vendors", vendor="model-host", holds_customer_data=True),
        description("1", "2026-01-10"),
    )
    assert {component for kind, component, _ in found if kind == "version"} == {"acme/app", "host", "model-host"}


def test_a_version_is_shared_when_staff_and_customers_have_it_and_somebody_approved_it() -> None:
    shared = {"shared_with_staff_at": "2026-01-11", "shared_with_customers_at": "2026-01-12", "approved_by": "ana"}

    def is_shared(**columns: Any) -> Any:
        (row,) = by_key([description("1", "2026-01-10", **columns)], "description_duties").values()
        return row["is_shared"]

    assert is_shared(**shared) is True
    assert is_shared(**{**shared, "shared_with_customers_at": None}) is False
    assert is_shared(**{**shared, "approved_by": None}) is False


# commitment_duties


def commitment(**columns: Any) -> Record:
    return tell("commitments", **{"commitment": "up", "stated_from": "2026-01-10", "metric": "uptime", **columns})


def looked(moment: str, shows: bool = True) -> Record:
    return tell("commitment_snapshots", commitment="up", taken_at=moment, shows_commitment=shows)


def test_a_commitment_has_a_metric_and_a_control_that_exists() -> None:
    register = tell("control_register", control="AVL-01")

    def kept(*records: Record) -> Any:
        (row,) = (row for row in by_key(records, "commitment_duties").values() if row["kind"] == "mapping")
        return row["is_kept"]

    assert kept(commitment(controls=["AVL-01"]), register) is True
    assert kept(commitment(controls=["AVL-01"], metric=None), register) is False
    assert kept(commitment(controls=["AVL-09"]), register) is False
    assert kept(commitment(controls=["AVL-01"])) is None
    assert kept(commitment(), register) is False
    assert kept(commitment()) is False


def test_each_look_is_owed_since_the_one_before() -> None:
    records = [
        commitment(),
        looked("2026-03-01"),
        looked("2026-05-01", shows=False),
        *covering("commitment_snapshots"),
    ]
    found = [row for row in by_key(records, "commitment_duties").values() if row["kind"] == "snapshot"]
    assert [(row["owed_from"][:10], (row["done_at"] or "")[:10], row["is_kept"]) for row in found] == [
        ("2026-01-10", "2026-03-01", True),
        ("2026-03-01", "2026-05-01", False),
        ("2026-05-01", "", None),
    ]
    assert {row["seen_until"] for row in found} == {"2026-07-01T00:00:00Z"}


# channel_duties


def test_a_report_is_open_until_somebody_answers() -> None:
    answered = tell(
        "reports_received", report="R1", channel="support", received_at="2026-02-01", first_response_at="2026-02-02"
    )
    waiting = tell("reports_received", report="R2", channel="support", received_at="2026-02-01")
    found = by_key([answered, waiting], "channel_duties")
    assert {key: (row["done_at"], row["seen_until"]) for key, row in found.items()} == {
        "report | R1": ("2026-02-02T00:00:00Z", READ),
        "report | R2": (None, READ),
    }


def test_every_channel_is_tried_in_each_month_that_was_read() -> None:
    def probe(channel: str, moment: str, reachable: bool) -> Record:
        return tell("channel_probes", channel=channel, probed_at=moment, reachable=reachable)

    probes = [
        probe("support", "2026-02-01", True),
        probe("support", "2026-02-09", False),
        probe("chat", "2026-02-09", True),
    ]
    found = by_key([*probes, *covering("channel_probes", since="2026-01-20", until="2026-03-01")], "channel_duties")
    assert {key: (row["done_at"], row["is_reachable"]) for key, row in found.items()} == {
        "probe | chat | 2026-02": ("2026-02-09T00:00:00Z", True),
        "probe | disclosure-policy | 2026-02": (None, None),
        "probe | security-address | 2026-02": (None, None),
        "probe | staff-confidential | 2026-02": (None, None),
        "probe | support | 2026-02": ("2026-02-01T00:00:00Z", False),
    }
    unread = by_key(probes, "channel_duties")
    assert {(key, row["seen_until"]) for key, row in unread.items()} == {
        ("probe | chat | 2026-02", None),
        ("probe | support | 2026-02", None),
    }


# notice_duties


def test_the_first_notice_to_customers_counts() -> None:
    incident = tell("incidents", incident="I1", detected_at="2026-02-01", severity="high", customer_affecting=True)
    change = tell("significant_changes", change="S1", kind="model", released_at="2026-03-01")
    notices = [
        tell("notices", notice="N1", subject="I1", sent_at="2026-02-02", audience="regulator"),
        tell("notices", notice="N2", subject="I1", sent_at="2026-02-05", audience="customers"),
        tell("notices", notice="N3", subject="I1", sent_at="2026-02-04", audience="customers"),
    ]
    found = by_key([incident, change, *notices, *covering("notices")], "notice_duties")
    assert found["incident | I1"]["done_at"] == "2026-02-04T00:00:00Z"
    assert found["incident | I1"]["is_affecting"] is True
    assert (found["change | S1"]["done_at"], found["change | S1"]["is_affecting"]) == (None, None)
    assert found["change | S1"]["seen_until"] == "2026-07-01T00:00:00Z"
