r"""Verify an evidence package offline, with nothing but Python 3.8 or newer: ``python3 verify.py FILE.zip``.

It takes the zip, or the folder it was unpacked into. It reads, it never runs or unpacks what it is given.

Layout of a package (paths use /; every file but the first two is listed in the first):

    manifest.json           {"files": {"path": "sha256 in hex", ...}, ...}: every other file
    manifest.sig            optional: a signed note of the company's key over the manifest; its text is four lines:
                            asbuilt.package/v1, the origin, the name manifest.json, base64(sha256(manifest.json))
    checkpoint.txt          a signed note (C2SP tlog-checkpoint): the ledger's name, its size, its root
    key.vkey                the verifier key (C2SP signed-note vkey), one line
    records.jsonl           one JSON object a line: {"index": 17, "entry": base64, "proof": [base64, ...]}: a raw
                            record as the ledger keeps it, and the hashes from its leaf to the root (RFC 6962)
    proofs/HASH.tlog-proof  instead, or as well: C2SP tlog-proof@v1 of the record records/HASH, with HASH the hex of
                            the leaf hash; its checkpoint is checkpoint.txt
    records/HASH            the raw bytes of that record
    leaves.txt              optional: the leaf hash of every record of the ledger in hex, one a line, in its order
    populations/TABLE.csv   the frozen populations; where the last column is called record, it holds leaf hashes
    verdicts/CONTROL.txt    one line for each item of a control: M, D or U, a TAB, the item, a TAB, who wrote it
    audit.json              the audit: the digest of every population and of every control's verdicts

1. Every file of the manifest is there and unchanged, and nothing else is.
2. The manifest is signed by the key, when a signature is there.
3. The checkpoint is signed by the key.
4. Every raw record is in the ledger that the checkpoint seals, and the page that it names by its digest is here.
5. The leaf hashes give the root that the checkpoint seals, and every record that a population cites is among them.
6. The digests and counts of the audit follow from its populations and verdicts.
7. What cannot be checked here is said, and how to check it.

Exit codes: 0 everything that can be checked holds; 4 something does not; 2 it cannot be read at all.
"""

from __future__ import annotations

import base64
import binascii
import csv
import hashlib
import json
import os
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

LARGEST_FILE = 1 << 32  # bytes of one file; a package is far smaller, a bomb is not
LARGEST_TEXT = 1 << 26  # bytes of the manifest
PIECE = 1 << 20
ATTACHED = "application/vnd.asbuilt.attachment+json"  # of a record that names a file in attachments/


# What no file can prove about itself, and what to do about it.
LEFT = (
    (
        "That the ledger was not exchanged as a whole: compare checkpoint.txt with an older checkpoint that you or "
        "a witness kept (`asbuilt ledger verify --against FILE`), or with a timestamp over it."
    ),
    (
        "That everything was recorded: a ledger shows what was changed, not what was never told; reconcile the "
        "populations with the systems they come from."
    ),
    (
        "That this script is the published one: take verify.py from a release rather than from the package, or "
        "compare the two."
    ),
)


class Invalid(Exception):
    """Something does not hold; the text says what."""


class Key(NamedTuple):
    """A verifier key: the name in its signatures, the four bytes before them, and 32 bytes of Ed25519."""

    name: str
    key_id: bytes
    public: bytes


class Point(NamedTuple):
    """A point of the curve in extended coordinates: X/Z, Y/Z, T = XY/Z (RFC 8032, 5.1.4)."""

    x: int
    y: int
    z: int
    t: int


class Step(NamedTuple):
    """One line of the answer: its number, whether it holds (None: could not be checked), and what was found."""

    number: int
    holds: bool | None
    text: str


# --- Ed25519 (RFC 8032, section 5.1): slow, and only verifies, so it holds no secret

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is the key's over the message (RFC 8032, 5.1.7, without the cofactor).

    Refused are a scalar that is not below the order (5.1.7, step 1), coordinates that are not below the prime, and
    keys or points of small order, for which a signature would say nothing.
    """
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or _same(_times(8, a), ZERO):
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % L
    return _same(_times(s, BASE), _add(r, _times(k, a)))


def _add(p: Point, q: Point) -> Point:
    a, b = (p.y - p.x) * (q.y - q.x) % P, (p.y + p.x) * (q.y + q.x) % P
    c, d = 2 * p.t * q.t * D % P, 2 * p.z * q.z % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return Point(e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, p: Point) -> Point:
    q = ZERO
    while number:
        if number & 1:
            q = _add(q, p)
        p = _add(p, p)
        number >>= 1
    return q


def _same(p: Point, q: Point) -> bool:
    return (p.x * q.z - q.x * p.z) % P == 0 and (p.y * q.z - q.y * p.z) % P == 0


def _point(data: bytes) -> Point | None:
    """The point of 32 bytes (5.1.3); None when that is not its one way to be written, or is not on the curve."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return Point(x, y, 1, x * y % P)


