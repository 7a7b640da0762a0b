"""Reading the simulated GitLab: whole, again, broken off at every request, with few rights, at a limit."""

import contextlib
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from asbuilt.app.sync_asking import Asked
from asbuilt.ledger.ledger import open_ledger
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.record import Record, decode_entry
from tests.facts.forge.gitlab.payloads import DEPLOYMENT, LOG_ENTRY, PAGES, rules_answers
from tests.forge.gitlab_simulator import PROJECT, TOKEN, GitLab
from tests.forge.gitlab_stories import Stories
from tests.forge.syncing import facts, new_ledger
from tests.forge.test_gitlab_stories import read

STATES = {
    "branch_rules",
    "path_rights",
    "privileged_roles",
    "environment_rules",
    "secret_protection",
    "findings_seen",
}


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Stories:
    return whole_stories(tmp_path_factory.mktemp("gitlab") / "harbor")


def whole_stories(folder: Path) -> Stories:
    """With all that stands around the requests."""
    made = Stories(folder)
    rules = rules_answers()
    made.forge.extras = {
        "project": rules["project"] | {"secret_push_protection_enabled": True},
        "protected_branches": rules["protected_branches"],
        "approvals": rules["approval_settings"],
        "approval_rules": rules["approval_rules"],
        "push_rule": {},
        "environments": [],
        "deployments": [DEPLOYMENT],
        "deployments/80": DEPLOYMENT,
        **{
            name: PAGES[name][1]
            for name in (
                "protected_environments",
                "events",
                "access_tokens",
                "deploy_keys",
                "vulnerability_findings",
            )
        },
        "members/all": PAGES["members"][1],
        "audit_events": [LOG_ENTRY],
        "group/members/all": PAGES["group/members"][1],
        "group/audit_events": [LOG_ENTRY | {"id": 61}],
    }
    made.forge.now = 1_770_000_000
    return made


@pytest.fixture
def forge(stories: Stories) -> GitLab:
    return again(stories)


def again(stories: Stories, per_page: int = 100) -> GitLab:
    """The same forge, to be changed."""
    fresh = GitLab(stories.repo, per_page=per_page)
    fresh.users = copy.deepcopy(stories.forge.users)
    fresh.requests = copy.deepcopy(stories.forge.requests)
    fresh.extras = copy.deepcopy(stories.forge.extras)
    fresh.now = stories.forge.now
    fresh._ids = 5000
    return fresh


def records(ledger: Path) -> list[Record]:
    with open_ledger(ledger) as opened:
        return [decode_entry(entry) for entry in opened.entries()]


def extracts(ledger: Path, table: str) -> list[dict[str, Any]]:
    found = [json.loads(each.payload) for each in records(ledger) if each.kind == "fact/extracts"]
    return [each for each in found if each["population"] == table]


def told(ledger: Path) -> dict[str, list[str]]:
    return {name: rows for name, rows in facts(ledger).items() if rows}


def test_everything_is_read_and_nothing_is_a_gap(forge: GitLab, tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path / "ledger")
    done = read(forge, ledger, tmp_path / "token").sources[0]
    assert [(gap.code, gap.what, gap.why) for gap in done.gaps] == []
    assert done.source == f"gitlab:{PROJECT}"
    assert done.rows["requests"].new == len(forge.requests)
    (extract,) = extracts(ledger, "requests")
    assert extract["row_count"] == extract["reported_total"] == len(forge.requests)
    assert (extract["truncated"], extract["part"]) == (False, PROJECT)
    assert not any(TOKEN in repr(each) for each in records(ledger))
    assert {"branch_rules", "deployments", "pushes", "rule_events", "credentials", "accounts"} <= set(told(ledger))
    # GitLab shows only those that were dismissed, unless it is asked for all.
    assert [each for each in forge.asked if "/vulnerability_findings?scope=all&" in each]


def test_small_pages_tell_the_same(stories: Stories, tmp_path: Path) -> None:
    for size in (100, 2):
        read(again(stories, size), new_ledger(tmp_path / str(size)), tmp_path / "token")
    assert {name: rows for name, rows in told(tmp_path / "2").items() if name not in STATES} == {
        name: rows for name, rows in told(tmp_path / "100").items() if name not in STATES
    }


def test_again_reads_what_changed_alone(forge: GitLab, tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path / "ledger")
    read(forge, ledger, tmp_path / "token")
    before, forge.asked = told(ledger)["reviews"], []
    forge.now += 7200
    number = next(own for own, each in forge.requests.items() if not each["_approved"])
    forge.approve(number, "cleo")
    done = read(forge, ledger, tmp_path / "token")
    assert len(told(ledger)["reviews"]) == len(before) + 1
    inner = [each for each in forge.asked if "/merge_requests/" in each]
    assert {each.split("/merge_requests/")[1].split("/")[0].partition("?")[0] for each in inner} == {str(number)}
    assert done.sources[0].unchanged > 5


