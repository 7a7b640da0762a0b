"""Syntax trees of source files, each parsed once and only when it is asked for, and small questions to nodes."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple

from ast_grep_py import SgNode, SgRoot

Language = Literal["python", "javascript", "typescript", "tsx"]
LANGUAGES: Final[dict[str, Language]] = {
    ".py": "python", ".js": "javascript", ".jsx": "javascript", ".mjs": "javascript", ".cjs": "javascript",
    ".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx",
}  # fmt: skip
LARGEST: Final = 1 << 20  # bytes: a longer source file is generated
DEEPEST: Final = 400  # brackets within brackets: deeper ones are no code that a person wrote
_LONGEST_NAME: Final = 400  # characters
_MOST_STEPS: Final = 60  # of a name, or of a chain of calls
_COMMENTS: Final = {"python": re.compile("#")} | dict.fromkeys(
    ("javascript", "typescript", "tsx"), re.compile("/[/*]")
)
_ALONE: Final = re.compile(
    r'^[ \t]*[rRbBuU]{0,2}(?:"""(?:[^"]|"(?!""))*+"""|"[^"\n]*+"|'
    r"'''(?:[^']|'(?!''))*+'''|'[^'\n]*+')[ \t]*$",
    re.MULTILINE,
)
_LONG_COMMENT: Final = re.compile(r"(?:^[ \t]*#[^\n]*\n){300,}", re.MULTILINE)
_NESTING = re.compile(r"[()\[\]{}]")
_WRAPPED: Final = frozenset(
    {"parenthesized_expression", "await", "await_expression", "as_expression", "satisfies_expression",
     "non_null_expression", "type", "expression_statement"}
)  # fmt: skip
_NAMES: Final = frozenset({"identifier", "property_identifier", "shorthand_property_identifier", "type_identifier"})
_SETTING: Final = re.compile(
    r"(?<![\"'`])\b(?:process\.env|import\.meta\.env|os\.environ(?:\.get\([^()\n]*\))?|os\.getenv\([^()\n]*\)|settings|env)"
    r"(?:\.\w+|\[[^\]\n]*\])*|(?<![\w\"'`.])[A-Z][A-Z0-9]*_[A-Z0-9_]+\b(?![.(\[])"
)
_QUOTED: Final = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`")
_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*")
_CHOSEN: Final = re.compile(
    r"\b(?:request|req|ctx)\.(?:args|form|GET|POST|values|query|query_params|json|data|body|params)\b"
)
_NO_NAMES: Final = frozenset({"not", "and", "or", "is", "None", "null", "undefined", "typeof", "true", "false"})


class CodeFile:
    """One file of source code."""

    def __init__(self, path: str, data: bytes, root: SgNode | None = None) -> None:
        self.path = path
        self.language: Language = LANGUAGES[path[path.rindex(".") :].lower()]
        text = data.decode("utf-8", "replace").removeprefix("\ufeff")
        # The parser looks ahead over all lines of a comment from each of them: long ones are taken away before.
        self.text = _LONG_COMMENT.sub(lambda run: "\n" * run[0].count("\n"), text)
        self._root = root

    @cached_property
    def root(self) -> SgNode:
        """The tree."""
        return self._root if self._root is not None else SgRoot(self.text, self.language).root()

    @property
    def is_too_deep(self) -> bool:
        """Whether its brackets lie deeper in each other than anything that is walked here."""
        depth = 0
        for bracket in _NESTING.findall(self.text):
            depth = max(0, depth + (1 if bracket in "([{" else -1))
            if depth > DEEPEST:
                return True
        return False


class Given(NamedTuple):
    """The arguments of a call."""

    placed: tuple[SgNode, ...]
    named: dict[str, SgNode]


def line_of(node: SgNode) -> int:
    """Where it begins, from 1."""
    return node.range().start.line + 1


def start_of(node: SgNode) -> int:
    """Where it begins in the text: tells nodes of one file apart, together with their kind."""
    return node.range().start.index


def named(node: SgNode) -> list[SgNode]:
    """The children that mean something."""
    return [child for child in node.children() if child.is_named() and child.kind() != "comment"]


def bare(node: SgNode) -> SgNode:
    """An expression without brackets, ``await`` and casts around it."""
    for _ in range(_MOST_STEPS):
        if node.kind() not in _WRAPPED:
            break
        inside = named(node)
        if not inside:
            break
        node = inside[0]
    return node


def dotted(node: SgNode | None) -> str:
    """The name that an expression calls or reads: ``a.b`` of ``a.b(c)``; empty: it is none, or one without end."""
    name = _dotted(node)
    return name if len(name) <= _LONGEST_NAME else ""


def _dotted(node: SgNode | None) -> str:
    parts: list[str] = []
    for _ in range(_MOST_STEPS):
        if node is None:
            return ""
        node = bare(node)
        kind = node.kind()
        if kind in _NAMES or kind == "this":
            return ".".join((node.text(), *reversed(parts)))
        if kind in {"call", "call_expression"}:
            node = node.field("function")
        elif kind == "attribute":
            parts.append(_text(node.field("attribute")))
            node = node.field("object")
        elif kind in {"member_expression", "nested_identifier"}:
            parts.append(_text(node.field("property")))
            node = node.field("object")
        elif kind == "new_expression":
            node = node.field("constructor")
        else:
            return ".".join(reversed(parts)) if parts else ""
    return ""


def last(name: str) -> str:
    """The last part of a dotted name."""
    return name.rpartition(".")[2]


def given(call: SgNode) -> Given:
    """What a call is given, by place and by name."""
    placed: list[SgNode] = []
    by_name: dict[str, SgNode] = {}
    around = call.field("arguments")
    for each in named(around) if around is not None else ():
        if each.kind() == "keyword_argument":
            name, value = each.field("name"), each.field("value")
            if name is not None and value is not None:
                by_name[name.text()] = value
        else:
            placed.append(each)
    return Given(tuple(placed), by_name)


def literal(node: SgNode | None) -> str | None:
    """The text of a string that is constant; None: it is none."""
    if node is None:
        return None
    node = bare(node)
    kind = node.kind()
    if kind == "concatenated_string":
        parts = [literal(child) for child in named(node)]
        return "".join(part or "" for part in parts)
    if kind not in {"string", "template_string"}:
        return None
    text = node.text()
    if kind == "template_string":
        return text.strip("`")
    opened = re.match(r"[A-Za-z]{0,2}(\"\"\"|'''|\"|')", text)
    return text[opened.end() : -len(opened[1])] if opened else None


def literals(node: SgNode | None) -> tuple[str, ...]:
    """All constant strings in something."""
    if node is None:
        return ()
    return tuple(text for each in node.find_all(kind="string") if (text := literal(each)) is not None)


def calls(node: SgNode, language: Language) -> list[SgNode]:
    """All calls in something, in the order of the text."""
    return node.find_all(kind="call" if language == "python" else "call_expression")


def plain(node: SgNode, language: Language) -> str:
    """The code of something without comments and, in Python, without texts that stand alone.

    What is cut is found again by its own text, in its order: places in a file are slow to ask for.
    """
    text = node.text()
    cuts = [each.text() for each in node.find_all(kind="comment")] if _COMMENTS[language].search(text) else []
    kept, at = [], 0
    for cut in cuts:
        begin = text.find(cut, at)
        if begin >= 0:
            kept.append(text[at:begin])
            at = begin + len(cut)
    text = "".join((*kept, text[at:]))
    return _ALONE.sub("", text) if language == "python" else text


def around(node: SgNode, kinds: Sequence[str]) -> Iterator[SgNode]:
    """What it lies in, from the inside, of some kinds."""
    return (each for each in node.ancestors() if each.kind() in kinds)


def _text(node: SgNode | None) -> str:
    return "" if node is None else node.text()


def is_setting_alone(condition: str) -> bool:
    """Whether a condition asks for a setting and for nothing of the request: ``!process.env.TOKEN``."""
    rest, settings = _SETTING.subn(" ", condition)
    return settings > 0 and not set(_NAME.findall(_QUOTED.sub(" ", rest))) - _NO_NAMES


def without_chosen(node: SgNode, language: Language, identity: re.Pattern[str]) -> str:
    """Code without what is asked only where the caller says so: ``if request.args["strict"]: if not user: …``."""
    code = plain(node, language)
    for outer in list(node.find_all(kind="if_statement"))[:_MOST_STEPS] if _CHOSEN.search(code) else ():
        condition, then = outer.field("condition"), outer.field("consequence")
        if (
            condition is not None
            and then is not None
            and _CHOSEN.search(condition.text())
            and not identity.search(condition.text())
            and then.find(kind="if_statement") is not None
        ):
            code = code.replace(plain(then, language), "")
    return code
