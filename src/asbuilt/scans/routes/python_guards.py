"""Whether something in Python refuses who is not signed in: by its name, or by what its code does."""

import re
from typing import Final

from ast_grep_py import SgNode

from asbuilt.catalogue.route_guards import RouteGuards
from asbuilt.model.route import Framework
from asbuilt.scans.routes.code import (
    bare,
    calls,
    dotted,
    given,
    last,
    line_of,
    named,
    plain,
    without_chosen,
)
from asbuilt.scans.routes.judged import ABOUT_WHO, NOTHING, RANK, Judged, strongest
from asbuilt.scans.routes.python_code import (
    Definition,
    PythonFile,
    PythonProject,
    bases,
    class_fields,
    methods,
    parameters,
)
from asbuilt.scans.routes.python_inside import DEEPEST, RAISES, STRONG, PythonInside
from asbuilt.scans.routes.refusals import Reading, is_called_for_all, is_of_anonymous, refusals

_DEEPEST_EXPRESSION: Final = 20
_MOST_CALLS: Final = 60  # of one function
_FIRST_ARGUMENT: Final = frozenset(
    {"partial", "method_decorator", "Depends", "Security", "wraps", "decorator_from_middleware"}
)
_DEFINED: Final = frozenset({"function_definition", "class_definition"})
_OFF: Final = {"optional": "True", "auto_error": "False", "required": "False"}
_METHODS: Final = (
    "__call__", "dispatch", "has_permission", "test_func", "process_request", "process_view", "check_permissions",
)  # fmt: skip
_LOOKS_UP: Final = re.compile(r"(?i)by_?(?:id|name|slug|e?mail|uuid|pk)\b|exist|^find|^lookup|or_?404|_id$")
_CAUGHT: Final = re.compile(
    r"^except\s*(?::|[^:\n]*\b(?:Exception|BaseException|\w*HTTPException|APIException|\w*(?:Auth|Credential|Denied|Forbidden)\w*))"
)
_TO_NOTHING: Final = re.compile(r"\breturn(?:[ \t]+None)?[ \t]*(?:$|\n)|\bpass\b|=[ \t]*None\b")


