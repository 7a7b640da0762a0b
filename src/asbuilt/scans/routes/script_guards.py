"""Whether something in JavaScript or TypeScript refuses who is not signed in: by name, or by what its code does."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.catalogue.route_guards import RouteGuards
from asbuilt.model.route import Framework
from asbuilt.scans.routes.asking import REFUSAL, Asking
from asbuilt.scans.routes.code import (
    bare,
    calls,
    dotted,
    given,
    is_setting_alone,
    last,
    line_of,
    literal,
    named,
    plain,
    without_chosen,
)
from asbuilt.scans.routes.python_guards import ABOUT_WHO, NOTHING, TOO_LONG, Judged, strongest
from asbuilt.scans.routes.reach import APART
from asbuilt.scans.routes.refusals import PROVES, Reading, assigned, is_called_for_all, is_of_anonymous, refusals
from asbuilt.scans.routes.script_code import FUNCTIONS, Definition, ScriptFile, ScriptProject, members

_DEEPEST: Final = 4
_MOST_STATEMENTS: Final = 300  # of one block
_MOST_CALLS: Final = 40
# How a call begins that may refuse, where it is of another package.
DEMANDS: Final = re.compile(
    r"(?i)^(?:require|ensure|verify|check|assert|protect|validate|auth|enforce|must|guard|demand)"
)
COMMITS: Final = re.compile(
    r"\.(?:save|delete(?!Cookie)\w*|destroy\w*|create(?!Client|Hash|Hmac)\w*|update\w*|insert\w*|remove\w*|upsert\w*|executeRaw)\("
)
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
_LEAVES: Final = re.compile(r"\b(?:return|throw|redirect\(|notFound\()|\.(?:end|send|json)\(|\bnext\(\s*\w")
_ENDS: Final = re.compile(r"\bthrow\b|redirect\(|\bnext\(\s*(?!['\"]route)\w")
_METHOD: Final = re.compile(r"\bmethod\b")
_READS: Final = re.compile(r"""(?:===?|^)\s*["'`](?:GET|HEAD|OPTIONS)["'`]""")
_WORD: Final = re.compile(r"[A-Za-z_$][\w$]*")
_NEGATED: Final = re.compile(r"!|[=!]==?\s*(?:null|undefined|false)|===?\s*(?:null|undefined)")
_STATUS: Final = re.compile(r"\b(?:400|404|405|409|410|422|429|500)\b|notFound\(")
_OTHERWISE: Final = re.compile(r"(?i)not?[_ ]?(?:such|found)|bad_?request|invalid_?input")
_GIVES_UP: Final = re.compile(r"\b(?:return|throw)\b")
_ANSWERS: Final = re.compile(r"\bnext\b|\bres\b|\breply\b")
_BREAKS: Final = re.compile(r"\bthrow\b|\bredirect\(")
_AT_ONCE: Final = re.compile(r"^(?:void|await|;)?\s*\(")
_MAY_STOP: Final = re.compile(r"\bif\b|\bcatch\b|\?")
_GOES_ON: Final = re.compile(r"\bnext\(\s*\)")
_SIGNED: Final = re.compile(
    r"isAuthenticated\(|req(?:uest)?\.(?:user|session|auth)\b|(?i:session|current_?user|logged_?in)"
)


class Known(NamedTuple):
    """What is known of the names of a function: those that hold who asks, and what each was given."""

    asked: set[str]
    names: Mapping[str, str]


class ScriptGuards:
    """Judges names and code of a project."""

    def __init__(self, project: ScriptProject, words: RouteGuards, own: frozenset[str]) -> None:
        self.project, self.words, self.own = project, words, own
        self._asking = Asking(project, words, lambda found, name: self.definition(found, name, depth=1).kind == "guard")
        self._thrown: dict[tuple[str, int, str], Judged] = {}
        self._judged: dict[tuple[str, int, str], tuple[int, Judged]] = {}  # how deep it was asked for, and what

    def expression(self, file: ScriptFile, node: SgNode, *frameworks: Framework, depth: int = 0) -> Judged:
        """Whether a middleware, or a list of such, is a guard."""
        node = bare(node)
        kind = node.kind()
        if depth > _DEEPEST:
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
        if not name or depth > _DEEPEST:
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
        asked, judged = self._judged.get(found.key, (_DEEPEST + 1, NOTHING))
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
        """Whether an object that is made has a method that stands before something: ``handle``, ``use`` and the like."""
        found = self.project.resolve(file, dotted(made)) if depth < _DEEPEST else None
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

    def inside(self, file: ScriptFile, node: SgNode, *frameworks: Framework) -> Judged:
        """Whether a handler refuses, before it changes anything, whoever is not signed in."""
        body = node.field("body")
        if body is None:
            return NOTHING
        if body.kind() != "statement_block":  # (request) => answer(request)
            return self._handed_on(file, bare(body), frameworks)
        return self._statements(file, body, frameworks, Known(set(), assigned(node, file.language)), 0)

    def _handed_on(self, file: ScriptFile, answer: SgNode, frameworks: tuple[Framework, ...]) -> Judged:
        """What a function does that another one only hands its request to."""
        meant = self.project.resolve(file, dotted(answer)) if answer.kind() == "call_expression" else None
        if meant is None or meant.taken:
            return NOTHING
        if meant.node.kind() in FUNCTIONS and (body := meant.node.field("body")) is not None:
            names = assigned(meant.node, meant.file.language)
            if body.kind() == "statement_block":
                return self._statements(meant.file, body, frameworks, Known(set(), names), 1)
        made = meant.file.imports.get(dotted(meant.node).partition(".")[0])
        if meant.node.kind() == "call_expression" and made is not None and not made.module.startswith("."):
            return Judged("unknown", f"what answers is made by {dotted(meant.node)} of {made.module}")
        return NOTHING

    def _statements(
        self, file: ScriptFile, block: SgNode, frameworks: tuple[Framework, ...], known: Known, depth: int
    ) -> Judged:
        unknown, partly, rest = NOTHING, NOTHING, named(block)
        if len(rest) > _MOST_STATEMENTS:
            return TOO_LONG
        for place, statement in enumerate(rest):
            kind, code = statement.kind(), plain(statement, file.language)
            if kind == "if_statement":
                condition = statement.field("condition")
                after = "\n".join(plain(each, file.language) for each in rest[place + 1 :])
                judged = self._condition(file, statement, known, after)
                asks_method = condition is not None and _METHOD.search(condition.text()) is not None
                if judged.kind != "guard" and asks_method and depth < _DEEPEST:
                    inner = self._by_method(file, _branches(statement), frameworks, known, depth)
                    if inner is not None and inner.kind == "guard":
                        partly = inner
                        continue
                    if inner is not None and COMMITS.search(code):
                        return NOTHING
                elif judged.kind != "guard" and depth < _DEEPEST and COMMITS.search(code):
                    inner = self._by_method(file, _branches(statement), frameworks, known, depth)
                    if inner is not None and inner.kind == "guard":  # if (body.image) { if (!user) …; save() }
                        partly = inner
                        continue
            elif kind == "switch_statement" and _METHOD.search(code[:200]) and depth < _DEEPEST:
                judged = self._by_method(file, _cases(statement), frameworks, known, depth) or NOTHING
            elif (
                kind == "try_statement" and depth < _DEEPEST and (inside := statement.field("body")) is not None
            ) or (
                kind == "expression_statement"
                and depth < _DEEPEST
                and _AT_ONCE.match(code)
                and (
                    (inner_function := statement.find(kind="arrow_function")) is not None
                    and (inside := inner_function.field("body")) is not None
                    and inside.kind() == "statement_block"
                )
            ):
                judged = self._statements(file, inside, frameworks, known, depth + 1)
                if judged.kind != "guard":
                    judged = strongest(judged, self._caught(file, statement))
            else:
                self._asking.learn(file, statement, known.asked)
                judged = self._called(file, statement, frameworks, depth)
                if judged.kind != "guard":
                    judged = strongest(judged, self._refused(file, statement, known))
            if judged.kind == "guard":
                return judged
            unknown = strongest(unknown, judged)
            if COMMITS.search(code):
                return unknown
        return strongest(partly, unknown)

    def _by_method(
        self,
        file: ScriptFile,
        branches: Iterator[tuple[str, SgNode]],
        frameworks: tuple[Framework, ...],
        known: Known,
        depth: int,
    ) -> Judged | None:
        """What the branches for single methods do that change something: the weakest counts; None: none of them."""
        found: Judged | None = None
        for asked, then in branches:
            if _READS.search(asked):
                continue
            judged = self._statements(
                file, then, frameworks, Known(set(known.asked), known.names), depth + 1
            )
            if judged.kind == "guard" or COMMITS.search(plain(then, file.language)):
                found = judged if found is None or judged.kind != "guard" else found
        return found

    def _refused(self, file: ScriptFile, statement: SgNode, known: Known) -> Judged:
        """Whether a function that is handed on refuses: ``upload({ before: async () => { … 401 } })``."""
        if self._reading(file).refusal.search(plain(statement, file.language)):
            for found in refusals(self._reading(file), statement, known.names):
                if found.is_hard and found.around and is_of_anonymous(found, self._reading(file), strict=True):
                    return Judged("guard", f"it refuses where {found.around[-1].text[:80]}")
        return NOTHING

    def _caught(self, file: ScriptFile, statement: SgNode) -> Judged:
        """Whether a proof that fails is answered by a refusal: ``try { verify(token) } catch { … 401 }``."""
        body, clause = statement.field("body"), statement.field("handler")
        code = "" if body is None else plain(body, file.language)
        proof, change = PROVES.search(code), COMMITS.search(code)
        if clause is None or proof is None or not self.words.identity.search(code):
            return NOTHING
        if change is None or proof.start() < change.start():
            for found in refusals(self._reading(file), clause, {}):
                if found.is_hard and not found.around:
                    return Judged("guard", "it refuses where the proof fails")
        return NOTHING

    def _reading(self, file: ScriptFile) -> Reading:
        return Reading(file.language, self.words.refusal_script, self.words.identity)

    def _condition(  # noqa: PLR0911 - one a shape of refusal
        self, file: ScriptFile, statement: SgNode, known: Known, after: str
    ) -> Judged:
        asked = known.asked
        condition, then = statement.field("condition"), statement.field("consequence")
        if condition is None or then is None:
            return NOTHING
        text, code = condition.text(), plain(then, file.language)
        shown = " ".join(text.split())[:80]
        other = statement.field("alternative")
        mentioned = set(re.findall(r"[\w$]+", text))
        is_asked = bool(asked & mentioned)
        given_back = {each for each in mentioned if f"{REFUSAL}{each}" in asked}
        if given_back and _GIVES_UP.search(code) and not COMMITS.search(code) and not _NEGATED.search(text):
            return Judged("guard", f"it gives back the refusal where {shown}")
        if given_back & set(re.findall(r"[\w$]+", code)) and _GIVES_UP.search(code):
            return Judged("guard", f"it gives back the refusal where {shown}")
        if is_setting_alone(text):
            return NOTHING
        if _LEAVES.search(code) and not COMMITS.search(code) and not _METHOD.search(text):
            for found in refusals(self._reading(file), statement, known.names):
                if is_of_anonymous(found, self._reading(file), strict=True):
                    return Judged("guard", f"it refuses where {found.around[-1].text[:80]}")
        if not is_asked and not self.words.identity.search(text):
            return NOTHING
        if _LEAVES.search(code) and not COMMITS.search(code):
            if (
                (is_asked or _SIGNED.search(text))
                and _NEGATED.search(text)
                and not (
                    _GOES_ON.search(code)
                    or (not is_asked and (_STATUS.search(code) or _OTHERWISE.search(code)))
                )
            ):
                return Judged("guard", f"it goes no further where {shown}")
        if is_asked or re.search(r"isAuthenticated\(|req\.(?:user|session)", text):
            otherwise = "" if other is None else plain(other, file.language)
            refused = other is not None and (
                self.words.refusal_script.search(otherwise) or re.search(r"next\(\s*new \w*Error", otherwise)
            )
            alone = COMMITS.search(code) and not COMMITS.search(after) and not COMMITS.search(otherwise)
            if (refused or alone) and not _NEGATED.search(text):
                return Judged("guard", f"it goes on only where {shown}")
        return NOTHING

    def _called(self, file: ScriptFile, statement: SgNode, frameworks: tuple[Framework, ...], depth: int) -> Judged:
        found = [NOTHING]
        if statement.kind() in FUNCTIONS:
            return NOTHING
        if statement.kind() == "return_statement" and depth < 2 and named(statement):
            answer = bare(named(statement)[0])
            meant = self.project.resolve(file, dotted(answer)) if answer.kind() == "call_expression" else None
            body = meant.node.field("body") if meant is not None and meant.node.kind() in FUNCTIONS else None
            if meant is not None and body is not None and body.kind() == "statement_block":
                names = assigned(meant.node, meant.file.language)
                found.append(self._statements(meant.file, body, frameworks, Known(set(), names), depth + 1))
        for call in calls(statement, file.language)[:10]:
            name = dotted(call)
            if not self.words.is_likely(name) and last(name) != "protect" and name not in self.own:
                found.append(self._throws(file, name, frameworks))
                continue
            judged = self.name(file, name, *frameworks)
            if judged.kind == "guard":
                return Judged("guard", f"it calls {judged.why}")
            if not self.words.asks.search(last(name)) and DEMANDS.search(last(name)):
                found.append(judged)
        return strongest(*found)

    def _throws(self, file: ScriptFile, name: str, frameworks: tuple[Framework, ...]) -> Judged:
        """Whether a function that is called breaks off for who is not signed in; each is looked at once."""
        found = self.project.resolve(file, name)
        if found is not None and found.key not in self._thrown:
            self._thrown[found.key] = NOTHING
            self._thrown[found.key] = self._breaks_off(found, name, frameworks)
        return NOTHING if found is None else self._thrown[found.key]

    def _breaks_off(self, found: Definition, name: str, frameworks: tuple[Framework, ...]) -> Judged:
        body = found.node.field("body") if found.node.kind() in FUNCTIONS else None
        if body is None or body.kind() != "statement_block":
            return NOTHING
        code, inside = plain(body, found.file.language), named(body)
        if len(inside) == 1 and inside[0].kind() == "return_statement" and named(inside[0]):  # one that hands on
            return self._throws(found.file, dotted(bare(named(inside[0])[0])), frameworks)
        if not (_BREAKS.search(code) or COMMITS.search(code)):
            return NOTHING
        names = assigned(found.node, found.file.language)
        judged = self._statements(found.file, body, frameworks, Known(set(), names), 1)
        return Judged("guard", f"it calls {name}: {judged.why}") if judged.kind == "guard" else NOTHING

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


def _branches(statement: SgNode) -> Iterator[tuple[str, SgNode]]:
    """The conditions of a chain of ``if``, and what each leads to; the last ``else`` has none."""
    for _ in range(20):
        condition, then, other = (statement.field(name) for name in ("condition", "consequence", "alternative"))
        if then is not None and then.kind() == "statement_block":
            yield "" if condition is None else condition.text(), then
        inside = [] if other is None else named(other)
        if not inside:
            return
        if inside[0].kind() != "if_statement":
            if inside[0].kind() == "statement_block":
                yield "", inside[0]
            return
        statement = inside[0]


def _cases(statement: SgNode) -> Iterator[tuple[str, SgNode]]:
    """The cases of a ``switch``, each with what it asks for; a case is gone through as a block."""
    body = statement.field("body")
    for each in named(body) if body is not None else ():
        value = each.field("value")
        yield "" if value is None else value.text(), each
