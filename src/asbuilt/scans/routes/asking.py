"""Which names of a function hold who asks, or the refusal of a function that was asked (JavaScript, TypeScript).

A function tells who asks when it looks for a sign-in and gives back nothing (null, false) where there is none; it
tells a refusal when it gives back something there: ``const denied = await can("edit"); if (denied) return denied``.
"""

import re
from collections.abc import Callable
from typing import Final, Literal

from ast_grep_py import SgNode

from asbuilt.catalogue.route_guards import RouteGuards
from asbuilt.scans.routes.code import bare, dotted, given, last, named, plain
from asbuilt.scans.routes.script_code import FUNCTIONS, Definition, ScriptFile, ScriptProject

Told = Literal["who", "refusal"]
REFUSAL: Final = "! "  # before a name that holds a refusal
_WHO: Final = re.compile(
    r"(?i)authenticated|session|current_?user|logged_?in|claims|(?:get|read|verify)\w{0,40}token\b|getUser\b"
)
_ABOUT: Final = re.compile(
    r"(?i)auth|session|user|viewer|admin|member|identity|account|profile|acces|(?:get|require|fetch)_?me$"
)
_REQUEST: Final = re.compile(
    r"^(?:await )?(?:req|request|res|ctx|context|event|\w*[oO]ptions|headers|cookies|c)\b(?:\(\))?$"
)
_OFF: Final = re.compile(
    r"credentialsRequired\s*:\s*false|\boptional\s*:\s*true|required\s*:\s*false|\bskip\w*\s*:\s*true|\b(?:public|noAuth)\s*:\s*true"
)
_WORD: Final = re.compile(r"[A-Za-z_$][\w$]*")
_NEGATED: Final = re.compile(r"!|[=!]==?\s*(?:null|undefined|false)")
_GIVEN_BACK: Final = re.compile(r"\breturn\b[ \t]*([^;\n]*)")
_NOTHING: Final = re.compile(r"^(?:$|null\b|undefined\b|false\b|\[\]|\{\s*\})")
_NAMED_PARTS: Final = re.compile(r"^\{")
_CHANGES: Final = re.compile(r"\.(?:create|update|insert|delete|upsert|save|destroy)\w*\(")
_YES: Final = re.compile(r"===?|!==?|!!|\.includes\(|\.has\(|\?\.|&&")
_MOST_STATEMENTS: Final = 60


class Asking:
    """Learns what names hold, statement by statement."""

    def __init__(
        self, project: ScriptProject, words: RouteGuards, refuses: Callable[[Definition, str], bool]
    ) -> None:
        self._project, self._words, self._refuses = project, words, refuses
        self._told: dict[tuple[str, int, str], frozenset[Told]] = {}

    def learn(self, file: ScriptFile, statement: SgNode, asked: set[str]) -> None:
        """Adds names that are given who asks; with a mark, those that are given the refusal of a function."""
        for each in statement.find_all(kind="variable_declarator"):
            name, value = each.field("name"), each.field("value")
            if name is None or value is None:
                continue
            called, own = dotted(value), _WORD.findall(name.text())
            if self.is_asking(called, value) or (
                "(" not in value.text() and asked & set(_WORD.findall(value.text()))  # session?.user
            ):
                asked.update(own)
            if bare(value).kind() == "call_expression" and not _OFF.search(value.text()):
                found = self._project.resolve(file, called)
                if found is None:
                    continue
                told = self.told(found)
                if "who" in told:
                    asked.update(own)
                if "refusal" in told or self._refuses(found, called):
                    asked.update(f"{REFUSAL}{each}" for each in own)

    def is_asking(self, called: str, value: SgNode) -> bool:
        """Whether a call tells who asks: by a known name, or by one like it that is given the request alone."""
        if self._words.asks.search(last(called)) or _WHO.search(called):
            return True
        call = bare(value)
        if call.kind() != "call_expression" or _ABOUT.search(last(called)) is None or "." in called:
            return False
        return all(_REQUEST.search(each.text()) for each in given(call).placed)

    def told(self, found: Definition) -> frozenset[Told]:
        """What a function gives back of who asks; each function is read once."""
        if found.key not in self._told:
            self._told[found.key] = frozenset()  # what calls itself tells nothing more
            body = found.node.field("body") if found.node.kind() in FUNCTIONS else None
            code = "" if body is None else plain(body, found.file.language)
            if body is not None and body.kind() == "statement_block" and not _CHANGES.search(code):
                self._told[found.key] = frozenset(self._read(found.file, body, set()))
        return self._told[found.key]

    def _read(self, file: ScriptFile, block: SgNode, asked: set[str]) -> set[Told]:
        found: set[Told] = set()
        for statement in named(block)[:_MOST_STATEMENTS]:
            kind = statement.kind()
            if kind == "try_statement" and (body := statement.field("body")) is not None:
                found |= self._read(file, body, asked)
            elif kind == "if_statement":
                found |= self._branch(file, statement, asked)
            elif kind == "return_statement":
                code = plain(statement, file.language)
                if asked & set(_WORD.findall(code)) and _YES.search(code):  # return session?.user.role === "admin"
                    found.add("who")
            else:
                self.learn(file, statement, asked)
        return found

    def _branch(self, file: ScriptFile, statement: SgNode, asked: set[str]) -> set[Told]:
        condition, then = statement.field("condition"), statement.field("consequence")
        if condition is None or then is None:
            return set()
        mentioned = set(_WORD.findall(condition.text()))
        back = _GIVEN_BACK.search(plain(then, file.language))
        if back is None:
            return set()
        refused = {each for each in mentioned if f"{REFUSAL}{each}" in asked}
        if not refused and not (asked & mentioned and _NEGATED.search(condition.text())):
            return set()
        if _NOTHING.search(back[1].strip()):
            return {"who"}
        return {"who", "refusal"} if _NAMED_PARTS.search(back[1].strip()) else {"refusal"}
