"""Ways to guard that public applications use, each in a few lines: what is guarded, and what only looks like it."""

import pytest

from asbuilt.scans.routes.table import route_table

FLASK = "from flask import Flask, abort, request\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import APIRouter, Depends, HTTPException\nrouter = APIRouter()\n"
EXPRESS = "const express = require('express');\nconst app = express();\n"
REST = "from rest_framework import viewsets\nfrom rest_framework.permissions import AllowAny, IsAuthenticated\n"
URLS = "from django.urls import path\nfrom shop.views import V\nurlpatterns = [path('v/', V.as_view({'post': 'create'}))]\n"


def verdicts(*files: tuple[str, str]) -> dict[str, str]:
    table = route_table([(path, text.encode()) for path, text in files])
    return {route.handler: route.verdict for route in table.routes if route.changes}


def verdict(*files: tuple[str, str]) -> str:
    (found,) = verdicts(*files).values()
    return found


@pytest.mark.parametrize(
    ("hook", "told"),
    [
        ("    if not session.get('user_id'):\n        abort(401)\n", "guarded"),
        ("    if session['nonce'] != request.form['csrf_nonce']:\n        abort(403)\n", "unguarded"),
        ("    if is_setup() is False:\n        return 'not set up', 403\n", "unguarded"),
        ("    token = request.headers.get('Authorization')\n    if token:\n        if not known(token):\n            abort(401)\n",
         "unguarded"),
    ],
)  # fmt: skip
def test_what_runs_before_each_request_has_to_be_of_who_is_not_signed_in(hook: str, told: str) -> None:
    text = f"{FLASK}@app.before_request\ndef look():\n{hook}\n@app.post('/a')\ndef a(): db.session.commit()\n"
    assert verdict(("app.py", text)) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (("    if a:\n        if not a.owner == request.user:\n            return redirect('/x')\n        a.save()\n"
         "    elif b:\n        if not request.user.is_staff:\n            return redirect('/x')\n        b.save()\n"), "guarded"),
        (("    if a:\n        if not request.user.is_staff:\n            return redirect('/x')\n        a.save()\n"
         "    else:\n        b.save()\n"), "unguarded"),
        ("    if not db.session.get(Category, 1):\n        return 'none', 404\n    db.session.commit()\n", "unguarded"),
        ("    if 'basket' not in session:\n        return redirect('/')\n    db.session.commit()\n", "unguarded"),
        ("    if 'user_id' not in session:\n        return redirect('/')\n    db.session.commit()\n", "guarded"),
        ("    key = request.headers.get('X-Api-Key')\n    use(key)\n    db.session.commit()\n", "unknown"),
        ("    if not hmac.compare_digest(a, b):\n        return 'no', 400\n    db.session.commit()\n", "guarded"),
    ],
)  # fmt: skip
def test_the_code_of_a_handler_in_python(body: str, told: str) -> None:
    assert verdict(("app.py", f"{FLASK}@app.post('/a')\ndef a():\n{body}")) == told


def test_a_sign_in_under_any_name_is_public() -> None:
    body = "    user = authenticate(request, password=p)\n    if user:\n        login(request, user)\n        user.save()\n"
    urls = "from django.urls import path\nfrom shop.views import index\nurlpatterns = [path('', index)]\n"
    assert verdict(("shop/urls.py", urls), ("shop/views.py", f"def index(request):\n{body}")) == "public"


def test_classes_of_fastapi_depend_for_all_their_routes() -> None:
    text = (
        f"{FASTAPI}def who(t=Depends(key)):\n    raise HTTPException(401)\n"
        "class Base:\n    user: int = Depends(who)\n"
        "@controller(router)\nclass A(Base):\n    @router.post('/a')\n    def a(self): pass\n"
        "@controller(router)\nclass B:\n    @router.post('/b')\n    def b(self): pass\n"
    )
    assert verdicts(("app.py", text)) == {"a": "guarded", "b": "unguarded"}


