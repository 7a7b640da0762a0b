"""How data is guarded: encryption where it lies, and secrets that come into code."""

from typing import Any

import pytest

from asbuilt.facts.store import open_facts, project
from asbuilt.model.record import Record, encode_entry
from tests.facts.telling import covering, facts_of, rows_of, tell

HR = [
    tell("people", person="ana", name="Ana", starts_at="2020-01-01", identities=["ana-gh"]),
    tell("people", person="bo", name="Bo", starts_at="2020-01-01"),
    tell("people", person="lee", name="Lee", starts_at="2020-01-01", ends_at="2026-02-01"),
]


def rows(table: str, *records: Record) -> list[dict[str, Any]]:
    with facts_of([*HR, *records], only=["changes", table]) as store:
        return rows_of(store, table)


# Encryption at rest.


def store(name: str = "db", made: str = "2026-02-01T00:00:00Z", **columns: Any) -> Record:
    told = {"seen_at": "2026-03-01", "kind": "database", "is_production": True, "first_seen_at": made, **columns}
    return tell("data_assets_seen", asset=name, **told)


def setting(since: str, until: str | None = None, **columns: Any) -> Record:
    told = {"store": "db", "copy": "live", "is_encrypted": True, "key_managed": True, **columns}
    return tell("encryption_settings", held_from=since, held_until=until or "2026-07-01", **told)


LOOKS = covering("encryption_settings")


def unchecked(*records: Record) -> list[tuple[Any, ...]]:
    return [
        (row["unchecked_hours"], row["is_encrypted"], row["held_from"][5:13], row["held_until"][5:13])
        for row in rows("encryption_at_rest", *records)
        if row["unchecked_hours"] is not None
    ]


def test_a_look_is_told_for_the_store_or_for_its_backups() -> None:
    found = rows(
        "encryption_at_rest", setting("2026-01-01"), setting("2026-01-01", copy="backup", is_encrypted=None)
    )
    assert [(row["place"], row["is_encrypted"], row["key_managed"], row["held_until"]) for row in found] == [
        ("db", True, True, "2026-07-01T00:00:00Z"),
        ("db | backup", None, True, "2026-07-01T00:00:00Z"),
    ]


def test_a_new_store_is_unchecked_until_the_first_look_at_it() -> None:
    late = setting("2026-02-02T05:59:59Z")
    assert unchecked(store(), late, *LOOKS) == [(29, True, "02-01T00", "02-02T05")]
    assert unchecked(store(), setting("2026-02-01"), *LOOKS) == []  # looked at from the first moment
    assert unchecked(store(), late) == []  # looks were not read then
    assert unchecked(store(made="2025-11-01"), late, *LOOKS) == []  # it is older than the list
    # What the first look that tells anything finds held since its making, and no later one changes that.
    plain = setting("2026-02-01T03:00:00Z", "2026-02-01T04:00:00Z", is_encrypted=False)
    mended = setting("2026-02-01T04:00:00Z")
    assert unchecked(store(), plain, mended, *LOOKS) == [(3, False, "02-01T00", "02-01T03")]


def test_a_store_that_nobody_ever_looked_at_is_unchecked_to_the_end_of_the_list_or_of_the_store() -> None:
    assert unchecked(store(), *LOOKS) == [(150 * 24, None, "02-01T00", "07-01T00")]
    assert unchecked(store(), store(seen_at="2026-03-04", gone_at="2026-02-03"), *LOOKS) == [
        (48, None, "02-01T00", "02-03T00")
    ]
    assert unchecked(store(kind="flow"), *LOOKS) == []
    backups = setting("2026-02-01", copy="backup")
    assert unchecked(store(), backups, *LOOKS)[0][0] == 150 * 24  # a look at its backups is none at the store


def test_a_backup_without_encryption_shows_when_it_was_made() -> None:
    def backup(**columns: Any) -> list[dict[str, Any]]:
        told = {"ran_at": "2026-03-01T01:00:00Z", "succeeded": True, "is_encrypted": False, **columns}
        return rows("encryption_at_rest", tell("backups", backup="b1", store="db", **told))

    (row,) = backup()
    assert (row["place"], row["is_encrypted"], row["held_from"], row["observed_at"]) == (
        "db | backup", False, None, "2026-03-01T01:00:00Z",
    )  # fmt: skip
    assert backup(is_encrypted=True) == backup(is_encrypted=None) == backup(succeeded=False) == []


