"""GraphQL and REST tell of the same things: their pages come to the same rows, under the same ids."""

import json
from typing import Any

import httpx
import pytest

from asbuilt.facts.forge import project_page
from asbuilt.sources.github.queries import document
from tests.forge.service import TOKEN, Service
from tests.forge.transports import InMemory

NAME = "acme/harbor"
R = f"/repos/{NAME}"
Rows = dict[str, dict[Any, dict[str, object]]]
IDS = {
    "requests": ("number",),
    "reviews": ("review_id",),
    "request_commits": ("number", "commit"),
    "request_events": ("event_id",),
    "checks": ("check_id",),
    "deployments": ("deployment_id",),
}


def rows(service: Service, pages: list[tuple[str, str, bytes]]) -> Rows:
    """By table and id; what a later page does not tell, an earlier one may have."""
    found: Rows = {name: {} for name in IDS}
    for name, key, body in pages:
        told = project_page(
            "github", name, key, body, repository=NAME, organization=None, observed=service.forge.now
        )
        assert told.refused == (), (name, key, told.refused)
        for row in told.rows:
            if row.table in IDS:
                own = tuple(row.told[column] for column in IDS[row.table])
                kept = found[row.table].setdefault(own, {})
                kept.update({column: value for column, value in row.told.items() if value is not None})
    return found


@pytest.fixture
def told(service: Service) -> tuple[Rows, Rows]:
    """From GraphQL, and from REST."""
    with httpx.Client(
        transport=InMemory(service), base_url="https://api.github.com", headers={"Authorization": f"Bearer {TOKEN}"}
    ) as http:
        graph = []
        for query, name in (("Requests", "graphql/requests"), ("Deployments", "graphql/deployments")):
            variables = {"owner": "acme", "name": "harbor", "size": 100, "cursor": None}
            graph.append(
                (name, "1", http.post("/graphql", json={"query": document(query), "variables": variables}).content)
            )
        rest = []
        repository = service.forge.repositories[NAME]
        for number, request in repository.requests.items():
            paths = [
                ("pull", f"pulls/{number}"),
                ("pull/reviews", f"pulls/{number}/reviews"),
                ("pull/commits", f"pulls/{number}/commits"),
                ("issue/timeline", f"issues/{number}/timeline?per_page=100"),
            ]
            for oid in filter(None, (request.head_commit, request.merge_commit)):
                paths += [
                    ("commit/check-runs", f"commits/{oid}/check-runs"),
                    ("commit/statuses", f"commits/{oid}/statuses"),
                ]
            for name, path in paths:
                key = path.split("/")[1] if path.startswith("commits") else str(number)
                rest.append((name, key if name == "pull" else f"{key} | 1", http.get(f"{R}/{path}").content))
    assert "errors" not in json.loads(graph[0][2])
    return rows(service, graph), rows(service, rest)


@pytest.mark.parametrize("table", ["requests", "reviews", "request_commits", "request_events", "checks"])
def test_what_both_tell_is_the_same(table: str, told: tuple[Rows, Rows]) -> None:
    graph, rest = told[0][table], told[1][table]
    assert len(graph) > 20
    assert graph.keys() - rest.keys() == set()
    different = [
        (own, column, row[column], rest[own][column])
        for own, row in graph.items()
        for column in row.keys() & rest[own].keys()
        if row[column] != rest[own][column]
    ]
    assert different == []
