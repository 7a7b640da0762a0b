"""Whether something in JavaScript or TypeScript refuses who is not signed in: by name, or by what its code does."""

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
    literal,
    named,
    plain,
    without_chosen,
)
from asbuilt.scans.routes.judged import ABOUT_WHO, NOTHING, Judged, strongest
from asbuilt.scans.routes.reach import APART
from asbuilt.scans.routes.refusals import Reading, is_called_for_all, is_of_anonymous, refusals
from asbuilt.scans.routes.script_code import FUNCTIONS, Definition, ScriptFile, ScriptProject, members
from asbuilt.scans.routes.script_inside import DEEPEST, ScriptInside

_MOST_CALLS: Final = 40
# How a call begins that may refuse, where it is of another package.
_SIGNS_IN: Final = re.compile(
    r"(?i)^(?:local|google|github|facebook|twitter|linkedin|oauth|saml|apple|magic|discord|login|signup)"
)
_STANDING: Final = ("handle", "use", "execute", "run", "canActivate", "intercept", "process", "handler")
_HEADERS: Final = frozenset(
    {"helmet", "lusca", "cors", "morgan", "csurf", "hpp", "compression", "passport", "express-session"}
)
_OFF: Final = re.compile(
    r"credentialsRequired\s*:\s*false|\boptional\s*:\s*true|required\s*:\s*false|\bskip\w*\s*:\s*true|\b(?:public|noAuth)\s*:\s*true"
)
_ENDS: Final = re.compile(r"\bthrow\b|redirect\(|\bnext\(\s*(?!['\"]route)\w")
_WORD: Final = re.compile(r"[A-Za-z_$][\w$]*")
_ANSWERS: Final = re.compile(r"\bnext\b|\bres\b|\breply\b")
_MAY_STOP: Final = re.compile(r"\bif\b|\bcatch\b|\?")


