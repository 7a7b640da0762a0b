"""Which indexes the user has configured for Go, NuGet, Maven, Hex, Cargo, RubyGems and Composer.

Files of a repository are never read, and the public registry of a tool is not assumed: it is asked where the user's
own files, or variables, name it or what stands in its place.

Sources: the Go Modules Reference, "Environment variables"; NuGet, "nuget.config reference"; Maven, "Settings
reference", "Using mirrors"; Hex, "mix hex.config"; the Cargo book, "Source replacement"; RubyGems, "gem
environment"; Composer, "Repositories" and "Authentication".
"""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from asbuilt.app.registry_index import Index, Surroundings, index_of, is_asked, netrc_secrets, own_text
from asbuilt.sources.credentials import Token
from asbuilt.supply.formats import Element, RefusedError, read_json, read_toml, read_xml, read_yaml
from asbuilt.supply.registry.answers import items, mapping, text

_PERCENT: Final = re.compile(r"%([A-Za-z_][A-Za-z0-9_]*)%")
_DOLLAR: Final = re.compile(r"\$\{env\.([A-Za-z_][A-Za-z0-9_]*)\}")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TERM: Final = re.compile(r"\{\s*'?\$?(api_url|mirror_url)'?\s*,\s*<<\"([^\"]+)\"(?:/utf8)?>>\s*\}")
_MOST_STEPS: Final = 8  # from one source of Cargo to the one in its place
_CENTRAL: Final = "central"


def other_indexes(around: Surroundings) -> Iterator[Index]:
    """The indexes that are configured for these tools, each tool's in its order."""
    yield from _go(around)
    yield from _nuget(around)
    yield from _maven(around)
    yield from _hex(around)
    yield from _cargo(around)
    yield from _rubygems(around)
    yield from _composer(around)


def _go(around: Surroundings) -> Iterator[Index]:
    """The proxies of ``GOPROXY`` up to ``off``; never asked about what ``GOPRIVATE`` and its kin name."""
    env = around.environment
    config = Path(env.get("XDG_CONFIG_HOME") or around.home / ".config")
    file = env.get("GOENV") or str(config / "go" / "env")
    told = {} if file == "off" else dict(_pairs(own_text(Path(file))))
    names = ("GOPROXY", "GOPRIVATE", "GONOPROXY", "GONOSUMDB")
    said = {name: env.get(name) or told.get(name, "") for name in names}
    private = tuple(
        own.strip() for name in names[1:] for own in said[name].split(",") if own.strip() not in {"", "none"}
    )
    secrets = netrc_secrets(Path(env.get("NETRC") or around.home / ".netrc"))
    for each in re.split(r"[,|]", said["GOPROXY"]):
        address = each.strip()
        if address == "off":
            return
        if is_asked(address):
            own = index_of("Go", address, "GOPROXY", private=private)
            host = httpx.URL(own.address).host
            if own.token is None and host in secrets:
                own = msgspec.structs.replace(own, token=Token(secrets[host], "netrc"), scheme="Basic")
            yield own


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        if equals and not key.startswith("#"):
            yield key.strip(), value.strip().strip("\"'")


def _xml(file: Path, root: str) -> Element | None:
    text = own_text(file)
    try:
        found = read_xml(text.encode()) if text else None
    except (RefusedError, RecursionError):
        return None
    return found if found is not None and found.name == root else None


