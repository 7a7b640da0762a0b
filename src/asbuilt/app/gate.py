"""``asbuilt gate``: whether one change may land, by the same controls that an audit tests.

1. Read the change from git objects; the policy is the base branch's.
2. Add what is known of its request: approvals, checks.
3. Test every control over changes on that one row, as the engine does.
4. Look at what the change brings in: packages, and findings in its lines (``gate_brought``).
5. Answer: it may land when each required control holds, and nothing that it brings in is refused. Anything else is
   refused, and what could not be seen is never a pass.

Nothing of the repository is run, and nothing of the head is believed about who may decide.
"""

import importlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import asbuilt
from asbuilt.app.config import Config
from asbuilt.app.gate_brought import look
from asbuilt.app.gate_change import Pending, before_landing, dependency_files, read_pending, written
from asbuilt.app.gate_content import Asked as ContentAsked
from asbuilt.app.gate_content import touched_files
from asbuilt.app.gate_input import expect_foreign
from asbuilt.app.gate_owners import Rule, owner_approved, read_owners
from asbuilt.app.gate_policy import AFTER_LANDING, expect_known
from asbuilt.app.gate_request import Known, Outline, outline_of, request_of
from asbuilt.catalogue.controls import FOLDER, read_control
from asbuilt.catalogue.criteria import load_criteria
from asbuilt.engine.one_row import NotPlain, judge_row
from asbuilt.facts.schemas.changes import CHANGES
from asbuilt.history.git import Repository, open_repository
from asbuilt.model.errors import UsageError
from asbuilt.model.gate import SCHEMA, Answer, Brought, Gate, Notice, Policy, Proposed, Standing, Test
from asbuilt.model.inspection import Gap
from asbuilt.model.result import Control, ControlKind, Outcome
from asbuilt.model.text import visible
from asbuilt.model.window import Window

LISTED = 20  # paths that a notice names; the rest are counted
_STORES = "Import advisories and registry facts before the gate runs."
_OF_CHANGES = re.compile(rb'^population = "changes"$', re.MULTILINE)
_STANDING = {
    Outcome.MET: Standing.MET,
    Outcome.DEVIATION: Standing.DEVIATION,
    Outcome.UNKNOWN: Standing.UNKNOWN,
    None: Standing.NOT_ASKED,
}


class Asked(NamedTuple):
    """What the gate is asked about.

    ``path`` is a folder of the repository, ``now`` Unix seconds; ``request`` the bytes of a file that tells the
    request, ``ledger`` the folder of the ledger whose facts are asked; ``queued``: the head is what a merge queue
    made of the request. ``read`` reads the request from its forge. ``judged_by`` are files and folders of this
    machine by which it is judged, besides the ledger: none of them may come with the change.
    """

    path: str
    base: str
    head: str
    now: int
    number: int | None = None
    repository: str | None = None
    request: bytes | None = None
    ledger: Path | None = None
    queued: bool = False
    read: Callable[[str, str], Known] | None = None
    judged_by: tuple[Path, ...] = ()


def gate(asked: Asked) -> Gate:
    """Whether the change may land.

    Raises:
        UsageError, ConfigError: what was asked, or the base's policy, means nothing.
        SourceError: the change cannot be read; that is no pass.
    """
    outline = None if asked.request is None else outline_of(asked.request)
    asked = _named(asked, outline)
    with open_repository(asked.path, as_written=True) as repository:
        # (1) The change.
        pending = read_pending(
            repository, asked.base, asked.head, number=asked.number, name=asked.repository, now=asked.now
        )
        expect_foreign(repository, pending.paths, (*asked.judged_by, *filter(None, (asked.ledger,))))
        # (2) What is known of its request.
        known = list(_known(asked, outline, pending))
        queued_head = next((one.head for one in known if one.head not in {None, pending.head}), None)
        approved = sorted((_approved(known) | {queued_head or pending.head}) - {pending.head})
        if approved:  # git says whether what was approved before is what would land
            coverings = importlib.import_module("asbuilt.app.gate_coverings")
            known.append(coverings.covered(repository, pending, approved, queued_head))
        owners = read_owners(repository, pending.base) if known and pending.row["guarded_paths"] else ()
        row, gaps = _row(pending, known, owners, asked.now)
        # (4) What it brings in.
        content = look(_content_asked(repository, pending, row, asked))
    # (3) The controls.
    controls = gate_controls()
    policy = pending.config.gate
    expect_known(policy, frozenset(control.id for control in controls), pending.config.source)
    tests = tuple(_tested(control, row, pending.config) for control in controls)
    # (5) The answer.
    answer, verdict, next_step = answer_of(tests, pending, [own for own in content.brought if own.blocks])
    if answer is Answer.MAY_LAND:
        verdict += not_known(content.brought)
    if answer is Answer.NOT_SEEN and not known and any(_is_unseen(test) for test in tests):
        next_step = _NO_REQUEST.remedy
    return Gate(
        schema=SCHEMA,
        version=asbuilt.__version__,
        answer=answer,
        verdict=verdict,
        next_step=next_step,
        judged_at=written(asked.now),
        change=_proposed(pending, row, asked.number),
        policy=Policy(
            pending.base,
            pending.config.source,
            policy.require,
            tuple(control.id for control in controls if control.id not in policy.require),
        ),
        tests=tests,
        notices=tuple(notices_of(pending.row["guarded_paths"], dependency_files(pending.paths))),
        seen_in=tuple(dict.fromkeys(("git", *(one.source for one in known)))),
        not_seen=(*gaps, *content.gaps),
        brought=content.brought,
        looked=content.looked,
    )


