"""What it costs to make facts from a ledger: a cold projection, ten new records, memory.

A stream of entries as the ledger holds them is made once into a temporary folder: changes, three times as many
reviews and checks, and of each change what a forge tells besides: its request, the request's commit, the push that
landed it, and the proof of git that what was approved is what landed (``--plain``: none of these four). Each step
runs in a process of its own. The baseline reads the very same payloads with DuckDB's own JSON reader into tables of
the same columns: no digest, no check of types, no newest record, nothing derived.

    python benchmarks/facts.py [--scale 1.0] [--folder FOLDER] [--plain]

At scale 1.0: 1,000,000 changes, 3,000,000 reviews and checks, 4,000,000 rows of the forge's. Three groups of ten
come after, one by one, each a change with all that is told of it, and extracts that reach a day further.

The limit for ten records is for bringing them into the facts of a store that is open. The start of Python with its
imports (some 0.3 s of the processor, printed apart) and the opening and closing of the file are not counted; the
table at the end has the whole process.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from asbuilt.facts.payloads import DUCKDB_TYPES
from asbuilt.facts.schemas import TABLES
from asbuilt.facts.store import open_facts, project
from asbuilt.model.record import Record, encode_entry

CHANGES = 1_000_000
COLD_LIMIT, TEN_LIMIT, MEMORY_LIMIT = 90.0, 1.0, 1.5  # seconds, seconds, GB
START = 1_767_225_600  # 2026-01-01
YEAR = 365 * 86_400
TOLD = ("changes_seen", "reviews", "checks")
FORGE = ("requests", "request_commits", "coverings", "pushes")
TEN, GROUPS = "ten", 3


def written(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def entry(table: str, event: str, occurred: int, observed: int, row: dict[str, Any]) -> bytes:
    payload = json.dumps(row, sort_keys=True, separators=(",", ":")).encode()
    return encode_entry(
        Record("github", event, f"fact/{table}", payload, observed, observed + 5, "collector", "api", occurred)
    )


def people() -> Iterator[bytes]:
    for number in range(200):
        row = {
            "person": f"p{number}",
            "name": f"Person {number}",
            "starts_at": written(START - YEAR),
            "identities": [f"Login{number}", f"person{number}@example.com"],
        }
        yield entry("people", f"p{number}", START - YEAR, START, row)


def extracts(first: int, last: int, tables: Iterable[str] = TOLD) -> Iterator[bytes]:
    for table in tables:
        row = {
            "extract": f"{table} {last}",
            "population": table,
            "source": "forge",
            "covers_from": written(first),
            "covers_until": written(last),
            "truncated": False,
            "row_count": 1,
        }
        yield entry("extracts", f"{table} {last}", last, last, row)


def change(number: int, changes: int) -> Iterator[bytes]:
    """One change, with three reviews and checks of it: approvals, tests, static analysis."""
    landed = START + number * YEAR // changes
    repository = f"example/service-{number % 20}"
    own, head = (sha256(b"%s %d" % (what, number)).hexdigest()[:40] for what in (b"c", b"h"))
    author = number % 200
    reviewer = (author + 1 + number % 3) % 200 if number % 50 else author
    seen = {
        "change_id": own,
        "repository": repository,
        "landed_at": written(landed),
        "landing": "squash",
        "subject": f"Make the service {number} do what was asked for in the ticket (#{number})",
        "author": f"Person {author} <person{author}@example.com>",
        "participants": [f"person{author}@example.com", f"login{author}"],
        "attribution": ("unknown", "ai-declared", "human-tracked", "ai-tracked")[number % 4],
        "number": number,
        "head_commit": head,
        "merged_by": f"login{reviewer}",
        "came_by_pull_request": True,
        "bypassed_rules": False,
        "request_mentions": 1,
        "request_opened_at": written(landed - 90_000),
        "required_checks": ["tests", "lint"] if number % 2 else None,
    }
    told = {key: value for key, value in seen.items() if value is not None}
    yield entry("changes_seen", f"{repository} | {own}", landed, landed + 60, told)
    for nth in range(1 + number % 2):
        row = {
            "review_id": f"R{number}-{nth}",
            "repository": repository,
            "number": number,
            "commit": head,
            "reviewer": f"login{reviewer}",
            "is_bot": False,
            "state": "approved" if number % 100 else "commented",
            "submitted_at": written(landed - 600 + nth),
        }
        yield entry("reviews", f"{repository} | R{number}-{nth}", landed - 600, landed + 60, row)
    for nth, (name, kind) in enumerate((("tests", "tests"), ("lint", "static-analysis"))[: 2 - number % 2]):
        row = {
            "check_id": f"K{number}-{nth}",
            "repository": repository,
            "commit": head,
            "name": name,
            "kind": kind,
            "conclusion": "success" if number % 40 else "failure",
            "completed_at": written(landed - 300),
        }
        yield entry("checks", f"{repository} | K{number}-{nth}", landed - 300, landed + 60, row)


def forge(number: int, changes: int) -> Iterator[bytes]:
    """What a forge tells of one change besides: its request, one commit of it, the push, the proof."""
    landed = START + number * YEAR // changes
    repository = f"example/service-{number % 20}"
    own, head, before, tree = (
        sha256(b"%s %d" % (what, number)).hexdigest()[:40] for what in (b"c", b"h", b"b", b"t")
    )
    author = number % 200
    request = {
        "repository": repository,
        "number": number,
        "opened_at": written(landed - 86_400),
        "title": f"Make the service {number} do what was asked for",
        "author": f"login{author}",
        "author_kind": "user",
        "base_branch": "main",
        "head_commit": head,
        "state": "merged",
        "merged_at": written(landed),
        "merged_by": f"login{(author + 1) % 200}",
        "merge_commit": own,
        "labels": [],
        "added_lines": number % 700,
        "removed_lines": number % 90,
        "comment_count": number % 3,
        "linked_issues": ["#1"],
        "is_complete": True,
    }
    yield entry("requests", f"{repository} | {number}", landed - 86_400, landed + 60, request)
    commit = {
        "repository": repository,
        "number": number,
        "commit": head,
        "author": f"Person {author} <person{author}@example.com>",
        "author_login": f"login{author}",
        "committer": f"Person {author} <person{author}@example.com>",
        "committer_login": f"login{author}",
        "co_authors": [],
        "agents": [],
        "committed_at": written(landed - 90_000),
        "tree": tree,
        "parents": [before],
    }
    yield entry("request_commits", f"{repository} | {number} | {head}", landed - 90_000, landed + 60, commit)
    covering = {"repository": repository, "commit": head, "change_id": own, "covers": True, "how": "same tree"}
    yield entry("coverings", f"{repository} | {head} | {own}", landed, landed + 60, covering)
    push = {
        "repository": repository,
        "push_id": f"P{number}",
        "branch": "main",
        "pushed_at": written(landed),
        "kind": "merge",
        "actor": f"login{author}",
        "actor_kind": "user",
        "before_commit": before,
        "after_commit": own,
    }
    yield entry("pushes", f"{repository} | P{number}", landed, landed + 60, push)


def framed(entries: Iterator[bytes], file: Path) -> int:
    count = 0
    with file.open("wb") as out:
        for one in entries:
            out.write(len(one).to_bytes(4, "big") + one)
            count += 1
    return count


def read(file: Path) -> Iterator[bytes]:
    with file.open("rb", buffering=1 << 20) as source:
        while head := source.read(4):
            yield source.read(int.from_bytes(head, "big"))


def make(folder: Path, changes: int, *, is_plain: bool) -> None:
    def everything() -> Iterator[bytes]:
        yield from people()
        for number in range(changes):
            yield from change(number, changes)
            if not is_plain:
                yield from forge(number, changes)
        yield from extracts(START, START + YEAR, TOLD if is_plain else (*TOLD, *FORGE))

    def ten(group: int) -> Iterator[bytes]:
        until = START + YEAR + (group + 1) * 86_400
        if is_plain:
            yield from change(changes + 2 * group, changes)
            yield from list(change(changes + 2 * group + 1, changes))[:3]
            yield from extracts(START, until)
        else:
            yield from list(change(changes + group, changes))[:3]
            yield from forge(changes + group, changes)
            yield from extracts(START, until, ("reviews", "checks", "requests"))

    framed(everything(), folder / "all")
    for group in range(GROUPS):
        assert framed(ten(group), folder / f"{TEN}{group}") == 10
    files = {table: (folder / f"{table}.jsonl").open("wb") for table in (TOLD if is_plain else (*TOLD, *FORGE))}
    for one in read(folder / "all"):
        header, _, payload = one.partition(b"\n")
        table = json.loads(header)["kind"].removeprefix("fact/")
        if table in files:
            files[table].write(payload + b"\n")
    for file in files.values():
        file.close()


def baseline(folder: Path) -> float:
    began = time.perf_counter()
    connection = duckdb.connect(str(folder / "baseline.duckdb"))
    for table in (own for own in (*TOLD, *FORGE) if (folder / f"{own}.jsonl").exists()):
        columns = {column.name: DUCKDB_TYPES[column.type] for column in TABLES[table].told}
        connection.execute(
            f"CREATE TABLE {table} AS"
            f" SELECT * FROM read_json(?, format = 'newline_delimited', columns = {columns})",
            [str(folder / f"{table}.jsonl")],
        )
    connection.close()
    return time.perf_counter() - began


def cold(folder: Path) -> float:
    with open_facts(folder / "store" / "facts.duckdb", origin="benchmark") as store:
        began = time.perf_counter()
        reached: dict[str, float] = {}

        def hear(stage: str, done: int, total: int | None) -> None:
            reached[stage] = time.perf_counter() - began
            if "-v" in sys.argv:
                print(f"  {stage} {done}/{total} {reached[stage]:.1f} s", file=sys.stderr)

        found = project(store, read(folder / "all"), start=0, on=hear)
        took = time.perf_counter() - began
        rows = store.connection.execute(
            "SELECT count(*), count(*) FILTER (independent_human_approvals > 0), count(*) FILTER (checks_succeeded)"
            " FROM changes"
        ).fetchone()
        assert not found.refused
        print(f"  tables filled after {reached['project']:.1f} s; changes, approved, checked: {rows}")
    return took


def ten_more(folder: Path, group: int) -> float:
    print(f"  Python started and everything imported: {time.process_time():.2f} s of the processor")
    with open_facts(folder / "store" / "facts.duckdb", origin="benchmark") as store:

        def hear(stage: str, done: int, total: int | None) -> None:
            if "-v" in sys.argv:
                print(f"  {stage} {done}/{total} {time.perf_counter() - began:.2f} s", file=sys.stderr)

        assert store.size, "the store was made by other SQL or other schemas: run it all again"
        began, cpu = time.perf_counter(), time.process_time()
        project(store, list(read(folder / f"{TEN}{group}")), start=store.size, on=hear)
        took, worked = time.perf_counter() - began, time.process_time() - cpu
        print(f"  ten records projected in {took:.2f} s, {worked:.2f} s of the processor")
    return took


STEPS: Mapping[str, Callable[[Path], float]] = {"baseline": baseline, "cold": cold} | {
    f"{TEN}{group}": partial(ten_more, group=group) for group in range(GROUPS)
}


def measured(step: str, folder: Path) -> tuple[float, float, float, float]:
    """Seconds, CPU seconds and peak memory in GB of one step in a process of its own; the seconds that count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    verbose = ["-v"] if "-v" in sys.argv else []
    said = subprocess.run(
        [sys.executable, __file__, "--step", step, "--folder", str(folder), *verbose],
        check=True,
        stdout=subprocess.PIPE,
    ).stdout.decode()
    spent = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    *lines, figures = said.strip().split("\n")
    print("\n".join(lines))
    peak, counted = figures.split()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, cpu, int(peak) / 1e6, float(counted)


