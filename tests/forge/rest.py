"""The REST API: which path is answered by what, and requests, commits and checks in GitHub's shapes."""

from typing import Any

from tests.forge import rest_access, rest_alerts, rest_checks, rest_rules, rest_runs
from tests.forge.resolvers import RequestCommit, request_commits, requests_of, reviews, when
from tests.forge.rest_checks import app
from tests.forge.rest_people import anyone, person, team
from tests.forge.routing import Asking, Listing, RefusedError, Route, table
from tests.forge.shapes import fill
from tests.forge.state import Commit, Event, Repository, Request, Review

API, WEB = "https://api.github.com", "https://github.com"


def repository(asking: Asking) -> Any:
    asking.need("metadata")
    each = asking.repository
    return fill("full-repository", repository_told(each) | {"security_and_analysis": each.security})


def repository_told(each: Repository) -> dict[str, Any]:
    """What stands in every shape of a repository."""
    organization = each.forge.organizations.get(each.owner)
    owner = (
        {"login": each.owner, "id": organization.id, "node_id": organization.node_id, "type": "Organization"}
        if organization
        else person(each.forge.account(each.owner))
    )
    return {
        "id": each.id,
        "node_id": each.node_id,
        "name": each.name,
        "full_name": each.full_name,
        "owner": owner,
        "private": each.private,
        "visibility": "private" if each.private else "public",
        "default_branch": each.default_branch,
        "archived": False,
        "html_url": f"{WEB}/{each.full_name}",
        "url": f"{API}/repos/{each.full_name}",
        "created_at": when(each.created_at),
        "updated_at": when(each.pushed_at),
        "pushed_at": when(each.pushed_at),
        "allow_merge_commit": True,
        "allow_squash_merge": True,
        "allow_rebase_merge": True,
        "allow_auto_merge": True,
        "delete_branch_on_merge": False,
        "topics": [],
    }


def pull(each: Request, *, whole: bool) -> dict[str, Any]:
    """A pull request as its own page tells it (``whole``), or as listings do."""
    base = f"{API}/repos/{each.repository.full_name}/pulls/{each.number}"
    full = each.repository.full_name
    forked = each.fork is not None
    told: dict[str, Any] = {
        "id": each.id,
        "node_id": each.node_id,
        "number": each.number,
        "url": base,
        "html_url": f"{WEB}/{full}/pull/{each.number}",
        "state": "open" if each.state == "OPEN" else "closed",
        "locked": False,
        "title": each.title,
        "user": anyone(each.author, each.repository.forge),
        "body": each.body or None,
        "labels": [{"name": name, "id": place, "color": "ededed"} for place, name in enumerate(each.labels)],
        "created_at": when(each.created_at),
        "updated_at": when(each.updated_at),
        "closed_at": when(each.closed_at),
        "merged_at": when(each.merged_at),
        "merge_commit_sha": each.merge_commit,
        "draft": each.draft,
        "head": {
            "label": f"{each.fork or each.repository.owner}:{each.head}",
            "ref": each.head,
            "sha": each.head_commit,
            "user": anyone(each.author, each.repository.forge),
            "repo": None if forked else repository_told(each.repository),
        },
        "base": {
            "label": f"{each.repository.owner}:{each.base}",
            "ref": each.base,
            "sha": each.base_commit,
            "user": anyone(each.author, each.repository.forge),
            "repo": repository_told(each.repository),
        },
        "author_association": "MEMBER",
        "auto_merge": None,
    }
    if each.auto_merge_by is not None and each.state == "OPEN":
        told["auto_merge"] = {
            "enabled_by": person(each.auto_merge_by),
            "merge_method": "squash",
            "commit_title": each.title,
            "commit_message": "",
        }
    if whole:
        told |= {
            "merged": each.state == "MERGED",
            "mergeable": None,
            "merged_by": person(each.merged_by),
            "comments": each.comments,
            "review_comments": sum(given.comments for given in each.reviews),
            "commits": len(each.commits),
            "additions": each.lines[0],
            "deletions": each.lines[1],
            "changed_files": each.files,
            "mergeable_state": "unknown",
        }
    return fill("pull-request" if whole else "pull-request-simple", told)


def one_pull(asking: Asking) -> Any:
    asking.need("pull_requests")
    return pull(asking.request, whole=True)


def pulls(asking: Asking) -> Listing:
    """Sorted as asked, of a state and a base."""
    asking.need("pull_requests")
    query = asking.query
    state = query.get("state", "open")
    chosen = [
        each
        for each in asking.repository.requests.values()
        if query.get("base") in {None, each.base}
        and (state == "all" or (state == "open") == (each.state == "OPEN"))
    ]
    sort = query.get("sort", "created")
    down = query.get("direction", "desc" if sort == "created" else "asc") == "desc"
    chosen.sort(key=lambda each: (each.updated_at if sort == "updated" else each.created_at, each.id), reverse=down)
    return Listing(chosen, lambda each: pull(each, whole=False))


