"""A pipeline's environment says which request it runs for; what it says is data, and never a command or an option."""

import json
from pathlib import Path

import pytest

from asbuilt.app.gate_ci import read_ci
from asbuilt.model.errors import SourceError, UsageError

A, B = "a" * 40, "b" * 40


def github(tmp_path: Path, event: object) -> dict[str, str]:
    file = tmp_path / "event.json"
    file.write_text(event if isinstance(event, str) else json.dumps(event), "utf-8")
    return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": str(file)}


PULL = {
    "repository": {"full_name": "acme/harbor"},
    "pull_request": {"number": 7, "head": {"sha": A}, "base": {"sha": B, "ref": "main"}},
}


def test_a_pull_request_is_read_from_its_event(tmp_path: Path) -> None:
    found = read_ci(github(tmp_path, PULL))
    assert found is not None
    assert found == ("github", ("refs/remotes/origin/main", B), A, 7, "acme/harbor", "main", False)


def test_a_merge_group_stands_on_what_goes_before_it_in_the_queue(tmp_path: Path) -> None:
    group = {
        "head_sha": A,
        "base_sha": B,
        "base_ref": "refs/heads/main",
        "head_ref": f"refs/heads/gh-readonly-queue/main/pr-7-{B}",
    }
    found = read_ci(github(tmp_path, {"merge_group": group, "repository": {"full_name": "acme/harbor"}}))
    assert found == ("github", (B,), A, 7, "acme/harbor", "main", True)


def test_a_push_is_no_request(tmp_path: Path) -> None:
    assert read_ci(github(tmp_path, {"ref": "refs/heads/main"})) is None
    assert read_ci({}) is None


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("head", {"sha": "--upload-pack=touch /tmp/x"}),
        ("head", {"sha": "HEAD"}),
        ("head", {}),
        ("base", {"ref": "main", "sha": "-n"}),
        ("base", {"ref": "--option", "sha": B}),
        ("base", {"ref": "../../x", "sha": B}),
        ("base", {}),
        ("number", "7"),
        ("number", True),
        ("number", -1),
    ],
)
def test_an_event_that_cannot_be_is_refused(tmp_path: Path, at: str, value: object) -> None:
    event = {**PULL, "pull_request": {**PULL["pull_request"], at: value}}  # type: ignore[dict-item]
    with pytest.raises(UsageError):
        read_ci(github(tmp_path, event))


@pytest.mark.parametrize("event", ["", "[]", "{", "[" * 100_000])
def test_an_event_that_is_no_object_is_refused(tmp_path: Path, event: str) -> None:
    with pytest.raises(SourceError):
        read_ci(github(tmp_path, event))


GITLAB = {
    "CI_MERGE_REQUEST_IID": "12",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA": B,
    "CI_MERGE_REQUEST_PROJECT_PATH": "group/sub/harbor",
    "CI_COMMIT_SHA": A,
}


def test_a_merge_request_is_read_from_gitlabs_variables() -> None:
    assert read_ci(GITLAB) == ("gitlab", ("refs/remotes/origin/main", B), A, 12, "group/sub/harbor", "main", False)
    merged = {
        **GITLAB,
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "c" * 40,
        "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "d" * 40,
    }
    found = read_ci(merged)
    assert found is not None
    assert (found.head, found.bases[1]) == ("c" * 40, "d" * 40)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CI_MERGE_REQUEST_IID", "12; rm"),
        ("CI_COMMIT_SHA", "--help"),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "-x"),
        ("CI_MERGE_REQUEST_PROJECT_PATH", "no project"),
    ],
)
def test_variables_that_cannot_be_are_refused(name: str, value: str) -> None:
    with pytest.raises(UsageError):
        read_ci({**GITLAB, name: value})
