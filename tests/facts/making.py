"""Values for the tests of facts: commits, changes, attributions with few words."""

from typing import Any

import msgspec

from asbuilt.model.attribution import Attribution, Authorship, Confidence, Proves, Signal
from asbuilt.model.change import Basis, Change, Landing, Mention
from asbuilt.model.commit import Commit, Person

ANA = Person("Ana Alves", "ana@example.com")
BEN = Person("Ben Berg", "ben@example.com")
CEM = Person("Cem Can", "cem@example.com")
WEB = Person("GitHub", "noreply@github.com")
BOT = Person("review[bot]", "1+review[bot]@users.noreply.github.com")


def name(letter: str) -> str:
    """A commit id."""
    return letter * 40


def commit(letter: str, *, author: Person = BEN, committer: Person | None = None, parents: str = "z") -> Commit:
    """A commit whose id repeats one letter; ``parents`` has one letter for each parent."""
    return Commit(name(letter), tuple(map(name, parents)), "", author, 0, committer or author, 0, "work")


def commits(*made: Commit) -> dict[str, Commit]:
    """By id."""
    return {one.id: one for one in made}


def change(**fields: Any) -> Change:
    """A merged pull request #7 of two commits by Ben, merged by Ana, unless said otherwise."""
    base = Change(
        id=name("m"),
        parent=name("p"),
        landing=Landing.MERGE,
        commits=(name("a"), name("b"), name("m")),
        subject="Merge pull request #7 from octo/fix",
        landed_at=1_700_000_000,
        authors=(BEN,),
        landed_by=ANA,
        number=7,
        number_basis=Basis.MESSAGE,
        branch="fix",
        committers=(BEN,),
    )
    return msgspec.structs.replace(base, **fields)


MADE = commits(commit("a"), commit("b", parents="a"), commit("m", author=ANA, parents="pb"))


def single(**fields: Any) -> Change:
    """A squash of one commit by Ben, landed by the forge."""
    return change(
        **({
            "id": name("a"), "commits": (name("a"),), "landing": Landing.SQUASH, "subject": "Fix it (#7)",
            "landed_by": WEB, "committers": (), "branch": None,
        } | fields)
    )  # fmt: skip


def review(person: Person, *, kind: str = "reviewed-by", where: str = "m") -> Mention:
    """A trailer that names a person."""
    return Mention(kind, f"{person.name} <{person.email}>", name(where), person)


def attribution(
    letter: str, authorship: Authorship, *, tool: str | None = "claude_code", **fields: Any
) -> Attribution:
    """What is known of one commit."""
    tools = (tool,) if tool and authorship in {Authorship.AI_TRACKED, Authorship.AI_DECLARED} else ()
    signal = Signal(
        "signature",
        tool or "bot",
        f"{tool}/trailer-1",
        "trailer",
        Proves.AUTHORED,
        Confidence.HIGH,
        "text",
        name(letter),
    )
    return msgspec.structs.replace(
        Attribution(name(letter), authorship, tools, confidence=Confidence.HIGH, signals=(signal,)), **fields
    )


def same(a: Person, b: Person) -> bool:
    """By e-mail alone."""
    return a == b or (bool(a.email) and a.email.casefold() == b.email.casefold())


def is_bot(person: Person) -> bool:
    """By name."""
    return person.name.endswith("[bot]")
