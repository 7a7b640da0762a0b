"""Verify an evidence package with the library: the same steps as the stand-alone script, by other code.

The layout is told at the top of ``reports/package/verify.py``. That script needs nothing but Python and is what an
auditor runs; this is the second opinion: its signatures are checked by ``cryptography``, its proofs by ``ledger``.
"""

import csv
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from asbuilt.app.ledger_checks import read_key
from asbuilt.ledger.checkpoints import Checkpoint, verify_checkpoint
from asbuilt.ledger.merkle import leaf_hash, verify_inclusion
from asbuilt.ledger.notes import VerifierKey, decode_base64, parse_note, parse_vkey, verify_note
from asbuilt.ledger.tlog_proof import SUFFIX, parse_tlog_proof, verify_tlog_proof
from asbuilt.model.errors import AsBuiltError, LedgerError, UsageError
from asbuilt.reports.package.verify import LEFT, Invalid, Package, check_digests, check_leaves

FORMAT = "asbuilt.package/v1"
SCHEMA = "asbuilt.package-check/v1"
UNLISTED = {"manifest.json", "manifest.sig"}
MOST_NAMED = 20


class Step(msgspec.Struct, frozen=True):
    """One step: whether it holds (None: it could not be checked here), and what was found."""

    number: int
    holds: bool | None
    text: str


class PackageCheck(msgspec.Struct, frozen=True):
    """The steps of a verification, in order."""

    schema: str
    package: str
    holds: bool
    steps: tuple[Step, ...]


def verify_package(path: Path, *, key: str | None = None) -> PackageCheck:
    """Verify a package.

    1. Every file of the manifest is there and unchanged, and nothing else is.
    2. The manifest is signed by the key, when a signature is there.
    3. The checkpoint is signed by the key.
    4. Every raw record is in the ledger that the checkpoint seals.
    5. The leaf hashes give the root of the checkpoint, and every record that a population cites is among them.
    6. The digests and counts of the audit follow from its populations and verdicts.
    7. What cannot be checked here is said, and how to check it.

    Args:
        path: the zip, or the folder that it was unpacked into.
        key: a verifier key, its file or its fingerprint, that came by another channel.

    Raises:
        UsageError: there is no package there.
    """
    try:
        package = Package(str(path))
        manifest = package.read("manifest.json")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, Invalid) as error:
        raise UsageError(
            f"{str(path)!r} is no evidence package.",
            why=f"{error}.",
            fix="Name the zip that `asbuilt audit --package` wrote.",
        ) from error
    check = _Check(package, manifest)
    steps = [
        # (1) The files.
        check.step(1, check.files),
        # (2) The manifest, (3) the checkpoint.
        check.manifest_step(),
        check.step(3, check.checkpoint),
        # (4) The records.
        check.step(4, check.records)
        if check.sealed
        else Step(4, None, "Raw records: no checkpoint to prove them by."),
        # (5) The tree, (6) the digests.
        check.tree_step(),
        check.digest_step(),
        # (7) What is left to a person.
        check.whose_key(key),
        *(Step(7, None, text) for text in LEFT),
    ]
    return PackageCheck(SCHEMA, str(path), all(step.holds is not False for step in steps), tuple(steps))


