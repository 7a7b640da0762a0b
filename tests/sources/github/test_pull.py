"""A repository and an organisation of the simulated forge, step by step."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.sources.credentials import Token as Secret
from asbuilt.sources.github.endpoints import load_endpoints
from asbuilt.sources.github.pull import HEADERS, Organization, Repository
from asbuilt.sources.http import Client
from asbuilt.sources.steps import Listed, Mark, Page, Source, Step
from tests.forge.service import Answer, Seen, Service, Token, told
from tests.forge.stories import company_forge
from tests.forge.studio import Studio
from tests.forge.transports import InMemory

WORD = "github_pat_all_of_it"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return company_forge(tmp_path_factory.mktemp("forge") / "harbor")


@pytest.fixture
def service(company: Studio) -> Service:
    return Service(copy.deepcopy(company.forge), tokens={WORD: Token()})


def client_of(service: Service, base: str = "https://api.github.com") -> Client:
    return Client(
        base,
        Secret(WORD, "the test"),
        headers=HEADERS,
        transport=InMemory(service),
        clock=lambda: service.forge.now,
        sleep=lambda _: None,
        draw=lambda: 0.0,
        max_wait=0,
    )


def pull(source: Source, state: dict[str, Any] | None = None) -> list[Step]:
    return list(source.pull(state or {}))


def pages(steps: list[Step], name: str) -> Iterator[Page]:
    return (step for step in steps if isinstance(step, Page) and step.name == name)


def listings(steps: list[Step]) -> dict[str, Listed]:
    return {step.listing: step for step in steps if isinstance(step, Listed)}


def test_a_repository_from_its_requests_to_its_alerts(service: Service) -> None:
    steps = pull(Repository(client_of(service), "acme/harbor"))
    order = list(dict.fromkeys(step.name for step in steps if isinstance(step, Page)))
    assert order[:3] == ["repository", "activity", "graphql/requests"]
    assert {"graphql/deployments", "environments", "run/approvals"} <= set(order)
    assert {"branch/rules", "branch/protection", "rulesets", "ruleset", "rule-suites", "activity"} <= set(order)
    assert {"collaborators", "teams", "keys", "secret-scanning/alerts", "dependabot/alerts"} <= set(order)
    assert not {"ruleset/history", "ruleset/version"} & set(order)
    assert all(each.complete for each in listings(steps).values())
    assert isinstance(steps[-1], Mark)
    json.dumps(dict(steps[-1].state))


def test_one_listing_of_rules_and_one_extract_for_all_approvals(service: Service) -> None:
    found = listings(pull(Repository(client_of(service), "acme/harbor")))
    assert found["rules"].tables == ("branch_rules", "branch_rule_parts", "rule_sets")
    assert set(found["rules"].scopes) == {"Metadata: read", "Administration: read"}
    assert found["run/approvals"].complete


def test_approvals_are_asked_for_where_a_reviewer_is_and_once(service: Service) -> None:
    steps = pull(Repository(client_of(service), "acme/harbor"))
    runs = [page.key for page in pages(steps, "run/approvals")]
    assert runs
    assert len(runs) == len(set(runs))
    state = dict([step for step in steps if isinstance(step, Mark)][-1].state)
    again = pull(Repository(client_of(service), "acme/harbor"), state)
    assert list(pages(again, "run/approvals")) == []


def test_the_history_of_rule_sets_is_read_where_it_is_asked_for(service: Service) -> None:
    profiles = frozenset({"ruleset-history"})
    steps = pull(Repository(client_of(service), "acme/harbor", profiles=profiles))
    history, versions = list(pages(steps, "ruleset/history")), list(pages(steps, "ruleset/version"))
    assert history
    assert versions
    assert all(" | " in page.key for page in versions)
    state = dict([step for step in steps if isinstance(step, Mark)][-1].state)
    again = pull(Repository(client_of(service), "acme/harbor", profiles=profiles), state)
    assert list(pages(again, "ruleset/version")) == []


def test_an_organisation_and_its_repositories(service: Service) -> None:
    source = Organization(client_of(service), "acme")
    steps = pull(source)
    named = {name for name, each in load_endpoints().items() if each.scope == "organization"}
    read = {step.name for step in steps if isinstance(step, Page)}
    refused = {step.path.split()[0] for step in steps if isinstance(step, Gap) and step.path}
    assert named <= read | refused
    assert "acme/harbor" in source.repositories
    assert source.name == "github:acme"


def test_the_name_of_a_host_of_ones_own_is_part_of_the_source(service: Service) -> None:
    client = client_of(service, "https://forge.example/api/v3")
    assert Repository(client, "acme/harbor").name == "github:forge.example/acme/harbor"
    steps = pull(Repository(client, "acme/harbor"))
    assert next(seen.path for seen in service.requests if seen.is_graph) == "/api/graphql"
    assert list(pages(steps, "graphql/requests"))


def test_one_of_several_that_is_not_seen_is_a_gap(service: Service) -> None:
    (gap,) = pull(Repository(client_of(service), "acme/none", among_others=True))
    assert isinstance(gap, Gap)
    with pytest.raises(SourceError):
        pull(Repository(client_of(service), "acme/none"))


def test_a_repository_without_a_branch_says_so(service: Service) -> None:
    def empty(_: Service, seen: Seen) -> Answer | None:
        told = b'{"full_name":"acme/harbor","default_branch":null}'
        return Answer(200, told) if seen.path == "/repos/acme/harbor" else None

    service.faults.append(empty)
    steps = pull(Repository(client_of(service), "acme/harbor"))
    assert any(isinstance(step, Gap) and step.path == "branch/rules acme/harbor" for step in steps)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"data":null}', b'{"data":[]}', b"<html>", b'{"data":{"repository":null}}']
)
def test_graphql_that_gives_nothing_is_a_gap_for_each_part(body: bytes, service: Service) -> None:
    service.faults.append(lambda _, seen: Answer(200, body) if seen.is_graph else None)
    steps = pull(Repository(client_of(service), "acme/harbor"))
    gaps = [step for step in steps if isinstance(step, Gap)]
    assert len(gaps) >= 2
    assert not {"requests", "deployments"} & listings(steps).keys()
    assert "activity" in listings(steps)


def test_states_that_are_none_of_ours_are_passed_over(service: Service) -> None:
    names = (
        "requests",
        "deployments",
        "etags",
        "untils",
        "ids",
        "approvals",
        "environments",
        "versions",
        "repository",
    )
    for wrong in (5, [1], {"until": "x", "a": 5}, None, "text"):
        steps = pull(Repository(client_of(service), "acme/harbor"), dict.fromkeys(names, wrong))
        assert listings(steps)["requests"].complete, wrong


def test_a_limit_before_the_first_answer_is_a_gap(service: Service, tmp_path: Path) -> None:
    service.spent["core"] = service.limit
    (gap,) = pull(Repository(client_of(service), "acme/harbor"))
    assert isinstance(gap, Gap)
    assert gap.code == "GAP-LIMIT"


def test_checks_of_what_was_pushed_without_a_request_are_read_by_the_commit(
    company: Studio, service: Service
) -> None:
    direct = {story.change for story in company.stories.values() if story.number is None and story.change}
    steps = pull(Repository(client_of(service), "acme/harbor"))
    read = {page.key.partition(" | ")[0] for page in pages(steps, "commit/check-runs")}
    assert direct
    assert direct <= read
    assert {page.key.partition(" | ")[0] for page in pages(steps, "commit/statuses")} == read
    state = dict([step for step in steps if isinstance(step, Mark)][-1].state)
    # They may run on: a day later they are taken to have ended.
    assert set(state["direct"]["waiting"]) == read
    service.forge.now += 100_000
    steps = pull(Repository(client_of(service), "acme/harbor"), state)
    state = dict([step for step in steps if isinstance(step, Mark)][-1].state)
    assert state["direct"]["waiting"] == {}


def test_checks_are_covered_only_where_all_that_landed_were_read(service: Service) -> None:
    assert listings(pull(Repository(client_of(service), "acme/harbor")))["requests"].holed == ()
    service.faults.append(lambda _, seen: told(403, {"message": "No"}) if "check-runs" in seen.path else None)
    found = listings(pull(Repository(client_of(service), "acme/harbor")))["requests"]
    assert (found.complete, found.holed) == (True, ("checks",))


def test_what_graphql_leaves_out_is_not_covered(service: Service) -> None:
    def leave_out(forge: Service, seen: Seen) -> Answer | None:
        if not seen.is_graph or b"query Requests" not in seen.body:
            return None
        forge.faults.clear()
        whole = forge.answer("POST", "https://api.github.com/graphql", dict(seen.headers), seen.body)
        body = json.loads(whole.body)
        path = ["repository", "pullRequests", "nodes", 0, "headCommit", "nodes", 0, "commit", "statusCheckRollup"]
        body["errors"] = [{"type": "FORBIDDEN", "message": "No", "path": path}]
        return told(200, body)

    service.faults.append(leave_out)
    assert listings(pull(Repository(client_of(service), "acme/harbor")))["requests"].holed == ("checks",)
