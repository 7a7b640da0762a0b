"""The forge that ``benchmarks.sync`` reads, in a process of its own: answers that were worked out before.

python -m benchmarks.sync_forge REQUESTS: prints its address, then takes a word a line and gives JSON a line.
"""

import json
import sys

from tests.forge.bulk import busy_forge
from tests.forge.service import Service
from tests.forge.transports import serving

NAME, MOST = "acme/harbor", 100  # GitHub gives no more items at once


def serve(requests: int) -> None:
    """Answers; ``slow MILLISECONDS`` makes each take so long, ``count`` tells what was asked and starts anew."""
    service = Service(busy_forge(requests), remember=True, limit=1_000_000)
    with serving(service) as address:
        print(json.dumps(address), flush=True)
        for line in sys.stdin:
            word, _, value = line.strip().partition(" ")
            if word == "slow":
                service.seconds = int(value) / 1000
            asked = [(each.method, each.path, list(each.query)) for each in service.requests]
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


if __name__ == "__main__":
    serve(int(sys.argv[1]))
