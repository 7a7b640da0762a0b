"""Which index is asked: what the user has configured, in the order of their tools, and no secret shown."""

from pathlib import Path

import pytest

from asbuilt.app.registry_index import Index, Surroundings, own_surroundings
from asbuilt.app.registry_indexes import configured_indexes
from asbuilt.model.errors import UsageError
from tests.app.registries import user


def found(around: Surroundings, *named: str, **company: list[str]) -> list[tuple[str, str, str]]:
    return [(own.ecosystem, own.address, own.scope) for own in configured_indexes(named, company, around)]


def one(around: Surroundings) -> Index:
    (own,) = configured_indexes((), {}, around)
    return own


def test_nothing_configured_is_nothing_asked(tmp_path: Path) -> None:
    assert found(user(tmp_path)) == []
    assert isinstance(own_surroundings(), Surroundings)


def test_pip_by_its_environment_its_own_file_and_the_machines(tmp_path: Path) -> None:
    around = user(tmp_path)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "pip.conf").write_text("[global]\nindex-url = https://machine.example/simple\n")
    assert found(around) == [("PyPI", "https://machine.example/simple", "")]
    (around.home / ".config" / "pip").mkdir(parents=True)
    (around.home / ".config" / "pip" / "pip.conf").write_text(
        "[global]\nindex-url = https://user.example/simple/\nextra-index-url =\n  https://more.example/simple\n  file:///wheels\n"
    )
    assert found(around) == [
        ("PyPI", "https://user.example/simple", ""),
        ("PyPI", "https://more.example/simple", ""),
    ]
    asked = user(tmp_path, PIP_INDEX_URL="https://env.example/simple", PIP_CONFIG_FILE="/absent")
    assert found(asked)[0] == ("PyPI", "https://env.example/simple", "")


def test_uv_by_its_environment_and_its_file(tmp_path: Path) -> None:
    around = user(tmp_path, UV_INDEX="inner=https://a.example/simple https://b.example/simple")
    (around.home / ".config" / "uv").mkdir(parents=True)
    (around.home / ".config" / "uv" / "uv.toml").write_text(
        '[[index]]\nname = "x"\nurl = "https://c.example/simple"\n[pip]\nx = 1\n'
    )
    assert [address for _, address, _ in found(around)] == [f"https://{host}.example/simple" for host in "abc"]


def test_npm_by_its_environment_and_its_files_with_scopes(tmp_path: Path) -> None:
    around = user(tmp_path, TOKEN="a-long-token")
    (around.home / ".npmrc").write_text(
        "; a comment\nregistry = https://npm.example/\n@acme:registry=https://inner.example/api/npm/\n"
        "//inner.example/api/:_authToken=${TOKEN}\n_authToken=of-nobody\nnonsense\n"
    )
    own = configured_indexes((), {}, around)
    assert [(each.address, each.scope) for each in own] == [
        ("https://inner.example/api/npm", "@acme"),
        ("https://npm.example", ""),
    ]
    assert own[0].token is not None
    assert own[0].token.reveal() == "a-long-token"
    assert own[1].token is None
    env = user(tmp_path, npm_config_registry="https://env.example", NPM_CONFIG_USERCONFIG="/absent")
    assert found(env) == [("npm", "https://env.example", "")]


@pytest.mark.parametrize(
    "secret", ["_auth=YW5hOnBhc3N3b3Jk", "username=ana\n//npm.example/:_password=cGFzc3dvcmQ="]
)
def test_npm_takes_a_user_and_a_password_too(tmp_path: Path, secret: str) -> None:
    around = user(tmp_path)
    (around.home / ".npmrc").write_text(f"registry=https://npm.example/\n//npm.example/:{secret}\n")
    own = one(around)
    assert own.token is not None
    assert (own.scheme, own.token.reveal()) == ("Basic", "YW5hOnBhc3N3b3Jk")


def test_a_credential_is_kept_apart_from_its_address(tmp_path: Path) -> None:
    own = one(user(tmp_path, PIP_INDEX_URL="https://ana:pass%40word@private.example/simple"))
    assert own.address == "https://private.example/simple"
    assert own.token is not None
    assert own.token.reveal() == "YW5hOnBhc3NAd29yZA=="
    assert "pass" not in repr(own)


def test_a_netrc_gives_the_credential_of_a_host(tmp_path: Path) -> None:
    around = user(tmp_path, PIP_INDEX_URL="https://private.example/simple")
    file = around.home / ".netrc"
    file.write_text("machine private.example login ana password password\n")
    file.chmod(0o600)
    own = one(around)
    assert own.token is not None
    assert (own.scheme, own.token.reveal()) == ("Basic", "YW5hOnBhc3N3b3Jk")


def test_what_this_command_names_goes_before_the_company_and_that_before_the_user(tmp_path: Path) -> None:
    around = user(
        tmp_path, PIP_INDEX_URL="https://ana:long-word@user.example/simple", npm_config_registry="https://n.example"
    )
    company = {"PyPI": ["https://company.example/simple", "https://user.example/simple"]}
    own = configured_indexes((), company, around)
    assert [(each.ecosystem, each.address, each.token is not None, each.is_own) for each in own] == [
        (
            "PyPI",
            "https://user.example/simple",
            True,
            False,
        ),  # the very place that the user's own file has a secret for
        ("PyPI", "https://company.example/simple", False, False),
        ("npm", "https://n.example", False, True),
    ]
    assert found(around, "PyPI=https://now.example/simple", **company)[0] == (
        "PyPI",
        "https://now.example/simple",
        "",
    )


@pytest.mark.parametrize("named", ["PyPI", "PyPI=", "=x", "PyPI=nothing"])
def test_what_is_no_index_is_said(tmp_path: Path, named: str) -> None:
    with pytest.raises(UsageError):
        configured_indexes([named], {}, user(tmp_path))


def test_broken_files_are_passed_over(tmp_path: Path) -> None:
    around = user(tmp_path)
    for place in ("pip/pip.conf", "uv/uv.toml"):
        file = around.home / ".config" / place
        file.parent.mkdir(parents=True)
        file.write_bytes(b"[[[\xff = \x00")
    (around.home / ".npmrc").write_bytes(b"\xff\xfe=\x00\n=\n")
    (around.home / ".netrc").write_bytes(b"\xff machine")
    assert found(around) == []
