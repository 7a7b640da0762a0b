"""``asbuilt sync`` as it is typed, against a forge on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import asbuilt
from tests.forge.service import Service, Token
from tests.forge.stories import company_forge
from tests.forge.transports import serving

WORD = "github_pat_all_of_it"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(company_forge(tmp_path_factory.mktemp("forge") / "harbor").forge, tokens={WORD: Token()})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "company"
    place.mkdir()
    assert asbuilt("ledger", "init", "acme.example/ledger", cwd=place).code == 0
    return place


@pytest.fixture
def address(service: Service) -> Iterator[str]:
    with serving(service) as found:
        yield found


def test_the_plan_asks_nothing_and_needs_no_token(tmp_path: Path) -> None:
    done = asbuilt("sync", "github", "acme/shop", "--plan", cwd=tmp_path)
    assert done.code == 0
    assert done.text.index("Metadata: read") < done.text.index("Administration: read")
    assert "only with --profile ruleset-history" in done.text
    assert "organisation" not in done.text
    assert "organisation Members: read" in asbuilt("sync", "github", "acme", "--plan", cwd=tmp_path).text


@pytest.mark.slow
@pytest.mark.enable_socket
def test_a_repository_is_read_and_again_from_where_it_was(address: str, folder: Path) -> None:
    words = ("sync", "github", "acme/harbor", "--api-url", address, "--allow-private-host", "127.0.0.1")
    done = asbuilt(*words, cwd=folder, ASBUILT_GITHUB_TOKEN=WORD)
    assert done.code in {0, 3}, done.said
    assert "requests: 28 new, " in done.text
    assert " core, " in done.text
    assert WORD not in done.text + done.said
    again = asbuilt(*words, "-v", cwd=folder, ASBUILT_GITHUB_TOKEN=WORD)
    assert "requests: 0 new, " in again.text
    assert "Reading github:127.0.0.1" in again.said
    token = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert WORD.encode() not in token
    assert asbuilt("ledger", "verify", cwd=folder).code == 0


@pytest.mark.slow
@pytest.mark.enable_socket
def test_a_forge_inside_the_network_is_asked_where_the_configuration_says_so(address: str, folder: Path) -> None:
    words = ("sync", "github", "acme/harbor", "--api-url", address)
    refused = asbuilt(*words, cwd=folder, ASBUILT_GITHUB_TOKEN=WORD)
    assert refused.code == 2
    assert "--allow-private-host" in refused.said
    (folder / "asbuilt.toml").write_text('[sync]\nallow_private_hosts = ["127.0.0.1"]\n')
    assert asbuilt(*words, cwd=folder, ASBUILT_GITHUB_TOKEN=WORD).code in {0, 3}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("github", "acme/shop"), 2, "no token"),
        (("github", "a/b/c"), 2, "neither a repository nor an organisation"),
        (("github", "acme/shop", "--token-file", "none"), 2, "cannot be read"),
        (("github", "acme/shop", "--since", "yesterday"), 2, "no ISO date"),
        (("github", "acme/shop", "--profile", "all"), 2, "all"),
        (("export", "backup"), 2, "--repo"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], code: int, said: str, folder: Path) -> None:
    done = asbuilt("sync", *words, cwd=folder, ASBUILT_GITHUB_TOKEN="", GITHUB_TOKEN="", GH_TOKEN="")
    assert done.code == code
    assert said in done.said


def test_a_place_without_a_ledger_is_no_place(tmp_path: Path) -> None:
    done = asbuilt("sync", "github", "acme/shop", cwd=tmp_path, ASBUILT_GITHUB_TOKEN=WORD)
    assert done.code == 2
    assert "ledger" in done.said
