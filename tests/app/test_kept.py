"""A kept history holds as long as nothing it rests on has changed."""

from pathlib import Path

import msgspec
import pytest

from asbuilt.app.gather import gather
from asbuilt.app.keeping import keep_history
from asbuilt.app.kept import kept_replays, open_history, state_digest
from asbuilt.history.git import open_repository
from asbuilt.model.attribution import Replay
from tests.company import Company
from tests.repos import Repo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "kept"
    made.mkdir()
    return made


def test_every_commit_is_found_again(company: Company, folder: Path) -> None:
    with open_repository(company.repo.path) as repository:
        found = gather(repository, "HEAD")
        keep_history(found, folder)
        kept = open_history(repository, found.tip, folder)
        assert kept is not None
        for change in found.changes:
            for commit in change.commits:
                assert kept.change_of(commit) == change
        told = {own: one for own, one in found.attributions.items() if one.signals or one.answers}
        assert kept.attributions_of(found.by_id) == told
        assert kept.replays_of(found.by_id) == dict(found.replays)
        assert kept.change_of("0" * 40) is None
        assert kept.reverts_of(found.changes[0].id) == ()
        assert kept.commits_of([company.feature])[company.feature].subject == "Add feature"


def test_a_new_ref_makes_it_stale(repo: Repo, folder: Path) -> None:
    repo.write("a", "1\n").commit()
    with open_repository(repo.path) as repository:
        found = gather(repository, "HEAD")
        keep_history(found, folder)
        before = state_digest(repository)
        assert open_history(repository, found.tip, folder) is not None
        repo.tag("v1")
        assert state_digest(repository) != before
        assert open_history(repository, found.tip, folder) is None


@pytest.mark.parametrize("harm", [lambda raw: raw[:-1], lambda raw: raw[:40] + bytes([raw[40] ^ 1]) + raw[41:]])
def test_a_damaged_file_is_not_trusted(repo: Repo, folder: Path, harm) -> None:
    repo.write("a", "1\n").commit()
    with open_repository(repo.path) as repository:
        found = gather(repository, "HEAD")
        keep_history(found, folder)
        (file,) = folder.iterdir()
        file.write_bytes(harm(file.read_bytes()))
        assert open_history(repository, found.tip, folder) is None


def test_replays_of_an_earlier_time_hold_while_the_head_does(company: Company, folder: Path) -> None:
    with open_repository(company.repo.path) as repository:
        found = gather(repository, "HEAD")
        keep_history(found, folder)
        earlier = kept_replays(folder)
        assert earlier == dict(found.replays)
        told = earlier[company.squash]
        marked = {company.squash: msgspec.structs.replace(told, note="told earlier")}
        assert gather(repository, "HEAD", earlier=marked).replays[company.squash].note == "told earlier"
        guessed = {company.squash: msgspec.structs.replace(told, replay=Replay.RESIDUAL)}
        assert gather(repository, "HEAD", earlier=guessed).replays[company.squash] == told
        moved = {company.squash: msgspec.structs.replace(told, head=company.by_hand, note="told earlier")}
        assert gather(repository, "HEAD", earlier=moved).replays[company.squash] == told
    assert kept_replays(None) == {}
