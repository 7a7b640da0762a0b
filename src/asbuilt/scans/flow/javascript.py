"""JavaScript's and TypeScript's syntax tree, as code that values are followed through."""

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

_SKIPPED: Final = frozenset({"comment", "type_annotation", "type_arguments", "type_parameters", "decorator"})
_LEAVING: Final = frozenset({"return_statement", "throw_statement", "break_statement", "continue_statement"})
_FUNCTIONS: Final = frozenset({
    "function_declaration", "function_expression", "arrow_function", "method_definition", "generator_function",
    "generator_function_declaration", "function",
})  # fmt: skip
_THROUGH: Final = frozenset({
    "statement_block", "export_statement", "try_statement", "finally_clause", "class_declaration", "class",
    "class_body", "labeled_statement", "ERROR", "internal_module", "ambient_declaration",
    "abstract_class_declaration",
})  # fmt: skip


def read_javascript(root: SgNode) -> Block:
    """The statements of a program."""
    return _block(root)


def _named(node: SgNode) -> list[SgNode]:
    return parts_of(node, _SKIPPED)


def _block(node: SgNode | None) -> Block:
    if node is None:
        return ()
    if node.kind() not in {"program", "statement_block", "class_body"}:
        return tuple(_statements(node))
    return tuple(each for child in _named(node) for each in _statements(child))


def _statements(node: SgNode) -> Iterator[Statement]:
    kind = node.kind()
    own = _STATEMENTS.get(kind)
    if own is not None:
        yield from own(node)
    elif kind in _LEAVING:
        yield Leave(_mixed(node), kind in {"break_statement", "continue_statement"})
    elif kind in _THROUGH:
        for child in _named(node):
            yield from _statements(child)
    elif kind == "catch_clause":
        yield Branch(Mixed(()), _block(node.field("body")))
    elif kind in {"function_declaration", "method_definition", "generator_function_declaration"}:
        yield Define((_function(node),))
    else:
        yield Do(_expression(node))


def _expression_statement(node: SgNode) -> Iterator[Statement]:
    for child in _named(node):
        yield from _done(child)


def _done(node: SgNode) -> Iterator[Statement]:
    """An expression that may give values to names."""
    kind = node.kind()
    if kind == "assignment_expression":
        target, value = _target(node.field("left")), _expression(node.field("right"))
        is_page = isinstance(target, Member) and target.name in {"innerHTML", "outerHTML"}
        if is_page and isinstance(target, Member):  # told as a call
            yield Do(Call(Member(target.base, f"{target.name}="), (value,), (), place_of(node)))
        else:
            yield Assign((target,), value)
    elif kind == "augmented_assignment_expression":
        target = _expression(node.field("left"))
        sign = operator_of(node).removesuffix("=")
        yield Assign((target,), Binary(sign, target, _expression(node.field("right"))))
    elif kind in {"sequence_expression", "parenthesized_expression"}:
        for child in _named(node):
            yield from _done(child)
    else:
        yield Do(_expression(node))


def _declaration(node: SgNode) -> Iterator[Statement]:
    for child in _named(node):
        if child.kind() == "variable_declarator":
            name, value = child.field("name"), child.field("value")
            module = _required(value)
            if module is not None and name is not None and name.kind() == "identifier":
                yield Import(name.text(), module)
            else:
                yield Assign((_target(name),), _expression(value))


def _required(node: SgNode | None) -> str | None:
    """The module of ``require("module")``."""
    if node is None or node.kind() != "call_expression" or not node.text().startswith("require("):
        return None
    return node.text()[8:].strip(")'\"` ").removeprefix("node:").replace("/", ".")[:100]


def _import(node: SgNode) -> Iterator[Statement]:
    source = node.field("source")
    of = "" if source is None else source.text().strip("'\"").removeprefix("node:").replace("/", ".")
    for clause in _named(node):
        for child in _named(clause) if clause.kind() == "import_clause" else ():
            if child.kind() == "identifier":
                yield Import(child.text(), of)
            elif child.kind() == "namespace_import":
                yield Import(child.text().rpartition(" ")[2], of)
            else:
                for each in _named(child):
                    name, alias = each.field("name"), each.field("alias") or each.field("name")
                    if name is not None and alias is not None:
                        yield Import(alias.text(), f"{of}.{name.text()}")


def _field_definition(node: SgNode) -> Iterator[Statement]:
    value = node.field("value")
    if value is not None:
        yield Do(_expression(value))


