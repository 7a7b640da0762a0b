"""When is a review a review: the traps that real histories hold, each with what the verdict says of it."""

from typing import Any

import pytest

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

OPENED, PUSHED, APPROVED = "2026-02-03T09:00:00Z", "2026-02-03T10:00:00Z", "2026-02-03T11:00:00Z"
LATER, LANDED, AFTER = "2026-02-03T11:30:00Z", "2026-02-03T12:00:00Z", "2026-02-04T09:00:00Z"
ON: dict[str, Any] = {"repository": "r", "number": 7}
AGAIN: dict[str, Any] = {"observed": "2026-07-03T00:00:00Z"}  # what is told later wins
READ = covering("reviews", "checks", "request_events")


def seen(change_id: str = "c1", **columns: Any) -> Record:
    own: dict[str, Any] = {
        "change_id": change_id, "repository": "r", "landed_at": LANDED, "landing": "squash",
        "author": "Ana Alves <ana@example.com>", "participants": ["Ana Alves <ana@example.com>"], "number": 7,
    }  # fmt: skip
    return tell("changes_seen", **{**own, **columns})


def request(**columns: Any) -> Record:
    own: dict[str, Any] = {
        "opened_at": OPENED, "author": "ana", "author_kind": "user", "state": "merged", "merged_at": LANDED,
        "merge_commit": "c1", "head_commit": "h1", "merged_by": "cem", "base_branch": "main", "added_lines": 10,
        "removed_lines": 2, "comment_count": 0, "labels": [], "linked_issues": [],
    }  # fmt: skip
    return tell("requests", **{**ON, **own, **columns})


def commit(name: str = "h1", **columns: Any) -> Record:
    own: dict[str, Any] = {"author": "Ana Alves <ana@example.com>", "author_login": "ana", "committed_at": PUSHED}
    return tell("request_commits", **{**ON, "commit": name, **own, **columns})


def event(kind: str, at: str = LATER, event_id: str = "e", **columns: Any) -> Record:
    return tell("request_events", **{**ON, "event_id": event_id + kind, "kind": kind, "happened_at": at, **columns})


def review(review_id: str = "1", **columns: Any) -> Record:
    own: dict[str, Any] = {
        "review_id": review_id, "commit": "h1", "reviewer": "cem", "is_bot": False, "state": "approved",
        "submitted_at": APPROVED, "body_length": 0, "line_comments": 0,
    }  # fmt: skip
    return tell("reviews", **{**ON, **own, **columns})


def proof(commit: str = "h1", how: str = "same-tree", covers: bool | None = True) -> Record:
    return tell("coverings", repository="r", commit=commit, change_id="c1", covers=covers, how=how)


def person(name: str, *identities: str, **columns: Any) -> Record:
    return tell("people", person=f"p-{name}", name=name, identities=list(identities), **columns)


def row_of(*records: Record) -> dict[str, Any]:
    with facts_of(records, only=["changes"]) as store:
        return next(row for row in rows_of(store, "changes") if row["change_id"] == "c1")


def verdict(*records: Record) -> tuple[str, list[str]]:
    row = row_of(*records)
    return row["review_verdict"], row["rejected_approvals"]


GOOD = [seen(), request(), commit(), review(), *READ]
NO_REVIEW = GOOD[:3] + READ
DRIVEN = tell("agents", agent="helper", owner="p-cem", accounts=["helper-app"], scopes=[])
CEM, ANA = person("cem", "cem"), person("ana", "ana@example.com")


