"""The order of every ecosystem: laws, refusals, and the public pairs where a copy is at hand."""

import subprocess

import pytest
from benchmarks.versions import SETS, score
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.supply.versions import ORDERS, UnorderedError, order_key
from tests.conftest import fetched

PARTS = st.lists(
    st.sampled_from(["0", "1", "2", "10", "a", "beta", "rc", "dev", "sp", "x1", "final"]), min_size=1, max_size=4
)
TEXTS = st.builds(lambda parts, mark: mark.join(parts), PARTS, st.sampled_from([".", "-", ".0-", "+"]))


@pytest.mark.parametrize("ecosystem", sorted(ORDERS))
@given(texts=st.lists(TEXTS | st.text(max_size=12), min_size=3, max_size=3))
def test_an_order_is_total_or_refuses_with_its_own_error(ecosystem: str, texts: list[str]) -> None:
    keys = []
    for text in texts:
        try:
            keys.append(order_key(ecosystem, text))
        except UnorderedError:
            return
    one, two, three = sorted(keys)
    assert not two < one
    assert not three < one
    for key in keys:
        assert key == key
        assert not key < key


def test_an_ecosystem_without_a_known_order_refuses() -> None:
    with pytest.raises(UnorderedError, match="Haiku"):
        order_key("Haiku", "1.0")


def test_a_version_of_absurd_length_refuses() -> None:
    with pytest.raises(UnorderedError, match="too long"):
        order_key("npm", "1" * 300)


# What we refuse on purpose: Python versions older than PEP 440, branches and "#" of Composer, five numbers of SemVer.
REFUSED = {
    "pypi-versions.txt": 11,
    "pypi-versions-generated.txt": 69,
    "packagist-versions.txt": 8,
    "semver-versions.txt": 1,
}


@pytest.mark.fetched
@pytest.mark.parametrize("name", sorted(SETS))
def test_every_public_pair_is_right_or_refused(name: str) -> None:
    copy = fetched("google+osv-scalibr")
    show = ["git", "-C", str(copy), "show", f"HEAD:semantic/testdata/{name}"]
    text = subprocess.run(show, capture_output=True, check=True, text=True).stdout
    found = score(text, ORDERS[SETS[name][0]])
    assert found.wrong == ()
    assert len(found.refused) == REFUSED.get(name, 0)
    assert found.right > 20