def _if(node: SgNode) -> Iterator[Statement]:
    rest = node.field("alternative")
    inner = () if rest is None else tuple(each for child in _named(rest) for each in _statements(child))
    yield Branch(_expression(node.field("condition")), _block(node.field("consequence")), inner)


def _for(node: SgNode) -> Iterator[Statement]:
    start = node.field("initializer")
    if start is not None:
        yield from _statements(start)
    for name in ("condition", "increment"):
        part = node.field(name)
        if part is not None:
            yield Do(_expression(part))
    yield Loop(_block(node.field("body")))


def _for_in(node: SgNode) -> Iterator[Statement]:
    yield Loop(_block(node.field("body")), _target(node.field("left")), _expression(node.field("right")))


def _while(node: SgNode) -> Iterator[Statement]:
    yield Do(_expression(node.field("condition")))
    yield Loop(_block(node.field("body")))


def _switch(node: SgNode) -> Iterator[Statement]:
    body = node.field("body")
    cases: list[tuple[tuple[Expression, ...], Block]] = []
    for each in [] if body is None else _named(body):
        value = each.field("value")
        inner = [
            child
            for child in _named(each)
            if value is None or child.range().start.index != value.range().start.index
        ]
        statements = tuple(one for child in inner for one in _statements(child))
        end = statements[-1] if statements else None
        if isinstance(end, Leave) and end.of_loop:  # break: the end of the case, not of the block
            statements = statements[:-1]
        cases.append((() if value is None else (_expression(value),), statements))
    yield Cases(_expression(node.field("value")), tuple(cases))


def _function(node: SgNode) -> Function:
    name = node.field("name")
    told = node.field("parameters") or node.field("parameter")
    given: list[SgNode] = [] if told is None else [told] if told.kind() == "identifier" else _named(told)
    body = node.field("body")
    inner: Block = ()
    if body is not None:
        inner = _block(body) if body.kind() == "statement_block" else (Leave(_expression(body)),)
    names = []
    for each in given:
        pattern = each.field("pattern") or each.field("left") or each
        names += [pattern.text()] if pattern.kind() == "identifier" else [part.text() for part in _bound(pattern)]
    return Function("" if name is None else name.text(), tuple(names), inner)


def _bound(pattern: SgNode) -> list[SgNode]:
    """The names that a pattern of parameters binds."""
    return [
        child
        for child in pattern.named_children()
        if child.kind() in {"identifier", "shorthand_property_identifier_pattern"}
    ]


def _target(node: SgNode | None) -> Expression:
    """What a value is given to; of ``{a, b}`` each name gets something of the value."""
    if node is None:
        return Mixed(())
    if node.kind() not in {"object_pattern", "array_pattern"}:
        return _expression(node)
    found: list[Expression] = []
    for child in _named(node):
        if child.kind() == "shorthand_property_identifier_pattern":
            found.append(Name(child.text()))
        elif child.kind() in {"pair_pattern", "object_assignment_pattern", "assignment_pattern"}:
            inner = child.field("value") if child.kind() == "pair_pattern" else child.field("left")
            found.append(Name(inner.text()) if inner is not None and inner.is_leaf() else _target(inner))
        else:
            found.append(_target(child))
    return Many(tuple(found))


def _expression(node: SgNode | None) -> Expression:
    if node is None:
        return Mixed(())
    kind = node.kind()
    if kind in _FUNCTIONS:
        return Closure(_function(node))
    own = _EXPRESSIONS.get(kind)
    return _mixed(node) if own is None else own(node)


def _mixed(node: SgNode) -> Expression:
    return _mixed_of(_named(node))


def _mixed_of(nodes: list[SgNode]) -> Expression:
    parts = tuple(_expression(child) for child in nodes)
    return parts[0] if len(parts) == 1 else Mixed(parts)


def _cast(node: SgNode) -> Expression:
    """``value as Type``, ``value!``: the value."""
    parts = _named(node)
    return _expression(parts[0]) if parts else Mixed(())


def _call(node: SgNode) -> Expression:
    told = node.field("arguments")
    callee = _expression(node.field("function") or node.field("constructor"))
    if (
        told is not None and told.kind() == "template_string"
    ):  # a tagged template: its tag keeps text and values apart
        return Call(
            callee,
            (Constant(""), *(_mixed(each) for each in _named(told) if each.kind() == "template_substitution")),
            (),
            place_of(node),
        )
    arguments: list[Expression] = [] if told is None else [_expression(each) for each in _named(told)]
    named: list[tuple[str, Expression]] = []
    for each in arguments:
        if isinstance(each, Pairs):  # options: what other languages pass by name
            named += [(str(key.value), value) for key, value in each.items if isinstance(key, Constant)]
    return Call(callee, tuple(arguments), tuple(named), place_of(node))


