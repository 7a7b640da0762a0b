"""Writing the auditor's package: everything about one audit, and what proves that it was not edited afterwards.

1. Seal the ledger as far as the facts were made from it.
2. Write the reports, the lists, the drafts.
3. Write every population whole, how each was extracted, and the verdict of every item.
4. Write a page for each drawn item and each deviation, with the raw records that they cite and their proofs.
5. Write what verifies it: leaf hashes, checkpoint, key, script; last the manifest, and its signature.

The same audit of the same ledger gives the same bytes.
"""

import base64
import hashlib
import importlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib.resources import files
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final

import msgspec

from asbuilt.app.audit import AuditRun
from asbuilt.app.exhibits import Look, changes_around, exhibits_of
from asbuilt.engine.outcomes import line_of
from asbuilt.facts.store import table_csv
from asbuilt.ledger.checkpoints import latest_checkpoint, parse_checkpoint, sign_checkpoint
from asbuilt.ledger.keys import load_key
from asbuilt.ledger.ledger import Ledger
from asbuilt.ledger.merkle import Frontier, inclusion_path, leaf_hash
from asbuilt.ledger.notes import sign_note
from asbuilt.ledger.rotation import published_key
from asbuilt.model.audit import Audit
from asbuilt.model.commit import moment
from asbuilt.model.errors import LedgerError, SourceError, UsageError
from asbuilt.model.progress import Listener, silent
from asbuilt.model.record import ATTACHED, decode_entry
from asbuilt.reports.audit_html import render_audit_html
from asbuilt.reports.audit_oscal import audit_oscal
from asbuilt.reports.audit_xlsx import audit_xlsx
from asbuilt.reports.json import audit_json
from asbuilt.reports.package.annex import NAME as ANNEX
from asbuilt.reports.package.annex import annex_of
from asbuilt.reports.package.drafts import TABLES, drafts_of
from asbuilt.reports.package.evidence import Exhibit, evidence_page
from asbuilt.reports.package.lists import completeness_of, lists_of
from asbuilt.reports.package.pages import calendar_page, change_page, index_page
from asbuilt.reports.package.requests import NAME as REQUESTS
from asbuilt.reports.package.requests import requests_of
from asbuilt.reports.package.zipped import PackageWriter

FORM: Final = "asbuilt.package/v1"
_COLLECTED: Final = "asbuilt "  # how the name of a collector of ours begins
_PAGE: Final = "page "  # and how a row says that it was read from one (``app.sync_writing``)
_LARGEST_TREE: Final = 1_000_000  # entries of which every node is held at once: some 150 MB
_MOST_LEAVES: Final = 2_000_000  # a list of more leaf hashes would be larger than all the rest


class Unbrought(msgspec.Struct, frozen=True):
    """The file of an extract that is not in the package, and why."""

    extract: str
    population: str
    sha256: str
    why: str


class Written(msgspec.Struct, frozen=True):
    """A package that was written: its manifest, and the files that could not be brought."""

    manifest: bytes
    unbrought: tuple[Unbrought, ...]


