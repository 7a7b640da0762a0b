"""A small stateful GitLab in memory: one project over real commits, told as GitLab's REST interface tells it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from tests.repos import Repo

PROJECT = "acme/harbor"
TOKEN = "glpat-all-of-it"
Json = dict[str, Any]
ROUTE = re.compile(r"/api/v4/(?P<kind>projects|groups|users)/(?P<own>[^/]+)(?P<rest>/.*)?")


def told_moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class GitLab:
    """The forge: people, one project, its merge requests; every act moves the clock."""

    def __init__(self, repo: Repo, *, per_page: int = 100) -> None:
        self.repo, self.per_page = repo, per_page
        self.now = float(repo.clock)
        self.users: dict[str, Json] = {}
        self.requests: dict[int, Json] = {}
        self.extras: dict[str, Any] = {}
        self.plan = "ultimate"
        self.refuses: dict[str, int] = {}
        self.hidden: set[str] = set()  # numbers of accounts that are not shown
        self.asked: list[str] = []
        self.before: Callable[[int, httpx.Request], httpx.Response | None] = lambda _, __: None
        self.token = TOKEN
        self._ids = 1000
        self.resets_on_push = False
        self.asks = 1  # approvals that the project's rule asks for
        self.is_still = False  # waiting does not move the clock

    # People.

    def user(self, name: str) -> Json:
        if name not in self.users:
            own = len(self.users) + 1
            is_bot = "bot" in name
            self.users[name] = {
                "id": own,
                "username": name,
                "name": name.title(),
                "state": "active",
                "locked": False,
                "avatar_url": None,
                "web_url": f"https://gitlab.com/{name}",
                "bot": is_bot,
            }
        return {key: value for key, value in self.users[name].items() if key != "bot"}

    # What happens on a request.

    def _tick(self, seconds: float = 60) -> float:
        self.now += seconds
        return self.now

    def own(self) -> int:
        self._ids += 1
        return self._ids

    def open(self, branch: str, author: str, *, base: str = "main") -> int:
        number, head = len(self.requests) + 1, self.sha(branch)
        at = self._tick()
        self.requests[number] = {
            "id": self.own(),
            "iid": number,
            "project_id": 7,
            "title": f"Bring {branch}",
            "description": "Closes #3",
            "state": "opened",
            "created_at": told_moment(at),
            "updated_at": told_moment(at),
            "merged_by": None,
            "merge_user": None,
            "merged_at": None,
            "closed_at": None,
            "target_branch": base,
            "source_branch": branch,
            "user_notes_count": 0,
            "author": self.user(author),
            "source_project_id": 7,
            "target_project_id": 7,
            "labels": ["backend"],
            "draft": False,
            "merge_when_pipeline_succeeds": False,
            "sha": head,
            "merge_commit_sha": None,
            "squash_commit_sha": None,
            "squash": False,
            "changes_count": "1",
            "_notes": [],
            "_versions": [],
            "_approved": {},
            "_pipelines": [],
            "_base": self.repo.git("merge-base", base, branch).decode().strip(),
        }
        self._version(number)
        return number

    def sha(self, name: str) -> str:
        return self.repo.git("rev-parse", name).decode().strip()

    def _version(self, number: int) -> None:
        request = self.requests[number]
        request["_versions"].insert(
            0,
            {
                "id": self.own(),
                "head_commit_sha": request["sha"],
                "base_commit_sha": request["_base"],
                "start_commit_sha": request["_base"],
                "created_at": told_moment(self._tick(2)),
                "merge_request_id": request["id"],
                "state": "collected",
                "real_size": "1",
            },
        )

    def note(self, number: int, who: str, body: str, *, system: bool = True, kind: str | None = None) -> Json:
        note = {
            "id": self.own(),
            "type": kind,
            "body": body,
            "author": self.user(who),
            "created_at": told_moment(self._tick()),
            "updated_at": told_moment(self.now),
            "system": system,
            "noteable_type": "MergeRequest",
            "noteable_iid": number,
        }
        self.requests[number]["_notes"].append(note)
        self.requests[number]["user_notes_count"] += not system
        self._touch(number)
        return note

    def _touch(self, number: int) -> None:
        self.requests[number]["updated_at"] = told_moment(self.now)

    def push(self, number: int, who: str) -> None:
        """The branch was moved: GitLab sees its new head."""
        request = self.requests[number]
        request["sha"] = self.sha(request["source_branch"])
        self._version(number)
        self.note(number, who, f"added 1 commit\n\n<ul><li>{request['sha'][:8]} - more</li></ul>")
        if self.resets_on_push and request["_approved"]:
            names = [f"@{name}" for name in request["_approved"]]
            said = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
            self.note(number, who, f"reset approvals from {said} by pushing to the branch")
            request["_approved"] = {}

    def approve(self, number: int, who: str) -> None:
        self.note(number, who, "approved this merge request")
        self.requests[number]["_approved"][who] = told_moment(self.now)

    def unapprove(self, number: int, who: str) -> None:
        self.note(number, who, "unapproved this merge request")
        self.requests[number]["_approved"].pop(who)

    def pipeline(self, number: int, status: str = "success", *, job: str = "unit-tests") -> Json:
        at, request = self._tick(), self.requests[number]
        pipeline = {
            "id": self.own(),
            "iid": self.own(),
            "project_id": 7,
            "sha": request["sha"],
            "ref": f"refs/merge-requests/{number}/head",
            "status": status,
            "source": "merge_request_event",
            "created_at": told_moment(at),
            "updated_at": told_moment(at + 30),
        }
        running = status == "running"
        pipeline["_jobs"] = [
            {
                "id": self.own(),
                "status": status,
                "stage": "test",
                "name": job,
                "ref": pipeline["ref"],
                "allow_failure": False,
                "created_at": told_moment(at),
                "finished_at": None if running else told_moment(at + 30),
                "user": self.user("ci"),
                "commit": {"id": request["sha"], "message": "work", "parent_ids": []},
                "pipeline": {key: pipeline[key] for key in ("id", "project_id", "ref", "sha", "status", "source")},
            }
        ]
        request["_pipelines"].insert(0, pipeline)
        self._tick(30)
        return pipeline

    def merged(
        self, number: int, who: str, *, commit: str | None, squash: str | None = None, at: float | None = None
    ) -> None:
        """It landed: by a merge commit, by a squashed one, or as it is."""
        request = self.requests[number]
        self.now = max(self.now + 1, at or 0)
        request |= {
            "state": "merged",
            "merged_at": told_moment(self.now),
            "merge_user": self.user(who),
            "merged_by": self.user(who),
            "merge_commit_sha": commit,
            "squash_commit_sha": squash,
            "squash": squash is not None,
        }
        self.note(number, who, "merged")

    # What is told.

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        url = urlsplit(str(request.url))
        self.asked.append(f"{url.path}?{url.query}")
        fault = self.before(len(self.asked) - 1, request)
        if fault is not None:
            return fault
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return httpx.Response(401, json={"message": "401 Unauthorized"})
        match = ROUTE.fullmatch(request.url.raw_path.decode().partition("?")[0])
        assert match is not None, url.path
        query = {key: values[-1] for key, values in parse_qs(url.query).items()}
        found = self._find(match["kind"], unquote(match["own"]), match["rest"] or "", query)
        if isinstance(found, int):
            return httpx.Response(
                found, json={"message": f"{found} {'Not Found' if found == 404 else 'Forbidden'}"}
            )
        return self._paged(request, found, query)

    def _paged(self, request: httpx.Request, found: Any, query: dict[str, str]) -> httpx.Response:
        headers = {"RateLimit-Remaining": "1999", "RateLimit-Reset": str(int(self.now) + 60)}
        if isinstance(found, list):
            page, size = int(query.get("page", 1)), min(self.per_page, int(query.get("per_page", 20)))
            headers["X-Total"] = str(len(found))
            if page * size < len(found):
                following = request.url.copy_merge_params({"page": str(page + 1)})
                headers["Link"] = f'<{following}>; rel="next", <{request.url}>; rel="first"'
            found = found[(page - 1) * size : page * size]
        body = json.dumps(found).encode()
        tag = f'W/"{hash(body):x}"'
        if request.headers.get("if-none-match") == tag:
            return httpx.Response(304, headers=headers | {"ETag": tag})
        return httpx.Response(200, content=body, headers=headers | {"ETag": tag})

    def _find(self, kind: str, own: str, rest: str, query: dict[str, str]) -> Any:
        if kind == "users":
            if own in self.hidden:
                return 404
            return next((each for each in self.users.values() if str(each["id"]) == own), 404)
        if kind == "groups" or own != PROJECT:
            return self.extras.get(f"group{rest}", 404) if own == PROJECT.partition("/")[0] else 404
        for ending, status in self.refuses.items():
            if rest.endswith(ending):
                return status
        if not rest:
            return {"id": 7, "path_with_namespace": PROJECT, "default_branch": "main"} | self.extras.get(
                "project", {}
            )
        if match := re.fullmatch(r"/merge_requests(?:/([0-9]+)(?:/(\w+))?)?", rest):
            return self._request(match[1], match[2], query)
        if match := re.fullmatch(r"/pipelines/([0-9]+)/jobs", rest):
            return next(
                each["_jobs"]
                for request in self.requests.values()
                for each in request["_pipelines"]
                if each["id"] == int(match[1])
            )
        return self.extras.get(rest.lstrip("/"), 404)

    def _request(self, number: str | None, inner: str | None, query: dict[str, str]) -> Any:
        if number is None:
            after = query.get("updated_after", "")
            found = sorted(self.requests.values(), key=lambda each: each["updated_at"])
            return [shown(each) for each in found if after[:19] <= each["updated_at"][:19]]
        request = self.requests.get(int(number))
        if request is None:
            return 404
        match inner:
            case None:
                return shown(request)
            case "notes":
                return request["_notes"]
            case "versions":
                return request["_versions"]
            case "pipelines":
                return [shown(each) for each in request["_pipelines"]]
            case "commits":
                return self._commits(request)
            case "approvals":
                approved = [{"user": self.user(who), "approved_at": at} for who, at in request["_approved"].items()]
                return {"iid": request["iid"], "approved": bool(approved), "approved_by": approved}
            case "approval_state" if self.plan != "free":
                met = len(request["_approved"]) >= self.asks
                rule = {"id": 1, "name": "All", "rule_type": "any_approver", "approvals_required": self.asks}
                return {"approval_rules_overwritten": False, "rules": [rule | {"approved": met}]}
            case _:
                return 404

    def _commits(self, request: Json) -> list[Json]:
        lines = self.repo.git(
            "log", "--format=%H%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%s%x00%B%x01",
            f"{request['_base']}..{request['sha']}",
        ).decode()  # fmt: skip
        found = []
        for entry in filter(None, (each.strip("\n") for each in lines.split("\x01"))):
            own, name, email, authored, committer, address, committed, title, message = entry.split("\x00")
            found.append(
                {
                    "id": own, "short_id": own[:8], "created_at": committed, "parent_ids": [], "title": title,
                    "message": message, "author_name": name, "author_email": email, "authored_date": authored,
                    "committer_name": committer, "committer_email": address, "committed_date": committed,
                }
            )  # fmt: skip
        return found


def shown(told: Json) -> Json:
    """Without what the simulator keeps for itself."""
    return {key: value for key, value in told.items() if not key.startswith("_")}
