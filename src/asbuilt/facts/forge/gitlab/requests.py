"""Merge requests: the page ``merge_request`` binds what GitLab tells of one of them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.facts.forge.github.commits import commit_row
from asbuilt.facts.forge.gitlab.answers import Answers, People, account_of, answers_of, people_of
from asbuilt.facts.forge.gitlab.checks import project_pipelines
from asbuilt.facts.forge.gitlab.heads import Heads
from asbuilt.facts.forge.gitlab.reviews import project_notes
from asbuilt.facts.forge.gitlab.rule_suites import project_suite
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import (
    LONGEST_TITLE,
    commit_id,
    dig,
    fields,
    flag,
    items,
    moment,
    text,
    texts,
    whole,
)

_STATES = {"opened": "open", "locked": "open", "closed": "closed", "merged": "merged"}
_COUNT = re.compile(r"[0-9]{1,6}")
_LONGEST_BODY = 1 << 18
# GitLab's own words by which a description closes an issue.
# Source: https://docs.gitlab.com/user/project/issues/managing_issues/#closing-issues-automatically
_CLOSES = re.compile(
    r"(?<![\w-])(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?[ \t]+"
    r"(?P<where>[\w.-]{1,100}(?:/[\w.-]{1,100}){1,20})?#(?P<number>[1-9]\d{0,8})\b",
    re.IGNORECASE | re.ASCII,
)


def project_request(page: ForgePage) -> Iterator[Row | str]:
    """``merge_request``: the request, its reviews, its commits, its pipelines."""
    told, number = answers_of(page), page.number
    if told is None or number is None:
        yield "it binds no answers of one merge request."
        return
    heads = Heads(told.listed("versions"))
    yield from _request(page, number, told)
    yield from project_notes(page, number, told, heads)
    for commit in told.listed("commits") or []:
        yield from _commit(page, number, commit)
    yield from project_pipelines(page, told, heads)


def _request(page: ForgePage, number: int, told: Answers) -> Iterator[Row | str]:
    request = fields(told.single("merge_request"))
    if not request:
        yield f"request {number} was not shown."
        return
    yield from request_row(page, number, request, told.listed("commits"), people_of(told))
    yield from project_suite(page, number, request, told, _landed_as(request))


def request_row(
    page: ForgePage,
    number: int | None,
    request: Mapping[str, Any],
    commits: list[Any] | None = None,
    people: People | None = None,
) -> Iterator[Row | str]:
    """One request, as its own page tells it; ``commits`` None: they were not listed."""
    if whole(request.get("iid")) != number:
        yield f"request {number} is told under another number."
        return
    word = request.get("state")
    state = _STATES.get(word) if isinstance(word, str) else None
    merged_at = moment(request.get("merged_at"))
    if (state == "merged") != (merged_at is not None):
        yield f"request {number} is told as merged, and when cannot be read, or as not merged with such a time."
        return
    account, body = (people or People({})).account(request.get("author")), request.get("description")
    row: dict[str, Any] = {
        "repository": page.repository,
        "number": number,
        "opened_at": moment(request.get("created_at")),
        "title": text(request.get("title"), LONGEST_TITLE),
        "author": account.login,
        "author_kind": account.kind,
        "base_branch": text(request.get("target_branch")),
        "head_branch": _head_branch(request),
        "head_commit": commit_id(request.get("sha")),
        "state": state,
        "is_draft": flag(request.get("draft")),
        "closed_at": moment(request.get("closed_at")) or merged_at,
        "labels": _labels(request.get("labels")),
        "changed_files": _count(request.get("changes_count")),
        "commit_count": None if commits is None else len(commits),
        "comment_count": whole(request.get("user_notes_count")),
        "threads_resolved": flag(request.get("blocking_discussions_resolved")),
        "linked_issues": _closed_by(body) if isinstance(body, str) else None,
    }
    if request.get("merge_when_pipeline_succeeds") is True:
        row["auto_merge_by"] = account_of(request.get("merge_user")).login
    if merged_at is not None:
        by = request.get("merge_user") if isinstance(request.get("merge_user"), dict) else request.get("merged_by")
        row |= {"merged_at": merged_at, "merged_by": account_of(by).login, "merge_commit": _landed_as(request)}
    yield Row("requests", row)


def _landed_as(request: Any) -> str | None:
    """The merge commit; of a fast-forward merge the squashed commit, or the head itself."""
    for name in ("merge_commit_sha", "squash_commit_sha", "sha"):
        if request.get(name) is not None:
            return commit_id(request[name])
    return None


def _head_branch(request: Any) -> str | None:
    name, source, target = text(request.get("source_branch")), request.get("source_project_id"), None
    target = request.get("target_project_id")
    if name is None or source == target:
        return name
    owner = account_of(request.get("author")).login
    return text(f"{owner or 'fork'}:{name}")


def _labels(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    return texts(text(label if isinstance(label, str) else dig(label, "name")) for label in items(value))


def _count(value: object) -> int | None:
    """``12``; of ``1000+`` nobody knows."""
    return int(value) if isinstance(value, str) and _COUNT.fullmatch(value) else None


def _closed_by(body: str) -> list[str]:
    found = _CLOSES.finditer(body[:_LONGEST_BODY])
    return texts(f"{match['where'] or ''}#{match['number']}" for match in found)


def _commit(page: ForgePage, number: int, commit: object) -> Iterator[Row | str]:
    """GitLab tells the persons of a commit flat, and joins no account to them."""
    told = fields(commit)
    shaped = {
        "author": {"name": told.get("author_name"), "email": told.get("author_email")},
        "committer": {
            "name": told.get("committer_name"),
            "email": told.get("committer_email"),
            "date": told.get("committed_date"),
        },
        "message": told.get("message"),
    }
    parents = told.get("parent_ids")
    if isinstance(parents, list) and parents:  # the list of a request's commits leaves them out: empty
        shaped["parents"] = [{"sha": parent} for parent in parents]
    yield from commit_row(page, number, told.get("id"), shaped, {})


PAGES = {"merge_request": project_request}
