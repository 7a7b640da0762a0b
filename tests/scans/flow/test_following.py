"""Values followed through functions of Python and JavaScript: what reaches a call, and what is harmless by then."""

import pytest

from asbuilt.scans.flow.calls import Watch
from asbuilt.scans.flow.code import Call, Constant, Do, Name, Place
from asbuilt.scans.flow.following import MOST_STEPS, Called, TooMuch, follow
from asbuilt.scans.flow.values import HOLE, LOOKED_UP, OWN_ADDRESS, Value
from asbuilt.scans.rulebook import load_rules
from asbuilt.scans.syntax import Tree

RULES = {rule.id: rule for rule in load_rules()}


def reaching(text: str, language: str = "python", call: str = "sink") -> list[Value]:
    """The first arguments of all calls of that name."""
    found: list[Called] = []
    follow(Tree(text, language).code(), found.append)
    return [own.arguments[0] for own in found if own.written.rpartition(".")[2] == call]


def state(text: str, language: str = "python") -> str:
    """What is known of the one value that reaches ``sink``."""
    (value,) = reaching(text, language)
    if value.outside:
        return "outside and built" if value.built else "outside"
    return "built" if value.built else "varies" if value.varies else "harmless"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("sink('a' + x)", "built"),
        ("sink('a %s' % x)", "built"),
        ("sink('a %s %s' % (x, 1))", "built"),
        ("sink('a {}'.format(x))", "built"),
        ("sink('a {n}'.format(n=x))", "built"),
        ("sink(f'a {x}')", "built"),
        ("sink('a' 'b' f'{x}')", "built"),
        ("q = 'a'\n    q += x\n    sink(q)", "built"),
        ("q = ['a', x]\n    sink(' '.join(q))", "varies"),
        ("q = 'a' + x\n    r = q\n    sink(r.strip())", "built"),
        ("sink(x)", "varies"),
        ("sink('a' + 'b')", "harmless"),
        ("sink('a %d' % 3)", "harmless"),
        ("sink('a' + str(int(x)))", "harmless"),
        ("sink(f'a {len(x)}')", "harmless"),
        ("sink('a' + TABLE)", "harmless"),
        ("sink('a' + settings.TABLE)", "harmless"),
        ("sink('a' + ','.join('?' for _ in x))", "harmless"),
        ("sink('a' + ','.join(['?'] * len(x)))", "harmless"),
        ("y = x\n    y = 'b'\n    sink('a' + y)", "harmless"),
        ("if x in ('b', 'c'):\n        sink('a' + x)", "harmless"),
        ("if x not in ALLOWED:\n        raise ValueError\n    sink('a' + x)", "harmless"),
        ("if not x.isdigit():\n        return\n    sink('a' + x)", "harmless"),
        ("if x == 'b':\n        pass\n    sink('a' + x)", "built"),
        ("if x in y:\n        sink('a' + x)", "built"),
        ("y = 'b' if 7 * 18 + 106 > 200 else x\n    sink('a' + y)", "harmless"),
        ("y = 'b' if 7 * 18 - 106 > 200 else x\n    sink('a' + y)", "built"),
        ("y = 'b'\n    if z:\n        y = x\n    sink('a' + y)", "built"),
        ("match 'ABC'[1]:\n        case 'A' | 'C':\n            y = x\n        case _:\n            y = 'b'\n    sink('a' + y)", "harmless"),
        ("match 'ABC'[0]:\n        case 'A' | 'C':\n            y = x\n        case _:\n            y = 'b'\n    sink('a' + y)", "built"),
        ("for y in x:\n        sink('a' + y)", "built"),
        ("q = ''\n    for y in x:\n        if y:\n            q = y\n            break\n    sink('a' + q)", "built"),
        ("while x:\n        if y:\n            q = 'b'\n            continue\n        return\n    sink('a' + q)", "harmless"),
        ("for y in ('b', 'c'):\n        sink('a' + y)", "harmless"),
        ("d = {'k': 'b', 'l': x}\n    sink('a' + d['k'])", "harmless"),
        ("d = {'k': 'b', 'l': x}\n    sink('a' + d['l'])", "built"),
        ("d = {}\n    d['k'] = 'b'\n    d['l'] = x\n    sink('a' + d['k'])", "harmless"),
        ("q = []\n    q.append('b')\n    q.append(x)\n    q.pop(0)\n    sink('a' + q[0])", "built"),
        ("q = []\n    q.append('b')\n    q.append(x)\n    sink('a' + q[0])", "harmless"),
        ("c.set('s', 'k', 'b')\n    c.set('s', 'l', x)\n    sink('a' + c.get('s', 'k'))", "harmless"),
        ("try:\n        y = x\n    except E:\n        y = 'b'\n    sink('a' + y)", "built"),
        ("with f() as y:\n        sink('a' + y)", "built"),
        ("y, z = x, 'b'\n    sink('a' + z)", "harmless"),
        ("self.q = 'a' + x\n    sink(self.q)", "built"),
        ("(lambda y: sink('a' + y))(x)", "built"),
    ],
)  # fmt: skip
def test_a_text_put_together_in_python(body: str, expected: str) -> None:
    assert state(f"def f(x, y, z, c):\n    {body}\n") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from flask import request\ndef f():\n    sink(request.args['x'])", "outside"),
        ("def f(request):\n    sink('a' + request.GET.get('x'))", "outside and built"),
        ("def f(request):\n    sink(request.method)", "varies"),
        ("def f(request):\n    sink(int(request.GET['x']))", "harmless"),
        ("def f(request):\n    w = wrapper(request)\n    sink(w.get('x'))", "outside"),
        ("@app.get('/{x}')\nasync def f(x: str):\n    sink(x)", "outside"),
        ("@app.get('/{x}')\nasync def f(x: int):\n    sink(x)", "varies"),
        ("@app.get('/')\nasync def f(db=Depends(get_db)):\n    sink(db)", "varies"),
        ("@cached\ndef f(x):\n    sink(x)", "varies"),
        ("sink(input('x'))", "outside"),
        ("def f(x):\n    sink(x)\n    return 1\n", "varies"),
        (
            "class A:\n    def f(self, request):\n        def g():\n            sink(request.form)\n        return g",
            "outside",
        ),
    ],
)
def test_what_comes_from_outside_in_python(text: str, expected: str) -> None:
    assert state(text) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("sink('a' + x)", "built"),
        ("sink(`a ${x}`)", "built"),
        ("sink(`a ${1}`)", "harmless"),
        ("let q = 'a'; q += x; sink(q)", "built"),
        ("const q = `a ${x}`; sink(q as string)", "built"),
        ("sink('a'.concat(x))", "built"),
        ("sink(['a', x].join(' '))", "varies"),
        ("sink(sql`a ${x}`)", "varies"),
        ("sink(`a ${Number(x)}`)", "harmless"),
        ("sink(`a ${parseInt(x, 10)}`)", "harmless"),
        ("if (!['b', 'c'].includes(x)) { return; } sink('a' + x)", "harmless"),
        ("if (!/^[a-z]+$/.test(x)) throw new Error(); sink('a' + x)", "harmless"),
        ("sink('a' + (x ? 'b' : 'c'))", "harmless"),
        ("sink('a' + (x || 'b'))", "built"),
        ("switch (y) { case 'b': q = 'a'; break; default: q = 'c'; } sink('a' + q)", "harmless"),
        ("for (const y of x) { sink('a' + y) }", "built"),
        ("x.forEach((y) => sink('a' + y))", "built"),
        ("const { y: z } = x; sink('a' + z)", "built"),
        ("const [y] = ['b', x]; sink('a' + y)", "harmless"),
        ("this.q = 'a' + x; sink(this.q)", "built"),
        ("const o = { k: 'b', l: x }; sink('a' + o.k)", "built"),
        ("sink(await g('a' + x))", "built"),
        ("try { y = x } catch (e) { y = 'b' } finally { } sink('a' + y)", "built"),
        ("do { sink('a' + x) } while (y)", "built"),
        ("for (let i = 0; i < 3; i++) { sink('a' + x) }", "built"),
        ("class A { m(y: string) { sink('a' + y) } n = 1 }", "built"),
    ],
)
def test_a_text_put_together_in_typescript(body: str, expected: str) -> None:
    assert state(f"async function f(x: any, y: any) {{ let q; {body} }}", "typescript") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("app.get('/', (req, res) => { sink(req.query.x) })", "outside"),
        ("app.get('/', (req, res) => { const { x } = req.body; sink(`a ${x}`) })", "outside and built"),
        ("export async function POST(request) { const { x } = await request.json(); sink(x) }", "outside"),
        ("async function f(ctx) { sink(ctx.request.body) }", "outside"),
        ("export const h = async (event) => { sink(event.queryStringParameters.x) }", "outside"),
        ("app.get('/', function (req, res) { sink(req.user.id) })", "varies"),
        ("const { exec: sink } = require('child_process'); app.get('/', (req) => { sink('a') })", "harmless"),
    ],
)
def test_what_comes_from_outside_in_javascript(text: str, expected: str) -> None:
    assert state(text, "javascript") == expected


