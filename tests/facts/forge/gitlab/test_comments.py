"""Comments on a merge request."""

from tests.facts.forge.gitlab.payloads import A, note, request_answers
from tests.facts.forge.gitlab.projected import project_request, rows


def test_a_comment_on_lines_is_of_the_head_that_it_was_written_on() -> None:
    answers = request_answers()
    answers["notes"][0]["position"] = {"head_sha": A}
    answers["notes"].append(note(950, "project_7_bot_0a1b", "Looks fine", 12, system=False))
    found = [each for each in rows(project_request(answers), "reviews") if each["state"] == "commented"]
    assert found == [
        {
            "review_id": "note-900",
            "repository": "a/b",
            "number": 17,
            "commit": A,
            "reviewer": "ben",
            "state": "commented",
            "submitted_at": "2026-01-10T10:09:00Z",
            "body_length": 14,
            "line_comments": 1,
        },
        {
            "review_id": "note-950",
            "repository": "a/b",
            "number": 17,
            "reviewer": "project_7_bot_0a1b",
            "is_bot": True,
            "bot_because": "account of kind bot",
            "state": "commented",
            "submitted_at": "2026-01-10T10:12:00Z",
            "body_length": 10,
            "line_comments": 0,
        },
    ]


def test_a_comment_without_words_is_said_to_be_none() -> None:
    answers = request_answers()
    del answers["notes"][0]["body"]
    assert "a comment has no id or words" in " ".join(project_request(answers).refused)
