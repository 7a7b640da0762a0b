"""JavaScript and TypeScript files as a project: what names mean, across files, as far as imports tell it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.scans.routes.code import CodeFile, bare, dotted, given, last, literal, named, start_of

_MOST_HOPS: Final = 8
FUNCTIONS: Final = frozenset(
    {"function_declaration", "function_expression", "arrow_function", "method_definition",
     "generator_function_declaration", "function", "generator_function"}
)  # fmt: skip
_CLASSES: Final = frozenset({"class_declaration", "class", "abstract_class_declaration"})
_ENDS: Final = (
    "",
    ".ts",
    ".tsx",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".mts",
    "/index.ts",
    "/index.tsx",
    "/index.js",
    "/index.mjs",
)
_ROOTS: Final = frozenset({"src", "app", "root", "lib", "server", "web", "api"})
_EXPORTS: Final = re.compile(r"^(?:module\.)?exports(?:\.([\w$]+))?$")


class Definition(NamedTuple):
    """What a name means: a function, a class or a value, and its file; ``taken``: which part of the value."""

    file: "ScriptFile"
    node: SgNode
    taken: str = ""

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells it apart."""
        return (self.file.path, start_of(self.node), self.node.kind() + self.taken)


class Import(NamedTuple):
    """Where a name comes from: a module, and the name in it (``default``; ``*``: all of it)."""

    module: str
    name: str


class ScriptFile(CodeFile):
    """One file of JavaScript or TypeScript, and the names in it."""

    @cached_property
    def imports(self) -> dict[str, Import]:
        """Local names, by ``import`` and by ``require``."""
        found: dict[str, Import] = {}
        for node in self.root.find_all(kind="import_statement"):
            source = literal(node.field("source"))
            clause = next((each for each in named(node) if each.kind() == "import_clause"), None)
            for each in named(clause) if clause is not None and source is not None else ():
                if each.kind() == "identifier":
                    found[each.text()] = Import(source or "", "default")
                elif each.kind() == "namespace_import" and named(each):
                    found[named(each)[0].text()] = Import(source or "", "*")
                elif each.kind() == "named_imports":
                    for one in named(each):
                        own, alias = one.field("name"), one.field("alias")
                        if own is not None:
                            found[(alias or own).text()] = Import(source or "", own.text())
        for name, value, taken in self.values:
            module = required(value)
            if module is not None:
                found[name] = Import(module, taken or "*")
        return found

    @cached_property
    def values(self) -> tuple[tuple[str, SgNode, str], ...]:
        """Names, the values that they are given, and which part of the value they take (empty: all)."""
        found: list[tuple[str, SgNode, str]] = []
        for node in self.root.find_all(kind="variable_declarator"):
            name, value = node.field("name"), node.field("value")
            if name is None or value is None:
                continue
            value = bare(value)
            if name.kind() == "identifier":
                taken = ""
                if (
                    value.kind() == "member_expression"
                    and required(bare(value.field("object") or value)) is not None
                ):
                    taken = last(dotted(value))
                    value = bare(value.field("object") or value)
                found.append((name.text(), value, taken))
            elif name.kind() == "object_pattern":
                for each in named(name):
                    if each.kind() == "pair_pattern":
                        key, local = each.field("key"), each.field("value")
                        if key is not None and local is not None:
                            found.append((local.text(), value, key.text()))
                    elif each.kind() == "shorthand_property_identifier_pattern":
                        found.append((each.text(), value, each.text()))
        return tuple(found)

    @cached_property
    def defined(self) -> dict[str, Definition]:
        """Names -> functions, classes and values, wherever in the file."""
        found: dict[str, Definition] = {}
        for name, value, taken in self.values:
            if required(value) is None:
                found.setdefault(name, Definition(self, value, taken))
        for kind in ("function_declaration", "class_declaration"):
            for node in self.root.find_all(kind=kind):
                own = node.field("name")
                if own is not None:
                    found[own.text()] = Definition(self, node)
        return found

    @cached_property
    def fields(self) -> dict[str, SgNode]:
        """What ``this.name`` is in the classes of the file: the first that has it."""
        found: dict[str, SgNode] = {}
        for node in self.root.find_all(kind="class_declaration"):
            for name, value in members(node).items():
                found.setdefault(name, value)
        for node in self.root.find_all(kind="assignment_expression"):
            left, right = node.field("left"), node.field("right")
            if left is not None and right is not None and left.text().startswith("this."):
                found.setdefault(left.text()[5:], bare(right))
        return found

    @cached_property
    def exported(self) -> dict[str, SgNode | Import]:
        """What it gives to others: names -> what they mean, or where they come from."""
        found: dict[str, SgNode | Import] = {}
        for node in self.root.find_all(kind="export_statement"):
            self._export(node, found)
        for node in self.root.find_all(kind="assignment_expression"):
            left, right = node.field("left"), node.field("right")
            match = _EXPORTS.match(left.text()) if left is not None else None
            if match is not None and right is not None:
                found[match[1] or "default"] = bare(right)
                if match[1] is None:
                    found |= dict(members(bare(right)))
        return found

    def _export(self, node: SgNode, found: dict[str, SgNode | Import]) -> None:
        source = literal(node.field("source"))
        declared, value = node.field("declaration"), node.field("value")
        is_default = any(child.kind() == "default" for child in node.children())
        if declared is not None and declared.kind() != "function_signature":  # one of several ways to call it
            name = declared.field("name")
            if is_default:
                found["default"] = declared
            if name is not None:
                found.setdefault(name.text(), declared)
            for each in declared.find_all(kind="variable_declarator"):
                own, given_value = each.field("name"), each.field("value")
                if own is not None and given_value is not None and each.parent() == declared:
                    for text in _pattern_names(own):
                        found[text] = bare(given_value) if own.kind() == "identifier" else own
        elif value is not None:
            found["default"] = bare(value)
        for each in node.find_all(kind="export_specifier"):
            name, alias = each.field("name"), each.field("alias")
            if name is not None:
                shown = (alias or name).text()
                found[shown] = Import(source, name.text()) if source is not None else name
        if source is not None and "*" in [child.kind() for child in node.children()]:
            found[f"* {source}"] = Import(source, "*")


