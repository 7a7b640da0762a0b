"""The middleware of Next.js: for which paths it runs, and whether it refuses there."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.scans.routes.code import last, literals, plain
from asbuilt.scans.routes.judged import NOTHING, Judged
from asbuilt.scans.routes.script_code import FUNCTIONS, Import, ScriptFile
from asbuilt.scans.routes.script_guards import ScriptGuards

_WHERE: Final = re.compile(r"pathname|nextUrl|\.url\b|(?:is|match)\w*\(\s*(?:req\w*|request)\b")
_PASSED: Final = re.compile(r"\b\w{1,60}\([^()]{0,200}?(?:pathname|nextUrl|\.url\b)")
_PROTECTS: Final = re.compile(r"\.protect\(")
_WITHIN: Final = re.compile(r"/?\(\(\?!(.*)\)\.\*\)$", re.DOTALL)
_CHOICE: Final = re.compile(r"/\(([\w|/-]+)\)(?:\(\.\*\)|/?:\w+\*)?$")
_NAMED: Final = re.compile(r":\w+([*+?]?)")
_ABOVE: Final = re.compile(r"(?:(?<=/)|^)(?:src/)?(?:app|pages)/.*$", re.DOTALL)
_SIGN_IN: Final = re.compile(
    r"""\b([\w$]+)\s*=\s*[^;\n]{0,80}?["'`][^"'`\n]{0,80}(?:log-?_?in|sign-?_?in)""", re.IGNORECASE
)
_SENT: Final = re.compile(r"\b(?:redirect|rewrite)\(\s*([\w$]+)\s*[,)]")
_MOST: Final = 100  # patterns
_ABOUT_PATHS: Final = re.compile(r"(?i)route|path|public|protect|allow|exempt|match|private|guest")
_MOST_NAMES: Final = 30  # that are followed for one name


class Middleware(NamedTuple):
    """One middleware: the folder that it is for, its patterns (None: all paths), and what it does where."""

    folder: str
    matchers: tuple[str, ...] | None
    judged: Judged
    left_out: tuple[str, ...]
    only: tuple[str, ...]

    def is_for(self, path: str) -> bool:
        """Whether a file belongs to the same application: its ``app`` or ``pages`` lies beside."""
        return _ABOVE.sub("", path) == self.folder

    def judge(self, path: str) -> Judged:
        """What it does for a path."""
        if self.matchers is not None:
            fits = [matches(pattern, path) for pattern in self.matchers]
            if not any(fits):
                if None in fits:
                    return Judged("unknown", "whether the middleware runs for this path cannot be told")
                return NOTHING
        within = max((len(text) for text in self.only if names(text, path)), default=-1)
        outside = max((len(text) for text in self.left_out if names(text, path)), default=-1)
        if self.only and within < 0:
            return NOTHING
        if outside > within:  # the longer of two names that fit says more of the path
            return Judged("open", "the middleware leaves its path out by name")
        return self.judged


def read_middleware(guards: ScriptGuards, file: ScriptFile) -> Middleware | None:
    """What a file of middleware does; None: it gives none."""
    folder = re.sub(r"(?:(?<=/)|^)(?:src/)?[^/]*$", "", file.path)
    exported = file.exported.get("default") or file.exported.get("middleware") or file.exported.get("proxy")
    if exported is None:
        return None
    matchers = _matchers(file)
    if isinstance(exported, Import):
        judged = NOTHING
        if exported.module == "next-auth/middleware":
            judged = Judged("guard", f"the middleware of next-auth ({file.path})")
        elif "auth" in exported.module:
            judged = Judged("unknown", f"what the middleware of {exported.module} does is not known")
        return Middleware(folder, matchers, judged, (), ())
    if exported.kind() == "identifier" and exported.text() in file.imports:
        return Middleware(
            folder, matchers, Judged("unknown", f"what the middleware {exported.text()} does is not known"), (), ()
        )
    code = plain(file.root, file.language)
    if "withAuth(" in code and "next-auth/middleware" in code and not re.search(r"authorized[^,}]{0,80}true", code):
        return Middleware(folder, matchers, Judged("guard", f"withAuth of next-auth ({file.path})"), (), ())
    if not _refuses(guards, file, code):
        return Middleware(folder, matchers, NOTHING, (), ())
    left_out, only, unclear = _where(guards, file)
    judged = Judged("guard", f"the middleware refuses ({file.path})")
    if unclear and not only:
        judged = Judged("unknown", f"the middleware refuses for paths that are not followed ({file.path})")
    return Middleware(folder, matchers, judged, tuple(left_out), tuple(only))


def _refuses(guards: ScriptGuards, file: ScriptFile, code: str) -> bool:
    """Whether code refuses, or sends to a place that is named like a sign-in where it was put together."""
    if guards.words.refusal_script.search(code) or _PROTECTS.search(code):
        return True
    sent = set(_SENT.findall(code))
    return bool(sent) and bool(sent & set(_SIGN_IN.findall(plain(file.root, file.language))))


