"""The company on its forge, made once: tests that change it make their own."""

import copy

import pytest

from tests.forge.service import Service
from tests.forge.stories import company_forge
from tests.forge.studio import Studio


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """The company's forge and its git; read it, never change it."""
    return company_forge(tmp_path_factory.mktemp("forge") / "harbor")


@pytest.fixture
def service(studio: Studio) -> Service:
    """A forge of one's own: the same company, to be changed at will."""
    return Service(copy.deepcopy(studio.forge))