def review(each: Review) -> dict[str, Any]:
    base = f"{API}/repos/{each.request.repository.full_name}/pulls/{each.request.number}"
    page = f"{WEB}/{each.request.repository.full_name}/pull/{each.request.number}#pullrequestreview-{each.id}"
    return {
        "id": each.id,
        "node_id": each.node_id,
        "user": person(each.author),
        "body": each.body,
        "state": each.state,
        "html_url": page,
        "pull_request_url": base,
        "author_association": "MEMBER",
        "_links": {"html": {"href": page}, "pull_request": {"href": base}},
        "submitted_at": when(each.submitted_at),
        "commit_id": each.commit,
    }


def pull_reviews(asking: Asking) -> Listing:
    asking.need("pull_requests")
    return Listing(reviews(asking.request, None), lambda each: fill("pull-request-review", review(each)))


def commit(each: Commit) -> dict[str, Any]:
    """A commit as listings tell it."""
    url = f"{API}/repos/{each.repository.full_name}/commits/{each.oid}"
    html = f"{WEB}/{each.repository.full_name}/commit/{each.oid}"
    return fill(
        "commit",
        {
            "sha": each.oid,
            "node_id": each.node_id,
            "url": url,
            "html_url": html,
            "comments_url": f"{url}/comments",
            "commit": bare_commit(each) | {"url": url, "comment_count": 0},
            "author": person(each.author_account),
            "committer": person(each.committer_account),
            "parents": [{"sha": oid, "url": url, "html_url": html} for oid in each.parents],
        },
    )


def bare_commit(each: Commit) -> dict[str, Any]:
    """What git itself knows, and the forge's word on the signature."""
    return {
        "author": {"name": each.author[0], "email": each.author[1], "date": when(each.authored_at)},
        "committer": {"name": each.committer[0], "email": each.committer[1], "date": when(each.committed_at)},
        "message": each.message,
        "tree": {"sha": each.tree, "url": f"{API}/repos/{each.repository.full_name}/git/trees/{each.tree}"},
        "verification": {
            "verified": each.verified,
            "reason": "valid" if each.verified else "unsigned",
            "signature": "-----BEGIN PGP SIGNATURE-----" if each.verified else None,
            "payload": "tree" if each.verified else None,
            "verified_at": when(each.committed_at) if each.verified else None,
        },
    }


def pull_commits(asking: Asking) -> Listing:
    """GitHub tells at most 250 here."""
    asking.need("pull_requests")
    return Listing(request_commits(asking.request)[:250], lambda each: commit(each.commit))


def commits(asking: Asking) -> Listing:
    """Of a branch, in a time."""
    asking.need("contents")
    each = asking.repository
    name = asking.query.get("sha", each.default_branch)
    tip = each.branches.get(name, name)
    if tip not in each.commits:
        raise RefusedError(404, "Not Found")
    chosen = [
        found
        for found in each.history(tip)
        if asking.query.get("since", "") <= str(when(found.committed_at)) <= asking.query.get("until", "9999")
    ]
    return Listing(chosen, commit)


def commit_pulls(asking: Asking) -> Listing:
    asking.need("pull_requests")
    found = asking.repository.commits.get(asking.words["sha"])
    if found is None:
        raise RefusedError(404, "Not Found")
    return Listing(requests_of(found), lambda each: pull(each, whole=False))


def timeline(asking: Asking) -> Listing:
    """Everything of a request, by time: events, reviews, commits."""
    asking.need("pull_requests")
    request = asking.request
    items: list[tuple[int, int, Any]] = [(each.at, each.id, each) for each in request.events]
    items += [(each.submitted_at, each.id, each) for each in reviews(request, None)]
    items += [(each.commit.committed_at, place, each) for place, each in enumerate(request_commits(request))]
    items.sort(key=lambda each: each[:2])
    return Listing([each for _, _, each in items], event)


def event(each: Event | Review | RequestCommit) -> dict[str, Any]:
    """One of the timeline."""
    if isinstance(each, Review):
        told = review(each) | {
            "event": "reviewed",
            "state": each.state.lower(),
            "updated_at": when(each.updated_at),
        }
        return fill("timeline-reviewed-event", told)
    if isinstance(each, RequestCommit):
        url = f"{API}/repos/{each.request.repository.full_name}/git/commits/{each.commit.oid}"
        told = bare_commit(each.commit) | {
            "event": "committed",
            "sha": each.commit.oid,
            "node_id": each.commit.node_id,
        }
        parents = [{"sha": oid, "url": url, "html_url": url} for oid in each.commit.parents]
        return fill("timeline-committed-event", told | {"url": url, "html_url": url, "parents": parents})
    return fill(*_detailed(each, plain_event(each)))


