"""The machines that people work with, and the software that runs."""

from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell


def rows(table: str, *records: Record) -> list[dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return rows_of(store, table)


def sign_in(number: int = 1, **columns: Any) -> Record:
    told = {"system": "idp", "signed_in_at": "2026-03-02T09:00:00Z", "account": "ana", "device": "L1", **columns}
    return tell("device_sign_ins", sign_in=str(number), **told)


def posture(since: str | None = "2026-01-01", until: str | None = "2026-07-01", **columns: Any) -> Record:
    told = {
        "device": "L1",
        "is_encrypted": True,
        "recovery_key_kept": True,
        "patch_delay_days": 3,
        "screen_lock_minutes": 5,
        "malware_protected": True,
        "unconfined_agents": [],
        **columns,
    }
    return tell("device_postures", held_from=since, held_until=until, **told)


def one(*records: Record) -> dict[str, Any]:
    (row,) = rows("device_days", *records)
    return row


def test_the_sign_ins_of_a_device_and_day_are_one_row() -> None:
    found = rows(
        "device_days",
        sign_in(1, system="forge"),
        sign_in(2, account="bo", signed_in_at="2026-03-02T23:59:59Z"),
        sign_in(3, signed_in_at="2026-03-03"),
    )
    assert [(row["device_day"], row["accounts"], row["systems"]) for row in found] == [
        ("L1 | 2026-03-02", ["ana", "bo"], ["forge", "idp"]),
        ("L1 | 2026-03-03", ["ana"], ["idp"]),
    ]


def test_a_system_that_is_out_of_scope_does_not_count() -> None:
    assert rows("device_days", sign_in(), tell("systems", system="idp", in_scope=False)) == []
    assert len(rows("device_days", sign_in(), tell("systems", system="idp", in_scope=True))) == 1


def test_a_device_is_enrolled_when_the_device_management_knew_it_that_day() -> None:
    seen = covering("device_postures")
    assert one(sign_in(), posture())["is_enrolled"] is True
    assert one(sign_in())["is_enrolled"] is None
    assert one(sign_in(), *seen)["is_enrolled"] is False
    assert one(sign_in(), posture(device="L2"), *seen)["is_enrolled"] is False
    assert one(sign_in(), *covering("device_postures", until="2026-03-02T12:00:00Z"))["is_enrolled"] is None
    assert one(sign_in(), posture("2026-03-03"), *seen)["is_enrolled"] is False  # a day later
    assert one(sign_in(), posture("2026-03-02T20:00:00Z"), *seen)["is_enrolled"] is True
    assert one(sign_in(), posture("2026-01-01", "2026-03-02"), *seen)["is_enrolled"] is False


def test_a_snapshot_counts_for_its_day() -> None:
    def look(moment: str) -> Record:
        return tell("device_postures", device="L1", is_encrypted=True, observed=moment)

    seen = covering("device_postures")
    assert one(sign_in(), look("2026-03-02T23:59:59Z"), *seen)["is_enrolled"] is True
    assert one(sign_in(), look("2026-03-01T23:59:59Z"), *seen)["is_enrolled"] is False


def test_a_device_that_the_log_does_not_name_is_not_seen() -> None:
    row = one(sign_in(device=None, account="Ana"), posture(), *covering("device_postures"))
    assert (row["device_day"], row["device"], row["is_enrolled"]) == ("(no device) | ana | 2026-03-02", None, None)


def test_of_several_looks_the_worst_counts_and_what_one_does_not_tell_is_not_known() -> None:
    def worst(**columns: Any) -> dict[str, Any]:
        return one(sign_in(), posture(), posture("2026-03-02T12:00:00Z", **columns))

    assert worst(is_encrypted=False)["is_encrypted"] is False
    assert worst(is_encrypted=None)["is_encrypted"] is None
    assert worst(malware_protected=False)["malware_protected"] is False
    assert worst(malware_protected=None)["malware_protected"] is None
    assert worst(patch_delay_days=40)["patch_delay_days"] == 40
    assert worst(patch_delay_days=None)["patch_delay_days"] is None
    assert worst(screen_lock_minutes=0)["screen_lock_minutes"] == 0
    assert worst(screen_lock_minutes=20)["screen_lock_minutes"] == 20
    assert worst(screen_lock_minutes=None)["screen_lock_minutes"] is None
    assert worst(unconfined_agents=["codex", "codex"])["unconfined_agents"] == ["codex"]
    assert worst(unconfined_agents=None)["unconfined_agents"] is None
    assert worst()["unconfined_agents"] == []
    both = one(
        sign_in(), posture(unconfined_agents=None), posture("2026-03-02T12:00:00Z", unconfined_agents=["codex"])
    )
    assert both["unconfined_agents"] == ["codex"]


# Software.


def seen(**columns: Any) -> Record:
    told = {
        "software": "actions/checkout",
        "kind": "action",
        "place": "ci.yml",
        "seen_at": "2026-03-02",
        "version": "a1",
        "is_pinned": True,
        **columns,
    }
    sighting = " ".join(map(str, (told["place"], told["version"], told["seen_at"])))
    return tell("software_seen", sighting=sighting, **told)


def allowed(entry: str = "e1", **columns: Any) -> Record:
    told = {"software": "Actions/Checkout ", "kind": "action", "approved_by": "ana", "approved_at": "2026-02-01"}
    return tell("software_allowed", entry=entry, **{**told, **columns})


HR = [
    tell("people", person="ana", name="Ana", starts_at="2020-01-01"),
    tell("people", person="lee", name="Lee", starts_at="2020-01-01", ends_at="2026-01-01"),
]


def use(*records: Record) -> dict[str, Any]:
    (row,) = rows("software_uses", *HR, *records)
    return row


def test_an_entry_of_kind_and_name_allows_it() -> None:
    row = use(seen(), allowed())
    assert (row["use"], row["is_listed"], row["approved_by"], row["approved_at"]) == (
        "action | actions/checkout | a1 | ci.yml", True, "ana", "2026-02-01T00:00:00Z",
    )  # fmt: skip
    whole = covering("software_allowed")
    assert use(seen())["is_listed"] is None
    assert use(seen(), *whole)["is_listed"] is False
    assert use(seen(), allowed(kind="image"), *whole)["is_listed"] is False
    assert use(seen(), allowed(software="actions/cache"), *whole)["is_listed"] is False


def test_an_entry_allows_every_version_or_those_that_it_names() -> None:
    whole = covering("software_allowed")
    assert use(seen(), allowed(versions=["a0", "a1"]))["is_listed"] is True
    row = use(seen(), allowed(versions=["a0"]), *whole)
    assert (row["is_listed"], row["approved_at"]) == (False, None)
    assert use(seen(), allowed(versions=["a0"]))["is_listed"] is None  # another entry may stand where nobody looked
    assert use(seen(version=None), allowed(versions=["a0"]), *whole)["is_listed"] is None
    assert use(seen(version=None), allowed())["is_listed"] is True


def test_a_person_at_work_approves() -> None:
    whole = covering("software_allowed")
    assert use(seen(), allowed(approved_at=None), *whole)["is_listed"] is False
    assert use(seen(), allowed(approved_by=None), *whole)["is_listed"] is False
    assert use(seen(), allowed(approved_by="lee"), *whole)["is_listed"] is False
    assert use(seen(), allowed(approved_by="helper[bot]"), *whole)["is_listed"] is None
    assert use(seen(), allowed(approved_by="helper[bot]"), *whole, *covering("people"))["is_listed"] is False


def test_of_several_entries_the_one_that_stood_counts_then_the_first() -> None:
    row = use(
        seen(first_seen_at="2026-02-20"),
        allowed("e1", approved_at="2026-01-01", withdrawn_at="2026-02-25"),
        allowed("e2", approved_at="2026-02-10"),
        allowed("e3", approved_at="2026-02-05"),
    )
    assert (row["approved_at"], row["withdrawn_at"]) == ("2026-02-05T00:00:00Z", None)
    row = use(seen(), allowed("e1", withdrawn_at="2026-02-25"))
    assert (row["is_listed"], row["withdrawn_at"]) == (True, "2026-02-25T00:00:00Z")


def test_a_use_lasts_from_its_first_showing_until_the_newest_says_that_it_is_gone() -> None:
    def lasted(*records: Record) -> tuple[Any, Any]:
        row = use(*records)
        return row["first_seen_at"], row["gone_at"]

    assert lasted(seen(), seen(seen_at="2026-03-09")) == ("2026-03-02T00:00:00Z", None)
    assert lasted(seen(first_seen_at="2026-02-20"), seen(seen_at="2026-03-09", gone_at="2026-03-05")) == (
        "2026-02-20T00:00:00Z", "2026-03-05T00:00:00Z",
    )  # fmt: skip
    again = seen(seen_at="2026-03-20")
    assert lasted(seen(), seen(seen_at="2026-03-09", gone_at="2026-03-05"), again)[1] is None


def test_one_showing_without_a_pin_is_enough() -> None:
    later = {"seen_at": "2026-03-09"}
    assert use(seen(), seen(**later))["is_pinned"] is True
    assert use(seen(), seen(**later, is_pinned=False))["is_pinned"] is False
    assert use(seen(), seen(**later, is_pinned=None))["is_pinned"] is None
    assert len(rows("software_uses", seen(), seen(version="a2"), seen(place="release.yml"))) == 3
