"""Reading 10,000 SARIF results and giving each its identity, beside `json.loads` of the same bytes in the same run.

python -m benchmarks.scans [RESULTS]

The report is made here: 200 rules, 500 files, results with snippets, fingerprints and properties of a usual size.
Each step is a process of its own; peaks are its whole memory, with the bytes of the report in it. The last step
records the report into a new ledger.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record_scan import Asked, record_scan
from asbuilt.app.taking import Taking
from asbuilt.ledger.ledger import create_ledger
from asbuilt.scans.identity import identities
from asbuilt.scans.reading import read_scan

RESULTS = 10_000


def make(count: int) -> bytes:
    """A report with so many results."""
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
    ]
    artifacts = [{"location": {"uri": f"src/part{number}/module.py"}} for number in range(500)]
    run = {
        "tool": {"driver": {"name": "CodeQL", "version": "2.1", "rules": rules}},
        "artifacts": artifacts,
        "invocations": [{"executionSuccessful": True}],
        "results": results,
    }
    return json.dumps({"version": "2.1.0", "runs": [run]}).encode()


def step(kind: str, file: Path) -> None:
    """One step in this process: seconds of wall and processor, peak memory before and after."""
    if kind.isdigit():  # a process that held the report would hand its peak down to the others
        file.write_bytes(make(int(kind)))
        return
    data = file.read_bytes()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, cpu = time.perf_counter(), time.process_time()
    if kind == "json":
        json.loads(data)
    elif kind == "read":
        for run in read_scan(data, "report.sarif", salt=b"benchmark").runs:
            assert len(set(identities(run.results))) == len(run.results)
    else:
        with tempfile.TemporaryDirectory() as place:
            ledger = Path(place, "ledger")
            create_ledger(ledger, origin="example.com/benchmark", now=0).close()
            record_scan([str(file)], Asked("acme/shop", "a" * 40), Origin(), Taking(ledger), ledger)
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{wall} {cpu} {before / 1024} {peak / 1024}")


def measure(kind: str, file: Path) -> tuple[float, float]:
    """Processor seconds of a step, and by how many MB it raised the peak."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.scans", f"--{kind}", str(file)],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    wall, cpu, before, peak = map(float, told.split())
    print(f"  {kind:6} {wall:6.2f} s, {cpu:6.2f} s of processor, peak {before:,.0f} -> {peak:,.0f} MB")
    return cpu, peak - before


def main(words: list[str]) -> None:
    """All steps for the report, and for one ten times as large."""
    if words and words[0].startswith("--"):
        step(words[0].removeprefix("--"), Path(words[1]))
        return
    count = int(words[0]) if words else RESULTS
    with tempfile.TemporaryDirectory() as folder:
        for results in (count, 10 * count):
            file = Path(folder, "report.sarif")
            subprocess.run([sys.executable, "-m", "benchmarks.scans", f"--{results}", str(file)], check=True)
            print(f"{results:,} results, {file.stat().st_size / 1e6:,.1f} MB")
            alone, heap = measure("json", file)
            ours, own = measure("read", file)
            print(f"  ours / json.loads: {ours / alone:.1f} of processor, {own / max(heap, 0.1):.2f} of memory")
            if results == count:
                measure("record", file)


if __name__ == "__main__":
    main(sys.argv[1:])
