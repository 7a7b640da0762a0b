"""Exit codes: those of the errors, and no others."""

from asbuilt.app import exit_codes
from asbuilt.model.errors import AsBuiltError, CatalogueError, ConfigError, LedgerError, SourceError, UsageError


def test_every_error_ends_with_a_code_that_is_explained() -> None:
    for kind in (AsBuiltError, CatalogueError, ConfigError, LedgerError, SourceError, UsageError):
        assert kind.exit_code in exit_codes.MEANINGS
    assert (SourceError.exit_code, LedgerError.exit_code) == (exit_codes.CANNOT_READ, exit_codes.INTEGRITY)


def test_every_named_code_is_explained() -> None:
    named = {value for name, value in vars(exit_codes).items() if name.isupper() and isinstance(value, int)}
    assert named == set(exit_codes.MEANINGS)
