"""Every key is told whole, and once."""

from asbuilt.app.config_keys import KEYS


def test_every_key_has_a_sentence() -> None:
    assert all(key.doc.endswith(".") and key.default and key.type for key in KEYS)


def test_no_key_is_told_twice() -> None:
    told = [(key.table, key.name) for key in KEYS]
    assert len(set(told)) == len(told)
