"""The stand-alone verifier: against published vectors, against the library, and against a package changed anywhere."""

import ast
import base64
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.ledger.checkpoints import checkpoint_text
from asbuilt.ledger.keys import SigningKey, key_from_seed
from asbuilt.ledger.merkle import Frontier, inclusion_path, leaf_hash, node_hash
from asbuilt.ledger.notes import sign_note
from asbuilt.ledger.tlog_proof import TlogProof
from asbuilt.reports.package import verify
from asbuilt.reports.package.verify import L, ed25519_holds, verify_package

VECTORS = Path(__file__).parents[2] / "vectors"
ORIGIN = "example.com/asbuilt"

# RFC 8032, section 7.1: secret key, public key, message, signature.
RFC_8032 = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
            "4a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
}


@pytest.mark.parametrize("name", RFC_8032)
def test_the_vectors_of_rfc_8032(name: str) -> None:
    _, public, message, signature = map(bytes.fromhex, RFC_8032[name])
    assert ed25519_holds(public, signature, message)
    assert not ed25519_holds(public, signature, message + b"x")


def test_the_vectors_of_wycheproof() -> None:
    rows = json.loads((VECTORS / "wycheproof" / "ed25519.json").read_text("utf-8"))
    assert len(rows) == 151
    for number, comment, public, message, signature, result in rows:
        holds = ed25519_holds(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))
        assert holds == (result == "valid"), (number, comment)


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_it_agrees_with_the_library_and_no_bit_may_change(seed: bytes, message: bytes, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert ed25519_holds(public, signature, message)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert not ed25519_holds(public, bytes(changed), message)


def test_a_scalar_that_is_not_reduced_is_refused() -> None:
    _, public, message, signature = map(bytes.fromhex, RFC_8032["TEST 2"])
    scalar = int.from_bytes(signature[32:], "little") + L
    assert not ed25519_holds(public, signature[:32] + scalar.to_bytes(32, "little"), message)


@pytest.mark.parametrize(
    "public",
    [
        "0100000000000000000000000000000000000000000000000000000000000000",  # the neutral point
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # order 2
        "0000000000000000000000000000000000000000000000000000000000000000",  # order 4
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",  # order 8
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p: not reduced
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p + 1: not reduced
        "0200000000000000000000000000000000000000000000000000000000000000",  # not on the curve
        "0100000000000000000000000000000000000000000000000000000000000080",  # x = 0 with a sign
    ],
)
def test_keys_that_sign_anything_or_are_no_points_are_refused(public: str) -> None:
    # With a point of small order, R = neutral and S = 0 "sign" some messages or all of them.
    neutral = bytes.fromhex("01" + "00" * 31)
    for message in (b"a", b"b", b"c", b"d", b"e", b"f", b"g", b"h", b"i"):
        assert not ed25519_holds(bytes.fromhex(public), neutral + bytes(32), message)


def test_what_has_another_length_is_refused() -> None:
    _, public, message, signature = map(bytes.fromhex, RFC_8032["TEST 1"])
    assert not ed25519_holds(public[:-1], signature, message)
    assert not ed25519_holds(public, signature + b"\0", message)


def test_it_needs_nothing_but_the_standard_library_of_python_3_8() -> None:
    source = Path(verify.__file__).read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
    }
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names
    assert not imported & {"subprocess", "socket", "urllib", "http", "tempfile", "shutil"}


# --- packages


def key() -> SigningKey:
    return key_from_seed(ORIGIN, bytes(range(32)))


