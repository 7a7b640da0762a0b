"""Python's syntax tree, as code that values are followed through; any version of the language."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from ast_grep_py import SgNode

from asbuilt.scans.flow.code import (
    Assign,
    Binary,
    Block,
    Branch,
    Call,
    Cases,
    Choice,
    Closure,
    Constant,
    Define,
    Do,
    Each,
    Expression,
    Function,
    Import,
    Item,
    Joined,
    Leave,
    Loop,
    Many,
    Member,
    Mixed,
    Name,
    Not,
    Pairs,
    Statement,
)
from asbuilt.scans.flow.nodes import operator_of, parts_of, place_of

_ROUTE: Final = re.compile(r"\.(?:route|get|post|put|patch|delete|websocket|api_route|head|options)\s*\(")
_NUMBER: Final = re.compile(r"<(?:int|float|uuid)(?:\([^)]*\))?:\s*(\w+)>")  # parts of a path that are numbers
_HARMLESS_TYPE: Final = re.compile(r"int|float|bool|uuid\.UUID|UUID|date|datetime|Decimal|Enum")
_SKIPPED: Final = frozenset(
    {"comment", "type", "type_conversion", "format_specifier", "string_start", "string_end"}
)
_LEAVING: Final = frozenset({"return_statement", "raise_statement", "break_statement", "continue_statement"})
_DATA: Final = frozenset({"dictionary", "list"})
_COMPREHENSIONS: Final = frozenset({"list_comprehension", "set_comprehension", "generator_expression"})


def read_python(root: SgNode) -> Block:
    """The statements of a module."""
    return block(root)


def named(node: SgNode) -> list[SgNode]:
    """The parts of a node that mean something."""
    return parts_of(node, _SKIPPED)


def block(node: SgNode | None) -> Block:
    """The statements of a block."""
    if node is None:
        return ()
    return tuple(each for child in named(node) for each in _statements(child))


def _statements(node: SgNode) -> Iterator[Statement]:
    kind = node.kind()
    own = _STATEMENTS.get(kind)
    if own is not None:
        yield from own(node)
    elif kind == "return_statement" and not any(child.kind() in _DATA for child in named(node)):  # an answer, told
        yield Leave(Call(Name("return!"), (_mixed(node),), (), place_of(node)))
    elif kind in _LEAVING:
        yield Leave(_mixed(node), kind in {"break_statement", "continue_statement"})
    elif kind in {"try_statement", "with_statement", "block", "finally_clause", "ERROR"}:
        for child in named(node):
            yield from _statements(child)
    elif kind in {"except_clause", "except_group_clause"}:
        yield Branch(Mixed(()), tuple(each for child in named(node) for each in _statements(child)))
    else:
        yield Do(expression(node))


def _expression_statement(node: SgNode) -> Iterator[Statement]:
    for child in named(node):
        if child.kind() == "assignment":
            yield _assignment(child)
        elif child.kind() == "augmented_assignment":
            target = expression(child.field("left"))
            yield Assign(
                (target,), Binary(operator_of(child).rstrip("="), target, expression(child.field("right")))
            )
        else:
            yield Do(expression(child))


def _assignment(node: SgNode) -> Statement:
    targets = []
    while True:
        targets.append(expression(node.field("left")))
        right = node.field("right")
        if right is None:
            return Do(Mixed(()))
        if right.kind() != "assignment":
            return Assign(tuple(targets), expression(right))
        node = right


def _if(node: SgNode) -> Iterator[Statement]:
    rest: Block = ()
    for clause in reversed(node.field_children("alternative")):
        if clause.kind() == "elif_clause":
            rest = (Branch(expression(clause.field("condition")), block(clause.field("consequence")), rest),)
        else:
            rest = block(clause.field("body"))
    yield Branch(expression(node.field("condition")), block(node.field("consequence")), rest)


def _for(node: SgNode) -> Iterator[Statement]:
    yield Loop(block(node.field("body")), expression(node.field("left")), expression(node.field("right")))
    yield from _else(node)


def _while(node: SgNode) -> Iterator[Statement]:
    yield Do(expression(node.field("condition")))
    yield Loop(block(node.field("body")))
    yield from _else(node)


def _else(node: SgNode) -> Iterator[Statement]:
    clause = node.field("alternative")
    if clause is not None:
        yield Branch(Mixed(()), block(clause.field("body")))


def _with_clause(node: SgNode) -> Iterator[Statement]:
    for item in named(node):
        for value in named(item):
            yield from _as(value)


def _as(node: SgNode) -> Iterator[Statement]:
    """``value as target``."""
    parts = named(node)
    if node.kind() == "as_pattern" and len(parts) == 2:
        yield Assign(tuple(expression(each) for each in named(parts[1])), expression(parts[0]))
    else:
        yield Do(expression(node))


def _match(node: SgNode) -> Iterator[Statement]:
    body = node.field("body")
    cases = [] if body is None else [child for child in named(body) if child.kind() == "case_clause"]
    yield Cases(_mixed_of(node.field_children("subject")), tuple(_case(each) for each in cases))


def _case(node: SgNode) -> tuple[tuple[Expression, ...], Block]:
    patterns: list[Expression] = []
    for told in named(node):
        if told.kind() == "case_pattern":
            for inner in named(told):
                patterns += [
                    expression(each) for each in (named(inner) if inner.kind() == "union_pattern" else [inner])
                ]
    if node.field("guard") is not None:
        patterns.append(Mixed(()))
    return tuple(patterns), block(node.field("consequence"))


def _import(node: SgNode) -> Iterator[Statement]:
    for child in named(node):
        parts = named(child)
        if child.kind() == "aliased_import" and len(parts) == 2:
            yield Import(parts[1].text(), parts[0].text())
        else:
            first = child.text().partition(".")[0]
            yield Import(first, first)


def _import_from(node: SgNode) -> Iterator[Statement]:
    module = node.field("module_name")
    of = "" if module is None else module.text().lstrip(".")
    for child in node.field_children("name"):
        parts = named(child)
        if child.kind() == "aliased_import" and len(parts) == 2:
            yield Import(parts[1].text(), f"{of}.{parts[0].text()}")
        else:
            yield Import(child.text(), f"{of}.{child.text()}")


def _definition(node: SgNode) -> Iterator[Statement]:
    yield Define((_function(node, ""),))


def _decorated(node: SgNode) -> Iterator[Statement]:
    inner = node.field("definition")
    told = [child for child in named(node) if child.kind() == "decorator"]
    for each in told:
        yield Do(_mixed(each))
    if inner is not None and inner.kind() == "function_definition":
        routes = [each.text() for each in told if _ROUTE.search(each.text()[:200])]
        yield Define((_function(inner, " ".join(routes)),))
    elif inner is not None:
        yield from _class(inner)


def _class(node: SgNode) -> Iterator[Statement]:
    yield from block(node.field("body"))


def _function(node: SgNode, route: str) -> Function:
    name, told = node.field("name"), node.field("parameters")
    parameters, outside = list[str](), list[str]()
    for each in [] if told is None else named(told):
        own = each.text() if each.kind() == "identifier" else next((part.text() for part in named(each)), "")
        hint = each.field("type")
        parameters.append(own.lstrip("*"))
        default = each.field("value")
        supplied = default is not None and default.kind() == "call"  # what a framework puts in: Depends(...)
        if not supplied and (hint is None or not _HARMLESS_TYPE.match(hint.text())):
            outside.append(own)
    return Function(
        "" if name is None else name.text(),
        tuple(parameters),
        block(node.field("body")),
        frozenset(outside if route else ()) - {"self", "cls", *_NUMBER.findall(route)},
        bool(route),
    )


def expression(node: SgNode | None) -> Expression:
    """What an expression is made of."""
    if node is None:
        return Mixed(())
    own = _EXPRESSIONS.get(node.kind())
    return _mixed(node) if own is None else own(node)


def _mixed(node: SgNode) -> Expression:
    return _mixed_of(named(node))


def _mixed_of(nodes: list[SgNode]) -> Expression:
    parts = tuple(expression(child) for child in nodes)
    return parts[0] if len(parts) == 1 else Mixed(parts)


def _call(node: SgNode) -> Expression:
    arguments: list[Expression] = []
    by_name: list[tuple[str, Expression]] = []
    told = node.field("arguments")
    for each in [] if told is None else [told] if told.kind() == "generator_expression" else named(told):
        if each.kind() == "keyword_argument":
            name = each.field("name")
            by_name.append(("" if name is None else name.text(), expression(each.field("value"))))
        elif each.kind() == "dictionary_splat":
            by_name.append(("**", _mixed(each)))
        else:
            arguments.append(expression(each))
    return Call(expression(node.field("function")), tuple(arguments), tuple(by_name), place_of(node))


def _string(node: SgNode) -> Expression:
    parts: list[Expression] = []
    for child in node.named_children():
        kind = child.kind()
        if kind == "string_content":
            parts.append(Constant(child.text()))
        elif kind == "interpolation":
            parts.append(_mixed(child))
    if not parts:
        return Constant("")
    return parts[0] if len(parts) == 1 and isinstance(parts[0], Constant) else Joined(tuple(parts))


def _concatenated(node: SgNode) -> Expression:
    return Joined(tuple(_string(child) for child in named(node)))


def _binary(node: SgNode) -> Expression:
    """A chain of operators of the same kind is read from its far end: it may have hundreds of links."""
    links: list[tuple[str, SgNode | None]] = []
    first: SgNode | None = node
    while first is not None and first.kind() == "binary_operator":
        links.append((operator_of(first), first.field("right")))
        first = first.field("left")
    made = expression(first)
    for operator, right in reversed(links):
        made = Binary(operator, made, expression(right))
    return made


def _comparison(node: SgNode) -> Expression:
    parts = named(node)
    words = " ".join(child.text() for child in node.children() if not child.is_named())
    if len(parts) != 2:
        return Mixed(tuple(expression(each) for each in parts))
    return Binary(words, expression(parts[0]), expression(parts[1]))


def _boolean(node: SgNode) -> Expression:
    return Binary(operator_of(node), expression(node.field("left")), expression(node.field("right")))


def _conditional(node: SgNode) -> Expression:
    parts = named(node)
    if len(parts) != 3:
        return _mixed(node)
    return Choice(expression(parts[1]), expression(parts[0]), expression(parts[2]))


def _subscript(node: SgNode) -> Expression:
    keys = node.field_children("subscript")
    sliced = len(keys) != 1 or keys[0].kind() == "slice"
    return Item(expression(node.field("value")), None if sliced else expression(keys[0]))


def _attribute(node: SgNode) -> Expression:
    name = node.field("attribute")
    return Member(expression(node.field("object")), "" if name is None else name.text())


def _dictionary(node: SgNode) -> Expression:
    found: list[tuple[Expression | None, Expression]] = []
    for child in named(node):
        if child.kind() == "pair":
            found.append((expression(child.field("key")), expression(child.field("value"))))
        else:
            found.append((None, _mixed(child)))
    return Pairs(tuple(found))


def _each(node: SgNode) -> Expression:
    made = expression(node.field("body"))
    for clause in reversed(named(node)[1:]):
        if clause.kind() == "for_in_clause":
            made = Each(expression(clause.field("left")), expression(clause.field("right")), made)
    return made


def _lambda(node: SgNode) -> Expression:
    told = node.field("parameters")
    names = () if told is None else tuple(child.text() for child in named(told))
    return Closure(Function("", names, (Do(expression(node.field("body"))),)))


def _number(node: SgNode) -> Expression:
    told = node.text().replace("_", "")
    try:
        return Constant(int(told, 0) if len(told) < 20 else 1)
    except ValueError:
        return Constant(1.5)


def _many(node: SgNode) -> Expression:
    return Many(tuple(expression(child) for child in named(node)))


_EXPRESSIONS: Final[dict[str, Callable[[SgNode], Expression]]] = {
    "identifier": lambda node: Name(node.text()),
    "string": _string,
    "concatenated_string": _concatenated,
    "integer": _number,
    "float": lambda _: Constant(1.5),
    "true": lambda _: Constant(True),
    "false": lambda _: Constant(False),
    "none": lambda _: Constant(None),
    "call": _call,
    "attribute": _attribute,
    "subscript": _subscript,
    "binary_operator": _binary,
    "comparison_operator": _comparison,
    "boolean_operator": _boolean,
    "not_operator": lambda node: Not(expression(node.field("argument"))),
    "conditional_expression": _conditional,
    "dictionary": _dictionary,
    "lambda": _lambda,
    "named_expression": lambda node: expression(node.field("value")),
    **dict.fromkeys(
        ("list", "tuple", "set", "expression_list", "pattern_list", "tuple_pattern", "list_pattern"), _many
    ),
    **dict.fromkeys(_COMPREHENSIONS, _each),
}
_STATEMENTS: Final[dict[str, Callable[[SgNode], Iterator[Statement]]]] = {
    "expression_statement": _expression_statement,
    "if_statement": _if,
    "for_statement": _for,
    "while_statement": _while,
    "with_clause": _with_clause,
    "as_pattern": _as,
    "match_statement": _match,
    "import_statement": _import,
    "import_from_statement": _import_from,
    "function_definition": _definition,
    "decorated_definition": _decorated,
    "class_definition": _class,
}
