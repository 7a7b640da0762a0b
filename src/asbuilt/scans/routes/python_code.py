"""Python files as a project: what names mean, across files, as far as imports tell it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.scans.routes.code import CodeFile, bare, named, start_of

_MOST_DECORATORS: Final = 60  # of one function
_MOST_HOPS: Final = 8  # from name to name, and from file to file


class Definition(NamedTuple):
    """What a name means: a function, a class, or the value that it is given, and the file where it stands."""

    file: "PythonFile"
    node: SgNode

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells it apart."""
        return (self.file.path, start_of(self.node), self.node.kind())


class PythonFile(CodeFile):
    """One Python file, and the names in it."""

    @cached_property
    def imports(self) -> dict[str, tuple[str, str | None]]:
        """Local names -> (module, name in it; None: the module itself). ``*`` -> modules are in ``stars``."""
        found: dict[str, tuple[str, str | None]] = {}
        for node in self.root.find_all(kind="import_statement"):
            for each in node.field_children("name"):
                if each.kind() == "aliased_import":
                    alias, name = each.field("alias"), each.field("name")
                    if alias is not None and name is not None:
                        found[alias.text()] = (name.text(), None)
                else:
                    found[each.text().partition(".")[0]] = (each.text().partition(".")[0], None)
        for node in self.root.find_all(kind="import_from_statement"):
            module = node.field("module_name")
            for each in node.field_children("name"):
                name = each.field("name") if each.kind() == "aliased_import" else each
                alias = each.field("alias") if each.kind() == "aliased_import" else each
                if module is not None and name is not None and alias is not None:
                    found[alias.text()] = (module.text(), name.text())
        return found

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """Modules all of whose names are imported."""
        return tuple(
            module.text()
            for node in self.root.find_all(kind="import_from_statement", has={"kind": "wildcard_import"})
            if (module := node.field("module_name")) is not None
        )

    @cached_property
    def functions(self) -> tuple[SgNode, ...]:
        """All functions and methods."""
        return tuple(self.root.find_all(kind="function_definition"))

    @cached_property
    def classes(self) -> tuple[SgNode, ...]:
        """All classes."""
        return tuple(self.root.find_all(kind="class_definition"))

    @cached_property
    def assigned(self) -> tuple[tuple[str, SgNode], ...]:
        """Names with the values that they are given, anywhere."""
        found = []
        for node in self.root.find_all(kind="assignment"):
            left, right = node.field("left"), node.field("right")
            if left is not None and right is not None and left.kind() in {"identifier", "attribute"}:
                found.append((left.text(), right))
        return tuple(found)

    @cached_property
    def defined(self) -> dict[str, SgNode]:
        """Names -> functions, classes and values: those of the module first, then those within functions."""
        outer: dict[str, SgNode] = {}
        inner: dict[str, SgNode] = {}
        for node in (*self.functions, *self.classes):
            name = node.field("name")
            if name is not None and not _in_class(node):
                (outer if _at_top(node) else inner).setdefault(name.text(), node)
        for text, value in self.assigned:
            if "." not in text and not _in_class(value):
                (outer if _at_top(value) else inner).setdefault(text, bare(value))
        return inner | outer


