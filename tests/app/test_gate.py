"""The gate says whether a change may land; what could not be seen, and whatever the change says itself, is no pass."""

import pytest

from asbuilt.app.gate import Asked, gate, gate_controls, judge
from asbuilt.app.gate_change import read_pending
from asbuilt.engine.evaluate import evaluate
from asbuilt.facts.schemas.changes import CHANGES
from asbuilt.history.git import open_repository
from asbuilt.model.errors import ConfigError, UsageError
from asbuilt.model.gate import Answer, Gate, Standing
from asbuilt.model.result import Outcome
from asbuilt.model.window import Window
from tests.repos import START, Repo

NOW = START + 100 * 3600
TRUSTING = '[review]\nrecorded_in = "commits"\n[gate]\nrequire = ["CHG-01"]\n'


def proposed(repo: Repo, message: str = "Add a page", *, policy: str = "", **files: str) -> Repo:
    """A branch ``topic`` with one commit, beside a ``main`` that has a policy."""
    repo.write("readme.md", "hello\n")
    if policy:
        repo.write("asbuilt.toml", policy)
    repo.commit("Begin")
    repo.checkout("topic", new=True)
    for name, content in (files or {"page.md": "a page\n"}).items():
        repo.write(name, content)
    repo.commit(message)
    return repo


def asked(repo: Repo, **more: object) -> Gate:
    return gate(Asked(**{"path": str(repo.path), "base": "main", "head": "topic", "now": NOW, **more}))  # type: ignore[arg-type]


def standing(found: Gate, control: str) -> Standing:
    return next(test.standing for test in found.tests if test.control == control)


def test_commits_alone_are_refused_and_the_answer_says_what_could_not_be_seen(repo: Repo) -> None:
    found = asked(proposed(repo))
    assert found.answer is Answer.NOT_SEEN
    assert {test.control for test in found.blocking} == {"CHG-01", "CHG-02", "CHG-05"}
    assert [gap.code for gap in found.not_seen] == ["GAP-REQUEST"]
    assert found.next_step


def test_a_review_in_a_message_is_text_unless_the_base_says_that_reviews_are_recorded_there(repo: Repo) -> None:
    message = "Add a page\n\nReviewed-by: Ben Berg <ben@example.com>\n"
    proposed(repo, message, policy=TRUSTING)
    assert asked(repo).answer is Answer.MAY_LAND
    repo.checkout("main").write("asbuilt.toml", '[gate]\nrequire = ["CHG-01"]\n')
    repo.commit("Reviews are the forge's")
    assert standing(asked(repo), "CHG-01") is Standing.UNKNOWN


def test_the_author_is_no_reviewer_of_the_change(repo: Repo) -> None:
    proposed(repo, "Add a page\n\nReviewed-by: Ana Alves <ana@example.com>\n", policy=TRUSTING)
    found = asked(repo)
    assert found.answer is Answer.REFUSED
    assert any("author" in str(value) for value in found.blocking[0].because.values())


def test_the_policy_is_the_bases_and_never_the_changes_own(repo: Repo) -> None:
    proposed(repo, **{"asbuilt.toml": "[gate]\nrequire = []\n"})
    found = asked(repo)
    assert found.policy.source is None
    assert "CHG-01" in found.policy.require
    assert found.answer is not Answer.MAY_LAND
    assert any(notice.kind == "guarded" and notice.paths == ("asbuilt.toml",) for notice in found.notices)


def test_the_mailmap_is_the_bases_too(repo: Repo) -> None:
    repo.write(".mailmap", "Ana Alves <ana@example.com> <ana@home.example>\n")
    message = "Add a page\n\nReviewed-by: Ana A <ana@home.example>\n"
    proposed(repo, message, policy=TRUSTING, **{".mailmap": ""})
    assert asked(repo).answer is Answer.REFUSED


