"""The gate as a pipeline runs it: exit codes, reports, the job's summary, and nothing of the change in command."""

import json
from pathlib import Path

import pytest

from tests.app.requests import NOW, REPOSITORY, bundle, pull, review, text
from tests.app.test_gate import TRUSTING, proposed
from tests.commands import Done, asbuilt
from tests.repos import Repo

AS_OF = ("--as-of", text(NOW))


def ask(repo: Repo, *words: str, **environment: str) -> Done:
    return asbuilt("gate", *words, *AS_OF, cwd=repo.path, **environment)


def test_exit_codes_say_what_a_pipeline_must_do(repo: Repo, tmp_path: Path) -> None:
    proposed(repo)
    request = tmp_path / "request.json"
    words = ("--base", "main", "--head", "topic")
    request.write_bytes(bundle(repo))
    assert ask(repo, *words, "--request", str(request)).code == 0
    head = repo.git("rev-parse", "topic").decode().strip()
    request.write_bytes(bundle(repo, reviews=[review(1, "ana", head)]))
    assert ask(repo, *words, "--request", str(request)).code == 1
    assert ask(repo, *words).code == 3
    assert ask(repo, *words, "--override-by", "Cleo Ruiz").code == 2
    assert ask(repo, "--base", "no-such-branch", "--head", "topic").code == 2
    request.write_bytes(b"{")
    assert ask(repo, *words, "--request", str(request)).code == 3


def test_github_actions_get_annotations_a_summary_and_files(repo: Repo, tmp_path: Path) -> None:
    name = "k8s/::error::forged ##[error]x.yml"
    proposed(repo, **{name: "a: b\n"})
    event, summary, sarif = tmp_path / "event.json", tmp_path / "summary.md", tmp_path / "gate.sarif"
    event.write_text(json.dumps({"pull_request": pull(repo), "repository": {"full_name": REPOSITORY}}), "utf-8")
    summary.write_text("before\n", "utf-8")
    done = ask(
        repo,
        "--format",
        "github",
        "--output",
        f"sarif={sarif}",
        GITHUB_ACTIONS="true",
        GITHUB_EVENT_PATH=str(event),
        GITHUB_STEP_SUMMARY=str(summary),
    )
    assert done.code == 3, done.said
    lines = done.text.splitlines()
    assert all(line.startswith(("::error title=", "::warning title=", "::notice title=")) for line in lines[:-1])
    assert not any("##[" in line for line in lines)
    assert sum("forged" in line for line in lines) == 1
    assert summary.read_text("utf-8").startswith("before\n<!-- asbuilt gate -->\n## AsBuilt gate: Refused")
    assert json.loads(sarif.read_bytes())["version"] == "2.1.0"


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "markdown"])
def test_every_format_is_the_same_twice(repo: Repo, form: str) -> None:
    proposed(repo, policy=TRUSTING)
    first, second = (ask(repo, "--base", "main", "--head", "topic", "--format", form) for _ in range(2))
    assert (first.code, first.out) == (second.code, second.out)
    assert first.code == 1


def test_nothing_of_the_change_runs(repo: Repo, tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    hook = f"#!/bin/sh\ntouch {touched}\n"
    proposed(
        repo, **{".gitattributes": "* filter=evil diff=evil merge=evil\n", "conftest.py": hook, "asbuilt.py": hook}
    )
    for key in ("filter.evil.smudge", "diff.evil.textconv", "merge.evil.driver", "core.fsmonitor", "core.pager"):
        repo.git("config", key, f"touch {touched}")
    for name in ("pre-commit", "post-checkout", "reference-transaction", "post-index-change"):
        file = repo.path / ".git" / "hooks" / name
        file.write_text(hook)
        file.chmod(0o755)
    touched.unlink(missing_ok=True)
    ask(repo, "--base", "main", "--head", "topic")
    ask(repo, "--staged")
    assert not touched.exists()


def test_the_fast_path_imports_neither_the_store_nor_the_web(repo: Repo) -> None:
    proposed(repo, policy=TRUSTING)
    done = ask(repo, "--base", "main", "--head", "topic", PYTHONVERBOSE="1")
    imported = {line.split()[1].strip("'") for line in done.said.splitlines() if line.startswith("import ")}
    assert "asbuilt.app.gate" in imported
    assert not imported & {"duckdb", "sqlglot", "numpy", "httpx", "sqlite3", "asbuilt.facts.store", "socket"}
