"""GitLab's word is taken at the moment before each story lands: gate and audit judge it alike, and no gap passes."""

from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.gate import Asked, gate, gate_controls, judge
from asbuilt.app.gate_gitlab import Run, gitlab_token, gitlab_url, read_merge_request
from asbuilt.app.gate_request import Known
from asbuilt.app.gate_run import Words, keep_comment, run
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.gate import Answer, Gate, Standing
from asbuilt.model.result import Outcome
from asbuilt.sources.credentials import Token
from asbuilt.sources.http import Client
from tests.forge.gitlab_simulator import PROJECT, TOKEN, GitLab
from tests.forge.gitlab_stories import Stories
from tests.forge.test_gitlab_stories import changes
from tests.repos import Repo

__all__ = ["changes"]  # the fixture: what the audit makes of the same stories
BASE = "https://gitlab.example/api/v4"
ROLES = {"ana": 40, "ben": 30, "cleo": 40, "project_7_bot_0a1b": 40, "release-robot": 40}


def members(**roles: int) -> list[dict[str, Any]]:
    return [
        {"id": at, "username": name, "access_level": level, "state": "active"}
        for at, (name, level) in enumerate((ROLES | roles).items(), 1)
    ]


def read(forge: GitLab, number: int, head: str, *, token: str = TOKEN, own: Run = Run()) -> Known:  # noqa: B008 - a tuple
    client = Client(
        BASE,
        Token(token, "a test"),
        transport=forge.transport(),
        clock=lambda: forge.now,
        sleep=lambda _: None,
        draw=lambda: 0.5,
    )
    return read_merge_request(
        BASE, Token(token, "a test"), PROJECT, number, head=head, now=int(forge.now) + 1, own=own, client=client
    )


def asked(repo: Repo, forge: GitLab, number: int, **more: Any) -> Gate:
    head = forge.requests[number]["sha"]
    return gate(
        Asked(
            path=str(repo.path),
            base="main",
            head=head,
            now=int(forge.now) + 1,
            number=number,
            repository=PROJECT,
            read=lambda _, of: read(forge, number, of, **more),
        )
    )


class Gated(Stories):
    """The stories, each asked about just before it is merged."""

    def __init__(self, folder: Path) -> None:
        self.answers: dict[int, Gate] = {}
        super().__init__(folder)

    def _merge(self, number: int, branch: str, by: str = "ben") -> str:
        self.forge.extras["members/all"] = members()
        self.answers[number] = asked(self.repo, self.forge, number)
        return super()._merge(number, branch, by)


class Begun(Gated):
    """One request, approved and not yet merged: the others are not told."""

    def __init__(self, folder: Path) -> None:
        self.answers = {}
        self.repo, self.told = Repo(folder), {}
        self.repo.write("README.md", "harbor\n")
        self.repo.write("asbuilt.toml", '[gate]\nchecks = ["unit-tests"]\n')
        self.repo.commit("Start", author="Ana Alves <ana@example.com>")
        self.forge = GitLab(self.repo)
        self.forge.extras["members/all"] = members()
        _, self.number = self._start("approved")
        self.forge.approve(self.number, "ben")

    def ask(self, **more: Any) -> Gate:
        return asked(self.repo, self.forge, self.number, **more)


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Gated:
    return Gated(tmp_path_factory.mktemp("gitlab") / "harbor")


@pytest.fixture
def begun(tmp_path: Path) -> Begun:
    return Begun(tmp_path / "harbor")


def standing(found: Gate, control: str) -> Standing:
    return next(test.standing for test in found.tests if test.control == control)


@pytest.mark.parametrize(
    ("name", "expected", "named"),
    [
        ("approved by another", Answer.MAY_LAND, None),
        ("self-approved", Answer.REFUSED, "ana: author"),
        ("approved then pushed", Answer.REFUSED, "ben: pushed-after"),
        ("reset by a push", Answer.REFUSED, "ben: dismissed"),
        ("unapproved", Answer.REFUSED, "ben: withdrawn"),
        ("approved by a project's bot", Answer.REFUSED, "project_7_bot_0a1b: bot"),
        ("approved by a service account", Answer.REFUSED, "release-robot: bot"),
        ("only said so", Answer.REFUSED, None),
        ("after landing", Answer.REFUSED, None),  # nobody had approved it before
    ],
)
def test_each_story_is_answered_before_it_lands(
    stories: Gated, name: str, expected: Answer, named: str | None
) -> None:
    found = stories.answers[stories.told[name].number or 0]
    assert (found.answer, found.seen_in) == (expected, ("git", "GitLab"))
    assert named is None or named in found.change.rejected
    assert [gap.code for gap in found.not_seen] == []


