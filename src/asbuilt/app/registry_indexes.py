"""Which index each ecosystem is asked through: what the user has configured for their tools, or names here.

1. What is named in this very command goes before everything.
2. What ``[supply] registries`` says takes the place of the user's, for its ecosystem; a credential goes along only
   where the user's own files hold one for that very place.
3. Else the user's environment and own files. Files of the repository (its ``.npmrc``, ``pip.conf``) are never read.
4. Nothing is assumed: an ecosystem for which nothing is configured is not asked.

A credential is kept apart from the address from the first moment on, and is shown nowhere.
"""

import base64
import configparser
import contextlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import httpx
import msgspec

from asbuilt.app.registry_index import Index, Surroundings, index_of, is_asked, netrc_secrets, own_text
from asbuilt.app.registry_sources import other_indexes
from asbuilt.model.errors import UsageError
from asbuilt.model.text import visible
from asbuilt.sources.credentials import Token
from asbuilt.supply.registry.reading import list_readers

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def configured_indexes(
    named: Sequence[str], company: Mapping[str, Sequence[str]], around: Surroundings
) -> tuple[Index, ...]:
    """The indexes to ask, in order; the first that has a package is believed.

    Args:
        named: ``ECOSYSTEM=ADDRESS`` of this command.
        company: addresses by ecosystem, of ``[supply] registries``.
        around: the user's environment and folders.

    Raises:
        UsageError: something named is no ecosystem and address.
    """
    # (3)
    found = (*_python_indexes(around), *_npm_indexes(around), *other_indexes(around))
    # (2)
    for ecosystem, addresses in company.items():
        told = [_known(index_of(ecosystem, each, "[supply] registries", is_own=False), found) for each in addresses]
        found = (*(own for own in found if own.ecosystem != ecosystem), *told)
    # (1)
    told = []
    for each in named:
        ecosystem, _, address = each.partition("=")
        if ecosystem not in list_readers() or not address:
            raise UsageError(
                f"{visible(each, 80)!r} is no index.", fix="Write --index ECOSYSTEM=https://HOST/PATH."
            )
        told.append(_known(index_of(ecosystem, address, "--index"), found))
    replaced = {own.ecosystem for own in told}
    found = (*told, *(own for own in found if own.ecosystem not in replaced))
    # What needs a credential is private, and goes first: its names are the company's own.
    return tuple(dict.fromkeys(sorted(found, key=lambda own: (own.ecosystem, own.token is None))))


def _known(own: Index, others: Iterable[Index]) -> Index:
    """The index with the credential that the user's files hold for the very same place."""
    if own.token is not None:
        return own
    same = next((each for each in others if each.address == own.address and each.token is not None), None)
    return own if same is None else msgspec.structs.replace(own, token=same.token, scheme=same.scheme)


def _python_indexes(around: Surroundings) -> Iterator[Index]:
    """Those of uv and pip, whichever are there; uv's first, as the later habit."""
    env = around.environment
    addresses: dict[str, str] = {}
    told = _uv(around)
    for source, words in (*told, *_pip(around)):
        for each in words.split():
            if is_asked(each):
                addresses.setdefault(each.rstrip("/"), source)
    secrets = netrc_secrets(Path(env.get("NETRC") or around.home / ".netrc"))
    for address, source in addresses.items():
        own = index_of("PyPI", address, source)
        host = httpx.URL(own.address).host
        if own.token is None and host in secrets:
            own = msgspec.structs.replace(own, token=Token(secrets[host], "netrc"), scheme="Basic")
        yield own


def _pip(around: Surroundings) -> list[tuple[str, str]]:
    """What pip would take: the environment, then its files, the user's before the machine's.

    Source: pip, "Configuration".
    """
    env = around.environment
    config = Path(env.get("XDG_CONFIG_HOME") or around.home / ".config")
    files = [config / "pip" / "pip.conf", around.home / ".pip" / "pip.conf"]
    if env.get("VIRTUAL_ENV"):
        files.insert(0, Path(env["VIRTUAL_ENV"], "pip.conf"))
    if env.get("PIP_CONFIG_FILE"):
        files.insert(0, Path(env["PIP_CONFIG_FILE"]))
    files += [around.machine / "xdg" / "pip" / "pip.conf", around.machine / "pip.conf"]
    found = []
    for key in ("index-url", "extra-index-url"):
        variable = f"PIP_{key.replace('-', '_').upper()}"
        if env.get(variable):
            found.append((variable, env[variable]))
            continue
        for file in files:
            words = _ini(file).get(key)
            if words:
                found.append((str(file), words))
                break
    return found


