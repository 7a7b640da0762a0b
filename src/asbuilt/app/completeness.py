"""Completeness: what git, the forge and the platform each hold of a window, tied to one another."""

from collections.abc import Sequence

from asbuilt.app.chain_facts import LedgerFacts
from asbuilt.model.changes import Difference, Reconciliation


def reconcile(
    facts: LedgerFacts, repositories: Sequence[str], start: int | None, end: int | None
) -> tuple[tuple[Reconciliation, ...], tuple[Difference, ...]]:
    """How changes, requests, pushes and deployments of a window tie, and each difference with its reason."""
    del facts, repositories, start, end
    return (), ()
