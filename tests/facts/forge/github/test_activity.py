"""Pushes by the log of activity."""

from tests.facts.forge.github.payloads import BEFORE, HEAD, project, rows, user

PUSH = {
    "id": 5,
    "before": BEFORE,
    "after": HEAD,
    "ref": "refs/heads/main",
    "timestamp": "2026-03-02T12:00:00Z",
    "activity_type": "force_push",
    "actor": user("ana"),
}


def test_a_push() -> None:
    assert rows("activity", [PUSH, PUSH | {"id": 6, "ref": "refs/tags/v1"}], "pushes", "1") == [
        {
            "repository": "acme/shop",
            "push_id": "5",
            "branch": "main",
            "pushed_at": "2026-03-02T12:00:00Z",
            "kind": "force-push",
            "actor": "ana",
            "actor_kind": "user",
            "before_commit": BEFORE,
            "after_commit": HEAD,
        }
    ]


def test_a_new_branch_had_no_tip_and_whoever_is_gone_is_nobody() -> None:
    (row,) = rows(
        "activity", [PUSH | {"before": "0" * 40, "activity_type": "branch_creation", "actor": None}], "pushes", "1"
    )
    assert row["kind"] == "branch-created"
    assert not row.keys() & {"before_commit", "actor", "actor_kind"}


def test_a_kind_that_is_not_known_is_said() -> None:
    assert "kind" in project("activity", [PUSH | {"activity_type": "dance"}], "1").refused[0]
    assert "no list" in project("activity", {"message": "x"}, "1").refused[0]
