"""Cut GitHub's OpenAPI description down to the answers that the simulator gives.

python tests/vectors/github-openapi/trim.py API.GITHUB.COM.JSON GHEC.JSON

Reads ``generated/api.github.com.json`` and ``generated/ghec.json`` (for the audit log alone) of the npm package
``@octokit/openapi``, writes ``openapi.json`` beside this file. Kept of each path below: ``get``, its parameters with
their schemas, and the schema of a 200 as JSON; ``$ref`` are followed. Descriptions, titles, examples and what GitHub
adds with ``x-`` are left out; nothing else is changed.
"""

import json
import sys
from pathlib import Path
from typing import Any

PATHS = [
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    "/repos/{owner}/{repo}/pulls/{pull_number}/commits",
    "/repos/{owner}/{repo}/issues/{issue_number}/timeline",
    "/repos/{owner}/{repo}/issues",
    "/repos/{owner}/{repo}/issues/events",
    "/repos/{owner}/{repo}/commits",
    "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    "/repos/{owner}/{repo}/commits/{ref}/statuses",
    "/repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    "/repos/{owner}/{repo}/environments",
    "/repos/{owner}/{repo}/deployments",
    "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
    "/repos/{owner}/{repo}/actions/runs",
    "/repos/{owner}/{repo}/actions/runs/{run_id}/approvals",
    "/repos/{owner}/{repo}/branches",
    "/repos/{owner}/{repo}/branches/{branch}/protection",
    "/repos/{owner}/{repo}/rules/branches/{branch}",
    "/repos/{owner}/{repo}/rulesets",
    "/repos/{owner}/{repo}/rulesets/{ruleset_id}",
    "/repos/{owner}/{repo}/rulesets/{ruleset_id}/history",
    "/repos/{owner}/{repo}/rulesets/{ruleset_id}/history/{version_id}",
    "/repos/{owner}/{repo}/rulesets/rule-suites",
    "/repos/{owner}/{repo}/activity",
    "/repos/{owner}/{repo}/collaborators",
    "/repos/{owner}/{repo}/teams",
    "/repos/{owner}/{repo}/keys",
    "/repos/{owner}/{repo}/code-scanning/alerts",
    "/repos/{owner}/{repo}/code-scanning/analyses",
    "/repos/{owner}/{repo}/secret-scanning/alerts",
    "/repos/{owner}/{repo}/dependabot/alerts",
    "/orgs/{org}",
    "/orgs/{org}/repos",
    "/orgs/{org}/members",
    "/orgs/{org}/outside_collaborators",
    "/orgs/{org}/teams",
    "/orgs/{org}/teams/{team_slug}/members",
    "/orgs/{org}/installations",
    "/repos/{owner}/{repo}/hooks",
    "/repos/{owner}/{repo}/hooks/{hook_id}/deliveries",
    "/orgs/{org}/hooks",
    "/orgs/{org}/hooks/{hook_id}/deliveries",
    "/app/hook/deliveries",
    "/rate_limit",
    "/user",
]
OF_ENTERPRISE = "/orgs/{org}/audit-log"
WORDS = {"description", "title", "example", "examples", "externalDocs", "summary", "tags", "operationId"}


def bare(node: Any, *, names: bool = False) -> Any:
    """The same without words; ``names`` when the keys are names of properties, not keywords."""
    if isinstance(node, list):
        return [bare(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: bare(value, names=key == "properties" and not names)
        for key, value in node.items()
        if names or (key not in WORDS and not key.startswith("x-"))
    }


def references(node: Any) -> set[str]:
    """Every ``$ref`` below."""
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*map(references, node.values()))


def at(document: Any, reference: str) -> Any:
    """What ``#/a/b`` points at."""
    for word in reference.removeprefix("#/").split("/"):
        document = document[word.replace("~1", "/").replace("~0", "~")]
    return document


def operation(document: Any, path: str) -> dict[str, Any]:
    """The ``get`` of a path: parameters, and the schema of its 200."""
    get = document["paths"][path]["get"]
    answer = get["responses"]["200"]
    answer = at(document, answer["$ref"]) if "$ref" in answer else answer
    schema = answer["content"]["application/json"]["schema"]
    content = {"application/json": {"schema": schema}}
    return {"get": {"parameters": get.get("parameters", []), "responses": {"200": {"content": content}}}}


def trimmed(public: Any, enterprise: Any) -> dict[str, Any]:
    """The document of the paths above."""
    found: dict[str, Any] = {"openapi": public["openapi"], "info": {"title": "", "version": ""}, "paths": {}}
    found["info"]["version"] = public["info"]["version"]
    components: dict[str, dict[str, Any]] = {}
    for document, paths in ((public, PATHS), (enterprise, [OF_ENTERPRISE])):
        waiting: set[str] = set()
        for path in paths:
            found["paths"][path] = bare(operation(document, path))
            waiting |= references(found["paths"][path])
        while waiting:
            reference = waiting.pop()
            _, _, kind, name = reference.split("/")
            if name not in components.setdefault(kind, {}):
                components[kind][name] = bare(at(document, reference))
                waiting |= references(components[kind][name])
    found["components"] = {kind: dict(sorted(each.items())) for kind, each in sorted(components.items())}
    return found


if __name__ == "__main__":
    documents = [json.loads(Path(name).read_text("utf-8")) for name in sys.argv[1:3]]
    text = json.dumps(trimmed(*documents), separators=(",", ":"), ensure_ascii=False)
    Path(__file__).with_name("openapi.json").write_text(text + "\n", "utf-8")