def _is_unseen(test: Test) -> bool:
    return test.required and test.standing is Standing.UNKNOWN


def _content_asked(repository: Repository, pending: Pending, row: Mapping[str, Any], asked: Asked) -> ContentAsked:
    approvals = row.get("independent_human_approvals")
    return ContentAsked(
        repository,
        pending.base,
        pending.tree,
        tuple(touched_files(pending.steps)),
        pending.config,
        asked.now,
        None if approvals is None else approvals > 0,
        asked.ledger,
        _participants(pending, row),
        (pending.base, pending.head),
    )


def _named(asked: Asked, outline: Outline | None) -> Asked:
    """The question with the request's own number and repository, where only the request tells them."""
    if outline is None:
        return asked
    own = outline.repository
    if (asked.number or outline.number) != outline.number or (
        asked.repository and own and asked.repository.casefold() != own.casefold()
    ):
        raise UsageError(
            f"The request that was given is {outline.number} of {visible(own or 'no repository', 200)!r}.",
            why="Another one was named.",
            fix="Give the file of the request that is to land.",
        )
    return asked._replace(number=outline.number, repository=asked.repository or own)


def _known(asked: Asked, outline: Outline | None, pending: Pending) -> Iterator[Known]:
    if asked.request is not None and outline is not None:
        yield request_of(
            asked.request,
            outline,
            repository=pending.repository,
            head=pending.head,
            now=asked.now,
            queued=asked.queued,
        )
    if asked.read is not None:
        yield asked.read(pending.repository, pending.head)
    if asked.ledger is not None:
        store = importlib.import_module("asbuilt.app.gate_ledger")
        told: Known = store.ledger_facts(asked.ledger, pending, asked.number, asked.now)
        yield told


def _approved(known: Sequence[Known]) -> set[str]:
    """The commits that somebody approved."""
    reviews = (row for one in known for row in one.rows.get("reviews", ()))
    return {row["commit"] for row in reviews if row.get("state") == "approved" and row.get("commit")}


def _row(
    pending: Pending, known: Sequence[Known], owners: Sequence[Rule], now: int
) -> tuple[dict[str, Any], tuple[Gap, ...]]:
    """The row that is judged, and what could not be seen for it."""
    gaps = (*pending.gaps, *(gap for one in known for gap in one.gaps))
    if not known:
        return pending.row, (*gaps, _NO_REQUEST)
    # The store is heavy, and commits alone need none.
    found: dict[str, Any] = importlib.import_module("asbuilt.app.gate_store").judged_row(pending, known, now)
    row = {**found, **before_landing(pending.head), "attribution_conflict": pending.row["attribution_conflict"]}
    row["guarded_owner_approved"] = owner_approved(pending.row["guarded_paths"], owners, row.get("approvers"))
    return row, gaps


def gate_controls() -> tuple[Control, ...]:
    """The controls over changes that can be asked before a change lands, by id."""
    files = sorted(file for file in FOLDER.glob("*.md") if _OF_CHANGES.search(file.read_bytes()))
    known = load_criteria().keys()
    controls = (read_control(file, known) for file in files if file.stem not in AFTER_LANDING)
    return tuple(control for control in controls if control.kind is ControlKind.ITEM)


def judge(control: Control, row: Mapping[str, Any], said: Mapping[str, Any]) -> Outcome | None:
    """What a control comes to on a row; None: the row is not of its population.

    Where the expressions are not plain, the engine's own database is asked: it is slower to start.
    """
    try:
        return judge_row(control, CHANGES, row, {**control.settings, **said})
    except NotPlain:
        engine = importlib.import_module("asbuilt.engine.evaluate")
        (result,) = engine.evaluate([control], {CHANGES.name: [row]}, Window(), {control.id: said})
        verdicts: tuple[Any, ...] = result.verdicts
        return verdicts[0].outcome if verdicts else None


