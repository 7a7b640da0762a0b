"""Pull requests: GraphQL (``graphql/requests``) and REST (``pull``, ``pulls``) tell the same rows.

A request whose merge cannot be read whole is refused, never told as one that was not merged. Unknown fields of a
listing (REST's ``pulls`` tells no counts, and not who merged) are left unknown.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.facts.forge.accounts import account_of
from asbuilt.facts.forge.github.answers import graphql_error, request_nodes
from asbuilt.facts.forge.github.checks import graphql_checks
from asbuilt.facts.forge.github.commits import graphql_commits
from asbuilt.facts.forge.github.reviews import graphql_reviews
from asbuilt.facts.forge.github.timeline import graphql_events
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import (
    LONGEST_TITLE,
    commit_id,
    dig,
    fields,
    flag,
    is_whole,
    items,
    moment,
    nodes,
    text,
    texts,
    whole,
)

_LONGEST_BODY = 1 << 18
# GitHub's own words by which a body closes an issue.
# Source: https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
_CLOSES = re.compile(
    r"(?<![\w-])(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?):?[ \t]+"
    r"(?P<where>[\w.-]{1,100}/[\w.-]{1,100})?#(?P<number>[1-9]\d{0,8})\b",
    re.IGNORECASE | re.ASCII,
)

_ISSUE_URL = re.compile(
    r"https://[^/\s]{1,200}/([\w.-]{1,100}/[\w.-]{1,100})/(?:issues|pull)/[0-9]{1,10}", re.ASCII
)


def project_graphql(page: ForgePage) -> Iterator[Row | str]:
    """``graphql/requests``: requests with what of their inner lists came along."""
    error = graphql_error(page)
    if error:
        yield error
    for node in request_nodes(page):
        told = fields(node)
        number = whole(told.get("number"))
        yield from _graphql_row(page, told)
        yield from graphql_reviews(page, number, node)
        yield from graphql_commits(page, number, node)
        yield from graphql_checks(page, node)
        yield from graphql_events(page, number, node)


def project_pull(page: ForgePage) -> Iterator[Row | str]:
    """``pull``: one request."""
    yield from pull_row(page, page.document)


def project_pulls(page: ForgePage) -> Iterator[Row | str]:
    """``pulls``: a listing of requests."""
    if not isinstance(page.document, list):
        yield "it is no list of requests."
    for pull in items(page.document):
        yield from pull_row(page, pull)


def pull_row(page: ForgePage, pull: object, *, landed_as: str | None = None) -> Iterator[Row | str]:
    """REST's object of a request as a row; a webhook and an export hold the same object.

    ``landed_as`` is the commit that the event of its merge names (None: not told). It comes before the object's own
    field, which GitHub goes on to change after some merges that were made elsewhere and pushed.
    """
    told = fields(pull)
    account = account_of(told.get("user"))
    body = told.get("body")
    counts = [whole(told.get("comments")), whole(told.get("review_comments"))]
    row: dict[str, Any] = {
        "number": whole(told.get("number")),
        "opened_at": moment(told.get("created_at")),
        "title": text(told.get("title"), LONGEST_TITLE),
        "author": account.login,
        "author_kind": account.kind,
        "base_branch": text(dig(told, "base", "ref")),
        "head_branch": _rest_head(told),
        "head_commit": commit_id(dig(told, "head", "sha")),
        "is_draft": flag(told.get("draft")),
        "closed_at": moment(told.get("closed_at")),
        "auto_merge_by": account_of(dig(told, "auto_merge", "enabled_by")).login,
        "labels": _labels(told.get("labels")),
        "added_lines": whole(told.get("additions")),
        "removed_lines": whole(told.get("deletions")),
        "changed_files": whole(told.get("changed_files")),
        "commit_count": whole(told.get("commits")),
        "comment_count": None if None in counts else sum(count for count in counts if count),
        "linked_issues": closed_by(body) if isinstance(body, str) else None,
    }
    commit = landed_as or told.get("merge_commit_sha")
    yield from _merged(page, row, told, at="merged_at", by="merged_by", commit=commit)


def _graphql_row(page: ForgePage, told: Mapping[str, Any]) -> Iterator[Row | str]:
    account = account_of(told.get("author"))
    linked = told.get("closingIssuesReferences")
    opened = [moment(dig(issue, "createdAt")) for issue in nodes(linked)]
    row: dict[str, Any] = {
        "number": whole(told.get("number")),
        "opened_at": moment(told.get("createdAt")),
        "title": text(told.get("title"), LONGEST_TITLE),
        "author": account.login,
        "author_kind": account.kind,
        "base_branch": text(told.get("baseRefName")),
        "head_branch": _graphql_head(told),
        "head_commit": commit_id(told.get("headRefOid")),
        "is_draft": flag(told.get("isDraft")),
        "closed_at": moment(told.get("closedAt")),
        "auto_merge_by": account_of(dig(told, "autoMergeRequest", "enabledBy")).login,
        # A list that goes on may hold, further down, the label that matters.
        "labels": _labels(nodes(told["labels"])) if is_whole(told.get("labels")) else None,
        "added_lines": whole(told.get("additions")),
        "removed_lines": whole(told.get("deletions")),
        "changed_files": whole(told.get("changedFiles")),
        "commit_count": whole(dig(told, "commits", "totalCount")),
        "comment_count": whole(told.get("totalCommentsCount")),
        "linked_issues": _linked(page, linked) if isinstance(linked, dict) else None,
        "linked_opened_at": min((each for each in opened if each), default=None),
        "is_complete": _inner_whole(told),
    }
    commit = dig(told, "mergeCommit", "oid")
    yield from _merged(page, row, told, at="mergedAt", by="mergedBy", commit=commit)


def _merged(
    page: ForgePage,
    row: dict[str, Any],
    told: Mapping[str, Any],
    *,
    at: str,
    by: str,
    commit: object,
) -> Iterator[Row | str]:
    """The row with its state and its merge, or why it cannot be told."""
    state = told.get("state")
    word = state.casefold() if isinstance(state, str) else None
    merged_at = moment(told.get(at))
    says_merged = word == "merged" or told.get("merged") is True
    if merged_at is None and (told.get(at) is not None or says_merged):
        yield f"request {row['number'] or '?'} was merged, and when cannot be read."
        return
    if merged_at and told.get("merged") is False:
        yield f"request {row['number'] or '?'} is told both as merged and as not merged."
        return
    row["repository"] = page.repository
    row["state"] = "merged" if merged_at else (word if word in {"open", "closed"} else None)
    if merged_at:
        row |= {
            "merged_at": merged_at,
            "merged_by": account_of(told.get(by)).login,
            "merge_commit": commit_id(commit),
        }
    yield Row("requests", row)


def closed_by(body: str) -> list[str]:
    """The issues that a body says it closes, in GitHub's own words: ``#17``, ``owner/name#17``."""
    found = _CLOSES.finditer(body[:_LONGEST_BODY])
    return texts(f"{match['where'] or ''}#{match['number']}" for match in found)


