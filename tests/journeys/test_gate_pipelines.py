"""The action, the GitLab job and the hook: their text cannot be made a command, and they fail closed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.app.test_gate import proposed
from tests.repos import Repo

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
JOB: dict[str, Any] = yaml.safe_load((ROOT / "templates" / "gitlab-gate.yml").read_text("utf-8"))["asbuilt-gate"]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def scripts() -> list[str]:
    steps = [step["run"] for step in ACTION["runs"]["steps"]]
    return [*steps, *JOB["before_script"], *JOB["script"]]


def test_no_script_takes_an_expression_or_an_input_into_its_own_text() -> None:
    assert len(scripts()) >= 5
    for script in scripts():
        assert "${{" not in script
    inputs = set(ACTION["inputs"])
    used = set(re.findall(r"inputs\.([a-z]+)", (ROOT / "action.yml").read_text("utf-8")))
    assert used == inputs


def test_every_variable_is_quoted() -> None:
    for script in scripts():
        for line in script.splitlines():
            bare = re.sub(r'"[^"]*"|\[ [^\]]*\]|case [^ ]+', "", line)
            assert not re.search(r"\$[A-Za-z{]", bare.partition("#")[0]), line


def test_python_is_isolated_wherever_it_meets_a_checkout() -> None:
    for script in scripts():
        for call in re.findall(r"bin/python\"?(?: -\S+)* -m (?:asbuilt|pip)[^\n]*", script):
            assert " -I " in call, call


def test_the_whole_history_is_fetched_and_only_requests_are_judged() -> None:
    assert JOB["variables"]["GIT_DEPTH"] == "0"
    assert JOB["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert JOB.get("allow_failure") is None


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ({}, []),
        ({"ASBUILT_GITLAB_TOKEN": "glpat-of-the-project"}, ["--forge"]),
        (
            {
                "ASBUILT_GITLAB_TOKEN": "glpat-of-the-project",
                "ASBUILT_GITLAB_URL": "https://a.example/api/v4 --evil",
            },
            ["--forge", "--api-url", "https://a.example/api/v4 --evil"],
        ),
        ({"ASBUILT_PRIVATE_HOST": "$(id)"}, ["--allow-private-host", "$(id)"]),
    ],
)
def test_the_gitlab_job_asks_the_forge_where_there_is_a_token(
    given: dict[str, str], passed: list[str], tmp_path: Path
) -> None:
    (script,) = JOB["script"]
    told = tmp_path / "told"
    told.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    told.chmod(0o755)
    done = subprocess.run(
        ["sh", "-eu", "-c", script.replace("/opt/asbuilt/bin/python", str(told))],
        env={"CI_PROJECT_DIR": "/builds/harbor", "ASBUILT_GITLAB_TOKEN": "", **JOB["variables"], **given},
        capture_output=True,
        check=True,
    )
    words = done.stdout.decode().splitlines()
    assert words[-2:] == ["--", "/builds/harbor"]
    assert words[words.index("gate") + 5 : -2] == passed
    assert "glpat" not in done.stdout.decode() + done.stderr.decode()


def test_the_hook_takes_no_file_names() -> None:
    assert (HOOK["entry"], HOOK["pass_filenames"], HOOK["always_run"]) == ("asbuilt gate --staged", False, True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="the action's shell")
def test_the_actions_step_fails_closed_and_runs_nothing_of_its_inputs(repo: Repo, tmp_path: Path) -> None:
    proposed(repo)
    touched = tmp_path / "touched"
    runner = tmp_path / "runner"
    python = runner / "asbuilt-gate" / "bin" / "python"
    python.parent.mkdir(parents=True)
    # Without -I: the package under test may be on the path by the environment alone.
    python.write_text(f'#!/bin/sh\n[ "$1" = "-I" ] || exit 99\nshift\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (repo.path / "asbuilt").mkdir()
    (repo.path / "asbuilt" / "__init__.py").write_text(f"open({str(touched)!r}, 'w')\n")
    evil = f"$(touch {touched})`touch {touched}`;touch {touched}"
    step = ACTION["runs"]["steps"][-1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI_"))},
        "RUNNER_TEMP": str(runner),
        "GITHUB_WORKSPACE": str(repo.path),
        "ASBUILT_GITHUB_TOKEN": evil,
        "CHECKOUT": ".",
        "WANTS_COMMENT": evil,
        "SARIF": "",
        "JSON": evil,
    }
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=runner,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert not touched.exists()
