"""What a gate costs on a change of 30 files: wall time, and CPU (user + system) of the process and its children.

Questions, warm, interleaved, best and median of several: on commits alone; with a request that tells reviews and
checks (facts of the change are derived); with a ledger that was just synced; of what is staged; of a change that
also brings in packages, with stores of advisories and registry facts; and of one that changes as much real code.
Compared in the same run with an empty Python, and with `git log -1`:

    python benchmarks/gate.py [RUNS]
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from asbuilt.app.advisories import import_advisories
from asbuilt.app.ledger import init
from asbuilt.ledger.ledger import open_ledger
from asbuilt.model.commit import moment
from asbuilt.model.record import FACT, Record
from asbuilt.model.registry_facts import PackageFacts
from asbuilt.supply.registry.store import keep_facts

LIMIT_WALL = 1500.0  # ms, with a request or a ledger
LIMIT_CPU = 300.0  # CPU-ms, on commits alone
FILES, COMMITS, HISTORY = 30, 5, 400
PACKAGES, NEW, ADVISORIES = 900, 12, 20_000
NOW = 1_700_000_000
REPOSITORY = "acme/harbor"
ASBUILT = [
    sys.executable,
    "-m",
    "asbuilt",
    "gate",
    "--base",
    "main",
    "--head",
    "topic",
    "--as-of",
    "2023-11-14T22:13:20Z",
]


def text(seconds: int) -> str:
    """A moment as a forge writes it."""
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


class Measured:
    """The times of one question."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def run(self, words: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        """Ask once more."""
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, check=False)
        self.wall.append((time.perf_counter() - start) * 1000)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
        if done.returncode not in {0, 1, 3}:
            raise SystemExit(done.stderr.decode())


def make_repository(folder: Path) -> str:
    """A history, and a branch of a few commits that change 30 files; its head."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True)
        return done.stdout.decode().strip()

    folder.mkdir()
    git("init", "-q", "-b", "main")
    for name, value in (("user.name", "Ana Alves"), ("user.email", "ana@example.com"), ("commit.gpgsign", "false")):
        git("config", name, value)
    stream = []
    for at in range(HISTORY):
        content = f"line {at}\n" * 40
        stream.append(
            f"commit refs/heads/main\ncommitter Ana Alves <ana@example.com> {NOW - 100_000 + at} +0000\n"
            f"data 9\nA change\n\nM 100644 inline src/part{at % 100}/file{at}.py\ndata {len(content)}\n{content}\n"
        )
    content = lock(PACKAGES)
    stream.append(
        f"commit refs/heads/main\ncommitter Ana Alves <ana@example.com> {NOW - 50_000} +0000\n"
        f"data 9\nA change\n\nM 100644 inline package-lock.json\ndata {len(content)}\n{content}\n"
    )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input="".join(stream).encode(), check=True)
    git("checkout", "-q", "-f", "main")
    git("checkout", "-q", "-b", "topic")
    for at in range(FILES):
        (folder / f"src/part{at}/file{at}.py").write_text(f"changed {at}\n" * 50)
        if at % (FILES // COMMITS) == 0:
            git("add", "-A")
            git("commit", "-q", "-m", f"Change part {at}\n\nCloses #12")
    git("add", "-A")
    git("commit", "-q", "-m", "The rest")
    head = git("rev-parse", "HEAD")
    git("checkout", "-q", "-b", "packages")
    (folder / "package-lock.json").write_text(lock(PACKAGES + NEW))
    git("add", "-A")
    git("commit", "-q", "-m", "Bring in packages")
    git("checkout", "-q", "-b", "code", "topic")
    for at, file in enumerate(sorted(Path(__file__).parents[1].glob("src/asbuilt/app/*.py"))[:FILES]):
        (folder / f"src/part{at}/file{at}.py").write_bytes(file.read_bytes())
    git("add", "-A")
    git("commit", "-q", "-m", "Real code")
    git("checkout", "-q", "topic")
    return head


def lock(count: int) -> str:
    """A lock file of npm with so many packages."""
    listed = {f"node_modules/package-{at}": {"version": f"{at % 7}.{at % 11}.0"} for at in range(count)}
    return json.dumps({"lockfileVersion": 3, "packages": {"": {}, **listed}}, indent=1)


def make_stores(folder: Path) -> None:
    """A store of advisories, and one of facts about the packages."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        for at in range(ADVISORIES):
            told = {"package": {"ecosystem": "npm", "name": f"package-{at % 4_000}"}, "versions": [f"9.9.{at}"]}
            one = {"id": f"GHSA-{at}", "modified": text(NOW), "affected": [told]}
            archive.writestr(f"GHSA-{at}.json", json.dumps(one))
    (folder / "npm").mkdir()
    (folder / "all.zip").rename(folder / "npm" / "all.zip")
    import_advisories([str(folder / "npm" / "all.zip")], store=folder / "advisories.sqlite", now=NOW)
    own = PackageFacts(
        ecosystem="npm", name="", index="https://registry.example", asked_at=NOW, exists=True, licence="MIT",
        first_released_at=1, latest_released_at=NOW - 86_400, releases=2, owners=3, repository_url="https://code.example",
    )  # fmt: skip
    facts = [msgspec.structs.replace(own, name=f"package-{at}") for at in range(PACKAGES + NEW)]
    keep_facts(folder / "registry.sqlite", facts, [])


def make_request(head: str, base: str) -> bytes:
    """A request with 20 reviews and 30 checks, as REST tells it."""
    user = {"login": "ben", "id": 2, "type": "User"}
    done = {"status": "completed", "conclusion": "success", "completed_at": text(NOW - 700), "head_sha": head}
    return msgspec.json.encode(
        {
            "pull": {
                "number": 7,
                "state": "open",
                "created_at": text(NOW - 7200),
                "user": {"login": "ana", "id": 1, "type": "User"},
                "head": {"sha": head},
                "base": {"sha": base, "repo": {"full_name": REPOSITORY}},
            },
            "reviews": [
                {
                    "id": at,
                    "user": user,
                    "state": "APPROVED",
                    "commit_id": head,
                    "submitted_at": text(NOW - 900 + at),
                }
                for at in range(20)
            ],
            "check_runs": {"check_runs": [{"id": at, "name": f"check {at}", **done} for at in range(30)]},
            "statuses": [],
            "complete": ["reviews", "check_runs", "statuses"],
        }
    )


def make_ledger(folder: Path, head: str) -> None:
    """A ledger that was synced five seconds ago: the same request among a thousand others."""
    init(folder, origin="example.com/asbuilt", now=NOW)
    rows: list[tuple[str, str, dict[str, object]]] = []
    for at in range(1000):
        own = at == 7
        review: dict[str, object] = {
            "review_id": str(at),
            "repository": REPOSITORY,
            "number": at,
            "commit": head if own else f"{at:040x}",
            "reviewer": "ben",
            "is_bot": False,
            "state": "approved",
            "submitted_at": text(NOW - 5000),
        }
        check: dict[str, object] = {
            "check_id": str(at),
            "repository": REPOSITORY,
            "commit": head if own else f"{at:040x}",
            "name": "tests",
            "kind": "tests",
            "conclusion": "success",
            "completed_at": text(NOW - 5000),
        }
        rows += [("reviews", f"{REPOSITORY} | {at}", review), ("checks", f"{REPOSITORY} | {at}", check)]
    for name in ("reviews", "checks"):
        extract: dict[str, object] = {
            "extract": name,
            "population": name,
            "source": "github",
            "part": REPOSITORY,
            "covers_from": text(0),
            "covers_until": text(NOW - 5),
            "ended_at": text(NOW - 5),
            "truncated": False,
            "row_count": 1000,
        }
        rows.append(("extracts", name, extract))
    with open_ledger(folder) as ledger:
        ledger.append(
            Record("github", event, FACT + table, msgspec.json.encode(row), NOW - 5, NOW - 5, "sync", "benchmark")
            for table, event, row in rows
        )


def main(runs: int = 9) -> int:
    """Print the table; 1 when a limit is passed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "repo"
        head = make_repository(folder)
        base = subprocess.run(["git", "rev-parse", "main"], cwd=folder, capture_output=True, check=True).stdout
        (Path(place) / "request.json").write_bytes(make_request(head, base.decode().strip()))
        make_ledger(Path(place) / "ledger", head)
        make_stores(Path(place) / "stores")
        named = ["--repo", REPOSITORY, "--number", "7"]
        cases = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "git log -1": ["git", "log", "-1", "--stat", "topic"],
            "commits alone": ASBUILT,
            "with a request": [*ASBUILT, "--request", f"{place}/request.json"],
            "with a ledger": [*ASBUILT, *named, "--ledger", f"{place}/ledger"],
            "staged": [*ASBUILT[:4], "--staged"],
            "with packages": [*ASBUILT[:-3], "packages", *ASBUILT[-2:]],
            "with real code": [*ASBUILT[:-3], "code", *ASBUILT[-2:]],
        }
        environment = os.environ | {
            "ASBUILT_CACHE": f"{place}/cache",
            "ASBUILT_ADVISORIES": f"{place}/stores/advisories.sqlite",
            "ASBUILT_REGISTRY": f"{place}/stores/registry.sqlite",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        found = {name: Measured() for name in cases}
        for name, words in cases.items():
            Measured().run(words, folder, environment)  # warm: compiled, cached, projected
            found[name] = Measured()
        for _ in range(runs):
            for name, words in cases.items():
                found[name].run(words, folder, environment)
    print(f"a change of {FILES} files in {COMMITS + 1} commits; {runs} runs each; load {os.getloadavg()[0]:.1f}")
    print(f"{'':18} {'CPU-ms':>8} {'median':>8} {'wall ms':>9} {'median':>8}")
    for name, own in found.items():
        print(
            f"{name:18} {min(own.cpu):8.0f} {statistics.median(own.cpu):8.0f} "
            f"{min(own.wall):9.0f} {statistics.median(own.wall):8.0f}"
        )
    cpu = min(found["commits alone"].cpu)
    wall = max(min(found[name].wall) for name in ("with a request", "with a ledger", "with packages"))
    print(f"without the store: {cpu:.0f} of at most {LIMIT_CPU:.0f} CPU-ms")
    print(f"with it: {wall:.0f} of at most {LIMIT_WALL:.0f} ms")
    return int(cpu > LIMIT_CPU or wall > LIMIT_WALL)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
