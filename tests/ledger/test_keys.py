"""The signing key: made once, read by its owner alone."""

import os
from pathlib import Path

import pytest

from asbuilt.ledger.keys import KEY, PUBLIC, generate_key, key_from_seed, load_key, make_key, written_time
from asbuilt.ledger.notes import parse_note, parse_vkey, sign_note, verify_note
from asbuilt.model.errors import LedgerError, UsageError

NAME = "example.com/log/testdata"
# github.com/transparency-dev/tessera, testdata/build_log.sh: a key as Go's note package writes it, and its public half.
PRIVATE = "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"
PUBLIC_HALF = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / KEY
    path.write_text(text, "ascii")
    path.chmod(mode)
    return path


def test_a_key_is_made_for_its_owner_alone_and_read_again(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = make_key(tmp_path, NAME)
    finally:
        os.umask(before)
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / PUBLIC).read_text("ascii") == made.verifier.text + "\n"
    assert load_key(tmp_path) == made
    assert make_key(tmp_path, NAME, file="other").verifier != made.verifier


def test_a_key_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    made = make_key(tmp_path, NAME)
    with pytest.raises(LedgerError, match="a signing key already"):
        make_key(tmp_path, NAME)
    assert load_key(tmp_path) == made


def test_a_link_is_followed_neither_to_write_nor_to_read(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / KEY).symlink_to(elsewhere)
    with pytest.raises(LedgerError, match="a signing key already"):
        make_key(tmp_path, NAME)
    assert not elsewhere.exists()
    with pytest.raises(OSError, match="symbolic links"):
        load_key(tmp_path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610, 0o601])
def test_a_key_that_others_can_reach_is_not_used(tmp_path: Path, mode: int) -> None:
    make_key(tmp_path, NAME)
    (tmp_path / KEY).chmod(mode)
    with pytest.raises(UsageError, match="can be read by others") as caught:
        load_key(tmp_path)
    assert f"{mode:04o}" in caught.value.why
    assert "chmod 600" in caught.value.fix


def test_a_key_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not here"):
        load_key(tmp_path)


def test_the_format_is_that_of_other_tools(tmp_path: Path) -> None:
    written(tmp_path, PRIVATE + "\n")
    key = load_key(tmp_path)
    assert key.verifier.text == PUBLIC_HALF
    # Ed25519 has one signature of a text: it is the one that the published log bears.
    checkpoint = Path(__file__).parents[1] / "vectors" / "tessera" / "checkpoint.15"
    text = parse_note(checkpoint.read_bytes()).text
    assert sign_note(text, key) == checkpoint.read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00" * 40,
        PRIVATE[:-4],
        PRIVATE.replace("33d7b496", "33d7b497"),
        PRIVATE.replace("PRIVATE", "PUBLIC"),
        PRIVATE.replace("+Aey", "+Bey"),
        PRIVATE.replace("example.com/log/testdata", "exa mple"),
        PUBLIC_HALF,
    ],
)
def test_a_damaged_key_is_refused(tmp_path: Path, text: str) -> None:
    written(tmp_path, text)
    with pytest.raises(LedgerError, match="damaged"):
        load_key(tmp_path)


def test_a_name_that_no_signature_can_bear_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        make_key(tmp_path, "two words")
    assert list(tmp_path.iterdir()) == []


def test_the_seed_is_never_shown() -> None:
    key = key_from_seed(NAME, b"\x07" * 32)
    for text in (repr(key), str(key), f"{key}", repr([key])):
        assert "\\x07" not in text
        assert "BwcH" not in text
    assert generate_key(NAME) != generate_key(NAME)


def test_a_signature_verifies_with_the_published_half(tmp_path: Path) -> None:
    key = make_key(tmp_path, NAME)
    public = parse_vkey((tmp_path / PUBLIC).read_text("ascii"))
    assert verify_note(parse_note(sign_note("text\n", key)), [public]) == (public,)
    assert written_time(0) == "1970-01-01T00:00:00Z"