def contents(*, records: int = 7, single_proofs: bool = False, signed: bool = True) -> dict[str, bytes]:
    """The files of a small package."""
    entries = [b'{"event":"E-%d"}\npayload' % number for number in range(records)]
    leaves = [leaf_hash(entry) for entry in entries]

    def node(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    checkpoint = sign_note(checkpoint_text(ORIGIN, records, frontier.root()), key())
    files = {
        "index.html": b"<p>the report</p>",
        "checkpoint.txt": checkpoint,
        "key.vkey": key().verifier.text.encode() + b"\n",
    }
    files |= judged(leaves)
    paths = [inclusion_path(index, records, node) for index in range(records)]
    if single_proofs:
        for index, entry in enumerate(entries):
            name = leaves[index].hex()
            files[f"records/{name}"] = entry
            files[f"proofs/{name}.tlog-proof"] = TlogProof(index, tuple(paths[index]), checkpoint).encode()
    else:
        lines = (
            {"index": index, "entry": b64(entry), "proof": [b64(each) for each in paths[index]]}
            for index, entry in enumerate(entries)
        )
        files["records.jsonl"] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    return with_manifest(files, signed=signed)


def judged(leaves: list[bytes]) -> dict[str, bytes]:
    """An audit of one control over one population, whose rows cite the records."""
    rows = [
        f'"item {at}","a ""quoted""\nline",{"" if at else chr(34) + leaf.hex() + chr(34)}'
        for at, leaf in enumerate(leaves)
    ]
    population = ("item,text,record\n" + "\n".join(rows) + "\n").encode()
    items = [f"item {at}\tunknown\n".encode() for at in range(len(leaves))]
    letters = b"D" + b"M" * (len(leaves) - 1)
    of_items = sha256(b"".join(items)).hexdigest()
    result = {
        "control": "CHG-01",
        "population_digest": of_items,
        "digest": sha256(of_items.encode() + b"\n" + letters).hexdigest(),
        "count": len(leaves),
        "counts": {"met": len(leaves) - 1, "deviation": 1, "unknown": 0},
    }
    audit = {"results": [result], "populations": [{"table": "changes", "sha256": sha256(population).hexdigest()}]}
    return {
        "leaves.txt": b"".join(leaf.hex().encode() + b"\n" for leaf in leaves),
        "populations/changes.csv": population,
        "verdicts/CHG-01.txt": b"".join(b"%c\t%b" % pair for pair in zip(letters, items, strict=True)),
        "audit.json": json.dumps(audit).encode(),
    }


def with_manifest(files: dict[str, bytes], *, signed: bool = True) -> dict[str, bytes]:
    """The files with their manifest made anew, as somebody without the key could."""
    listed = {name: sha256(data).hexdigest() for name, data in files.items() if not name.startswith("manifest.")}
    manifest = json.dumps({"files": listed}).encode()
    made = files | {"manifest.json": manifest}
    if signed:
        text = f"asbuilt.package/v1\n{ORIGIN}\nmanifest.json\n{b64(sha256(manifest).digest())}\n"
        made["manifest.sig"] = sign_note(text, key())
    return made


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def zipped(path: Path, files: dict[str, bytes]) -> str:
    with zipfile.ZipFile(path, "w") as out:
        for name, data in files.items():
            out.writestr(name, data)
    return str(path)


def failed(path: str, expected: str = "") -> list[tuple[int, str]]:
    return [(step.number, step.text) for step in verify_package(path, expected) if step.holds is False]


@pytest.mark.parametrize("single_proofs", [False, True])
@pytest.mark.parametrize("signed", [False, True])
def test_a_whole_package_holds(tmp_path: Path, single_proofs: bool, signed: bool) -> None:
    files = contents(single_proofs=single_proofs, signed=signed)
    steps = verify_package(zipped(tmp_path / "a.zip", files))
    assert [step.number for step in steps] == [1, 2, 3, 4, 5, 6, 7, 7, 7, 7]
    assert [step.holds for step in steps] == [True, True if signed else None, True, True, True, True, *[None] * 4]
    assert "All 7 raw records" in steps[3].text
    assert key().verifier.fingerprint in steps[6].text


def test_a_folder_is_read_as_a_zip_is(tmp_path: Path) -> None:
    for name, data in contents(single_proofs=True).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert failed(str(tmp_path)) == []
    (tmp_path / "records" / "link").symlink_to("/etc/hostname")
    assert [number for number, _ in failed(str(tmp_path))] == [1, 4]


@pytest.mark.parametrize("single_proofs", [False, True])
def test_no_byte_of_any_file_can_be_changed(tmp_path: Path, single_proofs: bool) -> None:
    files = contents(single_proofs=single_proofs, records=3)
    for name, data in files.items():
        for at in {0, len(data) // 2, len(data) - 1}:
            changed = files | {name: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]}
            assert failed(zipped(tmp_path / "a.zip", changed)), (name, at)


def dropped(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name != "index.html"}


FORGERIES: dict[str, tuple[int, str, Callable[[dict[str, bytes]], dict[str, bytes]]]] = {
    "a file less": (1, "index.html is missing", dropped),
    "a file more": (1, "more.txt is not in the manifest", lambda files: files | {"more.txt": b"x"}),
    "another report, with its manifest made anew": (
        2,
        "over another manifest",
        lambda files: with_manifest(files | {"index.html": b"all is well"}, signed=False),
    ),
    "another record, with its manifest made anew": (
        4,
        "record 0 is not the one that the checkpoint seals",
        lambda files: with_manifest(
            files | {"records.jsonl": files["records.jsonl"].replace(b64(b'{"event":"E-0"}\npayload').encode(), b"aGFo")}
        ),
    ),
    "a record outside of the ledger": (
        4,
        "index 7 is not in a ledger of 7 records",
        lambda files: with_manifest(files | {"records.jsonl": b'{"index": 7, "entry": "", "proof": []}\n'}),
    ),
    "another head": (
        3,
        "signature of example.com/asbuilt under checkpoint.txt is false",
        lambda files: with_manifest(files | {"checkpoint.txt": files["checkpoint.txt"].replace(b"\n7\n", b"\n8\n")}),
    ),
    "another key": (
        3,
        "not signed by the key",
        lambda files: with_manifest(
            files | {"key.vkey": key_from_seed(ORIGIN, bytes(32)).verifier.text.encode()}, signed=False
        ),
    ),
    "a verdict, with its manifest made anew": (
        6,
        "verdicts/CHG-01.txt does not give the digests that the audit states",
        lambda files: with_manifest(
            files | {"verdicts/CHG-01.txt": files["verdicts/CHG-01.txt"].replace(b"D\t", b"M\t")}
        ),
    ),
    "a count, with its manifest made anew": (
        6,
        "does not give the counts that the audit states",
        lambda files: with_manifest(
            files | {"audit.json": files["audit.json"].replace(b'"deviation": 1', b'"deviation": 0')}
        ),
    ),
    "a population, with its manifest made anew": (
        6,
        "populations/changes.csv is not the population that the audit was made on",
        lambda files: with_manifest(
            files | {"populations/changes.csv": files["populations/changes.csv"].replace(b"item 3", b"item 9")}
        ),
    ),
    "a citation of what is not in the ledger": (
        5,
        "cites a record that is not in the ledger",
        lambda files: with_manifest(
            files
            | {"populations/changes.csv": files["populations/changes.csv"].replace(files["leaves.txt"][:64], b"0" * 64)}
        ),
    ),
    "leaves in another order": (
        5,
        "do not give the root",
        lambda files: with_manifest(
            files | {"leaves.txt": b"".join(reversed(files["leaves.txt"].splitlines(keepends=True)))}
        ),
    ),
    "a leaf less": (
        5,
        "lists 6 records, and the checkpoint seals 7",
        lambda files: with_manifest(files | {"leaves.txt": files["leaves.txt"][65:]}),
    ),
    "a name twice in the manifest": (
        1,
        "says something twice",
        lambda files: files | {"manifest.json": b'{"files": {}, "files": {}}'},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_named(tmp_path: Path, name: str) -> None:
    number, text, change = FORGERIES[name]
    found = failed(zipped(tmp_path / "a.zip", change(contents())))
    assert [each for each in found if each[0] == number and text in each[1]], found


def test_a_proof_under_another_checkpoint_and_a_record_without_proof_are_named(tmp_path: Path) -> None:
    files = contents(single_proofs=True)
    name = next(each for each in files if each.startswith("proofs/"))
    other = contents(single_proofs=True, records=3)["checkpoint.txt"]
    head = files[name].partition(b"\n\n")[0]
    assert (4, f"{name} holds another checkpoint than checkpoint.txt.") in failed(
        zipped(tmp_path / "a.zip", with_manifest(files | {name: head + b"\n\n" + other}))
    )
    lonely = with_manifest({each: data for each, data in files.items() if each != name})
    assert "stands without its proof" in failed(zipped(tmp_path / "b.zip", lonely))[0][1]


def test_a_name_that_stands_twice_in_the_zip_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", contents())
    with zipfile.ZipFile(path, "a") as out, pytest.warns(UserWarning, match="Duplicate"):
        out.writestr("index.html", b"<p>another report</p>")
    assert "index.html is there twice" in failed(path)[0][1]


def test_the_key_is_compared_with_what_came_by_another_channel(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", contents())
    for named in (key().verifier.text, key().verifier.fingerprint, key().verifier.fingerprint.replace(" ", "")):
        assert verify_package(path, named)[6].holds is True
    assert [number for number, _ in failed(path, key_from_seed(ORIGIN, bytes(32)).verifier.text)] == [7]


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + bytes(40)])
def test_what_is_no_package_is_told_so(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    (step,) = verify_package(str(tmp_path / "a.zip"))
    assert (step.number, step.holds) == (0, False)


def test_the_script_runs_alone(tmp_path: Path) -> None:
    script = tmp_path / "verify.py"
    script.write_bytes(Path(verify.__file__).read_bytes())
    whole = zipped(tmp_path / "a.zip", contents())
    broken = zipped(tmp_path / "b.zip", dropped(contents()))

    def run(*words: str) -> tuple[int, list[str]]:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-W", "error", str(script), *words],
            capture_output=True,
            check=False,
            cwd=tmp_path,
        )
        assert done.stderr == b""
        return done.returncode, done.stdout.decode().splitlines()

    code, lines = run(whole)
    assert (code, [line[:2] for line in lines]) == (0, ["1.", "2.", "3.", "4.", "5.", "6.", *["7."] * 4])
    code, lines = run(broken)
    assert (code, lines[0]) == (4, "1. FAILS: index.html is missing.")
    assert run(str(script))[0] == 2
    assert run()[0] == 2
