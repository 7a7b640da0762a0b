"""Access: whose accounts, which grants, what leavers kept, what reviews came to."""

from collections.abc import Iterable
from typing import Any

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

ANA = tell(
    "people",
    person="ana",
    name="Ana",
    starts_at="2020-01-01",
    manager="max",
    identities=["ana-gh", "ana@example.com"],
)
BO = tell("people", person="bo", name="Bo", starts_at="2020-01-01", identities=["bo-gh"])
MAX = tell("people", person="max", name="Max", starts_at="2020-01-01")
HR = [ANA, BO, MAX, *covering("people")]


def by_key(records: Iterable[Record], table: str) -> dict[str, dict[str, Any]]:
    with facts_of(records, only=[table]) as store:
        return {row[store.tables[table].key]: row for row in rows_of(store, table)}


def account(name: str, system: str = "gh", kind: str = "human", **columns: Any) -> Record:
    return tell("accounts", system=system, account=name, kind=kind, **{"created_at": "2025-01-01", **columns})


# accounts


def attributed(*records: Record) -> dict[str, Any]:
    return {key: row["is_attributed"] for key, row in by_key(records, "account_checks").items()}


def test_an_account_belongs_to_the_person_that_the_list_names_or_whose_login_it_is() -> None:
    rows = by_key([*HR, account("root", person="ana"), account("bo-gh"), account("zed")], "account_checks")
    assert {key: (row["belongs_to"], row["is_attributed"]) for key, row in rows.items()} == {
        "gh | root": ("ana", True),
        "gh | bo-gh": ("bo", True),
        "gh | zed": (None, False),
    }


def test_without_an_hr_list_of_its_time_an_account_of_nobody_is_unknown() -> None:
    assert attributed(ANA, account("zed"), account("ana-gh")) == {"gh | zed": None, "gh | ana-gh": True}
    gone_before = account("zed", created_at="2024-01-01", disabled_at="2025-01-01")
    assert attributed(*HR, gone_before) == {"gh | zed": None}


def test_a_login_that_two_people_have_is_no_ones() -> None:
    twin = tell("people", person="eve", name="Eve", starts_at="2020-01-01", identities=["ana-gh"])
    assert attributed(*HR, twin, account("ana-gh")) == {"gh | ana-gh": False}


def test_what_is_shared_is_no_ones_even_with_an_owner() -> None:
    assert attributed(*HR, account("till", kind="shared", owner="ana")) == {"gh | till": False}


def test_a_service_needs_an_owner_and_an_agent_the_register_too() -> None:
    register = [
        tell("agents", agent="helper", owner="ana", accounts=["helper[bot]"], scopes=[]),
        *covering("agents"),
    ]
    found = attributed(
        *HR,
        *register,
        account("ci", kind="service", owner="ana"),
        account("cron", kind="service"),
        account("helper[bot]", kind="agent", owner="ana"),
        account("stray[bot]", kind="agent", owner="ana"),
    )
    assert found == {"gh | ci": True, "gh | cron": False, "gh | helper[bot]": True, "gh | stray[bot]": False}
    assert attributed(*HR, account("stray[bot]", kind="agent", owner="ana")) == {"gh | stray[bot]": None}


def test_scope_comes_from_the_list_of_systems() -> None:
    rows = by_key(
        [
            tell("systems", system="gh", name="Forge", kind="forge", in_scope=True),
            account("a"),
            account("b", "wiki"),
        ],
        "account_checks",
    )
    assert {key: row["in_scope"] for key, row in rows.items()} == {"gh | a": True, "wiki | b": None}


# grants and moves


def grant(name: str = "1", **columns: Any) -> Record:
    told = {"account": "ana-gh", "access_right": "write", "granted_at": "2026-02-02", "request": "REQ-1", **columns}
    return tell("grants", system="gh", grant_id=name, **told)


def request(**columns: Any) -> Record:
    told = {"approved_by": "max", "approved_at": "2026-02-01", "rights": ["write"], "system": "gh", **columns}
    return tell("access_requests", request="REQ-1", requested_at="2026-01-30", **told)