def answer_of(
    tests: tuple[Test, ...], pending: Pending, refusing: Sequence[Brought] = ()
) -> tuple[Answer, str, str]:
    """The answer, in a sentence, and the next step; ``refusing`` is what it brings in and must not."""
    required = [test for test in tests if test.required]
    broken = [test for test in required if test.standing is Standing.DEVIATION]
    unseen = [test for test in required if test.standing is Standing.UNKNOWN]
    refused = [one for one in refusing if one.standing is Standing.DEVIATION]
    if pending.conflicts:
        return Answer.REFUSED, "Refused: it cannot be merged for conflicts.", "Bring the branch up to date."
    if broken or refused:
        more = f"{'; ' if refused else ', '}{_number(len(unseen), 'control')} could not be seen" if unseen else ""
        told = [f"{', '.join(test.control for test in broken)} {_does(broken)} not hold"] if broken else []
        told += [brings(refused)] if refused else []
        remedy = broken[0].remedy if broken else refused[0].remedy
        return Answer.REFUSED, f"Refused: {'; '.join(told)}{more}.", remedy
    if unseen or refusing:
        named = ", ".join([*(test.control for test in unseen), *(one.name for one in refusing[:LISTED])])
        remedy = unseen[0].remedy if unseen else refusing[0].remedy or _STORES
        return Answer.NOT_SEEN, f"Refused: {named} could not be seen, and that is no pass.", remedy
    return Answer.MAY_LAND, f"May land: {_number(len(required), 'required control')} hold.", ""


def not_known(brought: Sequence[Brought]) -> str:
    """What a change that may land brings in without that everything is known of it, as a sentence; else nothing."""
    count = sum(one.standing is Standing.UNKNOWN for one in brought)
    return f" Not everything is known of {_number(count, 'package')} that it brings in." if count else ""


def brings(refused: Sequence[Brought]) -> str:
    """What a change brings in that is refused, as half a sentence."""
    first = refused[0]
    more = f", and {len(refused) - 1:,} more" if len(refused) > 1 else ""
    where = f" ({first.path}{f':{first.line}' if first.line else ''})"
    return f"it brings in {first.name}{where}{more}"


def _does(tests: list[Test]) -> str:
    return "does" if len(tests) == 1 else "do"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _tested(control: Control, row: Mapping[str, Any], config: Config) -> Test:
    required = control.id in config.gate.require
    aside = config.audit.not_applicable.get(control.id) or config.audit.retired.get(control.id)
    if aside is None:
        return _test(control, judge(control, row, config.controls.get(control.id, {})), row, required)
    said = visible(f"Set aside by {aside.by} on {aside.on}: {aside.reason}", 500)
    return Test(control.id, control.title, Standing.NOT_ASKED, required, said, "", control.criteria)


def _test(control: Control, outcome: Outcome | None, row: Mapping[str, Any], required: bool) -> Test:
    standing = _STANDING[outcome]
    expected = control.title[:1].lower() + control.title[1:]
    said = {
        Standing.MET: f"Holds: {expected}.",
        Standing.DEVIATION: f"Does not hold: {expected}.",
        Standing.UNKNOWN: f"Could not be seen: {expected}.",
        Standing.NOT_ASKED: f"Not asked of this change: {expected}.",
    }[standing]
    remedy = {Standing.DEVIATION: control.remedy, Standing.UNKNOWN: control.open_with}.get(standing, "")
    because = {name: _shown(row[name]) for name in control.because}
    return Test(control.id, control.title, standing, required, said, remedy, control.criteria, because)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return visible(value, 300)
    if isinstance(value, list):
        return [visible(str(one), 300) for one in value[:LISTED]]
    return value


def _proposed(pending: Pending, row: Mapping[str, Any], number: int | None) -> Proposed:
    return Proposed(
        repository=visible(pending.repository, 200),
        base=pending.base,
        head=pending.head,
        tree=pending.tree,
        commits=pending.commits,
        paths=len(pending.paths),
        author=visible(pending.row["author"], 200),
        attribution=pending.row["attribution"],
        tools=pending.tools,
        request=number,
        conflicts=pending.conflicts,
        approvers=_texts(row.get("approvers")),
        rejected=_texts(row.get("rejected_approvals")),
        participants=_participants(pending, row),
        signals=(*_texts(row.get("review_signals")), *_texts(row.get("agent_under_login"))),
    )


def _participants(pending: Pending, row: Mapping[str, Any]) -> tuple[str, ...]:
    told = (*pending.seen["participants"], row["author"], *_texts([row.get("request_author") or ""]))
    return tuple(dict.fromkeys(told))


def _texts(value: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(visible(one, 300) for one in (value or ())[:LISTED])


def notices_of(guarded: Sequence[str], dependencies: Sequence[str]) -> Iterator[Notice]:
    """What a reviewer must look at: guarded paths, and dependency files."""
    if guarded:
        what = "It changes paths that steer the pipeline, the reviews or the agents; an owner must approve."
        yield Notice("guarded", what, tuple(visible(path, 300) for path in guarded[:LISTED]), len(guarded))
    if dependencies:
        what = "It changes what foreign code is built in; these files need a look."
        yield Notice(
            "dependencies", what, tuple(visible(path, 300) for path in dependencies[:LISTED]), len(dependencies)
        )


_NO_REQUEST = Gap(
    "GAP-REQUEST",
    "No pull or merge request was given: its approvals and checks could not be seen.",
    "The commits alone were read.",
    "Run the gate in the pipeline of the request, or give its export with --request FILE.",
)
