"""The table of routes: labelled applications of five frameworks, what is left out, and hostile files."""

import random
import time

import pytest

from asbuilt.scans.routes.table import route_table
from tests.scans.routes.labels import VECTORS, Compared, compare, read

FILES = sorted(VECTORS.glob("*/*.txt"))
FLASK = "from flask import Flask\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import Depends, FastAPI\napp = FastAPI()\n"
EXPRESS = "const express = require('express');\nconst app = express();\n"


def table(**files: str):
    return route_table(
        (name.replace("__", "/").replace("_dot_", "."), text.encode()) for name, text in files.items()
    )


def only(text: str, path: str = "app.py"):
    (route,) = route_table([(path, text.encode())]).routes
    return route


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_no_labelled_route_is_flagged_without_need_and_nearly_none_is_missed(file) -> None:
    compared = compare(file)
    assert compared.wrong == []
    assert compared.missed == []


def test_there_are_enough_labels_of_every_framework() -> None:
    compared: list[Compared] = [compare(file) for file in FILES]
    assert sum(each.labelled for each in compared) >= 150
    assert sum(each.open for each in compared) >= 50
    found = [route_table(read(file).files).routes for file in FILES]
    assert {route.framework for routes in found for route in routes} == {
        "Flask", "FastAPI", "Django", "Django REST framework", "Express", "Next.js",
    }  # fmt: skip


def test_verdicts_are_those_of_the_labels() -> None:
    told = [line for file in FILES for line in compare(file).verdicts]
    assert [line for line in told if "tracker/app.py:34" not in line] == []


def test_the_same_files_in_another_order_give_the_same_table() -> None:
    for file in FILES:
        files = read(file).files
        assert route_table(files) == route_table(files[::-1])


def test_prefixes_are_followed() -> None:
    files = read(VECTORS / "tuned" / "fastapi.txt").files
    paths = {(route.methods, route.path) for route in route_table(files).routes}
    assert (("DELETE",), "/admin/users/{user_id}") in paths
    assert (("POST",), "/reports/private/run") in paths
    express = {route.path for route in route_table(read(VECTORS / "tuned" / "express.txt").files).routes}
    assert {"/posts/:id/comments", "/admin/rebuild", "/uploads/"} <= express


def test_a_company_names_its_guards_and_what_is_public() -> None:
    text = f"{FLASK}from shop.rules import tenant\n@app.post('/a')\n@tenant\ndef a(): pass\n@app.post('/b/c')\ndef b(): pass\n"
    files = [("app.py", text.encode())]
    assert [route.verdict for route in route_table(files).routes] == ["unguarded", "unguarded"]
    assert [route.verdict for route in route_table(files, guards=["tenant"]).routes] == ["guarded", "unguarded"]
    for public in ("b", "/b/*", "POST /b/c"):
        assert [route.verdict for route in route_table(files, public=[public]).routes] == ["unguarded", "public"]
    assert not any(route.verdict == "public" for route in route_table(files, public=["GET /b/c"]).routes)


def test_an_unknown_guard_is_unknown_and_never_guarded() -> None:
    route = only(
        f"{FLASK}from shop.rules import needs_staff_login\n@app.post('/')\n@needs_staff_login\ndef a(): pass\n"
    )
    assert route.verdict == "unknown"
    assert "needs_staff_login" in route.because
    assert not route.flagged
    route = only(
        f"{EXPRESS}const {{ tenantAuth }} = require('@shop/rules');\napp.post('/', tenantAuth, (q, s) => s.end());",
        "a.js",
    )
    assert route.verdict == "unknown"


SETTINGS = """SHARED = ["django.middleware.common.CommonMiddleware"]
OUR_MIDDLEWARE = [*SHARED, "shop.middleware.LoginRequiredMiddleware"]
MIDDLEWARE = OUR_MIDDLEWARE
LOGIN_EXEMPT_URLS = (r"^hooks/", r"^ask/[0-9]+/answer$")
"""
URLS = """from django.urls import path
from shop import views
urlpatterns = [path("a/", views.a), path("hooks/a/", views.a), path("ask/<int:x>/delete", views.a)]
"""
VIEWS = "def a(request):\n    request.user.things.delete()\n"