def _nuget(around: Surroundings) -> Iterator[Index]:
    """The V3 sources of the user's ``NuGet.Config``, then of the machine's, but for what is disabled.

    Where sources are mapped to names, each is asked about its own alone.
    """
    env = around.environment
    files = [
        around.home / ".nuget" / "NuGet" / "NuGet.Config",
        around.home / ".config" / "NuGet" / "NuGet.Config",
        around.machine / "opt" / "NuGet" / "Config" / "NuGet.Config",
    ]
    sources: dict[str, str] = {}
    disabled, patterns, secrets = set[str](), dict[str, tuple[str, ...]](), dict[str, dict[str, str]]()
    for root in filter(None, (_xml(file, "configuration") for file in files)):
        disabled |= {key for key, value in _adds(root.child("disabledPackageSources")) if value.lower() == "true"}
        is_cleared = _put_sources(root, sources)
        for mapped in _children(root, "packageSourceMapping", "packageSource"):
            named = tuple(each.attributes.get("pattern", "") for each in mapped.children)
            patterns.setdefault(mapped.attributes.get("key", ""), named)
        kept = root.child("packageSourceCredentials")
        for each in kept.children if kept is not None else ():
            secrets.setdefault(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), each.name), dict(_adds(each)))
        if is_cleared:
            break
    for key, address in sources.items():
        if key not in disabled and is_asked(address) and (patterns.get(key) or not patterns):
            own = index_of("NuGet", address, "NuGet.Config", patterns=patterns.get(key, ()))
            yield own if own.token is not None else _with_basic(own, *_nuget_secret(key, secrets.get(key, {}), env))


def _adds(part: Element | None) -> Iterator[tuple[str, str]]:
    """Keys and values of the entries of a part."""
    for own in part.children if part is not None else ():
        if own.name == "add":
            yield own.attributes.get("key", ""), own.attributes.get("value", "")


def _put_sources(root: Element, sources: dict[str, str]) -> bool:
    """Take the sources of one file over; whether it clears those of the files after it."""
    part = root.child("packageSources")
    own: dict[str, str] = {}
    is_cleared = False
    for each in part.children if part is not None else ():
        if each.name == "clear":
            own, is_cleared = {}, True
        elif each.name == "add":
            own[each.attributes.get("key", "")] = each.attributes.get("value", "")
    for key, address in own.items():
        sources.setdefault(key, address)
    return is_cleared


def _nuget_secret(key: str, told: Mapping[str, str], env: Mapping[str, str]) -> tuple[str, str]:
    """User and password in clear; an encrypted one is of no use here."""
    parts = env.get(f"NuGetPackageSourceCredentials_{key}", "").split(";")
    named = {name.strip(): value for name, _, value in (part.partition("=") for part in parts)}
    if named.get("Username") and named.get("Password"):
        return named["Username"], named["Password"]
    words = (told.get("Username", ""), told.get("ClearTextPassword", ""))
    user, word = (_PERCENT.sub(lambda found: env.get(found[1], ""), own) for own in words)
    return user, word


def _with_basic(own: Index, user: str, word: str) -> Index:
    if not user or not word:
        return own
    secret = base64.b64encode(f"{user}:{word}".encode()).decode()
    return msgspec.structs.replace(own, token=Token(secret, own.source), scheme="Basic")


def _maven(around: Surroundings) -> Iterator[Index]:
    """The repositories of active profiles of ``settings.xml``, each through its mirror; and that of Maven Central.

    Central itself is not assumed: it is asked where a mirror of it, or it, is configured.
    """
    root = _xml(around.home / ".m2" / "settings.xml", "settings")
    if root is None:
        return
    mirrors = [
        (each.said("id"), each.said("mirrorOf"), each.said("url")) for each in _children(root, "mirrors", "mirror")
    ]
    servers = {each.said("id"): each for each in _children(root, "servers", "server")}
    active = {each.text for each in _children(root, "activeProfiles", "activeProfile")}
    named: dict[str, str] = {}
    for profile in _children(root, "profiles", "profile"):
        if profile.said("id") in active or profile.said("activation", "activeByDefault") == "true":
            for each in _children(profile, "repositories", "repository"):
                named.setdefault(each.said("id"), each.said("url"))
    seen: set[str] = set()
    for id_, address in {**named, _CENTRAL: named.get(_CENTRAL, "")}.items():
        mirror = next((each for each in mirrors if _mirrors(each[1], id_, address)), None)
        key, url = (mirror[0], mirror[2]) if mirror is not None else (id_, address)
        if not is_asked(url) or url in seen:
            continue
        seen.add(url)
        own = index_of("Maven", url, "settings.xml")
        server = servers.get(key)
        words = [
            _DOLLAR.sub(lambda found: around.environment.get(found[1], ""), server.said(name))
            for name in ("username", "password")
            if server is not None
        ]
        is_clear = len(words) == 2 and not words[1].startswith("{")
        yield _with_basic(own, *words) if own.token is None and is_clear else own