@pytest.mark.parametrize(
    ("records", "expected", "rejected"),
    [
        pytest.param(GOOD, "reviewed", [], id="squash"),
        pytest.param(NO_REVIEW, "not-reviewed", [], id="nobody"),
        pytest.param(GOOD[:3], "unknown", [], id="nobody was asked"),
        pytest.param([seen(landing="initial", number=None), *READ], "exempt", [], id="initial import"),
        # What brought it.
        pytest.param([seen(landing="rebase", number=None), *GOOD[1:]], "reviewed", [], id="rebase"),
        pytest.param(
            [seen(landing="rebase"), request(merge_commit="c0"), *GOOD[2:]], "reviewed", [],
            id="rebase, of which the forge names another commit",
        ),
        pytest.param(
            # A queue made the merge before the branch was moved to it: the review came in between.
            [seen(landing="merge", landed_at=PUSHED, head_commit="h1"), request(merged_at=LANDED), *GOOD[2:],
             event("queued", APPROVED)],
            "reviewed", [], id="merge queue",
        ),
        pytest.param([*GOOD, event("auto-merge-on", OPENED, actor="ana")], "reviewed", [], id="auto-merge"),
        pytest.param([*GOOD, event("base-changed", OPENED, detail="main")], "reviewed", [], id="retargeted"),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), proof("h0", "patch-id"), event("base-changed", detail="main")],
            "reviewed", [], id="stacked on one that landed before",
        ),
        pytest.param(
            # The reviews are of what landed as c9 elsewhere.
            [seen(), request(merge_commit="c9", base_branch="release"), *GOOD[2:]], "unknown", [], id="cherry-pick",
        ),
        pytest.param(
            [seen(), seen("c0", landed_at=PUSHED), request(merge_commit="c0"), review()], "unknown", [],
            id="a revert that names what it reverts",
        ),
        # What was approved.
        pytest.param(
            [*NO_REVIEW, review(commit="h0")], "not-reviewed", ["cem: not-covering"], id="an earlier head",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), event("force-pushed", before_commit="h0", after_commit="h1")],
            "not-reviewed", ["cem: pushed-after"], id="force push after the approval",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), event("force-pushed"), proof("h0", "merge-tree")], "reviewed", [],
            id="force push of the same onto a newer base",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), commit("h0", tree="t"), commit("h1", tree="t"), event("force-pushed")],
            "reviewed", [], id="force push of the same tree",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), proof("h0", "base-sync")], "reviewed", [], id="base sync, proved",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), commit("m", parents=["h0", "b"])],
            "unknown", ["cem: unknown-covering"], id="base sync, git not asked",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), proof("h0", "unavailable", covers=None)],
            "unknown", ["cem: unknown-covering"], id="an object is absent",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit=None)], "unknown", ["cem: unknown-covering"], id="its commit is not known",
        ),
        pytest.param(
            [*GOOD, proof("h1", "differs", covers=False)], "not-reviewed", ["cem: not-covering"],
            id="the merge holds something of its own",
        ),
        # What became of the approval.
        pytest.param(
            [*NO_REVIEW, review(state="dismissed"), event("review-dismissed", review_id="1", detail="approved")],
            "not-reviewed", ["cem: dismissed"], id="dismissed",
        ),
        pytest.param(
            [*NO_REVIEW, review(state="dismissed"), event("review-dismissed", review_id="1"),
             review("2", submitted_at=LATER)],
            "reviewed", [], id="dismissed and given again",
        ),
        pytest.param(
            [*NO_REVIEW, review(), review("2", submitted_at=LATER), event("review-dismissed", review_id="1")],
            "reviewed", [], id="only the older one was dismissed",
        ),
        pytest.param(
            [*NO_REVIEW, review(state="dismissed"), event("review-dismissed", AFTER, review_id="1")],
            "reviewed", [], id="dismissed only after it landed",
        ),
        pytest.param(
            [*NO_REVIEW, review(state="dismissed"),
             event("review-dismissed", AFTER, review_id="1", detail="changes_requested")],
            "not-reviewed", [], id="what was dismissed after it landed was no approval",
        ),
        pytest.param(
            [*GOOD, event("approval-withdrawn", actor="cem", actor_kind="user")],
            "not-reviewed", ["cem: withdrawn"], id="withdrawn",
        ),
        # Who gave it.
        pytest.param(
            [*NO_REVIEW, review(reviewer="review-app[bot]", is_bot=True)],
            "not-reviewed", ["review-app[bot]: bot"], id="an AI reviewer satisfies the forge's rule",
        ),
        pytest.param(
            [*GOOD, tell("agents", agent="a", owner="p-dov", accounts=["Cem"])],
            "not-reviewed", ["cem: bot"], id="an agent by the register",
        ),
        pytest.param(
            [*GOOD, tell("accounts", system="forge", account="cem", kind="shared")],
            "unknown", ["cem: unknown-account"], id="a shared account",
        ),
        pytest.param(
            [*NO_REVIEW, review(reviewer=None, is_bot=None)],
            "unknown", ["(an account that is gone): unknown-account"], id="deleted account",
        ),
        pytest.param(
            [*NO_REVIEW, review(reviewer=None, is_bot=None, commit="h0")], "not-reviewed",
            ["(an account that is gone): not-covering", "(an account that is gone): unknown-account"],
            id="deleted account, and it cannot count",
        ),
        pytest.param(
            [*GOOD, review("2", reviewer=None, is_bot=None)], "reviewed",
            ["(an account that is gone): unknown-account"], id="deleted account beside another",
        ),
        pytest.param(
            [*GOOD, commit("h0", co_authors=["Cem <cem@example.com>"])],
            "not-reviewed", ["cem: participant"], id="co-author approving",
        ),
        pytest.param(
            [*GOOD, commit("h0", committer="C. <c@home.example>", committer_login="cem")],
            "not-reviewed", ["cem: participant"], id="committer of one commit of it",
        ),
        pytest.param([*GOOD, request(author="cem", **AGAIN)], "not-reviewed", ["cem: author"], id="who opened it"),
        # A person and the agent they drive are one.
        pytest.param(
            [*NO_REVIEW, request(author="dependabot[bot]", author_kind="bot", **AGAIN), review(),
             seen(author="dependabot[bot] <support@github.com>", participants=[], attribution="automation", **AGAIN)],
            "reviewed", [], id="bot-only change approved by a person",
        ),
        pytest.param(
            [*GOOD, request(author="agent[bot]", author_kind="bot", **AGAIN), event("agent-started", OPENED, actor="cem")],
            "not-reviewed", ["cem: drives-the-agent"], id="who started the agent",
        ),
        pytest.param(
            [*GOOD, event("agent-started", OPENED, actor="cem")], "reviewed", [],
            id="an agent was asked for a review, and wrote nothing",
        ),
        pytest.param(
            [*GOOD, CEM, DRIVEN, commit("h0", author="Helper <h@x.example>", author_login="helper-app")],
            "not-reviewed", ["cem: drives-the-agent"], id="who answers for the agent",
        ),
        pytest.param(
            [*GOOD, commit("h0", author="A <a@x.example>", author_login="agent[bot]", co_authors=["C <cem@x.example>"])],
            "not-reviewed", ["cem: drives-the-agent", "cem: participant"], id="co-author beside an agent",
        ),
        # Who is who.
        pytest.param(
            [*NO_REVIEW, review(reviewer="ana-work"), commit("x", author="Ana <ana@example.com>", author_login="ana-work")],
            "not-reviewed", ["ana-work: author"], id="the forge joins a login to the address",
        ),
        pytest.param(
            [*NO_REVIEW, review(reviewer="ana-new"),
             tell("request_commits", repository="r", number=3, commit="x", author="A <1+ana@users.noreply.github.com>",
                  author_login="ana-new")],
            "not-reviewed", ["ana-new: author"], id="renamed user",
        ),
        pytest.param(
            [*NO_REVIEW, review(reviewer="anna"), person("ana", "anna", "private@ana.example"),
             commit("x", author="Ana <private@ana.example>", author_login="ana-2"),
             commit("y", author="Ana <ana@example.com>", author_login="ana-2")],
            "not-reviewed", ["anna: author"], id="one person with several addresses",
        ),
        pytest.param(
            [*NO_REVIEW, review(reviewer="ana"), request(author="dov", **AGAIN),
             commit(author="Ana <ana@example.com>", author_login="ana-of-another-place", **AGAIN)],
            "reviewed", [], id="a login like a local part, which the forge tells apart",
        ),
        # Entitled and active at that moment.
        pytest.param(
            [*NO_REVIEW, review(may_push=False, observed=AFTER)], "not-reviewed", ["cem: not-entitled"], id="may not push",
        ),
        pytest.param(
            [*NO_REVIEW, review(may_push=False)], "unknown", ["cem: unknown-right"], id="may not push a year later",
        ),
        pytest.param(
            [*NO_REVIEW, review(may_push=True)], "reviewed", [], id="may push a year later",
        ),
        pytest.param(
            [*NO_REVIEW, review(may_push=False), tell("path_rights", repository="r", account="Cem", can_merge=True,
             held_from=OPENED, held_until=LANDED)],
            "reviewed", [], id="might push then, and may no more",
        ),
        pytest.param(
            [*GOOD, tell("path_rights", repository="r", account="cem", can_merge=False, held_from=OPENED,
             held_until=LANDED)],
            "not-reviewed", ["cem: not-entitled"], id="the rights of that moment",
        ),
        pytest.param(
            [*GOOD, person("cem", "cem", ends_at="2026-02-01")], "not-reviewed", ["cem: not-active"], id="had left",
        ),
        pytest.param(
            [*GOOD, person("cem", "cem", starts_at="2026-02-04")], "not-reviewed", ["cem: not-active"],
            id="had not come yet",
        ),
        # Afterwards.
        pytest.param(
            [*NO_REVIEW, review(submitted_at=AFTER)], "after-review", ["cem: after-landing"], id="two-person team",
        ),
        pytest.param(
            [*NO_REVIEW, review(submitted_at=AFTER, commit="h0")], "not-reviewed", ["cem: after-landing"],
            id="afterwards, of something else",
        ),
        pytest.param(
            [*NO_REVIEW, review(submitted_at=AFTER, reviewer="ana")], "not-reviewed", ["ana: author"],
            id="afterwards, by the author",
        ),
        pytest.param(
            [*NO_REVIEW, review(is_bot=True, commit="h0", may_push=False, observed=AFTER)], "not-reviewed",
            ["cem: bot", "cem: not-covering", "cem: not-entitled"], id="every test that fails is named",
        ),
    ],
)  # fmt: skip
def test_the_verdict(records: list[Record], expected: str, rejected: list[str]) -> None:
    assert verdict(*records) == (expected, rejected)


