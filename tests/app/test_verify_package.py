"""A package verified with the library: it says what the stand-alone script says, about whole and forged packages."""

from pathlib import Path

import pytest

from asbuilt.app.verify_package import verify_package
from asbuilt.ledger.keys import key_from_seed
from asbuilt.model.errors import UsageError
from asbuilt.reports.package.verify import verify_package as verify_alone
from tests.reports.package.test_verify import FORGERIES, ORIGIN, contents, key, with_manifest, zipped

Verdicts = list[tuple[int, bool | None]]


def ours(path: str) -> Verdicts:
    return [(step.number, step.holds) for step in verify_package(Path(path)).steps]


def script(path: str) -> Verdicts:
    return [(step.number, step.holds) for step in verify_alone(path)]


@pytest.mark.parametrize("single_proofs", [False, True])
@pytest.mark.parametrize("signed", [False, True])
def test_a_whole_package_holds(tmp_path: Path, single_proofs: bool, signed: bool) -> None:
    path = zipped(tmp_path / "a.zip", contents(single_proofs=single_proofs, signed=signed))
    found = verify_package(Path(path))
    assert found.holds
    assert ours(path) == script(path)
    assert [step.text for step in found.steps[2:4]] == [step.text for step in verify_alone(path)[2:4]]
    assert key().verifier.fingerprint in found.steps[6].text


@pytest.mark.parametrize("name", FORGERIES)
def test_both_find_a_forgery_at_the_same_step(tmp_path: Path, name: str) -> None:
    number, text, change = FORGERIES[name]
    path = zipped(tmp_path / "a.zip", change(contents()))
    found = verify_package(Path(path))
    assert not found.holds
    assert ours(path) == script(path)
    assert number in [step.number for step in found.steps if step.holds is False]
    if number == 1:
        assert text in " ".join(step.text for step in found.steps)


@pytest.mark.parametrize("single_proofs", [False, True])
def test_both_say_the_same_of_every_changed_byte(tmp_path: Path, single_proofs: bool) -> None:
    """With its manifest made anew, so that only what is signed or proved can tell."""
    files = contents(single_proofs=single_proofs, records=3)
    for name, data in files.items():
        if name.startswith("manifest."):
            continue
        for at in range(0, len(data), 11):
            changed = files | {name: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]}
            path = zipped(tmp_path / "a.zip", with_manifest(changed, signed=False))
            assert ours(path) == script(path), (name, at)


def test_the_key_is_compared_with_what_came_by_another_channel(tmp_path: Path) -> None:
    path = Path(zipped(tmp_path / "a.zip", contents()))
    (tmp_path / "vkey").write_text(key().verifier.text)
    for named in (key().verifier.text, str(tmp_path / "vkey"), key().verifier.fingerprint):
        found = verify_package(path, key=named)
        assert (found.holds, found.steps[6].holds) == (True, True)
    other = key_from_seed(ORIGIN, bytes(32)).verifier
    for named in (other.text, other.fingerprint):
        assert not verify_package(path, key=named).holds
    with pytest.raises(UsageError, match="no verifier key"):
        verify_package(path, key="nonsense")


def test_a_proof_without_its_record_and_a_false_proof_are_named(tmp_path: Path) -> None:
    files = contents(single_proofs=True)
    record = next(name for name in files if name.startswith("records/"))
    lonely = with_manifest({name: data for name, data in files.items() if name != record})
    path = zipped(tmp_path / "a.zip", lonely)
    assert ours(path) == script(path)
    assert "without its record" in verify_package(Path(path)).steps[3].text
    other = zipped(tmp_path / "b.zip", with_manifest(files | {record: b"another"}))
    assert ours(other) == script(other)
    assert verify_package(Path(other)).steps[3].holds is False


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + bytes(40)])
def test_what_is_no_package_is_told_so(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(UsageError, match="no evidence package"):
        verify_package(tmp_path / "a.zip")
    with pytest.raises(UsageError, match="no evidence package"):
        verify_package(tmp_path / "nowhere")
