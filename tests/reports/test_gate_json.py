"""The JSON of an answer is what its shipped schema describes."""

import json

import jsonschema

from asbuilt.reports.gate_json import gate_json
from asbuilt.reports.schemas import read_schema
from tests.reports.gates import EVIL, answer


def test_it_fits_its_schema_and_keeps_every_text() -> None:
    for overridden in (False, True):
        document = json.loads(gate_json(answer(overridden=overridden)))
        jsonschema.validate(document, json.loads(read_schema("gate-1")))
        assert document["change"]["author"] == EVIL
        assert (document["override"] is not None) is overridden


def test_no_character_of_it_acts_on_a_screen() -> None:
    printed = gate_json(answer())
    assert b"\x1b" not in printed
    assert b"##[" not in printed
    assert printed.isascii() or "\u202e" not in printed.decode()