def test_names_of_modules_are_known_by_their_full_names() -> None:
    found: list[Called] = []
    follow(Tree("import a.b as c\nfrom d import e as f\nc.g()\nf(1)\nf(1).h(2)\n", "python").code(), found.append)
    assert [(own.written, own.full) for own in found] == [
        ("c.g", "a.b.g"), ("f", "d.e"), ("f", "d.e"), ("f().h", "d.e().h"),
    ]  # fmt: skip
    found.clear()
    script = "import x, { y as z } from 'm/n';\nimport * as w from 'node:fs';\nconst c = require('cp');\nx(); z(); w.r(); c.s();"
    follow(Tree(script, "javascript").code(), found.append)
    assert [own.full for own in found] == ["m.n", "m.n.y", "fs.r", "cp.s"]


def test_named_arguments_and_options_are_named() -> None:
    found: list[Called] = []
    follow(Tree("f(1, shell=True, **more)", "python").code(), found.append)
    assert found[0].named["shell"].known is True
    follow(Tree("f(1, { shell: true })", "javascript").code(), found.append)
    assert found[1].named["shell"].known is True


def test_what_a_function_cleans_is_clean_for_rules_that_say_so() -> None:
    watch = Watch([RULES["py-path-outside"], RULES["py-sql-built"]])
    found: list[str] = []

    def tell(called: Called) -> None:
        found.extend(rule.id for rule, _ in watch.judge(called))

    text = "def f(request, cur):\n    x = secure_filename(request.form['x'])\n    open('a/' + x)\n    cur.execute('SELECT a FROM ' + x)\n"
    follow(Tree(text, "python").code(), tell)
    assert found == ["py-sql-built"]