def test_a_device_is_encrypted_with_a_key_that_the_company_keeps() -> None:
    (row,) = rows(
        "encryption_at_rest",
        tell("device_postures", device="L1", is_encrypted=True, recovery_key_kept=False, held_from="2026-01-01"),
    )
    assert (row["place"], row["is_encrypted"], row["key_managed"]) == ("L1", True, False)


def places(*records: Record) -> dict[str, tuple[Any, ...]]:
    return {
        row["place"]: (row["kind"], row["is_production"], row["in_use_from"], row["in_use_until"])
        for row in rows("places_at_rest", *records)
    }


def test_stores_are_those_of_the_newest_list_and_flows_are_none() -> None:
    assert places(
        store(seen_at="2026-03-01", is_production=False),
        store(seen_at="2026-04-01", made="2026-03-15", gone_at="2026-03-30"),
        store("flow", kind="flow"),
    ) == {"db": ("database", True, "2026-02-01T00:00:00Z", "2026-03-30T00:00:00Z")}


def test_backups_are_a_place_from_the_first_that_succeeded() -> None:
    def backup(day: str, *, succeeded: bool) -> Record:
        return tell("backups", backup=day, store="db", ran_at=day, succeeded=succeeded)

    found = places(
        backup("2026-01-01", succeeded=False),
        backup("2026-01-03", succeeded=True),
        backup("2026-01-02", succeeded=True),
    )
    assert found == {"db | backup": ("backup", None, "2026-01-02T00:00:00Z", None)}
    assert places(backup("2026-01-01", succeeded=False)) == {}


def test_devices_are_those_of_the_register_and_of_the_device_management() -> None:
    looked = tell("device_postures", device="L1", held_from="2026-02-01", held_until="2026-03-01")
    registered = tell("assets", asset="L1", kind="device")
    both = covering("device_postures")
    assert places(looked, *both) == {"L1": ("device", None, "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")}
    assert places(looked) == {"L1": ("device", None, None, None)}  # it may have been there before, and after
    assert places(registered) == {"L1": ("device", None, None, None)}
    retired = tell("assets", asset="L1", kind="device", retired_at="2026-02-20")
    assert places(looked, retired, *both)["L1"][2:] == ("2026-02-01T00:00:00Z", "2026-02-20T00:00:00Z")
    assert places(tell("assets", asset="D1", kind="media")) == {}


# Secrets in code.

REPO = "h/a"


def change(name: str = "c1", **columns: Any) -> Record:
    told = {"landed_at": "2026-03-02T10:00:00Z", "author": "ana", "attribution": "ai-tracked", "head_commit": "h1"}
    return tell("changes_seen", repository=REPO, change_id=name, **{**told, **columns})


def scan(**columns: Any) -> Record:
    told = {
        "commit": "h1",
        "kind": "secret-scan",
        "conclusion": "success",
        "completed_at": "2026-03-02T09:00:00Z",
        **columns,
    }
    return tell("checks", repository=REPO, check_id="k1", **told)


def guards(since: str = "2026-01-01", until: str | None = "2026-07-01", **columns: Any) -> Record:
    told = {"blocks_pushes": True, "scans_history": True, "scans_agent_files": True, **columns}
    return tell("secret_protection", repository=REPO, held_from=since, held_until=until, **told)


def one(*records: Record) -> dict[str, Any]:
    (row,) = rows("secret_checks", *records)
    return row


def test_a_change_was_scanned_when_a_scan_ended_on_its_head_or_on_itself() -> None:
    def done(**columns: Any) -> Any:
        return one(change(), scan(**columns))["done_at"]

    assert done() == "2026-03-02T09:00:00Z"
    assert done(commit="c1", conclusion="failure") == "2026-03-02T09:00:00Z"  # what it found is an alert
    assert done(commit="h0") is None
    assert done(kind="tests") is None
    assert done(conclusion="cancelled") is done(conclusion="skipped") is done(conclusion="timed-out") is None
    second = tell("checks", repository=REPO, check_id="k2", commit="c1", kind="secret-scan", conclusion="success",
                  completed_at="2026-03-02T08:00:00Z")  # fmt: skip
    assert one(change(), scan(), second)["done_at"] == "2026-03-02T08:00:00Z"
    elsewhere = tell("checks", repository="h/b", check_id="k1", commit="h1", kind="secret-scan",
                     conclusion="success", completed_at="2026-03-02T08:00:00Z")  # fmt: skip
    assert one(change(), elsewhere)["done_at"] is None


