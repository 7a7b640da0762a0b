"""A named person lets a change pass against the gate's answer: a record first, then it counts.

1. The person is named, gives a reason, is no bot, and had no part in the change.
2. A row of ``overrides`` goes into the ledger; if it cannot, nothing passes.
3. The answer stays what it was; the override stands beside it in every report.

Who types the name is not proved by this: whoever may write to the ledger can name a person, and the record shows
it.
"""

import re
from pathlib import Path
from typing import Final

import msgspec

from asbuilt.app.gate_change import written
from asbuilt.catalogue.signatures import load_signatures
from asbuilt.facts.recording.rows import RawRow, check_rows
from asbuilt.facts.recording.tables import find_table
from asbuilt.history.attribution.classify import bot_test
from asbuilt.ledger.ledger import open_ledger
from asbuilt.ledger.merkle import leaf_hash
from asbuilt.model.commit import Person
from asbuilt.model.errors import UsageError
from asbuilt.model.evidence import Problems
from asbuilt.model.gate import Gate, Override
from asbuilt.model.record import FACT, Record, encode_entry
from asbuilt.model.text import visible

LONGEST: Final = 1000  # characters of a reason
_TABLE: Final = "overrides"
_NAMED: Final = re.compile(r"\s*\"?([^<\"]*?)\"?\s*(?:<\s*([^<>\s]+)\s*>)?\s*")


def override(found: Gate, ledger: Path | None, *, by: str, reason: str, now: int) -> Gate:
    """The answer with the override beside it, once it is recorded.

    Args:
        found: the gate's answer, a refusal.
        ledger: the folder of the ledger.
        by: the person, as a name, a login or ``Name <address>``.
        reason: why.
        now: Unix seconds.

    Raises:
        UsageError: there is no ledger, no reason, or that person may not.
        SourceError, LedgerError: it could not be recorded.
    """
    if ledger is None or found.change.head is None:
        raise UsageError(
            "An override is a record, and there is none to keep.", fix="Name a ledger: --ledger FOLDER."
        )
    # (1)
    who, why = visible(by.strip()), visible(reason.strip())
    if len(why) < 10 or len(why) > LONGEST:
        raise UsageError(f"The reason has {len(why)} characters.", fix=f"Say why, in 10 to {LONGEST:,} characters.")
    _expect_independent(who, found.change.participants)
    # (2)
    refused_for = (*(test.control for test in found.blocking), *(one.name for one in found.refusing)) or (
        ("conflicts",) if found.change.conflicts else ()
    )
    told = {
        "repository": found.change.repository,
        "head_commit": found.change.head,
        "overridden_by": who,
        "overridden_at": written(now),
        "reason": why,
        "number": found.change.request,
        "refused_for": list(refused_for),
    }
    record = _record({name: value for name, value in told.items() if value is not None}, who, now)
    with open_ledger(ledger) as opened:
        opened.append([record])
    # (3)
    own = Override(who, why, written(now), refused_for, leaf_hash(encode_entry(record)).hex())
    return msgspec.structs.replace(
        found, override=own, verdict=f"{found.verdict.removesuffix('.')}; overridden by {who}.", next_step=""
    )


def _record(told: dict[str, object], who: str, now: int) -> Record:
    problems = Problems()
    checked = check_rows(
        find_table(_TABLE), [RawRow(0, told)], name="the override", observed=now, problems=problems, typed=True
    )
    problems.refuse()
    (row,) = checked.rows
    return Record("asbuilt gate", row.event, f"{FACT}{_TABLE}", row.payload, now, now, who, "gate", row.occurred)


def _expect_independent(who: str, participants: tuple[str, ...]) -> None:
    own = _names(who)
    if not own:
        raise UsageError("An override needs a person.", fix='--override-by "Ana Lima <ana@example.com>"')
    match = _NAMED.fullmatch(who)
    person = Person(match[1], match[2] or "") if match else Person(who, "")
    if who.casefold().endswith("[bot]") or bot_test(load_signatures())(person):
        raise UsageError(f"{who!r} is no person.", fix="A person who may decide it overrides, by name.")
    if any(own & _names(one) for one in participants):
        raise UsageError(
            f"{who!r} had a part in this change.",
            why="Who wrote it, committed it, opened it or drove what wrote it cannot let it pass.",
            fix="Another person overrides, or it is reviewed.",
        )


def _names(told: str) -> frozenset[str]:
    """Everything by which an account may be the same: its name, its address, its login; letter case aside."""
    match = _NAMED.fullmatch(told.casefold())
    if match is None:
        return frozenset({told.casefold()})
    name, address = match[1].strip().lstrip("@"), match[2] or ""
    if "@" in name and not address:
        name, address = "", name
    local = address.partition("@")[0].rpartition("+")[2]
    return frozenset(one for one in (name, address, local) if one)