def _template(node: SgNode) -> Expression:
    parts: list[Expression] = []
    for child in node.named_children():
        if child.kind() == "template_substitution":
            parts.append(_mixed(child))
        else:
            parts.append(Constant(child.text()))
    if not parts:
        return Constant("")
    return parts[0] if len(parts) == 1 and isinstance(parts[0], Constant) else Joined(tuple(parts))


def _string(node: SgNode) -> Expression:
    return Constant(node.text()[1:-1])


def _binary(node: SgNode) -> Expression:
    """A chain of operators is read from its far end: it may have hundreds of links."""
    links: list[tuple[str, SgNode | None]] = []
    first: SgNode | None = node
    while first is not None and first.kind() == "binary_expression":
        links.append((operator_of(first), first.field("right")))
        first = first.field("left")
    made = _expression(first)
    for sign, right in reversed(links):
        made = Binary(sign, made, _expression(right))
    return made


def _unary(node: SgNode) -> Expression:
    value = _expression(node.field("argument"))
    if operator_of(node) == "!":
        return Not(value)
    return Constant(1.5) if operator_of(node) in {"+", "-"} else Mixed((value,))


def _ternary(node: SgNode) -> Expression:
    return Choice(
        _expression(node.field("condition")),
        _expression(node.field("consequence")),
        _expression(node.field("alternative")),
    )


def _member(node: SgNode) -> Expression:
    name = node.field("property")
    return Member(_expression(node.field("object")), "" if name is None else name.text())


def _object(node: SgNode) -> Expression:
    found: list[tuple[Expression | None, Expression]] = []
    for child in _named(node):
        if child.kind() == "pair":
            key = child.field("key")
            plain = key is not None and key.kind() in {"property_identifier", "string", "number"}
            own = Constant(key.text().strip("'\"")) if key is not None and plain else None
            found.append((own, _expression(child.field("value"))))
        elif child.kind() == "shorthand_property_identifier":
            found.append((Constant(child.text()), Name(child.text())))
        else:
            found.append((None, _expression(child)))
    return Pairs(tuple(found))


def _number(node: SgNode) -> Expression:
    told = node.text()
    return Constant(int(told)) if told.isdigit() and len(told) < 15 else Constant(1.5)


def _attribute(node: SgNode) -> Expression:
    """An attribute of an element; the one that makes HTML is told as a call."""
    if node.text().startswith("dangerouslySetInnerHTML"):
        return Call(Name("dangerouslySetInnerHTML"), (_mixed_of(_named(node)[1:]),), (), place_of(node))
    return _mixed(node)


_EXPRESSIONS: Final[dict[str, Callable[[SgNode], Expression]]] = {
    "identifier": lambda node: Name(node.text()),
    "shorthand_property_identifier": lambda node: Name(node.text()),
    "this": lambda _: Name("this"),
    "string": _string,
    "template_string": _template,
    "regex": lambda node: Constant(node.text()),
    "number": _number,
    "true": lambda _: Constant(True),
    "false": lambda _: Constant(False),
    "null": lambda _: Constant(None),
    "undefined": lambda _: Constant(None),
    "call_expression": _call,
    "new_expression": _call,
    "member_expression": _member,
    "subscript_expression": lambda node: Item(_expression(node.field("object")), _expression(node.field("index"))),
    "binary_expression": _binary,
    "unary_expression": _unary,
    "ternary_expression": _ternary,
    "object": _object,
    "array": lambda node: Many(tuple(_expression(child) for child in _named(node))),
    "assignment_expression": lambda node: _expression(node.field("right")),
    "jsx_attribute": _attribute,
    "as_expression": _cast,
    "satisfies_expression": _cast,
    "non_null_expression": _cast,
}
_STATEMENTS: Final[dict[str, Callable[[SgNode], Iterator[Statement]]]] = {
    "expression_statement": _expression_statement,
    "lexical_declaration": _declaration,
    "variable_declaration": _declaration,
    "import_statement": _import,
    "field_definition": _field_definition,
    "public_field_definition": _field_definition,
    "if_statement": _if,
    "for_statement": _for,
    "for_in_statement": _for_in,
    "while_statement": _while,
    "do_statement": _while,
    "switch_statement": _switch,
}
