"""Type I and Type II: every control in scope tested over a window, on facts frozen from the ledger.

1. Open the ledger; bring the facts up to it.
2. Choose the controls: those of the categories in scope, without the retired ones.
3. Test each on its whole population, on DuckDB or on Spark.
4. Say what stands behind each criterion; register every deviation; draw the samples; freeze the populations.
5. Say what could not be seen.
"""

import difflib
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

import asbuilt
from asbuilt.app.audit_config import AuditConfig
from asbuilt.app.company import Company
from asbuilt.app.controls import company_controls
from asbuilt.app.fact_cache import facts_file
from asbuilt.app.mending import mending_of
from asbuilt.app.spark import open_spark
from asbuilt.catalogue.criteria import CATEGORIES, load_criteria
from asbuilt.catalogue.sampling import Risk, load_sizes
from asbuilt.engine.access import Facts
from asbuilt.engine.audit import DAY, Tested, parity, test_controls
from asbuilt.engine.coverage import coverage_of, read_extracts
from asbuilt.engine.duck import DuckFacts
from asbuilt.engine.outcomes import LETTERS
from asbuilt.engine.sampling import draw_sample, frequency_of, judged, sample_size
from asbuilt.engine.spark import SparkFacts
from asbuilt.engine.standing import controls_in_scope, register_of, standings, verdict_of_audit
from asbuilt.facts.store import FactStore, open_facts, snapshot_parquet, table_digest, update_facts
from asbuilt.ledger.checkpoints import latest_checkpoint, parse_checkpoint
from asbuilt.ledger.ledger import Ledger, open_ledger
from asbuilt.ledger.witness import trusted_witnesses, verified_cosignatures
from asbuilt.model.audit import SCHEMA, Audit, LedgerHead, PopulationFrozen, Retired, Sample
from asbuilt.model.commit import moment
from asbuilt.model.errors import UsageError
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent
from asbuilt.model.result import Control, Outcome, Result
from asbuilt.model.window import Window

MET = LETTERS[Outcome.MET]
# What a reader of a report needs of a control besides its result.
_TEXTS = ("title", "what", "why", "blind_spot", "remedy", "open_with", "expect", "where", "at", "subjects", "per")


class Wanted(msgspec.Struct, frozen=True):
    """What is asked for.

    ``type`` is 1 or 2. Of Type II, ``start`` and ``end`` bound the window [start, end); of Type I they bound the
    day. ``categories``, ``risk`` and ``seed`` stand in place of what the configuration says. ``spark`` is the URL
    of a master, empty for one on this machine, None for DuckDB.
    """

    type: int
    start: int
    end: int
    ledger: Path
    categories: tuple[str, ...] | None = None
    risk: Risk | None = None
    seed: str | None = None
    spark: str | None = None


class AuditRun(NamedTuple):
    """An audit, and what it was made from: open while its context lasts."""

    audit: Audit
    tested: tuple[Tested, ...]
    controls: tuple[Control, ...]
    store: FactStore
    ledger: Ledger


@contextmanager
def open_audit(wanted: Wanted, company: Company, *, now: int, on: Listener = silent) -> Iterator[AuditRun]:
    """Audit a company; what it was made from can be read until the context ends.

    Args:
        wanted: type, window, scope, ledger.
        company: its configuration.
        now: Unix seconds: a window that has not ended by then is refused.
        on: hears of progress.

    Raises:
        UsageError: the window is none, has not ended, or there is no ledger.
        ConfigError, CatalogueError: the configuration or a control cannot be followed; names file:line.
        LedgerError: the ledger is damaged.
    """
    settings = company.config.audit
    categories = checked_categories(wanted.categories or settings.categories)
    # (1) The ledger, and the facts.
    with open_ledger(wanted.ledger, read_only=True) as ledger:
        on("Reading the ledger", 0, None)
        with open_facts(facts_file(ledger), origin=ledger.origin, root_at=ledger.root) as store:
            size = ledger.size
            update_facts(store, lambda start: ledger.entries(start, size), root_at=ledger.root, on=on)
            # (2) The controls.
            known = company_controls(company.config, company.base)
            used = [control for control in known if control.id not in settings.retired]
            controls = controls_in_scope(used, load_criteria(), categories)
            # (3) The tests.
            on("Testing controls", 0, None)
            with _engine(wanted, store, controls) as facts:
                tested = test_controls(
                    facts,
                    controls,
                    Window(wanted.start, wanted.end),
                    _settings(company.config.controls, controls),
                    now=now,
                    at_date=wanted.type == 1,
                    look_back_days=settings.look_back_days,
                    not_applicable={
                        own: said for own, said in settings.not_applicable.items() if own in _ids(controls)
                    },
                )
                engine = facts.engine
            # (4), (5) What they come to.
            on("Freezing populations", 0, None)
            parts = _Parts(wanted, settings, tuple(categories), engine, tested, controls, known)
            yield AuditRun(_audit(parts, store, ledger), tested, controls, store, ledger)


