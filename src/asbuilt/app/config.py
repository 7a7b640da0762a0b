"""What a company says about its own rules: ``asbuilt.toml``, or ``[tool.asbuilt]`` of ``pyproject.toml``.

It is read from the tree of the inspected revision, never from the work tree: the rules that a revision carries are
the rules it is judged by, and the same commit gives the same answer everywhere. It is data: nothing in it is run.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args

import msgspec

from asbuilt.app.audit_config import OWN_CONTROL, SET_ASIDE, AuditConfig, read_audit
from asbuilt.app.config_keys import KEYS
from asbuilt.app.config_lines import line_of
from asbuilt.app.gate_policy import GateConfig, read_gate
from asbuilt.app.supply_config import read_registries, read_supply, settings_of_controls
from asbuilt.catalogue.controls import load_controls
from asbuilt.catalogue.signatures import load_signatures
from asbuilt.history.git import Repository
from asbuilt.model.errors import ConfigError
from asbuilt.model.supply_policy import SupplyPolicy
from asbuilt.model.toml import read_toml_text

LIMIT = 1 << 20  # bytes: a configuration file larger than that is a mistake or an attack
OWN_FILE, SHARED_FILE = "asbuilt.toml", "pyproject.toml"

RecordedIn = Literal["forge", "commits"]


class Config(msgspec.Struct, frozen=True):
    """The configuration of one revision; every field is its default where nothing is said.

    ``source`` is the file it came from (None: there is none). ``approved_tools`` are catalogue ids (None: no
    inventory is declared, which is not the same as an empty one). ``controls`` maps a control's id to its settings.
    ``same_people`` groups e-mail addresses of one person. ``exclude`` are globs of paths left out of line totals,
    counted and shown as excluded (see ``app.exclusion``). ``audit`` is what concerns audits, ``gate`` the gate.
    ``private_hosts`` are forges that may lie inside a private network. ``guards`` refuse who is not signed in, and
    ``public_routes`` are open to anybody, as the company says of its own application. ``supply`` is what packages
    may come in, ``registries`` the indexes that are asked about them, by ecosystem.
    """

    source: str | None = None
    approved_tools: frozenset[str] | None = None
    reviews_recorded_in: RecordedIn = "forge"
    controls: dict[str, dict[str, Any]] = {}
    same_people: tuple[tuple[str, ...], ...] = ()
    exclude: tuple[str, ...] = ()
    audit: AuditConfig = AuditConfig()
    private_hosts: frozenset[str] = frozenset()
    guards: tuple[str, ...] = ()
    public_routes: tuple[str, ...] = ()
    gate: GateConfig = GateConfig()
    supply: SupplyPolicy = SupplyPolicy()
    registries: dict[str, tuple[str, ...]] = {}


def read_config(repository: Repository, commit: str) -> Config:
    """The configuration that stands in the tree of ``commit``.

    Raises:
        ConfigError: the file is malformed, too large, not a plain file, or says something unknown; names file:line.
        SourceError: the file is in the tree and cannot be read.
    """
    own = _read_file(repository, commit, OWN_FILE)
    shared = _read_file(repository, commit, SHARED_FILE)
    if shared is not None and b"asbuilt" not in shared:
        shared = None  # another program's file, which may even be malformed
    if own is not None:
        told = _Told(OWN_FILE, own, ())
        if shared is not None and _Told(SHARED_FILE, shared, ("tool", "asbuilt")).found:
            raise ConfigError(
                "Both asbuilt.toml and [tool.asbuilt] of pyproject.toml are there.",
                fix="Keep one of them.",
                where=OWN_FILE,
            )
        return told.config()
    if shared is not None:
        told = _Told(SHARED_FILE, shared, ("tool", "asbuilt"))
        if told.found:
            return told.config()
    return Config()


def read_config_file(file: Path) -> Config:
    """The configuration of a file of the company's own, wherever it lies.

    Raises:
        ConfigError: it is absent, malformed, too large, or says something unknown; names file:line.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{str(file)!r} cannot be read.", why=f"{error.strerror}.", fix="Name a file.") from error
    if len(data) > LIMIT:
        raise ConfigError(f"{file.name} is larger than {LIMIT:,} bytes.", fix="Make it smaller.", where=file.name)
    root = ("tool", "asbuilt") if file.name == SHARED_FILE else ()
    told = _Told(file.name, data, root)
    return told.config() if told.found else Config()


def _read_file(repository: Repository, commit: str, name: str) -> bytes | None:
    listing = repository.run("ls-tree", "-z", "-l", commit, "--", name)
    if not listing:
        return None
    mode, _, blob, size = listing.split(b"\t", 1)[0].split()
    if mode not in {b"100644", b"100755"}:
        if name == SHARED_FILE:
            return None
        raise ConfigError(f"{name} is not a plain file.", fix="Commit it as a plain file.", where=name)
    if size.isdigit() and int(size) > LIMIT:
        raise ConfigError(f"{name} is larger than {LIMIT:,} bytes.", fix="Make it smaller.", where=name)
    return repository.run("cat-file", "blob", blob.decode("ascii"))


