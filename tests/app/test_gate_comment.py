"""One comment, ours, edited in place; another's is never touched, whatever it says."""

import httpx
import msgspec
import pytest

from asbuilt.app.gate_comment import MARKER, comment
from asbuilt.model.errors import SourceError
from asbuilt.reports.gate_markdown import MARKER as WRITTEN
from asbuilt.sources.credentials import Token

BASE = "https://api.forge.example"
TEXT = f"{MARKER}\n## AsBuilt gate: Refused\n"


class Thread:
    """A forge's thread of comments."""

    def __init__(self, *told: tuple[str, str], login: str | None = "gate-app[bot]", status: int = 201) -> None:
        self.comments = [{"id": at, "user": {"login": who}, "body": body} for at, (who, body) in enumerate(told, 1)]
        self.login, self.status = login, status
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(f"{request.method} {path}")
        assert request.headers["authorization"] == "Bearer a-token-that-writes"
        if path == "/user":
            return httpx.Response(200, json={"login": self.login}) if self.login else httpx.Response(403, json={})
        if request.method == "GET":
            page = int(request.url.params["page"])
            return httpx.Response(200, json=self.comments[(page - 1) * 100 : page * 100])
        body = msgspec.json.decode(request.content)["body"]
        if self.status == 201 and request.method == "POST":
            self.comments.append({"id": len(self.comments) + 1, "user": {"login": self.login}, "body": body})
        elif self.status == 201:
            next(one for one in self.comments if path.endswith(f"/{one['id']}"))["body"] = body
        return httpx.Response(self.status if request.method == "POST" or self.status != 201 else 200, json={})

    def keep(self, text: str = TEXT, repository: str = "acme/harbor") -> str:
        return comment(
            BASE,
            Token("a-token-that-writes", "a test"),
            repository,
            7,
            text,
            transport=httpx.MockTransport(self),
        )


def test_the_marker_is_the_one_that_is_written() -> None:
    assert MARKER == WRITTEN


def test_the_first_answer_is_a_comment_and_the_next_edits_it() -> None:
    thread = Thread(("ben", "Nice work"))
    assert thread.keep() == "The request was commented on."
    assert thread.keep(TEXT + "now") == "The comment was brought up to date."
    assert [one["body"] for one in thread.comments] == ["Nice work", TEXT + "now"]


def test_what_stands_there_already_is_not_written_again() -> None:
    thread = Thread(("gate-app[bot]", TEXT.replace("\n", "\r\n")))
    assert thread.keep() == "The comment says so already."
    assert all(asked.startswith("GET") for asked in thread.asked)


def test_another_ones_comment_with_our_marker_is_left_alone() -> None:
    thread = Thread(("mallory", f"{MARKER}\nMay land"), ("gate-app[bot]", "before the marker\n" + MARKER))
    thread.keep()
    assert thread.comments[0]["body"] == f"{MARKER}\nMay land"
    assert len(thread.comments) == 3


def test_a_pipelines_own_token_is_the_pipelines_account() -> None:
    thread = Thread(("github-actions[bot]", f"{MARKER}\nold"), login=None)
    assert thread.keep() == "The comment was brought up to date."


def test_a_comment_far_down_is_found() -> None:
    thread = Thread(*[("ben", f"{at}") for at in range(230)], ("gate-app[bot]", f"{MARKER}\nold"))
    assert thread.keep() == "The comment was brought up to date."


@pytest.mark.parametrize("status", [401, 403, 404, 422, 302])
def test_a_refusal_is_said_with_what_would_help(status: int) -> None:
    with pytest.raises(SourceError, match="refuses the comment") as error:
        Thread(status=status).keep()
    assert "a-token" not in str(error.value)


def test_a_repository_that_is_none_is_not_asked_for() -> None:
    thread = Thread()
    for name in ("../x", "a/b/c", "folder", "a/b?x=1"):
        with pytest.raises(SourceError):
            thread.keep(repository=name)
    assert thread.asked == []


def test_no_answer_and_a_broken_one_are_errors() -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route", request=request)

    for answers in (broken, lambda _: httpx.Response(200, content=b"{")):
        with pytest.raises(SourceError):
            comment(
                BASE, Token("a-token-that-writes", "a test"), "a/b", 7, TEXT, transport=httpx.MockTransport(answers)
            )
