"""Reading a source into the ledger: pages first, rows that cite them, the same facts however often it breaks off."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from asbuilt.app.sync import sync
from asbuilt.app.sync_asking import Asked, Done, Surroundings
from asbuilt.app.sync_github import sync_github
from asbuilt.app.sync_projecting import Subject
from asbuilt.app.sync_state import Tally
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.ledger.merkle import leaf_hash
from asbuilt.model.errors import SourceError
from asbuilt.model.record import Record, decode_entry
from asbuilt.sources.steps import Listed, Page, Step
from tests.app.small_forge import SmallForge


class Waits:
    """A clock that goes on while somebody waits for it."""

    def __init__(self, forge: SmallForge) -> None:
        self.forge = forge

    def clock(self) -> float:
        return self.forge.now

    def sleep(self, seconds: float) -> None:
        self.forge.now += int(seconds + 1)


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASBUILT_GITHUB_TOKEN", "good-token")
    create_ledger(tmp_path / "ledger", origin="acme.example/ledger", now=0).close()
    return tmp_path / "ledger"


def run(forge: SmallForge, folder: Path, asked: Asked | None = None) -> Done:
    waits = Waits(forge)
    around = Surroundings(
        transport=forge.transport(), clock=waits.clock, sleep=waits.sleep, draw=lambda: 0.5, ticks=waits.clock
    )
    return sync_github("acme/shop", folder, asked or Asked(), around=around)


def records(folder: Path) -> list[Record]:
    with open_ledger(folder) as ledger:
        return [decode_entry(entry) for entry in ledger.entries()]


def facts(folder: Path) -> set[tuple[str, str, bytes]]:
    return {
        (each.kind, each.event, each.payload)
        for each in records(folder)
        if each.kind.startswith("fact/") and each.kind not in {"fact/extracts", "fact/gaps"}
    }


def test_pages_come_first_and_every_row_leads_to_the_bytes_it_was_read_from(ledger: Path) -> None:
    done = run(SmallForge(3), ledger)
    found = records(ledger)
    with open_ledger(ledger) as opened:
        leaves = {leaf_hash(entry).hex(): decode_entry(entry) for entry in opened.entries()}
    rows = [each for each in found if each.kind in {"fact/requests", "fact/reviews"}]
    assert [each.kind for each in rows].count("fact/requests") == 3
    assert [each.kind for each in rows].count("fact/reviews") == 3
    for row in rows:
        raw = leaves[row.how.removeprefix("page ")]
        assert raw.kind == "raw/github/graphql/requests"
        assert found.index(raw) < found.index(row)
    assert done.sources[0].rows["requests"].new == 3
    assert not any(b"good-token" in each.payload or "good-token" in each.how for each in found)


def test_reading_again_adds_no_fact(ledger: Path) -> None:
    forge = SmallForge(3)
    run(forge, ledger)
    before, count = facts(ledger), len(forge.asked)
    done = run(forge, ledger)
    assert {each for each in facts(ledger) ^ before if each[0] == "fact/requests"} == set()
    assert done.sources[0].rows["requests"].new == 0
    assert sum("graphql" in each for each in forge.asked[count:]) <= 2


def test_a_disk_that_refuses_leaves_no_thread_behind(ledger: Path) -> None:
    forge = SmallForge(60)
    state = ledger / "sync"
    state.write_text("a file where the folder should be")
    with pytest.raises(SourceError, match="cannot be written down"):
        run(forge, ledger)
    assert not [each for each in threading.enumerate() if each.name.startswith("asbuilt-read")]
    state.unlink()
    again = run(forge, ledger).sources[0].rows["requests"]
    # How many had been taken in before the disk refused hangs on how quickly they came.
    assert again.known >= 25
    assert again.known + again.new == 60


@pytest.mark.parametrize("broken", range(8))
def test_broken_off_anywhere_and_started_again_it_ends_with_the_same_facts(
    broken: int, ledger: Path, tmp_path: Path
) -> None:
    create_ledger(tmp_path / "whole", origin="acme.example/ledger", now=0).close()
    run(SmallForge(60, reviews=51), tmp_path / "whole")
    forge = SmallForge(60, reviews=51)

    def cut(number: int, _: httpx.Request) -> None:
        if number == broken:
            raise KeyboardInterrupt

    forge.before = cut
    with pytest.raises(KeyboardInterrupt):
        run(forge, ledger)
    forge.before = lambda _, __: None
    run(forge, ledger)
    wanted = {"fact/requests", "fact/reviews"}
    assert {each for each in facts(ledger) if each[0] in wanted} == {
        each for each in facts(tmp_path / "whole") if each[0] in wanted
    }


class OneOdd:
    """A source of one listing, of which one review cannot be a row."""

    name = "github:acme/shop"

    def __init__(self, *reviews: dict[str, object]) -> None:
        self.reviews = reviews

    def pull(self, state: Mapping[str, object]) -> Iterator[Step]:
        body = json.dumps(self.reviews).encode()
        yield Page(
            "pull/reviews", "7", body, 1_790_000_000, "GET /repos/acme/shop/pulls/7/reviews", listing="reviews"
        )
        yield Listed(
            "reviews",
            ("reviews",),
            (0, 1_790_000_000),
            complete=True,
            started=1_790_000_000,
            ended=1_790_000_000,
            query="reviews",
            part="acme/shop",
        )


def test_a_listing_of_which_something_became_no_row_does_not_hold_everything(ledger: Path) -> None:
    user = {"login": "cy", "type": "User"}
    good = {
        "id": 1,
        "state": "APPROVED",
        "user": user,
        "submitted_at": "2026-03-01T00:00:00Z",
        "commit_id": "a" * 40,
    }
    odd = {**good, "id": 2, "state": "BLESSED"}
    for number, (reviews, truncated) in enumerate((((good,), False), ((good, odd), True))):
        sync(OneOdd(*reviews), Subject("github", "acme/shop"), ledger, clock=lambda: 1_790_000_001.0)
        extracts = [json.loads(each.payload) for each in records(ledger) if each.kind == "fact/extracts"]
        assert len(extracts) == number + 1
        assert extracts[-1]["truncated"] is truncated
        assert extracts[-1]["row_count"] == 1


def test_a_page_that_has_not_changed_is_the_one_of_then_and_not_the_newest(ledger: Path) -> None:
    first, second = b'[{"id": 1}]', b'[{"id": 2}]'
    came = [
        (first, 200, None),
        (second, 200, None),
        (first, 200, None),
        (b"", 304, hashlib.sha256(first).hexdigest()),
    ]

    class Back:
        name = "github:acme/shop"

        def pull(self, _: Mapping[str, object]) -> Iterator[Step]:
            at = 1_790_000_000
            for body, status, digest in came:
                yield Page("keys", "1", body, at, "GET /keys", "keys", status, digest)
            yield Listed("keys", ("credentials",), None, complete=True, started=at, ended=at, query="GET /keys")

    sync(Back(), Subject("github", "acme/shop"), ledger, clock=lambda: 1_790_000_001.0)
    (extract,) = [json.loads(each.payload) for each in records(ledger) if each.kind == "fact/extracts"]
    tally = Tally()
    for body in (first, second, first, first):
        tally.add_page(hashlib.sha256(body).hexdigest())
    assert extract["sha256"] == tally.digest