class _Told:
    """One parsed file, and the checks that turn it into a ``Config``."""

    def __init__(self, file: str, data: bytes, root: tuple[str, ...]) -> None:
        self._file, self._root = file, root
        try:
            self._text = data.decode("utf-8").replace("\r\n", "\n")
            parsed: Any = read_toml_text(self._text)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise ConfigError(f"{file} is not UTF-8.", fix="Save it as UTF-8.", where=f"{file}:{line}") from error
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            said = re.search(r"at line (\d+)", str(error))
            raise ConfigError(
                f"{file} is not valid TOML.",
                why=str(error),
                fix="Mend the line.",
                where=f"{file}:{said[1]}" if said else file,
            ) from error
        for name in root:
            parsed = parsed.get(name) if isinstance(parsed, dict) else None
        self.found = parsed is not None
        self._data: Any = parsed

    def config(self) -> Config:
        """Every key, checked."""
        tables = {key.table.partition(".")[0]: key.table for key in KEYS}
        for name in self._table((), self._data):
            if name not in tables:
                self._unknown((name,), tables)
        approved = self._tools()
        supply = read_supply(self._section("supply"), self._fail)
        return Config(
            source=self._file,
            approved_tools=approved,
            reviews_recorded_in=self._recorded_in(),
            controls=settings_of_controls(self._section("supply"), supply, self._controls(), self._fail),
            same_people=self._same_people(),
            exclude=self._strings("inspect", "exclude") or (),
            audit=self._audit(),
            guards=self._strings("scan", "guards") or (),
            public_routes=self._strings("scan", "public") or (),
            private_hosts=frozenset(self._strings("sync", "allow_private_hosts") or ()),
            gate=read_gate(self._section("gate"), self._fail),
            supply=supply,
            registries=read_registries(self._section("supply"), self._fail),
        )

    def _audit(self) -> AuditConfig:
        return read_audit(self._section("audit"), self._section("controls"), self._fail)

    def _tools(self) -> frozenset[str] | None:
        names = self._strings("ai_tools", "approved")
        if names is None:
            return None
        known = {tool.id for tool in load_signatures()} if names else set()
        for name in names:
            if name not in known:
                self._fail(
                    ("ai_tools", "approved"),
                    f"No AI tool is called {name!r}.",
                    fix=f"{_did_you_mean(name, known)}`asbuilt signatures` lists the tools.",
                )
        return frozenset(names)

    def _recorded_in(self) -> RecordedIn:
        value = self._section("review").get("recorded_in", "forge")
        choices = get_args(RecordedIn)
        if value not in choices:
            self._fail(
                ("review", "recorded_in"),
                f"recorded_in is {value!r}.",
                fix=f"Write one of: {', '.join(choices)}.",
            )
        return "commits" if value == "commits" else "forge"

    def _controls(self) -> dict[str, dict[str, Any]]:
        said = self._section("controls")
        known = {control.id: control.settings for control in load_controls()} if said else {}
        # The company's own controls lie in folders that are read later; the engine checks their settings.
        own_folders = "controls" in self._section("audit")
        for own, settings in said.items():
            path = ("controls", own)
            if own not in known:
                if own_folders and OWN_CONTROL.fullmatch(own):
                    continue
                self._unknown(path, known)
            for name, value in self._table(path, settings).items():
                if name in SET_ASIDE:
                    continue
                if name not in known[own]:
                    self._unknown((*path, name), (*known[own], *SET_ASIDE))
                if type(value) is not type(known[own][name]):
                    self._fail(
                        (*path, name), f"{name} is {value!r}.", fix=f"Write a value like {known[own][name]!r}."
                    )
        return {
            own: thresholds
            for own, settings in said.items()
            if (thresholds := {name: value for name, value in settings.items() if name not in SET_ASIDE})
        }

    def _same_people(self) -> tuple[tuple[str, ...], ...]:
        groups = self._section("people").get("same", [])
        valid = isinstance(groups, list) and all(
            isinstance(group, list) and len(group) > 1 and all(isinstance(one, str) and "@" in one for one in group)
            for group in groups
        )
        if not valid:
            self._fail(
                ("people", "same"),
                "same is not a list of lists of e-mail addresses.",
                fix='Write: same = [["ana@example.com", "ana@home.example"]].',
            )
        return tuple(tuple(group) for group in groups)

    def _strings(self, table: str, name: str) -> tuple[str, ...] | None:
        value = self._section(table).get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self._fail((table, name), f"{name} is not a list of texts.", fix=f'Write: {name} = ["..."].')
        return tuple(value)

    def _section(self, table: str) -> Mapping[str, Any]:
        section = self._table((table,), self._data.get(table, {}))
        known = {key.name for key in KEYS if key.table == table}
        for name in section if known else ():
            if name not in known:
                self._unknown((table, name), known)
        return section

    def _table(self, path: tuple[str, ...], value: object) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self._fail(path, f"{'.'.join(path) or 'asbuilt'} is not a table.", fix="Write it as [table].")
        return value

    def _unknown(self, path: tuple[str, ...], known: Iterable[str]) -> NoReturn:
        hint = _did_you_mean(path[-1], known)
        self._fail(
            path,
            f"Nothing is called {'.'.join(path)}.",
            fix=hint.strip() or f"Known here: {', '.join(sorted(known)) or 'nothing'}.",
        )

    def _fail(self, path: tuple[str, ...], what: str, *, fix: str) -> NoReturn:
        line = line_of(self._text, (*self._root, *path))
        raise ConfigError(what, fix=fix, where=f"{self._file}:{line}" if line else self._file)


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    padded = re.sub(r"-(\d)$", r"-0\1", name)  # CHG-1 for CHG-01
    if padded in (known := list(known)):
        return f"Did you mean {padded!r}? "
    close = difflib.get_close_matches(name, list(known), 3, 0.6)
    return f"Did you mean {' or '.join(map(repr, close))}? " if close else ""