def write_package(run: AuditRun, path: Path, *, named: Path | None = None, on: Listener = silent) -> Written:
    """Write the package of an audit to a file.

    ``named`` is the file's name for people, where ``path`` stands for it until it is whole. Files of extracts that
    the ledger's folder lacks are named in the manifest, on the first page, and in what is given back.

    Raises:
        LedgerError: the ledger does not hold what the facts were made from.
        UsageError: the signing key is not here and no checkpoint covers the facts.
        SourceError: the file cannot be written.
    """
    # (1) Seal.
    checkpoint = _sealed(run.ledger, run.store.size)
    head = run.audit.ledger
    audit = run.audit
    if head is not None:
        audit = msgspec.structs.replace(audit, ledger=msgspec.structs.replace(head, checkpoint=checkpoint.decode()))
    look = Look(run.store)
    try:
        with PackageWriter(path) as package:
            # (2) Reports.
            on("Writing reports", 0, None)
            _write_reports(package, audit, look)
            # (3) Populations.
            on("Writing populations", 0, None)
            _write_populations(package, run, audit)
            # (4) Evidence.
            on("Writing evidence", 0, None)
            leaves = _leaf_hashes(run)
            exhibits = _write_evidence(package, run, audit, look, leaves)
            unbrought = _write_files(package, run, look)
            # (5) What verifies it.
            _write_proof(package, run, checkpoint, leaves)
            missing = [(each.extract, each.population, each.sha256) for each in unbrought]
            package.add("index.html", index_page(audit, package.digests, exhibits, missing))
            about = {
                "form": FORM,
                "version": audit.version,
                "origin": run.ledger.origin,
                "size": run.store.size,
                "root": run.ledger.root(run.store.size).hex(),
                "window": [audit.window.start, audit.window.end],
                "type": audit.type,
                "unbrought": unbrought,
            }
            return Written(package.finish(about, _signer(run.ledger)), unbrought)
    except OSError as error:
        raise SourceError(
            f"The package cannot be written to {named or path}.",
            why=f"{error.strerror or error}.",
            fix="Make the folder or room in it, or name a file in another.",
        ) from error


def _sealed(ledger: Ledger, size: int) -> bytes:
    """The newest checkpoint if it seals exactly the entries that the facts come from, else a new one."""
    newest = latest_checkpoint(ledger)
    if newest is not None and parse_checkpoint(newest).size == size:
        return newest
    made = sign_checkpoint(ledger, 0)
    if parse_checkpoint(made).size != size:
        raise UsageError(
            "Records came in while the audit was made.", fix="Run it again: the package and the facts must agree."
        )
    return made


def _signer(ledger: Ledger) -> Any:
    """Signs a manifest with the ledger's key; None where the key is not here."""
    try:
        key = load_key(ledger.folder)
    except UsageError:
        return None

    def sign(manifest: bytes) -> bytes:
        digest = base64.b64encode(hashlib.sha256(manifest).digest()).decode()
        return sign_note(f"{FORM}\n{ledger.origin}\nmanifest.json\n{digest}\n", key)

    return sign


def _write_reports(package: PackageWriter, audit: Audit, look: Look) -> None:
    package.add("audit.html", render_audit_html(audit).encode("utf-8", "backslashreplace"))
    package.add("audit.json", audit_json(audit))
    package.add("audit.xlsx", audit_xlsx(audit))
    package.add("oscal-assessment-results.json", audit_oscal(audit))
    with suppress(ImportError):  # without the extra [pdf] there is none; the other reports say the same
        package.add("audit.pdf", importlib.import_module("asbuilt.reports.audit_pdf").audit_pdf(audit))
    facts = {name: look.rows(name) for name in TABLES}
    for name, content in (*lists_of(audit), completeness_of(_tied(audit, look)), *drafts_of(audit, facts)):
        package.add(name, content)
    package.add(ANNEX, annex_of(audit, facts))
    package.add(REQUESTS, requests_of(audit))
    package.add("in-force.html", calendar_page(audit))


def _tied(audit: Audit, look: Look) -> list[dict[str, Any]]:
    """What ties changes to requests, pushes and deployments in the window, or does not."""
    within = "coalesce(own.ties_at, own.happened_at) >= $start AND coalesce(own.ties_at, own.happened_at) < $end"
    start, end = audit.window.start or 0, audit.window.end or audit.as_of
    window = {"start": moment(start).replace(tzinfo=None), "end": moment(end).replace(tzinfo=None)}
    return look.rows("change_reconciliation", within, window)


