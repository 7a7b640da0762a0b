"""Reviews: states, who typed them, and pages that go on."""

import pytest

from tests.facts.forge.github.payloads import actor, connection, graphql_review, project, review, rows, user


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ("APPROVED", "approved"),
        ("changes_requested", "changes-requested"),
        ("COMMENTED", "commented"),
        ("DISMISSED", "dismissed"),
    ],
)
def test_states(told: str, state: str) -> None:
    assert rows("pull/reviews", [review(state=told)], "reviews")[0]["state"] == state


def test_a_dismissed_review_keeps_who_gave_it() -> None:
    (row,) = rows("pull/reviews", [review(state="DISMISSED")], "reviews")
    assert (row["reviewer"], row["commit"]) == ("bo", "a1" * 20)


def test_a_pending_review_is_no_row_and_a_state_that_nobody_knows_is_refused() -> None:
    assert project("pull/reviews", [review(state="PENDING")]) == ((), ())
    for state in ("APPROVED ", "LGTM", None, True, 1, ["APPROVED"]):
        found = project("pull/reviews", [review(state=state)])
        assert (found.rows, len(found.refused)) == ((), 1)


@pytest.mark.parametrize(
    ("account", "reviewer", "is_bot", "because"),
    [
        (user("bo"), "bo", False, None),
        (user("coderabbitai[bot]", "Bot"), "coderabbitai[bot]", True, "account of kind bot"),
        (user("anything[bot]"), "anything[bot]", True, "account of kind bot"),
        (user("openhands-agent"), "openhands-agent", None, "login of openhands"),
        (user("Copilot", "Bot"), "Copilot", True, "account of kind bot"),
        (user("moved", "Mannequin"), "moved", None, None),
        (user("some-team", "Organization"), "some-team", None, None),
        (None, None, None, None),
        (user("ghost"), None, None, None),
        ({"login": "bo"}, "bo", None, None),
        ({"login": 3, "type": "User"}, None, None, None),
        ({"login": "bo\u202e", "type": "User"}, None, None, None),
    ],
)
def test_who_typed_it(account: object, reviewer: str | None, is_bot: bool | None, because: str | None) -> None:
    (row,) = rows("pull/reviews", [review(user=account)], "reviews")
    assert (row.get("reviewer"), row.get("is_bot"), row.get("bot_because")) == (reviewer, is_bot, because)


def test_an_agent_s_app_makes_it_the_app_s_review_and_another_app_does_not() -> None:
    (row,) = rows("pull/reviews", [review(performed_via_github_app={"slug": "claude"})], "reviews")
    assert (row["is_bot"], row["via_app"], row["bot_because"]) == (True, "claude", "through the app claude")
    (row,) = rows("pull/reviews", [review(performed_via_github_app={"slug": "reviewable"})], "reviews")
    assert (row["is_bot"], row["via_app"]) == (False, "reviewable")


def test_graphql_s_bots_get_their_suffix() -> None:
    told = {
        "data": {"node": {"number": 17, "reviews": connection([graphql_review(author=actor("dependabot", "Bot"))])}}
    }
    (row,) = rows("graphql/request-reviews", told, "reviews", "")
    assert (row["reviewer"], row["is_bot"], row["number"]) == ("dependabot[bot]", True, 17)


def test_a_review_without_a_request_or_a_time_or_an_id_is_refused() -> None:
    assert "on which request" in project("pull/reviews", [review()], key="").refused[0]
    assert "no submitted_at" in project("pull/reviews", [review(submitted_at="yesterday")]).refused[0]
    assert "no review_id" in project("pull/reviews", [review(id=None, node_id=None)]).refused[0]
    assert "no list of reviews" in project("pull/reviews", {"message": "Not Found"}).refused[0]


def test_the_right_to_push_and_the_length_of_the_words() -> None:
    told = {
        "data": {"node": {"number": 17, "reviews": connection([graphql_review(authorCanPushToRepository=True)])}}
    }
    (row,) = rows("graphql/request-reviews", told, "reviews", "")
    assert (row["may_push"], row["body_length"]) == (True, 5)
    assert rows("pull/reviews", [review(body=None)], "reviews")[0]["body_length"] == 0
    silent = review()
    del silent["body"]
    assert "body_length" not in rows("pull/reviews", [silent], "reviews")[0]


@pytest.mark.parametrize(
    ("association", "may_push"),
    [
        ("OWNER", True),
        ("MEMBER", None),
        ("COLLABORATOR", None),
        ("CONTRIBUTOR", None),
        ("NONE", False),
        ("FIRST_TIME_CONTRIBUTOR", False),
        (["NONE"], None),
        (None, None),
    ],
)
def test_an_outsider_may_not_push_and_who_is_called_a_contributor_may_or_not(
    association: object, may_push: bool | None
) -> None:
    (row,) = rows("pull/reviews", [review(author_association=association)], "reviews")
    assert row.get("may_push") is may_push
