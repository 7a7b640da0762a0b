"""Several workers find what one finds, and none fails or stays behind unseen."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.origins.full import full_pass
from asbuilt.history.origins.share import Load, deal, walk_together
from asbuilt.history.origins.stream import read_stream
from asbuilt.model.errors import SourceError
from asbuilt.model.progress import silent
from tests.history.origins.grown import grow
from tests.history.origins.reading import assert_same, lines_of
from tests.repos import Repo

WORKER = [sys.executable, "-P", "-m", "asbuilt.history.origins.worker"]


@pytest.mark.parametrize("workers", [2, 3])
def test_many_find_what_one_finds(workers: int, repo: Repo) -> None:
    grow(21, 60).build(repo)
    heard: list[tuple[str, int, int | None]] = []
    with open_repository(repo.path) as opened:
        tip = opened.resolve("main")
        alone = full_pass(opened, tip, workers=1)
        together = full_pass(opened, tip, workers=workers, on=lambda *said: heard.append(said))
    assert_same(lines_of(together), lines_of(alone))
    assert together.skipped == alone.skipped
    assert together.commits
    assert heard[-1][0] == "lines"


def test_more_workers_than_files(repo: Repo) -> None:
    repo.write("a", "1\n").commit()
    with open_repository(repo.path) as opened:
        assert full_pass(opened, opened.resolve("main"), workers=8).paths == [b"a"]


def test_nothing_to_trace(repo: Repo) -> None:
    repo.write("empty", "").write("binary", b"\0").commit()
    with open_repository(repo.path) as opened:
        origins = full_pass(opened, opened.resolve("main"), workers=2)
    assert origins.paths == []
    assert origins.lines == 0
    assert origins.skipped == {"binary": 1, "empty": 1, "symlink": 0, "submodule": 0}


def test_files_are_dealt_evenly() -> None:
    loads = [Load(b"%d" % number, 1, number, 100_000 * (number % 7)) for number in range(50)]
    parts = deal(loads, 3)
    assert sorted(load.path for part in parts for load in part) == sorted(load.path for load in loads)
    sums = [sum(load.weight for load in part) for part in parts]
    assert max(sums) - min(sums) <= 600_000


def share(repo: Repo, folder: Path, damage: object) -> None:
    folder.mkdir()
    with open_repository(repo.path) as opened:
        tip = opened.resolve("main")
        stream = read_stream(opened, [tip], folder)
        damage()
        loads = [Load(b"a", 2, 0, 1), Load(b"b", 2, 2, 1)]
        walk_together(opened, stream, folder, tip, loads, on=silent, workers=2)


def two_files(repo: Repo) -> None:
    repo.write("a", "1\n").write("b", "1\n").commit()
    repo.write("a", "1\n2\n").write("b", "1\n3\n").commit()


def test_a_worker_that_fails_is_an_error(repo: Repo, tmp_path: Path) -> None:
    two_files(repo)
    folder = tmp_path / "stream"
    with pytest.raises(SourceError, match=r"worker .* failed\..*No such file"):
        share(repo, folder, (folder / "commits").unlink)


def test_what_a_worker_could_not_read_is_said_as_it_said_it(repo: Repo, tmp_path: Path) -> None:
    two_files(repo)
    with pytest.raises(SourceError, match="does not exist") as caught:
        share(repo, tmp_path / "stream", lambda: repo.path.rename(tmp_path / "elsewhere"))
    assert caught.value.fix


def workers_of_ours() -> list[int]:
    children = [task.joinpath("children").read_text().split() for task in Path("/proc/self/task").iterdir()]
    found = [int(child) for own in children for child in own]
    return [child for child in found if b"origins.worker" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks for processes as Linux lists them")
def test_a_killed_worker_is_an_error_and_the_others_go_too(repo: Repo, tmp_path: Path) -> None:
    two_files(repo)
    folder = tmp_path / "stream"
    killed: list[int] = []

    def kill_one() -> None:
        while len(found := workers_of_ours()) < 2:
            time.sleep(0.02)
        os.kill(found[0], signal.SIGKILL)
        killed.extend(found)

    killer = threading.Thread(target=kill_one)

    def damage() -> None:
        (folder / "commits").unlink()
        os.mkfifo(folder / "commits")  # all wait here for ever
        killer.start()

    with pytest.raises(SourceError, match="status -9"):
        share(repo, folder, damage)
    killer.join()
    assert len(killed) == 2
    assert not any(Path(f"/proc/{process}").exists() for process in killed)


def test_a_worker_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    job = tmp_path / "job"
    os.mkfifo(job)  # it waits here for ever
    with subprocess.Popen([*WORKER, str(job)], stdin=subprocess.PIPE) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        process.send_signal(signal.SIGINT)  # Ctrl-C goes to all of a terminal's processes: the parent decides
        time.sleep(0.1)
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(10) != 0


def test_a_module_in_the_working_directory_is_not_run(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_files(repo)
    for name in ("numpy", "msgspec", "pygit2", "asbuilt"):
        (repo.path / f"{name}.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')\n")
    monkeypatch.chdir(repo.path)
    with open_repository(repo.path) as opened:
        full_pass(opened, opened.resolve("main"), workers=2)
    assert not (tmp_path / "run").exists()
