"""What the forge knows of each change: its request, pushes, rules and who went around them; and what git proves."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.delivery import RULE_SET
from tests.company_year.forge_plants import DOUBTS, PLANTS
from tests.company_year.landings import (
    BOT,
    COLLECTED_FROM,
    MINUTE,
    ORGANIZATION,
    PIPELINE,
    Landing,
    landings,
    request_of,
)
from tests.company_year.world import (
    DAY,
    HOUR,
    SEEN_UNTIL,
    START,
    World,
    sha,
    whole,
)

Row = dict[str, Any]

SIGNER = "https://forge.example.com/acme/.github/workflows/build.yml"
PROVENANCE = "https://slsa.dev/provenance/v1"

__all__ = ["DOUBTS", "PLANTS", "records"]


def records(world: World) -> Iterator[Record]:
    """Everything that the forge tells of changes, and each commit that was approved, held against what landed."""
    made = landings(world)
    asked = [own for own in made if not own.is_direct]
    deployed = [own for own in made if own.is_deployed]
    told: dict[str, Iterator[Row]] = {
        "requests": map(_request, asked),
        "request_commits": (row for own in asked for row in _commits(own)),
        "request_events": (row for own in asked for row in _events(own)),
        "coverings": map(_covering, asked),
        "pushes": map(_push, made),
        "rule_events": _rule_events(world, made),
        "rule_suites": (_suite(own) for own in made if own.way != "initial"),
        "deployment_approvals": map(_deployment_approval, deployed),
        "environment_rules": _environment_rules(world),
        "deliveries": map(_delivery, made),
        "audit_events": _audit_events(world, made),
        "attestations": map(_attestation, deployed),
    }
    for table, rows in told.items():
        yield from whole(table, rows, since=COLLECTED_FROM)


def _author(own: Landing) -> str:
    return BOT if own.author is None else own.author.login


def _opened(own: Landing) -> datetime:
    return own.landed - 6 * HOUR


def _before(own: Landing) -> str:
    return sha("before", own.number)[:40]


def _first_head(own: Landing) -> str:
    """What its head was before a reviewer wished for more."""
    return sha("earlier", own.number)[:40]


def _had_a_wish(own: Landing) -> bool:
    return own.number % 4 == 0


def _request(own: Landing) -> Row:
    lines = 5 + own.number * 7 % 40
    return {
        "repository": own.repository,
        "number": request_of(own.number),
        "opened_at": _opened(own),
        "title": f"Change {own.number}",
        "author": _author(own),
        "author_kind": "bot" if own.author is None else "user",
        "base_branch": "main",
        "head_branch": f"change-{own.number}",
        "head_commit": own.head,
        "state": "merged",
        "is_draft": False,
        "merged_at": own.landed,
        "merged_by": own.reviewers[0].login,
        "merge_commit": own.id,
        "closed_at": own.landed,
        "labels": [],
        "added_lines": lines,
        "removed_lines": lines // 2,
        "changed_files": 2,
        "commit_count": 2 if _had_a_wish(own) else 1,
        "comment_count": own.number % 3,
        "linked_issues": [],  # its ticket stands in the tickets
        "is_complete": True,
    }


def _commits(own: Landing) -> Iterator[Row]:
    """The head, and before it what a reviewer wished to be changed."""
    signature = f"{BOT} <{BOT}@example.com>" if own.author is None else own.author.signature
    told = {
        "repository": own.repository,
        "number": request_of(own.number),
        "author": signature,
        "author_login": _author(own),
        "committer": signature,
        "committer_login": _author(own),
        "co_authors": [],
        "agents": ["claude-code"] if own.is_ai else [],
        "is_verified": True,
    }
    parent = _before(own)
    if _had_a_wish(own):
        first = {"commit": _first_head(own), "tree": sha("earlier tree", own.number)[:40], "parents": [parent]}
        yield told | first | {"committed_at": _opened(own) - 10 * MINUTE}
        parent = _first_head(own)
    head = {"commit": own.head, "tree": sha("tree", own.number)[:40], "parents": [parent]}
    yield told | head | {"committed_at": own.landed - (275 if _had_a_wish(own) else 370) * MINUTE}


def _events(own: Landing) -> Iterator[Row]:
    told: Row = {"repository": own.repository, "number": request_of(own.number), "actor": _author(own)}
    told |= {"actor_kind": "bot" if own.author is None else "user"}
    for place, who in enumerate(own.reviewers, 1):
        event: Row = {"event_id": f"E-{own.number}-asked-{place}", "kind": "review-requested", "detail": who.login}
        yield told | event | {"happened_at": _opened(own) + place * MINUTE}
    if _had_a_wish(own):
        event = {"event_id": f"E-{own.number}-pushed", "kind": "pushed", "happened_at": own.landed - 270 * MINUTE}
        yield told | event | {"before_commit": _first_head(own), "after_commit": own.head}
    merged = {"event_id": f"E-{own.number}-merged", "kind": "merged", "happened_at": own.landed}
    yield told | merged | {"actor": own.reviewers[0].login, "actor_kind": "user", "after_commit": own.id}


def _covering(own: Landing) -> Row:
    how = "patch-id" if own.way == "rebase" else "same-tree"
    return {"repository": own.repository, "commit": own.head, "change_id": own.id, "covers": True, "how": how}


def _pusher(own: Landing) -> str:
    """Who made it the branch's tip: of an emergency its author, else who merged it."""
    return _author(own) if own.is_direct else own.reviewers[0].login


