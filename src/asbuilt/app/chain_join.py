"""Chains that a repository's history states, held against the facts of a ledger: for trace and for inspect."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from asbuilt.app.chain_facts import LedgerFacts, Meant, open_ledger_facts, utc
from asbuilt.facts.chains import open_command
from asbuilt.facts.changes_seen import merged_head
from asbuilt.facts.forge_chain import Told
from asbuilt.facts.forge_chain_after import join_facts
from asbuilt.model.attribution import SquashReplay
from asbuilt.model.chain import Chain, LinkName
from asbuilt.model.change import Change
from asbuilt.model.commit import Commit
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener
from asbuilt.model.trace import Step

if TYPE_CHECKING:  # a trace over a kept history needs neither
    from asbuilt.app.gather import Gathered
    from asbuilt.app.history import History

FORGE_GAP = "GAP-FORGE"
NOBODY = "OWNER/REPO"  # what a remedy names where nothing tells the repository's name


class Joined(NamedTuple):
    """Chains with the forge's word; ``rows`` are rows of ``changes`` by change; ``gaps`` those that still stand.

    ``sync`` is the command that reads more of the forge.
    """

    chains: dict[str, Chain]
    rows: dict[str, dict[str, Any]]
    gaps: tuple[Gap, ...]
    sync: str


def join_gathered(found: "Gathered", chains: dict[str, Chain], ledger: Path, on: Listener) -> Joined:
    """The chains of a gathered history, and the rows of ``changes`` that the ledger derives for them.

    Raises:
        UsageError, LedgerError: see ``open_ledger_facts``.
    """
    with open_ledger_facts(ledger, on) as facts:
        name = facts.repository_of([change.id for change in found.changes], found.project)
        if name is None:
            return Joined(chains, {}, found.gaps, found.sync_command)
        meant = [
            _meant(change, chains[change.id], name, found.by_id, found.replays.get(change.id))
            for change in found.changes
        ]
        told = list(facts.told_of(meant))
        joined = {one.change_id: _named(join_facts(chains[one.change_id], one), name) for one in told}
        rows = {one.change_id: _aware(one) for one in told if one.change}
        sync = open_command(facts.forge_of(name) or found.forge, name)
        return Joined(joined, rows, _standing(found.gaps, told, sync), sync)


def join_steps(
    steps: Sequence[Step], history: "History", ledger: Path, on: Listener
) -> tuple[tuple[Step, ...], tuple[Gap, ...]]:
    """The steps of a trace with the forge's word, and the gaps that still stand.

    Raises:
        UsageError, LedgerError: see ``open_ledger_facts``.
    """
    changes = [step.change for step in steps if step.change is not None]
    with open_ledger_facts(ledger, on) as facts:
        name = facts.repository_of([change.id for change in changes], history.project)
        if name is None:
            return tuple(steps), history.gaps
        told = _told_of_steps(facts, steps, history, name)
        joined = tuple(
            msgspec.structs.replace(step, chain=_named(join_facts(step.chain, told[step.chain.change]), name))
            if step.chain.change in told
            else step
            for step in steps
        )
        sync = open_command(facts.forge_of(name) or history.forge, name)
        return joined, _standing(history.gaps, told.values(), sync)


def _told_of_steps(facts: LedgerFacts, steps: Sequence[Step], history: "History", name: str) -> dict[str, Told]:
    meant = [
        _meant(step.change, step.chain, name, history.commits_of([step.change.id]), step.replay)
        for step in steps
        if step.change is not None
    ]
    return {told.change_id: told for told in facts.told_of(meant)}


def _meant(
    change: Change, chain: Chain, name: str, commits: Mapping[str, Commit], replay: SquashReplay | None
) -> Meant:
    reverts = [evidence.ref for evidence in chain.link(LinkName.WATCH).evidence]
    return Meant(
        change.id,
        name,
        change.number,
        merged_head(change, commits, replay),
        utc(change.landed_at),
        msgspec.json.encode(reverts).decode(),
    )


def _named(chain: Chain, name: str) -> Chain:
    """The chain whose remedies name the repository as the ledger knows it, where git's remotes do not."""
    if not any(link.remedy and NOBODY in link.remedy for link in chain.links):
        return chain
    return Chain(
        chain.change,
        tuple(
            msgspec.structs.replace(link, remedy=link.remedy.replace(NOBODY, name)) if link.remedy else link
            for link in chain.links
        ),
    )


def _standing(gaps: tuple[Gap, ...], told: Iterable[Told], sync: str) -> tuple[Gap, ...]:
    """The gaps, with that of the forge: gone where its requests cover every change, else said of the rest."""
    known = list(told)
    others = tuple(gap for gap in gaps if gap.code != FORGE_GAP)
    open_ones = sum("requests" not in one.covered for one in known)
    if known and not open_ones:
        return others
    if all(one.landed_as is None for one in known):
        return tuple(msgspec.structs.replace(gap, remedy=sync) if gap.code == FORGE_GAP else gap for gap in gaps)
    partly = Gap(
        FORGE_GAP,
        "The forge was read, and what was read is not known to be all.",
        f"No whole extract of its requests covers {open_ones} of {len(known)} changes: unknown, not missing.",
        sync,
    )
    return (partly, *others)


def _aware(told: Told) -> dict[str, Any]:
    """A row of ``changes`` as rows made from git are: moments that say that they are UTC."""
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
        for name, value in told.change.items()
    }