def _where(guards: ScriptGuards, file: ScriptFile) -> tuple[set[str], set[str], bool]:
    """Paths that it leaves out, paths that alone it looks at, and whether it looks at others that are not known."""
    unclear = False
    left_out: set[str] = set()
    only: set[str] = set()
    held = {name: value for name, value, _ in file.values if value.kind() != "identifier"}
    for statement in file.root.find_all(kind="if_statement")[:50]:
        condition, then = statement.field("condition"), statement.field("consequence")
        if condition is None or then is None:
            continue
        about_paths = {}
        for each in condition.find_all(kind="identifier"):
            meant = _standing_for(guards, file, each.text(), held)
            if any(text.startswith("/") for node in meant for text in literals(node)):
                about_paths[each.text()] = meant
        used = [node for meant in about_paths.values() for node in meant]
        texts = {text for node in (condition, *used) for text in literals(node) if text.startswith("/")}
        asked = condition.text() + " ".join(node.text() for node in used)
        code = plain(then, file.language)
        if not texts or not _WHERE.search(asked):
            unclear = unclear or (_PASSED.search(condition.text()) is not None and _refuses(guards, file, code))
            continue
        refuses = _refuses(guards, file, code)
        negated = _is_negated(condition.text(), set(about_paths))
        (left_out if bool(refuses) == negated else only if refuses else left_out).update(texts)
    return left_out, only, unclear


def _standing_for(guards: ScriptGuards, file: ScriptFile, name: str, held: Mapping[str, SgNode]) -> list[SgNode]:
    """What a name was given, with what the names in it were given: ``isPublic``, ``PUBLIC.some(…)``, ``PUBLIC``."""
    found: list[SgNode] = []
    waiting = [name]
    for _ in range(_MOST_NAMES):
        if not waiting:
            break
        one = waiting.pop(0)
        node = held.get(one)
        if node is None and one in file.imports:
            meant = guards.project.resolve(file, one)
            node = None if meant is None else meant.node
        if node is None and one in file.defined:
            node = file.defined[one].node
        if node is not None and node.kind() in FUNCTIONS and not _ABOUT_PATHS.search(one):
            node = None
        if node is not None and node not in found:
            found.append(node)
            if node.kind() != "array":
                waiting += [each.text() for each in node.find_all(kind="identifier")[:12]]
    return found


def _is_negated(text: str, names_of: set[str]) -> bool:
    """Whether a condition is about paths that are not named: ``!isPublic(request)``."""
    return re.search(r"!\s*(?:\w+\.)*(?:pathname|\w*[Pp]ath\w*|some|includes)", text) is not None or any(
        re.search(rf"!\s*{re.escape(name)}\b", text)
        for name in names_of
        if re.search(r"(?i)is|public|path|route", name)
    )


def _matchers(file: ScriptFile) -> tuple[str, ...] | None:
    for name, value, _ in file.values:
        if name == "config" and value.kind() == "object":
            for pair in value.find_all(kind="pair"):
                key, listed = pair.field("key"), pair.field("value")
                if key is not None and listed is not None and last(key.text()) == "matcher":
                    return tuple(text for text in literals(listed) if text.startswith("/"))[:_MOST]
    return None


def matches(pattern: str, path: str) -> bool | None:
    """Whether a pattern of a matcher fits a path; None: it is of a kind that is not read here.

    Patterns are never run as regular expressions: they belong to the repository.
    """
    pattern = pattern.replace("\\\\", "\\")
    within = _WITHIN.fullmatch(pattern)
    if within is not None:
        for choice in _choices(within[1]):
            plain_choice = choice.rstrip("$")
            if re.fullmatch(r"[\w/ .-]+", plain_choice) and path[1:].startswith(plain_choice):
                return False
        return True
    choice_of = _CHOICE.fullmatch(pattern)
    if choice_of is not None:
        return path.split("/")[1] in choice_of[1].split("|") if "/" in path else False
    pattern = pattern.replace("(.*)", ":rest*")
    return None if re.search(r"[(\[|\\]", pattern) else _fits(pattern, path)


def names(text: str, path: str) -> bool:
    """Whether a path that stands in the code means a path: itself, or what lies below."""
    if text.endswith("/*"):  # patterns as those of a shell
        text = text[:-1] + ":one"
    text = text.replace("/**", "/:rest*")
    if "(.*)" in text or ":" in text:
        return _fits(text.replace("(.*)", ":rest*"), path)
    return path == text or (len(text) > 1 and path.startswith(text.rstrip("/") + "/"))


def _fits(pattern: str, path: str) -> bool:
    """Segment by segment; a last segment that repeats takes all that is left."""
    wanted, there = pattern.strip("/").split("/"), path.strip("/").split("/")
    for place, part in enumerate(wanted):
        match = _NAMED.search(part)
        if match is not None and match[1] in {"*", "?"}:
            head = part[: match.start()]
            rest = there[place:]
            return not head or (bool(rest) and rest[0].startswith(head))
        if match is not None and match[1] == "+":
            return len(there) > place
        if place >= len(there):
            return False
        if match is None and part != there[place]:
            return False
    return len(wanted) == len(there) or wanted == [""]


def _choices(text: str) -> list[str]:
    """The choices of a group, cut at bars that lie in no group of their own."""
    found, depth, at = [], 0, 0
    for place, char in enumerate(text):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "|" and depth == 0:
            found.append(text[at:place])
            at = place + 1
    return [*found, text[at:]][:_MOST]
