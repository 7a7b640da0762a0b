"""A real project's whole review history, from its public export: each figure is counted again in plain Python."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from asbuilt.app.chain_facts import open_ledger_facts
from asbuilt.app.sync_export import Imported, sync_export
from asbuilt.ledger.ledger import create_ledger
from tests.conftest import fetched

pytestmark = [pytest.mark.fetched, pytest.mark.slow]
REPOSITORY = "bitcoin-core/secp256k1"
EXPORT = "bitcoin-data+github-metadata-backup-bitcoin-core-secp256k1"
GIT = "bitcoin-core+secp256k1"

Json = dict[str, Any]


class Copy(NamedTuple):
    """The files of the export that this copy holds, and the names of those that it leaves out."""

    files: dict[str, bytes]
    absent: list[str]

    @property
    def pulls(self) -> dict[int, Json]:
        """The requests by number, as the files tell them."""
        told = (json.loads(body) for name, body in self.files.items() if name.startswith("pulls/"))
        return {each["pull"]["number"]: each for each in told}


class World(NamedTuple):
    """The facts that were made of it, and what was said on the way."""

    tables: dict[str, list[Json]]
    first: Imported
    second: Imported
    pulls: dict[int, Json]
    mainline: set[str]


def plain_copy(export: Path) -> Copy:
    """The export's newest commit, read with git alone."""
    listed = subprocess.run(
        ["git", "-C", export, "ls-tree", "-r", "HEAD", "pulls", "issues", "state.json"],
        capture_output=True, check=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    names = [(line.split("\t")[1], line.split()[2]) for line in listed]
    asked = "".join(f"{own}\n" for _, own in names).encode()
    out = subprocess.run(
        ["git", "-C", export, "cat-file", "--batch"],
        input=asked, capture_output=True, check=True,
        env=os.environ | {"GIT_NO_LAZY_FETCH": "1"},
    ).stdout  # fmt: skip
    files, absent, at = {}, [], 0
    for name, _ in names:
        end = out.index(b"\n", at)
        about = out[at:end].split()
        if len(about) < 3:
            absent.append(name)
            at = end + 1
            continue
        size = int(about[2])
        files[name] = out[end + 1 : end + 1 + size]
        at = end + 2 + size
    return Copy(files, absent)


@pytest.fixture(scope="module")
def copy() -> Copy:
    """What this copy of the export holds."""
    return plain_copy(fetched(EXPORT))


@pytest.fixture(scope="module")
def world(copy: Copy, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The export, without what this copy leaves out, joined with the project's git history."""
    folder = tmp_path_factory.mktemp("secp256k1")
    for name, body in copy.files.items():
        file = folder / "export" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    ledger, git = folder / "ledger", fetched(GIT)
    create_ledger(ledger, origin="example.com/secp256k1", now=0).close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASBUILT_CACHE", str(folder / "cache"))
        first = sync_export(folder / "export", repository=REPOSITORY, ledger=ledger, git=git)
        second = sync_export(folder / "export", repository=REPOSITORY, ledger=ledger, git=git)
        with open_ledger_facts(ledger) as facts:
            names = ("requests", "reviews", "request_commits", "request_events", "changes", "coverings")
            tables = {name: [dict(row) for row in facts.rows(f"SELECT * FROM {name}")] for name in names}
    mainline = subprocess.run(
        ["git", "-C", git, "log", "--first-parent", "--format=%H"], capture_output=True, check=True, text=True
    ).stdout.split()
    return World(tables, first, second, copy.pulls, set(mainline))


def merged(pulls: dict[int, Json]) -> dict[int, Json]:
    """The requests that were merged."""
    return {number: each for number, each in pulls.items() if each["pull"].get("merged_at")}


def approvals(told: Json) -> list[Json]:
    """The approvals in a request's file, whoever gave them."""
    return [each for each in told["events"] if each["event"] == "reviewed" and each["state"].upper() == "APPROVED"]


def independent(told: Json) -> dict[str, Json]:
    """Persons other than the author whose last word before the merge is an approval, with that approval."""
    last: dict[str, Json] = {}
    for each in told["events"]:
        if each["event"] == "reviewed" and each.get("user") and each["state"].upper() != "COMMENTED":
            before = each["submitted_at"] <= told["pull"]["merged_at"]
            if before and each["user"]["type"] == "User":
                last[each["user"]["login"]] = each
    author = (told["pull"].get("user") or {}).get("login")
    return {login: each for login, each in last.items() if each["state"].upper() == "APPROVED" and login != author}


def test_every_request_is_there_and_so_many_were_merged(world: World) -> None:
    own = merged(world.pulls)
    assert len(own) > 900
    told = {row["number"]: row for row in world.tables["requests"]}
    assert told.keys() == world.pulls.keys()
    assert {number for number, row in told.items() if row["merged_at"]} == own.keys()
    assert {row["state"] for number, row in told.items() if number in own} == {"merged"}
    assert world.first.faults == []


def test_every_approval_is_there_with_its_commit_and_its_reviewer(world: World) -> None:
    own = {
        (str(each["id"]), number, each["commit_id"], (each.get("user") or {}).get("login"))
        for number, told in world.pulls.items()
        for each in approvals(told)
    }
    assert len(own) > 900
    assert own == {
        (row["review_id"], row["number"], row["commit"], row["reviewer"])
        for row in world.tables["reviews"]
        if row["state"] == "approved"
    }


def test_reviews_of_bots_and_of_accounts_that_are_gone(world: World) -> None:
    reviews = [each for told in world.pulls.values() for each in told["events"] if each["event"] == "reviewed"]
    bots = {str(each["id"]) for each in reviews if (each.get("user") or {}).get("type") == "Bot"}
    gone = {str(each["id"]) for each in reviews if not each.get("user")}
    assert bots
    assert gone
    told = {row["review_id"]: row for row in world.tables["reviews"]}
    assert len(told) == len(reviews)
    assert {own for own, row in told.items() if row["is_bot"]} == bots
    assert {own for own, row in told.items() if row["reviewer"] is None} == gone
    assert all(told[own]["is_bot"] is None for own in gone)


def test_every_commit_of_every_request_is_there(world: World) -> None:
    own = {
        (number, each["sha"], each["tree"]["sha"])
        for number, told in world.pulls.items()
        for each in told["events"]
        if each["event"] == "committed"
    }
    assert {(row["number"], row["commit"], row["tree"]) for row in world.tables["request_commits"]} == own


def test_independent_approvals_of_what_landed_are_the_verdict_s(world: World) -> None:
    """The plain count asks for the very head that was merged; the verdict knows more of who took part."""
    verdicts = {row["number"]: row for row in world.tables["changes"] if row["number"] is not None}
    own = {number: told for number, told in merged(world.pulls).items() if number in verdicts}
    assert len(own) > 0.98 * len(merged(world.pulls))
    on_head = {
        number
        for number, told in own.items()
        if any(each["commit_id"] == told["pull"]["head"]["sha"] for each in independent(told).values())
    }
    reviewed = {number for number in own if (verdicts[number]["independent_human_approvals"] or 0) > 0}
    assert len(reviewed) > 400
    # Whoever counts for the verdict gave an approval that the plain count finds.
    assert reviewed <= {number for number, told in own.items() if independent(told)}
    for number in reviewed:
        assert set(verdicts[number]["approvers"]) <= independent(own[number]).keys()
    # Whoever counts plainly and not for the verdict is named with the test that failed.
    for number in on_head - reviewed:
        named = {each.partition(": ")[0] for each in verdicts[number]["rejected_approvals"]}
        assert independent(own[number]).keys() <= named, number
    assert len(on_head - reviewed) < 0.02 * len(on_head)


def test_merges_without_any_approval_are_all_found(world: World) -> None:
    verdicts = {row["number"]: row for row in world.tables["changes"] if row["number"] is not None}
    without = {
        number
        for number, told in merged(world.pulls).items()
        if number in verdicts and not approvals(told) and verdicts[number]["change_id"] in world.mainline
    }
    assert len(without) > 300
    assert {verdicts[number]["review_verdict"] for number in without} == {"not-reviewed"}
    assert {verdicts[number]["independent_human_approvals"] for number in without} == {0}


def test_a_second_import_reads_nothing(world: World) -> None:
    assert world.second.unchanged
    assert world.second.synced.pages == 0
    assert world.second.blind == world.first.blind != []


def test_the_commit_of_the_copy_says_what_it_leaves_out(copy: Copy, tmp_path: Path) -> None:
    create_ledger(tmp_path / "ledger", origin="example.com/secp256k1", now=0).close()
    done = sync_export(fetched(EXPORT), repository=REPOSITORY, ledger=tmp_path / "ledger")
    assert sorted(gap.path or "" for gap in done.faults) == sorted(copy.absent)
    assert done.synced.pages == len(copy.files) - 1  # state.json is no page