def _push(own: Landing) -> Row:
    kind = {"initial": "branch-created", "direct": "push"}.get(own.way, "merge")
    return {
        "repository": own.repository,
        "push_id": f"P-{own.number}",
        "branch": "main",
        "pushed_at": own.landed,
        "kind": kind,
        "actor": _pusher(own),
        "actor_kind": "user",
        "before_commit": None if own.way == "initial" else _before(own),
        "after_commit": own.id,
    }


def _suite(own: Landing) -> Row:
    """The rules held for each merge; an emergency went around them."""
    return {
        "repository": own.repository,
        "suite_id": f"S-{own.number}",
        "evaluated_at": own.landed,
        "result": "bypass" if own.is_emergency else "pass",
        "branch": "main",
        "actor": _pusher(own),
        "before_commit": _before(own),
        "after_commit": own.id,
    }


def _rule_events(world: World, made: tuple[Landing, ...]) -> Iterator[Row]:
    """The youngest repository's rules were made with it; else only emergencies went around them."""
    for own in world.repositories:
        if own.since is not None:
            told = {"repository": own.id, "event_id": "L-created", "happened_at": own.since, "kind": "created"}
            yield told | {"rule": f"ruleset {RULE_SET} main", "actor": "uri-katz", "weakens": False}
    for change in made:
        if change.is_emergency:
            told = {"repository": change.repository, "event_id": f"L-{change.number}", "happened_at": change.landed}
            yield told | {
                "kind": "overridden",
                "rule": "protection main",
                "branch": "main",
                "actor": _pusher(change),
            }


def _audit_events(world: World, made: tuple[Landing, ...]) -> Iterator[Row]:
    """The owner's log: engineers who came and went, and the same overrides."""
    for who in (*world.joiners(), *world.leavers()):
        if who.is_engineer:
            come = who.starts >= START
            told = {"organization": ORGANIZATION, "event_id": f"A-{who.id}", "account": who.login}
            yield told | {
                "action": "org.add_member" if come else "org.remove_member",
                "happened_at": who.starts if come or who.ends is None else who.ends,
                "actor": "uri-katz",
            }
    for own in made:
        if own.is_emergency:
            yield {
                "organization": ORGANIZATION,
                "event_id": f"A-{own.number}",
                "action": "protected_branch.policy_override",
                "happened_at": own.landed,
                "actor": _pusher(own),
                "repository": own.repository,
                "detail": json.dumps({"after": own.id, "before": _before(own)}),
            }


def _deployment_approval(own: Landing) -> Row:
    """Production waits for one who had no part in it."""
    return {
        "repository": own.repository,
        "approval_id": f"production {own.number} | {own.reviewers[0].login}",
        "environment": "production",
        "state": "approved",
        "run": f"run {own.number}",
        "deployment_id": f"production {own.number}",
        "commit": own.id,
        "approver": own.reviewers[0].login,
        "decided_at": own.deployed - 5 * MINUTE,
    }


def _environment_rules(world: World) -> Iterator[Row]:
    for own in world.repositories:
        yield {
            "repository": own.id,
            "environment": "production",
            "reviewers": ["engineers"],
            "prevents_self_review": True,
            "branches": ["main"],
            "administrators_may_bypass": False,
            "held_from": max(own.since or COLLECTED_FROM, COLLECTED_FROM),
            "held_until": SEEN_UNTIL + DAY,
        }


def _delivery(own: Landing) -> Row:
    return {
        "repository": own.repository,
        "delivery": f"D-{own.number}",
        "event": "push" if own.is_direct else "pull_request",
        "received_at": own.landed + MINUTE,
        "action": None if own.is_direct else "closed",
        "is_verified": True,
        "subject": f"commit {own.id}" if own.is_direct else f"request {request_of(own.number)}",
    }


def _attestation(own: Landing) -> Row:
    """The provenance of each artefact that was deployed."""
    return {
        "repository": own.repository,
        "attestation": sha("attestation", own.id),
        "predicate_type": PROVENANCE,
        "subject": f"sha256:{sha('artefact', own.id)}",
        "signer": SIGNER,
        "is_verified": True,
        "commit": own.id,
        "builder": PIPELINE,
        "made_at": own.deployed - 25 * MINUTE,
    }
