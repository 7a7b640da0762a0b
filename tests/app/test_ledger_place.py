"""Where the ledger stands."""

from pathlib import Path

from asbuilt.app.ledger_place import ledger_folder


def test_what_is_named_comes_before_the_environment_and_that_before_this_folder() -> None:
    assert ledger_folder(Path("here"), {"ASBUILT_LEDGER": "there"}) == Path("here")
    assert ledger_folder(None, {"ASBUILT_LEDGER": "there"}) == Path("there")
    assert ledger_folder(None, {"ASBUILT_LEDGER": ""}) == Path(".asbuilt/ledger") == ledger_folder(None, {})