def test_a_middleware_of_django_holds_for_every_view_but_those_that_are_left_out() -> None:
    files = [("shop/settings.py", SETTINGS), ("shop/urls.py", URLS), ("shop/views.py", VIEWS)]
    found = route_table((path, text.encode()) for path, text in files)
    assert {route.path: route.verdict for route in found.routes} == {
        "a/": "guarded",
        "hooks/a/": "public",
        "ask/<int:x>/delete": "unknown",
    }
    bare = route_table((path, text.replace("LoginRequired", "Plain").encode()) for path, text in files)
    assert {route.verdict for route in bare.routes} == {"unguarded"}


@pytest.mark.parametrize("more", ["urlpatterns += [{}]", "urlpatterns.extend([{}])", "urlpatterns.append({})"])
def test_lists_of_urls_that_grow(more: str) -> None:
    code = "from django.urls import path\nfrom shop import views\nurlpatterns = []\nif True:\n    "
    urls = code + more.format("path('a/', views.a)") + "\n"
    found = route_table((path, text.encode()) for path, text in [("shop/urls.py", urls), ("shop/views.py", VIEWS)])
    assert [(route.path, route.verdict) for route in found.routes] == [("a/", "unguarded")]


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("const user = await User.findById(req.params.id); if (!user) { return s.json({ m: 'gone' }); } await user.remove();", "unguarded"),
        ("const user = await User.findById(req.params.id); if (!user) { return s.status(404).end(); } await user.remove();", "unguarded"),
        ("if (!req.user) { return s.json({ m: 'no' }); } await db.remove(req.body);", "guarded"),
        ("if (!req.user) { return s.status(401).end(); } await db.remove(req.body);", "guarded"),
        ("await db.remove(req.body); if (!req.user) { return s.status(401).end(); }", "unguarded"),
        ("if (!req.session.user) { return next(); } await db.remove(req.body);", "unguarded"),
        ("if (req.body.debug) { if (!req.user) { return s.status(401).end(); } } await db.remove(req.body);", "unguarded"),
        ("/* return s.status(401) */ console.log(req.user); await db.remove(req.body);", "unguarded"),
    ],
)  # fmt: skip
def test_refusals_in_a_handler_of_express(body: str, verdict: str) -> None:
    assert only(f"{EXPRESS}app.delete('/:id', async (req, s, next) => {{ {body} }});", "a.js").verdict == verdict


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        ("if not current_user.is_authenticated:\n        abort(401)\n    db.session.commit()", "guarded"),
        ("db.session.commit()\n    if not current_user.is_authenticated:\n        abort(401)", "unguarded"),
        ("if request.args.get('x'):\n        if not current_user:\n            abort(401)\n    db.session.commit()", "unguarded"),
        ("user = User.query.get(id)\n    if user is None:\n        abort(404)\n    db.session.commit()", "unguarded"),
        ("if current_user.is_authenticated:\n        db.session.commit()\n    return 1", "guarded"),
        ("if current_user.is_authenticated:\n        log()\n    db.session.commit()", "unguarded"),
        ('"""abort(401) if not current_user"""\n    db.session.commit()', "unguarded"),
    ],
)  # fmt: skip
def test_refusals_in_a_handler_of_flask(body: str, verdict: str) -> None:
    assert only(f"{FLASK}@app.post('/<id>')\ndef change(id):\n    {body}\n").verdict == verdict


GATE = """from fastapi import Depends, FastAPI, HTTPException, Request
app = FastAPI()
def gate(request: Request):
    if {outer}:
        if {inner}:
            raise HTTPException(401)
@app.post("/x", dependencies=[Depends(gate)])
def x():
    db.add(1)
"""


