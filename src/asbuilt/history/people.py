"""Persons with several names and addresses, joined where evidence joins them.

Evidence is the repository's mailmap, one e-mail address in any letter case, and GitHub's own no-reply addresses
(``ID+login@users.noreply.github.com``), whose numeric id stays when a login changes. A name alone joins nobody.
"""

import re
from collections.abc import Iterable, Sequence

from asbuilt.history.git import Repository
from asbuilt.model.commit import Person

_NOREPLY = re.compile(r"(?:(\d{1,12})\+)?([^@+\s]+)@users\.noreply\.github\.com", re.IGNORECASE)
# Addresses that tools write when nobody set one: two strangers may both have it.
_PLACEHOLDERS = frozenset({
    "you@example.com", "your@email.com", "your.email@example.com", "email@example.com", "user@example.com",
    "root@localhost", "noreply@github.com", "none@none", "none", "unknown", "devnull@localhost", "nobody@nowhere",
    "(no email)", "no@email", "a@b.c", "test@test.com", "root@localhost.localdomain",
})  # fmt: skip
# Addresses that a service gives to everybody who uses it (a tool signs each of its models with one).
_SHARED = ("noreply@", "no-reply@", "donotreply@", "do-not-reply@")
_UNMAPPABLE = re.compile(r"[<>\x00-\x1f]")


class People:
    """Who is who: ``canonical`` gives each person one spelling, ``same`` says whether two are one."""

    __slots__ = ("_canonical", "_holders", "_known", "_parent", "_repository", "_revision", "_shown")

    def __init__(self, repository: Repository, revision: str) -> None:
        self._repository = repository
        self._revision = revision
        self._known: dict[Person, str] = {}
        self._canonical: dict[Person, Person] = {}
        self._holders: dict[str, str] = {}
        self._parent: dict[str, str] = {}
        self._shown: dict[str, Person] = {}

    def learn(self, persons: Iterable[Person]) -> None:
        """Take in further persons, all in one question to git; the first spelling of a person is the one shown."""
        self._canonical.clear()
        fresh = [person for person in dict.fromkeys(persons) if person not in self._known]
        for person, mapped in zip(fresh, self._mapped(fresh), strict=True):
            keys = _keys(person) if mapped == person else [*_keys(mapped), *_keys(person)]
            for key in keys[1:]:
                # A login that someone else took over later joins nobody to its first holder.
                holder = self._holders.setdefault(key, keys[0]) if key.startswith("login:") else keys[0]
                if holder == keys[0] or not (holder.startswith("id:") and keys[0].startswith("id:")):
                    self._join(keys[0], key)
            self._known[person] = keys[0]
            root = self._root(keys[0])
            if mapped != person or root not in self._shown:
                self._shown.setdefault(root, mapped)

    def declare(self, addresses: Sequence[str]) -> None:
        """Join e-mail addresses that are said to be one person's."""
        keys = [key for address in addresses for key in _keys(Person("", address))]
        for key in keys[1:]:
            self._join(keys[0], key)

    def canonical(self, person: Person) -> Person:
        """The spelling under which the person is shown; a person never seen before is taken in."""
        found = self._canonical.get(person)
        if found is None:
            found = self._canonical[person] = self._shown.get(self._root(self._key(person)), person)
        return found

    def same(self, a: Person, b: Person) -> bool:
        """Whether evidence says that two persons are one; False is no proof that they are two."""
        return a == b or self._root(self._key(a)) == self._root(self._key(b))

    def _key(self, person: Person) -> str:
        if person not in self._known:
            self.learn([person])
        return self._known[person]

    def _mapped(self, persons: list[Person]) -> list[Person]:
        """Each person as the mailmap of the inspected revision has them (gitmailmap(5))."""
        askable = [
            person for person in persons if not _UNMAPPABLE.search(person.name + person.email) and person.email
        ]
        if not askable:
            return persons
        said = self._repository.run(
            "-c",
            f"mailmap.blob={self._revision}:.mailmap",
            "check-mailmap",
            "--stdin",
            stdin="".join(f"{person.name} <{person.email}>\n" for person in askable).encode(),
        ).decode("utf-8", "replace")
        mapped = dict(zip(askable, map(_contact, said.split("\n")), strict=False))
        return [mapped.get(person, person) for person in persons]

    def _root(self, key: str) -> str:
        parent = self._parent
        while (above := parent.get(key, key)) != key:
            parent[key] = parent.get(above, above)
            key = above
        return key

    def _join(self, a: str, b: str) -> None:
        a, b = self._root(a), self._root(b)
        if a != b:
            self._parent[b] = a
            shown = self._shown.pop(b, None)
            if shown is not None:
                self._shown.setdefault(a, shown)


def join_people(
    repository: Repository,
    persons: Iterable[Person],
    *,
    revision: str = "HEAD",
    also: Iterable[Sequence[str]] = (),
) -> People:
    """Join persons by the mailmap of ``revision``, by e-mail address and by GitHub's no-reply addresses.

    ``also`` groups e-mail addresses of one person that the company's configuration declares.
    """
    people = People(repository, revision)
    people.learn(persons)
    for group in also:
        people.declare(group)
    return people


def _contact(line: str) -> Person:
    name, _, email = line.rpartition("<")
    return Person(name.strip(), email.rstrip().removesuffix(">"))


def _keys(person: Person) -> list[str]:
    """What identifies a person, the surest first."""
    email = person.email.casefold()
    if not email or email in _PLACEHOLDERS or "@" not in email or email.startswith(_SHARED):
        return [f"person:{person.name}\0{email}"]
    match = _NOREPLY.fullmatch(email)
    if not match:
        return [f"mail:{email}"]
    login = f"login:{match[2]}"
    return [f"id:{match[1]}", login] if match[1] else [login]