def _linked(page: ForgePage, connection: object) -> list[str]:
    def name(issue: object) -> str | None:
        number = whole(dig(issue, "number"))
        where = text(dig(issue, "repository", "nameWithOwner")) or _repository_in(dig(issue, "url"))
        own = where is None or (page.repository or "").casefold() == where.casefold()
        return None if number is None else f"{'' if own else where}#{number}"

    return texts(name(issue) for issue in nodes(connection))


def _repository_in(url: object) -> str | None:
    match = _ISSUE_URL.fullmatch(url) if isinstance(url, str) else None
    return match[1] if match else None


def _labels(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    return texts(text(label if isinstance(label, str) else dig(label, "name")) for label in value)


def _rest_head(told: Mapping[str, Any]) -> str | None:
    own, base = dig(told, "head", "repo", "full_name"), dig(told, "base", "repo", "full_name")
    name = text(dig(told, "head", "ref"))
    return name if own is not None and own == base else text(dig(told, "head", "label")) or name


def _graphql_head(told: Mapping[str, Any]) -> str | None:
    name = text(told.get("headRefName"))
    if told.get("isCrossRepository") is not True or name is None:
        return name
    owner = dig(told, "headRepositoryOwner", "login")
    if owner is None and isinstance(dig(told, "headRepository", "nameWithOwner"), str):
        owner = dig(told, "headRepository", "nameWithOwner").partition("/")[0]
    return text(f"{owner}:{name}") if isinstance(owner, str) else name


_INNER = ("reviews", "commits", "timelineItems")


def _inner_whole(told: Mapping[str, Any]) -> bool | None:
    """True where every inner list stands whole in this very page; else their own pages and extracts say."""
    held = [is_whole(told[name]) for name in _INNER if name in told]
    rollups = [dig(each, "commit", "statusCheckRollup") for each in nodes(told.get("headCommit"))]
    checks = [is_whole(dig(rollup, "contexts")) for rollup in rollups if rollup is not None]
    return True if len(held) == len(_INNER) and "headCommit" in told and all((*held, *checks)) else None


PAGES = {"graphql/requests": project_graphql, "pull": project_pull, "pulls": project_pulls}
