"""Readings: each version of a file once, again when a file that it rests on is another, kept between times."""

from pathlib import Path

from asbuilt.app.component_readings import Readings, readers_digest
from asbuilt.history.git import open_repository
from asbuilt.history.objects import read_objects
from tests.repos import Repo


def blobs(repo: Repo, *names: str) -> list[str]:
    return [repo.git("rev-parse", f"HEAD:{name}").decode().strip() for name in names]


def test_a_reading_is_made_once_and_again_when_what_it_includes_is_another(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("requirements.txt", "-r more.in\nx==1\n").write("more.in", "y==1\n").write("other.in", "y==2\n")
    repo.commit("First")
    own, one, other = blobs(repo, "requirements.txt", "more.in", "other.in")
    with open_repository(repo.path) as opened, read_objects(opened) as objects:
        readings = Readings(objects, tmp_path)
        first = readings.read("requirements.txt", own, {"more.in": one}.get)
        assert readings.read("requirements.txt", own, {"more.in": one}.get) is first
        second = readings.read("requirements.txt", own, {"more.in": other}.get)
        named = [
            [
                (readings.bodies[body].name, readings.bodies[body].version, line)
                for body, line in zip(*pair, strict=True)
            ]
            for pair in ((each.bodies, each.lines) for each in (first, second))
        ]
        assert named == [[("x", "1", 2), ("y", "1", 1)], [("x", "1", 2), ("y", "2", 1)]]
        assert first.asked == (("more.in", one),)
        readings.keep()
        again = Readings(objects, tmp_path)
        assert again.read("requirements.txt", own, {"more.in": other}.get) == second
        assert again.bodies == readings.bodies


def test_what_is_not_there_or_cannot_be_read_is_lost_and_not_empty(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package-lock.json", "{").write("go.mod", "module a\n").commit("First")
    broken, empty = blobs(repo, "package-lock.json", "go.mod")
    with open_repository(repo.path) as opened, read_objects(opened) as objects:
        readings = Readings(objects, None)
        assert readings.read("package-lock.json", broken, lambda _: None).is_lost
        assert readings.read("package-lock.json", "0" * 40, lambda _: None).is_lost
        told = readings.read("go.mod", empty, lambda _: None)
        assert len(told.bodies) == 0
        readings.keep()
    assert not list(tmp_path.glob("*.readings"))


def test_readings_of_other_readers_are_not_used_and_go(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("mix.lock", "%{\n}\n").commit("First")
    (own,) = blobs(repo, "mix.lock")
    (tmp_path / "components-older.readings").write_bytes(b"x")
    (tmp_path / f"components-{readers_digest()}.readings").write_bytes(b"not a container")
    with open_repository(repo.path) as opened, read_objects(opened) as objects:
        readings = Readings(objects, tmp_path)
        readings.read("mix.lock", own, lambda _: None)
        readings.keep()
    assert [file.name for file in tmp_path.glob("*.readings")] == [f"components-{readers_digest()}.readings"]
