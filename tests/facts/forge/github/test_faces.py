"""The simulated company's forge, asked by GraphQL and by REST: both tell the same rows of every request."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from asbuilt.facts.forge import project_page
from asbuilt.sources.github.queries import document
from tests.forge.service import TOKEN, Service
from tests.forge.stories import company_forge
from tests.forge.transports import InMemory

REPOSITORY = "acme/harbor"
Rows = dict[str, dict[tuple[object, ...], dict[str, Any]]]
# What one face alone tells of a row, and is unknown by the other.
APART = {
    "requests": {"is_complete", "linked_issues", "linked_opened_at"},
    "reviews": {"may_push"},
    "request_commits": {"parents", "author_login", "committer_login"},
    "request_events": {"event_id", "detail", "before_commit", "via_app"},
    "checks": {"check_id"},
}
IDENTITY = {
    "requests": ("number",),
    "reviews": ("review_id",),
    "request_commits": ("number", "commit"),
    "request_events": ("number", "kind", "happened_at", "after_commit"),
    "checks": ("commit", "name", "conclusion", "completed_at"),
}


class Faces(NamedTuple):
    """The rows of both."""

    graphql: Rows
    rest: Rows


class Reader:
    """Asks the forge, and projects what it answers."""

    def __init__(self, service: Service) -> None:
        self._now = int(service.clock) + 60
        self._client = httpx.Client(
            transport=InMemory(service),
            base_url="https://api.github.com",
            headers={"Authorization": f"Bearer {TOKEN}"},
        )

    def rows(self, name: str, key: str, body: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
        """The rows of a page; nothing may be refused."""
        found = project_page(
            "github", name, key, body, repository=REPOSITORY, organization=None, observed=self._now
        )
        assert found.refused == ()
        return ((row.table, row.told) for row in found.rows)

    def get(self, name: str, key: str, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The rows of one answer of REST."""
        answer = self._client.get(f"/repos/{REPOSITORY}/{path}", params={"per_page": 100})
        assert answer.status_code == 200, path
        return self.rows(name, key, answer.content)

    def ask(self, query: str, **variables: object) -> bytes:
        """One answer of GraphQL."""
        answer = self._client.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200
        return answer.content


def sorted_out(told: Iterator[tuple[str, dict[str, Any]]], rows: Rows) -> None:
    """Put rows under what tells them apart, without what one face alone tells."""
    for table, row in told:
        if table in IDENTITY:
            own = tuple(row.get(name) for name in IDENTITY[table])
            rows[table][own] = {name: value for name, value in row.items() if name not in APART[table]}


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Faces:
    """Every request of the company, read both ways."""
    forge = company_forge(tmp_path_factory.mktemp("faces") / "harbor").forge
    reader = Reader(Service(forge))
    found = Faces({table: {} for table in IDENTITY}, {table: {} for table in IDENTITY})
    body = reader.ask(document("Requests"), owner="acme", name="harbor", size=100, cursor=None)
    sorted_out(reader.rows("graphql/requests", "", body), found.graphql)
    for number in forge.repositories[REPOSITORY].requests:
        for name, path in (
            ("pull", f"pulls/{number}"),
            ("pull/reviews", f"pulls/{number}/reviews"),
            ("pull/commits", f"pulls/{number}/commits"),
            ("issue/timeline", f"issues/{number}/timeline"),
        ):
            sorted_out(reader.get(name, str(number), path), found.rest)
    for commit in sorted({str(row["commit"]) for row in found.graphql["checks"].values()}):
        sorted_out(reader.get("commit/check-runs", commit, f"commits/{commit}/check-runs"), found.rest)
        sorted_out(reader.get("commit/statuses", commit, f"commits/{commit}/statuses"), found.rest)
    return found


@pytest.mark.parametrize("table", ["requests", "reviews", "request_commits"])
def test_both_tell_the_same(faces: Faces, table: str) -> None:
    assert len(faces.graphql[table]) > 20
    assert faces.graphql[table] == faces.rest[table]


def test_checks_are_the_same_but_that_a_rollup_shows_the_last_status_of_a_name_alone(faces: Faces) -> None:
    assert len(faces.graphql["checks"]) > 20
    assert {own: faces.rest["checks"].get(own) for own in faces.graphql["checks"]} == faces.graphql["checks"]


def test_events_are_the_same_but_those_of_agents_which_rest_alone_shows(faces: Faces) -> None:
    told = {
        own: row for own, row in faces.rest["request_events"].items() if not str(row["kind"]).startswith("agent-")
    }
    assert len(told) > 20
    assert faces.graphql["request_events"] == told
