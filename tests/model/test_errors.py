"""An error says what, why and how to mend it."""

import pytest

from asbuilt.model.errors import AsBuiltError, CatalogueError, ConfigError, LedgerError, SourceError, UsageError


def test_the_text_has_all_its_parts() -> None:
    error = ConfigError("It is wrong.", why="A reason.", fix="Mend it.", where="a.toml:3")
    assert str(error) == "a.toml:3: It is wrong. A reason. Mend it."
    assert str(UsageError("It is wrong.")) == "It is wrong."


@pytest.mark.parametrize(
    ("kind", "code"), [(UsageError, 2), (ConfigError, 2), (CatalogueError, 2), (SourceError, 3), (LedgerError, 4)]
)
def test_each_kind_has_its_exit_code(kind: type[AsBuiltError], code: int) -> None:
    assert kind.exit_code == code
    assert issubclass(kind, AsBuiltError)
