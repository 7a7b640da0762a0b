"""``asbuilt scan --routes`` at the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from asbuilt.cli.exit_status import routes_status
from asbuilt.cli.scan import command
from asbuilt.model.component import Unread
from asbuilt.model.errors import UsageError
from asbuilt.model.route import Route, RouteTable

APP = """from flask import Flask
from flask_login import login_required
app = Flask(__name__)

@app.post("/a")
@login_required
def a(): return 1

@app.delete("/b")
def b(): return 1
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP, "utf-8")
    return tmp_path


def run(*arguments: str):
    return CliRunner().invoke(command, ["--routes", *arguments], standalone_mode=False)


def test_the_table(shop: Path) -> None:
    told = run(str(shop))
    assert told.return_value == 1
    assert "! DELETE /b" in told.stdout
    assert "Guarded: 1" in told.stdout
    assert run(str(shop), "--fail-on", "never").return_value == 0


def test_as_json_and_into_a_file(shop: Path, tmp_path: Path) -> None:
    assert [own["verdict"] for own in json.loads(run(str(shop), "--format", "json").stdout)["routes"]] == [
        "guarded",
        "unguarded",
    ]
    file = tmp_path / "routes.json"
    told = run(str(shop), "--output", f"json={file}")
    assert (told.stdout, json.loads(file.read_bytes())["files"]) == ("", 1)


def test_sarif_knows_no_table(shop: Path) -> None:
    assert isinstance(run(str(shop), "--format", "sarif").exception, UsageError)


def route(verdict: str = "guarded") -> Route:
    return Route(
        framework="Flask", methods=("POST",), path="/", handler="a", file="a.py", line=1, because="b", changes=True,
        verdict=verdict,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("table", "fail_on", "code"),
    [
        (RouteTable(routes=(route(),)), "low", 0),
        (RouteTable(routes=(route("public"),)), "low", 0),
        (RouteTable(routes=(route("unguarded"),)), "low", 1),
        (RouteTable(routes=(route("unguarded"),)), "never", 0),
        (RouteTable(routes=(route("unknown"),)), "low", 3),
        (RouteTable(routes=(), unread=(Unread(path="a.py", why="x"),)), "never", 3),
    ],
)
def test_the_exit_code(table: RouteTable, fail_on: str, code: int) -> None:
    assert routes_status(table, fail_on) == code
