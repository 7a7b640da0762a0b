"""The forge's word is taken whole or not at all: a list that breaks off, or is refused, is no empty one."""

from collections.abc import Callable

import httpx
import msgspec
import pytest

from asbuilt.app.gate_forge import read_request
from asbuilt.app.gate_request import Known
from asbuilt.model.errors import SourceError
from asbuilt.sources.credentials import Token
from asbuilt.sources.http import Client
from tests.app.requests import NOW, REPOSITORY, review, run, text

HEAD = "a" * 40
BASE = "https://api.forge.example"
PULL = {
    "number": 7,
    "node_id": "PR_7",
    "state": "open",
    "created_at": "2023-11-01T00:00:00Z",
    "user": {"login": "ana", "type": "User", "id": 1},
    "head": {"sha": HEAD},
    "base": {"sha": "b" * 40, "repo": {"full_name": REPOSITORY}},
}
PAGES: dict[str, object] = {
    "/pulls/7": PULL,
    "/pulls/7/reviews": [review(1, "ben", HEAD)],
    "/pulls/7/commits": [],
    "/issues/7/timeline": [],
    f"/commits/{HEAD}/check-runs": {"total_count": 1, "check_runs": [run(5, "tests", HEAD)]},
    f"/commits/{HEAD}/statuses": [],
}
GRAPH = {
    "data": {
        "node": {
            "id": "PR_7",
            "number": 7,
            "reviews": {
                "pageInfo": {"hasNextPage": False, "endCursor": None},
                "nodes": [
                    {
                        "id": "PRR_1",
                        "fullDatabaseId": "1",
                        "author": {"__typename": "User", "login": "ben", "databaseId": 2},
                        "authorCanPushToRepository": False,
                        "state": "APPROVED",
                        "submittedAt": text(NOW - 600),
                        "commit": {"oid": HEAD},
                        "body": "",
                        "comments": {"totalCount": 0},
                    }
                ],
            },
        }
    }
}
Answers = Callable[[httpx.Request], httpx.Response]


def read(answers: Answers) -> Known:
    client = Client(
        BASE,
        Token("a-token-that-reads", "a test"),
        transport=httpx.MockTransport(answers),
        clock=lambda: NOW,
        sleep=lambda _: None,
        draw=lambda: 0.5,
    )
    return read_request(
        BASE, Token("a-token-that-reads", "a test"), REPOSITORY, 7, head=HEAD, now=NOW, client=client
    )


def answering(**instead: tuple[int, object]) -> Answers:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/graphql":
            return httpx.Response(200, content=msgspec.json.encode(GRAPH))
        path = request.url.path.removeprefix(f"/repos/{REPOSITORY}")
        status, body = instead.get(path.rpartition("/")[2].replace("-", "_"), (200, PAGES[path]))
        return httpx.Response(status, content=msgspec.json.encode(body))

    return answer


def test_every_list_that_was_read_to_its_end_is_complete() -> None:
    found = read(answering())
    assert found.covered == {"reviews", "checks", "request_commits", "request_events"}
    assert [(row["reviewer"], row.get("may_push")) for row in found.rows["reviews"]] == [
        ("ben", False),
        ("ben", None),
    ]
    assert [row["conclusion"] for row in found.rows["checks"]] == ["success"]
    assert (found.number, found.head, found.gaps) == (7, HEAD, ())


def test_pages_are_followed_to_the_end() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/reviews"):
            page = int(request.url.params.get("page", "1"))
            link = {"link": f'<{request.url.copy_merge_params({"page": str(page + 1)})}>; rel="next"'}
            body = msgspec.json.encode([review(page, f"ben{page}", HEAD)])
            return httpx.Response(200, content=body, headers=link if page < 3 else {})
        return answering()(request)

    assert [row["reviewer"] for row in read(answer).rows["reviews"]][1:] == ["ben1", "ben2", "ben3"]


@pytest.mark.parametrize(
    ("refused", "table"),
    [("reviews", "reviews"), ("check_runs", "checks"), ("statuses", "checks"), ("timeline", "request_events")],
)
@pytest.mark.parametrize("status", [403, 404])
def test_a_list_that_is_refused_is_a_gap(refused: str, table: str, status: int) -> None:
    found = read(answering(**{refused: (status, {"message": "Resource not accessible"})}))
    assert table not in found.covered
    assert any(gap.code == "GAP-ACCESS" for gap in found.gaps)


def test_a_list_without_end_is_not_complete() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/reviews"):
            link = {"link": f'<{request.url}>; rel="next"'}
            return httpx.Response(200, content=b"[]", headers=link)
        return answering()(request)

    assert "reviews" not in read(answer).covered


@pytest.mark.parametrize("status", [401, 403, 404])
def test_without_the_request_itself_nothing_is_known(status: int) -> None:
    with pytest.raises(SourceError):
        read(lambda _: httpx.Response(status, content=b"{}"))


def test_a_head_that_moved_is_refused() -> None:
    moved = {**PULL, "head": {"sha": "c" * 40}}
    with pytest.raises(SourceError, match="head"):
        read(
            lambda request: (
                answering()(request) if not request.url.path.endswith("/7") else httpx.Response(200, json=moved)
            )
        )


def test_what_is_no_json_makes_no_list_complete() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/reviews"):
            return httpx.Response(200, content=b'[{"id": 1')
        return answering()(request)

    found = read(answer)
    assert found.covered == frozenset()
    assert found.gaps


@pytest.mark.parametrize("answer", [{"errors": [{"message": "no"}], "data": None}, {"data": {"node": None}}, []])
def test_where_graphql_does_not_answer_rest_must_do_and_that_is_said(answer: object) -> None:
    def answers(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/graphql":
            return httpx.Response(200, content=msgspec.json.encode(answer))
        return answering()(request)

    found = read(answers)
    assert [row["reviewer"] for row in found.rows["reviews"]] == ["ben"]
    assert any("graphql/request-reviews" in gap.what for gap in found.gaps)