ZERO = Point(0, 1, 1, 0)
_BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = _point(_BASE_Y.to_bytes(32, "little")) or ZERO


# --- Signed notes (c2sp.org/signed-note) and the tree (RFC 6962, RFC 9162)


def read_key(text: str) -> Key:
    """The key of a vkey line NAME+ID+KEY."""
    name, _, rest = text.strip().partition("+")
    stated, _, material = rest.partition("+")
    raw = _decoded(material, "key.vkey")
    if not name or len(raw) != 33 or raw[0] != 1:
        raise Invalid("key.vkey is no Ed25519 verifier key NAME+ID+KEY")
    own = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if own.hex() != stated:
        raise Invalid("key.vkey states another id than that of its key")
    return Key(name, own, raw[1:])


def open_note(data: bytes, key: Key, what: str) -> str:
    """The text of a note that the key signed."""
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(what + " is not UTF-8 text") from None
    at = whole.rfind("\n\n")
    if at < 0 or not whole.endswith("\n"):
        raise Invalid(what + " is no signed note")
    text, signed = whole[: at + 1], False
    for line in whole[at + 2 :].split("\n")[:-1]:
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014":
            raise Invalid(what + " has a line among its signatures that is none")
        raw = _decoded(parts[2], what)
        if parts[1] == key.name and raw[:4] == key.key_id:
            if not ed25519_holds(key.public, raw[4:], text.encode()):
                raise Invalid("the signature of " + key.name + " under " + what + " is false")
            signed = True
    if not signed:
        raise Invalid(what + " is not signed by the key of key.vkey")
    return text


