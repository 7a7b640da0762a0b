"""Pages in GitLab's shapes, as its documentation shows them, one of each name."""

from typing import Any

NOW = 1_770_000_000
A, B, C, LANDED = "a" * 40, "b" * 40, "c" * 40, "d" * 40


def user(name: str, own: int = 5) -> dict[str, Any]:
    """As lists show it: whether it is a bot stands on its own page alone (``account``)."""
    return {"id": own, "username": name, "name": name.title(), "state": "active", "locked": False}


def account(name: str, own: int = 5, *, bot: bool = False) -> dict[str, Any]:
    return user(name, own) | {"bot": bot, "created_at": "2025-01-10T10:00:00.250Z"}


def at(minute: int) -> str:
    return f"2026-01-10T10:{minute:02}:00.250Z"


def note(
    own: int, who: str, body: str, minute: int, *, system: bool = True, kind: str | None = None
) -> dict[str, Any]:
    return {
        "id": own,
        "type": kind,
        "body": body,
        "author": user(who),
        "created_at": at(minute),
        "system": system,
        "noteable_iid": 17,
    }


def version(own: int, head: str, minute: int) -> dict[str, Any]:
    return {
        "id": own,
        "head_commit_sha": head,
        "base_commit_sha": C,
        "created_at": at(minute),
        "state": "collected",
    }


def request_answers() -> dict[str, Any]:
    """Opened at 0, approved at 10 by Ben, pushed to at 20, approved again at 30, merged at 40."""
    return {
        "notes": [
            note(900, "ben", "Is this right?", 9, system=False, kind="DiffNote"),
            note(901, "ben", "approved this merge request", 10),
            note(902, "ana", "added 1 commit\n\n<ul><li>bbbbbbbb - more</li></ul>", 20),
            note(903, "ben", "approved this merge request", 30),
            note(904, "ana", "enabled an automatic merge when the pipeline for bbbb succeeds", 35),
            note(905, "ben", "merged", 40),
        ],
        "versions": [version(2, B, 20), version(1, A, 0)],
        "user": [account("ana", 4), account("ben")],
        "approvals": {"iid": 17, "approved_by": [{"user": user("ben"), "approved_at": at(30)}]},
        "merge_request": {
            "id": 4711,
            "iid": 17,
            "title": "Bring it",
            "description": "Closes #3 and a/other#4",
            "state": "merged",
            "created_at": at(0),
            "updated_at": at(41),
            "merged_at": at(40),
            "merge_user": user("ben"),
            "closed_at": None,
            "target_branch": "main",
            "source_branch": "work",
            "source_project_id": 7,
            "target_project_id": 7,
            "user_notes_count": 1,
            "author": user("ana"),
            "labels": ["backend"],
            "blocking_discussions_resolved": False,
            "draft": False,
            "merge_when_pipeline_succeeds": True,
            "sha": B,
            "merge_commit_sha": LANDED,
            "squash_commit_sha": None,
            "changes_count": "3",
        },
        "commits": [
            {
                "id": B,
                "title": "more",
                "message": "more\n\nCo-authored-by: Cleo Cruz <cleo@example.com>\n",
                "author_name": "Ana Alves",
                "author_email": "ana@example.com",
                "committer_name": "Ana Alves",
                "committer_email": "ana@example.com",
                "committed_date": "2026-01-10T11:19:00.000+01:00",
                "parent_ids": [],
            }
        ],
        "pipelines": [
            {
                "id": 50,
                "sha": B,
                "ref": "refs/merge-requests/17/head",
                "status": "success",
                "source": "merge_request_event",
                "created_at": at(21),
                "updated_at": at(25),
            },
            {
                "id": 51,
                "sha": "e" * 40,
                "ref": "refs/merge-requests/17/merge",
                "status": "running",
                "source": "merge_request_event",
                "created_at": at(22),
                "updated_at": at(25),
            },
        ],
    }


def bind(answers: dict[str, Any]) -> dict[str, Any]:
    """One answer of each name; of ``user`` one for each account."""
    told = [(name, body) for name, body in answers.items() if name != "user"]
    told += [("user", body) for body in answers.get("user", [])]
    return {
        "answers": [
            {"name": name, "page": 1, "request": f"GET /{name}", "status": 200, "body": body} for name, body in told
        ]
    }


