"""Who is who: mailmap, letter case, GitHub's no-reply addresses; never a name alone."""

import pytest

from asbuilt.history.git import open_repository
from asbuilt.history.people import People, join_people
from asbuilt.model.commit import Person
from tests.repos import Repo

ANA = Person("Ana Alves", "ana@example.com")


def people_of(repo: Repo, *persons: Person, revision: str = "HEAD") -> People:
    repository = open_repository(repo.path)
    return join_people(repository, persons, revision=revision)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (ANA, Person("ana", "ANA@Example.com"), True),
        (ANA, Person("Ana Alves", "ana@home.example.com"), False),
        (ANA, Person("Ana Alves", ""), False),
        (Person("A", "12+ana@users.noreply.github.com"), Person("B", "12+renamed@users.noreply.github.com"), True),
        (Person("A", "12+ana@users.noreply.github.com"), Person("B", "ana@users.noreply.github.com"), True),
        (Person("A", "12+ana@users.noreply.github.com"), Person("B", "13+ana@users.noreply.github.com"), False),
        (Person("A", "12+Ana@users.noreply.github.com"), Person("A", "ana@example.com"), False),
        (Person("Ana", "you@example.com"), Person("Ben", "you@example.com"), False),
        (Person("Model 4", "noreply@tool.example"), Person("Model 5", "noreply@tool.example"), False),
        (Person("Ana", "root@localhost"), Person("Ana", "root@localhost"), True),
        (Person("Ana", "svn-id-without-at"), Person("Ben", "svn-id-without-at"), False),
    ],
)
def test_what_joins_two_spellings(repo: Repo, a: Person, b: Person, same: bool) -> None:
    repo.write("a", "1\n").commit("first")
    people = people_of(repo, a, b)
    assert people.same(a, b) is same
    assert people.same(b, a) is same
    assert (people.canonical(a) == people.canonical(b)) is same


def test_the_mailmap_of_the_revision_joins_and_names(repo: Repo) -> None:
    repo.write(".mailmap", "Ana Alves <ana@example.com> <ana@old.example.com>\nBen Berg <BEN@example.com>\n")
    first = repo.commit("first")
    repo.write(".mailmap", "Somebody Else <else@example.com> <ana@old.example.com>\n").commit("second")
    old, ben = Person("aalves", "Ana@Old.example.com"), Person("b", "ben@example.com")
    people = people_of(repo, old, ben, ANA, revision=first)
    assert people.canonical(old) == ANA
    assert people.canonical(ben).name == "Ben Berg"
    assert people.same(old, ANA)
    assert not people_of(repo, old, ANA).same(old, ANA)


def test_the_mailmap_of_the_work_tree_is_not_asked(repo: Repo) -> None:
    repo.write("a", "1\n").commit("first")
    (repo.path / ".mailmap").write_text("Evil <evil@example.com> <ana@example.com>\n")
    assert people_of(repo, ANA).canonical(ANA) == ANA


@pytest.mark.parametrize(
    "hostile",
    [
        Person("Ana\n<x@example.com>", "ana@example.com"),
        Person("Ana <b>", "c@example.com"),
        Person("", ""),
        Person("", "ana@example.com"),
        Person("Ana", "a>b"),
        Person("\ufffd", "\ufffd@example.com"),
        Person("a" * 5000, "b" * 5000 + "@example.com"),
    ],
)
def test_a_hostile_name_is_one_person_and_shifts_nobody_else(repo: Repo, hostile: Person) -> None:
    repo.write(".mailmap", "Ben Berg <ben@example.com> <b@example.com>\n").commit("first")
    last = Person("b", "b@example.com")
    people = people_of(repo, hostile, last)
    assert people.canonical(last) == Person("Ben Berg", "ben@example.com")
    assert people.same(hostile, hostile)
    assert not people.same(hostile, last)


def test_somebody_new_is_taken_in_when_asked_for(repo: Repo) -> None:
    repo.write(".mailmap", "Ana Alves <ana@example.com> <ana@old.example.com>\n").commit("first")
    people = people_of(repo)
    assert people.canonical(Person("a", "ana@old.example.com")) == ANA
    assert people.same(ANA, Person("b", "ana@old.example.com"))
