"""An approval of a package counts where another person, who is at work, gave it; and lifts what it excepts."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from asbuilt.app.gate import Asked, gate
from asbuilt.app.gate_approvals import package_approvals
from asbuilt.app.ledger import init
from asbuilt.ledger.ledger import open_ledger
from asbuilt.model.gate import Answer, Standing
from asbuilt.model.record import FACT, Record
from tests.app.requests import text
from tests.app.test_gate import NOW
from tests.app.test_gate_brought import OPEN
from tests.app.test_gate_dependencies import (
    bring,
    lock,
    stores,  # noqa: F401 - a fixture
)
from tests.app.test_gate_findings import changed
from tests.repos import Repo

DAY = 86_400


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """People who are at work: Ana, who wrote the change, and Cleo."""
    folder = tmp_path / "ledger"
    init(folder, origin="example.com/asbuilt", now=NOW - 10_000)
    for person in ("ana@example.com", "cleo@example.com"):
        put(folder, "people", person, person=person, name=person, starts_at=text(NOW - 400 * DAY))
    return folder


def put(folder: Path, table: str, event: str, **row: Any) -> None:
    with open_ledger(folder) as opened:
        payload = msgspec.json.encode(row)
        opened.append([Record("us", event, FACT + table, payload, NOW - 9_000, NOW - 9_000, "record", "the test")])


def approve(folder: Path, by: str, **more: Any) -> None:
    told = {"approval": f"T-{by}", "package": "npm:copyleft", "approved_by": by, "approved_at": text(NOW - 5 * DAY)}
    told |= {"reason": "It runs in no product.", "expires_at": text(NOW + 5 * DAY), "excepts": ["licence"]}
    put(folder, "dependency_approvals", told["approval"], **{**told, **more})


@pytest.mark.parametrize(
    ("by", "by_another"),
    [("cleo@example.com", True), ("Ana Alves <ana@example.com>", False), ("stranger@example.org", None)],
)
def test_who_is_another_person(ledger: Path, by: str, by_another: bool | None) -> None:
    approve(ledger, by)
    (own,) = package_approvals(ledger, ["Ana Alves <ana@example.com>"], NOW)
    assert (own.approved_by, own.by_another, own.excepts) == (by, by_another, ("licence",))
    assert (own.approved_at, own.expires_at) == (NOW - 5 * DAY, NOW + 5 * DAY)


@pytest.mark.usefixtures("stores")
@pytest.mark.parametrize(
    ("by", "more", "standing", "answer"),
    [
        ("cleo@example.com", {}, Standing.MET, Answer.MAY_LAND),
        ("cleo@example.com", {"expires_at": text(NOW - 1)}, Standing.DEVIATION, Answer.REFUSED),
        ("ana@example.com", {}, Standing.DEVIATION, Answer.REFUSED),
        ("stranger@example.org", {}, Standing.UNKNOWN, Answer.MAY_LAND),
    ],
)
def test_what_an_approval_excepts_a_package_from_is_refused_no_longer(
    repo: Repo, ledger: Path, by: str, more: dict[str, Any], standing: Standing, answer: Answer
) -> None:
    approve(ledger, by, **more)
    bring(repo, copyleft="1.0.0")
    found = gate(Asked(str(repo.path), "main", "topic", NOW, ledger=ledger))
    (own,) = found.brought
    assert (own.standing, found.answer) == (standing, answer)


@pytest.mark.usefixtures("stores")
def test_each_package_needs_an_approval_of_its_own_where_the_base_says_so(repo: Repo, ledger: Path) -> None:
    policy = f'{OPEN}[supply]\napproval = "package"\n'
    changed(repo, {"package-lock.json": lock({})}, {"package-lock.json": lock({"good": "1.0.0"})}, policy=policy)
    refused = gate(Asked(str(repo.path), "main", "topic", NOW, ledger=ledger))
    assert refused.refusing[0].reasons == ("refused (approval): no person's approval of this package stands",)
    approve(ledger, "cleo@example.com", package="npm:good")
    assert gate(Asked(str(repo.path), "main", "topic", NOW, ledger=ledger)).answer is Answer.MAY_LAND