def rules_answers() -> dict[str, Any]:
    return {
        "project": {"id": 7, "default_branch": "main", "only_allow_merge_if_pipeline_succeeds": True},
        "protected_branches": [
            {
                "id": 1,
                "name": "main",
                "push_access_levels": [{"id": 1, "access_level": 0, "access_level_description": "No one"}],
                "merge_access_levels": [{"id": 1, "access_level": 40}],
                "allow_force_push": False,
                "code_owner_approval_required": True,
            },
            {
                "id": 2,
                "name": "release/*",
                "push_access_levels": [{"id": 2, "access_level": 40}, {"id": 3, "access_level": 40, "user_id": 9}],
                "allow_force_push": True,
                "code_owner_approval_required": False,
            },
        ],
        "approval_settings": {
            "reset_approvals_on_push": True,
            "disable_overriding_approvers_per_merge_request": True,
            "merge_requests_author_approval": False,
        },
        "approval_rules": [
            {"id": 1, "rule_type": "any_approver", "approvals_required": 1, "protected_branches": []},
            {
                "id": 2,
                "rule_type": "regular",
                "approvals_required": 2,
                "applies_to_all_protected_branches": False,
                "protected_branches": [{"id": 1, "name": "main"}],
            },
            {"id": 3, "rule_type": "report_approver", "approvals_required": 5, "protected_branches": []},
        ],
    }


JOB = {
    "id": 70,
    "status": "success",
    "name": "unit-tests",
    "ref": "work",
    "allow_failure": False,
    "finished_at": at(24),
    "user": user("ana"),
    "commit": {"id": B, "message": "more", "parent_ids": [A]},
    "pipeline": {"id": 50, "sha": B, "ref": "refs/merge-requests/17/head", "status": "success"},
}
DEPLOYMENT = {
    "id": 80,
    "iid": 2,
    "ref": "main",
    "sha": LANDED,
    "status": "success",
    "created_at": at(45),
    "updated_at": at(50),
    "user": user("ben"),
    "environment": {"id": 1, "name": "production", "tier": "production"},
    "deployable": {"id": 71, "finished_at": at(49)},
    "approvals": [{"user": user("cleo"), "status": "approved", "created_at": at(46), "comment": ""}],
}
LOG_ENTRY = {
    "id": 60,
    "author_id": 5,
    "entity_id": 7,
    "entity_type": "Project",
    "event_name": "protected_branch_removed",
    "details": {
        "event_name": "protected_branch_removed",
        "author_name": "Ana",
        "target_type": "ProtectedBranch",
        "target_details": "main",
        "custom_message": "Unprotected branch",
        "entity_path": "a/b",
    },
    "created_at": at(3),
}
PAGES: dict[str, tuple[str, Any]] = {
    "merge_request": ("17", bind(request_answers())),
    "pipeline/jobs": ("50", bind({"pipeline/jobs": [JOB]})),
    "rules": ("", bind(rules_answers())),
    "project": ("", {"id": 7, "default_branch": "main", "secret_push_protection_enabled": True}),
    "user": ("5", user("ben") | {"bot": False, "created_at": at(0)}),
    "members": ("1", [user("ana") | {"access_level": 50}, user("ben", 6) | {"access_level": 30}]),
    "group/members": ("1", [user("ana") | {"access_level": 50}]),
    "access_tokens": (
        "1",
        [
            {
                "id": 3,
                "name": "release",
                "revoked": False,
                "created_at": at(0),
                "scopes": ["api"],
                "access_level": 40,
                "expires_at": "2026-12-31",
                "last_used_at": None,
            }
        ],
    ),
    "deploy_keys": (
        "1",
        [
            {
                "id": 4,
                "title": "ci",
                "key": "ssh-rsa AAAA",
                "created_at": at(0),
                "can_push": True,
                "expires_at": None,
            }
        ],
    ),
    "protected_environments": (
        "1",
        [
            {
                "name": "production",
                "deploy_access_levels": [{"access_level": 40}],
                "required_approval_count": 0,
                "approval_rules": [{"id": 1, "user_id": None, "group_id": 12, "required_approvals": 1}],
            }
        ],
    ),
    "deployments": ("1", [DEPLOYMENT]),
    "deployment": ("80", DEPLOYMENT),
    "events": (
        "1",
        [
            {
                "id": 90,
                "action_name": "pushed to",
                "created_at": at(5),
                "author": user("ana"),
                "push_data": {
                    "action": "pushed",
                    "ref_type": "branch",
                    "ref": "main",
                    "commit_from": A,
                    "commit_to": B,
                },
            }
        ],
    ),
    "vulnerability_findings": (
        "1",
        [
            {
                "id": 1,
                "uuid": "0b7f",
                "report_type": "sast",
                "name": "Weak hash",
                "severity": "high",
                "scanner": {"name": "Semgrep"},
                "state": "dismissed",
                "dismissal_feedback": {"created_at": at(7), "author": user("ben"), "comment": "no secret in it"},
            }
        ],
    ),
    "audit_events": ("1", [LOG_ENTRY]),
    "group/audit_events": ("1", [LOG_ENTRY | {"entity_type": "Group", "details": {"add": "user_access"}}]),
}
