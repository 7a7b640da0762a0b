"""The table of routes of some files: each file parsed once, each framework asked."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from asbuilt.catalogue.route_guards import RouteGuards, load_route_guards
from asbuilt.model.component import Unread
from asbuilt.model.route import RouteTable
from asbuilt.scans.routes.code import LANGUAGES, LARGEST
from asbuilt.scans.routes.django import DjangoRoutes
from asbuilt.scans.routes.express import ExpressRoutes
from asbuilt.scans.routes.fastapi import FastApiRoutes
from asbuilt.scans.routes.flask import FlaskRoutes
from asbuilt.scans.routes.nextjs import NextRoutes
from asbuilt.scans.routes.python_code import PythonFile, PythonProject
from asbuilt.scans.routes.python_guards import PythonGuards
from asbuilt.scans.routes.script_code import ScriptFile, ScriptProject
from asbuilt.scans.routes.script_guards import ScriptGuards
from asbuilt.scans.routes.settling import Seen, settle


def route_table(
    files: Iterable[tuple[str, bytes]], guards: Sequence[str] = (), public: Sequence[str] = ()
) -> RouteTable:
    words = load_route_guards()
    python = [PythonFile(p, d) for p, d in files if p.endswith(".py")]
    judge = PythonGuards(PythonProject(python), words, frozenset(guards))
    seen = [*FlaskRoutes(judge).routes(), *FastApiRoutes(judge).routes(), *DjangoRoutes(judge).routes()]
    scripts = [ScriptFile(p, d) for p, d in files if not p.endswith(".py")]
    sjudge = ScriptGuards(ScriptProject(scripts), words, frozenset(guards))
    seen += [*ExpressRoutes(sjudge).routes(), *NextRoutes(sjudge).routes()]
    routes = [settle(each, words, public) for each in seen]
    return RouteTable(routes=tuple(routes), files=len(python))