class ScriptProject:
    """Some files of JavaScript and TypeScript together."""

    def __init__(self, files: Iterable[ScriptFile]) -> None:
        self.files = {file.path: file for file in files}
        self._ends: defaultdict[str, list[str]] = defaultdict(list)
        for path in self.files:
            stem = path.rpartition(".")[0]
            parts = stem.split("/")
            self._ends[parts[-2] if parts[-1] == "index" and len(parts) > 1 else parts[-1]].append(path)

    def module(self, file: ScriptFile, module: str) -> ScriptFile | None:
        """The file of a module, as an import of ``file`` names it; None: it is none of these files."""
        module = re.sub(r"\.(?:js|mjs|cjs|jsx|ts|tsx)$", "", module)
        if module.startswith("."):
            parts = file.path.split("/")[:-1]
            for part in module.split("/"):
                if part == "..":
                    parts = parts[:-1]
                elif part not in {".", ""}:
                    parts.append(part)
            base = "/".join(parts)
            return next((self.files[base + end] for end in _ENDS if base + end in self.files), None)
        for rest in _aliased(module):
            ends = tuple("/" + rest + end for end in _ENDS if end)
            fitting = [path for path in self._ends.get(rest.rpartition("/")[2], ()) if f"/{path}".endswith(ends)]
            if fitting:
                return self.files[max(fitting, key=lambda path: _shared(path, file.path))]
        return None

    def resolve(  # noqa: PLR0911 - one a way to be named
        self, file: ScriptFile, name: str, hops: int = 0
    ) -> Definition | None:
        """What a dotted name means in a file; None: nothing here tells."""
        if not name or hops > _MOST_HOPS:
            return None
        first, _, rest = name.partition(".")
        if first in {"exports", "module"}:
            return self.export(file, last(name), hops + 1)
        if first in file.imports:
            module, own = file.imports[first]
            target = self.module(file, module)
            if target is None:
                return None
            if own == "*":
                own, _, rest = rest.partition(".")
                return self._within(self.export(target, own or "default", hops + 1), rest, hops)
            return self._within(self.export(target, own, hops + 1), rest, hops)
        if first == "this":
            first, _, rest = rest.partition(".")
            node = file.fields.get(first)
            return None if node is None else self._within(Definition(file, node), rest, hops)
        return self._within(file.defined.get(first), rest, hops)

    def export(  # noqa: PLR0911 - one a way to be exported
        self, file: ScriptFile, name: str, hops: int = 0
    ) -> Definition | None:
        """What a file gives under a name."""
        if hops > _MOST_HOPS:
            return None
        found = file.exported.get(name)
        if isinstance(found, Import):
            target = self.module(file, found.module)
            return None if target is None else self.export(target, found.name, hops + 1)
        if found is not None:
            if found.kind() == "object_pattern":
                return file.defined.get(name)
            if found.kind() in {"identifier", "member_expression", "shorthand_property_identifier"}:
                return self.resolve(file, dotted(found), hops + 1)
            return Definition(file, found)
        whole = file.exported.get("default")
        if (
            name != "default"
            and whole is not None
            and not isinstance(whole, Import)
            and whole.kind() == "identifier"
        ):
            inner = self._within(file.defined.get(whole.text()), name, hops + 1)
            if inner is not None:
                return inner
        for key, other in file.exported.items():
            if key.startswith("* ") and isinstance(other, Import) and (target := self.module(file, other.module)):
                inner = self.export(target, name, hops + 1)
                if inner is not None:
                    return inner
        return None

    def _within(self, found: Definition | None, rest: str, hops: int) -> Definition | None:
        while found is not None and rest and hops <= _MOST_HOPS:
            hops += 1
            part, _, rest = rest.partition(".")
            if part in {"bind", "default"}:
                continue
            node = found.node
            if node.kind() == "new_expression":
                made = self.resolve(found.file, dotted(node), hops)
                if made is None:
                    return None
                found, node = made, made.node
                if node.kind() in FUNCTIONS:  # function Handler() { this.answer = ... }
                    inner = _own_members(node).get(part)
                    found = None if inner is None else Definition(found.file, inner)
                    continue
            inner = members(node).get(part)
            if inner is None:
                return None
            found = Definition(found.file, inner)
            if inner.kind() in {"identifier", "member_expression", "shorthand_property_identifier"}:
                found = self.resolve(found.file, dotted(inner), hops) or found
        if found is not None and not rest and found.node.kind() == "identifier" and not found.taken:
            return self.resolve(found.file, found.node.text(), hops + 1) or found
        return found


