"""What reading a forge costs: 5,000 pull requests with reviews, checks and timeline, 20 ms an answer.

python -m benchmarks.sync [REQUESTS] [--milliseconds 20]

The forge is the simulator of the tests, on the loopback in a process of its own. It works out every answer once,
for a reading that is not measured, and keeps it: its own time is no part of what is measured, each answer takes
20 ms. Then, each in a process of its own: the source alone, read to its end and thrown away; the whole reading into
an empty ledger; and the same again, with nothing new. The baseline, in the same run and of the same forge: a bare
client that sends the fewest requests with which GitHub's limits (100 items a page) let the same be read, one after
the other, and drops what comes. A quarter of the size tells whether memory grows: that of the largest process.

Target: the reading takes at most 1.3 times what that client takes.
"""

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from tests.forge.bulk import busy_forge
from tests.forge.service import TOKEN, Service
from tests.forge.transports import serving

from asbuilt.app.sync_github import Asked, sync_github
from asbuilt.ledger.ledger import create_ledger
from asbuilt.sources.credentials import read_token
from asbuilt.sources.github.pull import HEADERS, TOKEN_VARIABLES, Repository
from asbuilt.sources.github.queries import document
from asbuilt.sources.http import Client
from asbuilt.sources.steps import Page

REQUESTS, MILLISECONDS, WITHIN = 5_000, 20, 1.3
# Where a list of GraphQL goes on; the first on a page is that of the list itself.
_PAGE = re.compile(r'"pageInfo":\s*{"hasNextPage":\s*(true|false),\s*"endCursor":\s*(?:"([^"]*)"|null)}')
NAME, MOST, LOOPBACK = "acme/harbor", 100, frozenset({"127.0.0.1"})


class Forge:
    """The forge's process: a word a line goes in, JSON a line comes out."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.address: str = self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def tell(self, word: str) -> Any:
        """Its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return self._read()


