"""Connections of the GraphQL API: pages with cursors, at most 100 items each."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLError

MOST = 100


def cursor(place: object) -> str:
    """Opaque to clients."""
    return base64.b64encode(f"cursor:v2:{place}".encode()).decode()


def place_of(text: str) -> str:
    """What a cursor holds.

    Raises:
        GraphQLError: it is none of ours.
    """
    try:
        word = base64.b64decode(text, validate=True).decode()
    except ValueError as wrong:
        raise GraphQLError(f"`{text}` does not appear to be a valid cursor.") from wrong
    if not word.startswith("cursor:v2:"):
        raise GraphQLError(f"`{text}` does not appear to be a valid cursor.")
    return word.removeprefix("cursor:v2:")


def _size(first: int | None, last: int | None) -> int:
    """How many are asked for, as GitHub insists."""
    if first is None and last is None:
        raise GraphQLError("You must provide a `first` or `last` value to properly paginate the connection.")
    size = first if first is not None else last
    if size is None or not 0 <= size <= MOST:
        raise GraphQLError(f"Requesting {size} records on the connection exceeds the `first` limit of 100 records.")
    return size


def connection(
    items: Sequence[Any],
    *,
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
    cap: int | None = None,
    key: Callable[[Any], Any] | None = None,
    total: int | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One page. ``cap`` makes it shorter than asked for, as GitHub may; ``key`` makes cursors of the items' order
    (strings that ascend), so that a page goes on behind an item that has moved away; else of their positions.
    """
    size = _size(first, last)
    size = size if cap is None else min(size, cap)
    places: list[Any] = [key(each) for each in items] if key else list(range(len(items)))
    low, high = 0, len(items)
    if after is not None:
        behind = place_of(after)
        low = sum(place <= behind for place in places) if key else int(behind) + 1
    if before is not None:
        ahead = place_of(before)
        high = sum(place < ahead for place in places) if key else int(ahead)
    if first is not None:
        end = min(high, low + size)
        start = low
    else:
        end = high
        start = max(low, high - size)
    chosen = list(items[start:end])
    cursors = [cursor(place) for place in places[start:end]]
    page = {
        "hasNextPage": end < len(items),
        "hasPreviousPage": start > 0,
        "startCursor": cursors[0] if cursors else None,
        "endCursor": cursors[-1] if cursors else None,
    }
    return {
        "nodes": chosen,
        "edges": [{"node": node, "cursor": each} for node, each in zip(chosen, cursors, strict=True)],
        "pageInfo": page,
        "totalCount": len(items) if total is None else total,
        **more,
    }