def _aliased(module: str) -> Iterator[str]:
    """The paths that a module may be found by that is named neither by a relative path nor surely a package."""
    first, _, rest = module.partition("/")
    if not rest:
        return
    if first in {"@", "~", "#", "$", "~~", "@@"}:
        yield rest
        return
    name = first.lstrip("@~#$")
    if name == first:
        yield module
        return
    yield f"{name}/{rest}"  # a folder with a name of its own: @middlewares/auth
    if name in _ROOTS:
        yield rest
    if first.startswith("@"):  # a package of the same repository: @company/auth/session
        inner, _, below = rest.partition("/")
        for folder in ("packages", "libs", "modules"):
            for path in (f"{folder}/{inner}/src", f"{folder}/{inner}", f"{folder}/{inner}/lib"):
                yield f"{path}/{below}" if below else f"{path}/index"


def required(node: SgNode) -> str | None:
    """The module of ``require("module")``; None: it is no such call."""
    if node.kind() != "call_expression" or dotted(node) != "require":
        return None
    arguments = given(node).placed
    return literal(arguments[0]) if arguments else None


def members(node: SgNode) -> dict[str, SgNode]:
    """The members of an object or of a class."""
    found: dict[str, SgNode] = {}
    if node.kind() == "object":
        for each in named(node):
            if each.kind() == "pair":
                key, value = each.field("key"), each.field("value")
                if key is not None and value is not None:
                    found[literal(key) or key.text()] = bare(value)
            elif each.kind() == "shorthand_property_identifier":
                found[each.text()] = each
            elif each.kind() == "method_definition" and (name := each.field("name")) is not None:
                found[name.text()] = each
    elif node.kind() in _CLASSES:
        body = node.field("body")
        for each in named(body) if body is not None else ():
            name = each.field("name") or each.field("property")
            if name is not None:
                value = each.field("value")
                found[name.text()] = each if value is None else bare(value)
    return found


def _own_members(node: SgNode) -> dict[str, SgNode]:
    """What a function that makes objects gives to each of them."""
    found: dict[str, SgNode] = {}
    for each in node.find_all(kind="assignment_expression")[:300]:
        left, right = each.field("left"), each.field("right")
        if left is not None and right is not None and left.text().startswith("this."):
            found[left.text()[5:]] = bare(right)
    return found


def _pattern_names(node: SgNode) -> list[str]:
    if node.kind() == "identifier":
        return [node.text()]
    names = [each.text() for each in node.find_all(kind="shorthand_property_identifier_pattern")]
    for each in node.find_all(kind="pair_pattern"):
        value = each.field("value")
        if value is not None:
            names.append(value.text())
    return names


def _shared(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one.split("/"), other.split("/"), strict=False):
        if left != right:
            break
        count += 1
    return count