def test_an_alias_of_a_dependency_is_known_by_its_full_name() -> None:
    auth = (
        "from typing import Annotated\nfrom fastapi import Depends, HTTPException\n"
        "def who():\n    raise HTTPException(401)\nWrite = Annotated[int, Depends(who)]\nLoop = Annotated[Loop, 1]\n"
    )
    text = (
        f"{FASTAPI}from shop import auth\n@router.post('/a')\ndef a(u: auth.Write): pass\n"
        "@router.post('/b')\ndef b(u: auth.Loop): pass\n"
    )
    assert verdicts(("shop/auth.py", auth), ("app.py", text)) == {"a": "guarded", "b": "unguarded"}


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ("        if self.action in ('list', 'retrieve'):\n            return [AllowAny()]\n        return [IsAuthenticated()]\n",
         "guarded"),
        (("        if self.action == 'create':\n            kinds_permission = [AllowAny]\n        else:\n"
         "            kinds_permission = [IsAuthenticated]\n        return [permission() for permission in kinds_permission]\n"),
         "unknown"),
        ("        if self.settings.open:\n            return [AllowAny()]\n        return [IsAuthenticated()]\n", "unknown"),
    ],
)  # fmt: skip
def test_permissions_by_action(chosen: str, told: str) -> None:
    view = f"{REST}class V(viewsets.ModelViewSet):\n    def get_permissions(self):\n{chosen}"
    assert verdict(("shop/urls.py", URLS), ("shop/views.py", view)) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "const denied = await can('x'); if (denied) return { error: denied }; await db.item.create({})",
            "guarded",
        ),
        ("const row = await seek('x'); if (!row) return { error: 1 }; await db.item.create({})", "unguarded"),
        ("await signIn('github')", "public"),
    ],
)
def test_server_actions_that_ask_a_function_of_the_application(body: str, told: str) -> None:
    lib = (
        "export async function can(x) { const s = await auth(); if (!s) return 'no'; return null }\n"
        "export async function seek(x) { const row = await load(x); if (!row) return null; return row }\n"
    )
    head = "'use server'\nimport { can, seek } from '@/lib/can'\nimport { signIn } from 'next-auth/react'\n"
    action = f"{head}export async function add() {{ {body} }}\n"
    assert verdict(("src/lib/can.ts", lib), ("src/app/actions.ts", action)) == told


def test_a_way_to_call_a_function_is_not_the_function() -> None:
    lib = (
        "export function withUser(handler: H): H;\nexport function withUser(scope: string, handler: H): H;\n"
        "export function withUser(...all) { return around(all, userMiddleware) }\n"
        "async function userMiddleware(req) { const s = await auth(); if (!s) return json({}, { status: 401 }) }\n"
        "export function withError(handler) { return async (req) => { try { return await handler(req) }\n"
        "catch (error) { if (error.code === 'x') return json({}, { status: 401 }) } } }\n"
    )
    head = "import { withError, withUser } from '@/utils/wrap'\n"
    files = [("src/utils/wrap.ts", lib)]
    for name, told in (("withUser", "guarded"), ("withError", "unguarded")):
        route = (
            "src/app/api/a/route.ts",
            f"{head}export const POST = {name}(async (req) => {{ db.item.create({{}}) }})\n",
        )
        assert verdict(*files, route) == told


def test_routers_that_are_mounted_in_a_loop() -> None:
    routes = "const router = require('express').Router();\nrouter.post('/b', add);\nmodule.exports = router;\n"
    app = (
        f"{EXPRESS}const guard = (req, res, next) => {{ if (!req.user) return res.status(401).end(); next() }};\n"
        "const b = require('./b');\nconst all = [{ path: '/a', route: b }];\n"
        "all.forEach((each) => { app.use(each.path, guard, each.route) });\n"
    )
    table = route_table([("app.js", app.encode()), ("b.js", routes.encode())])
    assert [(route.path, route.verdict) for route in table.routes] == [("/a/b", "guarded")]


