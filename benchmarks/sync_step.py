"""One step of ``benchmarks.sync`` in a process of its own: ``python -m benchmarks.sync_step STEP ADDRESS FOLDER``.

Prints seconds, CPU seconds and peak memory (its own, and those of a process that it started), and what came.
"""

import json
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from asbuilt.app.sync_asking import Asked
from asbuilt.app.sync_github import sync_github
from asbuilt.sources.credentials import read_token
from asbuilt.sources.github.pull import HEADERS, TOKEN_VARIABLES, Repository
from asbuilt.sources.github.queries import document
from asbuilt.sources.http import Client
from asbuilt.sources.steps import Page

# Where a list of GraphQL goes on; the first on a page is that of the list itself.
_PAGE = re.compile(r'"pageInfo":\s*{"hasNextPage":\s*(true|false),\s*"endCursor":\s*(?:"([^"]*)"|null)}')
NAME, MOST, LOOPBACK = "acme/harbor", 100, frozenset({"127.0.0.1"})


def take(step: str, address: str, folder: Path) -> dict[str, Any]:
    """One step: ``bare``, ``source`` or ``sync``."""
    begun, worked = time.perf_counter(), time.process_time()
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
    return {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - worked,
        "cpu_beside": others.ru_utime + others.ru_stime,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "peak_beside": others.ru_maxrss / 1e3,
        "count": count,
    }


def replay(address: str, folder: Path) -> int:
    """Send what was sent before of REST, and requests and deployments of GraphQL by the largest pages."""
    token = read_token(None, TOKEN_VARIABLES).reveal()
    asked = [each for each in json.loads((folder / "asked.json").read_bytes()) if each[0] == "GET"]
    count = 0
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        for method, path, query in asked:
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


if __name__ == "__main__":
    print(json.dumps(take(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