def test_what_the_forge_tells_fills_the_row() -> None:
    row = row_of(
        seen(number=None),
        *GOOD[1:],
        request(labels=["Hotfix"], linked_issues=["#3"], linked_opened_at=OPENED, **AGAIN),
    )
    names = (
        "number", "head_commit", "request_author", "opened_at", "changed_lines", "merged_by", "came_by_pull_request",
        "approvers", "approved_at", "emergency", "request_mentions", "request_older", "request_conflicts",
    )  # fmt: skip
    assert [row[name] for name in names] == [
        7, "h1", "ana", OPENED, 12, "cem", True, ["cem"], APPROVED, True, 1, True, [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("records", "number", "by_request", "conflicts"),
    [
        ([seen(), request(merge_commit="c9")], None, None, ["git names #7, which the forge landed by c9"]),
        ([seen(), request(merged_at=None, merge_commit=None, state="closed")], None, None,
         ["git names #7, which the forge did not merge by it"]),
        ([seen(number=8), request()], 7, True, []),
        ([seen(number=8), request(), request(number=8, merge_commit="c8")], 7, True,
         ["git names #8, which the forge landed by c8"]),
        ([seen(head_commit="h0"), request()], 7, True, ["git merged h0, the last head was h1"]),
        # Merged by hand and pushed: the forge finds the head on the branch.
        ([seen(number=None, landing="merge", head_commit="h1"), request(merge_commit="h1")], 7, True, []),
        ([seen(landing="merge", head_commit="h1"), request(merge_commit="elsewhere")], 7, True, []),
        ([seen(number=None, landing="merge", head_commit="h1"), request(merge_commit=None)], 7, True, []),
        # Every request of a year was read, and none was merged by it.
        ([seen(), *covering("requests", since="2025-02-01")], 7, False, []),
        ([seen(), *covering("requests", since="2025-03-01")], 7, True, []),
    ],
)  # fmt: skip
def test_which_request_brought_it(
    records: list[Record], number: int | None, by_request: bool | None, conflicts: list[str]
) -> None:
    row = row_of(*records)
    assert (row["number"], row["came_by_pull_request"], row["request_conflicts"]) == (number, by_request, conflicts)


@pytest.mark.parametrize(
    ("records", "bypassed", "by_request"),
    [
        ([seen(number=None)], None, None),
        ([seen(number=None), tell("pushes", repository="r", push_id="1", kind="push", after_commit="c1")], True, False),
        ([seen(), request(), tell("pushes", repository="r", push_id="1", kind="push", after_commit="c1")], None, True),
        ([seen(), request(), tell("rule_suites", repository="r", suite_id="1", result="bypass", after_commit="c1")], True, True),
        ([seen(), request(), tell("rule_suites", repository="r", suite_id="1", result="pass", after_commit="c1")], False, True),
        ([seen(), request(), tell("rule_suites", repository="r", suite_id="1", result="fail", after_commit="c1")], None, True),
        (
            [seen(), request(), tell("audit_events", organization="o", event_id="1", repository="r",
             action="protected_branch.policy_override", detail='{"after": "c1"}')], True, True,
        ),
        (
            [seen(), request(), tell("audit_events", organization="o", event_id="1", repository="r",
             action="protected_branch.policy_override", detail="not JSON")], None, True,
        ),
    ],
)  # fmt: skip
def test_what_went_around_the_rules(records: list[Record], bypassed: bool | None, by_request: bool | None) -> None:
    row = row_of(*records)
    assert (row["bypassed_rules"], row["came_by_pull_request"]) == (bypassed, by_request)


def test_a_queue_ran_the_checks_on_what_landed() -> None:
    ran = {"repository": "r", "name": "tests", "kind": "tests", "conclusion": "success", "completed_at": LATER}
    on_head = tell("checks", **ran, check_id="1", commit="h1")
    in_queue = tell("checks", **{**ran, "check_id": "2", "commit": "c1", "conclusion": "failure"})
    afterwards = tell(
        "checks", **{**ran, "check_id": "3", "commit": "c1", "completed_at": AFTER, "conclusion": "failure"}
    )
    assert row_of(seen(), request(), on_head, *READ)["checks_succeeded"] is True
    assert row_of(seen(), request(), on_head, in_queue, *READ)["checks_succeeded"] is False
    assert row_of(seen(), request(), on_head, afterwards, *READ)["checks_succeeded"] is True


@pytest.mark.parametrize(
    ("records", "signs"),
    [
        ([request(added_lines=900), event("pushed", "2026-02-03T10:59:20Z")], ["902 lines approved 40 s after the last push", "902 lines approved without a comment"]),
        ([request(added_lines=900, comment_count=1), event("pushed", "2026-02-03T10:59:20Z")], ["902 lines approved 40 s after the last push"]),
        ([request(added_lines=900, comment_count=None)], []),
        ([request(added_lines=47), event("pushed", "2026-02-03T10:59:59Z")], []),
        ([request(opened_at="2026-02-03T11:59:30Z")], ["merged 30 s after it was opened"]),
        ([request(), tell("checks", repository="r", check_id="1", commit="h1", completed_at=LATER)], ["approved 1800 s before the last check ended"]),
        ([request(), *(review(f"{n}", number=100 + n, submitted_at=f"2026-02-03T10:{n:02}:00Z") for n in range(2, 21))], ["cem gave 20 approvals within an hour"]),
        ([request(), *(review(f"{n}", number=100 + n, submitted_at=f"2026-02-03T10:{n:02}:00Z") for n in range(2, 20))], []),
    ],
)  # fmt: skip
def test_signs_of_a_rubber_stamp_are_told_with_their_numbers_and_decide_nothing(
    records: list[Record], signs: list[str]
) -> None:
    row = row_of(seen(), commit(committed_at=None), review(), *records)
    assert (row["review_signals"], row["review_verdict"]) == (signs, "reviewed")


@pytest.mark.parametrize(
    ("records", "signs"),
    [
        ([review()], []),
        ([review(via_app="helper")], ["approved by cem through helper"]),
        ([review(), event("merged", LANDED, actor="cem", via_app="helper")], ["merged by cem through helper"]),
        ([review(), commit("h0", agents=["tool"], committed_at="2026-02-03T10:59:51Z")], ["a commit by ana names tool", "approved 9 s after the agent's commit"]),
        ([review(), commit("h0", agents=["tool"], committed_at="2026-02-03T11:59:51Z")], ["a commit by ana names tool", "merged by cem 9 s after the agent's commit"]),
        ([review(), commit("h0", committed_at="2026-02-03T10:59:51Z")], []),
        ([review(), commit("h0", agents=["tool"], author_login="ana", committed_at=None)], ["a commit by ana names tool"]),
        ([review(), commit("h0", agents=["tool"], author_login="tool[bot]", committed_at=None)], []),
        ([review(), event("via-app", LANDED, event_id="via-9", actor="ana", via_app="helper", detail="ready")], ["ready by ana through helper"]),
    ],
)  # fmt: skip
def test_an_agent_under_a_persons_login_is_flagged(records: list[Record], signs: list[str]) -> None:
    row = row_of(seen(), request(), *records)
    assert (row["agent_under_login"], row["review_verdict"]) == (signs, "reviewed")


def test_two_persons_and_one_person_twice() -> None:
    both = [seen(), request(), review(), review("2", reviewer="dov"), review("3", reviewer="dov-2")]
    row = row_of(*both)
    assert (row["independent_human_approvals"], row["approvers"]) == (3, ["cem", "dov", "dov-2"])
    row = row_of(*both, person("dov", "dov", "dov-2"))
    assert row["independent_human_approvals"] == 2
    joined = [commit(name, author="D <d@x.example>", author_login=name, number=4) for name in ("dov", "dov-2")]
    assert row_of(*both, *joined)["independent_human_approvals"] == 2


def test_a_release_branch_and_a_tag_are_no_landing_on_the_branch() -> None:
    # The request landed on the release branch by c9; what main has is another change.
    row = row_of(seen(number=None, landing="direct"), request(merge_commit="c9", base_branch="release"), review())
    assert (row["number"], row["review_verdict"], row["approvers"]) == (None, "unknown", [])


@pytest.mark.parametrize(
    ("records", "succeeded"),
    [
        # Nobody but the requests' own listing read checks: of a commit that came without one nothing is known.
        ([seen(number=None, landing="direct")], None),
        ([seen(number=None, landing="direct"), tell("pushes", repository="r", push_id="1", kind="push", after_commit="c1")], False),
        ([seen(head_commit="h1"), request()], False),
        ([seen(head_commit="c1"), request()], False),
        # Git merged another commit than the head that the forge shows, and whose checks were read.
        ([seen(head_commit="h0"), request()], None),
    ],
)  # fmt: skip
def test_a_check_that_nobody_read_is_not_missing(records: list[Record], succeeded: bool | None) -> None:
    assert row_of(*records, *covering("reviews", "checks", "requests"))["checks_succeeded"] is succeeded
