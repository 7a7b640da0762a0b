"""Whether the code of a handler in Python refuses, before it changes anything, whoever is not signed in."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Final

from ast_grep_py import SgNode

from asbuilt.catalogue.route_guards import RouteGuards
from asbuilt.model.route import Framework
from asbuilt.scans.routes.code import bare, calls, dotted, is_setting_alone, last, named, plain
from asbuilt.scans.routes.judged import NOTHING, RANK, TOO_LONG, Judged, strongest
from asbuilt.scans.routes.python_code import PythonFile, PythonProject, decorators
from asbuilt.scans.routes.refusals import PROVES, Reading, assigned, is_of_anonymous, refusals

_MOST_STATEMENTS: Final = 300  # of one block
COMMITS: Final = re.compile(
    r"\.(?:commit|save|delete\w*|destroy|create\w*|update\w*|insert\w*|remove\w*|upsert\w*|bulk_create|set_\w+)\("
)
STRONG: Final = re.compile(
    r"is_authenticated|current_user|is_anonymous|is_staff|is_superuser|has_perm|\bg\.user|request\.user|"
    r"\bsession(?:\.get\(|\[)\s*[\"']\w*(?:user|uid|_?id|log|auth|token|name|mail|role|admin|account|member)\w*[\"']|"
    r"[\"']\w*(?:user|uid|_?id|log|auth|token|name|mail|role|admin|account|member)\w*[\"']\s+(?:not\s+)?in\s+[\w.]*session\b"
)
_LEAVES: Final = re.compile(r"\b(?:return|raise|abort\()")
_METHOD: Final = re.compile(r"\bmethod\b")
_READS: Final = re.compile(r"""==\s*["'](?:GET|HEAD|OPTIONS)["']""")
RAISES: Final = re.compile(r"\braise\b|\babort\(")
DEEPEST: Final = 4  # from a guard to what it calls


class PythonInside(ABC):
    """Judges the code of handlers; what the names in it mean is judged by those who know the project."""

    def __init__(self, project: PythonProject, words: RouteGuards) -> None:
        self.project, self.words = project, words
        self._broken: dict[tuple[str, int, str], Judged] = {}
        self._refusing = Reading("python", words.refusal_python, words.identity)

    @abstractmethod
    def expression(self, file: PythonFile, node: SgNode, *frameworks: Framework, depth: int = 0) -> Judged:
        """Whether a decorator, a dependency, a base or a list of such is a guard."""

    def inside(self, file: PythonFile, node: SgNode, *frameworks: Framework) -> Judged:
        """Whether a handler refuses, before it changes anything, whoever is not signed in."""
        body = node.field("body")
        return NOTHING if body is None else self._statements(file, body, frameworks, 0, assigned(node, "python"))

    def _statements(
        self,
        file: PythonFile,
        block: SgNode,
        frameworks: tuple[Framework, ...],
        depth: int,
        names: Mapping[str, str],
    ) -> Judged:
        unknown, in_branches, rest = NOTHING, NOTHING, named(block)
        if len(rest) > _MOST_STATEMENTS:
            return TOO_LONG
        for place, statement in enumerate(rest):
            kind = statement.kind()
            if kind == "if_statement":
                judged = self._condition(file, statement, frameworks, depth, names)
                if judged.kind == "none" and _holds(statement, rest[place + 1 :]):
                    judged = Judged("guard", "it goes on only for who is signed in")
            elif kind in {"try_statement", "with_statement"} and depth < DEEPEST:
                inner = statement.field("body")
                judged = NOTHING if inner is None else self._statements(file, inner, frameworks, depth + 1, names)
                if judged.kind != "guard":
                    judged = strongest(judged, self._caught(statement))
            else:
                judged = self._called(file, statement, frameworks, depth)
            if judged.kind == "guard":
                return judged
            unknown = strongest(unknown, judged)
            if COMMITS.search(plain(statement, "python")):
                partly = NOTHING
                if kind == "if_statement" and depth < DEEPEST:  # if thing: if not allowed: return …; thing.save()
                    partly = self._by_method(file, statement, frameworks, depth, names)
                if partly.kind != "guard":
                    return unknown
                in_branches = partly
        return strongest(in_branches, unknown)

    def _caught(self, statement: SgNode) -> Judged:
        """Whether a proof that fails is answered by a refusal: ``try: decode(token)`` ``except: abort(401)``."""
        body = statement.field("body")
        code = "" if body is None else plain(body, "python")
        proof = PROVES.search(code)
        change = COMMITS.search(code)
        if proof is None or not self.words.identity.search(code) or (change and change.start() < proof.start()):
            return NOTHING
        for clause in (each for each in statement.children() if each.kind() == "except_clause"):
            for found in refusals(self._refusing, clause, {}):
                if found.is_hard and not found.around:
                    return Judged("guard", "it refuses where the proof fails")
        return NOTHING

    def _condition(
        self,
        file: PythonFile,
        statement: SgNode,
        frameworks: tuple[Framework, ...],
        depth: int,
        names: Mapping[str, str],
    ) -> Judged:
        condition, then = statement.field("condition"), statement.field("consequence")
        if condition is None or then is None or is_setting_alone(condition.text()):
            return NOTHING
        asked, code = condition.text(), plain(then, "python")
        if _LEAVES.search(code) and not COMMITS.search(code) and not _METHOD.search(asked):
            for found in refusals(self._refusing, statement, names):
                if is_of_anonymous(found, self._refusing, strict=True):
                    return Judged("guard", f"it refuses where {' '.join(found.around[-1].text.split())[:80]}")
        leaves = _LEAVES.search(code) and not COMMITS.search(code) and self.words.identity.search(asked)
        if leaves and STRONG.search(asked) and re.search(r"\bnot\b|is None|!=|is_anonymous", asked):
            return Judged("guard", f"it goes no further where {' '.join(asked.split())[:80]}")
        for other in statement.field_children("alternative"):
            if STRONG.search(asked) and self.words.refusal_python.search(plain(other, "python")):
                return Judged("guard", f"it refuses unless {' '.join(asked.split())[:80]}")
        if _METHOD.search(asked) and depth < DEEPEST:
            return self._by_method(file, statement, frameworks, depth, names)
        return NOTHING

    def _by_method(
        self,
        file: PythonFile,
        statement: SgNode,
        frameworks: tuple[Framework, ...],
        depth: int,
        names: Mapping[str, str],
    ) -> Judged:
        """What the branches for single methods do; the weakest that does something counts."""
        found = []
        for branch in (statement, *statement.field_children("alternative")):
            condition, then = branch.field("condition"), branch.field("consequence") or branch.field("body")
            asked = "" if condition is None else condition.text()
            if then is None or _READS.search(asked):
                continue
            judged = self._statements(file, then, frameworks, depth + 1, names)
            if judged.kind == "guard" or COMMITS.search(plain(then, "python")):
                found.append(judged)
        return min(found, key=lambda judged: RANK[judged.kind], default=NOTHING)

    def _called(self, file: PythonFile, statement: SgNode, frameworks: tuple[Framework, ...], depth: int) -> Judged:
        found = [NOTHING]
        if statement.kind() == "return_statement" and depth < 2 and named(statement):
            meant = self.project.resolve(file, dotted(bare(named(statement)[0])))
            is_call = bare(named(statement)[0]).kind() == "call"
            if is_call and meant is not None and meant.node.kind() == "function_definition":
                found += [self.expression(meant.file, each, *frameworks) for each in decorators(meant.node)]
                body = meant.node.field("body")
                if body is not None:
                    names = assigned(meant.node, "python")
                    found.append(self._statements(meant.file, body, frameworks, depth + 1, names))
        for call in calls(statement, "python")[:10]:
            name = dotted(call)
            if self.words.is_likely(name) and last(name) not in {"login", "logout", "login_user", "logout_user"}:
                judged = self.expression(file, call, *frameworks)
                if judged.kind == "guard":
                    return Judged("guard", f"it calls {judged.why}")
            else:
                found.append(self._breaks_off(file, name, frameworks, depth))
        return strongest(*found)

    def _breaks_off(self, file: PythonFile, name: str, frameworks: tuple[Framework, ...], depth: int) -> Judged:
        """Whether a function that is called raises for who is not signed in; each is looked at once."""
        found = self.project.resolve(file, name) if depth < DEEPEST else None
        if found is None or found.node.kind() != "function_definition":
            return NOTHING
        if found.key not in self._broken:
            self._broken[found.key] = NOTHING
            body = found.node.field("body")
            if body is not None and RAISES.search(plain(body, "python")):
                names = assigned(found.node, "python")
                judged = self._statements(found.file, body, frameworks, depth + 1, names)
                if judged.kind == "guard":
                    self._broken[found.key] = Judged("guard", f"it calls {name}: {judged.why}")
        return self._broken[found.key]


def _holds(statement: SgNode, after: list[SgNode]) -> bool:
    """Whether everything that changes something stands in a branch for who is signed in."""
    condition, then = statement.field("condition"), statement.field("consequence")
    if condition is None or then is None or statement.field("alternative") is not None:
        return False
    asked = condition.text()
    return (
        STRONG.search(asked) is not None
        and re.search(r"\bnot\b|\bor\b|is None|!=|is_anonymous", asked) is None
        and (not after or COMMITS.search(plain(then, "python")) is not None)
        and not any(COMMITS.search(plain(each, "python")) for each in after)
    )