class PythonGuards(PythonInside):
    """Judges names and code of a project."""

    def __init__(self, project: PythonProject, words: RouteGuards, own: frozenset[str]) -> None:
        super().__init__(project, words)
        self.own = own
        self._judged: dict[tuple[str, int, str], tuple[int, Judged]] = {}  # how deep it was asked for, and what
        self._raising = Reading("python", RAISES, words.identity)

    def expression(  # noqa: PLR0911 - one a kind of node
        self, file: PythonFile, node: SgNode, *frameworks: Framework, depth: int = 0
    ) -> Judged:
        """Whether a decorator, a dependency, a base or a list of such is a guard."""
        node = bare(node)
        kind = node.kind()
        if depth > _DEEPEST_EXPRESSION:
            return Judged("unknown", "it is too intricate to be followed")
        if kind in {"list", "tuple", "set"}:
            return strongest(*(self.expression(file, each, *frameworks, depth=depth) for each in named(node)[:50]))
        if kind == "binary_operator":
            sides = [self.expression(file, each, *frameworks, depth=depth + 1) for each in named(node)[:2]]
            either = "|" in [child.text() for child in node.children()]
            return min(sides, key=lambda judged: RANK[judged.kind]) if either else strongest(*sides)
        if kind == "lambda":
            return Judged("guard", "it asks who is there") if STRONG.search(node.text()) else NOTHING
        if kind == "call":
            called, arguments = dotted(node), given(node)
            for name, off in _OFF.items():
                if name in arguments.named and arguments.named[name].text() == off:
                    return Judged("none", f"{called} with {name}={off} refuses nobody")
            if last(called) in _FIRST_ARGUMENT and arguments.placed:
                return self.expression(file, arguments.placed[0], *frameworks, depth=depth + 1)
            return self.name(file, called, *frameworks, depth=depth)
        return self.name(file, dotted(node), *frameworks, depth=depth)

    def name(  # noqa: PLR0911 - one an answer
        self, file: PythonFile, name: str, *frameworks: Framework, depth: int = 0
    ) -> Judged:
        """Whether what a name means is a guard."""
        if not name or depth > DEEPEST:
            return NOTHING
        if name in self.own or last(name) in self.own:
            return Judged("guard", f"{name} is a guard by asbuilt.toml")
        found = self.project.resolve(file, name)
        if found is None:  # `flask_login.login_required as needs_login`
            module, original = file.imports.get(name.partition(".")[0], ("", None))
            known = original if original and "." not in name else name
            if self.words.is_open(known, *frameworks):
                return Judged("open", f"{name} lets everybody in")
            if self.words.is_guard(known, *frameworks):
                return Judged("guard", f"{name}")
            if self.words.is_likely(known) and (module or "." not in name):
                return Judged("unknown", f"{name} is named like a guard, and is not defined here")
            return NOTHING
        return self.definition(found, name, *frameworks, depth=depth)

    def definition(self, found: Definition, name: str, *frameworks: Framework, depth: int = 0) -> Judged:
        """Whether a function, a class or a value is a guard."""
        own = found.node.field("name")
        name = last(name) if own is None else own.text()  # one name, wherever it is asked for from
        asked, judged = self._judged.get(found.key, (DEEPEST + 1, NOTHING))
        if depth < asked and judged.kind != "guard":  # what was asked for from further away may have been cut short
            self._judged[found.key] = depth, NOTHING  # what calls itself says nothing more of itself
            judged = self._definition(found, name, frameworks, depth)
            self._judged[found.key] = depth, judged
        return judged

    def _definition(self, found: Definition, name: str, frameworks: tuple[Framework, ...], depth: int) -> Judged:
        kind = found.node.kind()
        if kind == "function_definition":
            return self.function(found.file, found.node, name, *frameworks, depth=depth)
        if kind == "class_definition":
            own = methods(found.node)
            parts = [
                self.function(found.file, own[each], name, *frameworks, depth=depth)
                for each in _METHODS
                if each in own
            ]
            parts += [self.expression(found.file, each, *frameworks, depth=depth + 1) for each in bases(found.node)]
            if "__init__" in own:
                parts.append(self.dependencies(found.file, own["__init__"], depth + 1))
            if "test_func" in own and any(
                last(dotted(each)) == "UserPassesTestMixin" for each in bases(found.node)
            ):
                parts.append(Judged("guard", f"{name} tests who asks"))
            return strongest(NOTHING, *parts)
        return self.expression(found.file, found.node, *frameworks, depth=depth + 1)

    def function(self, file: PythonFile, node: SgNode, name: str, *frameworks: Framework, depth: int = 0) -> Judged:
        """Whether a function refuses somebody, itself or by what it calls."""
        own_refusal = self._own_refusal(file, node, name)
        if own_refusal.kind != "none":
            return own_refusal
        inner = [self.dependencies(file, node, depth + 1)]
        swallowed = _swallowed(node, self.words)
        for call in calls(node, "python")[:_MOST_CALLS]:
            called, at = dotted(call), call.range().start.index
            if called and last(called) != last(name) and not any(start <= at < end for start, end in swallowed):
                judged = self.expression(file, call, *frameworks, depth=depth + 1)
                if judged.kind == "guard":
                    if is_called_for_all(self._refusing, node, last(called)):
                        return Judged("guard", f"{name}, by {judged.why}")
                    continue
                inner.append(judged)
        own = {
            each.text() for inside in node.find_all(kind="function_definition") if (each := inside.field("name"))
        }
        for returned in node.find_all(kind="return_statement")[:10]:  # a function that gives back a dependency
            at = returned.range().start.index
            if any(start <= at < end for start, end in swallowed):
                continue
            for each in returned.find_all(kind="identifier")[:6]:
                meant = None if each.text() in own else self.project.resolve(file, each.text())
                if meant is not None and meant.node.kind() in _DEFINED and depth < DEEPEST:
                    judged = self.definition(meant, each.text(), *frameworks, depth=depth + 1)
                    inner.append(judged if judged.kind == "guard" else NOTHING)
        best = strongest(*inner)
        if best.kind == "guard" or (best.kind == "unknown" and self.words.is_likely(name)):
            return best
        return own_refusal if own_refusal.why else Judged("none", f"nothing in {name} refuses")

    def _own_refusal(self, file: PythonFile, node: SgNode, name: str) -> Judged:
        """Whether the code of a function itself refuses whoever is not signed in."""
        code, place = plain(node, "python"), f"({file.path}:{line_of(node)})"
        is_likely = self.words.is_likely(name)
        is_about_who = is_likely and ABOUT_WHO.search(name) is not None
        refuses = self.words.refusal_python.search(code) is not None
        if refuses:
            if not self.words.refusal_python.search(without_chosen(node, "python", self.words.identity)):
                return Judged("unknown", f"{name} refuses only where the request asks for it")
            asks = self.words.identity.search(code) is not None
            for found in refusals(self._refusing, node):
                if is_of_anonymous(found, self._refusing, strict=False, named_for_it=is_about_who, asks=asks):
                    return Judged("guard", f"{name} refuses {place}")
        if is_likely and RAISES.search(code) and not _LOOKS_UP.search(name):
            for found in refusals(self._raising, node):
                if (found.around or is_about_who) and is_of_anonymous(
                    found, self._raising, strict=True, named_for_it=is_about_who
                ):
                    return Judged("guard", f"{name} refuses, and is named for it {place}")
        return Judged("none", f"{name} refuses, and not for want of a sign-in") if refuses else NOTHING

    def dependencies(self, file: PythonFile, node: SgNode, depth: int = 0) -> Judged:
        """Whether a parameter of a function depends on a guard (FastAPI)."""
        if depth > DEEPEST:
            return NOTHING
        found = [NOTHING]
        for annotation, default in parameters(node):
            parts = [part for part in (annotation, default) if part is not None]
            found += [self._depends(file, part, annotation, depth) for part in parts]
        return strongest(*found)

    def class_dependencies(self, file: PythonFile, node: SgNode, depth: int = 0) -> Judged:
        """Whether a class of routes, or one that it is made of, has a name that depends on a guard (FastAPI)."""
        found = [NOTHING]
        for annotation, value in class_fields(node):
            parts = [part for part in (annotation, value) if part is not None]
            found += [self._depends(file, part, annotation, depth) for part in parts]
        own = methods(node)
        if "__init__" in own:
            found.append(self.dependencies(file, own["__init__"], depth))
        for base in bases(node) if depth < DEEPEST else ():
            above = self.project.resolve(file, dotted(base))
            if above is not None and above.node.kind() == "class_definition" and above.node.range() != node.range():
                found.append(self.class_dependencies(above.file, above.node, depth + 1))
        return strongest(*found)

    def _depends(self, file: PythonFile, part: SgNode, annotation: SgNode | None, depth: int) -> Judged:
        if depth > DEEPEST:
            return NOTHING
        asked = [call for call in calls(part, "python") if last(dotted(call)) in {"Depends", "Security"}]
        found = [NOTHING]
        for call in asked:
            arguments = given(call)
            target = next(iter(arguments.placed), arguments.named.get("dependency"))
            if target is None and annotation is not None:
                target = next(iter(annotation.find_all(kind="identifier")), None)
            if target is not None:
                found.append(self.expression(file, target, "FastAPI", depth=depth))
        if not asked and part is annotation:
            named_so = [*part.find_all(kind="attribute")[:4], *part.find_all(kind="identifier")[:8]]
            for each in named_so:
                alias = self.project.resolve(file, each.text())
                if alias is not None and alias.node.kind() in {"subscript", "generic_type"}:
                    found.append(self._depends(alias.file, alias.node, alias.node, depth + 1))
        return strongest(*found)


def _swallowed(node: SgNode, words: RouteGuards) -> list[tuple[int, int]]:
    """Where a refusal is caught and comes to nothing: ``except HTTPException: return None``."""
    found = []
    for attempt in list(node.find_all(kind="try_statement"))[:20]:
        body = attempt.field("body")
        for clause in (each for each in attempt.children() if each.kind() == "except_clause"):
            code = plain(clause, "python")
            if (
                body is not None
                and _CAUGHT.search(code)
                and _TO_NOTHING.search(code)
                and not (RAISES.search(code) or words.refusal_python.search(code))
            ):
                found.append((body.range().start.index, body.range().end.index))
    return found
