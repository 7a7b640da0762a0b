"""What stands around a project's changes: rules, deployments, pushes, rights, findings."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from asbuilt.model.inspection import Gap
from asbuilt.sources.github.reading import Outcome, Reading
from asbuilt.sources.github.rest import Listing
from asbuilt.sources.gitlab.asking import Bound, read_part, read_plain, refusal
from asbuilt.sources.gitlab.endpoints import load_endpoints
from asbuilt.sources.steps import Listed, Step

RULES = ("project", "protected_branches", "approval_settings", "approval_rules", "push_rule")
_ACCESS = ("members", "access_tokens", "deploy_keys")
_MOST_GUARDED = 10_000


def read_rules(reading: Reading) -> Iterator[Step]:
    """What is asked of whoever changes a branch: several endpoints, one look."""
    endpoints, bound = load_endpoints(), Bound(reading)
    is_whole = True
    for name in RULES:
        if not bound.ask(endpoints[name], project=_project(reading)):
            is_whole = False
            yield _unread(reading, name, bound)
    page = bound.page("rules", "", "rules")
    if page is None:
        return
    yield page
    yield Listed(
        "rules",
        ("branch_rules",),
        None,
        is_whole,
        started=page.observed,
        ended=reading.now,
        query="; ".join(f"GET {endpoints[name].path}" for name in RULES),
        part=reading.repository,
        scopes=tuple(dict.fromkeys(endpoints[name].permission for name in RULES)),
    )


def read_deployments(reading: Reading) -> Iterator[Step]:
    """What was deployed, to what, and who let it through."""
    endpoints, project = load_endpoints(), _project(reading)
    yield from read_plain(reading, endpoints["environments"], Outcome(), project=project)
    protected, outcome = Outcome(), Outcome()
    yield from read_plain(reading, endpoints["protected_environments"], protected, want=True, project=project)
    guarded = set(reading.ids("protected_environments", protected, "name"))
    yield from read_plain(reading, endpoints["deployments"], outcome, want=True, project=project)
    listing = Listing(reading, endpoints["deployment"], "deployment")
    asked = [
        str(item["id"])
        for page in outcome.documents
        for item in (page if isinstance(page, list) else [])
        if isinstance(item, dict) and isinstance(item.get("id"), int) and _asks_approval(item, guarded)
    ]
    for own in asked[:_MOST_GUARDED]:
        yield from read_part(
            reading, listing, endpoints["deployment"], Outcome(), subject=own, project=project, deployment=own
        )
    yield from listing.conclude()


def _asks_approval(deployment: dict[str, Any], guarded: set[str]) -> bool:
    environment = deployment.get("environment")
    name = environment.get("name") if isinstance(environment, dict) else None
    return name in guarded or bool(deployment.get("pending_approval_count"))


def read_activity(reading: Reading) -> Iterator[Step]:
    """Pushes, and by whom."""
    yield from read_plain(reading, load_endpoints()["events"], Outcome(), project=_project(reading))


def read_access(reading: Reading) -> Iterator[Step]:
    """Who may do what, by which keys; the log of changes of all this."""
    for name in (*_ACCESS, "audit_events", "vulnerability_findings"):
        yield from read_plain(reading, load_endpoints()[name], Outcome(), project=_project(reading))
    group = quote(reading.repository.rpartition("/")[0], safe="")
    for name in ("group/members", "group/audit_events"):
        yield from read_plain(reading, load_endpoints()[name], Outcome(), group=group)


def _project(reading: Reading) -> str:
    return quote(reading.repository, safe="")


def _unread(reading: Reading, name: str, bound: Bound) -> Gap:
    place, reply = f"{name} {reading.repository}", bound.refused.get(name)
    if reply is not None and reply.status != 200:
        return refusal(load_endpoints()[name], place, reply)
    return Gap("GAP-UNREAD", f"{place} was not read.", "GitLab's answer is no JSON.", "Run it again later.", place)
