"""The pending change beside what is known of its request, derived by the very SQL that derives landed changes."""

from collections.abc import Iterable
from typing import Any

from asbuilt.app.gate_change import Pending, written
from asbuilt.app.gate_request import Known
from asbuilt.facts.one_change import derive_change
from asbuilt.model.errors import SourceError


def judged_row(pending: Pending, known: Iterable[Known], now: int) -> dict[str, Any]:
    """The row of ``changes`` of a change that would land at ``now``.

    Raises:
        SourceError: what is known of the request cannot be taken as rows.
    """
    told = list(known)
    # Of a queue the request's own head is what people saw, and what the queue made of it is what lands.
    head = next((one.head for one in told if one.head is not None), pending.head)
    rows: dict[str, list[dict[str, Any]]] = {
        "changes_seen": [{**pending.seen, "landed_at": written(now), "head_commit": head}],
        "people": [
            {"person": f"same {at}", "name": group[0], "starts_at": written(0), "identities": list(group)}
            for at, group in enumerate(pending.config.same_people)
        ],
    }
    for one in told:
        for name, found in one.rows.items():
            rows.setdefault(name, []).extend(
                _as_landed(name, _renamed(row, pending.repository), pending, head, now)
                for row in found
                if name != "checks" or row.get("name") not in pending.config.gate.own_checks
            )
    covered = frozenset[str]().union(*(one.covered for one in told))
    try:
        return derive_change(rows, covered, repository=pending.repository, now=now)
    except ValueError as error:
        raise SourceError(
            "What is known of the request cannot be taken as facts.", why=f"{error}.", fix="Read the request again."
        ) from error


def _renamed(row: dict[str, Any], repository: str) -> dict[str, Any]:
    """A row of the same repository, whatever its letter case there: a forge takes both for one."""
    own = row.get("repository")
    same = isinstance(own, str) and own.casefold() == repository.casefold()
    return {**row, "repository": repository} if same else row


def _as_landed(table: str, row: dict[str, Any], pending: Pending, head: str, now: int) -> dict[str, Any]:
    """The request as its forge would tell it once the change had landed now."""
    if table != "requests" or row.get("number") != pending.seen["number"]:
        return row
    at = written(now)
    landed = {"state": "merged", "merged_at": at, "merge_commit": pending.head, "head_commit": head}
    return {**row, **landed, "closed_at": at}
