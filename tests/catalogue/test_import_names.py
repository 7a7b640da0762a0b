"""What distributions are imported as."""

from asbuilt.catalogue.import_names import import_names
from asbuilt.supply.advisories.names import plain_name


def test_every_entry_is_a_distribution_and_its_modules() -> None:
    told = import_names()
    assert told["pyyaml"] == ("yaml",)
    assert all(plain_name("PyPI", name) == name for name in told)
    assert all(own.replace(".", "").isidentifier() for names in told.values() for own in names)
