"""Whether the code of a handler in JavaScript refuses, before it changes anything, whoever is not signed in."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.catalogue.route_guards import RouteGuards
from asbuilt.model.route import Framework
from asbuilt.scans.routes.asking import REFUSAL, Asking
from asbuilt.scans.routes.code import bare, calls, dotted, is_setting_alone, last, named, plain
from asbuilt.scans.routes.judged import NOTHING, TOO_LONG, Judged, strongest
from asbuilt.scans.routes.refusals import PROVES, Reading, assigned, is_of_anonymous, refusals
from asbuilt.scans.routes.script_code import FUNCTIONS, Definition, ScriptFile, ScriptProject

DEEPEST: Final = 4
_MOST_STATEMENTS: Final = 300  # of one block
COMMITS: Final = re.compile(
    r"\.(?:save|delete(?!Cookie)\w*|destroy\w*|create(?!Client|Hash|Hmac)\w*|update\w*|insert\w*|remove\w*|upsert\w*|executeRaw)\("
)
DEMANDS: Final = re.compile(
    r"(?i)^(?:require|ensure|verify|check|assert|protect|validate|auth|enforce|must|guard|demand)"
)
_LEAVES: Final = re.compile(r"\b(?:return|throw|redirect\(|notFound\()|\.(?:end|send|json)\(|\bnext\(\s*\w")
_METHOD: Final = re.compile(r"\bmethod\b")
_READS: Final = re.compile(r"""(?:===?|^)\s*["'`](?:GET|HEAD|OPTIONS)["'`]""")
_NEGATED: Final = re.compile(r"!|[=!]==?\s*(?:null|undefined|false)|===?\s*(?:null|undefined)")
_STATUS: Final = re.compile(r"\b(?:400|404|405|409|410|422|429|500)\b|notFound\(")
_OTHERWISE: Final = re.compile(r"(?i)not?[_ ]?(?:such|found)|bad_?request|invalid_?input")
_STOPS: Final = re.compile(
    r"\b(?:return|throw)\b|(?<!res\.)(?<!response\.)\b(?:redirect|notFound|unauthorized|forbidden|next|reject)\w{0,40}\("
)
_PROVES_OR_THROWS: Final = re.compile(
    r"\bjwt\w{0,20}\.verify\([^,()]{1,80},[^,(){}]{1,80}\)|\bjwtVerify\(|\bverifyIdToken\("
)
_GIVES_UP: Final = re.compile(r"\b(?:return|throw)\b")
_BREAKS: Final = re.compile(r"\bthrow\b|\bredirect\(")
_AT_ONCE: Final = re.compile(r"^(?:void|await|;)?\s*\(")
_GOES_ON: Final = re.compile(r"\bnext\(\s*\)")
_SIGNED: Final = re.compile(
    r"isAuthenticated\(|req(?:uest)?\.(?:user|session|auth)\b|(?i:session|current_?user|logged_?in)"
)


class Known(NamedTuple):
    """What is known of the names of a function: those that hold who asks, and what each was given."""

    asked: set[str]
    names: Mapping[str, str]


class ScriptInside(ABC):
    """Judges the code of handlers; what the names in it mean is judged by those who know the project."""

    def __init__(self, project: ScriptProject, words: RouteGuards, own: frozenset[str]) -> None:
        self.project, self.words, self.own = project, words, own
        self._asking = Asking(project, words, self._is_guard)
        self._thrown: dict[tuple[str, int, str], Judged] = {}

    @abstractmethod
    def name(self, file: ScriptFile, name: str, *frameworks: Framework, depth: int = 0) -> Judged:
        """Whether what a name means is a guard."""

    @abstractmethod
    def definition(self, found: Definition, name: str, *frameworks: Framework, depth: int = 0) -> Judged:
        """Whether a function, a class or a value is a guard."""

    def _is_guard(self, found: Definition, name: str) -> bool:
        return self.definition(found, name, depth=1).kind == "guard"

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
            code = plain(statement, file.language)
            if statement.kind() == "if_statement":
                after = "\n".join(plain(each, file.language) for each in rest[place + 1 :])
                judged = self._condition(file, statement, known, after)
                inner = (
                    None if judged.kind == "guard" else self._branched(file, statement, frameworks, known, depth)
                )
                if inner is not None and inner.kind == "guard":  # if (body.image) { if (!user) …; save() }
                    partly = inner
                    continue
            else:
                judged = self._other(file, statement, frameworks, known, depth)
            if judged.kind == "guard":
                return judged
            unknown = strongest(unknown, judged)
            if COMMITS.search(code):
                return unknown
        return strongest(partly, unknown)

    def _branched(
        self, file: ScriptFile, statement: SgNode, frameworks: tuple[Framework, ...], known: Known, depth: int
    ) -> Judged | None:
        """What the branches of an ``if`` do that change something, or are for a method; None: there are none."""
        condition = statement.field("condition")
        asks_method = condition is not None and _METHOD.search(condition.text()) is not None
        if depth < DEEPEST and (asks_method or COMMITS.search(plain(statement, file.language))):
            return self._by_method(file, _branches(statement), frameworks, known, depth)
        return None

    def _other(
        self, file: ScriptFile, statement: SgNode, frameworks: tuple[Framework, ...], known: Known, depth: int
    ) -> Judged:
        """What a statement does that is no ``if``."""
        code, inside = plain(statement, file.language), _inside_of(statement) if depth < DEEPEST else None
        if statement.kind() == "switch_statement" and _METHOD.search(code[:200]) and depth < DEEPEST:
            return self._by_method(file, _cases(statement), frameworks, known, depth) or NOTHING
        if inside is not None:
            judged = self._statements(file, inside, frameworks, known, depth + 1)
            return judged if judged.kind == "guard" else strongest(judged, self._caught(file, statement))
        self._asking.learn(file, statement, known.asked)
        judged = self._called(file, statement, frameworks, depth)
        return judged if judged.kind == "guard" else strongest(judged, self._refused(file, statement, known))

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
            judged = self._statements(file, then, frameworks, Known(set(known.asked), known.names), depth + 1)
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
        asking = calls(condition, file.language)[:4]
        is_asked = is_asked or any(self._asking.is_asking(dotted(call), call) for call in asking)
        if self._answered_there(file, asking, text, code):
            return Judged("guard", f"it goes no further where {shown}")
        if _gives_back({each for each in mentioned if f"{REFUSAL}{each}" in asked}, text, code):
            return Judged("guard", f"it gives back the refusal where {shown}")
        if is_setting_alone(text):
            return NOTHING
        stops = other is not None or _STOPS.search(code)  # an answer alone is no end: res.status(401).end(); save()
        if stops and _LEAVES.search(code) and not COMMITS.search(code) and not _METHOD.search(text):
            for found in refusals(self._reading(file), statement, known.names):
                if is_of_anonymous(found, self._reading(file), strict=True):
                    return Judged("guard", f"it refuses where {found.around[-1].text[:80]}")
        if not is_asked and not self.words.identity.search(text):
            return NOTHING
        goes_on = _GOES_ON.search(code) or (not is_asked and (_STATUS.search(code) or _OTHERWISE.search(code)))
        leaves = stops and _LEAVES.search(code) and not COMMITS.search(code) and not goes_on
        if leaves and (is_asked or _SIGNED.search(text)) and _NEGATED.search(text):
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

    def _answered_there(self, file: ScriptFile, asking: list[SgNode], text: str, code: str) -> bool:
        """Whether a guard that is asked has answered already: ``if (!(await allowed(req, res))) return``."""
        if not _GIVES_UP.search(code) or not _NEGATED.search(text) or COMMITS.search(code):
            return False
        names = [dotted(call) for call in asking]
        return any(self.words.is_likely(name) and self.name(file, name).kind == "guard" for name in names)

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
            if judged.kind != "guard":
                judged = strongest(judged, self._throws(file, name, frameworks))
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
        if _PROVES_OR_THROWS.search(code) and not re.search(r"\btry\b", code):
            return Judged("guard", f"it calls {name}, which proves a token or throws")
        if len(inside) == 1 and inside[0].kind() == "return_statement" and named(inside[0]):  # one that hands on
            return self._throws(found.file, dotted(bare(named(inside[0])[0])), frameworks)
        if not (_BREAKS.search(code) or COMMITS.search(code)):
            return NOTHING
        names = assigned(found.node, found.file.language)
        judged = self._statements(found.file, body, frameworks, Known(set(), names), 1)
        return Judged("guard", f"it calls {name}: {judged.why}") if judged.kind == "guard" else NOTHING


def _gives_back(refusals_held: set[str], asked: str, code: str) -> bool:
    """Whether a branch gives back the refusal of a function, or gives up because of it."""
    if not refusals_held or not _GIVES_UP.search(code):
        return False
    named_in_code = bool(refusals_held & set(re.findall(r"[\w$]+", code)))
    return named_in_code or not (COMMITS.search(code) or _NEGATED.search(asked))


def _inside_of(statement: SgNode) -> SgNode | None:
    """What a ``try`` holds, or a function that is called where it stands; None: it is neither."""
    if statement.kind() == "try_statement":
        return statement.field("body")
    if statement.kind() == "expression_statement" and _AT_ONCE.match(statement.text()):
        function = statement.find(kind="arrow_function")
        body = None if function is None else function.field("body")
        return body if body is not None and body.kind() == "statement_block" else None
    return None


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