@pytest.mark.parametrize(
    ("outer", "inner", "verdict"),
    [
        ("request.query_params.get('strict')", "not request.user", "unknown"),
        ("request.method == 'POST'", "not request.user", "guarded"),
    ],
)
def test_a_guard_that_the_caller_can_leave_out_is_none(outer: str, inner: str, verdict: str) -> None:
    assert only(GATE.format(outer=outer, inner=inner)).verdict == verdict


@pytest.mark.parametrize(
    ("outer", "inner", "verdict"),
    [("req.query.strict", "!req.user", "unknown"), ("req.method === 'POST'", "!req.user", "guarded")],
)  # fmt: skip
def test_a_middleware_that_the_caller_can_leave_out_is_none(outer: str, inner: str, verdict: str) -> None:
    gate = f"function gate(req, s, next) {{ if ({outer}) {{ if ({inner}) {{ return s.status(401).end(); }} }} next(); }}"
    assert only(f"{EXPRESS}{gate}\napp.post('/x', gate, (q, s) => {{ db.save(1); }});", "a.js").verdict == verdict


OPTIONAL = """from fastapi import Depends, FastAPI, HTTPException
app = FastAPI()
def get_current_user(token: str):
    if not token:
        raise HTTPException(401)
    return token
def maybe_user(token: str = ""):
    try:
        return get_current_user(token)
    except HTTPException:
        {caught}
def count(user=Depends(maybe_user)):
    print(user)
@app.post("/tasks", dependencies=[Depends(count)])
def add():
    db.add(1)
"""


@pytest.mark.parametrize(
    ("caught", "verdict"),
    [
        ("return None", "unguarded"),
        ("pass", "unguarded"),
        ("raise", "guarded"),
        ("raise HTTPException(403)", "guarded"),
    ],
)
def test_a_refusal_that_is_caught_and_comes_to_nothing_guards_nothing(caught: str, verdict: str) -> None:
    assert only(OPTIONAL.format(caught=caught)).verdict == verdict


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("!process.env.BLOB_TOKEN", "unguarded"),
        ("process.env.SECRET === undefined", "unguarded"),
        ("!process.env.SECRET || q.headers.authorization !== process.env.SECRET", "guarded"),
        ("key !== process.env.API_KEY", "guarded"),
    ],
)
def test_a_refusal_for_a_setting_that_is_missing_guards_nothing(condition: str, verdict: str) -> None:
    code = f"if ({condition}) {{ return s.status(401).end(); }} await db.remove(key);"
    assert only(f"{EXPRESS}app.post('/a', async (q, s) => {{ {code} }});", "a.js").verdict == verdict


def test_the_weaker_of_two_inclusions_counts() -> None:
    body = (
        "from fastapi import APIRouter, Depends, FastAPI\nfrom fastapi.security import HTTPBearer\n"
        "router = APIRouter()\n@router.post('/x')\ndef x(): pass\napp = FastAPI()\n"
        "app.include_router(router, prefix='/a', dependencies=[Depends(HTTPBearer())])\n"
    )
    assert only(body).verdict == "guarded"
    assert only(body + "app.include_router(router, prefix='/b')\n").verdict == "unguarded"


def test_a_route_that_only_reads_is_never_flagged() -> None:
    route = only(f"{FASTAPI}@app.get('/')\ndef read(): return 1\n")
    assert (route.verdict, route.changes, route.flagged) == ("unguarded", False, False)


@pytest.mark.parametrize(
    "path",
    ["tests/app.py", "test_app.py", "conftest.py", "web/node_modules/x/a.py", "src/a.test.ts", "dist/app.js"],
)
def test_tests_and_other_packages_are_left_out(path: str) -> None:
    found = route_table([(path, f"{FLASK}@app.post('/')\ndef a(): pass\n".encode())])
    assert (found.routes, found.files, found.left_out) == ((), 0, 1)


def test_a_folder_of_the_application_that_is_named_public_is_looked_at() -> None:
    found = route_table([("app/api/public/build/route.ts", b"export async function POST() { await db.insert(1) }")])
    assert [(route.path, route.flagged) for route in found.routes] == [("/api/public/build", True)]


