"""What is asked of GitLab and with which right: ``endpoints.toml``, checked when it is loaded."""

from functools import cache
from importlib.resources import files

from asbuilt.sources.github.endpoints import Endpoint, read_endpoints


def load_endpoints() -> dict[str, Endpoint]:
    """All endpoints by name, in the order in which they are read.

    Raises:
        CatalogueError: the file is malformed.
    """
    return _shipped()[0]


def load_rights() -> tuple[str, ...]:
    """The rights that anything here needs, least first."""
    return _shipped()[1]


@cache
def _shipped() -> tuple[dict[str, Endpoint], tuple[str, ...]]:
    place = files(__package__) / "endpoints.toml"
    return read_endpoints(place.read_text("utf-8"), str(place))
