"""Permissions of Django REST framework: what a list of classes lets in, and what holds where none is given."""

import re
from collections.abc import Iterable
from typing import Final

from ast_grep_py import SgNode

from asbuilt.model.route import Framework
from asbuilt.scans.routes.code import bare, dotted, last, literal, literals, named, plain
from asbuilt.scans.routes.judged import NOTHING, Judged, strongest
from asbuilt.scans.routes.python_code import Definition, PythonFile, bases, methods
from asbuilt.scans.routes.python_guards import PythonGuards

_REST: Final[Framework] = "Django REST framework"
_ASKS: Final = re.compile(r"user|auth|token|key|perm|role|staff|admin|member|secret|signature", re.IGNORECASE)
_KEY: Final = "DEFAULT_PERMISSION_CLASSES"
_MOST_BASES: Final = 6
_MOST_LEVELS: Final = 20
_MOST_STEPS: Final = 60  # statements of one function
_ASKS_ACTION: Final = re.compile(
    r"^(?:self\.action|self\.request\.method|request\.method)\s*(not\s+in|in|==|!=)\s*[^()]*(?:\([^()]*\))?$"
)
_METHOD_OF: Final = {
    "create": "POST", "update": "PUT", "partial_update": "PATCH", "destroy": "DELETE", "list": "GET",
    "retrieve": "GET",
}  # fmt: skip
_ORDER: Final = ("none", "open", "unknown", "guard")


