"""Changes, requests, pushes and deployments held against each other: pairs one for one, the rest with its reason."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.model.record import Record
from tests.facts.telling import covering, facts_of, rows_of, tell

NEEDED = ("change_reconciliation",)
R = "o/n"


def change(change_id: str, at: str = "2026-03-01", **columns: Any) -> Record:
    return tell("changes_seen", repository=R, change_id=change_id, landed_at=at, **({"landing": "merge"} | columns))


def request(number: int, at: str | None = "2026-03-01", **columns: Any) -> Record:
    return tell(
        "requests", repository=R, number=number, opened_at="2026-02-01", merged_at=at,
        **({"base_branch": "main"} | columns),
    )  # fmt: skip


def reasons(
    *records: Record, read: tuple[str, ...] = ("changes_seen", "requests")
) -> dict[str, tuple[bool | None, str]]:
    with facts_of([*records, *covering(*read)], only=NEEDED) as store:
        rows = rows_of(store, "change_reconciliation")
    assert len({row["item"] for row in rows}) == len(rows)
    return {row["item"].replace(f" {R} ", " "): (row["is_matched"], row["reason"]) for row in rows}


def test_a_pair_by_the_merge_commit_and_one_by_the_head() -> None:
    found = reasons(
        change("c1"), request(1, merge_commit="c1"),
        change("c2", head_commit="h2"), request(2, merge_commit="test-merge", head_commit="h2"),
    )  # fmt: skip
    assert found == {
        "change c1": (True, "merge-commit"), "request 1": (True, "merge-commit"),
        "change c2": (True, "head"), "request 2": (True, "head"),
    }  # fmt: skip


def test_changes_without_a_request() -> None:
    found = reasons(
        change("c0", landing="initial"),
        change("c1", landing="direct"),
        change("c2", landing="bot"),
        change("c3"),
        change("c4", number=404),
        change("c5", number=5), request(5, at=None, state="open"),
        change("c9", "2026-08-01"), change("c8", "2025-01-01", landing="direct"),
    )  # fmt: skip
    assert found == {
        "change c0": (False, "initial-import"),
        "change c1": (False, "direct-push"),
        "change c2": (False, "bot"),
        "change c3": (False, "no-request"),
        "change c4": (False, "number-unknown"),
        "change c5": (False, "request-not-merged"),
        "change c9": (None, "forge-not-read"),
        "change c8": (None, "forge-not-read"),
    }


def test_a_number_alone_ties_by_the_landing_and_anothers_number_does_not() -> None:
    found = reasons(
        change("c1", landing="squash", number=1), request(1),
        change("c2", landing="rebase", number=2), request(2, merge_commit="elsewhere"),
        change("c3", number=3), change("c4", "2026-03-02", number=3), request(3, merge_commit="c3"),
    )  # fmt: skip
    assert found == {
        "change c1": (False, "squash"), "request 1": (False, "squash"),
        "change c2": (False, "rebase"), "request 2": (False, "rebase"),
        "change c3": (True, "merge-commit"), "request 3": (True, "merge-commit"),
        "change c4": (False, "number-of-another"),
    }  # fmt: skip


def test_requests_without_a_change() -> None:
    found = reasons(
        change("c1", "2026-05-01"), request(1, "2026-05-01", merge_commit="c1"),
        request(2, merge_commit="c1"),  # stacked: the forge closes both by one merge
        request(3, base_branch="release", merge_commit="r3"),
        request(4, "2026-06-01", merge_commit="later"),
        request(5, head_commit="h5", merge_commit="x5"), tell("request_commits", repository=R, number=1, commit="h5"),
        request(6, merge_commit="gone"),
        request(7, merge_commit="gone7"),
        tell("request_events", repository=R, event_id="e", number=7, kind="base-changed"),
        request(8, "2025-06-01", merge_commit="early"),
    )  # fmt: skip
    assert found == {
        "change c1": (True, "merge-commit"), "request 1": (True, "merge-commit"),
        "request 2": (False, "with-another"),
        "request 3": (False, "other-branch"),
        "request 4": (False, "after-git-record"),
        "request 5": (False, "inside-another"),
        "request 6": (False, "unreachable"),
        "request 7": (False, "retargeted"),
        "request 8": (False, "before-git-record"),
    }  # fmt: skip


def test_where_git_was_not_read_nothing_is_said_of_requests() -> None:
    found = reasons(request(1, merge_commit="c1"), read=("requests",))
    assert found == {"request 1": (None, "git-not-read")}


def test_pushes_and_deployments() -> None:
    push = {"repository": R, "branch": "main", "kind": "push", "pushed_at": "2026-03-02"}
    live = {"repository": R, "environment": "production", "is_production": True, "deployed_at": "2026-03-02"}
    found = reasons(
        change("c1"), request(1, merge_commit="c1"), change("c9", "2026-06-01", landing="direct"),
        tell("pushes", **push, push_id="p1", after_commit="c1"),
        tell("pushes", **push, push_id="p2", after_commit="lost"),
        tell("pushes", **(push | {"branch": "topic"}), push_id="p3", after_commit="t"),
        tell("pushes", **(push | {"pushed_at": "2026-06-20"}), push_id="p4", after_commit="later"),
        tell("deployments", **live, deployment_id="d1", commit="c1"),
        tell("deployments", **live, deployment_id="d2", commit="strange"),
        tell("deployments", **live, deployment_id="d3"),
        tell("deployments", **live, deployment_id="d4", commit="h1"),
        tell("request_commits", repository=R, number=1, commit="h1"),
        tell("deployments", **(live | {"is_production": False}), deployment_id="d5", commit="strange"),
    )  # fmt: skip
    assert {item: said for item, said in found.items() if item.startswith(("push", "deployment"))} == {
        "push p1": (True, "merge-commit"),
        "push p2": (False, "unreachable"),
        "push p4": (False, "after-git-record"),
        "deployment d1": (True, "merge-commit"),
        "deployment d2": (False, "commit-unknown"),
        "deployment d3": (None, "commit-not-told"),
        "deployment d4": (False, "commit-of-request"),
    }


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["merge", "squash", "rebase", "direct"])), max_size=6),
    st.lists(
        st.tuples(st.sampled_from([None, "c0", "c1", "c2", "x"]), st.sampled_from([None, "h0", "h1"])), max_size=5
    ),
)  # fmt: skip
def test_both_sides_always_tie_one_for_one(changes: list[Any], requests: list[Any]) -> None:
    records = [
        change(
            f"c{place}", f"2026-03-{place + 1:02}", number=number or None, landing=landing, head_commit=f"h{place}"
        )
        for place, (number, landing) in enumerate(changes)
    ]
    records += [
        request(place + 1, merge_commit=merge, head_commit=head) for place, (merge, head) in enumerate(requests)
    ]
    found = reasons(*records)
    assert len(found) == len(records)
    matched = [item.split()[0] for item, (is_matched, _) in found.items() if is_matched]
    assert matched.count("change") == matched.count("request")
