"""Every story of the simulated company, asked at the gate as its request stood: the verdict is the story's own."""

import copy
from pathlib import Path

import pytest

from asbuilt.app.gate import Asked, gate
from asbuilt.app.gate_forge import HEADERS, read_request
from asbuilt.app.gate_request import Known
from asbuilt.model.gate import Gate, Standing
from asbuilt.sources.credentials import Token
from asbuilt.sources.http import Client
from tests.forge.service import TOKEN, Service
from tests.forge.stories import company_forge
from tests.forge.studio import Story, Studio
from tests.forge.transports import InMemory

BASE = "https://api.github.com"
# What had not happened yet when the gate was asked.
NOT_TOLD = {"after landing"}
# The gate asks for a right at once; a reading weeks later cannot tell what it was then.
AT_THE_GATE = {"not entitled": {"not-entitled"}}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return company_forge(tmp_path_factory.mktemp("stories") / "harbor")


def ask(studio: Studio, story: Story) -> Gate:
    assert story.number is not None
    assert story.change is not None
    request = studio.repository.requests[story.number]
    landed = request.merged_at
    assert landed is not None

    def read(repository: str, head: str) -> Known:
        client = Client(
            BASE,
            Token(TOKEN, "a test"),
            headers=HEADERS,
            transport=InMemory(Service(copy.deepcopy(studio.forge))),
            clock=lambda: landed,
            sleep=lambda _: None,
        )
        token = Token(TOKEN, "a test")
        return read_request(BASE, token, repository, request.number, head=head, now=landed, client=client)

    return gate(
        Asked(
            str(Path(studio.git.path)),
            f"{story.change}^",
            request.head_commit,
            landed,
            number=request.number,
            repository=studio.repository.full_name,
            read=read,
        )
    )


def test_every_story_comes_to_its_own_verdict(studio: Studio) -> None:
    told = [one for one in studio.stories.values() if one.number and one.change and one.name not in NOT_TOLD]
    assert len(told) > 15
    for story in told:
        found = ask(studio, story)
        standing = next(test.standing for test in found.tests if test.control == "CHG-01")
        if story.reviewed is not None:
            assert (standing is Standing.MET) is story.reviewed, (story.name, found.change.rejected)
        if story.fails and not story.reviewed:
            named = {one.rpartition(": ")[2] for one in found.change.rejected}
            assert named & AT_THE_GATE.get(story.name, story.fails), (story.name, found.change.rejected)