def plain_event(each: Event) -> dict[str, Any]:
    """What every kind of event tells."""
    return {
        "id": each.id,
        "node_id": each.node_id,
        "url": f"{API}/repos/{each.request.repository.full_name}/issues/events/{each.id}",
        "event": each.kind,
        "actor": person(each.actor),
        "created_at": when(each.at),
        "commit_id": each.told.get("commit") or each.told.get("after"),
        "commit_url": None,
        "performed_via_github_app": app(each.app) if each.app else None,
    }


def _detailed(each: Event, told: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The shape's name, and what only this kind of event tells."""
    match each.kind:
        case "review_dismissed":
            given = each.told["review"]
            dismissed = {
                "state": each.told["before"].lower(),
                "review_id": given.id,
                "dismissal_message": each.told.get("message") or None,
            }
            return "review-dismissed-issue-event", told | {"dismissed_review": dismissed}
        case "review_requested" | "review_request_removed":
            asked: Any = each.told.get("reviewer")
            whom = {"review_requester": person(each.actor)}
            whom |= (
                {"requested_team": team(asked)} if hasattr(asked, "slug") else {"requested_reviewer": person(asked)}
            )
            return f"{each.kind.replace('_', '-')}-issue-event", told | whom
        case "labeled" | "unlabeled":
            return f"{each.kind}-issue-event", told | {"label": {"name": each.told["label"], "color": "ededed"}}
        case "renamed":
            return "renamed-issue-event", told | {"rename": {"from": each.told["from"], "to": each.told["to"]}}
        case _:
            return "state-change-issue-event", told


def issue(each: Request) -> dict[str, Any]:
    """A request as issues are told."""
    base, page = f"{API}/repos/{each.repository.full_name}", f"{WEB}/{each.repository.full_name}/pull/{each.number}"
    own = f"{base}/pulls/{each.number}"
    return {
        "id": each.id + 1,
        "node_id": each.node_id,
        "number": each.number,
        "url": f"{base}/issues/{each.number}",
        "repository_url": base,
        "html_url": page,
        "state": "open" if each.state == "OPEN" else "closed",
        "title": each.title,
        "body": each.body or None,
        "user": anyone(each.author, each.repository.forge),
        "labels": [{"name": name, "id": place, "color": "ededed"} for place, name in enumerate(each.labels)],
        "comments": each.comments,
        "created_at": when(each.created_at),
        "updated_at": when(each.updated_at),
        "closed_at": when(each.closed_at),
        "draft": each.draft,
        "pull_request": {
            "url": own, "html_url": page, "diff_url": f"{page}.diff", "patch_url": f"{page}.patch",
            "merged_at": when(each.merged_at),
        },
        "author_association": "MEMBER",
        "performed_via_github_app": app(each.app) if each.app else None,
    }  # fmt: skip


def issues(asking: Asking) -> Listing:
    """Here all of them are requests."""
    asking.need("issues")
    state, since = asking.query.get("state", "open"), asking.query.get("since", "")
    chosen = [
        each
        for each in asking.repository.requests.values()
        if (state == "all" or (state == "open") == (each.state == "OPEN")) and str(when(each.updated_at)) >= since
    ]
    by_update = asking.query.get("sort") == "updated"
    down = asking.query.get("direction", "desc") == "desc"
    chosen.sort(key=lambda each: (each.updated_at if by_update else each.created_at, each.id), reverse=down)
    return Listing(chosen, lambda each: fill("issue", issue(each)))


def issue_events(asking: Asking) -> Listing:
    """Those of all requests, newest first."""
    asking.need("issues")
    listed = [each for request in asking.repository.requests.values() for each in request.events]
    listed.sort(key=lambda each: (each.at, each.id), reverse=True)
    return Listing(listed, lambda each: fill("issue-event", plain_event(each) | {"issue": issue(each.request)}))


R = "/repos/{owner}/{repo}"
ROUTES: list[tuple[str, Route]] = [
    (R, repository),
    (f"{R}/pulls", pulls),
    (f"{R}/pulls/{{number}}", one_pull),
    (f"{R}/pulls/{{number}}/reviews", pull_reviews),
    (f"{R}/pulls/{{number}}/commits", pull_commits),
    (f"{R}/issues/{{number}}/timeline", timeline),
    (f"{R}/issues", issues),
    (f"{R}/issues/events", issue_events),
    (f"{R}/commits", commits),
    (f"{R}/commits/{{sha}}/pulls", commit_pulls),
    *rest_checks.ROUTES,
    *rest_runs.ROUTES,
    *rest_rules.ROUTES,
    *rest_access.ROUTES,
    *rest_alerts.ROUTES,
]
TABLE = table(ROUTES)


def route(asking: Asking) -> Any:
    """The body, or a Listing of it.

    Raises:
        RefusedError: anything but a 200.
    """
    for pattern, answer in TABLE:
        found = pattern.fullmatch(asking.path)
        if found:
            asking.words = found.groupdict()
            return answer(asking)
    raise RefusedError(404, "Not Found")