def test_that_no_scan_ran_is_known_as_far_as_checks_were_read_for_seven_days_at_most() -> None:
    def until(*records: Record) -> Any:
        return one(change(), *records)["seen_until"]

    assert until() is None
    assert until(*covering("checks")) == "2026-03-09T10:00:00Z"
    assert until(*covering("checks", until="2026-03-05")) == "2026-03-05T00:00:00Z"
    assert until(*covering("checks", until="2026-03-02")) is None
    assert until(*covering("checks"), scan(completed_at="2026-03-20T00:00:00Z")) is None  # how late it was is known
    own = {"population": "checks", "covers_from": "2026-01-01", "covers_until": "2026-03-04"}
    assert until(tell("extracts", **own, part=REPO)) == "2026-03-04T00:00:00Z"
    assert until(tell("extracts", **own, part="h/b")) is None


def guarded(*records: Record) -> tuple[Any, ...]:
    row = one(change(), *records)
    return row["blocks_pushes"], row["scans_history"], row["scans_agent_files"]


def test_how_the_repository_was_guarded_is_what_held_when_the_change_landed() -> None:
    assert guarded(guards()) == (True, True, True)
    assert guarded(guards(scans_agent_files=None)) == (True, True, None)
    assert guarded(guards(until="2026-03-02T10:00:00Z")) == (None, None, None)
    assert guarded(guards("2026-03-02T10:00:01Z"), *covering("secret_protection")) == (False, False, False)
    # A long stretch and a look inside it: the worse counts, and after the look the stretch still holds.
    inside = guards("2026-03-01", "2026-03-02", blocks_pushes=False)
    assert guarded(guards(), inside) == (True, True, True)
    assert guarded(guards(), guards("2026-03-01", "2026-03-03", blocks_pushes=False)) == (False, True, True)
    assert guarded(guards(), guards("2026-03-01", "2026-03-03", blocks_pushes=None)) == (None, True, True)


def test_a_snapshot_vouches_for_a_day() -> None:
    look = tell("secret_protection", repository=REPO, blocks_pushes=True, observed="2026-03-01T10:00:01Z")
    assert guarded(look)[0] is True
    look = tell("secret_protection", repository=REPO, blocks_pushes=True, observed="2026-03-01T10:00:00Z")
    assert guarded(look)[0] is None


def alert(**columns: Any) -> Record:
    return tell("secret_alerts", repository=REPO, alert="7", opened_at="2026-03-02", **columns)


NONE = {"resolution": "false-positive", "resolved_at": "2026-03-02T05:00:00Z", "reason": "a test key"}


def test_an_alert_ends_when_the_secret_is_revoked_or_a_person_says_why_it_is_none() -> None:
    def ended(**columns: Any) -> Any:
        return one(alert(**columns), *covering("secret_alerts"))["done_at"]

    assert ended(revoked_at="2026-03-03") == "2026-03-03T00:00:00Z"
    assert ended(resolution="revoked", resolved_at="2026-03-03", resolved_by="ana") is None  # nobody says when
    assert ended(**NONE, resolved_by="ana-gh") == "2026-03-02T05:00:00Z"
    assert ended(**{**NONE, "reason": None}, resolved_by="ana-gh") is None
    assert ended(**NONE, resolved_by="ana-gh", revoked_at="2026-03-02T04:00:00Z") == "2026-03-02T04:00:00Z"


def test_who_closed_it_as_none_must_be_known_as_a_person() -> None:
    own = alert(**NONE, resolved_by="triage-bot")
    row = one(own, *covering("secret_alerts"))
    assert (row["done_at"], row["seen_until"]) == (None, None)
    row = one(own, *covering("secret_alerts", "people"))
    assert (row["done_at"], row["seen_until"]) == (None, "2026-07-01T00:00:00Z")
    assert one(alert())["seen_until"] is None  # alerts were not read


def bypass(**columns: Any) -> dict[str, Any]:
    more = columns.pop("more", [])
    told = {
        "pushed_at": "2026-03-02",
        "pushed_by": "ana-gh",
        "reason": "a test key",
        "approved_by": "bo",
        **columns,
    }
    return one(tell("secret_bypasses", repository=REPO, bypass="9", **told), *more)


