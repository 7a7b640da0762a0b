"""Readers are found by listing, and each has what is asked of it."""

from asbuilt.supply.registry.answers import Answer
from asbuilt.supply.registry.reading import list_readers
from tests.supply.registry.written import asked


def test_every_reader_reads_an_absent_package_and_rubbish() -> None:
    assert {"npm", "PyPI"} <= set(list_readers())
    for ecosystem, reader in list_readers().items():
        question = asked(
            ecosystem, "group:name" if ecosystem == "Maven" else "a/b" if ecosystem == "Packagist" else "name"
        )
        addresses = reader.asks("https://r.example/simple", question.name)
        assert all(each.startswith("https://r.example/") for each in addresses)
        # What a source of NuGet says of itself comes first, and is no package.
        is_absent = None if ecosystem == "NuGet" else False
        assert reader.read([Answer(404)] * len(addresses), question).exists is is_absent
        for body in (b"", b"{}", b"[]", b"\xff\x00", b"[" * 5_000, b"<html>", b'{"a":' * 5_000, b"null"):
            assert reader.read([Answer(200, body)] * len(addresses), question).exists is not False