@contextmanager
def forge(requests: int) -> Iterator[Forge]:
    """A forge with so many requests, while the block runs."""
    words = [sys.executable, "-m", "benchmarks.sync", "--serve", str(requests)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Forge(process)
        finally:
            process.terminate()


def serve(requests: int) -> None:
    """Answers; ``slow MILLISECONDS`` makes each take so long, ``count`` tells what was asked and starts anew."""
    service = Service(busy_forge(requests), remember=True, limit=1_000_000)
    with serving(service) as address:
        print(json.dumps(address), flush=True)
        for line in sys.stdin:
            word, _, value = line.strip().partition(" ")
            if word == "slow":
                service.seconds = int(value) / 1000
            asked = [(each.method, each.path, list(each.query), each.body.decode()) for each in service.requests]
            told = {"asked": asked, "fewest": fewest(service), "kept": len(service.kept)}
            service.requests.clear()
            print(json.dumps(told if word == "count" else None), flush=True)


def fewest(service: Service) -> int:
    """Requests by which the same could be read, at 100 items a page.

    Counted are the listings of REST that were asked for, and requests and deployments of GraphQL. No inner list of
    a request is longer than a page here.
    """
    repository = service.forge.repositories[NAME]
    told = [*service.sizes.values(), len(repository.requests), len(repository.deployments)]
    return sum(max(1, -(-each // MOST)) for each in told)


def measured(step: str, address: str, folder: Path) -> dict[str, Any]:
    """A step in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.sync", "--step", step, address, str(folder)]
    environment = os.environ | {"ASBUILT_GITHUB_TOKEN": TOKEN}
    told: dict[str, Any] = json.loads(
        subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
    )
    return told


def take(step: str, address: str, folder: Path) -> None:
    """One step; prints seconds, CPU seconds, peak memory and what came."""
    begun, worked = time.perf_counter(), time.process_time()
    count = 0
    if step == "bare":
        count = replay(address, folder)
    elif step == "source":
        token = read_token(None, TOKEN_VARIABLES)
        with Client(address, token, headers=HEADERS, private_hosts=LOOPBACK) as client:
            count = sum(isinstance(each, Page) for each in Repository(client, NAME).pull({}))
    else:
        done = sync_github(NAME, folder, Asked(api_url=address, private_hosts=LOOPBACK))
        count = sum(each.new for source in done.sources for each in source.rows.values())
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - worked + others.ru_utime + others.ru_stime,
        "peak": max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, others.ru_maxrss) / 1e3,
        "count": count,
    }
    print(json.dumps(told))


def replay(address: str, folder: Path) -> int:
    """Send what was sent before of REST, and requests and deployments of GraphQL by the largest pages."""
    asked = [each for each in json.loads((folder / "asked.json").read_bytes()) if each[0] == "GET"]
    count = 0
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as client:
        for method, path, query, _ in asked:
            client.request(method, path, params=query)
            count += 1
        for name in ("Requests", "Deployments"):
            cursor, more = None, True
            while more:
                owner, own = NAME.split("/")
                told = {"owner": owner, "name": own, "size": MOST, "cursor": cursor}
                body = json.dumps({"query": document(name), "variables": told})
                found = _PAGE.findall(client.post("/graphql", content=body).text[:2000])
                count += 1
                more, cursor = (found[0][0] == "true", found[0][1]) if found else (False, None)
    return count


def measure(requests: int, milliseconds: int, folder: Path) -> tuple[float, float]:
    """Print the lines of one size; gives the peak of memory, and the ratio."""
    with forge(requests) as running:
        for name in ("rehearsal", "ledger"):
            create_ledger(folder / name, origin="example.com/benchmark", now=0).close()
        for step in ("sync", "sync", "source"):
            measured(step, running.address, folder / "rehearsal")
        running.tell("count")
        measured("source", running.address, folder)
        told = running.tell("count")
        (folder / "asked.json").write_text(json.dumps(told["asked"]))
        measured("bare", running.address, folder)  # what it asks for is worked out, too
        running.tell(f"slow {milliseconds}")
        running.tell("count")
        source = measured("source", running.address, folder)
        told = running.tell("count")
        bare = measured("bare", running.address, folder)
        running.tell("count")
        first = measured("sync", running.address, folder / "ledger")
        sent = len(running.tell("count")["asked"])
        again = measured("sync", running.address, folder / "ledger")
        sent_again = len(running.tell("count")["asked"])
    least = bare["seconds"]
    print(f"{requests:,} pull requests, {milliseconds} ms an answer; load {os.getloadavg()[0]:.1f}")
    waiting = told["fewest"] * milliseconds / 1000
    print(f"  fewest requests possible {told['fewest']:>11,}      {waiting:7.2f} s of waiting")
    line("the fewest, bare", bare["count"], bare, least)
    line("the source alone", len(told["asked"]), source, least)
    line("into an empty ledger", sent, first, least, f", {first['count']:,} rows")
    line("again, nothing new", sent_again, again, least, f", {again['count']:,} rows")
    return first["peak"], first["seconds"] / least


def line(what: str, sent: int, told: dict[str, Any], least: float, more: str = "") -> None:
    """One step's figures."""
    seconds, cpu, peak = told["seconds"], told["cpu"], told["peak"]
    ratio = f"{seconds / least:5.2f} of the bare client's"
    print(
        f"  {what:<26}{sent:>9,}      {seconds:7.2f} s, {cpu:6.2f} s CPU, {peak:5.0f} MB at most, {ratio}{more}",
        flush=True,
    )


def main(requests: int, milliseconds: int) -> None:
    """Two sizes."""
    found = []
    for size in (requests // 4, requests):
        with tempfile.TemporaryDirectory() as place:
            found.append(measure(size, milliseconds, Path(place)))
    (small, _), (large, ratio) = found
    print(f"memory: {small:.0f} MB at a quarter, {large:.0f} MB ({large / small:.2f} times)")
    print(f"the reading: {ratio:.2f} times the bare client with the fewest requests; the target is {WITHIN}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("requests", type=int, nargs="?", default=REQUESTS)
    arguments.add_argument("--milliseconds", type=int, default=MILLISECONDS)
    arguments.add_argument("--serve", type=int)
    arguments.add_argument("--step", nargs=3)
    chosen = arguments.parse_args()
    if chosen.serve is not None:
        serve(chosen.serve)
    elif chosen.step is not None:
        take(chosen.step[0], chosen.step[1], Path(chosen.step[2]))
    else:
        main(chosen.requests, chosen.milliseconds)