def judged(*records: Record) -> dict[str, Any]:
    (row,) = by_key([*HR, *records], "access_changes").values()
    names = ("is_requested", "approved_before", "approver_is_another", "approver_is_entitled", "right_as_approved")
    return {name: row[name] for name in names}


GOOD = {
    "is_requested": True,
    "approved_before": True,
    "approver_is_another": True,
    "approver_is_entitled": True,
    "right_as_approved": True,
}


def test_a_grant_that_the_manager_approved_before() -> None:
    assert judged(grant(), request()) == GOOD
    assert judged(grant(granted_at="2026-02-01"), request()) == GOOD


def test_a_grant_approved_late_by_the_receiver_or_for_something_else() -> None:
    assert judged(grant(), request(approved_at="2026-02-03")) == {**GOOD, "approved_before": False}
    assert judged(grant(), request(approved_by=None, approved_at=None))["approved_before"] is False
    own = judged(grant(), request(approved_by="ana@example.com"))
    assert own["approver_is_another"] is False
    assert judged(grant(access_right="admin"), request()) == {**GOOD, "right_as_approved": False}
    assert judged(grant(), request(system="aws")) == {**GOOD, "right_as_approved": False}
    assert judged(grant(), request(rights=None)) == {**GOOD, "right_as_approved": None}
    assert judged(grant(), request(system=None)) == GOOD


def test_an_approver_must_be_a_person_at_work_then() -> None:
    assert judged(grant(), request(approved_by="review-bot"))["approver_is_another"] is False
    gone = tell("people", person="old", name="Old", starts_at="2020-01-01", ends_at="2026-01-15")
    assert judged(gone, grant(), request(approved_by="old"))["approver_is_another"] is False


def test_the_owner_of_the_system_may_approve_and_others_may_not() -> None:
    owned = tell("systems", system="gh", name="Forge", kind="forge", in_scope=True, owner="bo")
    assert judged(owned, grant(), request(approved_by="bo-gh")) == GOOD
    assert judged(owned, grant(), request(approved_by="max")) == GOOD
    other = tell("people", person="cy", name="Cy", starts_at="2020-01-01")
    assert judged(owned, other, grant(), request(approved_by="cy"))["approver_is_entitled"] is False
    assert judged(other, grant(), request(approved_by="cy"))["approver_is_entitled"] is None


def test_whoever_drives_an_agent_cannot_approve_what_it_gets() -> None:
    agent = tell("agents", agent="helper", owner="ana", accounts=["helper[bot]"], scopes=[])
    given = grant(account="helper[bot]")
    assert judged(agent, given, request(approved_by="ana"))["approver_is_another"] is False
    assert judged(agent, given, request(approved_by="max"))["approver_is_another"] is True


def test_a_missing_request_is_a_deviation_only_where_requests_were_read() -> None:
    unseen = judged(grant())
    assert (unseen["is_requested"], unseen["approved_before"]) == (None, None)
    for given in (grant(), grant(request=None)):
        seen = judged(given, *covering("access_requests"))
        assert (seen["is_requested"], seen["approved_before"]) == (False, False)


def test_a_move_leaves_the_rights_that_the_new_job_does_not_have() -> None:
    records = [
        *HR,
        *covering("grants"),
        tell("role_moves", person="ana", moved_at="2026-03-07", new_role="sales"),  # a Saturday
        tell("role_rights", role="sales", system="gh", access_right="read"),
        grant("1", access_right="read"),
        grant("2", access_right="write", revoked_at="2026-03-10"),
        grant("3", access_right="admin"),
        grant("4", access_right="gone", revoked_at="2026-03-01"),
        grant("5", access_right="later", granted_at="2026-03-20"),
    ]
    row = by_key(records, "access_changes")["move | ana | 2026-03-07T00:00:00Z"]
    assert row["excess_rights"] == ["gh | admin", "gh | write"]
    assert row["open_rights"] == ["gh | admin"]
    assert row["removed_at"] == "2026-03-10T00:00:00Z"
    assert (row["clock_from"], row["clock_weekday"]) == ("2026-03-09T00:00:00Z", 0)
    assert row["seen_until"] == "2026-07-01T00:00:00Z"


