"""From a list of components to the control that asks for it: bound to its artefact, to another, or not told of."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from asbuilt.app.attestations import read_attestation_files, record_attestations, trusted_from
from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record import record_file
from asbuilt.app.record_sbom import Document, project_name, read_documents, record_documents
from asbuilt.app.sbom import make_bill, name_artifact
from asbuilt.app.taking import Taking
from asbuilt.catalogue.controls import FOLDER, read_control
from asbuilt.catalogue.criteria import load_criteria
from asbuilt.engine.audit import test_controls as judge
from asbuilt.engine.duck import DuckFacts
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.record import decode_entry
from asbuilt.model.window import Window
from asbuilt.reports.sbom_cyclonedx import sbom_cyclonedx
from asbuilt.reports.sbom_spdx import sbom_spdx
from tests.facts.telling import facts_of, moment, rows_of
from tests.history.attestations.signing import pem
from tests.repos import Repo

NOW = moment("2026-07-02")
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    return tmp_path / "ledger"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "shop")
    repo.write("requirements.txt", "a==1.0\nb==2.0\n").commit("First")
    return repo


def provenance(digest: str) -> bytes:
    kind, _, value = digest.partition(":")
    statement = json.dumps(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "predicateType": "https://slsa.dev/provenance/v1",
            "subject": [{"name": "shop", "digest": {kind: value}}],
            "predicate": {},
        }
    ).encode()
    media = b"application/vnd.in-toto+json"
    message = b"DSSEv1 %d %s %d %s" % (len(media), media, len(statement), statement)
    signature = base64.b64encode(KEY.sign(message)).decode()
    told = {"payloadType": media.decode(), "payload": base64.b64encode(statement).decode()}
    return json.dumps(told | {"signatures": [{"sig": signature}]}).encode()


def test_each_release_is_judged_by_the_list_that_names_its_artefact(
    tmp_path: Path, repo: Repo, ledger: Path
) -> None:
    wheel = tmp_path / "shop-1.0.whl"
    wheel.write_bytes(b"built")
    own = name_artifact(str(wheel), "1.0")
    assert own.digest == f"sha256:{hashlib.sha256(b'built').hexdigest()}"
    document = sbom_cyclonedx(make_bill(repo.path, artifact=own))
    for release, listed in (("1.0", document), ("2.0", document)):  # one list, which can be of one artefact alone
        record_documents([Document("sbom.json", listed)], "acme/shop", release, Origin(), Taking(ledger, now=NOW))
    statement, key = tmp_path / "build.json", tmp_path / "key.pem"
    statement.write_bytes(provenance(own.digest))
    key.write_bytes(pem(KEY))
    found = read_attestation_files([statement], trusted_from([key]))
    record_attestations(found, [statement], "acme/shop", Origin(), Taking(ledger, now=NOW))
    releases = tmp_path / "releases.jsonl"
    told = {"repository": "acme/shop", "released_at": "2026-03-01T00:00:00Z", "ships_models": False}
    digests = {"1.0": own.digest, "2.0": f"sha256:{'2' * 64}", "3.0": f"sha256:{'3' * 64}"}
    releases.write_text(
        "\n".join(json.dumps(told | {"release": name, "artifact_digest": each}) for name, each in digests.items())
    )
    origin = Origin(source="pipeline", by="ana", covers="2026-01-01..2026-07-01")
    record_file("releases", str(releases), "jsonl", origin, Taking(ledger, now=NOW))
    with open_ledger(ledger, read_only=True) as opened:
        records = [decode_entry(entry) for entry in opened.entries()]
        assert opened.attachment(hashlib.sha256(document).hexdigest()) == document
    control = read_control(FOLDER / "CHG-15.md", load_criteria().keys())
    window = Window(moment("2026-01-01"), moment("2026-07-01"))
    with facts_of(records, only=["release_checks"]) as store:
        (tested,) = judge(DuckFacts(store.connection, store.tables), [control], window, now=NOW)
        rows = {row["release"]: row for row in rows_of(store, "release_checks")}
    assert tested.result.counts == {"met": 1, "deviation": 1, "unknown": 1}
    assert {own.item: own.outcome.value for own in tested.result.verdicts} == {
        "acme/shop | 2.0": "deviation",
        "acme/shop | 3.0": "unknown",
    }
    assert rows["1.0"]["signature_verified"] is True
    assert rows["2.0"]["sbom_artifact_digest"] == own.digest


def test_recording_it_again_adds_nothing(repo: Repo, ledger: Path) -> None:
    document = Document("sbom.json", sbom_spdx(make_bill(repo.path, artifact=name_artifact(f"sha256:{'a' * 64}"))))
    first = record_documents([document], "acme/shop", None, Origin(), Taking(ledger, now=NOW))
    again = record_documents([document], "acme/shop", None, Origin(), Taking(ledger, now=NOW))
    assert (first.rows, first.files, again.new) == ({"sboms": 1}, 1, 0)
    assert "names the artefact sha256:aaaa" in first.notes[0]


def test_a_list_of_another_program_without_a_digest_says_so(tmp_path: Path, ledger: Path) -> None:
    file = tmp_path / "theirs.json"
    file.write_text('{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"name": "a"}]}')
    done = record_documents(read_documents([str(file)]), "acme/shop", "1.0", Origin(), Taking(ledger, now=NOW))
    assert "names no artefact" in done.notes[0]


def test_nothing_is_recorded_of_what_is_no_list(ledger: Path) -> None:
    with pytest.raises(SourceError):
        record_documents([Document("x", b"{}")], "acme/shop", None, Origin(), Taking(ledger, now=NOW))
    with open_ledger(ledger, read_only=True) as opened:
        assert opened.size == 0


def test_an_artefact_is_a_digest_or_a_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        name_artifact(str(tmp_path / "nothing"))
    with pytest.raises(SourceError, match="no digest"):
        name_artifact("sha256:12")


def test_the_project_is_what_a_remote_tells_else_the_folder(repo: Repo) -> None:
    assert project_name(str(repo.path)) == "shop"
    repo.git("remote", "add", "origin", "https://github.com/acme/shop.git")
    assert project_name(str(repo.path)) == "acme/shop"
