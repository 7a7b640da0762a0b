"""Class views of Django and of Django REST framework: what they answer, and what stands before them."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.model.route import Framework
from asbuilt.scans.routes.code import dotted, given, last, line_of, literal, literals, plain
from asbuilt.scans.routes.judged import NOTHING, Judged, strongest
from asbuilt.scans.routes.python_code import Definition, PythonFile, bases, class_values, decorators, methods
from asbuilt.scans.routes.python_guards import PythonGuards
from asbuilt.scans.routes.reach import code_of
from asbuilt.scans.routes.rest_framework import Permissions
from asbuilt.scans.routes.settling import Seen

_DJANGO: Final[Framework] = "Django"
_REST: Final[Framework] = "Django REST framework"
_VERBS: Final = {"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "delete": "DELETE"}
_ACTIONS: Final = {
    "list": "GET", "retrieve": "GET", "create": "POST", "update": "PUT", "partial_update": "PATCH",
    "destroy": "DELETE",
}  # fmt: skip
_CREATE, _CHANGE, _DROP = ("POST",), ("PUT", "PATCH"), ("DELETE",)
# What the views of the libraries answer.
_GENERIC: Final[dict[str, tuple[str, ...]]] = {
    "CreateView": ("GET", "POST"), "UpdateView": ("GET", "POST"), "DeleteView": ("GET", "POST"),
    "FormView": ("GET", "POST"), "BaseFormView": ("GET", "POST"), "ModelFormMixin": ("GET", "POST"),
    "TemplateView": ("GET",), "ListView": ("GET",), "DetailView": ("GET",), "RedirectView": ("GET",),
    "ArchiveIndexView": ("GET",), "View": (), "APIView": (), "GenericAPIView": (), "GenericViewSet": (),
    "ViewSet": (), "ViewSetMixin": (),
    "CreateAPIView": _CREATE, "ListAPIView": ("GET",), "RetrieveAPIView": ("GET",), "DestroyAPIView": _DROP,
    "UpdateAPIView": _CHANGE, "ListCreateAPIView": ("GET", *_CREATE), "RetrieveUpdateAPIView": ("GET", *_CHANGE),
    "RetrieveDestroyAPIView": ("GET", *_DROP), "RetrieveUpdateDestroyAPIView": ("GET", *_CHANGE, *_DROP),
    "ModelViewSet": ("GET", *_CREATE, *_CHANGE, *_DROP), "ReadOnlyModelViewSet": ("GET",),
    "CreateModelMixin": _CREATE, "UpdateModelMixin": _CHANGE, "DestroyModelMixin": _DROP,
    "ListModelMixin": ("GET",), "RetrieveModelMixin": ("GET",),
    "TokenObtainPairView": _CREATE, "TokenRefreshView": _CREATE, "TokenVerifyView": _CREATE,
    "TokenBlacklistView": _CREATE, "TokenObtainSlidingView": _CREATE, "TokenRefreshSlidingView": _CREATE,
    "ObtainAuthToken": _CREATE, "LoginView": ("GET", "POST"), "LogoutView": _CREATE,
    "PasswordChangeView": ("GET", "POST"), "PasswordResetView": ("GET", "POST"),
    "PasswordResetConfirmView": ("GET", "POST"), "SignupView": ("GET", "POST"), "RegisterView": _CREATE,
    "SocialLoginView": _CREATE,
}  # fmt: skip
_VIEW: Final = re.compile(r"View(?:Set)?$")
_OF_OWN: Final = re.compile(r"=\s*(?:self\.)?request\.user\b")
_DEEPEST: Final = 6
_ORDER: Final = ("none", "open", "unknown", "guard")


class Above(NamedTuple):
    """A class that a view is made of: defined here, or a name of another package."""

    file: PythonFile
    node: SgNode | None
    name: str


class ClassViews:
    """Answers what class views of a project do."""

    def __init__(self, guards: PythonGuards, permissions: Permissions) -> None:
        self._guards, self._project, self._permissions = guards, guards.project, permissions

    def answers(self, found: Definition, path: str, around: Judged) -> Iterator[Seen]:
        """The routes of a class at a path: one for the class, one for each action with a line of its own."""
        above = list(self._lineage(found, 0))
        own = found.node.field("name")
        name = "" if own is None else own.text()
        is_rest = any(_is_rest(each) for each in above)
        framework: Framework = _REST if is_rest else _DJANGO
        answered, handlers = self._answered(above)
        kept = [each.name for each in above if each.node is None and self._guards.words.is_kept(each.name, _DJANGO)]
        changing = {verb: node for verb, node in handlers.items() if verb != "GET"}
        judged = strongest(around, self._before(above, changing))
        if is_rest and judged.kind != "guard":
            creates = "POST" in answered and "ViewSet" in " ".join(each.name for each in above)
            creates = creates or "POST" in answered
            actions = [action for action, verb in _ACTIONS.items() if verb in answered and verb != "GET"]
            judged = _stated(judged, self._stated(above, creates, actions or ["list"]))
        if is_rest and judged.kind == "none" and _is_of_own(above, answered):
            judged = Judged(
                "unknown", "it reaches only what belongs to request.user, and does not ask for a sign-in"
            )
        if kept and judged.kind == "none":
            judged = Judged("open", f"{kept[0]} comes with its library, and looks after itself")
        inside = [self._guards.inside(each.file, each.node, framework) for each in changing.values()]
        refused = NOTHING
        if inside and all(each.kind == "guard" for each in inside) and not set(answered) - set(handlers) - {"GET"}:
            refused = inside[0]
        yield Seen(
            framework=framework, methods=answered or ("GET",), path=path, handler=name, file=found.file.path,
            line=line_of(found.node), judged=judged, inside=refused,
            code=partial(code_of, self._project, found.file, found.node),
        )  # fmt: skip
        for each in above:
            if each.node is not None:
                yield from self._actions(each, path, judged, framework, name, above)

    def _actions(  # noqa: PLR0917 - what a class of views is told by
        self, above: Above, path: str, judged: Judged, framework: Framework, name: str, lineage: list[Above]
    ) -> Iterator[Seen]:
        """Extra actions of a view set, which may state permissions of their own."""
        for action, node in methods(above.node).items() if above.node is not None else ():
            for decorator in decorators(node):
                if last(dotted(decorator)) not in {"action", "detail_route", "list_route"}:
                    continue
                arguments = given(decorator)
                stated = tuple(text.upper() for text in literals(arguments.named.get("methods"))) or ("GET",)
                held = judged
                if "permission_classes" not in arguments.named and any(
                    each.node is not None and "get_permissions" in methods(each.node) for each in lineage
                ):
                    held = self._stated(lineage, True, [action])
                elif "permission_classes" in arguments.named:
                    held = self._permissions.of(above.file, arguments.named["permission_classes"], creates=True)
                held = strongest(
                    held,
                    self._guards.inside(above.file, node, framework),
                    *(self._guards.expression(above.file, each, _DJANGO, _REST) for each in decorators(node)),
                )
                own = literal(arguments.named.get("url_path")) or action
                yield Seen(
                    framework=framework, methods=stated, path=f"{path.rstrip('/')}/{own}/",
                    handler=f"{name}.{action}", file=above.file.path, line=line_of(node), judged=held,
                    code=partial(code_of, self._project, above.file, node),
                )  # fmt: skip

    def _lineage(self, found: Definition, depth: int) -> Iterator[Above]:
        """A class and what it is made of, from the left, as Python asks them."""
        own = found.node.field("name")
        yield Above(found.file, found.node, "" if own is None else own.text())
        for base in bases(found.node) if depth < _DEEPEST else ():
            name = dotted(base)
            inner = self._project.resolve(found.file, name)
            if inner is not None and inner.node.kind() == "class_definition" and inner.key != found.key:
                yield from self._lineage(inner, depth + 1)
            else:
                module, _ = found.file.imports.get(name.partition(".")[0], ("", None))
                yield Above(found.file, None, f"{module}.{name}" if "." not in name else name)

    def _answered(self, above: list[Above]) -> tuple[tuple[str, ...], dict[str, Definition]]:
        """The methods that a class answers, and its own code for them."""
        found: dict[str, None] = {}
        handlers: dict[str, Definition] = {}
        limit: set[str] | None = None
        for each in above:
            if each.node is None:
                found |= dict.fromkeys(_GENERIC.get(last(each.name), ()))
                continue
            is_set = any(last(other.name).endswith("ViewSet") for other in above)
            for name, node in methods(each.node).items():
                verb = _VERBS.get(name) or (_ACTIONS.get(name) if is_set else None)
                if name in {"form_valid", "delete"} and not is_set and name == "form_valid":
                    verb = "POST"
                if verb is not None:
                    found[verb] = None
                    handlers.setdefault(verb, Definition(each.file, node))
            if limit is None and "http_method_names" in class_values(each.node):
                limit = {text.upper() for text in literals(class_values(each.node)["http_method_names"])}
        return tuple(verb for verb in found if limit is None or verb in limit), handlers

    def _before(self, above: list[Above], changing: dict[str, Definition]) -> Judged:
        """Mixins before the first view, ``dispatch``, and decorators of the class and of its methods."""
        found = [NOTHING]
        late = ""
        for each in above:
            if each.node is None:
                if late:
                    judged = self._guards.name(each.file, last(each.name), _DJANGO)
                    if judged.kind == "guard":
                        found.append(
                            Judged("none", f"{last(each.name)} stands after {late}, which does not ask it")
                        )
                elif _VIEW.search(each.name) and last(each.name) in _GENERIC:
                    late = last(each.name)
                else:
                    found.append(self._guards.name(each.file, last(each.name), _DJANGO))
                continue
            found += [self._decorated(each.file, node, "dispatch") for node in decorators(each.node)]
            own = methods(each.node)
            if "dispatch" in own and not late:
                found.append(self._guards.inside(each.file, own["dispatch"], _DJANGO))
                found += [self._guards.expression(each.file, node, _DJANGO) for node in decorators(own["dispatch"])]
            if late and "dispatch" not in own:
                continue
        posts = []
        for verb, handler in changing.items():
            parts = [self._guards.expression(handler.file, node, _DJANGO) for node in decorators(handler.node)]
            for each in above:
                on_class = decorators(each.node) if each.node is not None else ()
                parts += [self._decorated(each.file, node, verb.lower()) for node in on_class]
            posts.append(strongest(NOTHING, *parts))
        if posts:
            found.append(min(posts, key=lambda judged: _ORDER.index(judged.kind)))
        best = strongest(*found)
        return best if best.kind != "none" else next((each for each in found if each.why), best)

    def _decorated(self, file: PythonFile, node: SgNode, method: str) -> Judged:
        """What ``method_decorator(guard, name="dispatch")`` on a class puts before a method."""
        if last(dotted(node)) != "method_decorator" or node.kind() != "call":
            return NOTHING
        arguments = given(node)
        if literal(arguments.named.get("name")) != method or not arguments.placed:
            return NOTHING
        target = arguments.placed[0]
        if target.kind() == "identifier":
            meant = self._project.resolve(file, target.text())
            if meant is not None and meant.node.kind() in {"list", "tuple"}:
                return self._guards.expression(meant.file, meant.node, _DJANGO)
        return self._guards.expression(file, target, _DJANGO)

    def _stated(self, above: list[Above], creates: bool, actions: Sequence[str]) -> Judged:
        """The permissions that a class of REST framework states for some actions, or else the default."""
        for place, each in enumerate(above):
            if each.node is None:
                if self._guards.words.is_kept(each.name, _DJANGO):  # the library states permissions of its own
                    return Judged("open", f"{last(each.name)} comes with its library, and looks after itself")
                continue
            own, values = methods(each.node), class_values(each.node)
            listed = values.get("permission_classes")
            stated = None if listed is None else self._permissions.of(each.file, listed, creates=creates)
            if "get_permissions" in own:
                otherwise = stated or self._stated(above[place + 1 :], creates, actions)
                chosen = Definition(each.file, own["get_permissions"])
                return self._permissions.chosen(chosen, actions, otherwise)
            if stated is not None:
                return stated
            if "check_permissions" in own:
                code = plain(own["check_permissions"], "python")
                if self._guards.words.refusal_python.search(code):
                    return Judged("guard", "check_permissions refuses")
        return self._permissions.default


def _stated(before: Judged, stated: Judged) -> Judged:
    return stated if stated.kind != "none" or before.kind == "none" else before


def _is_of_own(above: list[Above], answered: tuple[str, ...]) -> bool:
    """Whether a view finds, and adds, only what belongs to whoever asks."""
    own: dict[str, SgNode] = {}
    for each in above:
        if each.node is not None:
            own = methods(each.node) | own
    found, added = own.get("get_queryset"), own.get("perform_create")
    if found is None or not _OF_OWN.search(plain(found, "python")):
        return False
    if set(own) & {*_VERBS, "create", "update", "partial_update", "destroy"} - {"get"}:
        return False
    return "POST" not in answered or (added is not None and "request.user" in plain(added, "python"))


def _is_rest(above: Above) -> bool:
    name = above.name
    return above.node is None and (
        "rest_framework" in name
        or last(name).endswith(("APIView", "ViewSet", "ModelMixin"))
        or name.startswith(("viewsets.", "generics."))
    )
