"""What the state of a clone hides is said."""

from pathlib import Path

from asbuilt.app.gaps import blind_spots
from asbuilt.history.git import open_repository
from asbuilt.model.attribution import Replay, SquashReplay
from tests.repos import Repo


def codes(path: Path, replays: dict[str, SquashReplay]) -> dict[str, int]:
    with open_repository(path) as repository:
        return {gap.code: gap.count for gap in blind_spots(repository, "github", "o/r", replays, [])}


def test_only_the_forge_is_hidden_from_a_whole_clone(repo: Repo) -> None:
    repo.write("a", "1\n").commit()
    assert codes(repo.path, {}) == {"GAP-FORGE": 1}


def test_shallow_partial_and_grafted_clones_say_so(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit()
    last = repo.write("a", "2\n").commit()
    repo.git("config", "uploadpack.allowFilter", "true")
    url = f"file://{repo.path}"
    repo.git("clone", "-q", "--depth=1", url, str(tmp_path / "shallow"))
    repo.git("clone", "-q", "--filter=blob:none", "--no-checkout", url, str(tmp_path / "partial"))
    assert "GAP-SHALLOW" in codes(tmp_path / "shallow", {})
    assert "GAP-BLOB" in codes(tmp_path / "partial", {})
    (repo.path / ".git" / "info" / "grafts").write_text(f"{last}\n")
    assert "GAP-GRAFT" in codes(repo.path, {})


def test_lost_pull_requests_are_counted(repo: Repo) -> None:
    repo.write("a", "1\n").commit()
    replays = {str(n): SquashReplay(str(n), n, Replay.MIXED_POSSIBLE) for n in range(3)}
    replays["x"] = SquashReplay("x", 9, Replay.IDENTITY)
    assert codes(repo.path, replays)["GAP-PULLREFS"] == 3