def audit(wanted: Wanted, company: Company, *, now: int, on: Listener = silent) -> Audit:
    """The same, for who needs the audit alone."""
    with open_audit(wanted, company, now=now, on=on) as run:
        return run.audit


@contextmanager
def _engine(wanted: Wanted, store: FactStore, controls: Sequence[Control]) -> Iterator[Facts]:
    """The facts, where they are asked: in DuckDB, or as Parquet snapshots in Spark."""
    if wanted.spark is None:
        yield DuckFacts(store.connection, store.tables)
        return
    tested = _tables(controls)
    # How many rows an extract must have left here is counted where they went.
    names = {"extracts", "waivers"} | tested | {own for name in tested for own in store.tables[name].covered_by}
    names |= {parts for name in names if (parts := store.tables[name].parts) is not None}
    with tempfile.TemporaryDirectory(prefix="asbuilt-") as folder:
        snapshot_parquet(store, Path(folder), names)
        Path(folder).chmod(0o755)  # the workers may be another user
        with open_spark(wanted.spark or None) as session:
            yield SparkFacts(session, Path(folder), {name: store.tables[name] for name in sorted(names)})


def _tables(controls: Sequence[Control]) -> set[str]:
    return {name for control in controls for name in (control.population, control.subjects) if name}


def _ids(controls: Sequence[Control]) -> set[str]:
    return {control.id for control in controls}


def _settings(said: Mapping[str, dict[str, Any]], controls: Sequence[Control]) -> dict[str, dict[str, Any]]:
    ids = _ids(controls)
    return {own: settings for own, settings in said.items() if own in ids}


class _Parts(NamedTuple):
    """What an audit is put together from."""

    wanted: Wanted
    settings: AuditConfig
    categories: tuple[str, ...]
    engine: str
    tested: tuple[Tested, ...]
    controls: tuple[Control, ...]
    known: tuple[Control, ...]


def _audit(parts: _Parts, store: FactStore, ledger: Ledger) -> Audit:
    wanted, settings, controls = parts.wanted, parts.settings, parts.controls
    results = tuple(each.result for each in parts.tested)
    behind = standings(results, load_criteria(), parts.categories)
    register = register_of(results, _rows(store, "deviation_notes"), _moments(results, controls))
    verdict, next_step = verdict_of_audit(results, behind, len(register), type_=wanted.type)
    return Audit(
        schema=SCHEMA,
        version=asbuilt.__version__,
        type=wanted.type,
        window=Window(wanted.start, wanted.end),
        as_of=wanted.end - 1,
        company=settings.company,
        system=settings.system,
        categories=parts.categories,
        engine=parts.engine,
        results=results,
        criteria=behind,
        populations=_populations(wanted, store, controls),
        parity=parity(results),
        deviations=register,
        samples=_samples(wanted, settings, parts.tested, controls),
        retired=_retired(settings, parts.known),
        gaps=(*_gaps(store), *store.gaps()),
        ledger=_head(ledger, store.size),
        texts={
            control.id: {
                "kind": control.kind.value,
                **{name: text for name in _TEXTS if (text := getattr(control, name))},
            }
            for control in controls
        },
        verdict=verdict,
        next_step=next_step,
        mending=mending_of(store, Window(wanted.start, wanted.end)),
    )


def _rows(store: FactStore, table: str) -> list[dict[str, Any]]:
    answer = store.connection.cursor().execute(f"SELECT * FROM {table} ORDER BY {store.tables[table].key}")  # noqa: S608 - names of our own schema
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _moments(results: Sequence[Result], controls: Sequence[Control]) -> dict[tuple[str, str], str]:
    """When an item happened, where the control shows the column that says so."""
    shown = {control.id: control.at for control in controls if control.at in control.because}
    return {
        (result.control, verdict.item): str(at)
        for result in results
        for verdict in result.verdicts
        if (at := verdict.because.get(shown.get(result.control) or ""))
    }


