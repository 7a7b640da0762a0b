"""What a query costs by GitHub's published formula: nodes asked for, and points (connections asked for / 100)."""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

MOST_NODES = 500_000


def cost_of(document: DocumentNode, variables: dict[str, Any]) -> tuple[int, int]:
    """Points and nodes of a document's only operation."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    requests, nodes = _walk(operation.selection_set, 1, fragments, variables)
    return max(1, round(requests / 100)), nodes


def _walk(
    chosen: SelectionSetNode,
    times: int,
    fragments: dict[str, FragmentDefinitionNode],
    variables: dict[str, Any],
) -> tuple[int, int]:
    requests = nodes = 0
    for each in chosen.selections:
        inner, count = times, None
        below: SelectionSetNode | None
        if isinstance(each, FragmentSpreadNode):
            below = fragments[each.name.value].selection_set
        else:
            assert isinstance(each, FieldNode | InlineFragmentNode)
            below = each.selection_set
        if isinstance(each, FieldNode):
            count = _asked(each, variables)
        if count is not None:
            requests += times
            nodes += times * count
            inner = times * count
        if below is not None:
            more, further = _walk(below, inner, fragments, variables)
            requests, nodes = requests + more, nodes + further
    return requests, nodes


def _asked(field: FieldNode, variables: dict[str, Any]) -> int | None:
    """``first`` or ``last`` of a field."""
    for argument in field.arguments or ():
        if argument.name.value not in {"first", "last"}:
            continue
        if isinstance(argument.value, IntValueNode):
            return int(argument.value.value)
        if isinstance(argument.value, VariableNode):
            told = variables.get(argument.value.name.value)
            if isinstance(told, int):
                return told
    return None
