"""Routes of Next.js: handlers of the app folder and of ``pages/api``, server actions, and their middleware."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.model.route import Framework
from asbuilt.scans.routes.code import bare, calls, dotted, given, last, line_of, literal, named, plain
from asbuilt.scans.routes.judged import NOTHING, Judged, strongest
from asbuilt.scans.routes.middleware import Middleware, read_middleware
from asbuilt.scans.routes.script_code import FUNCTIONS, Definition, Import, ScriptFile
from asbuilt.scans.routes.script_guards import ScriptGuards
from asbuilt.scans.routes.script_inside import COMMITS
from asbuilt.scans.routes.settling import Seen

_NEXT: Final[Framework] = "Next.js"
_HANDLERS: Final = re.compile(r"(?:^|/)app/(?:.*/)?route\.(?:ts|js|tsx|jsx|mts|mjs)$")
_PAGES: Final = re.compile(r"(?:^|/)pages/api/.+\.(?:ts|js|tsx|jsx|mts|mjs)$")
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ACTION: Final = re.compile(r"""["']use server["']""")
_ASKED: Final = re.compile(
    r"""method\s*[!=]==?\s*["'`](\w+)|case\s+["'`](GET|POST|PUT|PATCH|DELETE)["'`]|["'`](GET|POST|PUT|PATCH|DELETE)["'`]"""
)
_KNOWS: Final = re.compile(r"\bmethod\b")
_NOT_AN_ACTION: Final = re.compile(
    r"^(?:get|list|fetch|find|load|search|count|read|query|is|has|check)(?=[A-Z_]|$)"
)
_OWN_AUTH: Final = re.compile(
    r"NextAuth\(|toNextJsHandler\(|handleAuth\(|betterAuth\(|createAuthHandler|AuthHandler\("
)


_SIGNS: Final = re.compile(r"(?:^|\.)sign(?:In|Out)\w*$|(?:^|\.)log(?:in|out)$")
_NO_ACTIONS: Final = re.compile(r"^generate(?:Metadata|StaticParams|Viewport)$")
_WAITS: Final = re.compile(r"\bawait\b|\.then\(|\bfetch\(|\bcookies\(|\brevalidate")
_IN_MEMORY: Final = frozenset({"push", "append", "set", "add", "generateMetadata"})


class Answer(NamedTuple):
    """What answers: a function, what is wrapped around it, and where it stands."""

    found: Definition | None
    wrapped: Judged
    node: SgNode


class NextRoutes:
    """The routes of all Next.js applications of a project."""

    def __init__(self, guards: ScriptGuards) -> None:
        self._guards, self._project = guards, guards.project
        self._middleware = [
            found
            for file in self._project.files.values()
            if re.search(r"(?:^|/)(?:src/)?(?:middleware|proxy)\.(?:ts|js|mts|mjs)$", file.path)
            and (found := read_middleware(guards, file)) is not None
        ]

    def routes(self) -> Iterator[Seen]:
        """All of them."""
        for file in self._project.files.values():
            if _HANDLERS.search(file.path):
                yield from self._handlers(file)
            elif _PAGES.search(file.path):
                yield from self._page(file)
            elif _ACTION.search(file.text):
                yield from self._actions(file)

    def _handlers(self, file: ScriptFile) -> Iterator[Seen]:
        path = "/" + "/".join(
            part
            for part in re.split(r"(?:^|/)app/", file.path, maxsplit=1)[-1].split("/")[:-1]
            if not part.startswith(("(", "@"))
        )
        for method in _METHODS:
            exported = file.exported.get(method)
            if exported is None:
                continue
            line = self._line(file, method, exported)
            if isinstance(exported, Import):
                own = _OWN_AUTH.search(file.text) or re.search(r"auth", exported.module)
                judged = Judged("open", "the handlers of a sign-in library") if own else NOTHING
                yield self._seen(file, (method,), path, method, line, Answer(None, judged, file.root), NOTHING)
                continue
            answer = self._answer(file, exported, method)
            if answer.found is None and answer.wrapped.kind == "none":
                answer = answer._replace(wrapped=Judged("unknown", f"what answers {method} is made elsewhere"))
            yield self._seen(file, (method,), path, method, line, answer, self._before(file, path))

    def _line(self, file: ScriptFile, name: str, exported: SgNode | Import) -> int:
        """Where a name is given to the outside."""
        if not isinstance(exported, Import) and exported.kind() in FUNCTIONS:
            outer = next((each for each in exported.ancestors() if each.kind() == "variable_declarator"), exported)
            own = outer.field("name")
            return line_of(own if own is not None and own.text() == name else exported)
        for node in file.root.find_all(kind="export_statement"):
            if re.search(rf"\b{re.escape(name)}\b", node.text()[:2000]):
                return line_of(node)
        return 1

    def _page(self, file: ScriptFile) -> Iterator[Seen]:
        exported = file.exported.get("default")
        if exported is None or isinstance(exported, Import):
            return
        path = "/api/" + re.split(r"(?:^|/)pages/api/", file.path, maxsplit=1)[-1].rpartition(".")[0]
        path = path.removesuffix("/index")
        answer = self._answer(file, exported, "default")
        where = answer.found.node if answer.found is not None and answer.found.file is file else exported
        code = "" if answer.found is None else plain(answer.found.node, answer.found.file.language)
        code += plain(exported, file.language) if exported.kind() == "call_expression" else ""
        asked = {name.upper() for match in _ASKED.finditer(code) for name in match.groups()[:2] if name}
        asked = asked or {match[3] for match in _ASKED.finditer(code) if match[3]}
        asked &= set(_METHODS)
        methods = tuple(method for method in _METHODS if method in asked) or ("ANY",)
        if answer.found is None and answer.wrapped.kind == "none":
            own = _OWN_AUTH.search(file.text)
            judged = (
                Judged("open", "the handlers of a sign-in library")
                if own
                else Judged("unknown", "what answers is made elsewhere")
            )
            answer = answer._replace(wrapped=judged)
        if _OWN_AUTH.search(file.text) and "auth" in path:
            answer = answer._replace(wrapped=Judged("open", "the handlers of a sign-in library"))
        name = where.field("name")
        seen = self._seen(
            file, methods, path, name.text() if name is not None else "default", line_of(where), answer,
            self._before(file, path),
        )  # fmt: skip
        if methods == ("ANY",) and answer.found is not None and not re.search(r"\bbody\b", code):
            seen.changes = self._is_changing(answer.found, "")
        yield seen

    def _actions(self, file: ScriptFile) -> Iterator[Seen]:
        """Server actions: all exported functions of a file that begins with 'use server', or single functions."""
        whole = re.match(r"""(?:\s|//[^\n]*\n|/\*[\s\S]{0,2000}?\*/)*["']use server["']""", file.text)
        if whole is not None:
            for name, exported in file.exported.items():
                if isinstance(exported, Import) or name.startswith("* "):
                    continue
                answer = self._answer(file, exported, name)
                if answer.found is None and exported.kind() != "call_expression":
                    continue
                yield self._action(file, name, self._line(file, name, exported), answer)
            return
        for node in (
            each
            for kind in ("function_declaration", "arrow_function", "function_expression")
            for each in file.root.find_all(kind=kind)
        ):
            body = node.field("body")
            first = next(iter(named(body)), None) if body is not None and body.kind() == "statement_block" else None
            if (
                first is not None
                and first.kind() == "expression_statement"
                and literal(bare(first)) == "use server"
            ):
                own = node.field("name")
                outer = node.parent()
                if own is None and outer is not None and outer.kind() == "variable_declarator":
                    own = outer.field("name")
                name = "action" if own is None else own.text()
                answer = Answer(Definition(file, node), NOTHING, node)
                yield self._action(file, name, line_of(node if own is None else own), answer)

    def _action(self, file: ScriptFile, name: str, line: int, answer: Answer) -> Seen:
        seen = self._seen(file, ("ACTION",), f"{file.path}#{name}", name, line, answer, NOTHING)
        if answer.found is not None:
            seen.changes = self._is_changing(answer.found, name)
            if seen.judged.kind == "none" and self._only_signs(answer.found):
                seen.judged = Judged("open", "all that it does is to sign in or out")
        return seen

    def _only_signs(self, found: Definition) -> bool:
        """Whether all that an action does is to hand over to a library that signs in or out."""
        called = [dotted(call) for call in calls(found.node, found.file.language)[:60]]
        changing = [each for each in called if self._guards.words.changing.search(last(each))]
        changing = [each for each in changing if not _is_harmless(each)]
        return bool(changing) and all(
            _SIGNS.search(each) and self._is_library(found.file, each) for each in changing
        )

    def _is_library(self, file: ScriptFile, name: str) -> bool:
        meant = self._project.resolve(file, name.partition(".")[0])
        return meant is None or meant.node.kind() not in FUNCTIONS

    def _is_changing(self, found: Definition, name: str) -> bool:
        """Whether a server action does something, by the names that it calls: one that only reads is no change."""
        if _NO_ACTIONS.search(name):
            return False
        changing = self._guards.words.changing
        called = [dotted(call) for call in calls(found.node, found.file.language)[:200]]
        if any(
            changing.search(last(each)) and not _is_harmless(each) and not self._only_reckons(found.file, each)
            for each in called
        ):
            return True
        reads = _NOT_AN_ACTION.search(name) is not None
        return not reads and changing.search(name) is not None

    def _only_reckons(self, file: ScriptFile, name: str) -> bool:
        """Whether a function of this project waits for nothing and changes nothing, whatever it is called."""
        meant = self._project.resolve(file, name)
        if meant is None or meant.node.kind() not in FUNCTIONS:
            return False
        code = meant.node.text()
        return not (code.startswith("async") or _WAITS.search(code) or COMMITS.search(code))

    def _answer(self, file: ScriptFile, node: SgNode, name: str) -> Answer:  # noqa: PLR0911 - one a shape of code
        """The function that answers, behind the functions that are wrapped around it."""
        wrapped, node, place = NOTHING, bare(node), node
        for _ in range(6):
            if node.kind() == "call_expression":
                wrapped = strongest(wrapped, self._wrapper(file, node))
                if _OWN_AUTH.search(node.text()[:300]):
                    return Answer(None, Judged("open", "the handlers of a sign-in library"), place)
                arguments = given(node).placed
                inner = [each for each in arguments if each.kind() in FUNCTIONS or each.kind() == "identifier"]
                if not inner:
                    inner = [each for each in arguments if each.kind() in {"call_expression", "member_expression"}]
                if not inner:
                    return Answer(None, wrapped, place)
                node = bare(inner[-1])
            elif node.kind() in {"identifier", "member_expression"}:
                found = self._project.resolve(file, dotted(node))
                if found is None or (found.node.kind() == node.kind() and found.file is file):
                    return Answer(None, wrapped, place)
                if found.taken or found.node.kind() not in {*FUNCTIONS, "call_expression"}:
                    own = _OWN_AUTH.search(found.node.text()[:300])
                    judged = Judged("open", "the handlers of a sign-in library") if own else wrapped
                    return Answer(None, judged, place)
                file, node = found.file, found.node
            else:
                break
        if node.kind() == "object_pattern":
            taken = self._project.resolve(file, name)
            source = "" if taken is None else taken.node.text()[:300]
            inner_found = self._project.resolve(file, dotted(taken.node)) if taken is not None else None
            source += inner_found.node.text()[:300] if inner_found is not None else ""
            if _OWN_AUTH.search(source) or self._guards.words.is_kept(source, _NEXT):
                return Answer(None, Judged("open", "the handlers of a sign-in library"), place)
            return Answer(None, wrapped, place)
        return Answer(Definition(file, node) if node.kind() in FUNCTIONS else None, wrapped, place)

    def _wrapper(self, file: ScriptFile, call: SgNode) -> Judged:
        """What a function around a handler does; ``auth(handler)`` alone refuses nobody."""
        name = dotted(call)
        judged = self._guards.name(file, name, _NEXT)
        if judged.kind in {"guard", "unknown"}:
            return judged
        first = self._project.resolve(file, name.partition(".")[0])  # memberAction.schema(...).action(...)
        if "." in name and first is not None and first.node.kind() == "call_expression":
            return self._chained(first, 0)
        return judged

    def _chained(self, found: Definition, depth: int) -> Judged:
        """What stands in the chain of calls that an action client is made by."""
        code = plain(found.node, found.file.language)
        if self._guards.words.refusal_script.search(code):
            return Judged("guard", f"its client refuses ({found.file.path}:{line_of(found.node)})")
        for each in calls(found.node, found.file.language)[:10]:
            for argument in given(each).placed:
                judged = self._guards.expression(found.file, argument, _NEXT)
                if judged.kind == "guard":
                    return judged
        root = self._project.resolve(found.file, dotted(found.node).partition(".")[0])
        if root is not None and root.key != found.key and depth < 4 and root.node.kind() == "call_expression":
            return self._chained(root, depth + 1)
        return NOTHING

    def _seen(  # noqa: PLR0917 - what one route is told by
        self,
        file: ScriptFile,
        methods: tuple[str, ...],
        path: str,
        name: str,
        line: int,
        answer: Answer,
        before: Judged,
    ) -> Seen:
        found = answer.found
        inside = NOTHING if found is None else self._guards.inside(found.file, found.node, _NEXT)
        return Seen(
            framework=_NEXT, methods=methods, path=path, handler=name, file=file.path, line=line,
            judged=strongest(answer.wrapped, before), inside=inside,
            code=lambda: file.text[:0] if found is None else self._guards.code_of(found.file, found.node),
        )  # fmt: skip

    def _before(self, file: ScriptFile, path: str) -> Judged:
        """What the middleware of the application does for a path."""
        fitting: list[Middleware] = [each for each in self._middleware if each.is_for(file.path)]
        return max(
            (each.judge(path) for each in fitting),
            key=lambda judged: ("none", "open", "unknown", "guard").index(judged.kind),
            default=NOTHING,
        )


def _is_harmless(name: str) -> bool:
    """Calls that change nothing but what lies in memory."""
    first, last_part = name.partition(".")[0], last(name)
    return (
        first in {"console", "Object", "Array", "Math", "JSON", "z", "Promise", "params", "searchParams", "logger"}
        or (last_part in _IN_MEMORY and not name.startswith(("cookies", "db", "prisma")))
        or last_part.startswith(("createClient", "createServer", "loadEnv"))
    )  # fmt: skip
