"""Requests as a forge tells them, for tests of the gate."""

from typing import Any

import msgspec

from asbuilt.model.commit import moment
from tests.repos import START, Repo

NOW = START + 100 * 3600
REPOSITORY = "acme/harbor"


def text(seconds: int) -> str:
    """A moment as the forge writes it."""
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def user(login: str) -> dict[str, Any]:
    """An account."""
    return {"login": login, "id": sum(login.encode()), "type": "Bot" if login.endswith("[bot]") else "User"}


def review(own: int, login: str, commit: str, state: str = "APPROVED", *, at: int = NOW - 600) -> dict[str, Any]:
    """A review."""
    return {
        "id": own,
        "user": user(login),
        "state": state,
        "commit_id": commit,
        "submitted_at": text(at),
        "body": "",
    }


def run(own: int, name: str, commit: str, conclusion: str | None = "success") -> dict[str, Any]:
    """A check run; without a conclusion it is still running."""
    return {
        "id": own,
        "name": name,
        "head_sha": commit,
        "status": "completed" if conclusion else "in_progress",
        "conclusion": conclusion,
        "started_at": text(NOW - 900),
        "completed_at": text(NOW - 700) if conclusion else None,
        "app": {"slug": "github-actions"},
    }


def pull(repo: Repo, *, head: str | None = None, author: str = "ana") -> dict[str, Any]:
    """The request's own object."""
    return {
        "number": 7,
        "state": "open",
        "title": "Add a page",
        "created_at": text(NOW - 7200),
        "user": user(author),
        "head": {"sha": head or repo.git("rev-parse", "topic").decode().strip(), "ref": "topic"},
        "base": {
            "sha": repo.git("rev-parse", "main").decode().strip(),
            "ref": "main",
            "repo": {"full_name": REPOSITORY},
        },
    }


def bundle(repo: Repo, **more: Any) -> bytes:
    """A request that was read whole: approved by Ben, its tests green."""
    own = pull(repo)
    head = own["head"]["sha"]
    person = {"name": "Ana Alves", "email": "ana@example.com", "date": text(NOW - 7200)}
    told = {
        "pull": own,
        "reviews": [review(1, "ben", head)],
        "commits": [
            {
                "sha": head,
                "commit": {"author": person, "committer": person, "message": "Add a page"},
                "author": user("ana"),
                "committer": user("ana"),
                "parents": [],
            }
        ],
        "check_runs": {"total_count": 1, "check_runs": [run(5, "tests", head)]},
        "statuses": [],
        "timeline": [],
        "complete": ["reviews", "commits", "check_runs", "statuses", "timeline"],
        **more,
    }
    return msgspec.json.encode(told)
