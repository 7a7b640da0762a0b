"""Answers that are malformed or meant to harm: kept as received, told as unknown, never a crash and never a pass."""

import contextlib
import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.verify import verify_ledger
from asbuilt.model.errors import SourceError
from tests.forge import acts
from tests.forge.service import TOKEN, Answer, Seen, Service
from tests.forge.syncing import facts, new_ledger, sync

DEEP: Any = []
for _ in range(400):
    DEEP = [DEEP]
WRONG: tuple[Any, ...] = (
    None, 0, -1, 2**70, 1e308, True, "", "x" * 200_000, "\x1b[31m\x00\u202e", "::error file=a::b", [], {}, [None], DEEP, {"a": DEEP},
)  # fmt: skip


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    return file


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every container with every key of it."""
    found = []
    if isinstance(node, dict | list):
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            found += [(node, key), *places(node[key])]
    return found


def mangled(seed: int, share: float) -> Callable[[Service, Seen], Answer | None]:
    """A fault that puts something of a wrong kind in some places of each answer, or leaves it out."""
    draw = random.Random(seed)

    def act(service: Service, seen: Seen) -> Answer | None:
        faults, service.faults = service.faults, []
        requests = list(service.requests)
        found = service._answer(seen, "https://api.github.com")
        service.faults, service.requests = faults, requests
        if found.status != 200:
            return found
        body = json.loads(found.body)
        for node, key in places(body):
            if draw.random() < share:
                if isinstance(node, dict) and key in node and draw.random() < 0.3:
                    del node[key]
                elif isinstance(node, list) or key in node:
                    node[key] = draw.choice(WRONG)
        return Answer(200, json.dumps(body).encode(), found.headers)

    return act


def approvals(found: list[str]) -> set[tuple[str, ...]]:
    """Reviews that approve: id, request, commit; who, where that is told."""
    rows = csv.reader(found)
    return {(row[0], row[2], row[3], row[4]) for row in rows if row[7] == "approved"}


@pytest.mark.parametrize("share", [0.0005, 0.01])
@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(number, marks=pytest.mark.slow) for number in range(3, 15))])
def test_answers_of_a_wrong_kind_are_unknown_never_a_pass(
    seed: int, share: float, service: Service, tmp_path: Path, token: Path
) -> None:
    real = {
        (str(each.id), str(each.request.number), each.commit)
        for request in service.forge.repositories["acme/harbor"].requests.values()
        for each in request.reviews
        if each.state == "APPROVED"
    }
    service.faults.append(mangled(seed, share))
    ledger = new_ledger(tmp_path / "ledger")
    with contextlib.suppress(SourceError):  # nothing at all could be read: that is said
        sync(service, ledger, token, subject="acme")
    numbers = {number for _, number, _ in real}
    for own, number, commit, _ in approvals(facts(ledger, ("reviews",))["reviews"]):
        # One that is told of a request that is none counts for none.
        told = [each for each in real if each[0] == own and (each[1] == number or number not in numbers)]
        assert any(commit in {each[2], ""} for each in told), (own, number, commit)
    with open_ledger(ledger) as opened:
        assert verify_ledger(opened).holds


def test_texts_meant_to_harm_are_shown_harmless(service: Service, tmp_path: Path, token: Path) -> None:
    ledger = new_ledger(tmp_path / "ledger")
    request = service.forge.repositories["acme/harbor"].requests[1]
    request.title = "\x1b[2J\x07::set-output name=x::y\r\n\u202egnp.exe" + "A" * 1_000_000
    request.labels.append("\x00\x1b]0;owned\x07")
    acts.touch(request, service.forge.now)
    done = sync(service, ledger, token)
    assert [each for source in done.sources for each in source.gaps] == []
    (told,) = [row for row in facts(ledger, ("requests",))["requests"] if row.startswith('"acme/harbor",1,')]
    assert not set(told) & set("\x1b\x00\x07\r\n\u202e")
    assert len(told) < 5_000
