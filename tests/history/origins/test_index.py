"""The index answers what the origins say, belongs to one state of one repository, and is never trusted when unsound."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.origins import line_origins
from asbuilt.history.origins.index import (
    find_line,
    find_lines,
    history_state,
    index_folder,
    indexed_tips,
    read_index,
    write_index,
)
from asbuilt.history.origins.stored import load_origins
from tests.history.origins.corpus import SHAPES
from tests.history.origins.grown import grow
from tests.history.origins.histories import Line
from tests.history.origins.reading import assert_same, lines_of, origins_of
from tests.repos import Repo


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize("name", ["octopus", "strange_names_and_bytes", "rename_and_recreate", "empty_files"])
def test_what_was_written_is_read(name: str, repo: Repo, tmp_path: Path) -> None:
    SHAPES[name]().build(repo)
    origins = origins_of(repo)
    write_index(tmp_path / "index", origins, {"commits": b"\0\1", "empty": b""})
    opened = read_index(tmp_path / "index", origins.tip)
    assert opened is not None
    assert opened.extras == {"commits": b"\0\1", "empty": b""}
    assert opened.extra_section("none") is None
    again = load_origins(opened)
    assert again is not None
    assert_same(lines_of(again), lines_of(origins))
    assert (again.tip, again.object_format, again.blobs) == (origins.tip, origins.object_format, origins.blobs)
    assert (again.boundary, again.skipped, again.gaps) == (origins.boundary, origins.skipped, origins.gaps)


def test_every_line_is_found(repo: Repo, tmp_path: Path) -> None:
    grow(3, 50).build(repo)
    origins = origins_of(repo, index=tmp_path / "index")
    for path, lines in lines_of(origins).items():
        for number, line in enumerate(lines, 1):
            assert find_line(tmp_path / "index", origins.tip, path, number) == line
        assert find_line(tmp_path / "index", origins.tip, path, len(lines) + 1) is None
        assert find_line(tmp_path / "index", origins.tip, path, 0) is None
    assert find_line(tmp_path / "index", origins.tip, b"no such file", 1) is None
    assert find_lines(tmp_path / "index", origins.tip, b"no such file", 1, 2) == []
    assert find_lines(tmp_path / "index", "0" * 40, b"a", 1, 2) is None


def test_a_range_is_cut_to_what_was_asked(repo: Repo, tmp_path: Path) -> None:
    SHAPES["clean_merge"]().build(repo)
    origins = origins_of(repo, index=tmp_path / "index")
    whole = lines_of(origins)[b"a"]
    for first in range(1, len(whole) + 1):
        for last in range(first, len(whole) + 3):
            runs = find_lines(tmp_path / "index", origins.tip, b"a", first, last)
            assert runs is not None
            spread = [
                Line(run.commit, run.origin_path, run.origin_line + i) for run in runs for i in range(run.lines)
            ]
            assert spread == whole[first - 1 : last]
            assert runs[0].first == first


def test_a_look_up_needs_no_numpy(repo: Repo, tmp_path: Path) -> None:
    SHAPES["straight"]().build(repo)
    origins = origins_of(repo, index=tmp_path / "index")
    code = (
        "import sys; from pathlib import Path; from asbuilt.history.origins.index import find_line;"
        "print(find_line(Path(sys.argv[1]), sys.argv[2], b'a', 1) is not None, 'numpy' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "index"), origins.tip], capture_output=True, check=True
    ).stdout
    assert said == b"True False\n"


def test_a_damaged_index_is_built_again(repo: Repo, tmp_path: Path) -> None:
    SHAPES["evil_merge"]().build(repo)
    folder = tmp_path / "index"
    expected = lines_of(origins_of(repo, index=folder))
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    for damaged in (b"", whole[:100], whole[:-1], whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:], b"x" * 5000):
        file.write_bytes(damaged)
        assert_same(lines_of(origins_of(repo, index=folder)), expected)
        assert read_index(folder, repo.head()) is not None
    for at in range(0, len(whole), 37):
        flipped = bytearray(whole)
        flipped[at] ^= 4
        file.write_bytes(flipped)
        found = find_line(folder, repo.head(), b"a", 1)
        assert found in (None, expected[b"a"][0])
        assert_same(lines_of(origins_of(repo, index=folder)), expected)


def test_an_index_of_the_tip_is_used(repo: Repo, tmp_path: Path) -> None:
    SHAPES["straight"]().build(repo)
    folder = tmp_path / "index"
    origins_of(repo, index=folder)
    (file,) = folder.iterdir()
    before = file.stat().st_mtime_ns
    origins_of(repo, index=folder)
    assert file.stat().st_mtime_ns == before


def test_sections_are_added_to_what_was_kept(repo: Repo, tmp_path: Path) -> None:
    SHAPES["straight"]().build(repo)
    folder = tmp_path / "index"
    origins = origins_of(repo, index=folder)
    write_index(folder, origins, {"commits": b"more"})
    (file,) = folder.iterdir()
    before = file.stat().st_mtime_ns
    assert_same(lines_of(origins_of(repo, index=folder)), lines_of(origins))
    assert file.stat().st_mtime_ns == before  # it is still the index of this state
    opened = read_index(folder, origins.tip)
    assert opened is not None
    assert opened.extra_section("commits") == b"more"


def test_few_revisions_are_kept(repo: Repo, tmp_path: Path) -> None:
    ids = grow(5, 12).build(repo)
    for commit in ids[:8]:
        origins_of(repo, commit, index=tmp_path / "index")
    kept = indexed_tips(tmp_path / "index")
    assert len(kept) == 3
    assert kept[0] == ids[7]


def test_replace_refs_grafts_and_depth_make_another_state(repo: Repo, cache: Path) -> None:
    ids = SHAPES["straight"]().build(repo)
    states, folders = [], []

    def look() -> None:
        with open_repository(repo.path) as opened:
            states.append(history_state(opened))
            folder = index_folder(opened)
            assert folder is not None
            assert folder.is_relative_to(cache)
            assert folder.stat().st_mode & 0o777 == 0o700
            folders.append(folder)
            expected = lines_of(line_origins(opened, ids[-1]))
            assert_same(lines_of(line_origins(opened, ids[-1], index=folder)), expected)
            # The state is in the file too: a folder of the caller's own choice is as safe.
            assert_same(lines_of(line_origins(opened, ids[-1], index=cache / "own")), expected)

    look()
    repo.git("replace", "--graft", ids[2])
    look()
    (repo.path / ".git" / "info").mkdir(exist_ok=True)
    (repo.path / ".git" / "info" / "grafts").write_text(f"{ids[3]} {ids[0]}\n")
    look()
    (repo.path / ".git" / "info" / "grafts").unlink()
    (repo.path / ".git" / "shallow").write_text(f"{ids[3]}\n")
    look()
    (repo.path / ".git" / "shallow").unlink()
    repo.git("replace", "-d", ids[2])
    look()
    assert len(set(states)) == 4
    assert states[0] == states[-1]
    assert folders[0] == folders[-1]
    assert len(list(folders[0].parent.iterdir())) <= 2


def test_the_folder_is_never_inside_the_repository(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("a", "1\n").commit()
    (repo.path / "link").symlink_to(repo.path)
    for inside in (repo.path / "cache", repo.path / ".git", repo.path, repo.path / "link" / "deep"):
        monkeypatch.setenv("ASBUILT_CACHE", str(inside))
        with open_repository(repo.path) as opened:
            assert index_folder(opened) is None
    assert repo.git("status", "--porcelain") == b"?? link\n"


def test_a_folder_that_others_may_write_is_refused(repo: Repo, cache: Path) -> None:
    repo.write("a", "1\n").commit()
    with open_repository(repo.path) as opened:
        folder = index_folder(opened)
        assert folder is not None
        for part in (folder, folder.parent, cache / "asbuilt"):
            part.chmod(0o777)
            assert index_folder(opened) is None
            part.chmod(0o700)
        assert index_folder(opened) == folder


def test_a_link_in_place_of_the_folder_is_refused(repo: Repo, cache: Path, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    (tmp_path / "elsewhere").mkdir()
    cache.mkdir()
    (cache / "asbuilt").symlink_to(tmp_path / "elsewhere")
    with open_repository(repo.path) as opened:
        assert index_folder(opened) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(repo: Repo, cache: Path) -> None:
    repo.write("a", "1\n").commit()
    with open_repository(repo.path) as opened:
        folder = index_folder(opened)
        assert folder is not None
        os.chown(folder, 12345, 12345)
        assert index_folder(opened) is None


def test_the_users_folders_are_asked_in_order(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("a", "1\n").commit()
    monkeypatch.delenv("ASBUILT_CACHE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    with open_repository(repo.path) as opened:
        assert str(index_folder(opened)).startswith(str(tmp_path / "home" / ".cache" / "asbuilt"))
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        assert str(index_folder(opened)).startswith(str(tmp_path / "xdg" / "asbuilt"))
        monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "own"))
        assert str(index_folder(opened)).startswith(str(tmp_path / "own" / "asbuilt"))


def test_a_file_where_the_cache_should_be(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("a", "1\n").commit()
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "file"))
    with open_repository(repo.path) as opened:
        assert index_folder(opened) is None
