"""Routes that a change opens, and those that it takes the guard from; what was open on the base is none of it."""

import pytest

from asbuilt.model.gate import Answer
from tests.app.test_gate_brought import OPEN
from tests.app.test_gate_findings import changed
from tests.repos import Repo

HEAD = """
from flask import Flask, request
from flask_login import login_required

app = Flask(__name__)
"""
GUARDED = '\n\n@app.post("/orders")\n@login_required\ndef add():\n    Order(**request.json).save()\n    return ""\n'
BARE = GUARDED.replace("@login_required\n", "").replace("/orders", "/bills")


def test_a_route_that_anybody_may_call_is_refused_at_its_line(repo: Repo) -> None:
    found = changed(repo, {"app.py": HEAD + GUARDED}, {"app.py": HEAD + GUARDED + BARE})
    (own,) = found.refusing
    assert (own.name, own.path, own.level) == ("missing-authentication", "app.py", "high")
    assert (HEAD + GUARDED + BARE).split("\n")[(own.line or 0) - 1] in {'@app.post("/bills")', "def add():"}
    assert found.answer is Answer.REFUSED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD + BARE, HEAD + GUARDED + BARE),
        (HEAD + BARE, "import os\n" + HEAD + BARE),
        (HEAD, HEAD + GUARDED),
    ],
)
def test_what_was_open_before_and_what_is_guarded_is_none_of_it(repo: Repo, before: str, after: str) -> None:
    assert changed(repo, {"app.py": before}, {"app.py": after}).brought == ()


def test_a_route_that_loses_its_guard_is_new(repo: Repo) -> None:
    bare = HEAD + GUARDED.replace("@login_required\n", "")
    found = changed(repo, {"app.py": HEAD + GUARDED}, {"app.py": bare})
    assert [own.name for own in found.refusing] == ["missing-authentication"]


def test_the_guard_may_stand_in_another_file(repo: Repo) -> None:
    guard = "from shop import app\nfrom flask import abort, session\n\n\n@app.before_request\ndef ask():\n"
    guard += "    if 'user' not in session:\n        abort(401)\n"
    shop = HEAD + BARE
    found = changed(repo, {"shop.py": shop, "guard.py": guard}, {"shop.py": shop})
    assert [(own.name, own.path) for own in found.refusing] == [("missing-authentication", "shop.py")]


def test_guards_and_public_routes_are_those_that_the_base_names(repo: Repo) -> None:
    policy = f'{OPEN}[scan]\npublic = ["POST /bills"]\n'
    assert changed(repo, {"app.py": HEAD}, {"app.py": HEAD + BARE}, policy=policy).brought == ()


def test_the_change_cannot_name_its_own(repo: Repo) -> None:
    after = {"app.py": HEAD + BARE, "asbuilt.toml": f'{OPEN}[scan]\npublic = ["POST /bills"]\n'}
    assert changed(repo, {"app.py": HEAD}, after).answer is Answer.REFUSED
