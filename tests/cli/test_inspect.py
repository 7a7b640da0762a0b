"""``asbuilt inspect`` as a user types it."""

import json
from pathlib import Path

import pytest

from tests.commands import asbuilt
from tests.repos import Repo


@pytest.fixture
def small(repo: Repo) -> Repo:
    """A person's change, an AI-declared one, and a direct push."""
    repo.write("a.txt", "one\ntwo\n").commit("Start")
    repo.write("b.txt", "x\n").commit("Add b\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n")
    return repo


def test_formats_on_stdout(small: Repo) -> None:
    shown = {
        form: asbuilt("inspect", "--format", form, cwd=small.path) for form in ("text", "json", "html", "markdown")
    }
    assert {done.code for done in shown.values()} <= {1, 3}
    assert len({done.code for done in shown.values()}) == 1
    assert json.loads(shown["json"].out)["lines"]["total"] == 3
    assert shown["html"].text.startswith("<!")
    assert shown["markdown"].text.startswith("#")
    assert "AI, declared" in shown["text"].text
    assert all(done.err == b"" for done in shown.values())


def test_text_is_80_columns_wide_when_piped_and_as_wide_as_columns_says(small: Repo) -> None:
    assert max(map(len, asbuilt("inspect", cwd=small.path).text.splitlines())) <= 80
    assert max(map(len, asbuilt("inspect", cwd=small.path, COLUMNS="66").text.splitlines())) <= 66


def test_colour_only_when_asked_for(small: Repo) -> None:
    assert "\x1b[" not in asbuilt("inspect", cwd=small.path).text
    assert "\x1b[" in asbuilt("inspect", cwd=small.path, FORCE_COLOR="1").text
    assert "\x1b[" not in asbuilt("inspect", cwd=small.path, FORCE_COLOR="1", NO_COLOR="1").text


def test_the_report_prints_in_plain_ascii(small: Repo) -> None:
    done = asbuilt("inspect", cwd=small.path, PYTHONIOENCODING="ascii")
    assert done.code in {1, 3}
    assert done.out.isascii()
    assert b"\\u2" not in done.out  # no box, bar or sign is left as an escape


def test_several_outputs_at_once_and_quiet(small: Repo, tmp_path: Path) -> None:
    words = [f"--output={form}={tmp_path / form}" for form in ("json", "html", "markdown", "text")]
    done = asbuilt("inspect", *words, "--quiet", cwd=small.path)
    assert (done.out, done.err) == (b"", b"")
    assert json.loads((tmp_path / "json").read_bytes())["schema"]
    assert (tmp_path / "html").read_text().startswith("<!")
    assert (tmp_path / "markdown").read_text().startswith("#")
    assert (tmp_path / "text").read_text() == asbuilt("inspect", cwd=small.path).text


def test_verbose_says_its_stages_on_stderr(small: Repo) -> None:
    done = asbuilt("inspect", "--verbose", cwd=small.path)
    assert "Testing controls\n" in done.said
    assert "Testing controls" not in done.text


def test_exit_codes(small: Repo) -> None:
    counts = json.loads(asbuilt("inspect", "--format", "json", cwd=small.path).out)
    assert counts["blocking"] + counts["unknown"] > 0
    assert asbuilt("inspect", cwd=small.path).code == (1 if counts["blocking"] else 3)
    assert asbuilt("inspect", "--fail-on", "unknown", cwd=small.path).code == 1
    assert asbuilt("inspect", "--fail-on", "never", cwd=small.path).code == 3
    assert asbuilt("inspect", "--exit-zero", cwd=small.path).code == 0


def test_since_judges_only_later_changes(small: Repo) -> None:
    changes = [
        len(json.loads(asbuilt("inspect", "--format", "json", *more, cwd=small.path).out)["changes"])
        for more in ([], ["--since", "2023-11-15T00:00"], ["--since", "2030-01-01"])
    ]
    assert changes == [2, 1, 0]


def test_another_revision(small: Repo) -> None:
    done = asbuilt("inspect", "--rev", "HEAD~1", "--format", "json", "--offline", cwd=small.path)
    assert json.loads(done.out)["lines"]["total"] == 2


def test_a_second_run_from_the_index_says_the_same(small: Repo) -> None:
    first = asbuilt("inspect", "--format", "json", cwd=small.path)
    assert asbuilt("inspect", "--format", "json", cwd=small.path).out == first.out