def test_pipelines_that_run_are_looked_at_again(forge: GitLab, tmp_path: Path) -> None:
    pipeline = forge.pipeline(1, "running")
    ledger = new_ledger(tmp_path / "ledger")
    read(forge, ledger, tmp_path / "token")
    assert any(',"pending",' in row for row in told(ledger)["checks"])
    pipeline["status"] = pipeline["_jobs"][0]["status"] = "success"
    pipeline["_jobs"][0]["finished_at"] = pipeline["updated_at"]
    forge.now += 7200
    read(forge, ledger, tmp_path / "token")
    assert not any(',"pending",' in row for row in told(ledger)["checks"])
    forge.asked = []
    forge.now += 7200
    read(forge, ledger, tmp_path / "token")
    assert not [each for each in forge.asked if "/merge_requests/" in each]


Act = Callable[[httpx.Request], httpx.Response]


class KilledError(Exception):
    """The process is gone."""


def kill(_: httpx.Request) -> httpx.Response:
    raise KilledError


def cut(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("the connection broke", request=request)


def since(place: int, act: Act) -> Callable[[int, httpx.Request], httpx.Response | None]:
    return lambda number, request: act(request) if number >= place else None


@pytest.mark.slow
@pytest.mark.parametrize(("act", "step"), [(kill, 1), (cut, 5)])
def test_broken_off_at_every_request_it_ends_with_the_same_facts(
    stories: Stories, tmp_path: Path, act: Act, step: int
) -> None:
    whole = again(stories, 5)
    read(whole, new_ledger(tmp_path / "whole"), tmp_path / "token")
    wanted = told(tmp_path / "whole")
    for place in range(0, len(whole.asked), step):
        forge, ledger = again(stories, 5), new_ledger(tmp_path / str(place))
        forge.is_still = True
        forge.before = since(place, act)
        with contextlib.suppress(KilledError, SourceError):
            read(forge, ledger, tmp_path / "token")
        forge.before = lambda _, __: None
        forge.now = whole.now
        read(forge, ledger, tmp_path / "token")
        assert told(ledger) == wanted, place


def approvals(ledger: Path, login: str) -> list[dict[str, Any]]:
    found = [json.loads(each.payload) for each in records(ledger) if each.kind == "fact/reviews"]
    return [each for each in found if each["state"] == "approved" and each.get("reviewer") == login]


def test_of_whom_gitlab_does_not_show_nobody_knows_who_types_until_it_does(forge: GitLab, tmp_path: Path) -> None:
    own = str(forge.users["ben"]["id"])
    forge.hidden = {own}
    ledger = new_ledger(tmp_path / "ledger")
    done = read(forge, ledger, tmp_path / "token").sources[0]
    assert [(gap.code, gap.path) for gap in done.gaps] == [("GAP-ACCESS", f"user {PROJECT} {own}")]
    assert approvals(ledger, "ben")
    assert all("is_bot" not in each for each in approvals(ledger, "ben"))
    (extract,) = [
        each for each in extracts(ledger, "accounts") if "reported_total" not in each and each["truncated"]
    ]
    assert "covers_from" not in extract
    forge.hidden, forge.now = set(), forge.now + 7200
    assert read(forge, ledger, tmp_path / "token").sources[0].gaps == []
    assert sum(each.get("is_bot") is False for each in approvals(ledger, "ben")) > 3
    read(forge, new_ledger(tmp_path / "whole"), tmp_path / "token")
    # When a row was read and recorded stands in the last two columns.
    ours, whole = (
        [row.rsplit(",", 2)[0] for row in told(each)["reviews"]] for each in (ledger, tmp_path / "whole")
    )
    assert ours == whole
    forge.asked, forge.now = [], forge.now + 7200
    read(forge, ledger, tmp_path / "token")
    assert not [each for each in forge.asked if "/users/" in each]


def test_each_account_is_asked_for_once_in_a_reading(forge: GitLab, tmp_path: Path) -> None:
    read(forge, new_ledger(tmp_path / "ledger"), tmp_path / "token")
    asked = [each for each in forge.asked if "/users/" in each]
    assert len(asked) == len(set(asked)) > 3


def test_without_the_plan_approval_rules_are_asked_for_once(forge: GitLab, tmp_path: Path) -> None:
    forge.plan = "free"
    ledger = new_ledger(tmp_path / "ledger")
    gaps = read(forge, ledger, tmp_path / "token").sources[0].gaps
    assert [gap.path for gap in gaps] == [f"approval_state {PROJECT}"]
    assert "Without the plan Premium there is none" in gaps[0].why
    assert len([each for each in forge.asked if "/approval_state" in each]) == 1
    assert extracts(ledger, "rule_suites")[0]["truncated"] is True
    assert extracts(ledger, "requests")[0]["truncated"] is False


def test_a_free_plan_leaves_gaps_that_name_role_and_plan(forge: GitLab, tmp_path: Path) -> None:
    for name in ("approvals", "approval_rules", "push_rule", "audit_events", "protected_environments"):
        del forge.extras[name]
    forge.refuses["/vulnerability_findings"] = 403
    ledger = new_ledger(tmp_path / "ledger")
    gaps = {gap.path: gap for gap in read(forge, ledger, tmp_path / "token").sources[0].gaps}
    assert set(gaps) == {
        f"{name} {PROJECT}"
        for name in (
            *("approval_settings", "approval_rules", "push_rule", "audit_events", "protected_environments"),
            "vulnerability_findings",
        )
    }
    log, found = gaps[f"audit_events {PROJECT}"], gaps[f"vulnerability_findings {PROJECT}"]
    assert "Without the plan Premium there is none" in log.why
    assert "role Maintainer" in log.remedy
    assert "GitLab answers 403" in found.why
    assert "role Developer" in found.remedy
    assert extracts(ledger, "rule_events") == []


@pytest.mark.parametrize("inner", ["notes", "versions", "approvals", "commits"])
def test_an_inner_list_that_is_refused_is_one_gap_and_the_population_is_not_whole(
    forge: GitLab, tmp_path: Path, inner: str
) -> None:
    forge.refuses[f"/{inner}"] = 403
    if inner == "approvals":
        forge.extras.pop("approvals")
    ledger = new_ledger(tmp_path / "ledger")
    gaps = [
        gap for gap in read(forge, ledger, tmp_path / "token").sources[0].gaps if gap.path == f"{inner} {PROJECT}"
    ]
    assert len(gaps) == 1
    assert extracts(ledger, "requests")[0]["truncated"] is True


def test_nonsense_is_a_gap_and_read_again(forge: GitLab, tmp_path: Path) -> None:
    spoilt = httpx.Response(200, content=b'[{"id": 1,')
    forge.before = lambda _, request: spoilt if request.url.path.endswith("/3/notes") else None
    ledger = new_ledger(tmp_path / "ledger")
    gaps = read(forge, ledger, tmp_path / "token").sources[0].gaps
    assert {gap.path for gap in gaps} == {f"notes {PROJECT}!3"}
    assert extracts(ledger, "requests")[0]["truncated"] is True
    forge.before = lambda _, __: None
    read(forge, ledger, tmp_path / "token")
    read(forge, new_ledger(tmp_path / "whole"), tmp_path / "token")
    assert told(ledger)["reviews"] == told(tmp_path / "whole")["reviews"]


def test_a_token_that_ends_on_the_way_keeps_what_was_got(forge: GitLab, tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path / "ledger")
    gone = httpx.Response(401, json={"message": "401 Unauthorized"})
    forge.before = lambda number, _: gone if number >= 30 else None
    done = read(forge, ledger, tmp_path / "token").sources[0]
    assert [gap.code for gap in done.gaps] == ["GAP-TOKEN"]
    assert 0 < done.rows["requests"].new < len(forge.requests)
    assert len(forge.asked) == 31


def test_a_used_up_limit_stops_with_a_gap(forge: GitLab, tmp_path: Path) -> None:
    refused = httpx.Response(429, headers={"Retry-After": "3000", "RateLimit-Remaining": "0"})
    forge.before = lambda number, _: refused if number >= 20 else None
    done = read(forge, new_ledger(tmp_path / "ledger"), tmp_path / "token", max_wait=60).sources[0]
    assert [gap.code for gap in done.gaps] == ["GAP-LIMIT"]


def test_gitlabs_own_headers_tell_what_is_left(forge: GitLab, tmp_path: Path) -> None:
    assert read(forge, new_ledger(tmp_path / "ledger"), tmp_path / "token").remaining == {"core": 1999}


def test_what_cannot_be_seen_at_all_is_an_error(forge: GitLab, tmp_path: Path) -> None:
    forge.refuses[""] = 404
    with pytest.raises(SourceError, match="both for what is not there"):
        read(forge, new_ledger(tmp_path / "ledger"), tmp_path / "token")


def test_a_host_of_ones_own_is_named_in_the_source(forge: GitLab, tmp_path: Path) -> None:
    done = read(
        forge, new_ledger(tmp_path / "ledger"), tmp_path / "token", api_url="https://git.acme.example/api/v4"
    )
    assert done.sources[0].source == f"gitlab:git.acme.example/{PROJECT}"
    with pytest.raises(UsageError, match="public internet"):
        read(forge, new_ledger(tmp_path / "b"), tmp_path / "token", api_url="https://10.0.0.7/api/v4")
    assert Asked().api_url is None
