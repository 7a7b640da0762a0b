"""The middleware of Next.js: which paths its patterns fit, and what it refuses there."""

import pytest

from asbuilt.catalogue.route_guards import load_route_guards
from asbuilt.scans.routes.middleware import matches, names, read_middleware
from asbuilt.scans.routes.script_code import ScriptFile, ScriptProject
from asbuilt.scans.routes.script_guards import ScriptGuards


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/dashboard/:path*", "/dashboard", True),
        ("/dashboard/:path*", "/dashboard/a/b", True),
        ("/dashboard/:path*", "/dashboards", False),
        ("/dashboard/:path+", "/dashboard", False),
        ("/teams/:id", "/teams/[id]", True),
        ("/teams/:id", "/teams/[id]/x", False),
        ("/api/posts", "/api/posts", True),
        ("/api/posts", "/api/posts/1", False),
        ("/(api|trpc)(.*)", "/api/posts", True),
        ("/(api|trpc)(.*)", "/apple", False),
        ("/((?!api|_next/static|favicon.ico).*)", "/api/posts", False),
        ("/((?!api|_next/static|favicon.ico).*)", "/teams", True),
        (r"/((?!_next|.*\\..*).*)", "/api/posts", True),
        ("/((a+)+$)", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", None),
    ],
)
def test_patterns(pattern: str, path: str, fits: bool | None) -> None:
    assert matches(pattern, path) is fits


@pytest.mark.parametrize(
    ("text", "path", "means"),
    [("/api", "/api/x", True), ("/api", "/apix", False), ("/", "/x", False), ("/a(.*)", "/a/b", True), ("/a(.*)", "/b", False),
     ("/api/auth/**", "/api/auth/x/y", True), ("/api/auth/**", "/api/teams", False),
     ("/invitations/*", "/invitations/a", True), ("/invitations/*", "/invitations/a/b", False)],
)  # fmt: skip
def test_paths_in_code(text: str, path: str, means: bool) -> None:
    assert names(text, path) is means


def verdict(code: str, path: str = "/api/posts", file: str = "src/middleware.ts") -> str | None:
    script = ScriptFile(file, code.encode())
    found = read_middleware(ScriptGuards(ScriptProject([script]), load_route_guards(), frozenset()), script)
    return None if found is None else found.judge(path).kind


REFUSES = "export function middleware(request) {{\n  {before}\n  if (!request.cookies.get('s')) return Response.redirect('/login')\n}}\n"


def test_what_it_refuses() -> None:
    assert verdict(REFUSES.format(before="")) == "guard"
    assert verdict(REFUSES.format(before="if (request.nextUrl.pathname.startsWith('/api')) return")) == "open"
    assert verdict("export function middleware() { console.log(1) }") == "none"
    assert verdict("const a = 1") is None
    assert verdict("export { default } from 'next-auth/middleware'") == "guard"
    assert verdict("export { auth as middleware } from '@/auth'") == "unknown"


def test_it_refuses_where_it_says_so_alone() -> None:
    code = "export function middleware(r) {\n  if (r.nextUrl.pathname.startsWith('/admin')) { return Response.redirect('/login') }\n}\n"
    assert verdict(code, "/admin/x") == "guard"
    assert verdict(code, "/shop") == "none"


def test_what_it_does_not_run_for_it_does_not_guard() -> None:
    code = REFUSES.format(before="") + "export const config = { matcher: ['/teams/:path*'] }\n"
    assert (verdict(code), verdict(code, "/teams/1")) == ("none", "guard")
    odd = REFUSES.format(before="") + "export const config = { matcher: ['/((a+)+$)'] }\n"
    assert verdict(odd) == "unknown"


def test_it_is_of_the_application_that_it_lies_in() -> None:
    script = ScriptFile("web/src/middleware.ts", REFUSES.format(before="").encode())
    found = read_middleware(ScriptGuards(ScriptProject([script]), load_route_guards(), frozenset()), script)
    assert found is not None
    assert found.is_for("web/src/app/api/x/route.ts")
    assert found.is_for("web/pages/api/x.ts")
    assert not found.is_for("other/src/app/api/x/route.ts")


NESTED = """const open = ['/api/auth/**', '/api/hello'];
export default async function middleware(req) {{
  const {{ pathname }} = req.nextUrl;
  if (micromatch.isMatch(pathname, open)) {{ return NextResponse.next(); }}
  const there = new URL('{place}', req.url);
  if (env.strategy === 'jwt') {{
    if (!(await getToken({{ req }}))) {{ return NextResponse.redirect(there); }}
  }}
  return NextResponse.next();
}}
"""


def test_it_sends_to_a_sign_in_that_was_put_together_before() -> None:
    code = NESTED.format(place="/auth/login")
    assert verdict(code, "/api/teams") == "guard"
    assert verdict(code, "/api/auth/join") == "open"
    assert verdict(NESTED.format(place="/home"), "/api/teams") == "none"
