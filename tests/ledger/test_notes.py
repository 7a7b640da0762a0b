"""Signed notes: the published example, what is refused, and whose signature counts."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.ledger.keys import SigningKey, key_from_seed
from asbuilt.ledger.notes import (
    COSIGNATURE,
    MOST_SIGNATURES,
    Note,
    VerifierKey,
    check_name,
    decode_base64,
    parse_note,
    parse_signature,
    parse_vkey,
    sign_note,
    signature_holds,
    verify_note,
)
from asbuilt.model.errors import LedgerError, UsageError

# c2sp.org/signed-note, "Example".
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def key(number: int = 1, name: str = "example.com/log") -> SigningKey:
    return key_from_seed(name, bytes([number]) * 32)


def test_the_example_of_the_specification() -> None:
    note = parse_note(EXAMPLE.encode())
    assert verify_note(note, [parse_vkey(VKEY)]) == (parse_vkey(VKEY),)
    assert note.text == "This is an example message.\n"
    assert note.encode() == EXAMPLE.encode()
    assert parse_vkey(VKEY).text == VKEY


def test_the_example_with_another_text_is_refused() -> None:
    note = parse_note(EXAMPLE.replace("example message", "other message").encode())
    with pytest.raises(LedgerError, match="is false"):
        verify_note(note, [parse_vkey(VKEY)])


TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]) | st.just("\n")).map(lambda text: text + "\n")


@given(TEXTS, st.lists(st.integers(1, 5), min_size=1, max_size=4, unique=True))
def test_what_is_signed_verifies_for_each_of_its_signers(text: str, numbers: list[int]) -> None:
    signers = [key(number) for number in numbers]
    note = parse_note(sign_note(text, *signers))
    assert note.text == text
    assert note.encode() == sign_note(text, *signers)
    assert verify_note(note, [each.verifier for each in signers]) == tuple(each.verifier for each in signers)
    for each in signers:
        assert verify_note(note, [each.verifier]) == (each.verifier,)


@given(st.integers(0, 511))
def test_no_bit_of_a_signature_may_change(bit: int) -> None:
    note = parse_note(sign_note("text\n", key()))
    value = bytearray(note.signatures[0].value)
    value[bit // 8] ^= 1 << bit % 8
    changed = Note(note.text, (type(note.signatures[0])("example.com/log", key().verifier.key_id, bytes(value)),))
    with pytest.raises(LedgerError, match="is false"):
        verify_note(changed, [key().verifier])


def test_unknown_keys_are_passed_over_but_somebody_must_be_known() -> None:
    note = parse_note(sign_note("text\n", key(1), key(2)))
    assert verify_note(note, [key(2).verifier, key(3).verifier]) == (key(2).verifier,)
    with pytest.raises(LedgerError, match="No known key") as caught:
        verify_note(note, [key(3).verifier])
    assert key(1).verifier.key_id.hex() in caught.value.why
    same_name = VerifierKey(key(1).verifier.name, key(3).verifier.public)
    with pytest.raises(LedgerError, match="No known key"):
        verify_note(note, [same_name])


def test_one_false_signature_of_a_known_key_spoils_the_note() -> None:
    good, other = parse_note(sign_note("text\n", key(1))), parse_note(sign_note("else\n", key(2)))
    mixed = Note(good.text, good.signatures + other.signatures)
    with pytest.raises(LedgerError, match="is false"):
        verify_note(mixed, [key(1).verifier, key(2).verifier])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\n",
        "text\n— name AAAAAAA=\n".encode(),
        "text\n\n— name AAAAAAA=".encode(),
        b"text\n\n- name AAAAAAA=\n",
        "text\n\n— name AAAA=\n".encode(),
        "text\n\n— name AAAAAA==\n".encode(),  # four bytes: an id and no signature
        "text\n\n— na+me AAAAAAA=\n".encode(),
        "text\n\n—  AAAAAAA=\n".encode(),
        "text\n\n— na\u00a0me AAAAAAA=\n".encode(),
        "te\x1bxt\n\n— name AAAAAAA=\n".encode(),
        "te\rxt\n\n— name AAAAAAA=\n".encode(),
        b"\xff\n\n" + "— name AAAAAAA=\n".encode(),
        ("text\n\n" + "— name AAAAAAA=\n" * (MOST_SIGNATURES + 1)).encode(),
        ("x" * (1 << 20) + "\n\n— name AAAAAAA=\n").encode(),
    ],
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(LedgerError, match="no signed note"):
        parse_note(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_note_or_refused(data: bytes) -> None:
    try:
        note = parse_note(data)
    except LedgerError:
        return
    assert note.encode() == data


def test_sixteen_signatures_and_empty_lines_in_the_text_are_taken() -> None:
    signers = [key(number) for number in range(1, 17)]
    note = parse_note(sign_note("one\n\n\nfour\n", *signers))
    assert note.text == "one\n\n\nfour\n"
    assert len(verify_note(note, [each.verifier for each in signers])) == 16


@pytest.mark.parametrize("text", ["", "no newline", "bell\a\n"])
def test_what_no_note_may_hold_is_not_signed(text: str) -> None:
    with pytest.raises(UsageError):
        sign_note(text, key())


@pytest.mark.parametrize(
    ("vkey", "said"),
    [
        ("", "no verifier key"),
        ("example.com/foo", "no verifier key"),
        (VKEY[:-4], "no verifier key"),
        (VKEY.replace("530d903a", "530d903b"), "does not have the id"),
        (VKEY.replace("530d903a", "xyz"), "no verifier key"),
        (VKEY.replace("530d903a", "530D903A"), "no verifier key"),
        (VKEY.replace("example.com/foo", "example.com/fop"), "does not have the id"),
        ("a+00000000+" + base64.b64encode(bytes([2]) + bytes(32)).decode(), "no verifier key"),
    ],
)
def test_what_is_no_verifier_key_is_refused(vkey: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_vkey(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "a\u2003b", "a\x1bb", "a\u202eb"])
def test_names_that_no_signature_line_can_hold_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot name"):
        check_name(name)


@pytest.mark.parametrize("text", ["AAB=", "AAA", "A AA", "AA==AA==", "-_-_"])
def test_base64_has_one_spelling(text: str) -> None:
    assert decode_base64("AAA=") == bytes(2)
    with pytest.raises(ValueError, match=r"\w"):
        decode_base64(text)


def test_the_id_of_a_key_is_of_its_type_too() -> None:
    public = key().verifier.public
    plain, witness = VerifierKey("w", public), VerifierKey("w", public, COSIGNATURE)
    assert plain.key_id != witness.key_id
    assert parse_vkey(witness.text) == witness
    assert len(plain.fingerprint.replace(" ", "")) == 64


def test_a_cosignature_without_its_time_is_false() -> None:
    witness = VerifierKey("w", key().verifier.public, COSIGNATURE)
    plain = parse_note(sign_note("text\n", key())).signatures[0]
    assert not signature_holds(witness, plain, "text\n")
    assert parse_signature(plain.line[:-1]) == plain
