"""Refusals, and whom they are of: by the conditions that lie around them."""

import pytest
from ast_grep_py import SgRoot

from asbuilt.catalogue.route_guards import load_route_guards
from asbuilt.scans.routes.refusals import Reading, assigned, expanded, is_called_for_all, is_of_anonymous, refusals

WORDS = load_route_guards()
PYTHON = Reading("python", WORDS.refusal_python, WORDS.identity)
SCRIPT = Reading("javascript", WORDS.refusal_script, WORDS.identity)


def counted(reading: Reading, code: str, *, strict: bool = True, named_for_it: bool = False) -> list[bool]:
    node = SgRoot(code, reading.language).root()
    return [
        is_of_anonymous(each, reading, strict=strict, named_for_it=named_for_it) for each in refusals(reading, node)
    ]


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("if not user:\n    abort(401)", [True]),
        ("if user is None:\n    return 'no', 403", [True]),
        ("if user is not None:\n    abort(401)", [False]),  # it is of somebody
        ("if token:\n    if not valid(token):\n        abort(401)", [False]),
        ("if user:\n    go()\nelse:\n    abort(401)", [True]),
        ("if user:\n    if user.banned:\n        abort(403)\nabort(401)", [False, True]),
        ("project = find(api_key)\nif project is None:\n    abort(403)", [True]),  # by what the name was given
        ("if thing is None:\n    abort(403)", [False]),
        ("if private:\n    if not user:\n        abort(401)", [False]),  # something else decides first
        ("if request.method == 'POST':\n    if not user:\n        abort(401)", [True]),
        ("if not settings.TOKEN:\n    abort(401)", [False]),
        ("if not API_TOKEN:\n    abort(403)", [False]),
        ("if session['nonce'] != form['csrf_nonce']:\n    abort(403)", [False]),
        ("try:\n    user = decode_token(header)\nexcept ValueError:\n    abort(401)", [True]),
        ("try:\n    run()\nexcept ValueError:\n    abort(401)", [False]),  # of what was tried, not of who asks
    ],
)
def test_a_refusal_in_python(code: str, counts: list[bool]) -> None:
    assert counted(PYTHON, code) == counts


@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("if (!session) { return res.status(401).end() }", [True]),
        ("if (session && session.banned) { return res.status(403).end() }", [False]),
        ("if (token) { if (!check(token)) { throw new UnauthorizedError() } }", [False]),
        ("if (session) { go() } else { res.status(401).end() }", [True]),
        ("verify(token, key, (err, user) => { if (err) { return res.sendStatus(401) } go() })", [True]),
        ("if (error instanceof AuthError) { return reply.status(401) }", [False]),
        ("if (!allowedHosts.includes(host)) { return res.status(403).end() }", [False]),
        ("if (!process.env.SECRET) { return res.status(401).end() }", [False]),
        ("if (process.env.ON) { if (!session) { return res.status(401).end() } }", [True]),
    ],
)
def test_a_refusal_in_javascript(code: str, counts: list[bool]) -> None:
    assert counted(SCRIPT, code) == counts


def test_what_is_named_like_a_guard_may_forbid_for_a_reason_of_its_own() -> None:
    code = "def require_key(x):\n    if x != 'expected':\n        abort(403)"
    assert counted(PYTHON, code, strict=False) == [False]
    assert counted(PYTHON, code, strict=False, named_for_it=True) == [True]


def test_a_name_stands_for_what_it_was_given() -> None:
    names = assigned(SgRoot("const { user } = await auth(); let b = 1", "javascript").root(), "javascript")
    assert expanded("!user", names) == "!user await auth()"
    assert names["b"] == "1"


def test_a_guard_that_is_called_only_for_somebody_guards_nothing() -> None:
    for code, counts in (
        ("def hook():\n    if token:\n        lookup(token)", False),
        ("def hook():\n    lookup(token)", True),
    ):
        assert is_called_for_all(PYTHON, SgRoot(code, "python").root(), "lookup") is counts


def test_code_without_end_is_bounded() -> None:
    deep = "if not user:\n" + "".join(f"{' ' * place}if a:\n" for place in range(1, 80)) + " " * 81 + "abort(401)"
    assert counted(PYTHON, deep) == []
    assert len(counted(PYTHON, "if not user:\n    abort(401)\n" * 500)) == 60