class _Check:
    """A package while it is verified: what earlier steps found serves later ones."""

    def __init__(self, package: Package, manifest: bytes) -> None:
        self.package = package
        self.manifest = manifest
        self.sealed: Checkpoint | None = None
        self.key: VerifierKey | None = None
        if "key.vkey" in package.names:
            try:
                self.key = parse_vkey(package.read("key.vkey", 4096).decode("utf-8", "replace"))
            except (UsageError, Invalid):
                self.key = None

    def step(self, number: int, act: Callable[[], str]) -> Step:
        """Take a step; whatever does not hold is its text."""
        try:
            return Step(number, True, act())
        except AsBuiltError as error:
            return Step(number, False, " ".join(part for part in (error.what, error.why) if part))
        except (
            Invalid,
            KeyError,
            OSError,
            ValueError,
            RuntimeError,
            csv.Error,
            zipfile.BadZipFile,
            zlib.error,
        ) as error:
            return Step(number, False, f"{error}.")

    def tree_step(self) -> Step:
        """Step 5, by the script's own code: it is plain hashing."""
        sealed = self.sealed
        if sealed is None or "leaves.txt" not in self.package.names:
            return Step(5, None, "The whole tree: the package does not list the leaf hashes of the ledger.")
        return self.step(5, lambda: check_leaves(self.package, sealed.size, sealed.root))

    def digest_step(self) -> Step:
        """Step 6, by the script's own code."""
        if "audit.json" not in self.package.names:
            return Step(6, None, "Digests: there is no audit.json.")
        return self.step(6, lambda: check_digests(self.package))

    def files(self) -> str:
        """Step 1."""
        told = _object(self.manifest, "manifest.json").get("files")
        if not isinstance(told, dict) or not all(isinstance(each, str) for each in told.values()):
            raise LedgerError("manifest.json does not list files with their sha256.")
        names = self.package.names
        there = set(names) - UNLISTED
        wrong = [f"{name} is there twice" for name in sorted(set(names)) if names.count(name) > 1]
        wrong += [f"{name} is missing" for name in sorted(set(told) - there)]
        wrong += [f"{name} is not in the manifest" for name in sorted(there - set(told))]
        wrong += [f"{name} was changed" for name in sorted(there & set(told)) if self._digest(name) != told[name]]
        if wrong:
            more = f" (and {len(wrong) - MOST_NAMED} more)" if len(wrong) > MOST_NAMED else ""
            raise LedgerError("; ".join(wrong[:MOST_NAMED]) + more + ".")
        return f"All {len(told)} files of the manifest are there and unchanged, and nothing else is."

    def manifest_step(self) -> Step:
        """Step 2."""
        if "manifest.sig" not in self.package.names:
            return Step(2, None, "The manifest is not signed: ask who handed you the package whether it is theirs.")
        if self.key is None:
            return Step(2, None, "The manifest's signature: there is no key to check it with.")
        return self.step(2, self._signed_manifest)

    def checkpoint(self) -> str:
        """Step 3."""
        key = self._known_key()
        note = self.package.read("checkpoint.txt")
        self.sealed = verify_checkpoint(note, origin=key.name, keys=(key,))
        return f"The checkpoint of {key.name} ({self.sealed.size} records) is signed by the key of key.vkey."

    def records(self) -> str:
        """Step 4."""
        assert self.sealed is not None  # noqa: S101 - the caller looked
        proved = 0
        if "records.jsonl" in self.package.names:
            for number, line in enumerate(self.package.lines("records.jsonl"), 1):
                self._prove_line(line, f"records.jsonl:{number}", self.sealed)
                proved += 1
        bodies = self._named("records/", "")
        proofs = self._named("proofs/", SUFFIX)
        for name in sorted(bodies ^ proofs):
            raise LedgerError(f"Record {name} stands without its proof, or a proof without its record.")
        for name in sorted(proofs):
            self._prove_file(name)
            proved += 1
        return f"All {proved} raw records are in the ledger that the checkpoint seals."

    def whose_key(self, expected: str | None) -> Step:
        """Step 7, the first line of it."""
        if self.key is None:
            return Step(7, None, "Whose key it is: there is none that can be read.")
        if expected is None:
            text = "Whose key it is: compare its fingerprint with the company by another channel: "
            return Step(7, None, text + self.key.fingerprint)
        digits = "".join(expected.split()).lower()
        same = (
            digits == self.key.fingerprint.replace(" ", "") if len(digits) == 64 else read_key(expected) == self.key
        )
        if same:
            return Step(7, True, "The key is the one that you named.")
        return Step(7, False, f"The key is another one than you named: its fingerprint is {self.key.fingerprint}.")

    def _known_key(self) -> VerifierKey:
        if self.key is None:
            raise LedgerError("key.vkey holds no verifier key.")
        return self.key

    def _signed_manifest(self) -> str:
        key = self._known_key()
        note = parse_note(self.package.read("manifest.sig"))
        verify_note(note, [key])
        head, _, digest = note.text[:-1].rpartition("\n")
        if (
            head != f"{FORMAT}\n{key.name}\nmanifest.json"
            or decode_base64(digest) != sha256(self.manifest).digest()
        ):
            raise LedgerError("manifest.sig is signed, but over another manifest.")
        return "The manifest is signed by the key of key.vkey."

    def _prove_line(self, line: bytes, where: str, sealed: Checkpoint) -> None:
        told = _object(line, where)
        index, entry, path = told.get("index"), told.get("entry"), told.get("proof")
        if type(index) is not int or not isinstance(entry, str) or not isinstance(path, list):
            raise LedgerError(f"{where} does not have index, entry and proof.")
        hashes = [decode_base64(str(each)) for each in path]
        try:
            verify_inclusion(index, sealed.size, leaf_hash(decode_base64(entry)), hashes, sealed.root)
        except LedgerError as error:
            raise LedgerError(
                f"{where}: record {index} is not the one that the checkpoint seals. {error.what}"
            ) from error

    def _prove_file(self, name: str) -> None:
        key = self._known_key()
        data = self.package.read(f"proofs/{name}{SUFFIX}")
        if parse_tlog_proof(data).checkpoint != self.package.read("checkpoint.txt"):
            raise LedgerError(f"proofs/{name}{SUFFIX} holds another checkpoint than checkpoint.txt.")
        leaf = leaf_hash(self.package.read(f"records/{name}"))
        if leaf.hex() != name:
            raise LedgerError(f"Record {name} is not the one that the checkpoint seals.")
        verify_tlog_proof(data, leaf, origin=key.name, keys=[key])

    def _named(self, before: str, after: str) -> set[str]:
        return {
            name[len(before) : len(name) - len(after)]
            for name in self.package.names
            if name.startswith(before) and name.endswith(after)
        }

    def _digest(self, name: str) -> str:
        digest = sha256()
        for piece in self.package.pieces(name):
            digest.update(piece)
        return digest.hexdigest()


def _object(data: bytes, what: str) -> dict[str, Any]:
    try:
        told = json.loads(data.decode("utf-8"), object_pairs_hook=lambda pairs: _once(pairs, what))
    except (ValueError, RecursionError) as error:
        raise LedgerError(f"{what} is no JSON object.") from error
    if not isinstance(told, dict):
        raise LedgerError(f"{what} is no JSON object.")
    return told


def _once(pairs: Iterable[tuple[str, object]], what: str) -> dict[str, object]:
    listed = list(pairs)
    found = dict(listed)
    if len(found) != len(listed):
        raise LedgerError(f"{what} says something twice.")
    return found
