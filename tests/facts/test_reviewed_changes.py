"""What a change's row tells beside the verdict: its request, what went around the rules, signs that decide nothing."""

import pytest

from asbuilt.model.record import Record
from tests.facts.reviewing import (
    AFTER,
    AGAIN,
    APPROVED,
    GOOD,
    LANDED,
    LATER,
    OPENED,
    READ,
    commit,
    event,
    person,
    request,
    review,
    row_of,
    seen,
)
from tests.facts.telling import covering, tell


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


def test_that_nothing_tells_who_might_approve_is_said() -> None:
    silent = row_of(seen(), request(), review())
    assert (silent["review_signals"], silent["review_verdict"]) == (
        ["whether cem might approve is told nowhere"],
        "reviewed",
    )
    assert row_of(seen(), request(), review(may_push=True))["review_signals"] == []
    right = tell("path_rights", repository="r", account="cem", can_merge=True, held_from="2026-01-01")
    assert row_of(seen(), request(), review(), right)["review_signals"] == []


def test_a_branch_that_is_set_back_to_a_change_says_nothing_of_how_that_landed() -> None:
    """By a force push, around the rules, weeks later: whether or not the suite of the landing itself is still told."""
    back = tell(
        "rule_suites", repository="r", suite_id="2", result="bypass", after_commit="c1", evaluated_at="2026-04-20"
    )
    force = tell(
        "pushes", repository="r", push_id="2", kind="force-push", after_commit="c1", pushed_at="2026-04-20"
    )
    landing = tell("rule_suites", repository="r", suite_id="1", result="pass", after_commit="c1")
    merge = tell("pushes", repository="r", push_id="1", kind="merge", after_commit="c1")
    assert row_of(seen(), request(), landing, back)["bypassed_rules"] is False
    assert row_of(seen(), request(), back)["bypassed_rules"] is None
    row = row_of(seen(number=None), merge, force, back)
    assert (row["bypassed_rules"], row["came_by_pull_request"]) == (None, None)


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
    row = row_of(seen(), commit(committed_at=None), review(may_push=True), *records)
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
