"""Where code refuses somebody, and whom: a refusal counts by the conditions that lie around it.

1. Statements are gone through from the outside, as far as they hold a refusal at all.
2. Each ``if`` on the way is kept as a condition that holds or does not; names in it stand for what they were given.
3. A refusal is of whoever is not signed in when no condition on the way asks that somebody is there; one that lies
   below a condition about something else refuses only sometimes.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, Literal, NamedTuple

from ast_grep_py import SgNode

from asbuilt.scans.routes.code import Language, is_setting_alone, line_of, named, plain

Who = Literal["anonymous", "somebody", "method", "setting", "failure", "elsewhere", "other"]
PROVES: Final = re.compile(
    r"(?i)\b\w{0,40}(?:verify|decode|authenticate|validate|check|get_?(?:current_?)?user|introspect|unsign|loads|construct_?event|token|jwt|session|signature|auth|passport)\w{0,40}\s*[(\[]"
)
_CAUGHT: Final = "<what was tried failed>"
_CATCHES: Final = frozenset({"except_clause", "catch_clause", "except_group_clause"})
_DEEPEST: Final = 30
_MOST: Final = 60  # refusals of one function
_LONGEST: Final = 600  # characters of a condition with what its names stand for
_BLOCKS: Final = frozenset({"block", "statement_block"})
_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][\w$]*")
# That somebody is there, although it is written with a negation.
_PRESENT: Final = re.compile(
    r"\bis\s+not\s+(?:None|False)\b|!!|!==?\s*(?:null|undefined|['\"]undefined['\"]|false|['\"]{2})"
)
_ABSENT: Final = re.compile(
    r"!|\bnot\b|\bis\s+(?:None|False)\b|==\s*(?:None|False)|={2,3}\s*(?:null|undefined|false|['\"]{2}|0\b)|<|"
    r"(?i:anonymous|guest|unauth|invalid|missing|expired|revoked|denied|forbidden|fail|\berr(?:or)?\b|mismatch|"
    r"inactive|disabled|blocked|\blen\()"
)
_OF_ERROR: Final = re.compile(
    r"\binstanceof\b|\bisinstance\(|\b(?:e|err|error|exc|ex)\.(?:code|name|status\w*|message|type|kind)\b"
)
_METHOD: Final = re.compile(r"\bmethod\b|\bSAFE_METHODS\b")
_FAILED: Final = re.compile(
    r"(?i)\berr(?:or)?s?\b|exception|instanceof|\bis_?valid|\bvalid\b|success|\bverified\b|\bok\b"
)
# A refusal that is not for want of a sign-in.
_OTHER_CAUSE: Final = re.compile(
    r"(?i)csrf|xsrf|nonce|\borigin\b|referr?er|maintenance|read_?only|demo_?(?:mode|site)|set_?up\b|import_in_progress|"
    r"\bfeatures?\.|\bflags?\.|quota|\blimits?\b|\bhost_?(?:name)?s?\b|mime|allowed_?(?:types|extensions|mime\w*|methods|origins|hosts?\w*)|registration_?(?:open|enabled|closed|allowed)|allow_?(?:registration|sign_?up)|in_progress|already|rate_?limit|captcha|hcaptcha|"
    r"turnstile|honeypot|banned|\bip_?(?:addr\w*)?\b"
)
_HARD: Final = re.compile(
    r"(?i)401|UNAUTHORI[SZ]ED|unauthenticated|not_?authenticated|log_?in|sign_?in|credentials|invalid_?token|auth_?error"
)


class Around(NamedTuple):
    """A condition on the way to a refusal: its code, with what its names stand for, and whether it holds there."""

    text: str
    expanded: str
    holds: bool


class Refusal(NamedTuple):
    """One place that refuses: its code, and the conditions around it from the outside."""

    code: str
    line: int
    around: tuple[Around, ...]

    @property
    def is_hard(self) -> bool:
        """Whether it says that nobody is signed in (401, a sign-in), and not only that something is forbidden."""
        return _HARD.search(self.code) is not None


class Reading(NamedTuple):
    """How code is read: its language, what a refusal looks like, and what is asked of who is there."""

    language: Language
    refusal: re.Pattern[str]
    identity: re.Pattern[str]


def refusals(reading: Reading, node: SgNode, given: Mapping[str, str] | None = None) -> Iterator[Refusal]:
    """All places of a function, or of a statement, that refuse; at most 60.

    ``given``: what names stand for, where the statement lies in a function that gives them values.
    """
    names = assigned(node, reading.language) if given is None else given
    yield from islice(_within(reading, node, (), names, 0), _MOST)


def assigned(node: SgNode, language: Language) -> dict[str, str]:
    """Names -> the code that a function gives them."""
    found: dict[str, list[str]] = {}
    if language == "python":
        pairs = [(each.field("left"), each.field("right")) for each in node.find_all(kind="assignment")[:200]]
        pairs += [(each.field("name"), each.field("value")) for each in node.find_all(kind="named_expression")[:20]]
    else:
        pairs = [
            (each.field("name"), each.field("value")) for each in node.find_all(kind="variable_declarator")[:200]
        ]
        pairs += [
            (each.field("left"), each.field("right")) for each in node.find_all(kind="assignment_expression")[:100]
        ]
    for left, right in pairs:
        if left is None or right is None:
            continue
        value = right.text()[:_LONGEST]
        for name in _IDENTIFIER.findall(left.text()[:200])[:12]:
            found.setdefault(name, []).append(value)
    return {name: " ".join(values)[:_LONGEST] for name, values in found.items()}


def expanded(text: str, names: Mapping[str, str]) -> str:
    """A condition, followed by what its names were given, one step."""
    more = [names[name] for name in dict.fromkeys(_IDENTIFIER.findall(text)) if name in names]
    return f"{text} {' '.join(more)}"[: 6 * _LONGEST]


def who(condition: Around, identity: re.Pattern[str]) -> Who:
    """Whom a condition is about, as it stands on the way to a refusal."""
    text = condition.text
    if text == _CAUGHT:  # a refusal that only passes on what others say is none of its own
        return (
            "failure" if PROVES.search(condition.expanded) and identity.search(condition.expanded) else "elsewhere"
        )
    if is_setting_alone(text) or is_setting_alone(condition.expanded):
        return "setting"
    if identity.search(condition.expanded):
        without = _PRESENT.sub(" ", text)
        absent = _ABSENT.search(without) is not None
        return "anonymous" if absent == condition.holds or (absent and len(without) > 80) else "somebody"
    if _METHOD.search(text):
        return "method"
    if _FAILED.search(text):
        return "failure"
    return "other"


def is_of_anonymous(
    found: Refusal, reading: Reading, *, strict: bool, named_for_it: bool = False, asks: bool = False
) -> bool:
    """Whether a refusal is of whoever is not signed in.

    ``strict``: nothing else may decide whether it comes to that (a handler; a guard may have its own conditions).
    ``named_for_it``: what refuses is named like a guard. ``asks``: it asks somewhere who is there.
    """
    all_who = _all_who(found, reading)
    if {"somebody", "elsewhere"} & set(all_who) or _has_other_cause(found, all_who):
        return False
    if strict and any(each == "other" for each in all_who[: None if not found.is_hard else -1]):
        return False
    if not found.is_hard and "anonymous" not in all_who:
        return named_for_it or (asks and "other" not in all_who)
    return True


def _has_other_cause(found: Refusal, all_who: list[Who]) -> bool:
    """Whether it refuses for a setting, a limit, a forged request, or puts another's error into words."""
    if _OTHER_CAUSE.search(found.code) and not found.is_hard:
        return True
    if not found.around:
        return False
    nearest = found.around[-1].text
    if _OF_ERROR.search(nearest) and not any(each.text == _CAUGHT for each in found.around):
        return True
    return all_who[-1] == "setting" or _OTHER_CAUSE.search(nearest) is not None