def _write_populations(package: PackageWriter, run: AuditRun, audit: Audit) -> None:
    for population in audit.populations:
        name = f"populations/{population.table}.csv"
        package.add(name, table_csv(run.store, population.table))
        if package.digests[name] != population.sha256:
            raise LedgerError(
                f"The population {population.table} changed while it was written.", fix="Run the audit again."
            )
        manifest = {
            "population": population.table,
            "what": population.doc,
            "rows": population.rows,
            "sha256": population.sha256,
            "coverage": population.coverage,
            "extracts": population.extracts,
        }
        encoded = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
        package.add(f"manifests/{population.table}.json", encoded + b"\n")
    for tested in run.tested:
        outcomes = tested.outcomes
        rows = zip(outcomes.letters.decode(), outcomes.items, outcomes.attributions, strict=True)
        lines = (f"{letter}\t{line_of(item, kind)}".encode() for letter, item, kind in rows)
        package.add(f"verdicts/{tested.result.control}.txt", b"".join(lines))


def _write_evidence(
    package: PackageWriter, run: AuditRun, audit: Audit, look: Look, leaves: list[bytes] | None
) -> list[Exhibit]:
    results = {tested.result.control: tested.result for tested in run.tested}
    exhibits = list(exhibits_of(run, look))
    cited: dict[str, int] = {}
    for exhibit in exhibits:
        package.add(exhibit.name, evidence_page(audit, results[exhibit.control], exhibit))
        cited |= exhibit.records
    change = _change_to_follow(exhibits, look)
    if change is not None:
        page, records = _one_change(audit, change, look)
        package.add("one-change.html", page)
        cited |= records
    for table in ("extracts", "waivers", "deviation_notes", "gaps"):
        cited |= look.positions([str(row["record"]) for row in look.rows(table)])
    cited |= _pages_behind(package, run, cited, leaves)
    package.add("records.jsonl", _records(run, cited, _proofs(run, leaves)))
    return exhibits


def _pages_behind(
    package: PackageWriter, run: AuditRun, cited: dict[str, int], leaves: list[bytes] | None
) -> dict[str, int]:
    """The pages of a forge from which cited rows were read, as they came; large ones under their digests."""
    rows = (decode_entry(run.ledger.entry(index)) for index in cited.values())
    wanted = {row.how.removeprefix(_PAGE) for row in rows if row.how.startswith(_PAGE)}
    if leaves is None:
        places = {leaf: found[0] for leaf in wanted if (found := run.ledger.find_hash(leaf))}
    else:
        sought = {bytes.fromhex(leaf) for leaf in wanted}
        places = {leaf.hex(): index for index, leaf in enumerate(leaves) if leaf in sought}
    for index in sorted(places.values()):
        page = decode_entry(run.ledger.entry(index))
        if page.media == ATTACHED:
            digest = msgspec.json.decode(page.payload, type=dict[str, Any])["sha256"]
            package.add(f"attachments/{digest}", run.ledger.attachment(digest))
    return places


def _write_files(package: PackageWriter, run: AuditRun, look: Look) -> tuple[Unbrought, ...]:
    """The file of every extract, under its digest; gives those that could not be brought."""
    unbrought: list[Unbrought] = []
    # A collector's own digest is over the rows or the pages that it made them from: there never was a file.
    extracts = [
        row
        for row in look.rows("extracts")
        if row.get("sha256") and not str(row.get("taken_by") or "").startswith(_COLLECTED)
    ]
    for digest, rows in groupby(
        sorted(extracts, key=lambda row: str(row["sha256"])), lambda row: str(row["sha256"])
    ):
        try:
            package.add(f"attachments/{digest}", run.ledger.attachment(digest))
        except (UsageError, SourceError) as error:
            # Often only the digest was recorded; a file that was given and lost is what verifying the ledger tells.
            why = f"{error.what} {error.why or error.fix}"
            unbrought += [Unbrought(str(row["extract"]), str(row["population"]), digest, why) for row in rows]
    return tuple(unbrought)


