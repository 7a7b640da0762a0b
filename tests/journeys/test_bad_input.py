"""Bad, broken and hostile repositories, through the real command line.

Each gets a clear sentence and the right exit code; what could be read is still reported; nothing of it is run.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands import Done, asbuilt
from tests.repos import Repo

CLAUDE = "Change\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n"


def inspect_json(repo: Path, *more: str) -> dict[str, object]:
    done = asbuilt("inspect", "--format", "json", *more, cwd=repo)
    assert done.code in {0, 1, 3}, done.said
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def gaps(found: dict[str, object]) -> set[str]:
    listed = found["gaps"]
    assert isinstance(listed, list)
    return {gap["code"] for gap in listed}


def refused(done: Done, code: int, says: str) -> None:
    """One sentence, a remedy, the right code, and no traceback."""
    assert (done.code, done.out) == (code, b""), done.said
    assert done.said.startswith("asbuilt: ")
    assert says in done.said
    assert "\n  fix: " in done.said
    assert "Traceback" not in done.said


def filled(repo: Repo) -> Repo:
    repo.write("a.txt", "one\ntwo\n").commit("Start")
    repo.write("a.txt", "one\ntwo\nthree\n").write("b/c.txt", "x\n").commit(CLAUDE)
    return repo


# -- Nothing to read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("inspect",), ("lines",), ("trace", "a.txt:1")])
def test_a_folder_that_is_no_repository(words: tuple[str, ...], tmp_path: Path) -> None:
    refused(asbuilt(*words, cwd=tmp_path), 3, "is not in a git repository")


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    refused(asbuilt("inspect", "nowhere", cwd=tmp_path), 2, "does not exist")


@pytest.mark.parametrize("words", [("inspect",), ("lines",), ("trace", "a.txt")])
def test_an_empty_repository(words: tuple[str, ...], repo: Repo) -> None:
    refused(asbuilt(*words, cwd=repo.path), 3, "has no commit yet")


@pytest.mark.parametrize("words", [("inspect", "--rev", "nope"), ("lines", "--rev", "nope")])
def test_a_revision_that_is_not_there(words: tuple[str, ...], repo: Repo) -> None:
    refused(asbuilt(*words, cwd=filled(repo).path), 2, "No commit is called 'nope'")


def test_a_revision_that_looks_like_an_option(repo: Repo) -> None:
    canary = repo.path.parent / "canary"
    refused(asbuilt("inspect", f"--rev=--output={canary}", cwd=filled(repo).path), 2, "No commit is called")
    assert not canary.exists()


def test_a_line_that_is_not_in_the_file(repo: Repo) -> None:
    done = asbuilt("trace", "a.txt:99", cwd=filled(repo).path)
    assert done.code == 2
    assert "99" in done.said


def test_no_git_on_the_path(repo: Repo) -> None:
    refused(asbuilt("inspect", cwd=filled(repo).path, PATH=str(repo.path)), 3, "No git is on the path")


def test_a_git_that_is_too_old(repo: Repo) -> None:
    old = repo.path.parent / "bin" / "git"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho git version 2.11.0\n")
    old.chmod(0o755)
    refused(asbuilt("inspect", cwd=filled(repo).path, PATH=str(old.parent)), 3, "too old")


# -- Less than whole ----------------------------------------------------------------------------------------------


def test_a_bare_repository_is_read_like_any_other(repo: Repo) -> None:
    filled(repo)
    bare = repo.path.parent / "bare.git"
    repo.git("clone", "-q", "--bare", str(repo.path), str(bare))
    own, other = inspect_json(repo.path), inspect_json(bare)
    assert own["lines"] == other["lines"]


def test_a_shallow_clone_says_that_history_is_cut_off(repo: Repo) -> None:
    filled(repo)
    clone = repo.path.parent / "shallow"
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(clone))
    found = inspect_json(clone)
    assert "GAP-SHALLOW" in gaps(found)
    assert found["lines"]["boundary"] == 4  # type: ignore[index]
    assert "git fetch --unshallow" in asbuilt("inspect", cwd=clone).text


def test_a_partial_clone_reports_what_is_here_and_fetches_nothing(repo: Repo) -> None:
    filled(repo)
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = repo.path.parent / "partial"
    repo.git("clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{repo.path}", str(clone))
    before = sorted(str(file) for file in (clone / ".git" / "objects").rglob("*"))
    done = asbuilt("inspect", "--format", "json", cwd=clone)
    assert done.code in {1, 3}
    if done.out:
        assert "GAP-BLOB" in gaps(json.loads(done.out))
    else:
        refused(done, 3, "absent")
    assert sorted(str(file) for file in (clone / ".git" / "objects").rglob("*")) == before


def loose(repo: Repo, name: str) -> Path:
    return repo.path / ".git" / "objects" / name[:2] / name[2:]


@pytest.mark.parametrize("damage", ["absent", "rubbish"])
@pytest.mark.parametrize("what", ["HEAD", "HEAD^{tree}", "HEAD:a.txt", "HEAD~1:a.txt"])
def test_a_damaged_object_is_a_sentence_or_a_gap_and_never_clean(what: str, damage: str, repo: Repo) -> None:
    filled(repo)
    file = loose(repo, repo.git("rev-parse", what).decode().strip())
    file.chmod(0o644)
    if damage == "absent":
        file.unlink()
    else:
        file.write_bytes(b"rubbish")
    done = asbuilt("inspect", "--format", "json", cwd=repo.path)
    assert done.code in {1, 3}, done.said
    assert "Traceback" not in done.said
    if done.out:
        assert gaps(json.loads(done.out)) - {"GAP-FORGE"}
    else:
        refused(done, 3, "")


def test_a_configuration_that_cannot_be_parsed(repo: Repo) -> None:
    filled(repo)
    (repo.path / ".git" / "config").write_text("[core\n")
    refused(asbuilt("inspect", cwd=repo.path), 3, "configuration cannot be parsed")


def test_our_own_configuration_with_a_mistake_is_2_and_names_the_line(repo: Repo) -> None:
    filled(repo).write("asbuilt.toml", "\n[reviw]\n").commit()
    refused(asbuilt("inspect", cwd=repo.path), 2, "asbuilt.toml:2")


# -- Not ours to write --------------------------------------------------------------------------------------------


def unwritable(path: Path) -> None:
    for folder, _, files in os.walk(path):
        for name in files:
            (Path(folder) / name).chmod(0o444)
        Path(folder).chmod(0o555)


def test_a_read_only_repository_and_cache_still_give_the_report(repo: Repo) -> None:
    filled(repo)
    cache = repo.path.parent / "locked"
    cache.mkdir()
    unwritable(repo.path)
    unwritable(cache)
    try:
        done = asbuilt("inspect", "--format", "json", cwd=repo.path, cache=cache)
    finally:
        for folder, _, _ in os.walk(repo.path):
            Path(folder).chmod(0o755)
        cache.chmod(0o755)
    assert done.code in {1, 3}, done.said
    assert json.loads(done.out)["lines"]["total"] == 4


def test_locks_that_somebody_left_behind_do_not_matter(repo: Repo) -> None:
    filled(repo)
    for name in ("index.lock", "HEAD.lock", "packed-refs.lock", "config.lock"):
        (repo.path / ".git" / name).write_text("")
    assert inspect_json(repo.path)["lines"]


def test_inspecting_changes_nothing_in_the_repository(repo: Repo) -> None:
    filled(repo)

    def state() -> list[tuple[str, int, int]]:
        return sorted(
            (str(file), file.lstat().st_mtime_ns, file.lstat().st_size)
            for file in repo.path.rglob("*")
            if file.is_file()
        )

    before = state()
    inspect_json(repo.path)
    asbuilt("trace", "a.txt:1", cwd=repo.path)
    asbuilt("doctor", cwd=repo.path)
    assert state() == before


def test_an_output_that_cannot_be_written_is_2(repo: Repo) -> None:
    done = asbuilt("inspect", "--output", "json=no/such/folder/a.json", cwd=filled(repo).path)
    assert done.code == 2
    assert "its folder is not there" in done.said


# -- Hostile ------------------------------------------------------------------------------------------------------


@pytest.fixture
def trap(repo: Repo) -> tuple[Repo, Path]:
    """A repository whose every program-naming setting would leave a canary, and the place where it would sit."""
    canary = repo.path.parent / "canary"
    filled(repo)
    attributes = "* diff=evil filter=evil merge=evil text eol=crlf\n"
    repo.write(".gitattributes", attributes).commit("Attributes")
    repo.checkout("side", new=True, start="HEAD~1").write("side.txt", "s\n").commit("Side")
    repo.checkout("main")
    repo.write("squashed.txt", "s\n").commit("Squashed (#7)")
    repo.ref("refs/pull/7/head", repo.git("rev-parse", "side").decode().strip())
    program = repo.path.parent / "evil"
    program.write_text(f"#!/bin/sh\necho \"$0 $@\" >> '{canary}'\ncat\n")
    program.chmod(0o755)
    hooks = repo.path / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-checkout", "pre-commit", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        shutil.copy(program, hooks / hook)
    settings = {
        "core.fsmonitor": program, "core.pager": program, "core.editor": program, "core.askPass": program,
        "core.sshCommand": program, "core.gitProxy": program, "core.alternateRefsCommand": program,
        "core.hooksPath": hooks, "core.attributesFile": repo.path / ".gitattributes",
        "diff.external": program, "diff.evil.command": program, "diff.evil.textconv": program,
        "filter.evil.clean": program, "filter.evil.smudge": program, "filter.evil.process": program,
        "merge.evil.driver": f"{program} %O %A %B", "merge.default": "evil", "merge.tool": "evil",
        "mergetool.evil.cmd": program, "difftool.evil.cmd": program, "gpg.program": program,
        "gpg.ssh.program": program, "gpg.x509.program": program, "log.showSignature": "true",
        "credential.helper": f"!{program}", "alias.log": f"!{program}", "alias.rev-list": f"!{program}",
        "alias.cat-file": f"!{program}", "pager.log": program, "sequence.editor": program,
        "uploadpack.packObjectsHook": program, "remote.origin.url": f"ext::{program}",
        "remote.origin.promisor": "true", "extensions.partialClone": "origin", "protocol.ext.allow": "always",
        "trailer.evil.command": program, "trailer.evil.cmd": program, "interactive.diffFilter": program,
        "submodule.a.update": f"!{program}", "blame.ignoreRevsFile": "/nonexistent", "mailmap.file": "/nonexistent",
        "notes.rewriteRef": "refs/notes/*", "log.mailmap": "true", "diff.orderFile": "/nonexistent",
        "core.worktree": repo.path.parent, "sendemail.sendmailCmd": program, "web.browser": "evil",
        "browser.evil.cmd": program, "man.evil.cmd": program, "init.templateDir": hooks, "gc.auto": "1",
        "maintenance.auto": "true", "include.path": repo.path.parent / "included",
        "includeIf.gitdir:/.path": repo.path.parent / "included",
    }  # fmt: skip
    (repo.path.parent / "included").write_text(f"[core]\n\tfsmonitor = {program}\n[diff]\n\texternal = {program}\n")
    for key, value in settings.items():
        repo.git("config", key, str(value))
    canary.unlink(missing_ok=True)  # git itself ran some of it while the trap was laid
    return repo, canary


def test_the_trap_would_catch_a_plain_git(trap: tuple[Repo, Path]) -> None:
    repo, canary = trap
    subprocess.run(["git", "status"], cwd=repo.path, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    assert canary.exists()


@pytest.mark.parametrize(
    "words",
    [("inspect", "--format", "json"), ("lines",), ("trace", "a.txt:1"), ("trace", "HEAD"), ("doctor",)],
    ids=lambda words: words[0],
)
def test_nothing_that_a_repository_names_is_run(words: tuple[str, ...], trap: tuple[Repo, Path]) -> None:
    repo, canary = trap
    done = asbuilt(*words, cwd=repo.path)
    assert done.code in {0, 1, 3}, done.said
    assert done.out, done.said
    assert "Traceback" not in done.said
    assert not canary.exists(), canary.read_text()


def test_the_environment_of_the_user_does_not_reach_git(repo: Repo) -> None:
    filled(repo)
    canary = repo.path.parent / "canary"
    program = repo.path.parent / "evil"
    program.write_text(f"#!/bin/sh\ntouch '{canary}'\n")
    program.chmod(0o755)
    more = {
        "GIT_EXTERNAL_DIFF": str(program), "GIT_DIR": "/nonexistent", "GIT_WORK_TREE": "/nonexistent",
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": str(program),
        "GIT_PAGER": str(program), "GIT_ALTERNATE_OBJECT_DIRECTORIES": "/nonexistent",
    }  # fmt: skip
    done = asbuilt("inspect", "--format", "json", cwd=repo.path, **more)
    assert json.loads(done.out)["lines"]["total"] == 4
    assert not canary.exists()


def test_a_repository_of_another_owner_is_read(repo: Repo) -> None:
    filled(repo)
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    for folder, _, files in os.walk(repo.path):
        for name in (Path(folder), *(Path(folder) / file for file in files)):
            os.chown(name, 12345, 12345)
    assert inspect_json(repo.path)["lines"]


HOSTILE = "E\x1b[2Jvil\u202e\x07\x9b\u200b"
# What must never reach a reader raw: C0 but newline and tab, DEL, C1, bidirectional controls, invisible characters.
RAW = [*(chr(code) for code in (*range(9), *range(11, 32), *range(127, 160))), "\u202e", "\u2066", "\u200b"]


def hostile(repo: Repo) -> Repo:
    repo.write("<script>alert(1)</script>\x1b]0;pwned\x07\u202e.txt", "one\n")
    repo.write(b"bad\xff\x1b.py", "x\n").write("|pipe`tick`.md", "y\n")
    repo.commit(
        f"{HOSTILE} subject <img src=x onerror=alert(1)>\n\nReviewed-by: {HOSTILE} <r{HOSTILE}@example.com>\n"
        f"Co-Authored-By: Claude {HOSTILE} <noreply@anthropic.com>\nFixes: {HOSTILE}-1\n",
        author=f"{HOSTILE} <{HOSTILE.strip()}@example.com>",
    )
    repo.write("CLAUDE.md\x1b", "z\n").commit(CLAUDE, author="<b>Ana</b> | `x` <ana@example.com>")
    repo.tag("v1\u202e")
    return repo


@pytest.mark.parametrize("form", ["text", "json", "html", "markdown"])
def test_hostile_text_is_harmless_in_every_report(form: str, repo: Repo) -> None:
    done = asbuilt("inspect", "--format", form, cwd=hostile(repo).path)
    assert done.code in {0, 1, 3}, done.said
    text = done.text.replace("\r", "")
    assert [char for char in RAW if char in text] == []
    if form == "html":
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b>Ana" not in text
    if form == "markdown":
        assert "<img src=x" not in text
        assert "<script>" not in text


@pytest.mark.parametrize(
    "words",
    [
        ("trace", "HEAD"),
        ("trace", "HEAD~1"),
        ("trace", "--format", "json", "HEAD~1"),
        ("trace", "|pipe`tick`.md"),
        ("lines",),
        ("lines", "--format", "json"),
    ],
)
def test_hostile_text_is_harmless_in_every_other_answer(words: tuple[str, ...], repo: Repo) -> None:
    done = asbuilt(*words, cwd=hostile(repo).path)
    assert done.code in {0, 3}, done.said
    text = done.text.replace("\r", "")
    if words[0] == "trace" and "json" not in words:
        assert [char for char in RAW if char in text] == []
    assert "\x1b" not in text


def test_colour_for_a_reader_adds_only_colour(repo: Repo) -> None:
    plain = asbuilt("inspect", cwd=hostile(repo).path).text
    coloured = asbuilt("inspect", cwd=repo.path, FORCE_COLOR="1").text
    assert coloured != plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_hostile_text_in_a_message_of_ours_is_harmless(repo: Repo) -> None:
    done = asbuilt("trace", "no\x1b[2Jsuch\u202efile", cwd=filled(repo).path)
    assert done.code == 2
    assert "\x1b" not in done.said
    assert "\u202e" not in done.said


# -- The same answer every time -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "json", "html", "markdown"])
def test_the_same_commit_gives_the_same_bytes(form: str, repo: Repo) -> None:
    filled(repo)
    first = asbuilt("inspect", "--format", form, cwd=repo.path, cache=repo.path.parent / "one")
    again = asbuilt("inspect", "--format", form, cwd=repo.path, cache=repo.path.parent / "one", TZ="Asia/Tokyo")
    other = asbuilt("inspect", "--format", form, cwd=repo.path, cache=repo.path.parent / "two", PYTHONHASHSEED="7")
    assert first.out == again.out == other.out
    assert str(repo.path.parent) not in first.text