def _children(root: Element, part: str, name: str) -> Sequence[Element]:
    found = root.child(part)
    return [own for own in found.children if own.name == name] if found is not None else ()


def _mirrors(of: str, id_: str, address: str) -> bool:
    """Whether a mirror stands for a repository: ``*``, ``external:*``, names, and ``!name`` for none of it."""
    words = [word.strip() for word in of.split(",")]
    if f"!{id_}" in words:
        return False
    host = httpx.URL(address).host if is_asked(address) else ""
    is_outside = host not in {"localhost", "127.0.0.1"}
    return id_ in words or "*" in words or ("external:*" in words and is_outside)


def _hex(around: Surroundings) -> Iterator[Index]:
    """The API, which tells more, then the mirror; no key is sent, so that private organisations are not seen."""
    env = around.environment
    home = Path(env.get("HEX_HOME") or around.home / ".hex")
    told = dict(_TERM.findall(own_text(home / "hex.config")))
    for names, key in ((("HEX_API_URL", "HEX_API"), "api_url"), (("HEX_MIRROR", "HEX_MIRROR_URL"), "mirror_url")):
        source = next((name for name in names if env.get(name)), "hex.config")
        address = env.get(source) or told.get(key, "")
        if is_asked(address):
            yield index_of("Hex", address, source)


def _cargo(around: Surroundings) -> Iterator[Index]:
    """What stands in the place of crates.io, where it is a sparse index; a token of Cargo's is not sent."""
    home = Path(around.environment.get("CARGO_HOME") or around.home / ".cargo")
    config = own_text(home / "config.toml") or own_text(home / "config")
    try:
        sources = mapping(read_toml(config).get("source")) if config else {}
    except RefusedError:
        return
    own = mapping(sources.get("crates-io"))
    for _ in range(_MOST_STEPS):  # each may be replaced by another
        named = own.get("replace-with")
        if not isinstance(named, str):
            break
        own = mapping(sources.get(named))
    address = own.get("registry")
    if isinstance(address, str) and is_asked(address.removeprefix("sparse+")):
        yield index_of("crates.io", address.removeprefix("sparse+"), "Cargo's configuration")


def _rubygems(around: Surroundings) -> Iterator[Index]:
    """The sources of ``.gemrc``."""
    config = own_text(Path(around.environment.get("GEMRC") or around.home / ".gemrc"))
    try:
        told = mapping(next(iter(read_yaml(config)), None)) if config else {}
    except RefusedError:
        return
    for address in items(told.get(":sources") or told.get("sources")):
        if isinstance(address, str) and is_asked(address):
            yield index_of("RubyGems", address, ".gemrc")


def _composer(around: Surroundings) -> Iterator[Index]:
    """The repositories of Composer's own configuration, with the credentials of its ``auth.json``."""
    env = around.environment
    home = Path(env.get("COMPOSER_HOME") or Path(env.get("XDG_CONFIG_HOME") or around.home / ".config", "composer"))
    told, secrets = (_json(home / name) for name in ("config.json", "auth.json"))
    listed = told.get("repositories")
    basic = mapping(secrets.get("http-basic"))
    for each in items(listed) or mapping(listed).values():
        address = mapping(each).get("url")
        if mapping(each).get("type") == "composer" and isinstance(address, str) and is_asked(address):
            own = index_of("Packagist", address, "Composer's configuration")
            known = mapping(basic.get(httpx.URL(own.address).host))
            words = text(known.get("username")), text(known.get("password"))
            yield own if own.token is not None else _with_basic(own, *words)


def _json(file: Path) -> Mapping[str, Any]:
    told = own_text(file)
    try:
        return mapping(read_json(told)) if told else {}
    except RefusedError:
        return {}
