"""Routes of Flask and Quart: decorators, added rules, class views, resources, and what runs before each request."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.model.route import Framework
from asbuilt.scans.routes.code import calls, dotted, given, last, line_of, literal, literals, named, plain
from asbuilt.scans.routes.judged import NOTHING, Judged, strongest
from asbuilt.scans.routes.python_code import (
    Definition,
    PythonFile,
    bases,
    class_values,
    decorators,
    methods,
)  # fmt: skip
from asbuilt.scans.routes.python_guards import PythonGuards
from asbuilt.scans.routes.reach import code_of
from asbuilt.scans.routes.settling import Seen

_FLASK: Final[Framework] = "Flask"
_APPS: Final = frozenset({"Flask", "Quart", "APIFlask", "OpenAPI"})
_PARTS: Final = frozenset({"Blueprint", "APIBlueprint", "Namespace", "SmorestBlueprint"})
_APIS: Final = frozenset({"Api", "ApiDoc"})
_LOOPS: Final = frozenset({"for_statement", "list_comprehension", "generator_expression"})
_VERBS: Final = frozenset({"get", "post", "put", "patch", "delete"})
_ADDS: Final = re.compile(r"^(?:add_url_rule|add_\w*resource)$")
_HOOKS: Final = frozenset({"before_request", "before_app_request"})
_ASKS_WHERE: Final = re.compile(r"request\.(?:endpoint|path|full_path|blueprint|url_rule|url)|scope\[|\.url\.path")
_NEGATED: Final = re.compile(r"\bnot\b|!=")
Key = tuple[str, int, str]


class Scope(NamedTuple):
    """Where something that runs before every request lets through, or where alone it looks."""

    left_out: frozenset[str]
    only: frozenset[str]

    def covers(self, *names: str) -> bool:
        """Whether a route by one of its names or paths is held."""
        if any(_fits(text, name) for text in self.left_out for name in names):
            return False
        return not self.only or any(_fits(text, name) for text in self.only for name in names)


class Hook(NamedTuple):
    """Something that runs before every request."""

    judged: Judged
    scope: Scope
    name: str
    file: str


class FlaskRoutes:
    """The routes of all Flask applications of a project."""

    def __init__(self, guards: PythonGuards) -> None:
        self._guards, self._project = guards, guards.project
        self._hooks: dict[Key, list[Hook]] = {}
        self._everywhere: list[Hook] = []
        self._parents: dict[Key, list[tuple[Key | None, str]]] = {}
        self._files = [file for file in self._project.files.values() if _is_near(file.text)]
        for file in self._files:
            self._collect(file)

    def routes(self) -> Iterator[Seen]:
        """All of them."""
        for file in self._files:
            for node in file.functions:
                for place, decorator in enumerate(decorators(node)):
                    if (found := self._verb(file, decorator)) is not None:
                        below = decorators(node)[place + 1 :]
                        yield self._decorated(file, node, decorator, found, below)
            for node in file.classes:
                for decorator in decorators(node):
                    if (found := self._verb(file, decorator)) is not None:
                        yield from self._view(
                            Definition(file, node), _path(decorator), found[1], decorator, file, NOTHING
                        )
            for call in calls(file.root, "python"):
                if _ADDS.search(last(dotted(call))) and call.field("function") is not None:
                    yield from self._added(file, call)

    def _verb(self, file: PythonFile, decorator: SgNode) -> tuple[tuple[str, ...], Definition | None] | None:
        """The methods and the application of a decorator that makes a route; None: it makes none."""
        if decorator.kind() != "call":
            return None
        receiver, _, verb = dotted(decorator).rpartition(".")
        if not receiver or (verb != "route" and verb not in _VERBS):
            return None
        owner = self._project.resolve(file, receiver)
        made = last(dotted(owner.node)) if owner is not None and owner.node.kind() == "call" else ""
        if made and made not in _APPS | _PARTS | _APIS:
            return None
        if not made and (verb != "route" or not re.search(r"\b(?:flask|quart)", file.text)):
            return None
        if verb != "route":
            return (verb.upper(),), owner
        stated = given(decorator).named.get("methods")
        return tuple(text.upper() for text in literals(stated)) or ("GET",), owner

    def _decorated(
        self,
        file: PythonFile,
        node: SgNode,
        decorator: SgNode,
        found: tuple[tuple[str, ...], Definition | None],
        below: tuple[SgNode, ...],
    ) -> Seen:
        own = node.field("name")
        name = "" if own is None else own.text()
        parts = [self._guards.expression(file, each, _FLASK) for each in below]
        path = self._prefix(found[1]) + _path(decorator)
        judged = strongest(NOTHING, *parts, self._before(found[1], file, name, path))
        return Seen(
            framework=_FLASK, methods=found[0], path=path, handler=name, file=file.path, line=line_of(node),
            judged=judged, inside=self._guards.inside(file, node, _FLASK),
            code=partial(code_of, self._project, file, node),
        )  # fmt: skip

    def _listed(self, file: PythonFile, call: SgNode) -> Iterator[tuple[Definition, str]]:
        """Resources of a list that a loop adds: ``for each in LIST: api.add_resource(*each)``."""
        around = next((each for each in call.ancestors() if each.kind() in _LOOPS), None)
        clause = None if around is None else around.find(kind="for_in_clause") or around
        listed = None if clause is None else clause.field("right")
        found = None if listed is None else self._project.resolve(file, dotted(listed))
        for item in named(found.node)[:200] if found is not None and found.node.kind() in {"list", "tuple"} else ():
            parts = named(item) if item.kind() in {"tuple", "list"} else []
            meant = self._project.resolve(found.file, dotted(parts[0])) if parts and found is not None else None
            path = next((text for each in parts[1:] if (text := literal(each)) is not None), "")
            if meant is not None and meant.node.kind() == "class_definition":
                yield meant, path

    def _added(self, file: PythonFile, call: SgNode) -> Iterator[Seen]:
        receiver, _, verb = dotted(call).rpartition(".")
        arguments = given(call)
        owner = self._project.resolve(file, receiver)
        if arguments.placed and arguments.placed[0].kind() == "list_splat":
            for each, path in self._listed(file, call):
                yield from self._view(each, path, owner, call, file, NOTHING)
            return
        if verb != "add_url_rule":
            target = arguments.placed[0] if arguments.placed else None
            path = next((text for each in arguments.placed[1:] if (text := literal(each)) is not None), "")
        else:
            target = arguments.named.get("view_func")
            if target is None and len(arguments.placed) > 2:
                target = arguments.placed[2]
            path = literal(arguments.placed[0] if arguments.placed else arguments.named.get("rule")) or ""
        stated = tuple(text.upper() for text in literals(arguments.named.get("methods"))) or ("GET",)
        wrapped = NOTHING
        for _ in range(5):  # login_required(view)
            if target is None or target.kind() != "call" or last(dotted(target)) == "as_view":
                break
            inner = given(target).placed
            wrapped = strongest(wrapped, self._guards.expression(file, target, _FLASK))
            target = inner[0] if inner else None
        name = dotted(target).removesuffix(".as_view")
        meant = self._project.resolve(file, name)
        if meant is None:
            return
        if meant.node.kind() == "class_definition":
            yield from self._view(meant, path or "", owner, call, file, wrapped)
        elif meant.node.kind() == "function_definition":
            full = self._prefix(owner) + (path or "")
            parts = [self._guards.expression(meant.file, each, _FLASK) for each in decorators(meant.node)]
            judged = strongest(wrapped, *parts, self._before(owner, file, last(name), full))
            yield Seen(
                framework=_FLASK, methods=stated, path=full, handler=name, file=meant.file.path,
                line=line_of(meant.node), judged=judged, inside=self._guards.inside(meant.file, meant.node, _FLASK),
                code=partial(code_of, self._project, meant.file, meant.node),
            )  # fmt: skip

    def _view(
        self, meant: Definition, path: str, owner: Definition | None, _: SgNode, file: PythonFile, wrapped: Judged
    ) -> Iterator[Seen]:
        """The methods of a class view, or of a resource."""
        around = [wrapped]
        full = self._prefix(owner) + path
        own = meant.node.field("name")
        name = "" if own is None else own.text()
        handlers: dict[str, Definition] = {}
        for each in self.lineage(meant):
            values = class_values(each.node)
            around += [
                self._guards.expression(each.file, values[key], _FLASK)
                for key in ("decorators", "method_decorators")
                if key in values
            ]
            for verb, node in methods(each.node).items():
                if verb in _VERBS or verb == "dispatch_request":
                    handlers.setdefault(verb, Definition(each.file, node))
        around.append(self._before(owner, file, name, full))
        for verb, handler in handlers.items():
            parts = [self._guards.expression(handler.file, each, _FLASK) for each in decorators(handler.node)]
            inside = self._guards.inside(handler.file, handler.node, _FLASK)
            yield Seen(
                framework=_FLASK, methods=("ANY" if verb == "dispatch_request" else verb.upper(),), path=full,
                handler=f"{name}.{verb}", file=handler.file.path, line=line_of(handler.node),
                judged=strongest(*around, *parts), inside=inside,
                code=partial(code_of, self._project, handler.file, handler.node),
            )  # fmt: skip

    def lineage(self, meant: Definition, depth: int = 0) -> Iterator[Definition]:
        """A class and those that it is made of, as far as they are defined here."""
        yield meant
        for base in bases(meant.node) if depth < 5 else ():
            found = self._project.resolve(meant.file, dotted(base))
            if found is not None and found.node.kind() == "class_definition" and found.key != meant.key:
                yield from self.lineage(found, depth + 1)

    def _collect(self, file: PythonFile) -> None:
        """What runs before each request, and which part lies in which."""
        for node in file.functions:
            for decorator in decorators(node):
                receiver, _, verb = dotted(decorator).rpartition(".")
                if verb in _HOOKS and receiver:
                    own = node.field("name")
                    self._hook(file, receiver, verb, Definition(file, node), own.text() if own else "")
        for call in calls(file.root, "python"):
            receiver, _, verb = dotted(call).rpartition(".")
            arguments = given(call)
            if verb in _HOOKS and receiver and arguments.placed:
                name = dotted(arguments.placed[0])
                found = self._project.resolve(file, name)
                if found is not None and found.node.kind() == "function_definition":
                    self._hook(file, receiver, verb, found, name)
            elif verb in {"register_blueprint", "add_namespace"} and arguments.placed:
                child = self._project.resolve(file, dotted(arguments.placed[0]))
                parent = self._project.resolve(file, receiver)
                if child is not None:
                    prefix = literal(arguments.named.get("url_prefix")) or ""
                    self._parents.setdefault(child.key, []).append((parent.key if parent else None, prefix))

    def _hook(self, file: PythonFile, receiver: str, verb: str, found: Definition, name: str) -> None:
        judged = self._guards.function(found.file, found.node, name, _FLASK)
        if judged.kind != "guard":
            return
        hook = Hook(judged, scope_of(self._guards, found), name, file.path)
        owner = self._project.resolve(file, receiver)
        made = last(dotted(owner.node)) if owner is not None else ""
        if owner is None or verb == "before_app_request" or made in _APPS:
            self._everywhere.append(hook)
        else:
            self._hooks.setdefault(owner.key, []).append(hook)

    def _before(self, owner: Definition | None, file: PythonFile, name: str, path: str) -> Judged:
        """What runs before every request of the part that a route belongs to."""
        hooks = [hook for hook in self._everywhere if _is_beside(hook.file, file.path)]
        endpoints = [name, path]
        keys = [owner.key] if owner is not None else []
        for key in keys:
            hooks += self._hooks.get(key, [])
            keys += [
                parent for parent, _ in self._parents.get(key, ()) if parent is not None and parent not in keys
            ][:5]
        if owner is not None and owner.node.kind() == "call":
            part = next((text for each in given(owner.node).placed if (text := literal(each)) is not None), "")
            endpoints += [f"{part}.{name}", part]
        for hook in hooks:
            if hook.scope.covers(*endpoints):
                return Judged("guard", f"before each request: {hook.judged.why}")
        if hooks:
            return Judged("open", f"{hooks[0].name} leaves it out by name")
        return NOTHING

    def _prefix(self, owner: Definition | None) -> str:
        if owner is None or owner.node.kind() != "call":
            return ""
        parents = self._parents.get(owner.key, ())
        stated = next((prefix for _, prefix in parents if prefix), "")
        return stated or literal(given(owner.node).named.get("url_prefix")) or ""


def scope_of(guards: PythonGuards, found: Definition) -> Scope:
    """Where a function that runs before each request lets through, or where alone it looks."""
    left_out: set[str] = set()
    only: set[str] = set()
    for statement in found.node.find_all(kind="if_statement")[:50]:
        condition, then = statement.field("condition"), statement.field("consequence")
        if condition is None or then is None or not _ASKS_WHERE.search(condition.text()):
            continue
        texts = set(literals(condition))
        for each in condition.find_all(kind="identifier"):
            meant = guards.project.resolve(found.file, each.text())
            if meant is not None and meant.node.kind() in {"list", "tuple", "set", "call"}:
                texts |= set(literals(meant.node))
        refuses = guards.words.refusal_python.search(plain(then, "python")) is not None
        (only if refuses and not _NEGATED.search(condition.text()) else left_out).update(texts)
    return Scope(frozenset(left_out), frozenset(only))


def _fits(text: str, name: str) -> bool:
    if text.startswith("/"):
        return name == text or (len(text) > 1 and name.startswith("/") and name.startswith(text))
    return bool(text) and text == name


def _path(call: SgNode) -> str:
    arguments = given(call)
    first = arguments.placed[0] if arguments.placed else next(
        (arguments.named[key] for key in ("rule", "path") if key in arguments.named), None
    )  # fmt: skip
    text = literal(first)
    if text is None and first is not None:  # scoped("/path"), BASE + "/path"
        inside = [each for each in literals(first) if each.startswith("/")]
        return inside[-1] if inside else "{…}"
    return text or ""


def _is_near(text: str) -> bool:
    return any(
        word in text for word in (".route", "add_url_rule", "resource(", "before_", "register_blueprint")
    ) or ("lask" in text or "quart" in text or bool(re.search(r"@\w+\.(?:post|put|patch|delete)\(", text)))


def _is_beside(one: str, other: str) -> bool:
    first, second = one.split("/"), other.split("/")
    return len(first) == 1 or len(second) == 1 or first[0] == second[0]
