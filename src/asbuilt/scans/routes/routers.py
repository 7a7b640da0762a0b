"""Which router of Express a name, a call or a chain of calls means, across files."""

import re
from typing import Final

from ast_grep_py import SgNode

from asbuilt.scans.routes.code import bare, calls, dotted, given, last, literal, named, start_of
from asbuilt.scans.routes.script_code import FUNCTIONS, ScriptFile, ScriptProject, members, required

_MAKERS: Final = frozenset({"express", "Router", "PromiseRouter", "express.Router"})
PARAMETERS: Final = frozenset({"app", "router", "server", "api", "application", "route", "routes"})
_MOST_HOPS: Final = 8
Key = tuple[str, str]


class Routers:
    """The routers of a project, each told apart by the file and the place where it is made."""

    def __init__(self, project: ScriptProject) -> None:
        self._project = project

    def used(self, file: ScriptFile, node: SgNode) -> Key | None:
        """The router that an argument of ``use`` is; None: it is none."""
        node = bare(node)
        module = required(node)
        if module is not None:
            target = self._project.module(file, module)
            found = self._project.export(target, "default") if target is not None else None
            return None if found is None else self.key(found.file, found.node)
        if node.kind() == "call_expression":
            key, _ = self.root(file, node)
            if key is not None:
                return key
            found = self._project.resolve(file, dotted(node))  # makeRouter(): what it gives back
            if found is not None and found.node.kind() in FUNCTIONS:
                for each in calls(found.node, found.file.language)[:40]:
                    if self.makes(found.file, each):
                        return (found.file.path, f"made {start_of(each)}")
            return None
        return self.key(file, node)

    def listed(self, file: ScriptFile, node: SgNode, path: SgNode | None) -> list[tuple[Key, str]]:
        """The routers, with their paths, that a name within a loop over a list stands for.

        ``list.forEach((each) => app.use(each.path, each.router))``, ``for (const { path, router } of list)``.
        """
        own, wanted = dotted(node), "" if path is None else dotted(path)
        for around in node.ancestors():
            items = self._gone_through(file, around, own.partition(".")[0])
            if items is not None:
                found = []
                for item in items:
                    inner = members(item).get(last(own))
                    key = None if inner is None else self.key(file, inner)
                    if key is not None:
                        found.append((key, literal(members(item).get(last(wanted))) or ""))
                return found
        return []

    def _gone_through(self, file: ScriptFile, around: SgNode, name: str) -> list[SgNode] | None:
        """The objects of the list that a loop gives to ``name``; None: it is no such loop."""
        listed: SgNode | None = None
        if around.kind() == "for_in_statement":
            left = around.field("left")
            if left is not None and re.search(rf"\b{re.escape(name)}\b", left.text()):
                listed = around.field("right")
        elif around.kind() in FUNCTIONS and re.search(rf"\b{re.escape(name)}\b", _head(around)):
            call = next((each for each in around.ancestors() if each.kind() == "call_expression"), None)
            if call is not None and last(dotted(call)) in {"forEach", "map"}:
                function = call.field("function")
                listed = None if function is None else function.field("object")
        if listed is None:
            return None
        listed = bare(listed)
        if listed.kind() == "identifier":
            found = self._project.resolve(file, listed.text())
            if found is None or found.file is not file:
                return None
            listed = bare(found.node)
        return (
            [each for each in named(listed) if each.kind() == "object"][:200] if listed.kind() == "array" else None
        )

    def key(self, file: ScriptFile, node: SgNode, hops: int = 0) -> Key | None:
        """What tells a router apart; None: it is no router."""
        for _ in range(40):
            node = bare(node)
            if node.kind() != "call_expression":
                break
            if self.makes(file, node):
                return (file.path, f"made {start_of(node)}")
            function = node.field("function")
            inner = (
                function.field("object")
                if function is not None and function.kind() == "member_expression"
                else None
            )
            if inner is None:
                return None
            node = inner
        name = dotted(node)
        if not name:
            return None
        found = self._project.resolve(file, name)
        if found is not None and found.node.kind() == "call_expression" and not found.taken:
            return self.key(found.file, found.node, hops + 1) if hops < _MOST_HOPS else None
        if found is None and name in PARAMETERS and name not in file.imports:
            for each in node.ancestors():
                if each.kind() in FUNCTIONS and name in parameters(each):
                    return (file.path, f"parameter {name} {start_of(each)}")
        return None

    def root(self, file: ScriptFile, call: SgNode) -> tuple[Key | None, str | None]:
        """The router at the beginning of a chain of calls, and the path of ``route(path)`` within it."""
        node: SgNode = call
        route: str | None = None
        for _ in range(100):
            function = node.field("function") if node.kind() == "call_expression" else None
            if node.kind() == "call_expression" and self.makes(file, node):
                break
            if function is None or function.kind() != "member_expression":
                break
            inner = function.field("object")
            if inner is None:
                break
            if last(dotted(node)) == "route" and route is None and node is not call:
                arguments = given(node).placed
                route = (literal(arguments[0]) if arguments else None) or "{…}"
            node = bare(inner)
        return self.key(file, node), route

    def makes(self, file: ScriptFile, call: SgNode) -> bool:
        """Whether a call makes a router or an application."""
        name = dotted(call)
        function = call.field("function")
        if function is None or function.kind() == "call_expression":
            return False
        if name in _MAKERS or last(name) == "Router":
            return function.kind() in {"identifier", "member_expression"} and "express" in file.text
        source = file.imports.get(name)
        return source is not None and source.module in {"express", "express-promise-router"}


def _head(node: SgNode) -> str:
    inside = node.field("parameters") or node.field("parameter")
    return "" if inside is None else inside.text()[:400]


def parameters(node: SgNode) -> list[str]:
    """The names of the parameters of a function."""
    inside = node.field("parameters")
    if inside is None:
        single = node.field("parameter")
        return [single.text()] if single is not None else []
    return [match[0] for each in named(inside) if (match := re.match(r"[\w$]*", each.text())) is not None]
