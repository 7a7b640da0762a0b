"""The table of routes of some files: each file parsed once, each framework asked.

Nothing of the files is run or imported. What is made at run time, or lies in another package, is followed as far
as the code tells, and unknown beyond that.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ast_grep_py import SgNode

from asbuilt.catalogue.route_guards import load_route_guards
from asbuilt.model.component import Unread
from asbuilt.model.route import Route, RouteTable
from asbuilt.scans.routes.code import LANGUAGES, LARGEST, CodeFile
from asbuilt.scans.routes.django import DjangoRoutes
from asbuilt.scans.routes.express import ExpressRoutes
from asbuilt.scans.routes.fastapi import FastApiRoutes
from asbuilt.scans.routes.flask import FlaskRoutes
from asbuilt.scans.routes.nextjs import NextRoutes
from asbuilt.scans.routes.other_frameworks import other_frameworks
from asbuilt.scans.routes.python_code import PythonFile, PythonProject
from asbuilt.scans.routes.python_guards import PythonGuards
from asbuilt.scans.routes.script_code import ScriptFile, ScriptProject
from asbuilt.scans.routes.script_guards import ScriptGuards
from asbuilt.scans.routes.settling import is_of_api, is_registration, settle

# Files of tests and of other people's packages: their routes are no part of the application.
LEFT_OUT: Final = re.compile(
    r"(?:^|/)(?:tests?|__tests__|__mocks__|playwright|cypress|e2e|node_modules|bower_components|site-packages|\.venv|venv|\.next|migrations)/"
    r"|^(?:(?!app/|src/)[^/]+/)?(?:dist|build|public|static|vendor|fixtures|e2e|spec|testing)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_tests?|tests?|conftest)\.py$|\.(?:test|spec|stories|min|bundle|d)\.[cm]?[jt]sx?$",
    re.IGNORECASE,
)
_DEEP: Final = "Its brackets lie deeper in each other than anything that is walked."
_LARGE: Final = f"It is larger than {LARGEST:,} bytes."


def route_table(
    files: Iterable[tuple[str, bytes]],
    guards: Sequence[str] = (),
    public: Sequence[str] = (),
    parsed: Mapping[str, SgNode] | None = None,
) -> RouteTable:
    """The routes of some files, ordered by file and line.

    Args:
        files: paths from the root of the repository, with their content.
        guards: names that refuse who is not signed in, as the company states them.
        public: routes that the company declares public: ``/path/*``, ``POST /path/*``, or the name of a handler.
        parsed: trees of files that were parsed already, by path.

    Raises:
        CatalogueError: the list of known guards is malformed.
    """
    python: list[PythonFile] = []
    scripts: list[ScriptFile] = []
    unread: list[Unread] = []
    left_out = 0
    for path, data in files:
        ending = path[path.rfind(".") :].lower() if "." in path else ""
        if ending not in LANGUAGES:
            continue
        if LEFT_OUT.search(path):
            left_out += 1
            continue
        why = _LARGE if len(data) > LARGEST else ""
        file: CodeFile
        if not why:
            kind = PythonFile if ending == ".py" else ScriptFile
            file = kind(path, data, None if parsed is None else parsed.get(path))
            why = _DEEP if file.is_too_deep else ""
        if why:
            unread.append(Unread(path=path, why=why, remedy="Its routes are unknown: look at it by hand."))
        elif isinstance(file, PythonFile):
            python.append(file)
        elif isinstance(file, ScriptFile):
            scripts.append(file)
    words, own = load_route_guards(), frozenset(guards)
    in_python = PythonGuards(PythonProject(python), words, own)
    in_scripts = ScriptGuards(ScriptProject(scripts), words, own)
    seen = [
        *FlaskRoutes(in_python).routes(),
        *FastApiRoutes(in_python).routes(),
        *DjangoRoutes(in_python).routes(),
        *ExpressRoutes(in_scripts).routes(),
        *NextRoutes(in_scripts).routes(),
    ]
    registering = {is_of_api(each) for each in seen if each.changes is not False and is_registration(each)}
    settled = [settle(each, words, public, registers_elsewhere=is_of_api(each) in registering) for each in seen]
    return RouteTable(
        routes=_ordered(settled),
        files=len(python) + len(scripts),
        left_out=left_out,
        unread=tuple(unread),
        others=other_frameworks([*python, *scripts]),
    )


def _ordered(routes: list[Route]) -> tuple[Route, ...]:
    return tuple(
        sorted(dict.fromkeys(routes), key=lambda route: (route.file, route.line, route.path, route.methods))
    )
