"""Fetching an archive: over TLS, to public addresses, never elsewhere, never without an end."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from asbuilt.app import advisories_fetch
from asbuilt.app.advisories_fetch import fetched_zip
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.sources.addresses import GuardedBackend, GuardedTransport

HERE = "https://advisories.example/npm/all.zip"


class Answers(httpx.BaseTransport):
    """A network of one small function."""

    def __init__(self, answer: Callable[[str], httpx.Response]) -> None:
        self.answer = answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self.answer(str(request.url))


def test_what_lies_there_is_written(tmp_path: Path) -> None:
    moved = {HERE: httpx.Response(302, headers={"location": "/new/all.zip"})}
    network = Answers(lambda url: moved.get(url) or httpx.Response(200, content=url.encode()))
    fetched_zip(HERE, tmp_path / "x", transport=network)
    assert (tmp_path / "x").read_bytes() == b"https://advisories.example/new/all.zip"


@pytest.mark.parametrize("target", ["http://advisories.example/x", "ftp://x/y", "https://me:word@x/y"])
def test_a_redirect_to_what_is_not_fetched_is_refused(tmp_path: Path, target: str) -> None:
    network = Answers(lambda _: httpx.Response(302, headers={"location": target}))
    with pytest.raises(UsageError, match="redirects"):
        fetched_zip(HERE, tmp_path / "x", transport=network)


@pytest.mark.parametrize(
    "address", ["http://advisories.example/x", "https://127.0.0.1/x", "https://[::1]/x", "file:///x"]
)
def test_an_address_that_may_not_be_asked_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError):
        fetched_zip(address, tmp_path / "x")


def test_a_name_that_leads_into_a_private_network_is_refused(tmp_path: Path) -> None:
    guarded = GuardedTransport(GuardedBackend(frozenset(), resolve=lambda _host, _port: ["10.0.0.1"]))
    with pytest.raises(UsageError, match="not on the public internet"):
        fetched_zip(HERE, tmp_path / "x", transport=guarded)


def unreachable(url: str) -> httpx.Response:
    raise httpx.ConnectError("no way there")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda _: httpx.Response(404), "404"),
        (lambda url: httpx.Response(302, headers={"location": url}), "for ever"),
        (unreachable, "no way there"),
    ],
)
def test_what_does_not_come_is_said(tmp_path: Path, answer: Callable[[str], httpx.Response], why: str) -> None:
    with pytest.raises(SourceError, match=why):
        fetched_zip(HERE, tmp_path / "x", transport=Answers(answer))


def test_the_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advisories_fetch, "MOST_BYTES", 3)
    with pytest.raises(SourceError, match="larger than 3"):
        fetched_zip(HERE, tmp_path / "x", transport=Answers(lambda _: httpx.Response(200, content=b"four")))
