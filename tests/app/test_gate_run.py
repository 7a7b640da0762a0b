"""From words and a pipeline's environment to one answer; words that contradict each other are refused."""

import json
from pathlib import Path

import pytest

from asbuilt.app.gate_run import Words, run
from asbuilt.app.ledger import init
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.gate import Answer
from tests.app.requests import NOW, REPOSITORY, bundle, pull
from tests.app.test_gate import TRUSTING, proposed
from tests.repos import Repo


def environment(repo: Repo, tmp_path: Path) -> dict[str, str]:
    own = pull(repo)
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": own, "repository": {"full_name": REPOSITORY}}), "utf-8")
    return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(event)}


def test_a_pipeline_says_what_is_judged(repo: Repo, tmp_path: Path) -> None:
    proposed(repo)
    request = tmp_path / "request.json"
    request.write_bytes(bundle(repo))
    found, notes = run(Words(str(repo.path), request=str(request)), environment(repo, tmp_path), NOW)
    assert (found.answer, found.change.request, found.change.repository) == (Answer.MAY_LAND, 7, REPOSITORY)
    assert notes == ()


def test_the_bases_own_tip_is_taken_before_an_old_events(repo: Repo, tmp_path: Path) -> None:
    proposed(repo)
    told = environment(repo, tmp_path)
    repo.checkout("main").write("asbuilt.toml", TRUSTING)
    newer = repo.commit("Stricter rules since")
    repo.ref("refs/remotes/origin/main", newer)
    found, _ = run(Words(str(repo.path)), told, NOW)
    assert found.policy.commit == newer


def test_words_win_over_the_pipeline(repo: Repo, tmp_path: Path) -> None:
    proposed(repo, policy=TRUSTING)
    found, _ = run(Words(str(repo.path), base="main", head="topic"), environment(repo, tmp_path), NOW)
    assert found.change.request is None


def test_without_a_base_and_a_pipeline_nothing_is_judged(repo: Repo) -> None:
    proposed(repo)
    with pytest.raises(UsageError, match="land on"):
        run(Words(str(repo.path)), {}, NOW)


def test_a_base_that_is_not_here_is_said_with_what_brings_it(repo: Repo, tmp_path: Path) -> None:
    proposed(repo)
    told = environment(repo, tmp_path)
    event = json.loads(Path(told["GITHUB_EVENT_PATH"]).read_text())
    event["pull_request"]["base"] |= {"sha": "d" * 40, "ref": "gone"}
    Path(told["GITHUB_EVENT_PATH"]).write_text(json.dumps(event))
    with pytest.raises(SourceError, match="base") as error:
        run(Words(str(repo.path)), told, NOW)
    assert "fetch-depth: 0" in error.value.fix


def test_a_shallow_clone_is_refused_with_what_brings_the_rest(repo: Repo, tmp_path: Path) -> None:
    proposed(repo)
    for at in range(3):
        repo.write("page.md", f"page {at}\n").commit(f"Page {at}")
    shallow = Repo(tmp_path / "shallow")
    shallow.git("fetch", "-q", "--depth=2", f"file://{repo.path}", "main:main2", "topic:topic")
    for head in ("topic",):
        with pytest.raises(SourceError, match="not all here") as error:
            run(Words(str(shallow.path), base="main2", head=head), {}, NOW)
        assert "fetch-depth: 0" in error.value.fix
    with pytest.raises(SourceError, match="not in this clone"):
        run(Words(str(shallow.path), base="d" * 40, head="topic"), {}, NOW)


@pytest.mark.parametrize(
    "more",
    [
        {"override_by": "Cleo Ruiz"},
        {"reason": "Production is down, incident 41"},
        {"override_by": "Cleo Ruiz", "reason": "Production is down, incident 41"},
        {"staged": True},
        {"forge": True},
    ],
)
def test_words_that_cannot_be_together_are_refused(repo: Repo, more: dict[str, object]) -> None:
    proposed(repo)
    with pytest.raises(UsageError):
        run(Words(str(repo.path), base="main", head="topic", **more), {}, NOW)  # type: ignore[arg-type]


def test_the_forge_is_not_asked_without_a_token(repo: Repo) -> None:
    proposed(repo)
    with pytest.raises(UsageError, match="token"):
        run(Words(str(repo.path), base="main", head="topic", number=7, forge=True), {}, NOW)


def test_an_override_of_what_may_land_records_nothing(repo: Repo, tmp_path: Path) -> None:
    proposed(repo)
    request = tmp_path / "request.json"
    request.write_bytes(bundle(repo))
    words = Words(
        str(repo.path),
        base="main",
        head="topic",
        request=str(request),
        ledger=_synced(tmp_path),
        override_by="Cleo Ruiz",
        reason="Production is down, incident 41",
    )
    found, notes = run(words, {}, NOW)
    assert (found.answer, found.override) == (Answer.MAY_LAND, None)
    assert notes


def _synced(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    init(folder, origin="example.com/asbuilt", now=NOW)
    return folder
