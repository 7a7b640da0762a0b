"""An override is a named person's record before it counts, and the answer stays what it was."""

from pathlib import Path

import msgspec
import pytest

from asbuilt.app.gate import Asked, gate
from asbuilt.app.gate_override import override
from asbuilt.app.ledger import init
from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.merkle import leaf_hash
from asbuilt.model.errors import AsBuiltError, UsageError
from asbuilt.model.gate import Answer, Gate
from asbuilt.model.record import decode_entry
from tests.app.requests import NOW, bundle, review
from tests.app.test_gate import proposed
from tests.repos import Repo

REASON = "Production is down, incident 41"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    init(folder, origin="example.com/asbuilt", now=NOW)
    return folder


@pytest.fixture
def refused(repo: Repo) -> Gate:
    proposed(repo)
    head = repo.git("rev-parse", "topic").decode().strip()
    request = bundle(repo, reviews=[review(1, "ana", head)])
    return gate(Asked(str(repo.path), "main", "topic", NOW, request=request))


def test_an_override_is_recorded_and_the_answer_stays(refused: Gate, ledger: Path) -> None:
    found = override(refused, ledger, by="Cleo Ruiz <cleo@example.com>", reason=REASON, now=NOW)
    assert found.answer is Answer.REFUSED
    assert found.override is not None
    assert "overridden by Cleo Ruiz" in found.verdict
    with open_ledger(ledger, read_only=True) as opened:
        entries = list(opened.entries())
    assert [leaf_hash(entry).hex() for entry in entries] == [found.override.record]
    record = decode_entry(entries[0])
    assert (record.kind, record.by) == ("fact/overrides", "Cleo Ruiz <cleo@example.com>")
    told = msgspec.json.decode(record.payload)
    assert told["refused_for"] == ["CHG-01"] == list(found.override.refused_for)
    assert (told["head_commit"], told["number"], told["reason"]) == (refused.change.head, 7, REASON)


@pytest.mark.parametrize(
    "by",
    [
        "Ana Alves <ana@example.com>",
        "ana alves",
        "ANA@example.com",
        "ana",
        "@ana",
        "Somebody Else <ana@example.com>",
        "renovate[bot]",
        "Claude <noreply@anthropic.com>",
        "  ",
    ],
)
def test_who_had_a_part_or_is_no_person_may_not(refused: Gate, ledger: Path, by: str) -> None:
    with pytest.raises(UsageError):
        override(refused, ledger, by=by, reason=REASON, now=NOW)
    with open_ledger(ledger, read_only=True) as opened:
        assert opened.size == 0


@pytest.mark.parametrize("reason", ["", "because", "x" * 1001])
def test_a_reason_is_asked_for(refused: Gate, ledger: Path, reason: str) -> None:
    with pytest.raises(UsageError, match="reason"):
        override(refused, ledger, by="Cleo Ruiz", reason=reason, now=NOW)


def test_without_a_ledger_nothing_passes(refused: Gate, tmp_path: Path) -> None:
    for place in (None, tmp_path / "none"):
        with pytest.raises(AsBuiltError):
            override(refused, place, by="Cleo Ruiz", reason=REASON, now=NOW)


def test_what_the_change_brings_in_is_named_among_what_was_overridden(repo: Repo, ledger: Path) -> None:
    files = {"app.py": 'import requests\nrequests.get("https://x", verify=False)\n'}
    proposed(repo, policy="[gate]\nrequire = []\n", **files)
    refused = gate(Asked(str(repo.path), "main", "topic", NOW))
    found = override(refused, ledger, by="Cleo Ruiz <cleo@example.com>", reason=REASON, now=NOW)
    assert found.override is not None
    assert found.override.refused_for == ("py-tls-off",)