def test_the_verdicts_are_those_of_the_audit(stories: Gated, changes: dict[str, dict[str, Any]]) -> None:
    controls = {control.id: control for control in gate_controls()}
    standings = {None: Standing.NOT_ASKED} | {each: Standing[each.name] for each in Outcome}
    compared = []
    for story in stories.told.values():
        if story.number not in stories.answers or story.verdict == "after-review":
            continue
        for own in ("CHG-01", "CHG-02", "CHG-05"):
            outcome = judge(controls[own], changes[story.change], {})
            assert standing(stories.answers[story.number], own) is standings[outcome], (story, own)
            compared.append((own, outcome))
    assert len(compared) == 24
    assert {("CHG-01", Outcome.MET), ("CHG-01", Outcome.DEVIATION), ("CHG-02", Outcome.DEVIATION)} <= set(compared)


@pytest.mark.parametrize(
    "refused", ["/notes", "/versions", "/approvals", "/commits", "/pipelines", "/jobs", "/members/all"]
)
@pytest.mark.parametrize("status", [403, 404])
def test_an_answer_that_is_missing_is_no_pass(begun: Begun, refused: str, status: int) -> None:
    assert begun.ask().answer is Answer.MAY_LAND
    begun.forge.refuses = {refused: status}
    found = begun.ask()
    assert found.answer is Answer.NOT_SEEN
    assert any(gap.code == "GAP-ACCESS" for gap in found.not_seen)


@pytest.mark.parametrize(
    ("level", "expected"), [(40, Answer.MAY_LAND), (30, Answer.MAY_LAND), (20, Answer.REFUSED)]
)
def test_who_may_not_push_approves_nothing(begun: Begun, level: int, expected: Answer) -> None:
    begun.forge.extras["members/all"] = members(ben=level)
    found = begun.ask()
    assert found.answer is expected
    assert ("ben: not-entitled" in found.change.rejected) is (expected is Answer.REFUSED)


def test_who_is_no_member_or_no_longer_active_approves_nothing(begun: Begun) -> None:
    everybody = members()
    begun.forge.extras["members/all"] = [each for each in everybody if each["username"] != "ben"]
    assert begun.ask().answer is Answer.REFUSED
    begun.forge.extras["members/all"] = [
        each | ({"state": "blocked"} if each["username"] == "ben" else {}) for each in everybody
    ]
    assert begun.ask().answer is Answer.REFUSED


def test_an_account_that_is_not_shown_is_nobody_who_approves(begun: Begun) -> None:
    begun.forge.users["ben"]["id"] = "hidden"
    found = begun.ask()
    assert found.answer is Answer.NOT_SEEN
    assert "ben: unknown-account" in found.change.rejected


def test_the_request_itself_must_be_shown_and_its_head_be_the_one_that_is_judged(begun: Begun) -> None:
    head = begun.forge.requests[begun.number]["sha"]
    begun.forge.refuses = {f"/merge_requests/{begun.number}": 404}
    with pytest.raises(SourceError, match="could not be read") as error:
        begun.ask()
    assert "404" in error.value.why
    begun.forge.refuses = {}
    with pytest.raises(SourceError, match="head"):
        read(begun.forge, begun.number, "c" * 40)
    with pytest.raises(SourceError):
        read(begun.forge, 99, head)


def test_a_token_that_is_refused_is_no_pass(begun: Begun) -> None:
    with pytest.raises(SourceError, match="refuses the token"):
        begun.ask(token="glpat-another-one")


