"""One file's lines: the same from the index and from git blame."""

from pathlib import Path

from asbuilt.app.file_lines import file_runs
from asbuilt.app.history import know_history
from asbuilt.app.lines import lines
from asbuilt.app.target import FileTarget
from asbuilt.history.git import open_repository
from asbuilt.history.origins import line_origins
from asbuilt.model.progress import silent
from tests.company import Company
from tests.repos import Repo


def test_index_and_blame_agree(company: Company, tmp_path: Path) -> None:
    with open_repository(company.repo.path) as repository:
        tip = repository.resolve("HEAD")
        history = know_history(repository, tip, None, silent)
        line_origins(repository, tip, index=tmp_path)
        for path, first, last in ((b"app.py", 3, 17), (b"squashed.py", None, None), (b"noted.py", 2, 2)):
            meant = FileTarget(path, first, last)
            indexed = file_runs(repository, history, meant, tmp_path)
            assert indexed == file_runs(repository, history, meant, None)
            assert (indexed[0].first, indexed[-1].last) == (first or 1, last or indexed[-1].last)


def test_one_file_alone_gives_what_the_whole_tree_gives(company: Company) -> None:
    whole = list(lines(company.repo.path))
    with open_repository(company.repo.path) as repository:
        history = know_history(repository, repository.resolve("HEAD"), None, silent)
        for path in {run.path for run in whole}:
            alone = file_runs(repository, history, FileTarget(path.encode()), None)
            assert list(alone) == [run for run in whole if run.path == path]


def test_lines_at_a_cut_are_marked(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    last = repo.write("a", "1\n2\n").commit()
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
    with open_repository(tmp_path / "shallow") as repository:
        history = know_history(repository, last, None, silent)
        (run,) = file_runs(repository, history, FileTarget(b"a"), None)
        assert run.boundary
