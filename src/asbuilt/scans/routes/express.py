"""Routes of Express: what stands before each by its place, in its router and in those that it is mounted in."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.model.route import Framework
from asbuilt.scans.routes.code import (
    bare,
    calls,
    dotted,
    given,
    last,
    line_of,
    literal,
    literals,
    named,
    plain,
    start_of,
)
from asbuilt.scans.routes.flask import Scope
from asbuilt.scans.routes.judged import NOTHING, Judged, strongest
from asbuilt.scans.routes.routers import PARAMETERS, Key, Routers, parameters
from asbuilt.scans.routes.script_code import FUNCTIONS, Definition, ScriptFile, required
from asbuilt.scans.routes.script_guards import ScriptGuards
from asbuilt.scans.routes.script_inside import COMMITS
from asbuilt.scans.routes.settling import Seen

_EXPRESS: Final[Framework] = "Express"
_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete"})
_OTHERS: Final = re.compile(
    r"""(?:from|require\()\s*["'](?:koa|@koa/router|koa-router|fastify|hono|supertest|axios|restify|polka|h3|elysia|itty-router)["'/]"""
)
_WHERE: Final = re.compile(r"req(?:uest)?\.(?:path|url|originalUrl|baseUrl)|\bpathname\b")
# What an unknown middleware of a whole application is named, where it may be a guard and not only read a session.
_STANDS: Final = re.compile(r"(?i)auth|login|signed|jwt|permission|guard|protect|acl|role|verify|require")
_RESPONDS: Final = re.compile(
    r"\bres(?:ponse)?\s*\.\s*(?:json|send|render|redirect|end|status|set|write|download|type)"
)
_MOST_ABOVE: Final = 6
_ORDER: Final = ("none", "open", "unknown", "guard")
_EVERYWHERE: Final = Scope(frozenset(), frozenset())


class Guarding(NamedTuple):
    """A middleware of a router: from which place on, for which paths (and method), and what it is."""

    at: int
    path: str
    judged: Judged
    scope: Scope
    verb: str = "all"


class Mount(NamedTuple):
    """That a router lies in another: at which place, under which path, behind what."""

    parent: Key
    at: int
    path: str
    judged: Judged


class Added(NamedTuple):
    """A route as it is added: to which router, at which place, and with what."""

    file: ScriptFile
    key: Key
    at: int
    verb: str
    path: str
    handlers: tuple[SgNode, ...]
    call: SgNode


class ExpressRoutes:
    """The routes of all Express applications of a project."""

    def __init__(self, guards: ScriptGuards) -> None:
        self._guards, self._project = guards, guards.project
        self._routers = Routers(guards.project)
        self._guarding: dict[Key, list[Guarding]] = {}
        self._mounts: dict[Key, list[Mount]] = {}
        self._added: list[Added] = []
        for file in self._project.files.values():
            if re.search(r"\.\s*(?:use|post|put|patch|delete|get|all|route)\(", file.text) and not _OTHERS.search(
                file.text
            ):
                self._collect(file)

    def routes(self) -> Iterator[Seen]:
        """All of them."""
        for added in self._added:
            *before, answer = added.handlers
            parts = [self._guards.expression(added.file, each, _EXPRESS) for each in before]
            path, around = self._around(added, added.key, added.at, added.path, 0)
            handler, name, wrapped = self._handler(added.file, answer)
            inside = NOTHING if handler is None else self._guards.inside(handler.file, handler.node, _EXPRESS)
            yield Seen(
                framework=_EXPRESS, methods=("ANY" if added.verb == "all" else added.verb.upper(),),
                path=path or "/", handler=name, file=added.file.path, line=_line(added.call), inside=inside,
                judged=strongest(NOTHING, *parts, around, wrapped),
                code=partial(self._code, added, handler),
            )  # fmt: skip

    def _code(self, added: Added, handler: Definition | None) -> str:
        parts = [plain(each, added.file.language) for each in added.handlers]
        if handler is not None:
            parts.append(self._guards.code_of(handler.file, handler.node))
        return "\n".join(parts)  # APART lies within the last one

    def _handler(self, file: ScriptFile, node: SgNode, depth: int = 0) -> tuple[Definition | None, str, Judged]:
        """The function that answers, its name, and what is wrapped around it."""
        wrapped, node = NOTHING, bare(node)
        for _ in range(5):
            if node.kind() == "array" and named(node):
                inner = named(node)
                wrapped = strongest(
                    wrapped, *(self._guards.expression(file, each, _EXPRESS) for each in inner[:-1])
                )
                node = bare(inner[-1])
            elif node.kind() == "call_expression" and (made := self._made(file, node)) is not None:
                return made, dotted(node), wrapped
            elif node.kind() == "call_expression" and last(dotted(node)) != "bind":
                wrapped = strongest(wrapped, self._guards.name(file, dotted(node), _EXPRESS))
                if last(dotted(node)) == "authenticate":
                    wrapped = strongest(wrapped, self._guards.expression(file, node, _EXPRESS))
                inner = [each for each in given(node).placed if each.kind() in FUNCTIONS or dotted(each)]
                if not inner:
                    return None, dotted(node), wrapped
                node = bare(inner[-1])
            else:
                break
        if node.kind() in FUNCTIONS:
            return Definition(file, node), _own_name(node), wrapped
        name = dotted(node).removesuffix(".bind")
        found = self._project.resolve(file, name)
        if found is not None and found.node.kind() in FUNCTIONS:
            return found, name, wrapped
        if (
            found is not None
            and found.node.kind() in {"call_expression", "array"}
            and not found.taken
            and depth < 4
        ):
            inner_handler, _, inner_wrapped = self._handler(found.file, found.node, depth + 1)
            return inner_handler, name, strongest(wrapped, inner_wrapped)
        return None, name, wrapped

    def _made(self, file: ScriptFile, call: SgNode) -> Definition | None:
        """The function that ``makeHandler()`` gives back; None: it is given a function, or makes none."""
        if any(each.kind() in FUNCTIONS or each.kind() == "call_expression" for each in given(call).placed):
            return None
        found = self._project.resolve(file, dotted(call))
        if found is None or found.node.kind() not in FUNCTIONS:
            return None
        if any(self._is_function(file, each) for each in given(call).placed):
            return None
        body = found.node.field("body")
        if body is not None and body.kind() in FUNCTIONS:
            return Definition(found.file, body)
        for each in found.node.find_all(kind="return_statement")[:20]:
            inner = [bare(child) for child in named(each)]
            if inner and inner[0].kind() in FUNCTIONS:
                return Definition(found.file, inner[0])
        return None

    def _is_function(self, file: ScriptFile, node: SgNode) -> bool:
        found = self._project.resolve(file, dotted(node))
        return found is not None and found.node.kind() in FUNCTIONS

    def _around(self, added: Added, key: Key, at: int, path: str, depth: int) -> tuple[str, Judged]:
        """The whole path, and what stands before it: in its own router, then in each that it is mounted in."""
        judged = NOTHING
        for guard in self._guarding.get(key, ()):
            if guard.at < at and _under(guard.path, path) and guard.verb in {"all", added.verb}:
                if guard.scope.covers(path):
                    judged = strongest(judged, guard.judged)
                elif judged.kind == "none":
                    judged = Judged("open", f"left out by name of {guard.judged.why}")
        mounts = self._mounts.get(key, []) if depth < _MOST_ABOVE else []
        if not mounts:
            return path, judged
        found = []
        for mount in mounts[:20]:
            outer_path, outer = self._around(added, mount.parent, mount.at, _joined(mount.path, path), depth + 1)
            found.append((outer_path, strongest(outer, mount.judged)))
        whole, weakest = min(found, key=lambda pair: _ORDER.index(pair[1].kind))
        return whole, strongest(judged, weakest)

    def _collect(self, file: ScriptFile) -> None:
        for call in calls(file.root, file.language):
            function = call.field("function")
            if function is None:
                continue
            if function.kind() != "member_expression":
                self._handed_over(file, call)
                continue
            verb = last(dotted(call))
            if verb not in _VERBS and verb not in {"use", "all"}:
                continue
            key, route = self._routers.root(file, call)
            if key is not None:
                self._step(file, call, key, verb, route)

    def _step(self, file: ScriptFile, call: SgNode, key: Key, verb: str, route: str | None) -> None:
        """One call of a router: a middleware, a mount, or a route."""
        at, placed = _place(call), list(given(call).placed)
        path, arguments = (route, placed) if route is not None else _parted(verb, placed)
        if path is None:
            return
        if verb in _VERBS or (verb == "all" and not self._is_guarding(file, arguments, path)):
            if arguments and not self._passes_on(file, arguments[-1]):
                self._added.append(Added(file, key, at, verb, path, tuple(arguments), call))
                return
            for each in arguments:
                judged = self._guards.expression(file, each, _EXPRESS)
                if judged.kind == "guard":
                    self._guarding.setdefault(key, []).append(Guarding(at, path, judged, _EVERYWHERE, verb))
            return
        before = NOTHING
        for each in arguments:
            child = self._routers.used(file, each)
            if child is not None and child != key:
                self._mounts.setdefault(child, []).append(Mount(key, at, path, before))
                continue
            in_loop = self._routers.listed(file, bare(each), bare(placed[0])) if child is None else []
            for one, own_path in in_loop:
                self._mounts.setdefault(one, []).append(Mount(key, at, own_path, before))
            if in_loop:
                continue
            judged = self._guards.expression(file, each, _EXPRESS)
            before = strongest(before, judged)
            if judged.kind == "guard" or (judged.kind == "unknown" and (path or _STANDS.search(dotted(each)))):
                self._guarding.setdefault(key, []).append(Guarding(at, path, judged, self._scope(file, each)))

    def _passes_on(self, file: ScriptFile, node: SgNode) -> bool:
        """Whether what stands last answers nothing itself: it only lets through, or refuses."""
        handler, name, _ = self._handler(file, node)
        if handler is None:
            source = file.imports.get(name.partition(".")[0])
            return source is not None and self._guards.words.is_guard(name, _EXPRESS)
        code = plain(handler.node, handler.file.language)
        refuses = self._guards.words.refusal_script.search(code) is not None
        return re.search(r"\bnext\(\s*\)", code) is not None and (
            refuses or (_RESPONDS.search(code) is None and COMMITS.search(code) is None)
        )

    def _is_guarding(self, file: ScriptFile, arguments: list[SgNode], path: str) -> bool:
        """Whether ``all`` adds a guard, and no route."""
        judged = self._guards.expression(file, arguments[-1], _EXPRESS) if arguments else NOTHING
        return judged.kind in {"guard", "unknown"} or path.endswith("*")

    def _scope(self, file: ScriptFile, node: SgNode) -> Scope:
        """Where a middleware lets through, by the paths that it names."""
        node = bare(node)
        if node.kind() == "call_expression" and last(dotted(node)) == "unless":
            return Scope(frozenset(text for each in given(node).placed for text in literals(each)), frozenset())
        found = (
            self._project.resolve(file, dotted(node)) if node.kind() not in FUNCTIONS else Definition(file, node)
        )
        if found is None or found.node.kind() not in FUNCTIONS:
            return _EVERYWHERE
        left_out: set[str] = set()
        only: set[str] = set()
        for statement in found.node.find_all(kind="if_statement")[:30]:
            condition, then = statement.field("condition"), statement.field("consequence")
            if condition is not None and then is not None and _WHERE.search(condition.text()):
                refuses = self._guards.words.refusal_script.search(plain(then, found.file.language))
                texts = set(literals(condition))
                for each in condition.find_all(kind="identifier"):
                    listed = self._project.resolve(found.file, each.text())
                    if listed is not None and listed.node.kind() == "array":
                        texts |= set(literals(listed.node))
                (only if refuses and "!" not in condition.text() else left_out).update(texts)
        return Scope(frozenset(left_out), frozenset(only))

    def _handed_over(self, file: ScriptFile, call: SgNode) -> None:
        """``routes(app)``: a function of another file adds routes to a router that it is given."""
        function, arguments = call.field("function"), given(call).placed
        if function is None or not arguments:
            return
        module = required(bare(function))
        target = self._project.module(file, module) if module is not None else None
        found = self._project.export(target, "default") if target is not None else None
        if module is None and function.kind() == "identifier":
            found = self._project.resolve(file, function.text())
        if found is None or found.node.kind() not in FUNCTIONS:
            return
        names = parameters(found.node)
        for place, each in enumerate(arguments[: len(names)]):
            key = self._routers.key(file, bare(each))
            if key is not None and names[place] in PARAMETERS:
                child = (found.file.path, f"parameter {names[place]} {start_of(found.node)}")
                if child != key:
                    self._mounts.setdefault(child, []).append(Mount(key, _place(call), "", NOTHING))


def _parted(verb: str, arguments: list[SgNode]) -> tuple[str | None, list[SgNode]]:
    """The path that a call begins with (empty: none), and the rest; no path at all: it is no call of a router."""
    if not arguments:
        return "", arguments
    first = bare(arguments[0])
    text = literal(first)
    if first.kind() == "array" and literals(first) and not any(dotted(each) for each in named(first)):
        text = literals(first)[0]
    is_path = text is not None or first.kind() in {"regex", "template_string"}
    if is_path or (verb != "use" and first.kind() != "array" and len(arguments) > 1):
        return text if text is not None else "{…}", arguments[1:]
    return ("", arguments) if verb == "use" else (None, arguments)


def _place(call: SgNode) -> int:
    """The place of a call in the text: of its name, since chained calls all begin at the same place."""
    function = call.field("function")
    own = function.field("property") if function is not None else None
    return start_of(own if own is not None else call)


def _line(call: SgNode) -> int:
    function = call.field("function")
    own = function.field("property") if function is not None else None
    return line_of(own if own is not None else call)


def _own_name(node: SgNode) -> str:
    name = node.field("name")
    return "" if name is None else name.text()


def _under(scope: str, path: str) -> bool:
    scope = scope.rstrip("*").rstrip("/")
    return not scope or path == scope or path.startswith((scope + "/", scope + "*"))


def _joined(above: str, path: str) -> str:
    return f"{above.rstrip('/')}/{path.lstrip('/')}" if above else path
