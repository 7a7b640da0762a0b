"""Deliveries in GitLab's shapes, as its documentation shows them, one of each event that is read."""

from typing import Any

from tests.facts.forge.gitlab.payloads import LANDED, A, B, C, user

PROJECT = {
    "id": 7,
    "name": "B",
    "web_url": "https://gitlab.example.com/a/b",
    "path_with_namespace": "a/b",
    "default_branch": "main",
}


def request(
    action: str, *, who: str = "ana", own: int = 5, at: str = "2026-01-10 10:20:00 UTC", **more: Any
) -> Any:
    """``Merge Request Hook``."""
    return {
        "object_kind": "merge_request",
        "event_type": "merge_request",
        "user": user(who, own) | {"email": "[REDACTED]"},
        "project": PROJECT,
        "object_attributes": {
            "id": 4711,
            "iid": 17,
            "target_branch": "main",
            "source_branch": "work",
            "source_project_id": 7,
            "target_project_id": 7,
            "author_id": 5,
            "title": "Bring it",
            "created_at": "2026-01-10T10:00:00Z",
            "updated_at": at,
            "state": "opened",
            "blocking_discussions_resolved": True,
            "draft": False,
            "description": "Closes #3",
            "last_commit": {"id": B, "message": "more", "timestamp": "2026-01-10T11:19:00+01:00"},
            "labels": [{"id": 206, "title": "backend", "type": "ProjectLabel"}],
            "action": action,
            "detailed_merge_status": "mergeable",
            **more,
        },
        "labels": [{"id": 206, "title": "backend", "type": "ProjectLabel"}],
        "changes": {},
    }


NOTE: dict[str, Any] = {
    "object_kind": "note",
    "event_type": "note",
    "user": user("ben"),
    "project_id": 7,
    "project": PROJECT,
    "object_attributes": {
        "id": 900,
        "note": "Is this right?",
        "noteable_type": "MergeRequest",
        "author_id": 5,
        "created_at": "2026-01-10 10:09:00 UTC",
        "updated_at": "2026-01-10 10:09:00 UTC",
        "project_id": 7,
        "line_code": "bec9703f7a456cd2b4ab5fb3220ae016e3e394e3_0_1",
        "commit_id": "",
        "noteable_id": 4711,
        "system": False,
        "type": "DiffNote",
        "position": {"base_sha": C, "start_sha": C, "head_sha": A, "position_type": "text"},
        "action": "create",
    },
    "merge_request": {"id": 4711, "iid": 17, "state": "opened"},
}
PUSH = {
    "object_kind": "push",
    "event_name": "push",
    "before": A,
    "after": B,
    "ref": "refs/heads/work",
    "ref_protected": False,
    "checkout_sha": B,
    "user_id": 4,
    "user_name": "Ana",
    "user_username": "ana",
    "project_id": 7,
    "project": PROJECT,
    "commits": [],
    "total_commits_count": 1,
}
PIPELINE = {
    "object_kind": "pipeline",
    "object_attributes": {
        "id": 50,
        "iid": 3,
        "ref": "work",
        "tag": False,
        "sha": B,
        "source": "merge_request_event",
        "status": "success",
        "created_at": "2026-01-10 10:21:00 UTC",
        "finished_at": "2026-01-10 10:25:00 UTC",
    },
    "merge_request": {"id": 4711, "iid": 17},
    "user": user("ana"),
    "project": PROJECT,
    "commit": {"id": B, "message": "more\n"},
    "builds": [],
}
JOB = {
    "object_kind": "build",
    "ref": "refs/merge-requests/17/head",
    "sha": B,
    "build_id": 70,
    "build_name": "unit-tests",
    "build_stage": "test",
    "build_status": "success",
    "build_created_at": "2026-01-10 10:21:00 UTC",
    "build_started_at": "2026-01-10 10:22:00 UTC",
    "build_finished_at": "2026-01-10 10:24:00 UTC",
    "build_allow_failure": False,
    "pipeline_id": 50,
    "project_id": 7,
    "user": user("ana"),
    "commit": {"id": 50, "sha": B, "message": "more\n"},
    "project": PROJECT,
}
DEPLOYMENT = {
    "object_kind": "deployment",
    "status": "success",
    "status_changed_at": "2026-01-10 11:49:00 +0100",
    "deployment_id": 80,
    "deployable_id": 71,
    "deployable_url": "https://gitlab.example.com/a/b/-/jobs/71",
    "environment": "production",
    "environment_tier": "production",
    "project": PROJECT,
    "short_sha": LANDED[:8],
    "user": user("ben"),
    "commit_url": f"https://gitlab.example.com/a/b/-/commit/{LANDED}",
}
MEMBER = {
    "created_at": "2026-01-10T04:57:22Z",
    "updated_at": "2026-01-12T08:48:19Z",
    "group_name": "A",
    "group_path": "a",
    "group_id": 100,
    "user_username": "cleo",
    "user_name": "Cleo",
    "user_id": 64,
    "group_access": "Maintainer",
    "expires_at": None,
    "event_name": "user_add_to_group",
}
HOOKS: dict[str, tuple[str, Any]] = {
    "webhook/Merge Request Hook": ("d-1", request("open")),
    "webhook/Note Hook": ("d-2", NOTE),
    "webhook/Confidential Note Hook": ("d-3", NOTE),
    "webhook/Push Hook": ("d-4", PUSH),
    "webhook/Pipeline Hook": ("d-5", PIPELINE),
    "webhook/Job Hook": ("d-6", JOB),
    "webhook/Deployment Hook": ("d-7", DEPLOYMENT),
    "webhook/Member Hook": ("d-8", MEMBER),
}
