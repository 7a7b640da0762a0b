"""Holds answers and requests against what GitHub publishes: its OpenAPI description and its GraphQL schema."""

import json
import re
from functools import cache
from typing import Any

import jsonschema

from tests.forge.service import Answer, Seen
from tests.forge.shapes import document, resolved

# Told by GitHub (clients in the field read it), though its description leaves it out.
UNDOCUMENTED = {"/environments/can_admins_bypass"}
FORMATS = jsonschema.FormatChecker(())


@FORMATS.checks("date-time")
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value) is not None


def _plain(node: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` in the words of JSON Schema."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    told = {key: _plain(value) for key, value in node.items() if key not in {"nullable", "discriminator"}}
    if node.get("nullable") is not True:
        return told
    return {"anyOf": [told, {"type": "null"}]}


@cache
def _components() -> dict[str, Any]:
    plain: dict[str, Any] = _plain(document()["components"])
    return plain


@cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    """Exact words before placeholders: ``rulesets/rule-suites`` is no ``rulesets/{ruleset_id}``."""
    named = sorted(document()["paths"], key=lambda path: path.count("{"))
    return [
        (re.compile(re.sub(r"\{(branch|ref)\}", ".+", path).replace("{", "(?P<").replace("}", ">[^/]+)")), path)
        for path in named
    ]


def path_of(path: str) -> str | None:
    """The path in GitHub's description that a request's path is of."""
    return next((named for pattern, named in _paths() if pattern.fullmatch(path.removeprefix("/api/v3"))), None)


@cache
def _validator(path: str) -> jsonschema.Draft202012Validator:
    schema = document()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    whole = _plain(schema) | {"components": _components()}
    return jsonschema.Draft202012Validator(whole, format_checker=FORMATS)


def problems_of_answer(seen: Seen, answer: Answer) -> list[str]:
    """What GitHub's description has against a 200 of REST; and fields that it does not know at all."""
    if answer.status != 200 or seen.is_graph:
        return []
    path = path_of(seen.path)
    if path is None:
        return [f"{seen.path}: GitHub has no such path"]
    body = json.loads(answer.body)
    found = [
        f"{path} {'/'.join(map(str, each.absolute_path))}: {each.message[:300]}"
        for each in _validator(path).iter_errors(body)
    ]
    schema = document()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return found + [
        f"{path} {place}: no such field" for place in sorted(set(_unknown(schema, body, "")) - UNDOCUMENTED)
    ]


def _unknown(schema: dict[str, Any], told: Any, place: str) -> list[str]:
    """Fields that the description does not name, where it names any."""
    found = resolved(schema)
    branches = [resolved(each) for word in ("oneOf", "anyOf") for each in found.get(word, ())]
    if isinstance(told, list):
        items = next((each["items"] for each in (found, *branches) if "items" in each), None)
        return [] if items is None else [name for each in told for name in _unknown(items, each, place)]
    if not isinstance(told, dict):
        return []
    named: dict[str, list[dict[str, Any]]] = {}
    for each in _flat(found):
        for name, inner in each.get("properties", {}).items():
            named.setdefault(name, []).append(inner)
    if not named or any(each.get("additionalProperties") for each in _flat(found)):
        return []
    names = [f"{place}/{name}" for name in told if name not in named]
    for name, value in told.items():
        inner = named.get(name, [])
        if inner and isinstance(value, dict | list):
            joined = inner[0] if len(inner) == 1 else {"anyOf": inner}
            names += _unknown(joined, value, f"{place}/{name}")
    return names


def _flat(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """A schema and all its alternatives."""
    inner = [resolved(each) for word in ("oneOf", "anyOf") for each in schema.get(word, ())]
    return [schema, *(part for each in inner for part in _flat(each))]


def problems_of_request(seen: Seen) -> list[str]:
    """What GitHub's description has against what a client asks of REST: unknown parameters, values out of range."""
    if seen.is_graph:
        return []
    path = path_of(seen.path)
    if path is None:
        return [f"{seen.path}: GitHub has no such path"]
    known: dict[str, dict[str, Any]] = {}
    for each in document()["paths"][path]["get"]["parameters"]:
        told = document()["components"]["parameters"][each["$ref"].rpartition("/")[2]] if "$ref" in each else each
        if told["in"] == "query":
            known[told["name"]] = told["schema"]
    return [wrong for name, value in seen.query if (wrong := _parameter(path, known.get(name), name, value))]


def _parameter(path: str, schema: dict[str, Any] | None, name: str, value: str) -> str:
    if schema is None:
        return f"{path}: GitHub knows no parameter {name}"
    plain = resolved(schema)
    typed: Any = value
    if plain.get("type") == "integer" and value.isdigit():
        typed = int(value)
    elif plain.get("type") == "boolean" and value in {"true", "false"}:
        typed = value == "true"
    errors = jsonschema.Draft202012Validator(_plain(plain) | {"components": _components()}).iter_errors(typed)
    return "; ".join(f"{path} {name}={value}: {each.message}" for each in errors)
