"""Every change has a chain, and names the first release that holds it."""

from asbuilt.app.chains import build_chains, release_names
from asbuilt.app.gather import gather
from asbuilt.history.git import open_repository
from asbuilt.model.chain import Grade, LinkName
from tests.company import Company
from tests.repos import Repo


def test_every_change_has_ten_links(company: Company) -> None:
    with open_repository(company.repo.path) as repository:
        found = gather(repository, "HEAD")
        chains = build_chains(found)
    assert chains.keys() == {change.id for change in found.changes}
    assert all([link.name for link in chain.links] == list(LinkName) for chain in chains.values())
    assert chains[company.lost].link(LinkName.WATCH).grade is Grade.STATED  # reverted later


def test_the_first_release_that_holds_a_change_is_named(repo: Repo) -> None:
    one = repo.write("a", "1\n").commit()
    repo.tag("v1", message="one")
    two = repo.write("a", "2\n").commit()
    repo.tag("v2", message="two")
    three = repo.write("a", "3\n").commit()
    with open_repository(repo.path) as repository:
        names = release_names(gather(repository, "HEAD"))
    assert names == {one: "v1", two: "v2"}
    assert three not in names