class PythonProject:
    """Some Python files together."""

    def __init__(self, files: Iterable[PythonFile]) -> None:
        self.files = {file.path: file for file in files}
        self._ends: defaultdict[str, list[str]] = defaultdict(list)
        for path in self.files:
            parts = path.removesuffix(".py").split("/")
            self._ends[parts[-2] if parts[-1] == "__init__" and len(parts) > 1 else parts[-1]].append(path)

    def resolve(self, file: PythonFile, name: str, hops: int = 0) -> Definition | None:
        """What a dotted name means in a file; None: nothing here tells."""
        if not name or hops > _MOST_HOPS:
            return None
        first, _, rest = name.partition(".")
        node = file.defined.get(first)
        if node is not None:
            return self._within(file, node, rest, hops)
        if first in file.imports:
            module, own = file.imports[first]
            return self._imported(file, module, own, rest, hops)
        for module in file.stars:
            target = self.module(file, module)
            if target is not None and (found := self.resolve(target, name, hops + 1)) is not None:
                return found
        return None

    def module(self, file: PythonFile, module: str) -> PythonFile | None:
        """The file of a module, as an import of ``file`` names it; None: it is none of these files."""
        dots = len(module) - len(module.lstrip("."))
        parts = [part for part in module.lstrip(".").split(".") if part]
        if dots:
            folder = file.path.split("/")[:-dots]
            base = "/".join([*folder, *parts])
            for path in (f"{base}.py", f"{base}/__init__.py" if base else "__init__.py"):
                if path in self.files:
                    return self.files[path]
            return None
        if not parts:
            return None
        ends = ("/".join(parts) + ".py", "/".join(parts) + "/__init__.py")
        fitting = [
            path
            for path in self._ends.get(parts[-1], ())
            if path in ends or path.endswith(tuple("/" + end for end in ends))
        ]
        return self.files[max(fitting, key=lambda path: _shared(path, file.path))] if fitting else None

    def _within(self, file: PythonFile, node: SgNode, rest: str, hops: int) -> Definition | None:
        if not rest:
            if node.kind() in {"identifier", "attribute"} and node.text() != "self":
                return self.resolve(file, node.text(), hops + 1) or Definition(file, node)
            return Definition(file, node)
        if node.kind() == "class_definition":
            inner = class_values(node).get(rest) or methods(node).get(rest)
            return None if inner is None else Definition(file, inner)
        if node.kind() in {"identifier", "attribute"}:
            return self.resolve(file, f"{node.text()}.{rest}", hops + 1)
        return None

    def _imported(self, file: PythonFile, module: str, own: str | None, rest: str, hops: int) -> Definition | None:
        if own is None:  # import a.b: the longest part of the name that is a module
            parts = [*module.split("."), *rest.split(".")] if rest else module.split(".")
            for size in range(len(parts), 0, -1):
                target = self.module(file, ".".join(parts[:size]))
                if target is not None:
                    return self.resolve(target, ".".join(parts[size:]), hops + 1)
            return None
        joined = f"{module}{own}" if module.endswith(".") else f"{module}.{own}"
        target = self.module(file, module)
        if target is not None and target is not file:
            found = self.resolve(target, f"{own}.{rest}" if rest else own, hops + 1)
            if found is not None:
                return found
        inner = self.module(file, joined)
        return self.resolve(inner, rest, hops + 1) if inner is not None and rest else None


def methods(node: SgNode) -> dict[str, SgNode]:
    """The methods of a class."""
    body = node.field("body")
    found: dict[str, SgNode] = {}
    for each in named(body) if body is not None else ():
        inner = each.field("definition") if each.kind() == "decorated_definition" else each
        if (
            inner is not None
            and inner.kind() == "function_definition"
            and (name := inner.field("name")) is not None
        ):
            found[name.text()] = inner
    return found


def class_values(node: SgNode) -> dict[str, SgNode]:
    """What a class gives its names."""
    body = node.field("body")
    found: dict[str, SgNode] = {}
    for each in named(body) if body is not None else ():
        inner = named(each)[0] if each.kind() == "expression_statement" and named(each) else each
        if inner.kind() == "assignment":
            left, right = inner.field("left"), inner.field("right")
            if left is not None and right is not None:
                found[left.text()] = bare(right)
    return found


def bases(node: SgNode) -> tuple[SgNode, ...]:
    """The classes that a class is made of, in their order."""
    above = node.field("superclasses")
    inside = [each for each in named(above) if each.kind() != "keyword_argument"] if above is not None else []
    return tuple((each.field("value") or each) if each.kind() == "subscript" else each for each in inside)


def class_fields(node: SgNode) -> Iterator[tuple[SgNode | None, SgNode | None]]:
    """The type and the value of each name that a class declares."""
    body = node.field("body")
    for each in named(body) if body is not None else ():
        inner = named(each)[0] if each.kind() == "expression_statement" and named(each) else each
        if inner.kind() == "assignment":
            yield inner.field("type"), inner.field("right")


def class_around(node: SgNode) -> SgNode | None:
    """The class that a method stands in; None: it is a function."""
    for each in node.ancestors():
        if each.kind() == "class_definition":
            return each
        if each.kind() == "function_definition":
            return None
    return None


def decorators(node: SgNode) -> tuple[SgNode, ...]:
    """The expressions that decorate a function or a class, from the top."""
    parent = node.parent()
    if parent is None or parent.kind() != "decorated_definition":
        return ()
    return tuple(
        bare(inside[0])
        for each in parent.children()[:_MOST_DECORATORS]
        if each.kind() == "decorator" and (inside := named(each))
    )


def parameters(node: SgNode) -> Iterator[tuple[SgNode | None, SgNode | None]]:
    """The type and the default of each parameter of a function."""
    around = node.field("parameters")
    for each in named(around) if around is not None else ():
        if each.kind() in {"typed_parameter", "default_parameter", "typed_default_parameter"}:
            yield each.field("type"), each.field("value")


def _at_top(node: SgNode) -> bool:
    return next((False for each in node.ancestors() if each.kind() == "function_definition"), True)


def _in_class(node: SgNode) -> bool:
    for each in node.ancestors():
        if each.kind() == "class_definition":
            return True
        if each.kind() == "function_definition":
            return False
    return False


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count
