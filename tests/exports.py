"""A small export of a repository's requests, made by code, in the layout of the public metadata backups."""

import json
from pathlib import Path
from typing import Any

from tests.repos import Repo

REPOSITORY = "acme/shop"
MADE = "2026-03-20T08:00:09.182296886Z"


def account(login: str | None, kind: str = "User") -> dict[str, Any] | None:
    """An account; None for one that is gone."""
    return None if login is None else {"login": login, "id": 7, "type": kind}


def request(
    number: int,
    *,
    author: str = "ana",
    head: str = "a1" * 20,
    merged_as: str | None = None,
    reviews: tuple[tuple[str | None, str], ...] = (),
    committers: tuple[str, ...] = (),
    repository: str = REPOSITORY,
) -> dict[str, Any]:
    """A file of an export: a request of March's day ``number``, with reviews (login, state) of its head."""
    day = f"2026-03-{number:02}"
    events: list[dict[str, Any]] = [
        {
            "event": "committed",
            "sha": head,
            "tree": {"sha": "d4" * 20},
            "parents": [{"sha": "c3" * 20}],
            "message": "Do it\n",
            "verification": {"verified": False},
            "author": {"name": name, "email": f"{name}@acme.example", "date": f"{day}T08:00:00Z"},
            "committer": {"name": name, "email": f"{name}@acme.example", "date": f"{day}T08:00:00Z"},
        }
        for name in committers or (author,)
    ]
    events += [
        {
            "event": "reviewed",
            "id": 1000 * number + place,
            "user": account(login, "Bot" if (login or "").endswith("[bot]") else "User"),
            "state": state,
            "commit_id": head,
            "submitted_at": f"{day}T10:{place:02}:00Z",
            "body": None,
        }
        for place, (login, state) in enumerate(reviews)
    ]
    if merged_as:
        merged = {"event": "merged", "id": 500_000 + number, "actor": account("bo"), "commit_id": merged_as}
        events.append(merged | {"created_at": f"{day}T12:00:00Z"})
    pull = {
        "number": number,
        "state": "closed" if merged_as else "open",
        "title": f"Request {number}",
        "user": account(author),
        "created_at": f"{day}T09:00:00Z",
        "updated_at": f"{day}T13:00:00Z",
        "closed_at": f"{day}T12:00:00Z" if merged_as else None,
        "merged_at": f"{day}T12:00:00Z" if merged_as else None,
        "merged": merged_as is not None,
        "merged_by": account("bo") if merged_as else None,
        "merge_commit_sha": merged_as,
        "base": {"ref": "main", "repo": {"full_name": repository}},
        "head": {"ref": "topic", "sha": head, "label": "acme:topic", "repo": {"full_name": repository}},
    }
    return {"type": "pull", "pull": pull, "events": events, "comments": []}


def write_export(folder: Path, *requests: dict[str, Any], state: dict[str, Any] | None = None) -> Path:
    """Write an export of these requests, and of one issue, to a folder."""
    for part in ("pulls", "issues"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for each in requests:
        (folder / "pulls" / f"{each['pull']['number']}.json").write_text(json.dumps(each, indent=1), "utf-8")
    issue = {"type": "issue", "issue": {"number": 99, "created_at": "2026-03-01T00:00:00Z"}, "events": []}
    (folder / "issues" / "99.json").write_text(json.dumps(issue), "utf-8")
    told = {"version": 2, "last_backup": MADE, "failed_issues": [], "failed_pulls": []} | (state or {})
    (folder / "state.json").write_text(json.dumps(told), "utf-8")
    return folder


def committed(folder: Path) -> Repo:
    """The export of a folder as a commit of a git repository in that folder."""
    repo = Repo(folder)
    repo.git("add", "-A", "-f")
    repo.commit("Backup", at=1_774_000_030)  # 2026-03-20T09:47:10Z
    return repo