def read_checkpoint(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint's text."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not (lines[1].isascii() and lines[1].isdigit() and len(lines[1]) < 20):
        raise Invalid("checkpoint.txt does not say origin, size and root")
    root = _decoded(lines[2], "checkpoint.txt")
    if len(root) != 32 or str(int(lines[1])) != lines[1]:
        raise Invalid("checkpoint.txt does not say origin, size and root")
    return lines[0], int(lines[1]), root


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a record in the tree (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\0" + entry).digest()


def root_from_path(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise Invalid(f"index {index} is not in a ledger of {size} records")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0 or len(p) != 32:
            raise Invalid(f"the proof of record {index} does not fit the ledger's size")
        if fn & 1 or fn == sn:
            r = hashlib.sha256(b"\1" + p + r).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\1" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Invalid(f"the proof of record {index} does not fit the ledger's size")
    return r


def _decoded(text: str, what: str) -> bytes:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(what + " holds what is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Invalid(what + " holds base64 with bits set that stand for nothing")
    return data


# --- The package


class Package:
    """The files of a zip or a folder, read and never written."""

    def __init__(self, path: str) -> None:
        self._zip: zipfile.ZipFile | None = None
        self._folder = Path(path)
        self.names: list[str] = []
        if self._folder.is_dir():
            for top, folders, files in os.walk(path):
                links = [name for name in folders if Path(top, name).is_symlink()]
                self.names += [Path(top, name).relative_to(path).as_posix() for name in files + links]
        else:
            self._zip = zipfile.ZipFile(path)
            self.names = [each.filename for each in self._zip.infolist() if not each.filename.endswith("/")]

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a file, a piece at a time."""
        total = 0
        path = self._folder / name
        if self._zip is None and path.is_symlink():
            raise Invalid(name + " is a link")
        with self._zip.open(name) if self._zip else path.open("rb") as file:
            while True:
                piece = file.read(PIECE)
                total += len(piece)
                if total > LARGEST_FILE:
                    raise Invalid(name + " is larger than a package may hold")
                if not piece:
                    return
                yield piece

    def read(self, name: str, largest: int = LARGEST_TEXT) -> bytes:
        """A whole file that must be small."""
        data = bytearray()
        for piece in self.pieces(name):
            data += piece
            if len(data) > largest:
                raise Invalid(name + " is larger than it may be")
        return bytes(data)

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, each in memory alone."""
        rest = b""
        for piece in self.pieces(name):
            parts = (rest + piece).split(b"\n")
            rest = parts.pop()
            yield from parts
        if rest:
            yield rest

    def digest(self, name: str) -> str:
        """The SHA-256 of a file, in hex."""
        digest = hashlib.sha256()
        for piece in self.pieces(name):
            digest.update(piece)
        return digest.hexdigest()


def verify_package(path: str, expected: str = "") -> list[Step]:
    """Every step, in order; ``expected`` is a vkey or a fingerprint that came by another channel."""
    try:
        package = Package(path)
        manifest_bytes = package.read("manifest.json")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, Invalid) as error:
        return [Step(0, False, f"This is no package: {error}.")]
    steps: list[Step] = []
    # (1) The files.
    steps += _check(1, lambda: _check_files(package, manifest_bytes))
    # (2), (3) What the key signed.
    key: list[Key] = []
    sealed: list[tuple[str, int, bytes]] = []

    def open_checkpoint() -> str:
        key.append(read_key(package.read("key.vkey", 4096).decode("utf-8", "replace")))
        note = package.read("checkpoint.txt", PIECE)
        sealed.append(read_checkpoint(open_note(note, key[0], "checkpoint.txt")))
        return f"The checkpoint of {sealed[0][0]} ({sealed[0][1]} records) is signed by the key of key.vkey."

    third = _check(3, open_checkpoint)
    steps += _check_manifest_signature(package, manifest_bytes, key) + third
    # (4) The records.
    if sealed:
        steps += _check(4, lambda: _check_records(package, sealed[0][1], sealed[0][2]))
    else:
        steps.append(Step(4, None, "Raw records: nothing to prove them against, the checkpoint does not hold."))
    # (5) The whole tree.
    if sealed and "leaves.txt" in package.names:
        steps += _check(5, lambda: check_leaves(package, sealed[0][1], sealed[0][2]))
    else:
        steps.append(Step(5, None, "The whole tree: the package does not list the leaf hashes of the ledger."))
    # (6) The audit itself.
    if "audit.json" in package.names:
        steps += _check(6, lambda: check_digests(package))
    else:
        steps.append(Step(6, None, "Digests: there is no audit.json."))
    # (7) What is left to a person.
    return steps + _left_to_a_person(package, expected)


def _check(number: int, act: Callable[[], str]) -> list[Step]:
    try:
        return [Step(number, True, act())]
    except Invalid as error:
        return [Step(number, False, f"{error}.")]
    except KeyError as error:
        return [Step(number, False, f"Missing: {error}.")]
    except (OSError, ValueError, RuntimeError, csv.Error, zipfile.BadZipFile, zlib.error) as error:
        return [Step(number, False, f"It cannot be read: {error}.")]


def _check_files(package: Package, manifest_bytes: bytes) -> str:
    told = _object(manifest_bytes, "manifest.json").get("files")
    if not isinstance(told, dict) or not all(isinstance(each, str) for each in told.values()):
        raise Invalid("manifest.json does not list files with their sha256")
    files: dict[str, str] = told
    wrong = [f"{name} is there twice" for name in sorted(set(package.names)) if package.names.count(name) > 1]
    there = set(package.names) - {"manifest.json", "manifest.sig"}
    wrong += [f"{name} is missing" for name in sorted(set(files) - there)]
    wrong += [f"{name} is not in the manifest" for name in sorted(there - set(files))]
    wrong += [f"{name} was changed" for name in sorted(there & set(files)) if package.digest(name) != files[name]]
    if wrong:
        more = f" (and {len(wrong) - 20} more)" if len(wrong) > 20 else ""
        raise Invalid("; ".join(wrong[:20]) + more)
    return f"All {len(files)} files of the manifest are there and unchanged, and nothing else is."


def _check_manifest_signature(package: Package, manifest_bytes: bytes, key: list[Key]) -> list[Step]:
    if "manifest.sig" not in package.names:
        text = "The manifest is not signed: that the reports are the company's own, ask who handed you the package."
        return [Step(2, None, text)]
    if not key:
        return [Step(2, None, "The manifest's signature: there is no key to check it with.")]

    def act() -> str:
        text = open_note(package.read("manifest.sig", PIECE), key[0], "manifest.sig")
        own = base64.b64encode(hashlib.sha256(manifest_bytes).digest()).decode()
        if text.split("\n") != ["asbuilt.package/v1", key[0].name, "manifest.json", own, ""]:
            raise Invalid("manifest.sig is signed, but over another manifest")
        return "The manifest is signed by the key of key.vkey."

    return _check(2, act)


def _check_records(package: Package, size: int, root: bytes) -> str:
    proved = 0
    if "records.jsonl" in package.names:
        for number, line in enumerate(package.lines("records.jsonl"), 1):
            what = f"records.jsonl:{number}"
            told = _object(line, what)
            index, entry, path = told.get("index"), told.get("entry"), told.get("proof")
            if type(index) is not int or not isinstance(entry, str) or not isinstance(path, list):
                raise Invalid(what + " does not have index, entry and proof")
            hashes = [_decoded(str(each), what) for each in path]
            if root_from_path(index, size, leaf_hash(_decoded(entry, what)), hashes) != root:
                raise Invalid(f"{what}: record {index} is not the one that the checkpoint seals")
            _check_page(package, _decoded(entry, what), what)
            proved += 1
    bodies = {name[8:] for name in package.names if name.startswith("records/")}
    proofs = {name[7:-11] for name in package.names if name.startswith("proofs/") and name.endswith(".tlog-proof")}
    for name in sorted(bodies ^ proofs):
        raise Invalid(f"record {name} stands without its proof, or a proof without its record")
    for name in sorted(proofs):
        _check_proof(package, name, size, root)
        proved += 1
    return f"All {proved} raw records are in the ledger that the checkpoint seals."


def _check_page(package: Package, entry: bytes, what: str) -> None:
    """A page that is too large for its record lies in attachments, under the digest that the record names."""
    header, _, payload = entry.partition(b"\n")
    if ATTACHED.encode() not in header or _object(header, what).get("media") != ATTACHED:
        return
    digest = _object(payload, what).get("sha256")
    name = f"attachments/{digest}"
    if name not in package.names or package.digest(name) != digest:
        raise Invalid(f"{what}: {name}, the page that it names, is missing or another")


def _check_proof(package: Package, name: str, size: int, root: bytes) -> None:
    what = f"proofs/{name}.tlog-proof"
    head, _, checkpoint = package.read(what, PIECE).partition(b"\n\n")
    lines = head.decode("utf-8", "replace").split("\n")
    at = 2 if len(lines) > 1 and lines[1].startswith("extra ") else 1
    index = lines[at][6:] if len(lines) > at and lines[at].startswith("index ") else ""
    if lines[0] != "c2sp.org/tlog-proof@v1" or not (index.isascii() and index.isdigit() and len(index) < 20):
        raise Invalid(what + " is no tlog-proof@v1")
    if checkpoint != package.read("checkpoint.txt", PIECE):
        raise Invalid(what + " holds another checkpoint than checkpoint.txt")
    leaf = leaf_hash(package.read("records/" + name, LARGEST_FILE))
    hashes = [_decoded(line, what) for line in lines[at + 1 :]]
    if leaf.hex() != name or root_from_path(int(index), size, leaf, hashes) != root:
        raise Invalid(f"record {name} is not the one that the checkpoint seals")


def check_leaves(package: Package, size: int, root: bytes) -> str:
    """Build the tree again from its leaves (RFC 6962, 2.1), and look up what the populations cite."""
    leaves: list[bytes] = []
    for number, line in enumerate(package.lines("leaves.txt"), 1):
        try:
            leaf = bytes.fromhex(line.decode("ascii"))
        except ValueError:
            leaf = b""
        if len(leaf) != 32:
            raise Invalid(f"leaves.txt:{number} is no leaf hash")
        leaves.append(leaf)
    if len(leaves) != size:
        raise Invalid(f"leaves.txt lists {len(leaves)} records, and the checkpoint seals {size}")
    if tree_root(leaves) != root:
        raise Invalid("the leaf hashes do not give the root that the checkpoint seals")
    known = {leaf.hex() for leaf in leaves}
    cited = 0
    for name in sorted(package.names):
        if name.startswith("populations/") and name.endswith(".csv"):
            cited += _check_citations(package, name, known)
    return f"The leaf hashes give the checkpoint's root, and all {cited} records that populations cite are there."


def tree_root(leaves: list[bytes]) -> bytes:
    """The root over leaf hashes (RFC 6962, 2.1)."""
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        height, top = 0, leaf
        while peaks and peaks[-1][0] == height:
            top = hashlib.sha256(b"\1" + peaks.pop()[1] + top).digest()
            height += 1
        peaks.append((height, top))
    if not peaks:
        return hashlib.sha256(b"").digest()
    top = peaks.pop()[1]
    while peaks:
        top = hashlib.sha256(b"\1" + peaks.pop()[1] + top).digest()
    return top


def _check_citations(package: Package, name: str, known: set[str]) -> int:
    lines = (line.decode("utf-8") for line in _whole_lines(package, name))
    rows = csv.reader(lines, strict=True)
    heads = next(rows, [])
    if not heads or heads[-1] != "record":
        return 0
    cited = 0
    for number, row in enumerate(rows, 2):
        if len(row) != len(heads):
            raise Invalid(f"{name}: row {number} has {len(row)} fields, and there are {len(heads)} columns")
        if row[-1]:
            cited += 1
            if row[-1] not in known:
                raise Invalid(f"{name}: row {number} cites a record that is not in the ledger")
    return cited


def _whole_lines(package: Package, name: str) -> Iterator[bytes]:
    """Lines with their ends: a field may hold a line break."""
    return (line + b"\n" for line in package.lines(name))


def check_digests(package: Package) -> str:
    """Compute every digest of the audit again from what lies beside it."""
    told = _object(package.read("audit.json", LARGEST_FILE), "audit.json")
    populations = _objects(told.get("populations"), "audit.json: populations")
    for each in populations:
        name = f"populations/{each.get('table')}.csv"
        if package.digest(name) != each.get("sha256"):
            raise Invalid(f"{name} is not the population that the audit was made on")
    results = _objects(told.get("results"), "audit.json: results")
    for each in results:
        _check_verdicts(package, each)
    return f"{len(populations)} populations and the verdicts of {len(results)} controls give the audit's digests."


def _check_verdicts(package: Package, result: dict[str, object]) -> None:
    """Two digests: of the items and who wrote them, then of that digest and the letters."""
    name = f"verdicts/{result.get('control')}.txt"
    items, letters = hashlib.sha256(), bytearray()
    for number, line in enumerate(package.lines(name), 1):
        if line[:1] not in (b"M", b"D", b"U") or line[1:2] != b"\t":
            raise Invalid(f"{name}:{number} does not begin with M, D or U and a TAB")
        items.update(line[2:] + b"\n")
        letters += line[:1]
    digest = hashlib.sha256(items.hexdigest().encode() + b"\n" + bytes(letters)).hexdigest()
    if items.hexdigest() != result.get("population_digest") or digest != result.get("digest"):
        raise Invalid(f"{name} does not give the digests that the audit states")
    counts = {word: letters.count(word[:1].upper().encode()) for word in ("met", "deviation", "unknown")}
    if counts != result.get("counts") or len(letters) != result.get("count"):
        raise Invalid(f"{name} does not give the counts that the audit states")


def _objects(value: object, what: str) -> list[dict[str, object]]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Invalid(what + " is no list of objects")
    return value


def _left_to_a_person(package: Package, expected: str) -> list[Step]:
    """What no file can prove about itself."""
    vkey = ""
    if "key.vkey" in package.names:
        vkey = package.read("key.vkey", 4096).decode("utf-8", "replace").strip()
    digest = hashlib.sha256(vkey.encode()).hexdigest()
    if not expected:
        shown = " ".join(digest[at : at + 8] for at in range(0, 64, 8))
        whose = Step(
            7, None, "Whose key it is: compare its fingerprint with the company by another channel: " + shown
        )
    elif expected.strip() == vkey or "".join(expected.split()).lower() == digest:
        whose = Step(7, True, "The key is the one that you named.")
    else:
        whose = Step(7, False, "The key is another one than you named: its fingerprint is " + digest + ".")
    return [whose, *(Step(7, None, text) for text in LEFT)]


def _object(data: bytes, what: str) -> dict[str, object]:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Invalid(what + " says something twice")
        return found

    try:
        told = json.loads(data.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Invalid(what + " is no JSON object")
    return told


def main(words: list[str]) -> int:
    """Print one line a step; give the exit code."""
    if not 1 <= len(words) <= 2 or words[0] in ("-h", "--help"):
        sys.stdout.write("usage: python3 verify.py PACKAGE.zip|FOLDER [VKEY|FINGERPRINT]\n")
        return 2
    steps = verify_package(*words)
    for step in steps:
        word = {True: "holds", False: "FAILS", None: "not checked here"}[step.holds]
        line = f"{step.number}. {word}: {step.text}"
        sys.stdout.write("".join(each if each.isprintable() else ascii(each)[1:-1] for each in line) + "\n")
    if steps[0].number == 0:
        return 2
    return 4 if any(step.holds is False for step in steps) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
