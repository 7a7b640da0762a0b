"""Names and words of guards: every entry's own examples, and a malformed file."""

from pathlib import Path

import pytest

from asbuilt.catalogue.route_guards import load_route_guards
from asbuilt.model.errors import CatalogueError

GUARDS = load_route_guards()


@pytest.mark.parametrize("entry", GUARDS.guards, ids=lambda entry: entry.framework)
def test_names_of_guards(entry) -> None:
    assert entry.hits
    assert entry.near_misses
    assert [name for name in entry.hits if not GUARDS.is_guard(f"package.{name}", entry.framework)] == []
    assert [name for name in entry.near_misses if GUARDS.is_guard(name, entry.framework)] == []


@pytest.mark.parametrize("nature", GUARDS.natures, ids=lambda nature: nature.entry.id)
def test_what_is_open_by_nature_needs_a_name_and_evidence(nature) -> None:
    for name, code in nature.entry.hits:
        assert nature.is_named(name)
        assert nature.is_shown(code)
    for name, code in nature.entry.near_misses:
        assert not (nature.is_named(name) and nature.is_shown(code))


@pytest.mark.parametrize("name", ["requireStaff", "needs_login", "checkJwtToken", "tenant_guard", "is_owner"])
def test_words_of_guards(name: str) -> None:
    assert GUARDS.is_likely(name)


@pytest.mark.parametrize(
    "name", ["get_db", "get_session", "validateBody", "author", "rateLimiter", "csrf_protect", "cors"]
)
def test_words_that_are_of_no_guard(name: str) -> None:
    assert not GUARDS.is_likely(name)


@pytest.mark.parametrize(
    "code",
    ["abort(401)", "raise HTTPException(status_code=403)", "return {}, 401", "raise PermissionDenied", "redirect(url_for('auth.login'))",
     "raise HTTPException(status.HTTP_401_UNAUTHORIZED)", "return HttpResponseForbidden()"],
)  # fmt: skip
def test_refusals_in_python(code: str) -> None:
    assert GUARDS.refusal_python.search(code)


@pytest.mark.parametrize(
    "code", ["abort(404)", "return {}, 400", "timeout = 1401", "raise ValueError", "redirect('/')"]
)
def test_what_refuses_nobody_in_python(code: str) -> None:
    assert not GUARDS.refusal_python.search(code)


@pytest.mark.parametrize(
    "code",
    ["res.status(401).end()", "res.sendStatus(403)", "next(createError(401, 'x'))", "throw new UnauthorizedError()",
     "redirect('/login')", "new Response('x', { status: 401 })", "throw new Error('Not signed in')"],
)  # fmt: skip
def test_refusals_in_javascript(code: str) -> None:
    assert GUARDS.refusal_script.search(code)


@pytest.mark.parametrize(
    "code", ["res.status(404).end()", "next()", "redirect('/')", "throw new Error('no such thing')"]
)
def test_what_refuses_nobody_in_javascript(code: str) -> None:
    assert not GUARDS.refusal_script.search(code)


@pytest.mark.parametrize("text", ["[[guards]]\n", "guards = 1", "= broken", '[words]\nlikely = "("'])
def test_a_malformed_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "guards.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match="malformed"):
        load_route_guards(file)


@pytest.mark.parametrize(
    ("text", "is_proof"),
    [
        ("if not hmac.compare_digest(a, b):", True),
        ("stripe.webhooks.constructEvent(body, sig, key)", True),
        ("if (signature !== expected) return", True),
        ("const isValid = await receiver.verify({ signature })", True),
        ("signature = request.headers['x-signature']", False),
        ("verify_email(user)", False),
    ],
)
def test_that_a_signature_is_checked(text: str, is_proof: bool) -> None:
    assert (GUARDS.proof.search(text) is not None) is is_proof


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("req.headers.authorization", True),
        ('request.headers.get("X-Api-Key")', True),
        ("(await headers()).get('authorization')", True),
        ("request.META['HTTP_AUTHORIZATION']", True),
        ("fetch(url, { headers: { authorization: key } })", False),
        ('request.headers["Authorization"] = token', False),
        ("request.headers.get('Accept')", False),
    ],
)
def test_that_a_key_of_the_request_is_read(text: str, reads: bool) -> None:
    assert (GUARDS.reads_key.search(text) is not None) is reads


def test_a_sign_in_shows_itself_alone() -> None:
    shown = "user = authenticate(request, password=p)\nlogin(request, user)"
    assert [nature.entry.id for nature in GUARDS.natures if nature.is_shown_alone(shown)] == ["sign-in"]
    assert not any(nature.is_shown_alone("login(request, user)") for nature in GUARDS.natures)
