"""What went live, who stood behind it, and whether environments stand apart."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.facts.store import open_facts, project
from asbuilt.model.record import Record, encode_entry
from tests.facts.telling import covering, facts_of, rows_of, tell

HR = [
    tell("people", person="ana", name="Ana", starts_at="2020-01-01", identities=["ana@example.com", "ana-gh"]),
    tell("people", person="bo", name="Bo", starts_at="2020-01-01", identities=["bo-gh"]),
    *covering("people"),
]
REPO = "harbor/app"


def change(name: str, day: int, **columns: Any) -> Record:
    told = {
        "landed_at": f"2026-03-{day:02}",
        "landing": "merge",
        "author": "Ana <ana@example.com>",
        "participants": ["ana@example.com"],
        "attribution": "unknown",
        "number": day,
        "came_by_pull_request": True,
        **columns,
    }
    return tell("changes_seen", repository=REPO, change_id=name, **told)


def review(day: int, reviewer: str | None = "bo-gh", state: str = "approved", **columns: Any) -> Record:
    told = {"submitted_at": f"2026-03-{day:02}", "number": day, "is_bot": False, **columns}
    return tell(
        "reviews", repository=REPO, review_id=f"{day} {reviewer} {state}", reviewer=reviewer, state=state, **told
    )


def deployment(commit: str, day: int, **columns: Any) -> Record:
    told = {
        "environment": "production",
        "is_production": True,
        "deployed_at": f"2026-03-{day:02}",
        "deployed_by": "pipeline",
        "by_pipeline": True,
        **columns,
    }
    return tell("deployments", repository=REPO, deployment_id=f"d{day}", commit=commit, **told)


def live(*records: Record) -> dict[str, dict[str, Any]]:
    with facts_of([*HR, *records], only=["changes", "deployed_changes"]) as store:
        return {row["change_id"]: row for row in rows_of(store, "deployed_changes")}


def deployed(*records: Record) -> dict[str, dict[str, Any]]:
    with facts_of([*HR, *records], only=["changes", "deployed_changes", "deployment_checks"]) as store:
        return {row["deployment_id"]: row for row in rows_of(store, "deployment_checks")}


def test_a_change_goes_live_with_the_first_deployment_that_carries_it() -> None:
    rows = live(
        change("a", 1),
        change("b", 2),
        change("c", 5),
        change("d", 9),
        deployment("b", 3),
        deployment("a", 4),  # a rollback carries nothing new
        deployment("c", 6),
        deployment("c", 5, environment="staging", is_production=False),
    )
    assert {key: (row["deployment_id"], row["deployed_at"]) for key, row in rows.items()} == {
        "a": ("d3", "2026-03-03T00:00:00Z"),
        "b": ("d3", "2026-03-03T00:00:00Z"),
        "c": ("d6", "2026-03-06T00:00:00Z"),
    }


def test_a_later_deployment_of_an_older_commit_comes_second() -> None:
    rows = live(change("a", 1), change("b", 2), deployment("b", 8), deployment("a", 3))
    assert {key: row["deployment_id"] for key, row in rows.items()} == {"a": "d3", "b": "d8"}


def behind(*records: Record, **columns: Any) -> dict[str, Any]:
    return live(change("a", 2, **columns), *records, *covering("reviews"))["a"]


def test_author_and_approver_are_two_persons() -> None:
    row = behind(review(2, commit="a"), deployment("a", 3))
    assert (row["persons"], row["humans"], row["unplaced_accounts"]) == (["ana", "bo"], 2, [])
    assert row["reviews_seen"] is True


def test_an_approval_that_does_not_count_brings_nobody_and_an_unclear_one_may() -> None:
    row = behind(review(2, commit="earlier"), deployment("a", 3), head_commit="head")
    assert (row["persons"], row["unplaced_accounts"]) == (["ana"], [])
    row = behind(review(2), deployment("a", 3))
    assert (row["persons"], row["unplaced_accounts"]) == (["ana"], ["bo-gh"])
    row = behind(review(2, reviewer=None, is_bot=None, commit="a"), deployment("a", 3))
    assert (row["persons"], row["unplaced_accounts"]) == (["ana"], ["(an account that is gone)"])


def test_a_person_under_two_names_is_one() -> None:
    row = behind(review(2, "ana-gh"), deployment("a", 3, by_pipeline=False, deployed_by="ANA@example.com"))
    assert row["persons"] == ["ana"]


def test_an_agent_counts_as_the_person_who_answers_for_it() -> None:
    agent = tell("agents", agent="helper", owner="bo", accounts=["helper[bot]"], scopes=[])
    driven = {"author": "helper[bot]", "participants": ["helper[bot]"]}
    assert behind(agent, review(2), deployment("a", 3), **driven)["persons"] == ["bo"]
    account = tell("accounts", system="gh", account="helper[bot]", kind="agent", owner="bo")
    assert behind(account, review(2), deployment("a", 3), **driven)["persons"] == ["bo"]


def test_an_agent_beside_a_person_adds_nobody() -> None:
    agent = tell("agents", agent="helper", owner="bo", accounts=["helper[bot]"], scopes=[])
    beside = {"participants": ["ana@example.com", "helper[bot]"]}
    assert behind(agent, deployment("a", 3), **beside)["persons"] == ["ana"]
    approves = review(2, "helper[bot]")
    assert behind(agent, approves, deployment("a", 3))["persons"] == ["ana"]
    deploys = deployment("a", 3, by_pipeline=False, deployed_by="helper[bot]")
    assert behind(agent, deploys)["persons"] == ["ana"]


def test_bots_are_nobody_and_unknown_accounts_are_shown() -> None:
    service = tell("accounts", system="ci", account="builder", kind="service", owner="bo")
    row = behind(service, deployment("a", 3), participants=["dependabot[bot]", "builder", "zed"])
    assert (row["persons"], row["unplaced_accounts"]) == (["ana"], ["zed"])


def test_the_one_who_deploys_by_hand_is_one_of_them() -> None:
    assert behind(deployment("a", 3, by_pipeline=False, deployed_by="bo-gh"))["persons"] == ["ana", "bo"]
    assert behind(deployment("a", 3, deployed_by="bo-gh"))["persons"] == ["ana"]


def test_approvals_that_were_taken_back_or_came_after_do_not_count() -> None:
    dismissed = review(2, state="dismissed", submitted_at="2026-03-02T12:00:00Z")
    assert behind(review(2), dismissed, deployment("a", 3))["persons"] == ["ana"]
    late = review(2, submitted_at="2026-03-04")
    assert behind(late, deployment("a", 3))["persons"] == ["ana"]
    commented = review(2, state="commented")
    assert behind(commented, deployment("a", 3))["persons"] == ["ana"]
    assert behind(review(2, is_bot=True), deployment("a", 3))["persons"] == ["ana"]


def test_a_review_of_the_commit_alone_counts() -> None:
    own = review(2, number=None, commit="head")
    assert behind(own, deployment("a", 3), head_commit="head")["persons"] == ["ana", "bo"]


def test_who_could_act_alone() -> None:
    def right(account: str, **columns: Any) -> Record:
        told = {"held_from": "2026-01-01", "held_until": "2026-07-01", **columns}
        return tell("path_rights", repository=REPO, account=account, **told)

    agent = tell("agents", agent="helper", owner="bo", accounts=["helper[bot]"], scopes=[])
    rights = [
        right("ana-gh", can_bypass=True, can_deploy=False),
        right("bo-gh", can_deploy=True),
        right("helper[bot]", can_bypass=True),
        right("old", can_bypass=True, can_deploy=True, held_until="2026-03-01"),
    ]
    assert behind(agent, *rights, deployment("a", 3))["could_act_alone"] == ["bo"]
    assert behind(*rights, deployment("a", 3))["could_act_alone"] is None
    assert behind(*rights, deployment("a", 3), *covering("path_rights"))["could_act_alone"] == []


def test_endpoints_without_a_test_are_named() -> None:
    def endpoint(name: str, **columns: Any) -> Record:
        told = {"added_at": "2026-03-02", "added_in": "a", **columns}
        return tell("tenant_endpoints", repository=REPO, endpoint=name, **told)

    live_now = deployment("a", 3)
    assert behind(live_now)["untested_endpoints"] is None
    assert behind(live_now, *covering("tenant_endpoints"))["untested_endpoints"] == []
    tested, bare = endpoint("GET /a", is_tested=True), endpoint("GET /b", is_tested=False)
    assert behind(live_now, tested, bare)["untested_endpoints"] == ["GET /b"]
    unclear = [endpoint("GET /c"), *covering("tenant_endpoints")]
    assert behind(live_now, tested, *unclear)["untested_endpoints"] is None


# deployments

SEEN = covering("changes_seen", "reviews", "checks")
GREEN = tell(
    "checks",
    repository=REPO,
    check_id="1",
    commit="a",
    name="test",
    kind="tests",
    conclusion="success",
    completed_at="2026-03-01T12:00:00Z",
)


def test_a_deployment_of_an_approved_change() -> None:
    row = deployed(
        change("a", 2, head_commit="a"),
        review(2, submitted_at="2026-03-01T13:00:00Z", commit="a"),
        GREEN,
        deployment("a", 3, artifact_digest="sha256:a", attested_digest="sha256:a"),
        *SEEN,
    )["d3"]
    assert (row["is_known_change"], row["deployer_may"], row["changes"]) == (True, True, 1)
    assert (row["fewest_approvals"], row["changes_approved_known"]) == (1, True)
    assert (row["checks_succeeded"], row["digest_matches"]) == (True, True)


def test_the_least_approved_change_decides() -> None:
    row = deployed(
        change("a", 2, head_commit="a"),
        change("b", 4, head_commit="b"),
        review(2, submitted_at="2026-03-01T13:00:00Z", commit="a"),
        deployment("b", 5),
        *SEEN,
    )["d5"]
    assert (row["changes"], row["fewest_approvals"], row["changes_approved_known"]) == (2, 0, True)
    assert row["checks_succeeded"] is not True


def test_approvals_that_nobody_read_are_unknown() -> None:
    row = deployed(change("a", 2), deployment("a", 3))["d3"]
    assert (row["fewest_approvals"], row["changes_approved_known"]) == (None, False)


def test_a_commit_that_is_no_change() -> None:
    assert deployed(deployment("z", 3))["d3"]["is_known_change"] is None
    assert deployed(deployment("z", 3), *SEEN)["d3"]["is_known_change"] is False
    assert deployed(deployment("z", 3, commit_on_branch=False))["d3"]["is_known_change"] is False
    assert deployed(change("a", 9), deployment("a", 3))["d3"]["is_known_change"] is False


def test_a_digest_without_provenance_does_not_match() -> None:
    assert deployed(deployment("a", 3))["d3"]["digest_matches"] is None
    assert deployed(deployment("a", 3, artifact_digest="sha256:a"))["d3"]["digest_matches"] is False
    other = deployment("a", 3, artifact_digest="sha256:a", attested_digest="sha256:b")
    assert deployed(other)["d3"]["digest_matches"] is False


def test_who_deploys_by_hand_needs_the_right() -> None:
    by_hand = deployment("a", 3, by_pipeline=False, deployed_by="bo-gh")
    assert deployed(by_hand)["d3"]["deployer_may"] is None
    assert deployed(by_hand, *covering("path_rights"))["d3"]["deployer_may"] is False
    may = tell(
        "path_rights",
        repository=REPO,
        account="BO-gh",
        can_deploy=True,
        held_from="2026-01-01",
        held_until="2026-07-01",
    )
    assert deployed(by_hand, may)["d3"]["deployer_may"] is True


def test_only_deployments_to_production_are_held_against_it() -> None:
    assert deployed(deployment("a", 3, is_production=False)) == {}


# environments


def environment(name: str, *, production: bool, **columns: Any) -> Record:
    told = {
        "cloud_account": name,
        "credentials": [name],
        "held_from": "2026-01-01",
        "held_until": "2026-07-01",
        **columns,
    }
    return tell("environments", environment=name, is_production=production, **told)


def separation(*records: Record) -> dict[str, tuple[Any, Any]]:
    with facts_of(records, only=["environment_separation"]) as store:
        return {
            row["environment"]: (row["shares_account_with"], row["shares_credentials_with"])
            for row in rows_of(store, "environment_separation")
        }


def test_environments_that_stand_apart() -> None:
    assert separation(environment("prod", production=True), environment("test", production=False)) == {
        "prod": ([], []),
        "test": ([], []),
    }
    assert separation(environment("prod", production=True)) == {"prod": ([], [])}


def test_a_shared_account_or_key_is_named_on_both_sides() -> None:
    prod = environment("prod", production=True, credentials=["deploy", "db"])
    test = environment("test", production=False, cloud_account="prod", credentials=["db"])
    assert separation(prod, test) == {"prod": (["test"], ["test"]), "test": (["prod"], ["prod"])}


def test_two_test_environments_may_share_an_account_but_no_key() -> None:
    one = environment("dev", production=False, cloud_account="lab")
    two = environment("test", production=False, cloud_account="lab", credentials=["dev"])
    assert separation(one, two) == {"dev": ([], ["test"]), "test": ([], ["dev"])}


def test_what_did_not_stand_at_the_same_time_shares_nothing() -> None:
    prod = environment("prod", production=True, held_until="2026-03-01")
    test = environment("test", production=False, cloud_account="prod", held_from="2026-03-01")
    assert separation(prod, test) == {"prod": ([], []), "test": ([], [])}


def test_what_is_not_known_is_not_apart() -> None:
    prod = environment("prod", production=True)
    blind = environment("test", production=False, cloud_account=None, credentials=None)
    assert separation(prod, blind) == {"prod": (None, None), "test": (None, None)}


def in_use(*records: Record) -> dict[str, tuple[Any, Any]]:
    with facts_of(records, only=["environments_in_use"]) as store:
        return {
            row["environment"]: (row["in_use_from"], row["in_use_until"])
            for row in rows_of(store, "environments_in_use")
        }


def test_an_environment_that_nobody_looked_at_shows_by_its_deployments() -> None:
    seen = environment("test", production=False, held_from="2026-02-01", held_until="2026-05-01")
    assert in_use(seen, deployment("a", 3), deployment("b", 5)) == {
        "production": ("2026-03-03T00:00:00Z", None),
        "test": (None, None),
    }
    assert in_use(seen, *covering("environments")) == {"test": ("2026-02-01T00:00:00Z", "2026-05-01T00:00:00Z")}


# bit by bit

WORLD = [
    *HR,
    *SEEN,
    *covering("path_rights", "tenant_endpoints"),
    *(change(name, day, head_commit=f"h-{name}") for name, day in (("a", 1), ("b", 2), ("c", 5), ("d", 9))),
    *(review(day, submitted_at=f"2026-02-{day:02}", commit=f"h-{name}") for name, day in (("a", 1), ("c", 5))),
    deployment("b", 3, artifact_digest="x"),
    deployment("a", 4),
    deployment("c", 6),
    deployment("d", 10, by_pipeline=False, deployed_by="bo-gh"),
    deployment("a", 6, observed="2026-07-03"),  # told anew: it was another commit
    change("c", 2, head_commit="h-c", observed="2026-07-03"),  # it landed earlier than first told
    tell("agents", agent="helper", owner="bo", accounts=["helper[bot]"], scopes=[]),
    tell("path_rights", repository=REPO, account="bo-gh", can_bypass=True, can_deploy=True, held_from="2026-01-01", held_until="2026-07-01"),
    tell("tenant_endpoints", repository=REPO, endpoint="GET /a", added_at="2026-03-02", added_in="b", is_tested=False),
]  # fmt: skip
LIVE = ["changes", "deployed_changes", "deployment_checks"]


def tables_of(*batches: list[Record]) -> list[list[dict[str, Any]]]:
    with open_facts(None, origin="test", only=LIVE) as store:
        start = 0
        for batch in batches:
            project(store, [encode_entry(record) for record in batch], start=start)
            start += len(batch)
        return [rows_of(store, table) for table in LIVE]


@pytest.fixture(scope="module")
def whole() -> list[list[dict[str, Any]]]:
    return tables_of(WORLD)


def test_told_backwards_in_two_parts_the_tables_are_the_same(whole: list[list[dict[str, Any]]]) -> None:
    middle = len(WORLD) // 2
    assert all(whole)
    assert tables_of(WORLD[:middle:-1], WORLD[middle::-1]) == whole


@pytest.mark.slow
@given(st.permutations(WORLD), st.lists(st.integers(0, len(WORLD)), min_size=2, max_size=3))
@settings(max_examples=15, deadline=None)
def test_bit_by_bit_gives_the_same_tables(
    whole: list[list[dict[str, Any]]], records: list[Record], cuts: list[int]
) -> None:
    ends = [0, *sorted(cuts), len(records)]
    assert tables_of(*(records[one:two] for one, two in itertools.pairwise(ends))) == whole