def test_an_owners_log_tells_when_a_right_was_taken_away() -> None:
    def given(own: str, right: str, **columns: Any) -> Record:
        told = {"account": "ana-gh", "access_right": right, "granted_at": "2026-03-01"} | columns
        return tell("grants", system="github:acme", grant_id=own, **told)

    def taken(action: str, at: str, **columns: Any) -> Record:
        told = {"account": "ana-gh", "event_id": f"{action} {at}", "happened_at": at} | columns
        return tell("audit_events", organization="acme", action=action, **told)

    records = [
        *HR,
        *covering("grants"),
        tell("role_moves", person="ana", moved_at="2026-03-07", new_role="sales"),
        tell("role_rights", role="sales", system="gh", access_right="read"),
        given("1", "team acme/core"),
        given("2", "team acme/core-two"),
        given("3", "collaborator acme/shop write"),
        given("4", "member"),
        taken("team.remove_member", "2026-03-08", detail='{"team":"acme/core"}'),
        taken("repo.remove_member", "2026-02-01", repository="acme/shop"),  # before it was given
        taken("repo.remove_member", "2026-03-09", repository="acme/shop"),
        taken("repo.remove_member", "2026-03-08", repository="acme/shop", account="bo-gh"),
    ]
    row = by_key(records, "access_changes")["move | ana | 2026-03-07T00:00:00Z"]
    assert row["open_rights"] == ["github:acme | member", "github:acme | team acme/core-two"]
    assert row["removed_at"] == "2026-03-09T00:00:00Z"
    gone = by_key([*records, taken("org.remove_member", "2026-03-10")], "access_changes")
    row = gone["move | ana | 2026-03-07T00:00:00Z"]
    assert (row["open_rights"], row["removed_at"]) == ([], "2026-03-10T00:00:00Z")


def test_a_move_into_a_job_that_the_matrix_does_not_describe_is_unknown() -> None:
    row = by_key([*HR, tell("role_moves", person="ana", moved_at="2026-03-06", new_role="x")], "access_changes")
    (only,) = row.values()
    assert (only["open_rights"], only["seen_until"]) == (None, None)
    assert (only["clock_from"], only["clock_weekday"]) == ("2026-03-06T00:00:00Z", 4)


# leavers

LEFT = tell(
    "people",
    person="lee",
    name="Lee",
    starts_at="2020-01-01",
    ends_at="2026-03-06T17:00:00Z",
    identities=["lee-gh"],
)


def leaver(*records: Record) -> dict[str, Any]:
    return by_key([LEFT, MAX, *covering("people", "accounts"), *records], "leaver_access")["lee"]


def test_all_that_a_leaver_could_get_in_by() -> None:
    row = leaver(
        account("lee-gh", disabled_at="2026-03-06T18:00:00Z"),
        account("lee", "aws", person="lee", disabled_at="2026-03-09T10:00:00Z"),
        tell("credentials", system="openai", credential="k1", issued_at="2026-01-01", owner="lee"),
        tell("credentials", system="openai", credential="k2", issued_at="2026-01-01", owner="max"),
        account("agent[bot]", kind="agent", owner="lee", disabled_at="2026-03-07"),
    )
    assert row["accounts"] == 4
    assert (row["has_open"], row["still_open"]) == (True, ["openai | k1"])
    assert row["closed_at"] == "2026-03-09T10:00:00Z"
    assert row["open_seen_at"] == "2026-07-02T00:00:00Z"
    assert row["signed_in_after_end"] is False
    assert row["seen_until"] == "2026-07-01T00:00:00Z"


def test_a_leaver_without_any_account_and_one_still_here() -> None:
    rows = by_key([LEFT, MAX], "leaver_access")
    assert rows.keys() == {"lee"}
    assert (rows["lee"]["accounts"], rows["lee"]["has_open"], rows["lee"]["closed_at"]) == (0, False, None)
    assert rows["lee"]["seen_until"] is None


def test_a_sign_in_after_the_end_shows() -> None:
    late = account("lee-gh", disabled_at="2026-03-06T17:30:00Z", last_sign_in_at="2026-03-06T17:20:00Z")
    assert leaver(late)["signed_in_after_end"] is True
    before = account("lee-gh", disabled_at="2026-03-06T17:30:00Z", last_sign_in_at="2026-03-06T16:59:00Z")
    assert leaver(before)["signed_in_after_end"] is False


