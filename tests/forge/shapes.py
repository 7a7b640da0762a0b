"""Fills what we tell up to GitHub's full shapes: each required field that a page does not tell gets the emptiest value
that the OpenAPI description allows there (null, false, 0, an empty text, list or object, the first of an enumeration).
"""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

OPENAPI = Path(__file__).parents[1] / "vectors" / "github-openapi" / "openapi.json"
URL = "https://api.github.com/"
TEXTS = {
    "date-time": "2020-01-01T00:00:00Z",
    "date": "2020-01-01",
    "uri": URL,
    "email": "nobody@example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


@cache
def document() -> dict[str, Any]:
    """The trimmed OpenAPI description."""
    loaded: dict[str, Any] = json.loads(OPENAPI.read_text("utf-8"))
    return loaded


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Behind ``$ref``; ``allOf`` joined."""
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "allOf" in schema:
        joined: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
        for part in map(resolved, schema["allOf"]):
            joined["properties"] = part.get("properties", {}) | joined.get("properties", {})
            joined["required"] = [*joined.get("required", ()), *part.get("required", ())]
            joined.setdefault("type", part.get("type", "object"))
        return joined
    return schema


def fill(name: str, told: dict[str, Any] | None) -> dict[str, Any]:
    """``told`` with every required field of a schema, by its name in the description."""
    full: dict[str, Any] = filled({"$ref": f"#/components/schemas/{name}"}, told)
    return full


def filled(schema: dict[str, Any], told: Any) -> Any:
    """The same for any value, and a schema itself."""
    found = resolved(schema)
    if isinstance(told, list):
        items = found.get("items")
        return [filled(items, each) for each in told] if items else told
    if not isinstance(told, dict):
        return told
    found = _branch(found, told)
    properties = found.get("properties", {})
    full = {name: filled(properties[name], value) if name in properties else value for name, value in told.items()}
    for name in found.get("required", ()):
        if name not in full:
            full[name] = emptiest(properties.get(name, {}))
    return full


def _branch(schema: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The alternative whose properties hold most of what is told."""
    for word in ("oneOf", "anyOf"):
        if word in schema:
            branches = [resolved(each) for each in schema[word]]
            best = max(branches, key=lambda each: sum(name in each.get("properties", {}) for name in told))
            return _branch(best, told)
    return schema


def emptiest(schema: dict[str, Any]) -> Any:
    """The least that fits."""
    return copy.deepcopy(_emptiest(json.dumps(schema, sort_keys=True)))


@cache
def _emptiest(text: str) -> Any:
    schema = resolved(json.loads(text))
    kind = schema.get("type")
    if schema.get("nullable") or kind == "null" or (isinstance(kind, list) and "null" in kind):
        return None
    if "enum" in schema:
        return schema["enum"][0]
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return emptiest(schema[word][0])
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object" or "properties" in schema:
        return {name: emptiest(schema.get("properties", {}).get(name, {})) for name in schema.get("required", ())}
    if kind == "string":
        return TEXTS.get(schema.get("format", ""), "")
    return {"array": [], "integer": schema.get("minimum", 0), "number": 0, "boolean": False}.get(kind or "")