def main() -> int:
    """Run every step and print the table; 1 when a limit is passed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step", choices=STEPS)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("-v", action="store_true")
    said = parser.parse_args()
    if said.step:
        counted = STEPS[said.step](said.folder)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, counted)
        return 0
    changes = int(CHANGES * said.scale)
    with tempfile.TemporaryDirectory() as temporary:
        folder = said.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for old in (*folder.glob("*.duckdb"), *folder.glob("store/*")):
            old.unlink()
        if not (folder / "all").exists():
            began = time.perf_counter()
            make(folder, changes, is_plain=said.plain)
            print(f"stream made in {time.perf_counter() - began:.0f} s")
        found = {step: measured(step, folder) for step in STEPS}
        size = (folder / "store" / "facts.duckdb").stat().st_size / 1e9
    print(f"{'':10} {'seconds':>8} {'CPU s':>8} {'peak GB':>8}")
    for step, (spent, cpu, peak, _) in found.items():
        print(f"{step:10} {spent:8.2f} {cpu:8.2f} {peak:8.2f}")
    print(f"cold / baseline: {found['cold'][1] / found['baseline'][1]:.1f} in CPU time; file {size:.2f} GB")
    limits = (COLD_LIMIT * said.scale, TEN_LIMIT)
    over = found["cold"][3] > limits[0] or found["cold"][2] > MEMORY_LIMIT
    over = over or any(found[f"{TEN}{group}"][3] > limits[1] for group in range(GROUPS))
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
