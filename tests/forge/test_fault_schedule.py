"""Broken off at every request, each in turn, and run again: the facts are those of a reading that nothing disturbed."""

import contextlib
import copy
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.verify import verify_ledger
from asbuilt.model.errors import SourceError
from tests.forge import faults
from tests.forge.service import TOKEN, Answer, Seen, Service
from tests.forge.state import Forge
from tests.forge.studio import Studio
from tests.forge.syncing import facts, new_ledger, sync

Facts = dict[str, list[str]]
Act = Callable[[Service, Seen], Answer | None]
EVENTS = frozenset({"app-events"})
BREAKS: dict[str, Act] = {
    "cut off": faults.cut,
    "killed": faults.kill,
    "server error": faults.status(503),
    "nonsense": faults.partial,
}


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    file.chmod(0o600)
    return file


@pytest.fixture(scope="module")
def undisturbed(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Facts]:
    """How many requests a whole reading takes, and the facts."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "token").write_text(TOKEN)
    (folder / "token").chmod(0o600)
    service = still(studio.forge)
    sync(service, new_ledger(folder / "ledger"), folder / "token", subject="acme", profiles=EVENTS)
    return len(service.requests), facts(folder / "ledger")


def still(forge: Forge) -> Service:
    """Small pages, so that there are many places to break off at; a clock that stands, so that nothing else differs."""
    return Service(copy.deepcopy(forge), is_still=True, cap=3, page_cap=5)


def broken_then_whole(forge: Forge, place: int, act: Act, ledger: Path, token: Path) -> Service:
    """A reading that breaks off at a request and stays broken, then one that nothing disturbs."""
    service = still(forge)
    service.faults.append(faults.since(place, act))
    with contextlib.suppress(SourceError, faults.KilledError):
        sync(service, ledger, token, subject="acme", profiles=EVENTS)
    service.faults.clear()
    sync(service, ledger, token, subject="acme", profiles=EVENTS)
    return service


def test_the_schedule_has_many_places(undisturbed: tuple[int, Facts]) -> None:
    count, found = undisturbed
    assert count > 35
    assert sum(map(bool, found.values())) >= 6
    assert len(found["requests"]) == 28


@pytest.mark.parametrize("act", BREAKS.values(), ids=list(BREAKS))
@pytest.mark.parametrize("share", [0.12, 0.62])
def test_some_places(
    share: float, act: Act, studio: Studio, undisturbed: tuple[int, Facts], tmp_path: Path, token: Path
) -> None:
    count, expected = undisturbed
    ledger = new_ledger(tmp_path / "ledger")
    broken_then_whole(studio.forge, int(count * share), act, ledger, token)
    assert facts(ledger) == expected


@pytest.mark.slow
@pytest.mark.parametrize(("name", "step"), [("killed", 1), ("cut off", 1), ("server error", 4), ("nonsense", 3)])
def test_every_place(
    name: str, step: int, studio: Studio, undisturbed: tuple[int, Facts], tmp_path: Path, token: Path
) -> None:
    count, expected = undisturbed
    for place in range(0, count, step):
        ledger = new_ledger(tmp_path / f"ledger{place}")
        broken_then_whole(studio.forge, place, BREAKS[name], ledger, token)
        assert facts(ledger) == expected, place


def test_a_page_that_is_no_json_is_no_end_of_a_listing(
    studio: Studio, undisturbed: tuple[int, Facts], tmp_path: Path, token: Path
) -> None:
    ledger = new_ledger(tmp_path / "ledger")
    broken_then_whole(studio.forge, int(undisturbed[0] * 0.62), BREAKS["nonsense"], ledger, token)
    assert facts(ledger) == undisturbed[1]


@pytest.mark.slow
def test_a_process_that_is_gone_at_once_leaves_nothing_half(
    studio: Studio, undisturbed: tuple[int, Facts], tmp_path: Path, token: Path
) -> None:
    count, expected = undisturbed
    for place in range(0, count, 7):
        ledger = new_ledger(tmp_path / f"ledger{place}")
        child = os.fork()
        if child == 0:
            try:
                service = still(studio.forge)
                service.faults.append(faults.at(place, faults.exit_process))
                sync(service, ledger, token, subject="acme", profiles=EVENTS)
            finally:
                os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9, place
        sync(still(studio.forge), ledger, token, subject="acme", profiles=EVENTS)
        assert facts(ledger) == expected, place
        with open_ledger(ledger) as opened:
            assert verify_ledger(opened).holds


@pytest.mark.slow
def test_one_cut_at_any_place_is_not_noticed(
    studio: Studio, undisturbed: tuple[int, Facts], tmp_path: Path, token: Path
) -> None:
    count, expected = undisturbed
    for place in range(0, count, 3):
        service = still(studio.forge)
        service.faults.append(faults.at(place, faults.cut))
        ledger = new_ledger(tmp_path / f"ledger{place}")
        done = sync(service, ledger, token, subject="acme", profiles=EVENTS)
        assert facts(ledger) == expected, place
        assert len(service.requests) == count + 1
        assert [each.code for source in done.sources for each in source.gaps if each.code == "GAP-UNREAD"] == []
