"""What stands around the changes: rules that were off for a while, rights, keys, apps, deployments, alerts, the log."""

import copy
from typing import Any

from tests.forge import acts
from tests.forge.acts import rfc3339
from tests.forge.rest_people import filled_person
from tests.forge.state import Ruleset, Team
from tests.forge.studio import Studio

DAY = 86_400
RULES: list[dict[str, Any]] = [
    {"type": "deletion"},
    {"type": "non_fast_forward"},
    {
        "type": "pull_request",
        "parameters": {
            "required_approving_review_count": 1,
            "dismiss_stale_reviews_on_push": True,
            "require_code_owner_review": False,
            "require_last_push_approval": True,
            "required_review_thread_resolution": False,
            "allowed_merge_methods": ["merge", "squash", "rebase"],
        },
    },
    {
        "type": "required_status_checks",
        "parameters": {
            "strict_required_status_checks_policy": False,
            "do_not_enforce_on_create": False,
            "required_status_checks": [{"context": "build"}, {"context": "test"}],
        },
    },
]


def surround(studio: Studio) -> None:
    """All of it."""
    people(studio)
    rules(studio)
    environments(studio)
    alerts(studio)
    audit_log(studio)


def people(studio: Studio) -> None:
    """Members, an outsider, teams, keys, apps."""
    forge, repository = studio.forge, studio.repository
    organization = forge.organizations["acme"]
    organization.members = {"ana": "admin", "ben": "member", "cleo": "member", "dan": "member", "fred": "member"}
    organization.outside = ["otto"]
    forge.account("otto", emails=("otto@example.org",), two_factor=False)
    repository.collaborators = {
        "ana": "admin", "ben": "write", "cleo": "maintain", "dan": "read", "eve": "write", "fred": "write", "otto": "triage",
    }  # fmt: skip
    core = Team(forge.next_id(), "core", "Core", [forge.accounts[each] for each in ("ana", "ben", "cleo")])
    core.permissions[repository.name] = "push"
    organization.teams = [core, Team(forge.next_id(), "watchers", "Watchers", [forge.accounts["dan"]])]
    for place, (title, read_only) in enumerate((("deploy", False), ("mirror", True))):
        repository.keys.append(
            {
                "id": forge.next_id(), "key": f"ssh-ed25519 AAAA{place}", "title": title, "verified": True,
                "created_at": rfc3339(studio.now), "read_only": read_only, "added_by": "ana", "last_used": None,
                "url": f"https://api.github.com/repos/{repository.full_name}/keys/{place}",
            }
        )  # fmt: skip
    for slug, rights in (
        ("claude", {"contents": "write", "pull_requests": "write"}),
        ("dependabot", {"contents": "write"}),
    ):
        organization.installations.append(
            {
                "id": forge.next_id(), "app_id": forge.next_id(), "app_slug": slug, "target_id": organization.id,
                "target_type": "Organization", "permissions": rights, "events": ["pull_request"],
                "repository_selection": "selected", "created_at": rfc3339(studio.now), "updated_at": rfc3339(studio.now),
                "account": {"login": "acme", "id": organization.id, "type": "Organization"},
                "html_url": "https://github.com/organizations/acme/settings/installations/1",
            }
        )  # fmt: skip


