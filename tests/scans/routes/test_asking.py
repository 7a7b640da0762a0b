"""What names hold: who asks, or the refusal of a function."""

import pytest

from asbuilt.catalogue.route_guards import load_route_guards
from asbuilt.scans.routes.asking import REFUSAL, Asking
from asbuilt.scans.routes.script_code import ScriptFile, ScriptProject

LIB = """
export async function can(what) {
  const session = await auth();
  if (!session?.user?.id) return 'Not signed in.';
  return null;
}
export async function me() {
  const session = await auth();
  const user = session?.user;
  if (!user) return null;
  return user;
}
export async function checked() {
  const session = await auth();
  if (!session) return { ok: false, error: 'no' };
  return { ok: true };
}
export async function grown() { const s = await auth(); return s?.user.role === 'admin'; }
export async function found(id) { const row = await load(id); if (!row) return null; return row; }
export async function saved() { const s = await auth(); if (!s) return null; await db.item.create({}); }
"""


def learned(statement: str) -> set[str]:
    files = [
        ScriptFile("lib.js", LIB.encode()),
        ScriptFile("a.js", f"import * as lib from './lib';\n{statement}".encode()),
    ]
    project = ScriptProject(files)
    asked: set[str] = set()
    Asking(project, load_route_guards(), lambda *_: False).learn(files[1], files[1].root, asked)
    return asked


@pytest.mark.parametrize(
    ("statement", "held"),
    [
        ("const session = await auth()", {"session"}),
        ("const session = await auth(); const id = session?.user?.id", {"session", "id"}),
        ("const row = await load(request.body.user)", set()),
        ("const user = await loadUser(req)", {"user"}),
        ("const user = await loadUser(req.params.id)", set()),
        ("const denied = await lib.can('edit')", {f"{REFUSAL}denied"}),
        ("const user = await lib.me()", {"user"}),
        ("const res = await lib.checked()", {"res", f"{REFUSAL}res"}),
        ("const ok = await lib.grown()", {"ok"}),
        ("const row = await lib.found(1)", set()),
        ("const row = await lib.saved()", set()),
    ],
)
def test_what_a_name_holds(statement: str, held: set[str]) -> None:
    assert learned(statement) == held


def test_a_function_that_calls_itself_is_read_once() -> None:
    file = ScriptFile(
        "a.js", b"async function me() { const u = await me(); if (!u) return null; return u; }\nconst x = me();"
    )
    project = ScriptProject([file])
    asked: set[str] = set()
    Asking(project, load_route_guards(), lambda *_: False).learn(file, file.root, asked)
    assert asked == set()
