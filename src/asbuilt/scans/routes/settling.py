"""From what was seen of a route to its verdict."""

import fnmatch
import re
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from asbuilt.catalogue.route_guards import RouteGuards
from asbuilt.model.route import CHANGING, Framework, Route, RouteVerdict
from asbuilt.scans.routes.judged import NOTHING, Judged
from asbuilt.scans.routes.reach import APART

_PARTS: Final = 200  # characters of a name that are shown
_INWARD: Final = re.compile(r"(?i)(?:^|/)(?:private|internal|admin\w*|manage\w*|staff|backoffice)(?:/|$)")
_REGISTERS: Final = re.compile(r"(?i)regist(?:er|ration)(?!ry)|sign[-_]?up|create[-_]?account|join(?:$|[/_-])")
_API: Final = re.compile(r"(?i)(?:^|/)api(?:/|$)")
_ONLY_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_REPORT: Final = re.compile(r"(?i)report")


class Seen(msgspec.Struct, kw_only=True):
    """A route as it was found: where, and how to get at the code that answers.

    ``judged`` is what stands before it, ``inside`` what its own code does before it changes anything.
    """

    framework: Framework
    methods: tuple[str, ...]
    path: str
    handler: str
    file: str
    line: int
    judged: Judged = NOTHING
    inside: Judged = NOTHING
    code: Callable[[], str]
    changes: bool | None = None


def is_registration(seen: Seen) -> bool:
    """Whether a route is named for it that somebody registers."""
    return _REGISTERS.search(seen.path) is not None or _REGISTERS.search(seen.handler) is not None


def is_of_api(seen: Seen) -> bool:
    """Whether a route is of what programs call, and not of the pages: both may have a registration of their own."""
    return _API.search(seen.path) is not None


def settle(seen: Seen, words: RouteGuards, public: Sequence[str], *, registers_elsewhere: bool = False) -> Route:
    """The verdict on a route; ``registers_elsewhere``: another one of the same kind is named a registration.

    1. What the company declares public is public.
    2. What is refused by a guard is guarded; what the code declares open is public.
    3. What is open by nature, and shows it, is public; the name alone is a doubt.
    4. What refuses in its own code is guarded.
    5. What checks a signature, a signed token or a shared secret is guarded, whatever it is called.
    6. What may be a guard, and cannot be read here, is unknown; so is what becomes of a key that it reads itself.
    7. Everything else is unguarded.
    """
    methods = tuple(dict.fromkeys(seen.methods))
    changes = bool(CHANGING & set(methods)) if seen.changes is None else seen.changes
    path = re.sub(r"/{2,}", "/", seen.path)[:_PARTS]
    doubt: str | None = None
    verdict: RouteVerdict
    judged = seen.judged
    # (1)
    if is_declared(public, methods, path, seen.handler):
        verdict, because = "public", "declared public in asbuilt.toml"
    # (2)
    elif judged.kind == "guard":
        verdict, because = "guarded", judged.why
    elif judged.kind == "open":
        verdict, because = "public", judged.why
    else:
        # (3)
        nature, doubt = _nature(seen, words, path, registers_elsewhere) if changes else (None, None)
        if nature is not None:
            verdict, because = "public", nature
        # (4)
        elif seen.inside.kind == "guard":
            verdict, because = "guarded", seen.inside.why
        # (5)
        elif changes and words.proof.search(code := seen.code()):  # asked for again only where it is needed
            verdict, because = "guarded", "it checks a signature, a signed token or a shared secret"
        # (6)
        elif "unknown" in {judged.kind, seen.inside.kind}:
            verdict, because = "unknown", (judged if judged.kind == "unknown" else seen.inside).why
        elif changes and words.reads_key.search(code.partition(APART)[0]):
            verdict, because = "unknown", "it reads a key of the request, and what becomes of it is not followed"
        # (7)
        else:
            verdict, because = "unguarded", judged.why or "nothing stands before it"
            if doubt is not None:
                because += f"; it is named like a {doubt}, and nothing in it shows that it is one"
    return Route(
        framework=seen.framework,
        methods=methods,
        path=path,
        handler=seen.handler[:_PARTS],
        file=seen.file,
        line=seen.line,
        verdict=verdict,
        because=because[: 2 * _PARTS],
        changes=changes,
        doubt=doubt if verdict == "unguarded" else None,
    )


def is_declared(public: Sequence[str], methods: Sequence[str], path: str, handler: str) -> bool:
    """Whether a company declares a route public: by ``/path/*``, ``POST /path/*`` or the name of the handler."""
    for entry in public:
        method, _, rest = entry.rpartition(" ")
        if rest.startswith("/"):
            if (not method or set(methods) <= set(method.upper().split(","))) and fnmatch.fnmatchcase(
                "/" + path.lstrip("/^").rstrip("$"), rest
            ):
                return True
        elif entry == handler:
            return True
    return False


def _nature(seen: Seen, words: RouteGuards, path: str, registers_elsewhere: bool) -> tuple[str | None, str | None]:
    """What it is open by nature as, with evidence; else what it is only named like."""
    doubt: str | None = None
    code: str | None = None
    names = (path, f"{seen.methods[0]} {path}" if seen.methods else path, seen.handler, _last(path))
    for nature in words.natures:
        what = nature.entry.id
        # POST /users: whoever administrates adds people so, where there is a registration besides.
        elsewhere = registers_elsewhere or seen.inside.kind == "guard"
        if what == "registration" and elsewhere and not is_registration(seen):
            continue
        if nature.is_named(*names):
            code = seen.code() if code is None else code
            if nature.is_shown(code) and _is_fit(what, seen.methods, path):
                return f"a {what} by its name and its code: {nature.entry.says}", None
            doubt = doubt or what
    code = seen.code() if code is None else code
    alone = next((nature.entry for nature in words.natures if nature.is_shown_alone(code)), None)
    return (None, doubt) if alone is None else (f"a {alone.id} by its code: {alone.says}", None)


def _is_fit(nature: str, methods: Sequence[str], path: str) -> bool:
    """Nobody registers himself at an inner path; what only takes changes does not tell that the service is up."""
    if nature == "registration":
        return _INWARD.search(path) is None
    return nature != "health check" or not set(methods) <= _ONLY_CHANGING or _REPORT.search(path) is not None


def _last(path: str) -> str:
    return "/" + path.rstrip("/$").rpartition("/")[2]
