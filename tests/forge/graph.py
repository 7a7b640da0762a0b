"""The GraphQL API: any valid query over the part of GitHub's schema that stands in tests/vectors is executed."""

from functools import cache
from pathlib import Path
from typing import Any

import graphql
from graphql import GraphQLError, GraphQLObjectType, GraphQLSchema, GraphQLUnionType

from tests.forge.cost import MOST_NODES, cost_of
from tests.forge.resolver_table import RESOLVERS
from tests.forge.resolvers import FORBIDDEN, Asked, kind_of
from tests.forge.state import Forge

SDL = Path(__file__).parents[1] / "vectors" / "github-graphql" / "schema.graphql"


@cache
def plain_schema() -> GraphQLSchema:
    """As GitHub publishes it, for checking documents."""
    # GitHub's own schema breaks one rule on deprecated fields, so it is not held against the rules of schemas.
    return graphql.build_schema(SDL.read_text("utf-8"), assume_valid=True)


@cache
def schema() -> GraphQLSchema:
    """With what answers each field."""
    made = graphql.build_schema(SDL.read_text("utf-8"), assume_valid=True)
    for name, each in made.type_map.items():
        if isinstance(each, GraphQLObjectType) and not name.startswith("__"):
            known = RESOLVERS.get(name)
            for field, definition in each.fields.items():
                if known is not None:
                    definition.resolve = known.get(field, _untold)
        elif isinstance(each, GraphQLUnionType) or hasattr(each, "resolve_type"):
            each.resolve_type = lambda value, _info, _of: kind_of(value)
    return made


def _untold(source: Any, info: Any, **_: Any) -> Any:
    """A field that the simulator knows nothing of: never a made-up answer."""
    if info.field_name in {"edges", "nodes", "pageInfo", "totalCount"} and isinstance(source, dict):
        return source[info.field_name]
    raise GraphQLError(f"the simulator does not tell {info.parent_type.name}.{info.field_name}")


def execute(forge: Forge, body: dict[str, Any], *, asked: Asked) -> tuple[int, dict[str, Any]]:
    """Points, and the answer's body."""
    text, variables = body.get("query"), body.get("variables") or {}
    if not isinstance(text, str):
        return 1, {"message": "A query attribute must be specified and must be a string."}
    try:
        document = graphql.parse(text)
    except GraphQLError as wrong:
        return 1, {"errors": [_told(wrong)]}
    errors = graphql.validate(plain_schema(), document)
    if errors:
        return 1, {"errors": [_told(each) for each in errors]}
    points, nodes = cost_of(document, variables)
    if nodes > MOST_NODES:
        words = f"This query requests up to {nodes:,} possible nodes which exceeds the maximum limit of 500,000."
        return 1, {"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": words}]}
    asked.points, asked.nodes, asked.forge = points, nodes, forge
    found = graphql.execute_sync(schema(), document, context_value=asked, variable_values=variables)
    answer: dict[str, Any] = {"data": found.data}
    if found.errors:
        answer["errors"] = [_told(each) for each in found.errors]
    return points, answer


def _told(error: GraphQLError) -> dict[str, Any]:
    """An error as GitHub words it: its type beside the message."""
    told: dict[str, Any] = dict(error.formatted)
    extensions = told.pop("extensions", None) or {}
    if "type" in extensions:
        told = {"type": extensions["type"]} | told
    if extensions.get("type") == FORBIDDEN:
        told["extensions"] = {"saml_failure": False}
    return told


def check_document(text: str) -> list[str]:
    """What GitHub's schema has against a document; empty: nothing."""
    try:
        document = graphql.parse(text)
    except GraphQLError as wrong:
        return [str(wrong)]
    return [each.message for each in graphql.validate(plain_schema(), document)]
