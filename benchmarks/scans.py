"""Recording 10,000, 50,000 and 100,000 SARIF results, beside `json.loads` of the same bytes in the same run.

python -m benchmarks.scans [RESULTS...]

The report is made here: 200 rules, 500 files, results with snippets, fingerprints and properties of a usual size.
Each step is a process of its own; peaks are its whole memory. Steps: reading each result and giving it its
identity; recording the report into a new ledger; and, into that ledger, one of a later day in which every tenth
result is gone, so that all findings are compared and a tenth of them closed.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record_scan import Asked, record_scan
from asbuilt.app.taking import Taking
from asbuilt.ledger.ledger import create_ledger
from asbuilt.model.scan import ScanResult
from asbuilt.scans.identity import identified
from asbuilt.scans.reading import open_scan
from asbuilt.scans.spooled import Spooled
from asbuilt.scans.stored import Filed

RESULTS = (10_000, 50_000, 100_000)


def make(count: int, *, later: bool = False) -> bytes:
    """A report with so many results; a later one has lost every tenth."""
    rules = [
        {
            "id": f"py/rule-{number}",
            "shortDescription": {"text": f"Rule {number}"},
            "help": {"text": "How to mend it. " * 20},
            "properties": {"tags": ["security", f"external/cwe/cwe-{number:03}"], "security-severity": "5.5"},
        }
        for number in range(200)
    ]
    results = [
        {
            "ruleId": f"py/rule-{number % 200}",
            "ruleIndex": number % 200,
            "level": "warning",
            "message": {"text": f"A value of the request reaches call number {number}. " * 2},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": f"src/part{number % 500}/module.py", "index": number % 500},
                        "region": {
                            "startLine": number + 1,
                            "startColumn": 5,
                            "endColumn": 60,
                            "snippet": {
                                "text": f"    result = call_{number}(request.args['name'], limit={number})"
                            },
                        },
                    }
                }
            ],
            "partialFingerprints": {"primaryLocationLineHash": f"{number:016x}:1"},
            "properties": {"precision": "high", "tags": ["a", "b"]},
        }
        for number in range(count)
        if not later or number % 10
    ]
    artifacts = [{"location": {"uri": f"src/part{number}/module.py"}} for number in range(500)]
    run = {
        "tool": {"driver": {"name": "CodeQL", "version": "2.1", "rules": rules}},
        "artifacts": artifacts,
        "invocations": [{"executionSuccessful": True, "endTimeUtc": f"2026-01-0{2 if later else 1}T00:00:00Z"}],
        "results": results,
    }
    return json.dumps({"version": "2.1.0", "runs": [run]}).encode()


def step(kind: str, file: Path) -> None:
    """One step in this process: seconds of wall and processor, peak memory before and after."""
    if kind.isdigit():  # a process that held the report would hand its peak down to the others
        file.write_bytes(make(int(kind)))
        file.with_suffix(".later").write_bytes(make(int(kind), later=True))
        create_ledger(file.with_suffix(".ledger"), origin="example.com/benchmark", now=0).close()
        return
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, cpu = time.perf_counter(), time.process_time()
    if kind == "json":
        json.loads(file.read_bytes())
    elif kind == "read":
        with file.open("rb") as opened:
            scan = open_scan(Filed(opened), file.name, salt=b"benchmark", gather=_spool)
            assert sum(1 for run in scan.runs() for _ in identified(run.results))
    else:
        report, ledger = file.with_suffix(".later") if kind == "again" else file, file.with_suffix(".ledger")
        done = record_scan([str(report)], Asked("acme/shop", "a" * 40), Origin(), Taking(ledger), ledger)
        assert done.recorded.new >= done.recorded.rows["findings_seen"]
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{wall} {cpu} {before / 1024} {peak / 1024}")


def _spool(results: Iterator[ScanResult]) -> Spooled[ScanResult]:
    return Spooled(results, ScanResult)


def measure(kind: str, file: Path) -> tuple[float, float]:
    """Processor seconds of a step, and its peak in MB."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.scans", f"--{kind}", str(file)],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    wall, cpu, before, peak = map(float, told.split())
    print(f"  {kind:6} {wall:6.2f} s, {cpu:6.2f} s of processor, peak {before:,.0f} -> {peak:,.0f} MB")
    return cpu, peak


def main(words: list[str]) -> None:
    """All steps for each size, and by how much the peak grows with each further result."""
    if words and words[0].startswith("--"):
        step(words[0].removeprefix("--"), Path(words[1]))
        return
    peaks: dict[str, list[tuple[int, float]]] = {}
    for count in map(int, words or RESULTS):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "report.sarif")
            subprocess.run([sys.executable, "-m", "benchmarks.scans", f"--{count}", str(file)], check=True)
            print(f"{count:,} results, {file.stat().st_size / 1e6:,.1f} MB")
            for kind in ("json", "read", "record", "again"):
                peaks.setdefault(kind, []).append((count, measure(kind, file)[1]))
    for kind, told in peaks.items():
        if len(told) > 1:
            (few, low), (many, high) = told[0], told[-1]
            print(f"{kind:6} {(high - low) * 2**20 / (many - few):8,.0f} bytes of peak for each further result")


if __name__ == "__main__":
    main(sys.argv[1:])
