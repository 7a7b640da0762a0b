"""What the simulator answers is what GitHub's own descriptions allow, and it can tell when it is not."""

import json
from collections.abc import Iterator

import graphql
import httpx
import pytest

from tests.forge.contract import path_of, problems_of_answer, problems_of_request
from tests.forge.graph import check_document, plain_schema
from tests.forge.resolver_table import RESOLVERS
from tests.forge.service import TOKEN, Answer, Seen, Service
from tests.forge.shapes import document
from tests.forge.transports import InMemory

R = "/repos/acme/harbor"
LISTED = (
    "", "/pulls?state=all&sort=updated&direction=desc&per_page=100",
    "/issues?state=all&sort=updated&direction=desc&per_page=100", "/issues/events?per_page=100", "/commits?per_page=100", "/environments", "/deployments",
    "/actions/runs?per_page=100", "/branches", "/branches/main/protection", "/rules/branches/main", "/rulesets?includes_parents=true",
    "/rulesets/rule-suites", "/activity?per_page=100", "/collaborators?affiliation=all", "/teams", "/keys", "/hooks",
    "/code-scanning/alerts", "/code-scanning/analyses", "/secret-scanning/alerts?hide_secret=true", "/secret-scanning/alerts",
    "/dependabot/alerts",
)  # fmt: skip
OF_ORGANIZATION = (
    "", "/repos", "/members?role=admin", "/members?filter=2fa_disabled", "/outside_collaborators", "/teams", "/teams/core/members",
    "/installations", "/audit-log?include=all",
)  # fmt: skip


def addresses(service: Service) -> Iterator[str]:
    """Every path that the simulator serves, with every object it holds."""
    repository = service.forge.repositories["acme/harbor"]
    yield from (f"{R}{each}" for each in LISTED)
    yield from (f"/orgs/acme{each}" for each in OF_ORGANIZATION)
    yield from ("/user", "/rate_limit")
    for number in repository.requests:
        yield from (f"{R}/pulls/{number}{more}" for more in ("", "/reviews", "/commits?per_page=100"))
        yield f"{R}/issues/{number}/timeline?per_page=100"
    for oid in list(repository.checks)[:5]:
        yield from (f"{R}/commits/{oid}/{more}" for more in ("check-runs", "statuses", "pulls"))
    yield from (f"{R}/deployments/{each.id}/statuses" for each in repository.deployments)
    yield from (f"{R}/actions/runs/{each.id}/approvals" for each in repository.runs if each.approvals)
    for each in repository.rulesets:
        yield from (f"{R}/rulesets/{each.id}{more}" for more in ("", "/history", f"/history/{each.versions[0][0]}"))


def ask(service: Service, path: str) -> httpx.Response:
    with httpx.Client(transport=InMemory(service), base_url="https://api.github.com") as client:
        return client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})


def test_every_answer_is_as_github_describes_it(service: Service) -> None:
    problems, paths, told = [], set(), 0
    for address in addresses(service):
        found = ask(service, address)
        assert found.status_code == 200, (address, found.text)
        seen = service.requests[-1]
        problems += problems_of_answer(seen, Answer(found.status_code, found.content)) + problems_of_request(seen)
        paths.add(path_of(seen.path))
        told += found.content not in {b"[]", b"{}"}
    assert problems == []
    unserved = set(document()["paths"]) - paths
    # Deliveries are told of by webhooks' own tests; they are empty here, or of an app.
    assert {path for path in unserved if path and "hook" not in path} == set()
    assert told > 100


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"id": "x"}, "is a required property"),
        ([{"name": 3}], "is not of type 'object'"),
    ],
)
def test_what_is_not_as_described_is_said(body: object, word: str) -> None:
    seen = Seen("GET", R, (), {}, b"")
    assert any(word in each for each in problems_of_answer(seen, Answer(200, json.dumps(body).encode())))


def test_a_field_that_github_does_not_know_is_said(service: Service) -> None:
    body = ask(service, f"{R}/pulls/2").json()
    body["head"]["invented"] = body["made_up"] = 1
    seen = service.requests[-1]
    found = problems_of_answer(seen, Answer(200, json.dumps(body).encode()))
    assert [each.split(" ")[1] for each in found] == ["/head/invented:", "/made_up:"]


@pytest.mark.parametrize(
    ("path", "query", "problem"),
    [
        (f"{R}/pulls", ("state", "all"), ""),
        (f"{R}/pulls", ("state", "merged"), "is not one of"),
        (f"{R}/pulls", ("since", "2025"), "knows no parameter since"),
        (f"{R}/pulls/1", ("page", "2"), "knows no parameter page"),
        (f"{R}/rulesets/rule-suites", ("time_period", "month"), ""),
        (f"{R}/secret-scanning/alerts", ("hide_secret", "true"), ""),
        (f"{R}/nowhere", ("page", "2"), "no such path"),
    ],
)
def test_what_a_client_asks_is_held_against_the_parameters(path: str, query: tuple[str, str], problem: str) -> None:
    found = problems_of_request(Seen("GET", path, (query,), {}, b""))
    assert (problem in found[0]) if problem else found == []


def test_the_clients_documents_are_valid_against_githubs_schema() -> None:
    from importlib.resources import files  # noqa: PLC0415  (of the installed package, not of this tree)

    found = {
        each.name: check_document(each.read_text("utf-8"))
        for each in files("asbuilt.sources.github").iterdir()
        if each.name.endswith(".graphql")
    }
    assert found, "the client's documents have moved"
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_a_wrong_document_is_refused() -> None:
    assert check_document('{ repository(owner: 1, name: "x") { pulls { id } } }') != []
    assert check_document("query {") != []


def test_only_fields_that_github_has_are_answered() -> None:
    types = plain_schema().type_map
    for name, fields in RESOLVERS.items():
        kind = types[name]
        assert isinstance(kind, graphql.GraphQLObjectType), name
        if "Event" not in name and not name.endswith("Connection") and name not in {"User", "Bot", "Mannequin"}:
            assert fields.keys() - kind.fields.keys() == set(), name
