"""One index under questions: its limits, its failures, its probe."""

from pathlib import Path

import httpx

from asbuilt.app.registry_asking import IndexAsking
from asbuilt.app.registry_index import Index
from asbuilt.supply.registry.reading import list_readers
from tests.app.registries import NOW, NPM, Network, packument, truthful


def asking(network: Network, address: str = NPM) -> IndexAsking:
    return IndexAsking(Index("npm", address, "the test"), list_readers()["npm"], network.way(), NOW)


def test_answers_come_in_the_order_of_the_questions() -> None:
    names = [f"p{number}" for number in range(11)]
    own = asking(Network(npm=truthful(**{name: packument(name) for name in names})))
    assert own.probe().doubted == {}
    assert [facts.name for facts in own.ask(names)] == names


def test_a_limit_is_waited_for() -> None:
    network = Network(npm=truthful(plain=packument("plain")))
    answers = iter([429])
    inner = network._answer
    network._answer = lambda request: inner(request) if next(answers, None) is None else _refused(request)
    assert [facts.exists for facts in asking(network).ask(["plain"])] == [True]


def _refused(_: httpx.Request) -> httpx.Response:
    return httpx.Response(429, headers={"retry-after": "3"})


def test_an_address_that_may_not_be_asked_is_unknown_for_that_reason() -> None:
    told = list(asking(Network(), "http://npm.example").ask(["plain"]))
    assert [facts.exists for facts in told] == [None]
    assert "not encrypted" in told[0].why("exists")


def test_a_name_that_none_can_have_is_not_asked() -> None:
    network = Network(npm={})
    (told,) = asking(network).ask(["x" * 10_000])
    assert (told.exists, network.seen) == (None, [])


def test_who_asks_is_said(tmp_path: Path) -> None:
    network = Network(npm=truthful())
    asking(network).probe()
    assert all(own.headers["user-agent"].startswith("asbuilt/") for own in network.seen)
    assert all("authorization" not in own.headers for own in network.seen)
