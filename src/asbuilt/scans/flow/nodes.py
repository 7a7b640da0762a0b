"""Nodes of a syntax tree: where they stand, and which of their parts mean something."""

from collections.abc import Container

from ast_grep_py import SgNode

from asbuilt.scans.flow.code import Place


def place_of(node: SgNode) -> Place:
    """Where a node stands."""
    told = node.range()
    return Place(told.start.line + 1, told.start.column + 1, told.end.line + 1, told.end.column + 1)


def parts_of(node: SgNode, without: Container[str]) -> list[SgNode]:
    """The parts of a node that mean something."""
    return [child for child in node.named_children() if child.kind() not in without]


def operator_of(node: SgNode) -> str:
    """The operator between two operands, as it is written."""
    told = node.field("operator")
    return "" if told is None else told.text()