def _populations(wanted: Wanted, store: FactStore, controls: Sequence[Control]) -> tuple[PopulationFrozen, ...]:
    extracts = read_extracts(DuckFacts(store.connection, store.tables))
    told: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(store, "extracts"):
        told.setdefault(row["population"], []).append(_plain(row))
    found = []
    for name in sorted(_tables(controls)):
        table = store.tables[name]
        (count,) = store.connection.execute(f"SELECT count(*) FROM {name}").fetchone() or (0,)  # noqa: S608 - a table of our own schema
        found.append(
            PopulationFrozen(
                table=name,
                doc=table.doc,
                rows=int(count),
                sha256=table_digest(store, name),
                coverage=coverage_of(table.covered_by, (wanted.start, wanted.end), extracts),
                extracts=tuple(row for own in table.covered_by for row in told.get(own, ())),
            )
        )
    return tuple(found)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its moments as text."""
    return {
        name: value.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "strftime") else value
        for name, value in row.items()
    }


def _samples(
    wanted: Wanted, settings: AuditConfig, tested: Sequence[Tested], controls: Sequence[Control]
) -> tuple[Sample, ...]:
    """One sample a control with items; none without a seed, since nobody could have agreed to it."""
    seed = wanted.seed if wanted.seed is not None else settings.seed
    if not seed:
        return ()
    sizes, risk = load_sizes(), wanted.risk or settings.risk
    found = []
    for control, each in zip(controls, tested, strict=True):
        items = each.outcomes.items
        if not items:
            continue
        size, basis = sample_size(len(items), frequency_of(control), risk, sizes)
        sample = draw_sample(
            control.id,
            items,
            each.result.population_digest,
            seed=seed,
            size=size,
            basis=basis,
            void=settings.void.get(control.id),
        )
        pairs = zip(items, each.outcomes.letters.decode(), strict=True)
        found.append(judged(sample, {item for item, letter in pairs if letter != MET}))
    return tuple(found)


def _retired(settings: AuditConfig, known: Sequence[Control]) -> tuple[Retired, ...]:
    titles = {control.id: control.title for control in known}
    return tuple(
        Retired(own, titles[own], aside.reason, aside.by, aside.on)
        for own, aside in sorted(settings.retired.items())
    )


def _gaps(store: FactStore) -> Collection[Gap]:
    return [
        Gap(
            code=row["code"],
            what=row["what"],
            why=row["why"] or "",
            remedy=row["remedy"] or "",
            path=row["place"],
            count=row["item_count"] or 1,
        )
        for row in _rows(store, "gaps")
    ]


def _head(ledger: Ledger, size: int) -> LedgerHead:
    """The ledger as far as the facts were made from it, and its newest checkpoint up to there."""
    signed = latest_checkpoint(ledger)
    text = ""
    witnesses: tuple[str, ...] = ()
    if signed is not None:
        checkpoint = parse_checkpoint(signed)
        text = signed.decode()
        seen = verified_cosignatures(checkpoint.note, trusted_witnesses(ledger.folder))
        witnesses = tuple(f"{one.witness.name} at {moment(one.at).isoformat()}" for one in seen)
    return LedgerHead(ledger.origin, size, ledger.root(size).hex(), text, witnesses)


def checked_categories(categories: Sequence[str]) -> tuple[str, ...]:
    """The categories in scope, in the order of the criteria.

    Raises:
        UsageError: one is none, or Security is missing.
    """
    for name in categories:
        if name not in CATEGORIES:
            close = difflib.get_close_matches(name, CATEGORIES, 1, 0.6)
            fix = f"Did you mean {close[0]!r}?" if close else f"Known are: {', '.join(CATEGORIES)}."
            raise UsageError(f"There is no category {name!r}.", fix=fix)
    if "security" not in categories:
        raise UsageError("Security is missing from the categories.", fix="It is always in scope: add it.")
    return tuple(name for name in CATEGORIES if name in categories)


def window_of(as_of: int | None, start: int | None, end: int | None) -> tuple[int, int]:
    """Both ends of a Type II window, as they were given.

    Raises:
        UsageError: one is missing, they are the wrong way round, or a date was given too.
    """
    if as_of is not None:
        raise UsageError("A Type II audit has no single date.", fix="Give --from and --to, or take --type 1.")
    if start is None or end is None:
        raise UsageError(
            "A Type II audit needs a window.",
            fix="Give --from and --to: the first day, and the day after the last.",
        )
    if start >= end:
        raise UsageError("The window ends before it begins.", fix="--to is the day after the last one.")
    return start, end


def day_of(as_of: int | None, start: int | None, end: int | None) -> tuple[int, int]:
    """Both ends of the day of a Type I audit (UTC), as it was given.

    Raises:
        UsageError: it is missing, or a window was given too.
    """
    if start is not None or end is not None:
        raise UsageError("A Type I audit has no window.", fix="Give --as-of alone, or take --type 2.")
    if as_of is None:
        raise UsageError("A Type I audit needs a date.", fix="Give --as-of.")
    day = as_of - as_of % DAY
    return day, day + DAY
