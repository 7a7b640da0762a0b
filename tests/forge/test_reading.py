"""What a reading comes to while the forge refuses, limits, breaks, changes: what was got stays, the rest is a gap."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.forge import acts, faults
from tests.forge.contract import problems_of_request
from tests.forge.rest_alerts import SECRET
from tests.forge.service import TOKEN, Answer, Seen, Service, Token
from tests.forge.state import Forge
from tests.forge.studio import Studio
from tests.forge.syncing import facts, new_ledger, sync

EVERY = dict.fromkeys(
    [
        "metadata",
        "pull_requests",
        "issues",
        "contents",
        "checks",
        "statuses",
        "deployments",
        "actions",
        "administration",
        "security_events",
        "members",
        "secret_scanning_alerts",
        "vulnerability_alerts",
        "organization_administration",
    ],
    "read",
)
Rows = dict[str, list[str]]
# Two pages tell of it: in the same second, one row of the two stays.
SHARED = {"mfa_settings"}
# Filled from git, webhooks, the gate and attestations, or derived.
ELSEWHERE = {
    "coverings",
    "deliveries",
    "overrides",
    "attestations",
    "repositories",
    "branch_rules",
    "deployment_approvals",
}


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return new_ledger(tmp_path / "ledger")


def fresh(forge: Forge, folder: Path, token: Path) -> Rows:
    """The facts of one reading from the beginning, of the forge as it is now."""
    service = Service(copy.deepcopy(forge))
    sync(service, new_ledger(folder), token, subject="acme")
    return timeless(facts(folder))


def timeless(found: Rows) -> Rows:
    """Without the last five columns: what was seen, not when it was looked at, nor how often."""
    return {
        name: sorted({row.rsplit(",", 5)[0] for row in rows}) for name, rows in found.items() if name not in SHARED
    }


@pytest.fixture(scope="module")
def expected(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """What one reading of the company's forge comes to, when nothing disturbs it."""
    folder = tmp_path_factory.mktemp("expected")
    (folder / "token").write_text(TOKEN)
    (folder / "token").chmod(0o600)
    return fresh(studio.forge, folder / "ledger", folder / "token")


def gaps(done: Any) -> list[str]:
    return [f"{each.code} {each.what} {each.remedy}" for source in done.sources for each in source.gaps]


def test_everything_is_read_and_every_request_is_one_that_github_knows(
    service: Service, ledger: Path, token: Path
) -> None:
    done = sync(service, ledger, token, subject="acme", profiles=frozenset({"app-events", "ruleset-history"}))
    assert gaps(done) == []
    assert [problems_of_request(each) for each in service.requests if problems_of_request(each)] == []
    assert set(service.statuses) == {200}
    found = facts(ledger)
    assert {name for name, rows in found.items() if not rows} <= ELSEWHERE
    assert len(found["requests"]) == len(service.forge.repositories["acme/harbor"].requests)


def test_no_secret_and_no_token_is_in_the_ledger(service: Service, ledger: Path, token: Path) -> None:
    sync(service, ledger, token, subject="acme")
    kept = b"".join(each.read_bytes() for each in ledger.rglob("*") if each.is_file())
    assert b"GitHub Personal Access Token" in kept
    assert SECRET.encode() not in kept
    assert TOKEN.encode() not in kept


@pytest.mark.parametrize(
    ("missing", "tables"),
    [
        ("administration", {"rule_suites", "credentials"}),
        ("deployments", {"deployments"}),
        ("pull_requests", {"requests", "reviews"}),
        ("security_events", {"scan_runs"}),
        ("organization_administration", {"audit_events", "agent_installations"}),
    ],
)
def test_a_right_that_is_missing_leaves_a_gap_and_everything_else(
    missing: str, tables: set[str], service: Service, ledger: Path, token: Path
) -> None:
    service.tokens[TOKEN] = Token(dict(EVERY))
    del service.tokens[TOKEN].permissions[missing]  # type: ignore[union-attr]
    done = sync(service, ledger, token, subject="acme")
    found = facts(ledger)
    assert not any(found[name] for name in tables)
    assert any(each.startswith("GAP-ACCESS") for each in gaps(done))
    assert found["pushes"]
    assert found["accounts"]


def test_a_token_that_ends_halfway_keeps_what_was_got(
    service: Service, ledger: Path, token: Path, expected: Rows
) -> None:
    service.faults.append(faults.at(12, faults.revoke))
    done = sync(service, ledger, token)
    assert any(each.startswith("GAP-TOKEN") for each in gaps(done))
    assert len(facts(ledger)["requests"]) == 28
    service.faults.clear()
    service.tokens[TOKEN].revoked = False
    sync(service, ledger, token, subject="acme")
    assert timeless(facts(ledger)) == expected


