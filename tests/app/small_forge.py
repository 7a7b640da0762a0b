"""The smallest forge: one repository with requests, told as GitHub's interfaces tell them, in memory."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from asbuilt.sources.moments import text_of

DAY = 86_400
NOW = 1_770_000_000


def moment(seconds: int) -> str:
    return text_of(seconds)


def connection(nodes: list[Any], start: int = 0, size: int = 100) -> dict[str, Any]:
    part = nodes[start : start + size]
    end = start + len(part)
    return {
        "totalCount": len(nodes),
        "pageInfo": {"hasNextPage": end < len(nodes), "endCursor": str(end)},
        "nodes": part,
    }


class SmallForge:
    """``requests`` in any order; each has a number, when it was touched, and reviews."""

    def __init__(self, count: int = 3, reviews: int = 1) -> None:
        self.requests = {number: self.request(number, reviews) for number in range(1, count + 1)}
        self.asked: list[str] = []
        self.before: Callable[[int, httpx.Request], httpx.Response | None] = lambda _, __: None
        self.now = NOW

    def request(self, number: int, reviews: int) -> dict[str, Any]:
        opened = NOW - 100 * DAY + number * 60
        return {
            "id": f"PR_{number}",
            "fullDatabaseId": str(1000 + number),
            "number": number,
            "title": f"Change {number}",
            "state": "MERGED",
            "isDraft": False,
            "createdAt": moment(opened),
            "updatedAt": moment(opened + 50),
            "merged": True,
            "mergedAt": moment(opened + 50),
            "closedAt": moment(opened + 50),
            "headRefOid": f"{number:040x}",
            "author": {"__typename": "User", "login": "ana", "databaseId": 1},
            "mergeCommit": {"oid": f"{number + 4096:040x}"},
            "every_review": [
                {
                    "id": f"R_{number}_{index}",
                    "fullDatabaseId": str(number * 1000 + index),
                    "state": "APPROVED",
                    "submittedAt": moment(opened + 20),
                    "body": "",
                    "author": {"__typename": "User", "login": "ben", "databaseId": 2},
                    "commit": {"oid": f"{number:040x}"},
                }
                for index in range(reviews)
            ],
        }

    def touch(self, number: int) -> None:
        self.now += 60
        self.requests[number]["updatedAt"] = moment(self.now)

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.raw_path.decode()}")
        self.now += 1
        told = self.before(len(self.asked) - 1, request)
        if told is not None:
            return told
        if request.headers.get("authorization") != "Bearer good-token":
            return httpx.Response(401, json={"message": "Bad credentials"})
        if request.method == "POST":
            return httpx.Response(200, content=self.graph(json.loads(request.content)))
        if request.url.path == "/repos/acme/shop":
            if request.headers.get("if-none-match") == '"one"':
                return httpx.Response(304)
            told_json = {"full_name": "acme/shop", "default_branch": "main", "id": 7, "archived": False}
            return httpx.Response(200, json=told_json, headers={"etag": '"one"'})
        return httpx.Response(404, json={"message": "Not Found"})

    def graph(self, asked: dict[str, Any]) -> bytes:
        variables = asked["variables"]
        operation = asked["query"].split()[1].partition("(")[0]
        start = int(variables.get("cursor") or 0)
        if operation == "Requests":
            latest = sorted(self.requests.values(), key=lambda each: each["updatedAt"], reverse=True)
            nodes = [self.told(each) for each in latest]
            page = connection(nodes, start, variables["size"])
            return json.dumps(
                {"data": {"repository": {"nameWithOwner": "acme/shop", "pullRequests": page}}}
            ).encode()
        if operation == "RequestReviews":
            found = self.requests[int(variables["id"].removeprefix("PR_"))]
            inner = connection(found["every_review"], start)
            node = {"id": found["id"], "number": found["number"], "reviews": inner}
            return json.dumps({"data": {"node": node}}).encode()
        if operation == "Deployments":
            return json.dumps({"data": {"repository": {"deployments": connection([])}}}).encode()
        raise AssertionError(operation)

    @staticmethod
    def told(request: dict[str, Any]) -> dict[str, Any]:
        plain = {name: value for name, value in request.items() if name != "every_review"}
        return plain | {
            "reviews": connection(request["every_review"], 0, 50),
            "commits": connection([]),
            "headCommit": {"nodes": [{"commit": {"oid": request["headRefOid"], "statusCheckRollup": None}}]},
            "timelineItems": connection([]),
            "labels": connection([]),
            "closingIssuesReferences": connection([]),
        }
