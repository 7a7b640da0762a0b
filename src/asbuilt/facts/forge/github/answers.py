"""What all GraphQL answers have in common: where their requests stand, and errors in their place."""

from collections.abc import Iterator

from asbuilt.facts.forge.page import ForgePage
from asbuilt.facts.forge.values import dig, fields, items, nodes, text, whole


def graphql_error(page: ForgePage) -> str | None:
    """What an answer says went wrong; None where it says nothing."""
    errors = items(dig(page.document, "errors"))
    if not errors:
        return None
    return f"the forge answered with an error: {text(dig(errors[0], 'message'), 200) or 'of no words'}."


def request_nodes(page: ForgePage) -> list[object]:
    """The nodes of requests in a GraphQL answer: a listing's, one request's, or that of a node by its id."""
    data = fields(dig(page.document, "data"))
    listed = nodes(dig(data, "repository", "pullRequests")) or nodes(dig(data, "search"))
    single = [dig(data, "repository", "pullRequest"), data.get("node"), *items(data.get("nodes"))]
    return [*listed, *(node for node in single if isinstance(node, dict))]


def inner_nodes(page: ForgePage, connection: str) -> Iterator[tuple[int | None, object]]:
    """Each request of an inner page with its number; says nothing of a page that holds no such connection."""
    for node in request_nodes(page):
        if isinstance(dig(node, connection), dict):
            yield whole(dig(node, "number")) or page.number, node
