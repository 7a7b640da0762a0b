"""Routes of Django: the lists of URLs, what they wrap around views, and the settings that hold for all of them."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ast_grep_py import SgNode

from asbuilt.model.route import Framework
from asbuilt.scans.routes.code import bare, dotted, given, last, line_of, literal, literals, named, plain
from asbuilt.scans.routes.django_views import ClassViews
from asbuilt.scans.routes.judged import NOTHING, Judged, strongest
from asbuilt.scans.routes.python_code import Definition, PythonFile, decorators
from asbuilt.scans.routes.python_guards import PythonGuards
from asbuilt.scans.routes.python_inside import COMMITS
from asbuilt.scans.routes.reach import code_of
from asbuilt.scans.routes.rest_framework import Permissions
from asbuilt.scans.routes.settling import Seen

_DJANGO: Final[Framework] = "Django"
_REST: Final[Framework] = "Django REST framework"
_ADDED: Final = re.compile(r"\burlpatterns\.(?:append|extend)\(")
_PLACES: Final = frozenset({"path", "re_path", "url", "repath"})
_MOST_ROUTES: Final = 20_000
_MOST_LEVELS: Final = 8
_POSTED: Final = re.compile(r"""\.method\s*(?:==|in|!=)|request\.(?:POST|FILES|body|data)\b|\.method\b""")
_SENDS: Final = re.compile(r"\bsend_?\w{0,40}(?:mail|message|sms)\w{0,40}\(|\.(?:delay|apply_async)\(")
_GETS_ONLY: Final = re.compile(r"""\.method\s*!=\s*["']GET["']""")
_TRIES: Final = re.compile(
    r"(?:^|/)(?:tests?|dev\w*|local\w*|ci)(?:/|\.py$|_settings\.py$)|(?:settings|config)_?(?:tests?|dev|local)"
)


class Place(NamedTuple):
    """One entry of a list of URLs: its pattern, what is wrapped around the view, and the view."""

    file: PythonFile
    path: str
    around: Judged
    view: SgNode
    call: SgNode


class DjangoRoutes:
    """The routes of all Django applications of a project."""

    def __init__(self, guards: PythonGuards) -> None:
        self._guards, self._project = guards, guards.project
        self._urls = [file for file in self._project.files.values() if "urlpatterns" in file.text]
        settings = [
            file
            for file in self._project.files.values()
            if ("MIDDLEWARE" in file.text or "DEFAULT_PERMISSION_CLASSES" in file.text)
            and not _TRIES.search(file.path)
        ]
        permissions = Permissions(guards, settings if self._urls else [])
        self._views = ClassViews(guards, permissions)
        self._permissions = permissions
        self._left_out = _exempt(settings)
        self._everywhere = self._middleware(settings if self._urls else [])
        self._prefixes: dict[str, str] = {}
        self._adding: dict[tuple[str, int, str], list[tuple[PythonFile, SgNode]]] | None = None

    def routes(self) -> Iterator[Seen]:
        """All of them."""
        for file in self._urls:
            self._included(file)
        count = 0
        for file in self._urls:
            prefix = self._prefixes.get(file.path, "")
            for node in self._lists(file):
                for place in self._places(file, node, prefix, NOTHING, 0):
                    for seen in self._answers(place):
                        seen.judged = self._held(seen.judged, seen.path)
                        yield seen
                        count += 1
                        if count >= _MOST_ROUTES:
                            return

    def _held(self, judged: Judged, path: str) -> Judged:
        """With what holds for every view: one may declare that it does not, and settings may leave it out."""
        if self._everywhere.kind == "guard" and judged.kind != "guard":
            for begun, whole in self._left_out:
                if path.lstrip("^/").startswith(begun):
                    if whole:
                        return Judged("open", f"the settings leave {begun} out of {self._everywhere.why}")
                    return Judged("unknown", f"the settings leave something below {begun} out")
        return judged if judged.kind in {"open", "guard"} else strongest(judged, self._everywhere)

    def _lists(self, file: PythonFile) -> Iterator[SgNode]:
        for name, value in file.assigned:
            if name == "urlpatterns":
                yield value
        for each in file.root.find_all(kind="augmented_assignment"):
            left, right = each.field("left"), each.field("right")
            if left is not None and right is not None and left.text() == "urlpatterns":
                yield right
        for call in file.root.find_all(kind="call") if _ADDED.search(file.text) else ():
            if dotted(call) in {"urlpatterns.append", "urlpatterns.extend"}:
                yield from given(call).placed[:1]

    def _places(self, file: PythonFile, node: SgNode, prefix: str, around: Judged, depth: int) -> Iterator[Place]:
        """The entries of a list, and of the lists within it."""
        node = bare(node)
        kind = node.kind()
        if depth > _MOST_LEVELS:
            return
        if kind in {"list", "tuple"} or kind == "binary_operator":
            for each in named(node):
                yield from self._places(file, each, prefix, around, depth + 1)
        elif kind in {"identifier", "attribute"}:
            yield from self._named(file, node, prefix, around, depth)
        elif kind == "call":
            arguments = given(node)
            name = last(dotted(node))
            if name in _PLACES and (len(arguments.placed) > 1 or "view" in arguments.named):
                own = literal(arguments.placed[0]) if arguments.placed else ""
                view = arguments.placed[1] if len(arguments.placed) > 1 else arguments.named["view"]
                path = _joined(prefix, own or "")
                if last(dotted(view)) == "include" and bare(view).kind() == "call":
                    inner = given(bare(view)).placed
                    if inner and literal(inner[0]) is None:
                        yield from self._places(file, _first(inner[0]), path, around, depth + 1)
                elif bare(view).kind() == "attribute" and last(dotted(view)) == "urls":
                    yield from self._named(file, bare(view), path, around, depth)
                else:
                    yield Place(file, path, around, view, node)
            elif name in {"i18n_patterns", "format_suffix_patterns", "patterns"}:
                for each in arguments.placed:
                    yield from self._places(file, each, prefix, around, depth + 1)

    def _named(self, file: PythonFile, node: SgNode, prefix: str, around: Judged, depth: int) -> Iterator[Place]:
        """A list under a name, or the routes of a router."""
        name = dotted(node)
        found = self._project.resolve(file, name.removesuffix(".urls"))
        if found is None:
            return
        if found.node.kind() == "call":
            for where, registered in self._registered(found):
                arguments = given(registered)
                own = literal(arguments.placed[0]) if arguments.placed else ""
                view = arguments.placed[1] if len(arguments.placed) > 1 else arguments.named.get("viewset")
                if view is not None:
                    yield Place(where, _joined(prefix, own or "") + "/", around, view, registered)
        elif found.node.kind() in {"list", "binary_operator"}:
            yield from self._places(found.file, found.node, prefix, around, depth + 1)

    def _registered(self, router: Definition) -> Iterator[tuple[PythonFile, SgNode]]:
        """The calls that add a view to a router, wherever it is known by the same name."""
        if self._adding is None:
            self._adding = {}
            for file in self._project.files.values():
                for call in file.root.find_all(kind="call") if ".register(" in file.text else ():
                    receiver, _, verb = dotted(call).rpartition(".")
                    meant = self._project.resolve(file, receiver) if verb == "register" else None
                    if meant is not None:
                        self._adding.setdefault(meant.key, []).append((file, call))
        yield from self._adding.get(router.key, ())

    def _answers(self, place: Place) -> Iterator[Seen]:
        """The views of an entry: decorators around them are taken off, and count."""
        view, around = bare(place.view), place.around
        file = place.file
        for _ in range(6):
            name = dotted(view)
            if view.kind() != "call" or last(name) == "as_view":
                break
            inner = given(view).placed
            outer = view.field("function")
            target = view if outer is None or outer.kind() != "call" else outer  # permission_required("x")(view)
            around = strongest(around, self._guards.expression(file, target, _DJANGO, _REST))
            if not inner:
                break
            view = bare(inner[0])
        name = dotted(view).removesuffix(".as_view")
        found = self._project.resolve(file, name)
        if found is not None and found.node.kind() == "class_definition":
            yield from self._views.answers(found, place.path, around)
        elif found is not None and found.node.kind() == "function_definition":
            yield self._function(found, place, around)
        elif found is not None and found.node.kind() == "call":  # view = login_required(View.as_view())
            yield from self._answers(Place(found.file, place.path, around, found.node, place.call))
        elif name and not name.startswith("admin.site") and self._is_outside(file, name):
            yield self._outside(place, name, around)

    def _is_outside(self, file: PythonFile, name: str) -> bool:
        return name.partition(".")[0] in file.imports

    def _outside(self, place: Place, name: str, around: Judged) -> Seen:
        """A view of another package."""
        judged = around
        if judged.kind != "guard":
            if self._guards.words.is_kept(name, _DJANGO):
                judged = Judged("open", f"{name} comes with its library, and looks after itself")
            else:
                judged = strongest(judged, Judged("unknown", f"{name} is of another package"))
        return Seen(
            framework=_DJANGO, methods=("ANY",), path=place.path, handler=name, file=place.file.path,
            line=line_of(place.call), judged=judged, code=str,
        )  # fmt: skip

    def _function(self, found: Definition, place: Place, around: Judged) -> Seen:
        own = found.node.field("name")
        name = "" if own is None else own.text()
        code = plain(found.node, "python")
        all_decorators = decorators(found.node)
        is_rest = any(last(dotted(each)) == "api_view" for each in all_decorators)
        methods = _methods(all_decorators)
        changes: bool | None = None
        if not methods:
            posts = _POSTED.search(code) is not None and not _GETS_ONLY.search(code)
            changes = posts or COMMITS.search(code) is not None or _SENDS.search(code) is not None
            methods = ("GET", "POST") if posts else ("ANY",) if changes else ("GET",)
        parts = [around]
        for each in all_decorators:
            if last(dotted(each)) == "permission_classes":
                parts += [self._permissions.of(found.file, stated, creates=True) for stated in given(each).placed]
            else:
                parts.append(self._guards.expression(found.file, each, _DJANGO, _REST))
        if is_rest and not any(last(dotted(each)) == "permission_classes" for each in all_decorators):
            parts.append(self._permissions.default)
        inside = self._guards.inside(found.file, found.node, _DJANGO)
        return Seen(
            framework=_REST if is_rest else _DJANGO, methods=methods, path=place.path, handler=name,
            file=found.file.path, line=line_of(found.node), judged=strongest(*parts), inside=inside,
            code=lambda: code_of(self._project, found.file, found.node), changes=changes,
        )  # fmt: skip

    def _middleware(self, settings: list[PythonFile]) -> Judged:
        """Whether a middleware that the settings list refuses everybody who is not signed in."""
        found = []
        for file in settings:
            listed = [text for name, value in file.assigned if "MIDDLEWARE" in name for text in literals(value)]
            for text in listed:
                name = last(text)
                module = self._project.module(file, text.rpartition(".")[0])
                meant = None if module is None else self._project.resolve(module, name)
                if self._guards.words.is_guard(name, _DJANGO) or name in self._guards.own:
                    found.append(Judged("guard", f"{name} of {file.path}"))
                elif meant is not None and re.search(r"(?i)login|auth|signed", name):
                    judged = self._guards.definition(meant, name, _DJANGO)
                    if judged.kind == "guard":
                        found.append(
                            Judged("unknown", f"{name} refuses some; which views it leaves out is not known")
                        )
        return strongest(NOTHING, *found)

    def _included(self, file: PythonFile) -> None:
        """The prefix of each list of URLs that another one includes."""
        for call in file.root.find_all(kind="call"):
            arguments = given(call)
            if last(dotted(call)) not in _PLACES or len(arguments.placed) < 2:
                continue
            view = bare(arguments.placed[1])
            if view.kind() == "call" and last(dotted(view)) == "include" and given(view).placed:
                module = literal(_first(given(view).placed[0]))
                target = None if module is None else self._project.module(file, module)
                if target is not None and target is not file:
                    self._prefixes.setdefault(target.path, literal(arguments.placed[0]) or "")


def _methods(all_decorators: tuple[SgNode, ...]) -> tuple[str, ...]:
    for each in all_decorators:
        name = last(dotted(each))
        if name == "require_POST":
            return ("POST",)
        if name in {"require_GET", "require_safe"}:
            return ("GET",)
        if name in {"require_http_methods", "api_view"}:
            return tuple(text.upper() for text in literals(each)) or ("GET",)
    return ()


def _first(node: SgNode) -> SgNode:
    node = bare(node)
    inside = named(node)
    return bare(inside[0]) if node.kind() == "tuple" and inside else node


def _joined(prefix: str, path: str) -> str:
    return f"{prefix.rstrip('$')}{path.removeprefix('^') if prefix else path}" or "/"


def _exempt(settings: list[PythonFile]) -> tuple[tuple[str, bool], ...]:
    """The plain beginnings of paths that settings leave out of a sign-in, and whether all below is meant."""
    texts = [
        text for file in settings for name, value in file.assigned if "EXEMPT" in name for text in literals(value)
    ]
    found = []
    for text in texts:
        plain_text = re.sub(r"^\^?/?(?:\{\w+\})?/?", "", text)
        begun = re.split(r"[\\^$.*+?()\[|]", plain_text)[0]
        if len(begun) > 1:
            found.append((begun, plain_text[len(begun) :] in {"", "$", ".*", ".*$"}))
    return tuple(sorted(found, key=lambda each: not each[1]))
