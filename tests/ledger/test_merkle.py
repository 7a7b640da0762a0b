"""The tree, against published hashes and proofs, and against the definition written down naively."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_path,
    frontier_at,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from asbuilt.model.errors import LedgerError, UsageError

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "transparency-dev-merkle" / "proofs.json").read_text("utf-8")
)
LARGEST = 70
LEAVES = [leaf_hash(b"%d" % number) for number in range(LARGEST)]


def naive_root(leaves: list[bytes]) -> bytes:
    """MTH, as RFC 9162, 2.1.1 defines it."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def node(level: int, index: int) -> bytes:
    """Any complete subtree of the test's tree."""
    leaves = LEAVES[index << level : (index + 1) << level]
    assert len(leaves) == 1 << level, "only complete subtrees are asked for"
    return naive_root(leaves)


ROOTS = [naive_root(LEAVES[:size]) for size in range(LARGEST + 1)]


def test_published_hashes() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    expected = "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert node_hash(b"N123", b"N456").hex() == expected


def test_a_node_is_no_leaf() -> None:
    left, right = leaf_hash(b"Hello"), leaf_hash(b"World")
    assert node_hash(left, right) != leaf_hash(left + right)
    assert node_hash(left, right) != node_hash(right, left)


def test_all_published_cases_are_there() -> None:
    assert {kind: len(cases) for kind, cases in VECTORS.items()} == {"inclusion": 98, "consistency": 98}


@pytest.mark.parametrize("name", VECTORS["inclusion"])
def test_published_inclusion_proofs(name: str) -> None:
    case = VECTORS["inclusion"][name]
    proof = [base64.b64decode(each) for each in case["proof"] or ()]
    leaf, root = base64.b64decode(case["leafHash"] or ""), base64.b64decode(case["root"] or "")
    if case["wantErr"]:
        with pytest.raises(LedgerError):
            verify_inclusion(case["leafIdx"], case["treeSize"], leaf, proof, root)
    else:
        verify_inclusion(case["leafIdx"], case["treeSize"], leaf, proof, root)


@pytest.mark.parametrize("name", VECTORS["consistency"])
def test_published_consistency_proofs(name: str) -> None:
    case = VECTORS["consistency"][name]
    proof = [base64.b64decode(each) for each in case["proof"] or ()]
    roots = base64.b64decode(case["root1"] or ""), base64.b64decode(case["root2"] or "")
    if case["wantErr"]:
        with pytest.raises(LedgerError):
            verify_consistency(case["size1"], case["size2"], proof, *roots)
    else:
        verify_consistency(case["size1"], case["size2"], proof, *roots)


def test_an_empty_old_tree_proves_nothing() -> None:
    for new in (0, 1, 5):
        with pytest.raises(LedgerError):
            verify_consistency(0, new, [], EMPTY_ROOT, ROOTS[new])
        with pytest.raises(UsageError):
            consistency_path(0, new, node)


def test_the_frontier_grows_into_every_root() -> None:
    frontier = Frontier()
    for size, leaf in enumerate(LEAVES):
        assert frontier.root() == ROOTS[size]
        done = frontier.append(leaf)
        assert done == [node(level, size >> level) for level in range(len(done))]
        assert (size + 1) % (1 << len(done)) != 0, "no complete subtree is left out"
    assert frontier.root() == ROOTS[LARGEST]


def test_a_copied_frontier_goes_its_own_way() -> None:
    frontier = frontier_at(5, node)
    copied = frontier.copy()
    copied.append(LEAVES[5])
    assert (frontier.size, copied.size) == (5, 6)
    assert (frontier.root(), copied.root()) == (ROOTS[5], ROOTS[6])


def test_a_frontier_needs_a_node_for_each_of_its_subtrees() -> None:
    with pytest.raises(ValueError, match="2 complete subtrees"):
        Frontier(5, [LEAVES[0]])


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_root_at_every_size(size: int) -> None:
    assert root_at(size, node) == ROOTS[size]


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_every_entry_of_every_tree_is_proved_and_no_other(size: int) -> None:
    for index in range(size):
        proof = inclusion_path(index, size, node)
        verify_inclusion(index, size, LEAVES[index], proof, ROOTS[size])
        if size > 1:
            with pytest.raises(LedgerError):
                verify_inclusion(index, size, LEAVES[(index + 1) % size], proof, ROOTS[size])
            with pytest.raises(LedgerError):
                verify_inclusion((index + 1) % size, size, LEAVES[index], proof, ROOTS[size])


@pytest.mark.parametrize("new", range(1, LARGEST + 1))
def test_every_tree_is_proved_to_begin_with_every_smaller_one(new: int) -> None:
    for old in range(1, new + 1):
        proof = consistency_path(old, new, node)
        verify_consistency(old, new, proof, ROOTS[old], ROOTS[new])
        if old < new:
            with pytest.raises(LedgerError):
                verify_consistency(old, new, proof, ROOTS[old + 1], ROOTS[new])
            with pytest.raises(LedgerError):
                verify_consistency(old, new, proof, ROOTS[old], ROOTS[old])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_no_proof_is_made_of_an_entry_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(UsageError):
        inclusion_path(index, size, node)
    with pytest.raises(LedgerError):
        verify_inclusion(index, size, LEAVES[0], [], ROOTS[size])


@given(st.integers(2, LARGEST), st.data())
def test_a_flipped_bit_anywhere_in_a_proof_is_found(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_path(index, size, node)
    at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    proof[at] = (int.from_bytes(proof[at], "big") ^ (1 << bit)).to_bytes(32, "big")
    with pytest.raises(LedgerError):
        verify_inclusion(index, size, LEAVES[index], proof, ROOTS[size])


@given(st.integers(2, LARGEST), st.data())
def test_a_flipped_bit_anywhere_in_a_consistency_proof_is_found(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new - 1))
    proof = consistency_path(old, new, node)
    at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    proof[at] = (int.from_bytes(proof[at], "big") ^ (1 << bit)).to_bytes(32, "big")
    with pytest.raises(LedgerError):
        verify_consistency(old, new, proof, ROOTS[old], ROOTS[new])


def test_a_hash_of_a_wrong_length_is_refused() -> None:
    with pytest.raises(LedgerError, match="32 bytes"):
        verify_inclusion(0, 2, LEAVES[0], [LEAVES[1] + b"x"], ROOTS[2])
