"""What a repository of Maven says: its metadata, and project files with the day on which they were stored."""

import msgspec
import pytest

from asbuilt.model.registry_facts import DATES, LICENCE, REPOSITORY
from asbuilt.supply.registry.answers import Answer
from asbuilt.supply.registry.readers import maven
from tests.supply.registry.written import INDEX, read

NAME = "org.acme.app:thing-core"
PLACE = f"{INDEX}/org/acme/app/thing-core"


def metadata(*versions: str, artifact: str = "thing-core") -> bytes:
    listed = "".join(f"<version>{own}</version>" for own in versions)
    return (
        f"<metadata><groupId>org.acme.app</groupId><artifactId>{artifact}</artifactId><versioning>"
        f"<release>1</release><versions>{listed}</versions></versioning></metadata>"
    ).encode()


def pom(inside: str = "", at: str = "Thu, 04 Dec 2014 16:17:29 GMT") -> Answer:
    body = f'<project xmlns="http://maven.apache.org/POM/4.0.0">{inside}</project>'.encode()
    return Answer(200, body, modified=at)


FULL = pom(
    "<licenses><license><name>Apache License, Version 2.0</name></license></licenses>"
    "<scm><url>https://github.com/acme/thing</url></scm>"
)


def test_few_versions_are_dated_each_and_the_newest_project_file_tells_the_rest() -> None:
    facts = read("Maven", NAME, metadata("1.0", "1.1"), FULL, pom(at="Wed, 01 Jan 2014 00:00:00 GMT"))
    assert (facts.exists, facts.releases, facts.latest) == (True, 2, "1.1")
    assert (facts.first_released_at, facts.why(DATES)) == (1_388_534_400, "")
    assert (facts.licence, facts.repository_url) == ("Apache-2.0", "https://github.com/acme/thing")
    assert facts.versions["1.0"].yanked is False


def test_of_many_the_oldest_and_the_newest_are_asked_for_in_the_order_of_versions() -> None:
    answer = Answer(200, metadata("1.10", "1.2", "1.9", "0.1-alpha"))
    assert maven.asks(INDEX, NAME) == (f"{PLACE}/maven-metadata.xml",)
    asked = maven.asks_more(INDEX, NAME, [answer])
    assert asked == (f"{PLACE}/1.10/thing-core-1.10.pom", f"{PLACE}/0.1-alpha/thing-core-0.1-alpha.pom")
    assert maven.asks_more(INDEX, NAME, [answer, FULL]) == ()
    facts = read("Maven", NAME, answer, FULL, pom())
    assert facts.first_released_at == 1_417_709_849
    assert "oldest version and the newest" in facts.why(DATES)


def test_a_version_that_was_given_out_on_a_day_that_is_none_has_none() -> None:
    facts = read("Maven", NAME, metadata("1.0"), pom(at="yesterday"))
    assert (facts.first_released_at, bool(facts.why(DATES))) == (None, True)


def test_a_licence_that_a_parent_may_tell_is_not_known() -> None:
    facts = read("Maven", NAME, metadata("1.0"), pom("<parent><artifactId>p</artifactId></parent>"))
    assert "parent" in facts.why(LICENCE)
    assert "parent" in facts.why(REPOSITORY)
    facts = read("Maven", NAME, metadata("1.0"), pom())
    assert (facts.licence, facts.why(LICENCE), facts.why(REPOSITORY)) == (None, "", "")


def test_what_has_moved_is_deprecated() -> None:
    moved = "<distributionManagement><relocation><groupId>org.new</groupId></relocation></distributionManagement>"
    facts = read("Maven", NAME, metadata("1.0"), pom(moved))
    assert (facts.standing, facts.standing_why) == ("deprecated", "moved to org.new")


@pytest.mark.parametrize("file", [Answer(404), Answer(200, b"<html>"), Answer(200, b"<other/>"), Answer(None)])
def test_a_project_file_that_cannot_be_read_leaves_existence(file: Answer) -> None:
    facts = read("Maven", NAME, metadata("1.0"), file)
    assert facts.exists is True
    assert facts.why(LICENCE)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body/></html>",
        metadata(),
        metadata("1.0", artifact="other"),
        b"{}",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><metadata/>",
    ],
)
def test_a_document_that_is_none_is_not_seen(body: bytes) -> None:
    assert read("Maven", NAME, body).exists is None


def test_versions_that_are_paths_are_passed_over() -> None:
    facts = read("Maven", NAME, metadata("1.0", "../../x", "a b"), FULL)
    assert set(facts.versions) == {"1.0"}
    assert read("Maven", NAME, Answer(404)).exists is False


def test_a_mirror_that_dates_by_its_copy_fails_the_probe() -> None:
    facts = read("Maven", "junit:junit", metadata("4.12", artifact="junit"), pom())
    (probe,) = maven.PROBES
    assert probe.holds(facts)
    late = pom(at="Mon, 01 Jan 2024 00:00:00 GMT")
    assert not probe.holds(read("Maven", "junit:junit", metadata("4.12", artifact="junit"), late))
    assert not probe.holds(msgspec.structs.replace(facts, versions={}))