HOSTILE = {
    "deep.py": f"{FASTAPI}x = {'(' * 5000}{')' * 5000}\n",
    "dots.py": f"{FASTAPI}x = a{'.b' * 20000}\n@app.post('/')\ndef f(u=Depends(x)): pass\n",
    "either.py": f"{FASTAPI}x = {' | '.join(['A'] * 5000)}\n@app.post('/', dependencies=[Depends(x)])\ndef f(): pass\n",
    "nots.js": f"{EXPRESS}const x = {'!' * 20000}a; app.post('/', x, (q, s) => {{}});",
    "else.js": f"{EXPRESS}app.post('/', (q, s) => {{ if (a) {{}} {'else if (b) {}' * 3000} }});",
    "chain.js": f"{EXPRESS}app{'.use(a)' * 3000}.post('/', (q, s) => {{}});",
    "decorators.py": FASTAPI + "@app.post('/')\n" * 2000 + "def f(): pass\n",
    "comments.py": f"{FASTAPI}@app.post('/')\ndef f():\n{'    # x' * 1}\n" + "    # x\n" * 30000 + "    pass\n",
    "ifs.js": f"{EXPRESS}app.post('/', (q, s) => {{ {'if (a) {b}' * 5000} }});",
    "cycle.py": "from cycle import y as x\ny = x\nP = [P]\nclass A(B): pass\nclass B(A): pass\n" + FASTAPI,
    "cycle.js": "const express = require('express'); const b = require('./cycle'); const a = b.x(); b.use('/', a); module.exports = a;",
    "middleware.ts": "export default (r) => { if (!r.user) return redirect('/login') }\nexport const config = { matcher: ['/((a+)+$)', '/((?!("
    + "a|" * 5000
    + ").*)'] }",
    "app/api/x/route.ts": "export async function POST() {}",
    "urls.py": "from django.urls import include, path\nurlpatterns = [path('', include(urlpatterns))]\n",
    "broken.py": "def f(:\n  @app.post('/'\nclass",
    "broken.ts": "export const POST = ( => {{{",
}  # fmt: skip


def test_hostile_files_are_bounded_and_named() -> None:
    found = route_table((path, text.encode()) for path, text in HOSTILE.items())
    assert "deep.py" in {each.path for each in found.unread}
    assert all(each.why and each.remedy for each in found.unread)
    assert not any(route.verdict == "guarded" for route in found.routes if route.file != "app/api/x/route.ts")


def test_a_large_file_is_named() -> None:
    found = route_table([("big.py", b"x = 1\n" * 300_000)])
    assert [each.path for each in found.unread] == ["big.py"]


def test_bytes_that_are_no_text_are_no_reason_to_stop() -> None:
    assert (
        route_table([("a.py", b"\xff\xfe@app.route\x00('/')\n"), ("noending", b"x"), ("b.ts", b"\x80")]).routes
        == ()
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_code_that_is_cut_anywhere_is_read_as_far_as_it_goes(file) -> None:
    chance = random.Random(file.stem)
    files = read(file).files
    for _ in range(6):
        cut = [(path, data[: chance.randrange(len(data))]) for path, data in files]
        for route in route_table(cut).routes:
            assert route.line >= 1
            assert route.because


@pytest.mark.parametrize("word", ["verify", "token", "Error", "session"])
def test_a_name_without_end_costs_no_time(word: str) -> None:
    endless = word * 8_000
    script = f"{EXPRESS}app.post('/login', (req, res) => {{ let x = {endless}; if (!x) res.status(401) }})\n"
    python = f"{FLASK}@app.post('/login')\ndef login():\n    x = {endless}\n    if not x: abort(401)\n"
    began = time.process_time()
    assert len(route_table([("a.js", script.encode()), ("a.py", python.encode())]).routes) == 2
    assert time.process_time() - began < 5
