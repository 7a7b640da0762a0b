"""Small questions to nodes of a syntax tree."""

import pytest

from asbuilt.scans.routes.code import (
    CodeFile,
    bare,
    calls,
    dotted,
    given,
    is_setting_alone,
    last,
    line_of,
    literal,
    literals,
    plain,
)


def expression(text: str, path: str = "a.py"):
    return CodeFile(path, text.encode()).root.children()[0].children()[0]


@pytest.mark.parametrize(
    ("text", "name"),
    [("a.b.c", "a.b.c"), ("a.b(c).d", "a.b.d"), ("(await x())", "x"), ("f()()", "f"), ("1 + 2", ""), ("a[0]", "")],
)
def test_names(text: str, name: str) -> None:
    assert dotted(expression(text)) == name
    assert last(name) == name.rpartition(".")[2]


@pytest.mark.parametrize(
    ("text", "value"),
    [("'a'", "a"), ('"""a"""', "a"), ("r'a\\d'", "a\\d"), ("'a' 'b'", "ab"), ("f'x'", "x"), ("''", ""), ("a", None), ("1", None)],
)  # fmt: skip
def test_texts(text: str, value: str | None) -> None:
    assert literal(expression(text)) == value


def test_arguments() -> None:
    (call,) = calls(CodeFile("a.py", b"f(a, 'b', c=d, *e)").root, "python")
    arguments = given(call)
    assert [each.text() for each in arguments.placed] == ["a", "'b'", "*e"]
    assert {name: value.text() for name, value in arguments.named.items()} == {"c": "d"}
    assert literals(call) == ("b",)
    assert line_of(call) == 1


def test_comments_and_texts_that_stand_alone_are_no_code() -> None:
    code = (
        b'def f():\n    """abort(401)"""\n    # abort(403)\n    x = "#1"  # y\n    \'z\'\n    return """kept"""\n'
    )
    text = plain(CodeFile("a.py", code).root, "python")
    assert "40" not in text
    assert "y" not in text.replace("python", "")
    assert '"#1"' in text
    assert '"""kept"""' in text
    script = plain(CodeFile("a.js", b"// status(401)\nf('//a') /* 403 */; g()").root, "javascript")
    assert script.split() == ["f('//a')", ";", "g()"]


def test_brackets_and_casts_around_an_expression_are_taken_off() -> None:
    script = CodeFile("a.ts", b"((x as any)!)").root.children()[0]
    assert bare(script).text() == "x"


def test_depth() -> None:
    assert CodeFile("a.py", b"(" * 500).is_too_deep
    assert not CodeFile("a.py", b"()" * 5000).is_too_deep
    assert not CodeFile("a.py", b")" * 5000 + b"(").is_too_deep


def test_lines_stay_where_they_are_when_long_comments_are_taken_away() -> None:
    file = CodeFile("a.py", b"# x\n" * 5000 + b"y = 1\n")
    assert file.text.count("\n") == 5001
    assert "#" not in file.text


@pytest.mark.parametrize(
    ("condition", "alone"),
    [
        ("(!process.env.TOKEN)", True),
        ("!process.env.A || process.env.B === 'x'", True),
        ("not settings.SECRET", True),
        ("not os.environ.get('SECRET')", True),
        ("token !== process.env.TOKEN", False),
        ("not user", False),
        ("'env.x'", False),
    ],
)
def test_a_condition_that_asks_for_a_setting_alone(condition: str, alone: bool) -> None:
    assert is_setting_alone(condition) is alone
