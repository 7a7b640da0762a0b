"""Findings of the table of routes."""

from asbuilt.scans.routes.finding import NOTE, RULE, findings_of
from asbuilt.scans.routes.table import route_table

CODE = """from flask import Flask
app = Flask(__name__)

@app.post("/a")
def a():
    return 1

@app.post("/login")
def login():
    return 1

@app.put("/x")
@app.post("/x")
def both():
    return 1

@app.post("/b")
def b():  # asbuilt: accept missing-authentication because it is a demonstration
    return 1

@app.get("/c")
def c():
    return 1
"""


def findings(code: str = CODE):
    files = {"app.py": code.encode()}
    return findings_of(route_table(files.items()), files)


def test_one_for_each_place_that_is_flagged() -> None:
    assert [(own.line, own.severity, own.accepted is not None) for own in findings()] == [
        (5, "high", False),
        (9, "low", False),
        (14, "high", False),
        (18, "high", True),
    ]
    assert {own.rule for own in findings()} == {RULE} == {NOTE.id}
    assert all(own.cwe == ("CWE-306",) for own in findings())


def test_it_says_which_route_and_shows_its_line() -> None:
    first, _, both, _ = findings()
    assert first.snippet == "POST /a: def a():"
    assert both.snippet == "POST /x, PUT /x: def both():"


def test_secrets_in_the_line_are_not_shown() -> None:
    text = CODE.replace("def a():", "def a(password='hunter2-hunter2'):")
    assert "hunter2" not in (findings(text)[0].snippet or "")


def test_without_the_file_no_line_is_shown() -> None:
    table = route_table([("app.py", CODE.encode())])
    assert findings_of(table, {})[0].snippet == "POST /a"
