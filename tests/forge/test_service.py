"""The simulator behaves as GitHub does where a client has to cope with it: pages, ETags, limits, rights, faults."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.forge import acts, faults
from tests.forge.connections import connection, cursor
from tests.forge.cost import cost_of
from tests.forge.service import TOKEN, Service, Token
from tests.forge.studio import Studio
from tests.forge.transports import InMemory, serving

R = "/repos/acme/harbor"
COUNTED = """query($first: Int!, $after: String) { rateLimit { cost remaining nodeCount }
  repository(owner: "acme", name: "harbor") { pullRequests(first: $first, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
    totalCount pageInfo { hasNextPage endCursor } nodes { number updatedAt reviews(first: 10) { totalCount pageInfo { hasNextPage } nodes { id } } } } } }"""


def client(service: Service, token: str = TOKEN) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(transport=InMemory(service), base_url="https://api.github.com", headers=headers)


def asked(service: Service, query: str, **variables: Any) -> Any:
    return client(service).post("/graphql", json={"query": query, "variables": variables}).json()


def test_pages_of_rest_are_joined_by_links(service: Service) -> None:
    with client(service) as http:
        first = http.get(f"{R}/pulls", params={"state": "all", "per_page": 10})
        numbers, page = [each["number"] for each in first.json()], first
        while "next" in page.links:
            page = http.get(page.links["next"]["url"])
            numbers += [each["number"] for each in page.json()]
        assert sorted(numbers) == list(range(1, 29))
        assert first.links["last"]["url"].endswith("per_page=10&page=3")
        assert "prev" in page.links
        assert len(http.get(f"{R}/pulls?state=all&per_page=1000").json()) == 28


def test_the_activity_goes_by_cursor(service: Service) -> None:
    with client(service) as http:
        page = http.get(f"{R}/activity?per_page=7")
        found = page.json()
        while "next" in page.links:
            assert "after=" in page.links["next"]["url"]
            page = http.get(page.links["next"]["url"])
            found += page.json()
    pushes = service.forge.repositories["acme/harbor"].pushes
    assert [each["id"] for each in found] == [
        each.id for each in sorted(pushes, key=lambda each: (each.at, each.id), reverse=True)
    ]


def test_what_has_not_changed_is_not_sent_again_and_costs_nothing(service: Service) -> None:
    with client(service) as http:
        first = http.get(f"{R}/pulls/1")
        used = service.used
        again = http.get(f"{R}/pulls/1", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content, service.used) == (304, b"", used)
        assert again.headers["x-ratelimit-remaining"] == first.headers["x-ratelimit-remaining"]
        request = service.forge.repositories["acme/harbor"].requests[1]
        acts.note(request, "labeled", service.forge.now, None, label="late")
        request.labels.append("late")
        assert http.get(f"{R}/pulls/1", headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_graphql_pages_go_on_behind_what_has_moved_to_the_front(service: Service) -> None:
    first = asked(service, COUNTED, first=5)["data"]["repository"]["pullRequests"]
    seen = [each["number"] for each in first["nodes"]]
    moved = service.forge.repositories["acme/harbor"].requests[1]
    acts.touch(moved, service.forge.now)
    rest = asked(service, COUNTED, first=100, after=first["pageInfo"]["endCursor"])["data"]["repository"][
        "pullRequests"
    ]
    assert first["totalCount"] == 28
    assert not set(seen) & {each["number"] for each in rest["nodes"]}
    assert set(seen) | {each["number"] for each in rest["nodes"]} == set(range(2, 29))


def test_a_query_costs_what_github_says_it_costs(service: Service) -> None:
    told = asked(service, COUNTED, first=100)
    assert told["data"]["rateLimit"] == {"cost": 1, "remaining": 4999, "nodeCount": 1100}
    import graphql  # noqa: PLC0415  (to parse this one document)

    published = """query { viewer { repositories(first: 50) { edges { repository: node { name
        pullRequests(first: 20) { edges { pullRequest: node { title comments(first: 10) { edges { comment: node { bodyHTML } } } } } }
        issues(first: 20) { totalCount edges { issue: node { title bodyHTML comments(first: 10) { edges { comment: node { bodyHTML } } } } } } } } }
      followers(first: 10) { edges { follower: node { login } } } } }"""
    # The example of GitHub's page on limits: 22,060 nodes.
    assert cost_of(graphql.parse(published), {})[1] == 22_060


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("{ nothing }", "Cannot query field"),
        ('{ repository(owner: "acme", name: "harbor") { pullRequests { totalCount } } }', "first"),
        ('{ repository(owner: "acme", name: "harbor") { pullRequests(first: 101) { totalCount } } }', "100"),
        ('{ repository(owner: "acme", name: "nowhere") { id } }', "Could not resolve to a Repository"),
        ('{ node(id: "PR_x") { id } }', "Could not resolve to a node"),
        ('{ repository(owner: "acme", name: "harbor") { diskUsage } }', "the simulator does not tell"),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_answered_is_an_error_never_a_guess(service: Service, query: str, word: str) -> None:
    told = asked(service, query)
    assert word in told["errors"][0]["message"]


def test_inner_pages_are_cut_where_told_and_say_so(service: Service) -> None:
    service.cap = 1
    found = asked(service, COUNTED, first=100)["data"]["repository"]["pullRequests"]["nodes"]
    cut = [each for each in found if each["reviews"]["totalCount"] > 1]
    assert cut
    assert all(each["reviews"]["pageInfo"]["hasNextPage"] for each in cut)
    assert all(len(each["reviews"]["nodes"]) <= 1 for each in found)


def test_connections_go_both_ways() -> None:
    items = list("abcdefg")
    assert connection(items, first=3)["nodes"] == ["a", "b", "c"]
    assert connection(items, first=3, after=cursor(2))["nodes"] == ["d", "e", "f"]
    assert connection(items, last=2)["nodes"] == ["f", "g"]
    found = connection(items, last=2, before=cursor(5))
    assert (found["nodes"], found["pageInfo"]["hasPreviousPage"], found["totalCount"]) == (["d", "e"], True, 7)


@pytest.mark.parametrize(
    ("missing", "path", "accepted"),
    [
        ("administration", f"{R}/branches/main/protection", "administration=read"),
        ("checks", f"{R}/commits/main/check-runs", "checks=read"),
        ("security_events", f"{R}/code-scanning/alerts", "security_events=read"),
        ("organization_administration", "/orgs/acme/audit-log", "organization_administration=read"),
    ],
)
def test_a_right_that_is_missing_is_named(service: Service, missing: str, path: str, accepted: str) -> None:
    rights = dict.fromkeys(
        ["metadata", "administration", "checks", "security_events", "organization_administration", "contents"],
        "read",
    )
    assert rights.pop(missing)
    service.tokens["narrow-token"] = Token(rights)
    found = client(service, "narrow-token").get(path)
    assert (found.status_code, found.headers["x-accepted-github-permissions"]) == (403, accepted)


def test_to_read_is_not_to_write(service: Service) -> None:
    service.tokens["narrow-token"] = Token({"metadata": "read", "administration": "read"})
    number = service.forge.repositories["acme/harbor"].rulesets[0].id
    with client(service, "narrow-token") as http:
        assert (
            http.get(f"{R}/rulesets/{number}/history").headers["x-accepted-github-permissions"]
            == "administration=write"
        )
        assert "bypass_actors" not in http.get(f"{R}/rulesets/{number}").json()


def test_graphql_tells_what_it_may_and_names_the_rest(service: Service) -> None:
    service.tokens["narrow-token"] = Token({"metadata": "read", "pull_requests": "read"})
    query = """{ repository(owner: "acme", name: "harbor") { pullRequest(number: 1) { number
        commits(last: 1) { nodes { commit { oid statusCheckRollup { state } } } } } } }"""
    told = client(service, "narrow-token").post("/graphql", json={"query": query}).json()
    assert told["data"]["repository"]["pullRequest"]["number"] == 1
    assert told["errors"][0]["type"] == "FORBIDDEN"
    assert told["errors"][0]["path"][-1] == "statusCheckRollup"


def test_no_token_and_a_revoked_one_are_refused(service: Service) -> None:
    assert client(service, "another-token").get(R).status_code == 401
    service.faults.append(faults.at(2, faults.revoke))
    with client(service) as http:
        assert [http.get(R).status_code for _ in range(3)] == [200, 401, 401]


def test_a_repository_that_the_token_may_not_see_is_not_there(service: Service) -> None:
    service.tokens["blind-token"] = Token({})
    assert client(service, "blind-token").get(f"{R}/pulls").status_code in {403, 404}
    assert client(service, "blind-token").get("/repos/acme/nowhere").status_code in {403, 404}
    assert client(service).get("/repos/acme/nowhere").status_code == 404


def test_the_primary_limit_comes_back_within_the_hour(service: Service) -> None:
    service.limit = 2
    with client(service) as http:
        codes = [http.get(R).status_code for _ in range(3)]
        limited = http.get(R)
        assert codes == [200, 200, 403]
        assert limited.headers["x-ratelimit-remaining"] == "0"
        told = [http.post("/graphql", json={"query": "{ viewer { login } }"}).json() for _ in range(3)]
        assert ["errors" in each for each in told] == [False, False, True]
        assert told[2]["errors"][0]["type"] == "RATE_LIMITED"
        service.sleep(int(limited.headers["x-ratelimit-reset"]) - service.clock)
        assert http.get(R).status_code == 200


def test_faults_come_when_they_are_told_to(service: Service) -> None:
    service.faults += [
        faults.at(0, faults.cut),
        faults.at(1, faults.secondary(7)),
        faults.at(2, faults.status(202)),
        faults.each((3, 4), faults.status(502)),
        faults.at(5, faults.partial),
        faults.at(6, faults.too_slow),
    ]
    with client(service) as http:
        with pytest.raises(httpx.ReadError):
            http.get(R)
        limited = http.get(R)
        assert (limited.status_code, limited.headers["retry-after"]) == (403, "7")
        assert [http.get(R).status_code for _ in range(3)] == [202, 502, 502]
        with pytest.raises(json.JSONDecodeError):
            http.get(R).json()
        assert http.post("/graphql", json={"query": "{ viewer { login } }"}).status_code == 502
        assert http.get(R).status_code == 200


def test_a_right_may_be_lost_on_the_way(service: Service) -> None:
    service.tokens[TOKEN].permissions = {"metadata": "read", "deployments": "read"}
    service.faults.append(faults.at(1, faults.lose("deployments")))
    with client(service) as http:
        assert [http.get(f"{R}/deployments").status_code for _ in range(2)] == [200, 403]


def test_secrets_are_told_unless_they_are_to_be_hidden(service: Service) -> None:
    with client(service) as http:
        assert all("secret" in each for each in http.get(f"{R}/secret-scanning/alerts").json())
        hidden = http.get(f"{R}/secret-scanning/alerts", params={"hide_secret": "true"}).json()
        assert [each.get("secret") for each in hidden] == [None, None]


def test_who_is_gone_is_null_to_graphql_and_a_ghost_to_rest(service: Service) -> None:
    query = """query($n: Int!) { repository(owner: "acme", name: "harbor") { pullRequest(number: $n) {
        author { login } reviews(first: 9) { nodes { author { login } } } } } }"""
    forge = service.forge.repositories["acme/harbor"]
    left = next(each for each in forge.requests.values() if each.title == "Written by one who left")
    assert asked(service, query, n=left.number)["data"]["repository"]["pullRequest"]["author"] is None
    with client(service) as http:
        assert http.get(f"{R}/pulls/{left.number}").json()["user"]["login"] == "ghost"
        approved = next(each for each in forge.requests.values() if each.title == "Read by one who left")
        assert http.get(f"{R}/pulls/{approved.number}/reviews").json()[0]["user"] is None
        bot = next(each for each in forge.requests.values() if each.title.startswith("Bump"))
        assert http.get(f"{R}/pulls/{bot.number}").json()["user"]["login"] == "dependabot[bot]"
    told = asked(service, query, n=bot.number)["data"]["repository"]["pullRequest"]["author"]
    assert told == {"login": "dependabot"}


def test_every_story_is_in_git_as_the_forge_tells_it(studio: Studio) -> None:
    for story in studio.stories.values():
        if story.number is not None and story.change is not None:
            request = studio.repository.requests[story.number]
            assert request.merge_commit == story.change
            head = studio.git.git("rev-parse", f"refs/pull/{story.number}/head").decode().strip()
            assert head == request.head_commit
            assert {
                each.oid for each in studio.repository.history(story.change)
            } <= studio.repository.commits.keys()
    listed = studio.git.git("rev-list", "main").decode().split()
    assert {each.oid for each in studio.repository.history(studio.repository.branches["main"])} == set(listed)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_it_answers_on_the_loopback_too(service: Service, tmp_path: Path) -> None:
    service.faults.append(faults.at(1, faults.cut))
    with serving(service) as address:
        assert address.startswith("http://127.0.0.1:")
        with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as http:
            assert http.get(R).json()["full_name"] == "acme/harbor"
            with pytest.raises(httpx.TransportError):
                http.get(R)
            page = http.get(f"{R}/pulls?state=all&per_page=5")
            assert page.links["next"]["url"].startswith(address)
            assert http.get(page.links["next"]["url"]).status_code == 200
            assert (
                http.post("/graphql", json={"query": "{ viewer { login } }"}).json()["data"]["viewer"]["login"]
                == "auditor"
            )
