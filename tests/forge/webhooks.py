"""What the simulated forge would have sent while its story happened: signed deliveries, each with the objects of then."""

import copy
import hashlib
import hmac
import json
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.forge.acts import ZERO
from tests.forge.resolvers import when
from tests.forge.rest import pull, repository_told, review
from tests.forge.rest_checks import check_run, commit_status
from tests.forge.rest_people import person
from tests.forge.rest_runs import deployment, deployment_status
from tests.forge.shapes import fill
from tests.forge.state import Account, Event, Forge, Push, Repository, Request, Review

SECRET = b"a secret that only two know"
ACTIONS = {
    "closed": "closed",
    "reopened": "reopened",
    "ready_for_review": "ready_for_review",
    "convert_to_draft": "converted_to_draft",
    "review_requested": "review_requested",
    "auto_merge_enabled": "auto_merge_enabled",
    "auto_merge_disabled": "auto_merge_disabled",
    "added_to_merge_queue": "enqueued",
    "removed_from_merge_queue": "dequeued",
    "labeled": "labeled",
}


@dataclass(frozen=True)
class Delivery:
    """One delivery as it arrives."""

    id: str
    event: str
    at: int
    body: bytes

    @property
    def headers(self) -> dict[str, str]:
        """As GitHub sends them; the signature is over the very bytes."""
        return {
            "X-GitHub-Delivery": self.id,
            "X-GitHub-Event": self.event,
            "X-Hub-Signature-256": sign(self.body),
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/1",
        }


def sign(body: bytes, secret: bytes = SECRET) -> str:
    """HMAC-SHA256, as GitHub documents it."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def deliveries(forge: Forge, full_name: str) -> list[Delivery]:
    """Everything that was sent for a repository, in the order in which it happened."""
    then = copy.deepcopy(forge)
    for account in then.accounts.values():
        account.gone = False
    repository = then.repositories[full_name]
    found = sorted(_told(repository), key=lambda each: each[0])
    made = []
    for number, (at, event, sender, payload) in enumerate(found):
        whole = payload | {"repository": _repository(repository, at), "sender": person(sender)}
        if repository.owner in then.organizations:
            whole["organization"] = {"login": repository.owner, "id": then.organizations[repository.owner].id}
        body = json.dumps(whole, separators=(",", ":")).encode()
        own = uuid.UUID(bytes=hashlib.sha256(f"{full_name} {number}".encode()).digest()[:16], version=4)
        made.append(Delivery(str(own), event, at, body))
    return made


def disturbed(sent: Sequence[Delivery], seed: int, *, twice: float = 0.3) -> list[Delivery]:
    """The same in any order, some of them more than once."""
    draw = random.Random(seed)
    found = [*sent, *(each for each in sent if draw.random() < twice)]
    draw.shuffle(found)
    return found


def _repository(repository: Repository, at: int) -> dict[str, Any]:
    return fill("repository", repository_told(repository) | {"pushed_at": when(at)})


Told = tuple[int, str, Account | None, dict[str, Any]]


def _told(repository: Repository) -> Iterator[Told]:
    for request in repository.requests.values():
        yield from _of_request(request)
    for checks in repository.checks.values():
        for check in checks:
            begun = copy.copy(check)
            begun.status, begun.conclusion, begun.completed_at = "in_progress", None, None
            yield check.started_at, "check_run", None, {"action": "created", "check_run": check_run(begun)}
            if check.completed_at is not None:
                yield check.completed_at, "check_run", None, {"action": "completed", "check_run": check_run(check)}
    for statuses in repository.statuses.values():
        for status in statuses:
            told = commit_status(status) | {"sha": status.commit, "branches": []}
            yield status.at, "status", status.creator, told
    for made in repository.deployments:
        yield made.at, "deployment", made.creator, {"action": "created", "deployment": deployment(made)}
        for each in made.statuses:
            told = {"deployment_status": deployment_status(each), "deployment": deployment(made)}
            yield each.at, "deployment_status", each.creator, {"action": "created"} | told
    for push in repository.pushes:
        yield push.at, "push", push.actor, _push(push)


def _of_request(request: Request) -> Iterator[Told]:
    opened = {"action": "opened", "number": request.number, "pull_request": as_of(request, request.created_at, -1)}
    yield request.created_at, "pull_request", request.author, opened
    for event in request.events:
        action = ACTIONS.get(event.kind)
        if action is not None:
            told = {"action": action, "number": request.number, "pull_request": as_of(request, event.at, event.id)}
            yield event.at, "pull_request", event.actor, told
        if event.kind == "review_dismissed":
            yield (
                event.at,
                "pull_request_review",
                event.actor,
                _review(event.told["review"], "dismissed", "DISMISSED", event),
            )
    for each in request.reviews:
        given = next(
            (event.told["before"] for event in request.events if event.told.get("review") is each), each.state
        )
        yield each.submitted_at, "pull_request_review", each.author, _review(each, "submitted", given, None)
    for push in request.repository.pushes:
        if push.branch == request.head and push.kind in {"push", "force_push"}:
            told = {"action": "synchronize", "number": request.number, "before": push.before, "after": push.after}
            yield push.at, "pull_request", push.actor, told | {"pull_request": as_of(request, push.at, push.id)}


def _review(each: Review, action: str, state: str, event: Event | None) -> dict[str, Any]:
    """Webhooks write states in small letters."""
    told = review(each) | {"state": state.lower(), "updated_at": when(event.at if event else each.submitted_at)}
    at = event.at if event else each.submitted_at
    shown = as_of(each.request, at, event.id if event else each.id, whole=False)
    return {"action": action, "review": fill("pull-request-review", told), "pull_request": shown}


def as_of(request: Request, at: int, upto: int, *, whole: bool = True) -> dict[str, Any]:
    """The request as the forge told it at a moment, after the event with the number ``upto``."""
    shown = copy.copy(request)
    events = [each for each in request.events if (each.at, each.id) <= (at, upto)]
    shown.updated_at = max([request.created_at, *(each.at for each in events), at])
    pushes = [each for each in request.repository.pushes if each.branch == request.head and each.at <= at]
    later = [each for each in request.repository.pushes if each.branch == request.head and each.at > at]
    shown.head_commit = pushes[-1].after if pushes else later[0].before if later else request.head_commit
    shown.reviews = [each for each in request.reviews if each.submitted_at <= at]
    if not any(each.kind in {"merged", "closed"} for each in events):
        shown.state, shown.merged_at, shown.merged_by, shown.merge_commit, shown.closed_at = (
            "OPEN",
            None,
            None,
            None,
            None,
        )
    return pull(shown, whole=whole)


def _push(push: Push) -> dict[str, Any]:
    return {
        "ref": f"refs/heads/{push.branch}",
        "before": push.before,
        "after": push.after,
        "created": push.before == ZERO,
        "deleted": push.after == ZERO,
        "forced": push.kind == "force_push",
        "commits": [],
        "head_commit": None,
        "pusher": {"name": push.actor.login if push.actor else "none", "email": None},
    }
