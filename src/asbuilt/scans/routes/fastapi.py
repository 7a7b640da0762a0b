"""Routes of FastAPI: what each depends on, and what its router, the routers above and the application depend on."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.model.route import Framework
from asbuilt.scans.routes.code import calls, dotted, given, last, line_of, literal, literals
from asbuilt.scans.routes.flask import Scope, scope_of
from asbuilt.scans.routes.judged import NOTHING, Judged, strongest
from asbuilt.scans.routes.python_code import Definition, PythonFile, class_around, decorators
from asbuilt.scans.routes.python_guards import PythonGuards
from asbuilt.scans.routes.reach import code_of
from asbuilt.scans.routes.settling import Seen

_FASTAPI: Final[Framework] = "FastAPI"
_MAKERS: Final = frozenset({"FastAPI", "APIRouter"})
_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete", "options", "head", "api_route", "route"})
_MOST_ABOVE: Final = 8
Key = tuple[str, int, str]


class _Above(NamedTuple):
    """That a router lies in another: in which, under which path, behind what."""

    parent: Definition | None
    prefix: str
    judged: Judged


class FastApiRoutes:
    """The routes of all FastAPI applications of a project."""

    def __init__(self, guards: PythonGuards) -> None:
        self._guards, self._project = guards, guards.project
        self._above: dict[Key, list[_Above]] = {}
        self._middleware: dict[Key, list[tuple[Judged, Scope]]] = {}
        self._files = [
            file
            for file in self._project.files.values()
            if any(word in file.text for word in ("outer", "FastAPI", "fastapi"))
        ]
        for file in self._files:
            self._collect(file)

    def routes(self) -> Iterator[Seen]:
        """All of them."""
        for file in self._files:
            for node in file.functions:
                for decorator in decorators(node):
                    receiver, _, verb = dotted(decorator).rpartition(".")
                    if decorator.kind() == "call" and receiver and verb in _VERBS:
                        owner = self._owner(file, receiver)
                        if owner is not None:
                            yield self._route(file, Definition(file, node), decorator, owner, verb)
            for call in calls(file.root, "python"):
                receiver, _, verb = dotted(call).rpartition(".")
                if verb == "add_api_route" and receiver:
                    arguments = given(call)
                    target = arguments.named.get("endpoint") or next(iter(arguments.placed[1:2]), None)
                    meant = self._project.resolve(file, dotted(target))
                    owner = self._owner(file, receiver)
                    if meant is not None and owner is not None and meant.node.kind() == "function_definition":
                        yield self._route(file, meant, call, owner, "api_route")

    def _owner(self, file: PythonFile, receiver: str) -> Definition | None:
        """The router or application that a name means; one that is made elsewhere stands for itself."""
        found = self._project.resolve(file, receiver)
        if found is None or found.node.kind() != "call":
            return None
        made = last(dotted(found.node))
        return (
            found
            if made in _MAKERS or (made.endswith(("Router", "App")) and "fastapi" in found.file.text)
            else None
        )

    def _route(self, file: PythonFile, handler: Definition, call: SgNode, owner: Definition, verb: str) -> Seen:
        arguments = given(call)
        own = handler.node.field("name")
        name = "" if own is None else own.text()
        stated = tuple(text.upper() for text in literals(arguments.named.get("methods"))) or ("GET",)
        path = literal(arguments.placed[0] if arguments.placed else arguments.named.get("path")) or ""
        prefix, around = self._around(owner, path)
        parts = [self._guards.dependencies(handler.file, handler.node)]
        if (group := class_around(handler.node)) is not None:
            parts.append(self._guards.class_dependencies(handler.file, group))
        if "dependencies" in arguments.named:
            parts.append(self._listed(file, arguments.named["dependencies"]))
        parts += [
            self._guards.expression(handler.file, each, _FASTAPI)
            for each in decorators(handler.node)
            if last(dotted(each)) not in _VERBS
        ]
        inside = self._guards.inside(handler.file, handler.node, _FASTAPI)
        return Seen(
            framework=_FASTAPI, methods=stated if verb in {"api_route", "route"} else (verb.upper(),),
            path=prefix + path, handler=name, file=handler.file.path, line=line_of(handler.node),
            judged=strongest(around, *parts), inside=inside,
            code=lambda: code_of(self._project, handler.file, handler.node),
        )  # fmt: skip

    def _listed(self, file: PythonFile, node: SgNode) -> Judged:
        """A list of dependencies, or the name of one."""
        if node.kind() in {"identifier", "attribute"}:
            found = self._project.resolve(file, dotted(node))
            if found is not None:
                file, node = found.file, found.node
        return self._guards.expression(file, node, _FASTAPI)

    def _around(self, owner: Definition, path: str, depth: int = 0) -> tuple[str, Judged]:
        """The path above a router, and what it lies behind: where it is included twice, the weaker of both."""
        arguments = given(owner.node)
        own = literal(arguments.named.get("prefix")) or ""
        judged = NOTHING
        if "dependencies" in arguments.named:
            judged = self._listed(owner.file, arguments.named["dependencies"])
        for before, scope in self._middleware.get(owner.key, ()):
            if scope.covers(own + path):
                judged = strongest(judged, before)
        above = self._above.get(owner.key, []) if depth < _MOST_ABOVE else []
        if not above:
            return own, judged
        found = []
        for each in above:
            prefix, outer = ("", NOTHING)
            if each.parent is not None:
                prefix, outer = self._around(each.parent, each.prefix + own + path, depth + 1)
            found.append((prefix + each.prefix, strongest(outer, each.judged)))
        prefix, weakest = min(found, key=lambda pair: ("none", "open", "unknown", "guard").index(pair[1].kind))
        return prefix + own, strongest(judged, weakest)

    def _collect(self, file: PythonFile) -> None:
        """Which router lies in which, and what runs before each request."""
        for call in calls(file.root, "python"):
            receiver, _, verb = dotted(call).rpartition(".")
            arguments = given(call)
            if verb in {"include_router", "mount"} and arguments.placed:
                target = arguments.placed[-1 if verb == "mount" else 0]
                child = self._project.resolve(file, dotted(target))
                if child is None or child.node.kind() != "call":
                    continue
                judged = NOTHING
                if "dependencies" in arguments.named:
                    judged = self._listed(file, arguments.named["dependencies"])
                prefix = literal(arguments.placed[0]) if verb == "mount" else literal(arguments.named.get("prefix"))
                self._above.setdefault(child.key, []).append(
                    _Above(self._owner(file, receiver), prefix or "", judged)
                )
            elif verb == "add_middleware" and arguments.placed:
                self._runs_before(file, receiver, dotted(arguments.placed[0]))
        for node in file.functions:
            for decorator in decorators(node):
                receiver, _, verb = dotted(decorator).rpartition(".")
                own = node.field("name")
                if verb == "middleware" and receiver and own is not None:
                    self._runs_before(file, receiver, own.text())

    def _runs_before(self, file: PythonFile, receiver: str, name: str) -> None:
        owner, found = self._owner(file, receiver), self._project.resolve(file, name)
        if owner is not None and found is not None:
            judged = self._guards.definition(found, name, _FASTAPI)
            if judged.kind == "guard":
                self._middleware.setdefault(owner.key, []).append((judged, scope_of(self._guards, found)))
