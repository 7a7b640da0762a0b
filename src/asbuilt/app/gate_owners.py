"""Whether an owner of each guarded path approved: CODEOWNERS of the base, held against the approvals that count.

1. The base's file is read: ``.github/CODEOWNERS``, ``CODEOWNERS`` or ``docs/CODEOWNERS``, the first that is there
   (GitHub); ``.gitlab/CODEOWNERS`` last. The change's own file says nothing.
2. Of each path the last rule that fits names the owners.
3. A path is settled when one of its owners is among the approvers. A team's members are not known here: a path that
   only a team owns is unknown; so is one that nobody owns.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from asbuilt.history.git import Repository

PLACES: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
LIMIT: Final = 3 << 20  # bytes: GitHub reads no larger file


class Rule(NamedTuple):
    """One line: which paths, and who owns them."""

    pattern: re.Pattern[str]
    owners: frozenset[str]


def read_owners(repository: Repository, commit: str) -> tuple[Rule, ...]:
    """The rules of the CODEOWNERS file in a commit's tree; none where there is no file that can be read.

    Raises:
        SourceError: git could not read the tree.
    """
    # (1)
    listings = repository.run("ls-tree", "-z", "-l", commit, "--", *PLACES).split(b"\0")
    for place in PLACES:
        listing = next((one for one in listings if one.endswith(b"\t" + place.encode())), None)
        if listing is None:
            continue
        mode, _, blob, size = listing.split(b"\t", 1)[0].split()
        if mode not in {b"100644", b"100755"} or int(size) > LIMIT:
            return ()
        return parse_owners(repository.run("cat-file", "blob", blob.decode("ascii")).decode("utf-8", "replace"))
    return ()


def parse_owners(text: str) -> tuple[Rule, ...]:
    """The rules of a file, in its order; a line that cannot be read fits every path and names nobody.

    Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
    """
    rules = []
    for line in text.splitlines():
        words = re.split(r"(?<!\\)\s+", line.partition(" #")[0].strip())
        if not words[0] or words[0].startswith(("#", "[", "^[")):
            continue
        rules.append(Rule(_pattern(words[0]), frozenset(word.casefold() for word in words[1:])))
    return tuple(rules)


def owner_approved(paths: Sequence[str], rules: Sequence[Rule], approvers: Collection[str] | None) -> bool | None:
    """Whether an owner of every path is among the approvers; None: that cannot be told."""
    if approvers is None:
        return None
    known = {_account(one) for one in approvers}
    settled = [_settled(_owners(path, rules), known) for path in paths]
    return False if False in settled else None if None in settled else True


def _settled(owners: frozenset[str], approvers: Iterable[str]) -> bool | None:
    # (3)
    if any(_account(owner) in approvers for owner in owners):
        return True
    return None if not owners or any("/" in owner for owner in owners) else False


def _owners(path: str, rules: Sequence[Rule]) -> frozenset[str]:
    # (2)
    return next((rule.owners for rule in reversed(rules) if rule.pattern.fullmatch(path)), frozenset())


def _account(text: str) -> str:
    """A login or an address, as two of them are compared."""
    inner = re.search(r"<([^<>]+)>\s*\Z", text)
    return (inner[1] if inner else text).strip().lstrip("@").casefold()


def _pattern(glob: str) -> re.Pattern[str]:
    """A line's glob as a regular expression over whole paths: gitignore's, without negation and classes."""
    anchored = "/" in glob.rstrip("/")
    body = glob.replace("\\ ", " ").strip("/")
    parts = re.split(r"(\*\*/|/\*\*|\*\*|\*|\?)", body)
    signs = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    written = "".join(signs.get(part) or re.escape(part) for part in parts)
    below = "/.*" if glob.endswith("/") else "" if glob.endswith("/*") else "(?:/.*)?"
    return re.compile(("" if anchored else "(?:.*/)?") + written + below)