def test_systems_in_scope_whose_accounts_no_list_shows_are_named() -> None:
    def system(name: str, **columns: Any) -> Record:
        return tell("systems", system=name, name=name, kind="other", **{"in_scope": True, **columns})

    row = leaver(
        system("gh"),
        system("stripe"),
        system("wiki", in_scope=False),
        system("new", in_use_from="2026-04-01"),
        system("old", in_use_until="2026-01-01"),
        account("lee-gh"),
    )
    assert row["unread_systems"] == ["stripe"]


# reviews of access


def decision(who: str, what: str = "keep", **columns: Any) -> Record:
    told = {"access_right": "all", "decided_by": "max", "decided_at": "2026-03-10", **columns}
    return tell("access_review_items", review="R1", account=who, decision=what, **told)


def review(*records: Record, **columns: Any) -> dict[str, Any]:
    told = {"listed_accounts": 2, "system_accounts": 2, "completed_at": "2026-03-12", **columns}
    own = tell("access_reviews", review="R1", system="gh", listed_at="2026-03-09", **told)
    return by_key([*HR, own, *records], "access_review_checks")["R1"]


BOTH = [account("ana-gh"), account("ci", kind="service", owner="ana")]


def test_a_whole_review() -> None:
    row = review(*BOTH, decision("ana-gh"), decision("ci"))
    assert row["is_complete"] is True
    assert row["someone_reviewed_themselves"] is False
    assert (row["revocations"], row["revocations_seen"], row["open_revocation_from"]) == (0, True, None)


def test_a_review_that_leaves_something_out() -> None:
    partly = review(*BOTH, decision("ana-gh"), listed_accounts=1)
    assert (partly["is_complete"], partly["undecided_accounts"]) == (False, ["ci"])
    uncounted = review(*BOTH, decision("ana-gh"), decision("ci"), listed_accounts=None, system_accounts=None)
    assert uncounted["is_complete"] is None
    short = review(decision("ana-gh"), decision("ci"), system_accounts=3)
    assert short["is_complete"] is False
    stale = review(*BOTH, decision("ana-gh", decided_at="2026-03-08"), decision("ci"))
    assert stale["is_complete"] is False


def test_somebody_who_decides_on_their_own_account() -> None:
    own = review(*BOTH, decision("ana-gh", decided_by="ana@example.com"), decision("ci"))
    assert own["someone_reviewed_themselves"] is True
    nobody = review(*BOTH, decision("ana-gh", decided_by="stranger"), decision("ci"))
    assert nobody["someone_reviewed_themselves"] is None


def test_a_revocation_is_carried_out_when_the_system_shows_it() -> None:
    gone = review(account("ana-gh", disabled_at="2026-03-20"), decision("ana-gh", "revoke"))
    assert (gone["revocations"], gone["slowest_revocation_days"], gone["open_revocation_from"]) == (1, 10, None)
    still = review(account("ana-gh"), decision("ana-gh", "revoke"))
    assert still["slowest_revocation_days"] is None
    assert still["open_revocation_from"] == "2026-03-10T00:00:00Z"
    unseen = review(decision("ana-gh", "revoke"))
    assert (unseen["revocations_seen"], unseen["open_revocation_from"]) == (False, None)


def test_a_right_that_was_given_twice_must_be_taken_twice() -> None:
    once = [
        account("ana-gh"),
        decision("ana-gh", "revoke", access_right="write"),
        grant("1", revoked_at="2026-03-11"),
        grant("2"),
    ]
    assert review(*once)["open_revocation_from"] == "2026-03-10T00:00:00Z"
    both = [*once[:3], grant("2", revoked_at="2026-03-15")]
    row = review(*both)
    assert (row["open_revocation_from"], row["slowest_revocation_days"]) == (None, 5)
    before = review(account("ana-gh", disabled_at="2026-03-01"), decision("ana-gh", "revoke"))
    assert before["slowest_revocation_days"] == 0
