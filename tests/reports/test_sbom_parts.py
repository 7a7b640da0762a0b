"""Digests in hex, and identifiers from content."""

import base64

import msgspec

from asbuilt.model.sbom import Entry
from asbuilt.reports.sbom_parts import digests, moment, reference, serial
from tests.reports.bills import bill, component


def test_digests_become_hex_and_several_of_one_kind_are_left_out() -> None:
    sri = "sha512:" + base64.b64encode(bytes(64)).decode()
    own = component("a", "1", hashes=(sri, "sha1:" + "A" * 40, "sha256:short", "sha256", "weird:00"))
    assert digests(Entry(component=own, places=())) == {"sha512": "00" * 64, "sha1": "a" * 40}
    two = component("a", "1", hashes=("sha256:" + "0" * 64, "sha256:" + "1" * 64))
    assert digests(Entry(component=two, places=())) == {}


def test_identifiers_come_from_content() -> None:
    own = bill()
    assert serial(own, "x") == serial(bill(), "x") != serial(msgspec.structs.replace(own, digest="01"), "x")
    assert len({reference(entry) for entry in own.entries}) == len(own.entries)
    assert moment(0) == "1970-01-01T00:00:00Z"