def _ini(file: Path) -> Mapping[str, str]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(own_text(file))
    except (configparser.Error, ValueError):
        return {}
    found: dict[str, str] = {}
    for section in ("global", "install"):
        if parser.has_section(section):
            found |= dict(parser.items(section))
    return found


def _uv(around: Surroundings) -> list[tuple[str, str]]:
    env = around.environment
    found = [
        (name, " ".join(word.rpartition("=")[2] if "=http" in word else word for word in env[name].split()))
        for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_INDEX", "UV_EXTRA_INDEX_URL")
        if env.get(name)
    ]
    file = Path(env.get("XDG_CONFIG_HOME") or around.home / ".config", "uv", "uv.toml")
    try:
        told = tomllib.loads(own_text(file))
    except (tomllib.TOMLDecodeError, RecursionError):
        return found
    indexes = told.get("index")
    urls = [own.get("url") for own in indexes if isinstance(own, dict)] if isinstance(indexes, list) else []
    extra = told.get("extra-index-url")
    urls += [told.get("index-url"), *(extra if isinstance(extra, list) else [extra])]
    return [*found, (str(file), " ".join(each for each in urls if isinstance(each, str)))]


def _npm_indexes(around: Surroundings) -> Iterator[Index]:
    """The registry of npm and those of scopes: the environment, the user's ``.npmrc``, then the machine's."""
    env = around.environment
    user = env.get("NPM_CONFIG_USERCONFIG") or env.get("npm_config_userconfig")
    files = [Path(user) if user else around.home / ".npmrc"]
    globally = env.get("NPM_CONFIG_GLOBALCONFIG") or env.get("npm_config_globalconfig")
    files += [Path(globally)] if globally else [prefix / "etc" / "npmrc" for prefix in around.prefixes]
    told: dict[str, tuple[str, str]] = {}
    for file in files:
        for key, value in _npmrc(own_text(file), env):
            told.setdefault(key, (value, str(file)))
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        if env.get(name):
            told["registry"] = (env[name], name)
    for key, (address, source) in told.items():
        scope, colon, last = key.rpartition(":")
        if last != "registry" or not is_asked(address) or (colon and not scope.startswith("@")):
            continue
        own = index_of("npm", address, source, scope=scope)
        yield (
            own
            if own.token is not None
            else _with_npm_secret(own, {name: value for name, (value, _) in told.items()})
        )


def _npmrc(text: str, env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        if equals and not key.startswith(("#", ";")):
            plain = value.strip().strip("\"'")
            yield key.strip(), _VARIABLE.sub(lambda found: env.get(found[1], ""), plain)


def _with_npm_secret(own: Index, told: Mapping[str, str]) -> Index:
    """The credential of the longest ``//HOST/PATH/`` that the registry lies below (npm, "npmrc", auth)."""
    place = f"//{own.address.partition('://')[2]}/"
    while place.count("/") >= 3:
        if told.get(f"{place}:_authToken"):
            return msgspec.structs.replace(own, token=Token(told[f"{place}:_authToken"], own.source))
        basic = told.get(f"{place}:_auth")
        user, word = told.get(f"{place}:username"), told.get(f"{place}:_password")
        if not basic and user and word:
            with contextlib.suppress(ValueError):
                plain = base64.b64decode(word).decode()
                basic = base64.b64encode(f"{user}:{plain}".encode()).decode()
        if basic:
            return msgspec.structs.replace(own, token=Token(basic, own.source), scheme="Basic")
        place = place.rstrip("/").rpartition("/")[0] + "/"
    return own