def test_the_pipeline_that_asks_is_not_waited_for_and_others_are(begun: Begun) -> None:
    begun.repo.checkout("main").write("asbuilt.toml", "[gate]\n")
    begun.repo.commit("All that ran")
    pipeline = begun.forge.pipeline(begun.number, "running", job="asbuilt-gate")
    own = Run(str(pipeline["id"]), str(pipeline["_jobs"][0]["id"]))
    assert begun.ask(own=own).answer is Answer.MAY_LAND
    assert standing(begun.ask(), "CHG-05") is Standing.UNKNOWN
    begun.forge.pipeline(begun.number, "running", job="security")
    assert standing(begun.ask(own=own), "CHG-05") is Standing.UNKNOWN
    begun.forge.pipeline(begun.number, "failed", job="asbuilt-gate")
    assert standing(begun.ask(own=own), "CHG-05") is Standing.DEVIATION


def environment(begun: Begun) -> dict[str, str]:
    return {
        "GITLAB_CI": "true",
        "CI_MERGE_REQUEST_IID": str(begun.number),
        "CI_MERGE_REQUEST_PROJECT_PATH": PROJECT,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": begun.forge.requests[begun.number]["_base"],
        "CI_COMMIT_SHA": begun.forge.requests[begun.number]["sha"],
        "CI_API_V4_URL": BASE,
    }


def test_without_a_token_of_gitlabs_own_nothing_is_asked_and_a_jobs_own_is_none(begun: Begun) -> None:
    more = {"CI_JOB_TOKEN": "glcbt-64-of-the-job", "GITHUB_TOKEN": "ghp-of-another-forge"}
    with pytest.raises(UsageError, match="GitLab") as error:
        run(Words(str(begun.repo.path), forge=True), environment(begun) | more, int(begun.forge.now) + 1)
    assert "CI_JOB_TOKEN" in error.value.why
    assert "ASBUILT_GITLAB_TOKEN" in error.value.fix
    with pytest.raises(UsageError, match="is no token"):
        gitlab_token({"ASBUILT_GITLAB_TOKEN": "two words"})


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/api/v4", "http://gitlab.example/api/v4", "https://a@b/api/v4"]
)
def test_the_token_goes_to_no_address_inside_and_to_none_in_the_clear(begun: Begun, address: str) -> None:
    told = environment(begun) | {"ASBUILT_GITLAB_TOKEN": TOKEN, "CI_API_V4_URL": address}
    with pytest.raises(UsageError) as error:
        run(Words(str(begun.repo.path), forge=True), told, int(begun.forge.now) + 1)
    assert TOKEN not in str(error.value)
    path, now = str(begun.repo.path), int(begun.forge.now) + 1
    named = Words(path, base="main", head="approved", number=1, repository=PROJECT, forge=True, api_url=address)
    with pytest.raises(UsageError):
        run(named, told, now)


def test_the_address_is_the_named_one_then_the_pipelines() -> None:
    assert gitlab_url("https://named.example/api/v4", {"CI_API_V4_URL": BASE}) == "https://named.example/api/v4"
    assert gitlab_url(None, {"CI_API_V4_URL": BASE}) == BASE
    assert gitlab_url(None, {}) == "https://gitlab.com/api/v4"


@pytest.mark.parametrize("project", ["harbor", "../users", "acme/..", "acme/a b", "acme/x?y"])
def test_what_is_no_project_stands_in_no_address(begun: Begun, project: str) -> None:
    with pytest.raises(UsageError, match="no project"):
        read_merge_request(BASE, Token(TOKEN, "a test"), project, 1, head="c" * 40, now=9)
    assert begun.forge.asked == []


def test_no_comment_is_sent_to_another_forge(begun: Begun) -> None:
    told = environment(begun) | {"GITHUB_TOKEN": "ghp-of-another-forge"}
    with pytest.raises(UsageError, match="GitLab"):
        keep_comment(Words(comment=True), told, begun.ask(), "text")


def test_what_is_taken_back_counts_as_taken_back_by_whatever_clock(begun: Begun) -> None:
    """GitLab's clock is ahead of ours: its note is of a moment that is still to come."""
    before = begun.forge.now
    begun.forge.unapprove(begun.number, "ben")
    begun.forge.now = before
    assert begun.ask().answer is not Answer.MAY_LAND
    begun.forge.requests[begun.number]["_notes"].pop()  # and where no note tells of it
    found = begun.ask()
    assert found.answer is Answer.REFUSED
    assert "ben: dismissed" in found.change.rejected