def test_a_control_that_is_reported_decides_nothing(repo: Repo) -> None:
    found = asked(proposed(repo, policy='[gate]\nreport = ["CHG-01", "CHG-02", "CHG-05"]\n'))
    assert found.answer is Answer.MAY_LAND
    assert standing(found, "CHG-01") is Standing.UNKNOWN
    assert found.policy.require == ("CHG-17",)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ('[gate]\nunknown = "pass"\n', "unknown is 'pass'"),
        ('[gate]\nrequire = ["CHG-07"]\n', "CHG-07"),
        ('[gate]\nrequire = ["XYZ-99"]\n', "XYZ-99"),
        ('[gate]\nrequire = ["CHG-01"]\nreport = ["CHG-01"]\n', "CHG-01"),
        ("[gate]\nrequire = 1\n", "no list|not a list"),
        ("[gate]\nrequired = []\n", "gate.required"),
    ],
)
def test_a_policy_that_means_nothing_lets_nothing_pass(repo: Repo, policy: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as error:
        asked(proposed(repo, policy=policy))
    assert error.value.where.startswith("asbuilt.toml")


def test_a_control_that_the_base_set_aside_is_not_asked_and_says_who_said_so(repo: Repo) -> None:
    aside = '{ reason = "two persons, reviewed after", by = "Ana Lima", on = "2023-01-05" }'
    policy = "".join(f'[controls."{own}"]\nnot_applicable = {aside}\n' for own in ("CHG-01", "CHG-02", "CHG-05"))
    found = asked(proposed(repo, policy=policy))
    assert found.answer is Answer.MAY_LAND
    told = next(test for test in found.tests if test.control == "CHG-01")
    assert (told.standing, "Ana Lima" in told.message) == (Standing.NOT_ASKED, True)


def test_a_companys_threshold_is_the_audits_own(repo: Repo) -> None:
    message = "Add a page\n\nReviewed-by: Ben Berg <ben@example.com>\n"
    proposed(repo, message, policy=TRUSTING + '[controls."CHG-01"]\nrequired_approvals = 2\n')
    assert standing(asked(repo), "CHG-01") is Standing.DEVIATION


def test_gate_and_audit_come_to_the_same_on_every_control(repo: Repo) -> None:
    message = (
        "Add a page\n\nReviewed-by: Ben Berg <ben@example.com>\nCo-authored-by: Claude <noreply@anthropic.com>\n"
    )
    proposed(repo, message, policy=TRUSTING, **{"CODEOWNERS": "* @ben\n", "page.md": "a page\n"})
    with open_repository(repo.path) as opened:
        pending = read_pending(opened, "main", "topic", number=7, name=None, now=NOW)
    for control in gate_controls():
        (result,) = evaluate([control], {"changes": [pending.row]}, Window(), schemas={"changes": CHANGES})
        engine = result.verdicts[0].outcome if result.verdicts else None
        assert judge(control, pending.row, {}) == engine, control.id


@pytest.mark.parametrize(
    ("has_run", "said", "outcome"),
    [
        (False, {}, Outcome.MET),
        (False, {"secret_scan_required": True}, Outcome.DEVIATION),
        (None, {"secret_scan_required": True}, Outcome.UNKNOWN),
        (True, {"secret_scan_required": True}, Outcome.MET),
    ],
)
def test_a_scan_that_the_company_requires_is_asked_for_before_the_change_lands(
    repo: Repo, has_run: bool | None, said: dict[str, bool], outcome: Outcome
) -> None:
    proposed(repo)
    with open_repository(repo.path) as repository:
        pending = read_pending(repository, "main", "topic", number=None, name=None, now=NOW)
    row = {**pending.row, "static_analysis_succeeded": True, "has_secret_scan": has_run}
    control = next(own for own in gate_controls() if own.id == "VUL-03")
    assert judge(control, row, said) is outcome


def test_what_needs_a_look_is_listed(repo: Repo) -> None:
    files = {".github/workflows/ci.yml": "on: push\n", "uv.lock": "", "page.md": ""}
    found = asked(proposed(repo, **files))
    assert {notice.kind: notice.paths for notice in found.notices} == {
        "guarded": (".github/workflows/ci.yml",),
        "dependencies": ("uv.lock",),
    }
    assert standing(found, "CHG-17") is Standing.UNKNOWN


def test_what_is_judged_is_what_would_land(repo: Repo) -> None:
    proposed(repo)
    repo.checkout("main").write("other.md", "elsewhere\n")
    repo.commit("Meanwhile")
    found = asked(repo)
    assert found.change.paths == 1  # what main did meanwhile is not of the change
    tree = repo.git("merge-tree", "--write-tree", "main", "topic").decode().strip()
    assert found.change.tree == tree


def test_a_change_that_conflicts_is_refused(repo: Repo) -> None:
    proposed(repo, **{"readme.md": "mine\n"}, policy=TRUSTING)
    repo.checkout("main").write("readme.md", "theirs\n")
    repo.commit("Meanwhile")
    found = asked(repo)
    assert (found.answer, found.change.conflicts) == (Answer.REFUSED, True)


def test_the_branch_itself_is_not_written_to(repo: Repo) -> None:
    proposed(repo)
    before = repo.git("count-objects", "-v")
    asked(repo)
    assert repo.git("count-objects", "-v") == before


def test_nothing_between_base_and_head_is_said(repo: Repo) -> None:
    proposed(repo)
    with pytest.raises(UsageError, match="Nothing is to land"):
        asked(repo, base="topic")


def test_the_same_change_at_the_same_moment_gives_the_same_answer(repo: Repo) -> None:
    proposed(repo)
    assert asked(repo) == asked(repo)
