"""What users have configured for Go, NuGet, Maven and Hex."""

import base64
import json
from pathlib import Path

from asbuilt.app.registry_index import Index
from asbuilt.app.registry_indexes import configured_indexes
from tests.app.registries import user


def put(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def found(folder: Path, **environment: str) -> list[Index]:
    return list(configured_indexes((), {}, user(folder, **environment)))


def basic(own: Index) -> str:
    assert own.token is not None
    assert own.scheme == "Basic"
    return base64.b64decode(own.token.reveal()).decode()


def test_go_by_its_environment_else_its_file_and_what_is_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    put(
        home,
        ".config/go/env",
        "# ours\nGOPROXY=https://a.example|https://b.example/go,direct\nGOPRIVATE=*.corp.example\n",
    )
    told = found(tmp_path, GONOSUMDB="git.example/acme,none")
    assert [own.address for own in told] == ["https://a.example", "https://b.example/go"]
    assert told[0].private == ("*.corp.example", "git.example/acme")
    assert [own.address for own in found(tmp_path, GOPROXY="https://c.example,off,https://d.example")] == [
        "https://c.example"
    ]
    assert found(tmp_path, GOENV="off") == []
    assert found(tmp_path, GOPROXY="direct") == []
    assert found(tmp_path, GOPROXY="file:///mirror") == []


def test_go_with_a_credential_in_the_address_or_in_netrc(tmp_path: Path) -> None:
    (own,) = found(tmp_path, GOPROXY="https://ana:secret@a.example/go")
    assert (own.address, basic(own)) == ("https://a.example/go", "ana:secret")
    put(tmp_path / "home", ".netrc", "machine a.example login ana password word\n")
    (tmp_path / "home" / ".netrc").chmod(0o600)
    (own,) = found(tmp_path, GOPROXY="https://a.example/go")
    assert basic(own) == "ana:word"


NUGET = """<?xml version="1.0"?><configuration>
<packageSources><clear/>
<add key="pub" value="https://pub.example/v3/index.json" protocolVersion="3"/>
<add key="Acme Feed" value="https://acme.example/v3/index.json"/>
<add key="gone" value="https://gone.example/v3/index.json"/>
<add key="disk" value="/packages"/>
</packageSources>
<disabledPackageSources><add key="gone" value="True"/></disabledPackageSources>
<packageSourceMapping>
<packageSource key="pub"><package pattern="*"/></packageSource>
<packageSource key="Acme Feed"><package pattern="Acme.*"/></packageSource>
</packageSourceMapping>
<packageSourceCredentials><Acme_x0020_Feed>
<add key="Username" value="ana"/><add key="ClearTextPassword" value="%WORD%"/>
</Acme_x0020_Feed></packageSourceCredentials>
</configuration>"""


def test_nuget_by_its_sources_their_names_and_credentials(tmp_path: Path) -> None:
    put(tmp_path / "home", ".nuget/NuGet/NuGet.Config", NUGET)
    machine = (
        '<configuration><packageSources><add key="m" value="https://m.example"/></packageSources></configuration>'
    )
    put(tmp_path / "etc", "opt/NuGet/Config/NuGet.Config", machine)
    acme, pub = found(tmp_path, WORD="secret")
    assert (acme.address, acme.patterns, basic(acme)) == (
        "https://acme.example/v3/index.json",
        ("Acme.*",),
        "ana:secret",
    )
    assert (pub.address, pub.patterns, pub.token) == ("https://pub.example/v3/index.json", ("*",), None)
    put(tmp_path / "home", ".nuget/NuGet/NuGet.Config", "<configuration/>")
    assert [own.address for own in found(tmp_path)] == ["https://m.example"]


def test_nuget_with_a_credential_of_the_environment_and_with_an_encrypted_one(tmp_path: Path) -> None:
    text = (
        '<configuration><packageSources><add key="a" value="https://a.example/index.json"/></packageSources>'
        '<packageSourceCredentials><a><add key="Username" value="u"/><add key="Password" value="xyz"/></a>'
        "</packageSourceCredentials></configuration>"
    )
    put(tmp_path / "home", ".config/NuGet/NuGet.Config", text)
    assert found(tmp_path)[0].token is None
    (own,) = found(
        tmp_path, NuGetPackageSourceCredentials_a="Username=bo;Password=p=w;ValidAuthenticationTypes=basic"
    )
    assert basic(own) == "bo:p=w"


MAVEN = """<settings xmlns="http://maven.apache.org/SETTINGS/1.0.0">
<servers>
<server><id>inner</id><username>ana</username><password>${env.WORD}</password></server>
<server><id>more</id><username>ana</username><password>{encrypted=}</password></server>
</servers>
<mirrors><mirror><id>inner</id><mirrorOf>%s</mirrorOf><url>https://inner.example/maven</url></mirror></mirrors>
<profiles>
<profile><id>on</id><repositories><repository><id>more</id><url>https://more.example/m2</url></repository></repositories></profile>
<profile><id>off</id><repositories><repository><id>x</id><url>https://x.example</url></repository></repositories></profile>
</profiles>
<activeProfiles><activeProfile>on</activeProfile></activeProfiles>
</settings>"""


def test_maven_by_its_mirrors_and_active_profiles(tmp_path: Path) -> None:
    put(tmp_path / "home", ".m2/settings.xml", MAVEN % "central")
    inner, more = found(tmp_path, WORD="secret")
    assert (inner.address, basic(inner)) == ("https://inner.example/maven", "ana:secret")
    assert (more.address, more.token) == ("https://more.example/m2", None)
    put(tmp_path / "home", ".m2/settings.xml", MAVEN % "external:*,!more")
    assert {own.address for own in found(tmp_path)} == {"https://inner.example/maven", "https://more.example/m2"}
    put(tmp_path / "home", ".m2/settings.xml", MAVEN % "*")
    assert [own.address for own in found(tmp_path)] == ["https://inner.example/maven"]
    put(tmp_path / "home", ".m2/settings.xml", MAVEN % "nothing")
    assert [own.address for own in found(tmp_path)] == ["https://more.example/m2"]  # Central is not assumed


def test_hex_by_its_environment_else_its_file(tmp_path: Path) -> None:
    put(tmp_path / "home", ".hex/hex.config", "{'$mirror_url',<<\"https://mirror.example\">>}.\n{other,1}.\n")
    assert [own.address for own in found(tmp_path)] == ["https://mirror.example"]
    told = found(tmp_path, HEX_API_URL="https://hex.example/api", HEX_MIRROR="https://m.example")
    assert [(own.ecosystem, own.address, own.source) for own in told] == [
        ("Hex", "https://hex.example/api", "HEX_API_URL"),
        ("Hex", "https://m.example", "HEX_MIRROR"),
    ]


def test_cargo_by_what_stands_in_the_place_of_its_registry(tmp_path: Path) -> None:
    put(
        tmp_path / "home",
        ".cargo/config.toml",
        '[source.crates-io]\nreplace-with = "a"\n[source.a]\nreplace-with = "b"\n'
        '[source.b]\nregistry = "sparse+https://crates.example/index/"\n',
    )
    (own,) = found(tmp_path)
    assert (own.ecosystem, own.address) == ("crates.io", "https://crates.example/index")
    put(tmp_path / "home", ".cargo/config.toml", '[source.crates-io]\nreplace-with = "crates-io"\n')
    assert found(tmp_path) == []
    put(tmp_path / "other", "config", '[source.crates-io]\nregistry = "https://git.example/index"\n')
    assert [each.address for each in found(tmp_path, CARGO_HOME=str(tmp_path / "other"))] == [
        "https://git.example/index"
    ]


def test_rubygems_by_its_sources(tmp_path: Path) -> None:
    put(tmp_path / "home", ".gemrc", "---\n:sources:\n- https://ana:word@gems.example/\n- /gems\n:verbose: true\n")
    (own,) = found(tmp_path)
    assert (own.ecosystem, own.address, basic(own)) == ("RubyGems", "https://gems.example", "ana:word")


def test_composer_by_its_repositories_and_credentials(tmp_path: Path) -> None:
    rows = [
        {"type": "composer", "url": "https://php.example/repo"},
        {"type": "vcs", "url": "https://git.example/x"},
    ]
    put(tmp_path / "home", ".config/composer/config.json", json.dumps({"repositories": rows}))
    secrets = {"http-basic": {"php.example": {"username": "ana", "password": "word"}}}
    put(tmp_path / "home", ".config/composer/auth.json", json.dumps(secrets))
    (own,) = found(tmp_path)
    assert (own.ecosystem, own.address, basic(own)) == ("Packagist", "https://php.example/repo", "ana:word")
    put(tmp_path / "php", "config.json", json.dumps({"repositories": {"packagist.org": False, "x": rows[0]}}))
    assert [each.token for each in found(tmp_path, COMPOSER_HOME=str(tmp_path / "php"))] == [None]


def test_files_that_are_none_configure_nothing(tmp_path: Path) -> None:
    for name in (
        ".nuget/NuGet/NuGet.Config",
        ".m2/settings.xml",
        ".hex/hex.config",
        ".config/go/env",
        ".cargo/config.toml",
        ".gemrc",
        ".config/composer/config.json",
    ):
        put(tmp_path / "home", name, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>\x00")
    assert found(tmp_path) == []