def test_whoever_lets_a_push_through_is_another_person_at_work() -> None:
    def another(**columns: Any) -> Any:
        return bypass(**columns)["approved_by_another"]

    assert another() is True
    assert another(approved_by="ana") is False
    assert another(approved_by=None) is False
    assert another(approved_by="lee") is False
    assert another(approved_by="security-bot") is None
    assert another(approved_by="security-bot", more=covering("people")) is False
    assert another(pushed_by="helper[bot]", approved_by="helper[bot]") is False
    assert another(pushed_by="helper[bot]") is True
    assert (bypass()["has_reason"], bypass(reason=None)["has_reason"]) == (True, False)


def test_an_alert_and_a_bypass_have_the_attribution_of_the_change_that_brought_them() -> None:
    found = {
        row["change_id"]: row["attribution"]
        for row in rows(
            "secret_checks",
            change(),
            alert(commit="c1"),
            tell("secret_alerts", repository=REPO, alert="8", opened_at="2026-03-02", commit="gone"),
            tell("secret_bypasses", repository=REPO, bypass="9", pushed_at="2026-03-02", commit="c1"),
        )
    }
    assert found == {
        "alert | h/a | 7": "ai-tracked", "alert | h/a | 8": "unknown", "bypass | h/a | 9": "ai-tracked", "c1": "ai-tracked",
    }  # fmt: skip


@pytest.mark.parametrize(("in_scope", "left"), [(True, 3), (False, 0), (None, 3)])
def test_a_repository_on_no_list_counts_as_in_scope(in_scope: bool | None, left: int) -> None:
    listed = [] if in_scope is None else [tell("repositories", repository=REPO, in_scope=in_scope)]
    push = tell("secret_bypasses", repository=REPO, bypass="9", pushed_at="2026-03-02")
    assert len(rows("secret_checks", change(), alert(), push, *listed)) == left


def extract(population: str, since: str, until: str, **more: Any) -> Record:
    own = {"extract": "e", "population": population, "covers_from": since, "covers_until": until, **more}
    return tell("extracts", observed="2026-07-03", **own)


STEPS: dict[str, list[Record]] = {
    "a change": [change("c2", head_commit="h2")],
    "a scan of an old change": [scan(commit="h3")],
    "a look at the guards": [guards("2026-02-01", "2026-04-01", blocks_pushes=False)],
    "looks that were read": covering("secret_protection"),
    "guards of one repository that were read": [
        extract("secret_protection", "2026-01-01", "2026-04-01", part=REPO)
    ],
    "a look at the guards that was wrong": [guards("2026-05-01", observed="2026-07-03", blocks_pushes=False)],
    "checks that were read": covering("checks"),
    "checks that were read a little further": [extract("checks", "2026-02-01", "2026-03-05")],
    "checks that were read further": [extract("checks", "2026-02-01", "2026-05-05")],
    "checks of one repository that were read further": [extract("checks", "2026-02-01", "2026-05-05", part=REPO)],
    "checks that were cut off": [extract("checks", "2026-02-01", "2026-03-04", truncated=True)],
    "a scan that was none": [scan(conclusion="cancelled", observed="2026-07-03")],
    "a repository that leaves the scope": [tell("repositories", repository=REPO, in_scope=False)],
    "an alert": [tell("secret_alerts", repository=REPO, alert="8", opened_at="2026-03-02", commit="c3")],
    "people that were read": covering("people"),
    "a person": [tell("people", person="triage", name="T", starts_at="2020-01-01", identities=["triage-bot"])],
}


@pytest.mark.parametrize("name", STEPS)
def test_what_comes_in_later_gives_the_same_rows_as_all_at_once(name: str) -> None:
    first = [*HR, change(), change("c3", head_commit="h3", landed_at="2026-05-02"), scan(),
             alert(**NONE, resolved_by="triage-bot"), guards("2026-05-01"),
             change("c4", head_commit="h4"), change("c5", head_commit="h5", landed_at="2026-03-04T01:00:00Z"),
             tell("extracts", extract="e", population="checks", covers_from="2026-02-01", covers_until="2026-03-04")]  # fmt: skip
    names = ["changes", "secret_checks"]
    with facts_of([*first, *STEPS[name]], only=names) as whole, open_facts(None, origin="test", only=names) as step:
        project(step, map(encode_entry, first), start=0)
        project(step, map(encode_entry, STEPS[name]), start=len(first))
        assert rows_of(step, "secret_checks") == rows_of(whole, "secret_checks")