def test_a_severity_is_lower_where_nothing_shows_that_the_value_is_from_outside() -> None:
    watch = Watch([RULES["py-sql-built"]])
    told: list[str] = []

    def tell(called: Called) -> None:
        told.extend(severity for _, severity in watch.judge(called))

    text = "def f(request, cur, x):\n    cur.execute('SELECT a FROM b WHERE c=' + x)\n    cur.execute('SELECT a FROM b WHERE c=' + request.form['x'])\n"
    follow(Tree(text, "python").code(), tell)
    assert told == ["medium", "high"]


def test_work_is_bounded() -> None:
    call = Do(Call(Name("f"), (Constant(1),) * 1000, (), Place(1, 1, 1, 1)))
    with pytest.raises(TooMuch):
        follow((call,) * (MOST_STEPS // 1000 + 1), lambda _: None)


def test_the_address_of_a_request_is_our_own_and_what_stands_in_it_is_not() -> None:
    text = "function f(request) { sink(new URL('/a', request.url)); sink(request.nextUrl.searchParams.get('b')) }"
    own, sent = reaching(text, "javascript")
    assert OWN_ADDRESS in own.through
    assert OWN_ADDRESS not in sent.through
    assert sent.outside


def test_what_is_looked_up_by_a_value_is_another_value() -> None:
    (found,) = reaching("def f(request):\n    sink(Invoice.query.get(request.args['a']).path)")
    assert LOOKED_UP in found.through
    (sent,) = reaching("def f(request):\n    sink(request.args.get('a'))")
    assert LOOKED_UP not in sent.through


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("@app.get('/a')\ndef f(a):\n    return 'b' + a", 1),
        ("@app.get('/a')\ndef f(a):\n    return {'b': a}", 0),
        ("def f(a):\n    return 'b' + a", 0),
        ("@app.get('/a')\ndef f(a):\n    def g():\n        return 'b' + a\n    g()", 0),
    ],
)
def test_only_what_a_route_returns_is_an_answer(text: str, told: int) -> None:
    assert len(reaching(text, call="return!")) == told


def test_a_part_of_a_path_that_must_be_a_number_is_no_text_of_a_visitor() -> None:
    number, word = reaching("@app.get('/<int:n>/<w>')\ndef f(n, w):\n    sink(n)\n    sink(w)")
    assert (number.outside, word.outside) == (False, True)


def test_a_text_that_begins_with_ours_does_not_begin_with_what_is_sent() -> None:
    ours, sent = reaching(
        "def f(request, base):\n    sink(base + request.args['a'])\n    sink(request.args['a'] + base)"
    )
    assert not ours.text.startswith(HOLE)
    assert sent.text.startswith(HOLE)
