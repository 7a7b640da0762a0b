"""The gate on a real project's merges, each asked as it stood a second before: approvals counted again in plain Python."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from asbuilt.app.gate import Asked, gate
from asbuilt.model.gate import Answer, Standing
from tests.conftest import fetched

pytestmark = [pytest.mark.fetched, pytest.mark.slow]
EXPORT = "bitcoin-data+github-metadata-backup-bitcoin-core-secp256k1"
GIT = "bitcoin-core+secp256k1"


class Merge(NamedTuple):
    """A merge, and what the export tells of its request."""

    base: str
    head: str
    at: int
    number: int
    export: bytes


def git(place: Path, *words: str) -> bytes:
    done = subprocess.run(["git", "-C", place, *words], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else b""


def merges() -> list[Merge]:
    own, export = fetched(GIT), fetched(EXPORT)
    log = git(own, "log", "--first-parent", "--merges", "--format=%P %ct %s", "-n", "300", "HEAD").decode()
    found = []
    for line in log.splitlines()[::25]:
        base, head, at, subject = line.split(" ", 3)
        number = re.search(r"#(\d+)", subject)
        data = git(export, "show", f"HEAD:pulls/{number[1]}.json") if number else b""
        if number and data:
            found.append(Merge(base, head, int(at), int(number[1]), data))
    return found


def approvals(merge: Merge) -> tuple[set[str], set[str]]:
    """Who approved last and wrote none of it: of this very head, and of any commit."""
    told: dict[str, Any] = json.loads(merge.export)
    last: dict[str, tuple[str, str]] = {}
    for event in told["events"]:
        if event.get("event") == "reviewed" and event["state"].lower() in {
            "approved",
            "changes_requested",
            "dismissed",
        }:
            last[event["user"]["login"]] = (event["state"].lower(), event["commit_id"])
    author = told["pull"]["user"]["login"]
    approved = {who: commit for who, (state, commit) in last.items() if state == "approved" and who != author}
    wrote = git(fetched(GIT), "log", "--format=%ae%n%ce", f"{merge.base}..{merge.head}").decode().split()
    parties = {address.partition("@")[0].rpartition("+")[2].casefold() for address in wrote}
    independent = {who: commit for who, commit in approved.items() if who.casefold() not in parties}
    return {who for who, commit in independent.items() if commit == merge.head}, set(independent)


def test_real_merges_come_to_what_their_reviews_say() -> None:
    asked = merges()
    assert len(asked) >= 8
    met = 0
    for merge in asked:
        found = gate(Asked(str(fetched(GIT)), merge.base, merge.head, merge.at - 1, request=merge.export))
        standing = next(test.standing for test in found.tests if test.control == "CHG-01")
        of_head, any_commit = approvals(merge)
        if of_head:
            assert standing is Standing.MET, merge.number
        if not any_commit:
            assert standing is not Standing.MET, merge.number
        met += standing is Standing.MET
        # An export tells no check: whatever was approved, a required one could not be seen.
        assert found.answer is not Answer.MAY_LAND
    assert met >= 5
