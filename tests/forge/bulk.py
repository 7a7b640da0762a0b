"""A forge with many requests, all alike in size; ids are made, no git objects stand behind them."""

import hashlib

from tests.forge import acts
from tests.forge.state import App, Commit, Forge, Repository

HOUR = 3600


def commit(repository: Repository, word: str, parent: str | None, at: int, login: str) -> str:
    """A commit whose id is a digest of its name."""
    account = repository.forge.account(login, emails=(f"{login}@example.com",))
    who = (account.name, f"{login}@example.com")
    oid, tree = (hashlib.sha1(f"{kind} {word}".encode()).hexdigest() for kind in ("commit", "tree"))
    made = Commit(
        oid, tree, (parent,) if parent else (), who, who, at, at, f"{word}: change", account, account, verified=True
    )
    acts.add_commit(repository, made)
    return oid


def busy_forge(requests: int, *, name: str = "acme/harbor", start: int = 1_735_689_600) -> Forge:
    """``requests`` merged requests, one each hour: two commits, two reviews, three checks, a status, five events."""
    forge = Forge(now=start + HOUR * (requests + 24))
    forge.organization(name.partition("/")[0])
    repository = forge.repository(name)
    people = [f"person{number}" for number in range(20)]
    ci = App(forge.next_id(), "github-actions", "GitHub Actions", {"checks": "write"})
    tip = commit(repository, "root", None, start - HOUR, people[0])
    repository.branches["main"] = tip
    for number in range(1, requests + 1):
        at = start + HOUR * number
        author, reviewer = people[number % 20], people[(number * 7 + 3) % 20]
        if reviewer == author:
            reviewer = people[(number + 1) % 20]
        first = commit(repository, f"r{number}a", tip, at, author)
        second = commit(repository, f"r{number}b", first, at + 600, author)
        request = acts.open_request(
            repository, author=forge.account(author), title=f"Change {number}", head=f"topic/{number}",
            commits=[first], base_commit=tip, at=at, lines=(20 + number % 90, number % 17), files=1 + number % 9,
        )  # fmt: skip
        acts.note(request, "review_requested", at + 60, forge.account(author), reviewer=forge.account(reviewer))
        early = acts.review(request, forge.account(reviewer), at + 300)
        acts.push(request, [second], at + 660, forge.account(author))
        acts.dismiss(early, forge.account(author), at + 661, message="stale")
        for place, check in enumerate(("build", "test", "lint")):
            acts.check(repository, second, check, at + 700 + place, app=ci)
        acts.status(repository, second, "scan/secrets", at + 760, forge.account(people[0]))
        acts.review(request, forge.account(reviewer), at + 1200)
        acts.note(request, "auto_merge_enabled", at + 1300, forge.account(author))
        tip = commit(repository, f"r{number}m", tip, at + 1800, author)
        acts.merge(request, tip, at + 1800, forge.account(author))
    return forge