def test_a_limit_is_waited_for(service: Service, ledger: Path, token: Path, expected: Rows) -> None:
    service.limit = 9
    done = sync(service, ledger, token, subject="acme", max_wait=4000)
    assert gaps(done) == []
    assert service.waited > 3600
    assert 403 not in service.statuses, "it stops before it is refused"
    assert timeless(facts(ledger)) == expected


@pytest.mark.slow
def test_a_limit_that_takes_too_long_stops_and_goes_on_another_time(
    service: Service, ledger: Path, token: Path, expected: Rows
) -> None:
    service.limit = 9
    done = sync(service, ledger, token, max_wait=10)
    assert any(each.startswith("GAP-LIMIT") for each in gaps(done))
    for _ in range(8):
        service.sleep(4000)
        sync(service, ledger, token, subject="acme", max_wait=10)
    assert timeless(facts(ledger)) == expected


@pytest.mark.parametrize(
    "act",
    [
        faults.secondary(20),
        faults.status(502),
        faults.status(202),
        faults.status(429, retry_after="5"),
        faults.cut,
        faults.too_slow,
    ],
    ids=["secondary", "502", "202", "429", "cut", "slow"],
)
def test_what_fails_now_and_then_is_asked_again(
    act: Callable[[Service, Seen], Answer | None], service: Service, ledger: Path, token: Path, expected: Rows
) -> None:
    service.faults.append(faults.each(range(1, 60, 3), act))
    done = sync(service, ledger, token, subject="acme")
    assert gaps(done) == []
    assert timeless(facts(ledger)) == expected


def test_inner_pages_are_followed_to_their_end(service: Service, ledger: Path, token: Path, expected: Rows) -> None:
    service.cap, service.page_cap = 4, 6
    sync(service, ledger, token, subject="acme")
    found = timeless(facts(ledger))
    # A request whose lists were cut says of itself no more that it holds them all: their extracts do.
    assert {name: rows for name, rows in found.items() if name != "requests"} == {
        name: rows for name, rows in expected.items() if name != "requests"
    }
    assert len(found["requests"]) == len(expected["requests"])


def go_on(forge: Forge) -> None:
    """A day goes by: an open request is approved and merged, a check ends, a deployment is switched off."""
    forge.now += 86_400
    repository = forge.repositories["acme/harbor"]
    request = next(each for each in repository.requests.values() if each.title == "Not yet")
    acts.note(request, "ready_for_review", forge.now - 9000, request.author)
    acts.review(request, forge.accounts["ana"], forge.now - 8000)
    running = next(each for each in repository.requests.values() if each.title == "Still running")
    for each in repository.checks[running.head_commit]:
        each.status, each.conclusion, each.completed_at = "completed", "failure", forge.now - 7000
    acts.close(running, forge.now - 6000, running.author) if running.number % 2 else None
    repository.protections.clear()


def test_a_second_reading_comes_to_what_a_fresh_one_comes_to(
    service: Service, ledger: Path, token: Path, tmp_path: Path
) -> None:
    sync(service, ledger, token, subject="acme")
    count = len(service.requests)
    go_on(service.forge)
    sync(service, ledger, token, subject="acme")
    assert len(service.requests) - count <= count
    found, expected = timeless(facts(ledger)), fresh(service.forge, tmp_path / "fresh", token)
    # What once stood and does not any more stays a fact of that time.
    history = {"branch_rules", "environment_rules", "path_rights", "privileged_roles", "mfa_settings", "accounts"}
    assert {name: rows for name, rows in found.items() if name not in history} == {
        name: rows for name, rows in expected.items() if name not in history
    }


@pytest.mark.slow
def test_what_is_touched_while_it_is_read_is_not_missed(
    service: Service, ledger: Path, token: Path, tmp_path: Path
) -> None:
    def touch(changed: Service, _: Seen) -> None:
        repository = changed.forge.repositories["acme/harbor"]
        oldest = min(repository.requests.values(), key=lambda each: each.updated_at)
        acts.review(oldest, changed.forge.accounts["cleo"], changed.forge.now, state="COMMENTED")

    for number in range(300):
        request = service.forge.repositories["acme/harbor"].requests[1 + number % 28]
        copied = copy.copy(request)
        copied.id, copied.number, copied.reviews, copied.events = service.forge.next_id(), 1000 + number, [], []
        service.forge.repositories["acme/harbor"].requests[copied.number] = copied
        service.forge.nodes[copied.node_id] = copied
    service.faults += [faults.at(place, touch) for place in (2, 3)]
    sync(service, ledger, token, subject="acme")
    assert sum(each.is_graph for each in service.requests) > 4
    assert timeless(facts(ledger)) == fresh(service.forge, tmp_path / "fresh", token)


def test_who_has_no_second_factor_is_not_lost_in_one_second(service: Service, ledger: Path, token: Path) -> None:
    sync(service, ledger, token, subject="acme")
    assert any("dan" in row for row in facts(ledger, ("mfa_settings",))["mfa_settings"])


def test_the_studio_is_not_changed(studio: Studio) -> None:
    assert len(studio.repository.requests) == 28
