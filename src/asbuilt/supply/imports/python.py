"""The modules that a Python file imports, out of its syntax tree; the file is never run."""

import ast
from collections.abc import Iterator
from typing import Final

import msgspec

LARGEST: Final = 2 << 20  # bytes of one file
_CONDITIONS: Final = frozenset({"TYPE_CHECKING", "version_info", "platform", "PY2", "PY3"})
_LOADERS: Final = frozenset({"import_module", "__import__", "importorskip"})


class Import(msgspec.Struct, frozen=True, gc=False):
    """One module that a file imports: its dotted name (or specifier) and line.

    ``optional`` is set where the file may do without: in a ``try``, a ``with``, or by type checking, version and
    platform.
    """

    module: str
    line: int
    optional: bool = False


def python_imports(data: bytes) -> tuple[Import, ...] | None:
    """The absolute imports of a file, in its order; None when it cannot be parsed."""
    if len(data) > LARGEST:
        return None
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # all four for texts that are no Python, or deep
        return None
    return tuple(_imports(tree))


def _imports(tree: ast.Module) -> Iterator[Import]:
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, optional = waiting.pop()
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(name.name, node.lineno, optional)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0 and node.module:
                yield Import(node.module, node.lineno, optional)
                # A package may give its parts as distributions: `from google.cloud import storage`.
                for name in node.names:
                    yield Import(f"{node.module}.{name.name}", node.lineno, True)
        elif isinstance(node, ast.Call) and (module := _loaded(node)):
            yield Import(module, node.lineno, True)
        inner = optional or _is_optional(node)
        waiting += [(child, inner) for child in reversed(list(ast.iter_child_nodes(node)))]


def _is_optional(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        words = {
            each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "")
            for each in ast.walk(node.test)
        }
        return not words.isdisjoint(_CONDITIONS)
    return isinstance(node, ast.Try | ast.With | ast.ExceptHandler)


def _loaded(node: ast.Call) -> str | None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = node.args[0] if node.args else None
    if name in _LOADERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value if not first.value.startswith(".") else None
    return None
