"""What the simulated GitLab would have sent while its story happened: deliveries with the objects of then."""

import json
import uuid
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from typing import Any

import msgspec

from tests.forge.gitlab_simulator import PROJECT, GitLab

Json = dict[str, Any]
ABOUT = {"id": 7, "name": "harbor", "path_with_namespace": PROJECT, "default_branch": "main"}
NOTES = {
    "approved this merge request": "approved",
    "unapproved this merge request": "unapproved",
    "merged": "merge",
}


class Delivery(msgspec.Struct, frozen=True):
    """One delivery as it arrives."""

    id: str
    event: str
    at: str
    body: bytes


def deliveries(forge: GitLab) -> list[Delivery]:
    """Everything that was sent, in the order in which it happened."""
    found = sorted(_told(forge), key=lambda each: each[0])
    made = []
    for number, (at, event, body) in enumerate(found):
        own = uuid.UUID(bytes=sha256(f"{number}".encode()).digest()[:16], version=4)
        made.append(Delivery(str(own), event, at, json.dumps(body | {"project": ABOUT}).encode()))
    return made


def spaced(moment: str | None) -> str | None:
    """As most of GitLab's deliveries write a time."""
    return None if moment is None else f"{moment[:10]} {moment[11:19]} UTC"


def _told(forge: GitLab) -> Iterator[tuple[str, str, Json]]:
    for request in forge.requests.values():
        yield from _of_request(request)
        for note in request["_notes"]:
            if not note["system"]:
                yield note["created_at"], "Note Hook", _note(request, note)
        for pipeline in request["_pipelines"]:
            yield from _of_pipeline(pipeline)
    for made in forge.extras.get("deployments", []):
        for status, at in (("running", made["created_at"]), ("success", made["deployable"]["finished_at"])):
            yield at, "Deployment Hook", _deployment(made, status, at)
    for event in forge.extras.get("events", []):
        yield event["created_at"], "Push Hook", _push(event)


def _of_request(request: Json) -> Iterator[tuple[str, str, Json]]:
    heads = sorted((each["created_at"], each["head_commit_sha"]) for each in request["_versions"])
    opened = request["created_at"]
    yield opened, "Merge Request Hook", _request(request, request["author"], "open", opened, heads[0][1])
    for (_, before), (at, after) in pairwise(heads):
        yield at, "Merge Request Hook", _request(request, request["author"], "update", at, after, oldrev=before)
    for note in request["_notes"]:
        action, at = NOTES.get(note["body"]) if note["system"] else None, note["created_at"]
        if action is not None:
            head = max((each for each in heads if each[0] <= at), default=heads[0])[1]
            yield at, "Merge Request Hook", _request(request, note["author"], action, at, head)


def _request(request: Json, who: Json, action: str, at: str, head: str, *, oldrev: str | None = None) -> Json:
    attributes = {
        name: request[name]
        for name in (
            *("id", "iid", "target_branch", "source_branch", "source_project_id", "target_project_id", "title"),
            *("description", "draft", "merge_commit_sha"),
        )
    }
    attributes |= {
        "author_id": request["author"]["id"],
        "created_at": request["created_at"],
        "updated_at": spaced(at),
        "state": "merged" if action == "merge" else "opened",
        "last_commit": {"id": head, "message": "work"},
        "labels": [{"id": 1, "title": label} for label in request["labels"]],
        "action": action,
    }
    if oldrev is not None:
        attributes["oldrev"] = oldrev
    return {"object_kind": "merge_request", "user": who, "object_attributes": attributes, "changes": {}}


def _note(request: Json, note: Json) -> Json:
    attributes = {
        "id": note["id"],
        "note": note["body"],
        "noteable_type": "MergeRequest",
        "author_id": note["author"]["id"],
        "created_at": spaced(note["created_at"]),
        "updated_at": spaced(note["updated_at"]),
        "system": False,
        "type": note["type"],
        "position": note.get("position"),
        "action": "create",
    }
    return {
        "object_kind": "note",
        "user": note["author"],
        "object_attributes": attributes,
        "merge_request": {"iid": request["iid"], "id": request["id"]},
    }


def _of_pipeline(pipeline: Json) -> Iterator[tuple[str, str, Json]]:
    began, ended = pipeline["created_at"], pipeline["updated_at"]
    yield began, "Pipeline Hook", _pipeline(pipeline, "running", None)
    yield ended, "Pipeline Hook", _pipeline(pipeline, pipeline["status"], ended)
    for job in pipeline["_jobs"]:
        yield began, "Job Hook", _job(job, "running", None)
        yield job["finished_at"], "Job Hook", _job(job, job["status"], job["finished_at"])


def _pipeline(pipeline: Json, status: str, ended: str | None) -> Json:
    attributes = {name: pipeline[name] for name in ("id", "iid", "ref", "sha", "source")}
    attributes |= {"status": status, "created_at": spaced(pipeline["created_at"]), "finished_at": spaced(ended)}
    return {"object_kind": "pipeline", "object_attributes": attributes, "builds": []}


def _job(job: Json, status: str, ended: str | None) -> Json:
    return {
        "object_kind": "build",
        "ref": job["ref"],
        "sha": job["commit"]["id"],
        "build_id": job["id"],
        "build_name": job["name"],
        "build_status": status,
        "build_created_at": spaced(job["created_at"]),
        "build_finished_at": spaced(ended),
        "user": job["user"],
        "commit": {"id": job["pipeline"]["id"], "sha": job["commit"]["id"], "message": job["commit"]["message"]},
    }


def _deployment(made: Json, status: str, at: str) -> Json:
    return {
        "object_kind": "deployment",
        "status": status,
        "status_changed_at": f"{at[:10]} {at[11:19]} +0000",
        "deployment_id": made["id"],
        "deployable_id": made["deployable"]["id"],
        "environment": made["environment"]["name"],
        "environment_tier": made["environment"]["tier"],
        "user": made["user"],
        "commit_url": f"https://gitlab.com/{PROJECT}/-/commit/{made['sha']}",
    }


def _push(event: Json) -> Json:
    push = event["push_data"]
    return {
        "object_kind": "push",
        "before": push["commit_from"],
        "after": push["commit_to"],
        "ref": f"refs/heads/{push['ref']}",
        "user_username": event["author"]["username"],
    }