class ScriptGuards(ScriptInside):
    """Judges names and code of a project."""

    def __init__(self, project: ScriptProject, words: RouteGuards, own: frozenset[str]) -> None:
        super().__init__(project, words, own)
        self._judged: dict[tuple[str, int, str], tuple[int, Judged]] = {}  # how deep it was asked for, and what

    def expression(self, file: ScriptFile, node: SgNode, *frameworks: Framework, depth: int = 0) -> Judged:
        """Whether a middleware, or a list of such, is a guard."""
        node = bare(node)
        kind = node.kind()
        if depth > DEEPEST:
            return NOTHING
        if kind == "array":
            return strongest(
                NOTHING, *(self.expression(file, each, *frameworks, depth=depth) for each in named(node)[:50])
            )
        if kind == "spread_element" and named(node):
            return self.expression(file, named(node)[0], *frameworks, depth=depth)
        if kind in FUNCTIONS:
            return self.function(file, node, "it", *frameworks, depth=depth)
        if kind == "call_expression":
            return self._call(file, node, frameworks, depth)
        return self.name(file, dotted(node), *frameworks, depth=depth)

    def _call(self, file: ScriptFile, node: SgNode, frameworks: tuple[Framework, ...], depth: int) -> Judged:
        name, arguments = dotted(node), given(node).placed
        if last(name) == "authenticate" and arguments and _SIGNS_IN.search(literal(arguments[0]) or ""):
            return Judged("open", f"it is a sign-in ({name} with {literal(arguments[0])})")
        function = node.field("function")
        if (
            last(name) in {"unless", "bind"}
            and function is not None
            and (inner := function.field("object")) is not None
        ):
            return self.expression(file, inner, *frameworks, depth=depth + 1)
        if any(_OFF.search(each.text()) for each in arguments):
            return Judged("none", f"{name} is told to let everybody in")
        judged = self.name(file, name, *frameworks, depth=depth)
        if judged.kind == "guard":
            return judged
        inner_judged = [
            self.expression(file, each, *frameworks, depth=depth + 1)
            for each in arguments[:6]
            if each.kind() in {"identifier", "member_expression", "call_expression"} or each.kind() in FUNCTIONS
        ]
        return strongest(judged, *(each for each in inner_judged if each.kind == "guard"))

    def name(  # noqa: PLR0911 - one an answer
        self, file: ScriptFile, name: str, *frameworks: Framework, depth: int = 0
    ) -> Judged:
        """Whether what a name means is a guard."""
        if not name or depth > DEEPEST:
            return NOTHING
        if name in self.own or last(name) in self.own:
            return Judged("guard", f"{name} is a guard by asbuilt.toml")
        found = self.project.resolve(file, name)
        if found is not None and not found.taken:
            judged = self.definition(found, name, *frameworks, depth=depth)
            if (
                judged.kind == "none"
                and self.words.is_guard(name, *frameworks)
                and _MAY_STOP.search(found.node.text())
            ):
                return Judged("unknown", f"{name} is named like a guard, and what it does is not understood")
            return judged
        source = file.imports.get(name.partition(".")[0])
        known = name
        if source is not None and source.name not in {"*", "default"} and "." not in name:
            known = source.name
        outside = source is not None and not source.module.startswith(".")
        if self.words.is_guard(known, *frameworks):
            return Judged("guard", name)
        if source is not None and outside and self.words.is_guard(source.module, *frameworks):
            return Judged("guard", f"{name} of {source.module}")
        is_header = source is not None and source.module in _HEADERS
        if (
            source is not None
            and not is_header
            and self.words.is_likely(known)
            and not self.words.asks.search(last(known))
        ):
            return Judged("unknown", f"{name} is named like a guard, and is not defined here")
        return NOTHING

    def definition(self, found: Definition, name: str, *frameworks: Framework, depth: int = 0) -> Judged:
        """Whether a function, a class or a value is a guard."""
        own = found.node.field("name")
        name = last(name) if own is None else own.text()  # one name, wherever it is asked for from
        asked, judged = self._judged.get(found.key, (DEEPEST + 1, NOTHING))
        if depth < asked and judged.kind != "guard":  # what was asked for from further away may have been cut short
            self._judged[found.key] = depth, NOTHING  # what calls itself says nothing more of itself
            if found.node.kind() in FUNCTIONS:
                judged = self.function(found.file, found.node, name, *frameworks, depth=depth)
            else:
                judged = self.expression(found.file, found.node, *frameworks, depth=depth + 1)
            self._judged[found.key] = depth, judged
        return judged

    def function(self, file: ScriptFile, node: SgNode, name: str, *frameworks: Framework, depth: int = 0) -> Judged:
        """Whether a function refuses somebody, itself or by what it calls."""
        own_refusal = self._own_refusal(file, node, name)
        if own_refusal.kind != "none":
            return own_refusal
        best, reading = NOTHING, self._reading(file)
        own_names = set(_WORD.findall(_parameters(node)))
        # What only tells who asks may call what refuses for a reason of its own.
        only_asks = self.words.asks.search(name) is not None and _ANSWERS.search(node.text()) is None
        for call in [] if only_asks else calls(node, file.language)[:_MOST_CALLS]:
            called = dotted(call)
            if called and last(called) != last(name) and not called.startswith(("res.", "console.")):
                found = [self.name(file, called, *frameworks, depth=depth + 1)]
                found += [  # withChecks(handler, requireUser)
                    self.name(file, dotted(each), *frameworks, depth=depth + 1)
                    for each in given(call).placed[:6]
                    if each.kind() == "identifier" and each.text() not in own_names
                ]
                judged = strongest(*found)
                if judged.kind == "guard" and is_called_for_all(reading, node, last(called)):
                    return Judged("guard", f"{name}, by {judged.why}")
                best = strongest(best, NOTHING if judged.kind == "guard" else judged)
        for made in node.find_all(kind="new_expression")[:6]:  # () => new AuthMiddleware(...)
            judged = self._object(file, made, name, frameworks, depth)
            if judged.kind == "guard":
                return judged
        if best.kind == "unknown" and self.words.is_likely(name):
            return best
        return own_refusal if own_refusal.why else Judged("none", f"nothing in {name} refuses")

    def _object(
        self, file: ScriptFile, made: SgNode, name: str, frameworks: tuple[Framework, ...], depth: int
    ) -> Judged:
        """Whether an object has a method that stands before something: ``handle``, ``use`` and the like."""
        found = self.project.resolve(file, dotted(made)) if depth < DEEPEST else None
        for method in _STANDING if found is not None else ():
            inner = members(found.node).get(method) if found is not None else None
            if found is not None and inner is not None and inner.kind() in FUNCTIONS:
                judged = self.function(found.file, inner, dotted(made), *frameworks, depth=depth + 1)
                if judged.kind == "guard":
                    return Judged("guard", f"{name}, by {judged.why}")
        return NOTHING

    def _own_refusal(self, file: ScriptFile, node: SgNode, name: str) -> Judged:
        """Whether the code of a function itself refuses whoever is not signed in."""
        code, place = plain(node, file.language), f"({file.path}:{line_of(node)})"
        refuses = self.words.refusal_script.search(code) is not None
        if refuses:
            if not self.words.refusal_script.search(without_chosen(node, file.language, self.words.identity)):
                return Judged("unknown", f"{name} refuses only where the request asks for it")
            reading = self._reading(file)
            is_about_who = self.words.is_likely(name) and ABOUT_WHO.search(name) is not None
            asks = self.words.identity.search(code) is not None
            for found in refusals(reading, node):
                if is_of_anonymous(found, reading, strict=False, named_for_it=is_about_who, asks=asks):
                    return Judged("guard", f"{name} refuses {place}")
        if (self.words.is_likely(name) or name == "it") and self._stops(file, node):
            return Judged("guard", f"{name} goes no further, and is named for it {place}")
        return Judged("none", f"{name} refuses, and not for want of a sign-in") if refuses else NOTHING

    def _stops(self, file: ScriptFile, node: SgNode) -> bool:
        reading = Reading(file.language, _ENDS, self.words.identity)
        return any(
            is_of_anonymous(found, reading, strict=True) and found.around for found in refusals(reading, node)
        )

    def code_of(self, file: ScriptFile, node: SgNode) -> str:
        """The code of a handler, and of the functions that it calls, one step further."""
        parts = [plain(node, file.language)]
        for call in calls(node, file.language)[:16]:
            found = self.project.resolve(file, dotted(call))
            if found is not None and found.node.kind() in FUNCTIONS:
                parts.append(plain(found.node, found.file.language))
        return (parts[0] + APART + "\n".join(parts[1:]))[:40_000]


def _parameters(node: SgNode) -> str:
    inside = node.field("parameters") or node.field("parameter")
    return "" if inside is None else inside.text()
