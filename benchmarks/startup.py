"""What starting costs: CPU milliseconds (user + system) of ``asbuilt --help`` and of ``import asbuilt``.

Compared in the same run with an empty Python and with Python plus click, byte-compiled, best and median of many:

    python benchmarks/startup.py [RUNS]
"""

import os
import resource
import statistics
import subprocess
import sys

LIMIT = 80.0  # CPU-ms that --help may cost

CASES = {
    "python -c pass": ["-c", "pass"],
    "python -c 'import click'": ["-c", "import click"],
    "python -c 'import asbuilt'": ["-c", "import asbuilt"],
    "asbuilt --help": ["-m", "asbuilt", "--help"],
    "asbuilt inspect --help": ["-m", "asbuilt", "inspect", "--help"],
    "asbuilt --version": ["-m", "asbuilt", "--version"],
}


def cpu_ms(words: list[str]) -> float:
    """User plus system time of one process and its children, in milliseconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *words], stdout=subprocess.DEVNULL, check=True, env=os.environ | {"COLUMNS": "80"}
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def main(runs: int = 20) -> int:
    """Print the table; 1 when help costs too much."""
    costs: dict[str, list[float]] = {name: [] for name in CASES}
    for name, words in CASES.items():
        cpu_ms(words)  # byte-compile, warm the file cache
        costs[name] = []
    for _ in range(runs):  # interleaved, so that a busy moment hits all alike
        for name, words in CASES.items():
            costs[name].append(cpu_ms(words))
    empty = statistics.median(costs["python -c pass"])
    print(f"{'CPU-ms':30} {'best':>7} {'median':>7} {'over empty':>11}")
    for name, found in costs.items():
        median = statistics.median(found)
        print(f"{name:30} {min(found):7.1f} {median:7.1f} {median - empty:+11.1f}")
    spent = statistics.median(costs["asbuilt --help"])
    print(f"--help: {spent:.1f} of at most {LIMIT:.0f} CPU-ms")
    return int(spent > LIMIT)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