def _change_to_follow(exhibits: Iterable[Exhibit], look: Look) -> dict[str, Any] | None:
    """The change to show from end to end: a drawn one that reached production, else the newest there is."""
    for exhibit in exhibits:
        if exhibit.row and exhibit.row.get("deployed_at") and "change_id" in exhibit.row:
            return dict(exhibit.row)
    deployed = look.rows("changes", "deployed_at = (SELECT max(deployed_at) FROM changes)")
    newest = deployed or look.rows("changes", "landed_at = (SELECT max(landed_at) FROM changes)")
    return newest[0] if newest else None


def _one_change(audit: Audit, change: dict[str, Any], look: Look) -> tuple[bytes, dict[str, int]]:
    own = str(change["change_id"])
    around = changes_around([own], look)[own]
    steps = (
        ("The change, as it was judged", [change]),
        ("Author, tools: as git tells it", around["changes_seen"]),
        ("Request, as the forge tells it", around["requests"]),
        ("Commits of the request", around["request_commits"]),
        ("What happened to the request", around["request_events"]),
        ("Review", around["reviews"]),
        ("What was approved against what landed, as git compares it", around["coverings"]),
        ("Checks on the commit that was merged", around["checks"]),
        ("Deployment", around["deployments"]),
    )
    leaves = [str(row["record"]) for _, rows in steps for row in rows if row.get("record")]
    return change_page(audit, own, steps), look.positions(leaves)


def _leaf_hashes(run: AuditRun) -> list[bytes] | None:
    """The leaf hash of every entry, if they are not too many to be held at once; they lead to the ledger's root."""
    size = run.store.size
    if size > _LARGEST_TREE:
        return None
    leaves = [leaf_hash(entry) for entry in run.ledger.entries(0, size)]
    tree = Frontier()
    tree.extend(leaves)
    if tree.root() != run.ledger.root(size):
        raise LedgerError(
            "The entries of the ledger do not lead to its root.",
            fix="Stop writing; `asbuilt ledger verify` names what differs.",
        )
    return leaves


def _proofs(run: AuditRun, leaves: list[bytes] | None) -> Callable[[int], list[bytes]]:
    """Makes the proof of an entry: from the whole tree, made once, or where that is too large from the ledger."""
    size = run.store.size
    if leaves is None:
        return lambda index: run.ledger.inclusion_proof(index, size)
    levels = Frontier().extend(leaves)
    return lambda index: inclusion_path(index, size, lambda level, place: levels[level][place])


def _records(run: AuditRun, cited: dict[str, int], proof: Callable[[int], list[bytes]]) -> Iterator[bytes]:
    """One line for each cited record: its index, its bytes, and the path from its leaf to the root."""
    for leaf, index in sorted(cited.items(), key=lambda each: each[1]):
        entry = run.ledger.entry(index)
        if leaf_hash(entry).hex() != leaf:
            raise LedgerError(
                f"Entry {index} is not the record that the facts were made from.",
                fix="Stop writing; `asbuilt ledger verify` names what differs.",
            )
        line = {
            "index": index,
            "entry": base64.b64encode(entry).decode(),
            "proof": [base64.b64encode(own).decode() for own in proof(index)],
        }
        yield msgspec.json.encode(line) + b"\n"


def _write_proof(package: PackageWriter, run: AuditRun, checkpoint: bytes, leaves: list[bytes] | None) -> None:
    if run.store.size <= _MOST_LEAVES:
        package.add("leaves.txt", _lines_of(_hashes(run) if leaves is None else leaves))
    package.add("checkpoint.txt", checkpoint)
    package.add("key.vkey", published_key(run.ledger.folder).text.encode() + b"\n")
    package.add("verify.py", files("asbuilt.reports.package").joinpath("verify.py").read_bytes())


def _hashes(run: AuditRun) -> Iterator[bytes]:
    return (leaf_hash(entry) for entry in run.ledger.entries(0, run.store.size))


def _lines_of(leaves: Iterable[bytes]) -> Iterator[bytes]:
    """One line each, in hex, many at once."""
    found = iter(leaves)
    while some := list(islice(found, 10_000)):
        yield "".join([f"{leaf.hex()}\n" for leaf in some]).encode()