def _within(
    reading: Reading, node: SgNode, around: tuple[Around, ...], names: Mapping[str, str], depth: int
) -> Iterator[Refusal]:
    """The refusals of a statement, a block or a function."""
    kind = node.kind()
    if depth > _DEEPEST:
        return
    if kind in _BLOCKS or kind in {"module", "program"}:
        for each in named(node):
            if reading.refusal.search(plain(each, reading.language)):
                yield from _within(reading, each, around, names, depth + 1)
        return
    if kind in {"if_statement", "elif_clause"}:
        yield from _branches(reading, node, around, names, depth)
        return
    if kind == "else_clause":
        for each in named(node):
            yield from _within(reading, each, around, names, depth + 1)
        return
    if kind == "try_statement":
        yield from _tried(reading, node, around, names, depth)
        return
    inner = [each for each in _inner_blocks(node) if reading.refusal.search(plain(each, reading.language))]
    if inner:
        for each in inner:
            yield from _within(reading, each, around, names, depth + 1)
        return
    code = plain(node, reading.language)
    if reading.refusal.search(code):
        yield Refusal(code[:_LONGEST], line_of(node), around)


def _tried(
    reading: Reading, node: SgNode, around: tuple[Around, ...], names: Mapping[str, str], depth: int
) -> Iterator[Refusal]:
    body = node.field("body")
    code = "" if body is None else expanded(" ".join(plain(body, reading.language).split()), names)
    for each in named(node):
        if reading.refusal.search(plain(each, reading.language)):
            caught = (Around(_CAUGHT, code, True),) if each.kind() in _CATCHES else ()
            for inner in named(each) if each.kind() in {*_CATCHES, "finally_clause"} else [each]:
                yield from _within(reading, inner, (*around, *caught), names, depth + 1)


def _branches(
    reading: Reading, node: SgNode, around: tuple[Around, ...], names: Mapping[str, str], depth: int
) -> Iterator[Refusal]:
    condition, then = node.field("condition"), node.field("consequence")
    text = "" if condition is None else " ".join(condition.text().split())[:_LONGEST]
    full = expanded(text, names)
    if then is not None and reading.refusal.search(plain(then, reading.language)):
        yield from _within(reading, then, (*around, Around(text, full, True)), names, depth + 1)
    for other in node.field_children("alternative"):
        if reading.refusal.search(plain(other, reading.language)):
            yield from _within(reading, other, (*around, Around(text, full, False)), names, depth + 1)


def _inner_blocks(node: SgNode) -> list[SgNode]:
    """The outermost blocks within a statement; of a function without one, what it gives back."""
    found: list[SgNode] = []
    waiting = named(node)
    for _ in range(400):
        if not waiting:
            break
        each = waiting.pop(0)
        kind = each.kind()
        if kind in _BLOCKS or kind in {"if_statement", "else_clause", "elif_clause"}:
            found.append(each)
        else:
            waiting = named(each) + waiting
    return found


def is_called_for_all(reading: Reading, node: SgNode, name: str) -> bool:
    """Whether a function comes to a call of ``name`` also where nobody is signed in."""
    called = reading._replace(refusal=re.compile(rf"\b{re.escape(name)}\s*\("))
    names = assigned(node, reading.language)
    return any(
        not {"somebody", "elsewhere"} & set(_all_who(each, reading)) for each in refusals(called, node, names)
    )


def _all_who(found: Refusal, reading: Reading) -> list[Who]:
    return [who(each, reading.identity) for each in found.around]