class Permissions:
    """Judges permission classes of a project."""

    def __init__(self, guards: PythonGuards, settings: list[PythonFile]) -> None:
        self._guards, self._project = guards, guards.project
        self.default = self._default(settings)

    def of(self, file: PythonFile, node: SgNode, *, creates: bool, depth: int = 0) -> Judged:
        """What a list of permission classes lets in; all of them must agree.

        ``creates``: the view also adds things, for which no permission of single things is asked.
        """
        node = bare(node)
        kind = node.kind()
        if depth > _MOST_LEVELS or kind in {"unary_operator", "not_operator"}:
            return Judged("unknown", f"{' '.join(node.text()[:200].split())[:80]} is not followed")
        if kind in {"list", "tuple"}:
            inside = named(node)
            if not inside:
                return Judged("open", "its list of permissions is empty by declaration")
            return strongest(*(self.of(file, each, creates=creates, depth=depth + 1) for each in inside[:30]))
        if kind == "binary_operator":
            sides = [self.of(file, each, creates=creates, depth=depth + 1) for each in named(node)[:2]]
            if "|" in [child.text() for child in node.children()]:
                return min(sides, key=lambda judged: _ORDER.index(judged.kind))
            return strongest(*sides)
        return self._one(file, dotted(node), creates, depth)

    def _one(self, file: PythonFile, name: str, creates: bool, depth: int = 0) -> Judged:
        words = self._guards.words
        if name in self._guards.own or last(name) in self._guards.own:
            return Judged("guard", f"{name} is a guard by asbuilt.toml")
        found = self._project.resolve(file, name)
        if found is not None and found.node.kind() == "class_definition":
            return self._class(found, name, creates, depth)
        if found is not None and found.node.kind() in {"list", "tuple", "binary_operator"}:
            return self.of(found.file, found.node, creates=creates, depth=depth + 1)
        if words.is_open(name, _REST):
            return Judged("open", f"{last(name)} by declaration")
        if words.is_guard(name, _REST):
            return Judged("guard", last(name))
        return Judged("unknown", f"the permission {name} is of another package") if name else NOTHING

    def _class(self, found: Definition, name: str, creates: bool, depth: int) -> Judged:
        own = methods(found.node)
        asked = own.get("has_permission")
        if asked is not None:
            code = plain(asked, "python").partition(":")[2]
            if _ASKS.search(re.sub(r"request|self|view|method", "", code)):
                return Judged("guard", f"{name} asks who it is ({found.file.path})")
            if re.search(r"SAFE_METHODS|\bmethod\b", code) and not re.search(r"return\s+True\b", code):
                return Judged("guard", f"{name} lets nobody change anything ({found.file.path})")
            return Judged("none", f"{name} does not ask who it is ({found.file.path})")
        inherited = NOTHING
        for base in bases(found.node) if depth < _MOST_BASES else ():
            above = self._project.resolve(found.file, dotted(base))
            if above is not None and above.node.kind() == "class_definition":
                inherited = strongest(inherited, self._class(above, last(dotted(base)), creates, depth + 1))
            elif last(dotted(base)) not in {"BasePermission", "object"}:
                inherited = strongest(inherited, self._one(found.file, dotted(base), creates, depth + 1))
        if inherited.kind != "none" or "has_object_permission" not in own:
            return inherited
        if creates:
            return Judged("none", f"{name} is asked for single things only: anybody may add one")
        return Judged("guard", f"{name} asks who it is, for each thing ({found.file.path})")

    def chosen(self, found: Definition, actions: Iterable[str], otherwise: Judged) -> Judged:
        """What ``get_permissions`` gives back for some actions; all of them have to be guarded.

        ``otherwise``: what holds where it hands over to the class that it is made of.
        """
        body = found.node.field("body")
        wanted = list(actions)
        judged = [] if body is None else [self._for_action(found.file, body, each, otherwise) for each in wanted]
        kinds = {None if each is None else each.kind for each in judged}
        first = next(iter(judged), None)
        if len(kinds) == 1 and first is not None:
            return first
        if kinds and None not in kinds:
            return Judged("unknown", "get_permissions lets some in without a sign-in, and others not")
        return Judged("unknown", "get_permissions chooses, and is not followed")

    def _for_action(self, file: PythonFile, body: SgNode, action: str, otherwise: Judged) -> Judged | None:
        """Goes through ``get_permissions`` as for one action; None: it asks for something else."""
        held: Judged | None = otherwise
        waiting = named(body)
        for _ in range(_MOST_STEPS):
            if not waiting:
                return held
            statement = waiting.pop(0)
            kind = statement.kind()
            if kind == "if_statement":
                branch = _branch_for(statement, action)
                if branch is None:
                    return None
                waiting = [*branch, *waiting]
            elif kind == "return_statement":
                return self._given(file, statement, held, otherwise)
            elif (
                kind == "expression_statement" and (inside := named(statement)) and inside[0].kind() == "assignment"
            ):
                left, right = inside[0].field("left"), inside[0].field("right")
                if left is not None and right is not None and "permission" in left.text():
                    held = self._given(file, right, held, otherwise)
        return None

    def _given(self, file: PythonFile, node: SgNode, held: Judged | None, otherwise: Judged) -> Judged | None:
        """What is given back, or kept under a name: a list, what is kept, or what the class above says."""
        text = node.text()
        if "super()" in text:
            return otherwise
        listed = node if node.kind() in {"list", "tuple"} else node.find(kind="list") or node.find(kind="tuple")
        if listed is not None:
            return self.of(file, listed, creates=True)
        return held if "permission" in text else None

    def _default(self, settings: list[PythonFile]) -> Judged:
        """What holds where a view says nothing; files of settings that differ leave it unknown."""
        found: dict[str, Judged] = {}
        for file in settings:
            for pair in file.root.find_all(kind="pair") if _KEY in file.text else ():
                key, value = pair.field("key"), pair.field("value")
                if literal(key) == _KEY and value is not None:
                    names = literals(value) or tuple(dotted(each) for each in named(bare(value)))
                    judged = strongest(NOTHING, *(self._of_text(file, name) for name in names))
                    found[judged.kind] = Judged(judged.kind, f"{judged.why}, the default of {file.path}")
        if len(found) > 1:
            return Judged("unknown", "files of settings differ in the default permission")
        return next(
            iter(found.values()), Judged("none", "no permission is stated, and the default lets everybody in")
        )

    def _of_text(self, file: PythonFile, text: str) -> Judged:
        module = self._project.module(file, text.rpartition(".")[0])
        if module is not None:
            return self._one(module, last(text), creates=True)
        judged = self._one(file, last(text), creates=True)
        # An open default is nobody's declaration for this route.
        return Judged("none", f"{last(text)} lets everybody in") if judged.kind == "open" else judged


def _branch_for(statement: SgNode, action: str) -> list[SgNode] | None:
    """The statements of the branch that an action takes; None: the condition asks for something else."""
    for branch in (statement, *statement.field_children("alternative")):
        condition, then = branch.field("condition"), branch.field("consequence") or branch.field("body")
        if then is None:
            return None
        if condition is None:
            return named(then)
        match = _ASKS_ACTION.match(" ".join(condition.text().split()))
        texts = set(literals(condition))
        if match is None or not texts:
            return None
        own = action if "action" in condition.text() else _METHOD_OF.get(action, action)
        if (own in texts) == (match[1] in {"in", "=="}):
            return named(then)
    return []