def rules(studio: Studio) -> None:
    """A classic protection, and a rule set that was off from day 30 to day 37."""
    forge, repository = studio.forge, studio.repository
    ana = forge.accounts["ana"]
    repository.protections["main"] = {
        "required_pull_request_reviews": {
            "required_approving_review_count": 1, "dismiss_stale_reviews": True, "require_code_owner_reviews": False,
            "require_last_push_approval": True,
        },
        "required_status_checks": {"strict": False, "contexts": ["build", "test"], "checks": [{"context": "build", "app_id": None}, {"context": "test", "app_id": None}]},
        "enforce_admins": {"enabled": False, "url": f"https://api.github.com/repos/{repository.full_name}/branches/main/protection/enforce_admins"},
        "allow_force_pushes": {"enabled": False},
        "allow_deletions": {"enabled": False},
        "required_linear_history": {"enabled": False},
    }  # fmt: skip
    on: dict[str, Any] = {
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": RULES,
        "bypass_actors": [{"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}],
    }
    off = copy.deepcopy(on) | {"enforcement": "disabled"}
    made = Ruleset(forge.next_id(), "main", on)
    for day, state in ((0, on), (30, off), (37, on)):
        made.versions.append((forge.next_id(), studio.now + day * DAY, ana, state))
    repository.rulesets.append(made)


def environments(studio: Studio) -> None:
    """Production waits for a reviewer; runs and deployments of the first commit: good, failed, waiting."""
    forge, repository = studio.forge, studio.repository
    ana, ben, core = forge.accounts["ana"], forge.accounts["ben"], forge.organizations["acme"].teams[0]
    repository.environments = {
        "production": {
            "id": forge.next_id(), "at": studio.now, "reviewers": [ben, core], "prevent_self_review": True,
            "can_admins_bypass": False, "branches": {"protected_branches": True, "custom_branch_policies": False},
        },
        "staging": {"id": forge.next_id(), "at": studio.now},
    }  # fmt: skip
    commit = studio.git.head()
    for place, (environment, states) in enumerate(
        (
            ("staging", ("in_progress", "success")),
            ("production", ("queued", "in_progress", "success", "inactive")),
            ("production", ("in_progress", "failure")),
            ("production", ()),
        )
    ):
        at = studio.now + place * 600
        run = acts.run_workflow(repository, commit, "deploy", at, ana, event="workflow_dispatch")
        if environment == "production" and states:
            run.approvals.append((ben, environment, "approved", "Go."))
        acts.deploy(repository, commit, environment, at, ana, states=states)


def alerts(studio: Studio) -> None:
    """One open and one closed of each kind; a push past the warning for secrets."""
    ana, ben = (filled_person(studio.forge.accounts[login]) for login in ("ana", "ben"))
    repository, now = studio.repository, studio.now
    for number, state in ((1, "open"), (2, "dismissed"), (3, "fixed")):
        repository.code_alerts.append(
            {
                "number": number, "created_at": rfc3339(now), "updated_at": rfc3339(now + DAY), "state": state,
                "dismissed_at": rfc3339(now + DAY) if state == "dismissed" else None,
                "dismissed_reason": "won't fix" if state == "dismissed" else None,
                "dismissed_by": ana if state == "dismissed" else None,
                "fixed_at": rfc3339(now + DAY) if state == "fixed" else None,
                "rule": {"id": "py/sql-injection", "name": "py/sql-injection", "severity": "error", "security_severity_level": "high", "description": "SQL"},
                "tool": {"name": "CodeQL", "guid": None, "version": "2.20.0"},
                "most_recent_instance": {"ref": "refs/heads/main", "state": state, "commit_sha": studio.git.head(), "location": {"path": "src/a.py", "start_line": 3}},
            }
        )  # fmt: skip
        repository.dependency_alerts.append(
            {
                "number": number, "created_at": rfc3339(now), "updated_at": rfc3339(now + DAY), "state": state,
                "dismissed_at": rfc3339(now + DAY) if state == "dismissed" else None,
                "dismissed_reason": "tolerable_risk" if state == "dismissed" else None,
                "dismissed_by": ana if state == "dismissed" else None,
                "dismissed_comment": None, "fixed_at": rfc3339(now + DAY) if state == "fixed" else None,
                "dependency": {"package": {"ecosystem": "npm", "name": "left-pad"}, "manifest_path": "package-lock.json", "scope": "runtime"},
                "security_advisory": {"ghsa_id": "GHSA-xxxx-yyyy-zzzz", "cve_id": "CVE-2025-0001", "summary": "Bad", "severity": "high", "published_at": rfc3339(now)},
                "security_vulnerability": {"package": {"ecosystem": "npm", "name": "left-pad"}, "severity": "high", "vulnerable_version_range": "< 1.0.1", "first_patched_version": {"identifier": "1.0.1"}},
            }
        )  # fmt: skip
    for number, state in ((1, "open"), (2, "resolved")):
        repository.secret_alerts.append(
            {
                "number": number, "created_at": rfc3339(now), "updated_at": rfc3339(now + DAY), "state": state,
                "resolution": "revoked" if state == "resolved" else None,
                "resolved_at": rfc3339(now + DAY) if state == "resolved" else None,
                "secret_type": "github_personal_access_token", "secret_type_display_name": "GitHub Personal Access Token",
                "push_protection_bypassed": number == 2,
                "push_protection_bypassed_by": ben if number == 2 else None,
                "resolved_by": ana if state == "resolved" else None,
                "push_protection_bypassed_at": rfc3339(now) if number == 2 else None,
                "validity": "inactive",
            }
        )  # fmt: skip
    repository.analyses.append(
        {
            "id": studio.forge.next_id(), "ref": "refs/heads/main", "commit_sha": studio.git.head(),
            "created_at": rfc3339(now), "tool": {"name": "CodeQL", "guid": None, "version": "2.20.0"}, "error": "", "warning": "",
            "results_count": 3, "rules_count": 90, "analysis_key": ".github/workflows/codeql.yml:analyze", "category": "python",
        }
    )  # fmt: skip
    repository.security = {
        "secret_scanning": {"status": "enabled"},
        "secret_scanning_push_protection": {"status": "enabled"},
    }


def audit_log(studio: Studio) -> None:
    """What the organisation's log says of members, rules and bypasses."""
    log = studio.forge.organizations["acme"].audit_log
    entries = (
        (0, "repository_ruleset.create", "ana", {}),
        (1, "org.add_member", "ana", {"user": "dan"}),
        (30, "repository_ruleset.update", "ana", {"data": {"changes": {"enforcement": ["active", "disabled"]}}}),
        (33, "protected_branch.policy_override", "ana", {}),
        (37, "repository_ruleset.update", "ana", {"data": {"changes": {"enforcement": ["disabled", "active"]}}}),
        (40, "org.remove_member", "ana", {"user": "eve"}),
    )
    for place, (day, action, actor, more) in enumerate(entries):
        told = {"repo": studio.repository.full_name} if not action.startswith("org.") else {}
        stamp = (studio.now + day * DAY) * 1000 + place
        log.append(
            {
                "@timestamp": stamp,
                "created_at": stamp,
                "_document_id": f"doc{place}",
                "action": action,
                "actor": actor,
                "org": "acme",
                **told,
                **more,
            }
        )