def test_a_guard_that_has_answered_already() -> None:
    text = (
        f"{EXPRESS}function checkAuth(req, res) {{ if (!req.user) {{ res.status(401).end(); return false }} return true }}\n"
        "app.post('/a', (req, res) => { if (!checkAuth(req, res)) return; db.item.create({}) });\n"
    )
    assert verdict(("app.js", text)) == "guarded"


def test_users_are_registered_in_one_place() -> None:
    body = "(req, res) => { User.create({ password: hash(req.body.password) }) }"
    users = f"app.post('/api/users', {body});\n"
    assert verdict(("app.js", EXPRESS + users)) == "public"
    both = route_table([("app.js", f"{EXPRESS}{users}app.post('/api/register', {body});\n".encode())])
    assert {route.path: route.verdict for route in both.routes} == {
        "/api/users": "unguarded",
        "/api/register": "public",
    }


def test_a_middleware_of_next_that_guards_named_paths_declares_no_other_open() -> None:
    middleware = (
        "const PRIVATE = ['/api/pay'];\nexport default auth((req) => {\nconst { pathname } = req.nextUrl\n"
        "const isPrivate = PRIVATE.some((r) => pathname.startsWith(r))\n"
        "if (isPrivate && !req.auth) return Response.redirect(new URL('/login', req.nextUrl))\n"
        "if (['/api'].some((r) => pathname.startsWith(r))) return next()\nreturn next() })\n"
    )
    handler = "export async function POST(req) { await db.item.create({}) }\n"
    table = route_table(
        [
            ("src/middleware.ts", middleware.encode()),
            ("src/app/api/pay/route.ts", handler.encode()),
            ("src/app/api/news/route.ts", handler.encode()),
        ]
    )
    assert {route.path: route.verdict for route in table.routes} == {
        "/api/pay": "guarded",
        "/api/news": "unguarded",
    }


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("if (!session) return res.status(401).end();", "guarded"),
        ("if (!session) { res.status(401).end(); return }", "guarded"),
        ("if (!session) res.status(401).end();", "unguarded"),
        ("if (!session) { res.status(401).json({}) }", "unguarded"),
        ("if (!session) { res.redirect('/login') }", "unguarded"),
    ],
)
def test_an_answer_alone_is_no_end(answer: str, told: str) -> None:
    text = f"export default async function handler(req, res) {{ const session = await getSession({{ req }}); {answer}\n"
    assert verdict(("pages/api/a.ts", text + "await prisma.product.delete({ where: req.body }) }\n")) == told


def test_resources_that_a_loop_adds() -> None:
    head = (
        "from flask_restful import Api, Resource\nfrom flask import Flask\napp = Flask(__name__)\napi = Api(app)\n"
    )
    text = f"{head}from shop.views import routes\n[api.add_resource(*each) for each in routes]\n"
    views = "class A(Resource):\n    def post(self): pass\nroutes = ((A, '/a'),)\n"
    assert verdicts(("app.py", text), ("shop/views.py", views)) == {"A.post": "unguarded"}


def test_a_token_that_is_proved_or_thrown_at() -> None:
    text = (
        f"{EXPRESS}function readToken(token) {{ return jwt.verify(token, KEY) }}\n"
        "app.post('/a', async (req, res) => { const { id } = readToken(req.body.x); await db.item.create({ id }) });\n"
    )
    assert verdict(("app.js", text)) == "guarded"


def test_a_view_of_a_library_keeps_its_own_permissions() -> None:
    view = "from rest_framework_simplejwt.views import TokenRefreshView\nclass V(TokenRefreshView): pass\n"
    settings = "REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n"
    urls = "from django.urls import path\nfrom shop.views import V\nurlpatterns = [path('v/', V.as_view())]\n"
    assert verdict(("shop/urls.py", urls), ("shop/views.py", view), ("shop/settings.py", settings)) == "public"
