"""Tags read as releases."""

from asbuilt.history.git import open_repository
from asbuilt.history.releases import containing_releases, is_ancestor, read_releases
from asbuilt.model.commit import Person, SignatureKind
from tests.repos import Repo


def test_light_and_annotated_tags_newest_first(repo: Repo) -> None:
    one = repo.write("a", "1\n").commit("one")
    repo.tag("v1")
    two = repo.write("a", "2\n").commit("two")
    repo.tag("v2", message="second", tagger="Ben Berg <ben@example.com>")
    with open_repository(repo.path) as repository:
        second, first = read_releases(repository)
        assert (first.name, first.commit, first.tagger, first.signature) == ("v1", one, None, SignatureKind.NONE)
        assert (second.name, second.commit) == ("v2", two)
        assert second.tagger == Person("Ben Berg", "ben@example.com")
        assert second.tagged_at > first.tagged_at
        assert [release.name for release in containing_releases(repository, one)] == ["v1", "v2"]
        assert [release.name for release in containing_releases(repository, two)] == ["v2"]
        assert is_ancestor(repository, one, two)
        assert is_ancestor(repository, two, two)
        assert not is_ancestor(repository, two, one)


def test_a_tag_on_a_tag_leads_to_its_commit_and_one_on_a_tree_is_no_release(repo: Repo) -> None:
    one = repo.write("a", "1\n").commit("one")
    repo.tag("inner", message="inner")
    repo.git("-c", "user.name=A", "-c", "user.email=a@example.com", "tag", "-a", "-m", "outer", "outer", "inner")
    repo.git("-c", "user.name=A", "-c", "user.email=a@example.com", "tag", "-a", "-m", "t", "tree", "HEAD^{tree}")
    repo.git("tag", "blob", repo.git("rev-parse", "HEAD:a").decode().strip())
    with open_repository(repo.path) as repository:
        assert {(release.name, release.commit) for release in read_releases(repository)} == {
            ("inner", one),
            ("outer", one),
        }


def test_the_kind_of_a_signature_is_read_from_the_tag_itself(repo: Repo) -> None:
    repo.write("a", "1\n").commit("one")
    for kind, mark in (("ssh", "SSH SIGNATURE"), ("gpg", "PGP SIGNATURE"), ("x509", "SIGNED MESSAGE")):
        repo.tag(kind, message=f"release\n\n-----BEGIN {mark}-----\nforged\n-----END {mark}-----")
    repo.tag("none", message="talks of -----BEGIN PGP SIGNATURE----- only")
    with open_repository(repo.path) as repository:
        assert {release.name: release.signature.value for release in read_releases(repository)} == {
            "ssh": "ssh",
            "gpg": "gpg",
            "x509": "x509",
            "none": "none",
        }


def test_a_hostile_tagger_forges_no_field(repo: Repo) -> None:
    one = repo.write("a", "1\n").commit("one")
    body = f"object {one}\ntype commit\ntag v1\ntagger A\x01%00B <x> 1700000000 +0000\n\nm\n".encode()
    made = repo.git("mktag", stdin=body).decode().strip()
    repo.ref("refs/tags/v1", made)
    with open_repository(repo.path) as repository:
        (release,) = read_releases(repository)
        assert release.commit == one
        assert release.tagger == Person("A\x01%00B", "x")


def test_no_tags_no_releases(repo: Repo) -> None:
    repo.write("a", "1\n").commit("one")
    with open_repository(repo.path) as repository:
        assert read_releases(repository) == ()
