"""What a company says about its gate: the ``[gate]`` table, read from the base branch alone.

A control that is required decides; every other one is reported. Nothing can make an unknown pass.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, get_args

import msgspec

from asbuilt.app.audit_config import Refusal
from asbuilt.model.errors import ConfigError
from asbuilt.model.supply_policy import Rule

# What decides where the company says nothing: a person approved it, that covers what lands, its checks are green,
# and whoever owns a guarded path agreed.
REQUIRED: Final = ("CHG-01", "CHG-02", "CHG-05", "CHG-17")
# Controls over changes that look at what comes after the landing: a gate has nothing to ask.
AFTER_LANDING: Final = frozenset({"CHG-07"})
# Findings by our own rules: the lowest severity that refuses.
LEVELS: Final = ("critical", "high", "medium", "low", "never")
# Of the rules for packages ([supply]) those whose refusal keeps a change from landing; the rest is reported.
REFUSING: Final[tuple[Rule, ...]] = ("malicious", "existence", "advisories", "licence", "approval")
_CONTROL: Final = re.compile(r"[A-Z]{2,8}-[0-9]{2,4}")


class GateConfig(msgspec.Struct, frozen=True):
    """The ``[gate]`` table.

    ``require`` are the controls that decide, ``report`` those that are reported though they would decide by
    default. ``checks`` are names of checks that must be green (empty: all that ran); ``own_checks`` are the names
    under which the gate itself runs, which it does not wait for. ``findings`` is the lowest severity of a new
    finding that refuses; ``dependencies`` are the rules of ``[supply]`` whose refusal refuses,
    ``undecided_dependencies`` says whether what could not be decided does too. ``unread`` says whether a changed
    file that could not be looked at refuses, ``unread_paths`` are globs of those that never do.
    """

    require: tuple[str, ...] = REQUIRED
    report: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    own_checks: tuple[str, ...] = ()
    findings: str = "high"
    dependencies: tuple[Rule, ...] = REFUSING
    undecided_dependencies: str = "report"
    unread: str = "refuse"
    unread_paths: tuple[str, ...] = ()


def read_gate(said: Mapping[str, Any], refuse: Refusal) -> GateConfig:
    """The ``[gate]`` table, every key checked; ``refuse`` raises the ConfigError that names file and line."""
    lists = {
        name: _texts(said[name], ("gate", name), refuse)
        for name in ("require", "report", "checks", "own_checks", "unread_paths")
        if name in said
    }
    for name in ("require", "report"):
        for own in lists.get(name, ()):
            if not _CONTROL.fullmatch(own) or own in AFTER_LANDING:
                refuse(("gate", name), f"{own!r} cannot be asked at the gate.", fix="Name controls such as CHG-01.")
    required = lists.get("require", REQUIRED)
    both = set(lists.get("require", ())) & set(lists.get("report", ()))
    if both:
        refuse(("gate", "report"), f"{min(both)} is required and reported only.", fix="Name it in one of the two.")
    if said.get("unknown", "refuse") != "refuse":
        refuse(
            ("gate", "unknown"),
            f"unknown is {said['unknown']!r}.",
            fix='Only "refuse" is possible; put a control under report to let changes pass without it.',
        )
    report = lists.get("report", ())
    return GateConfig(
        require=tuple(own for own in required if own not in report),
        report=report,
        checks=lists.get("checks", ()),
        own_checks=lists.get("own_checks", ()),
        findings=_choice(said, "findings", LEVELS, "high", refuse),
        dependencies=_rules(said, refuse),
        undecided_dependencies=_choice(said, "undecided_dependencies", ("report", "refuse"), "report", refuse),
        unread=_choice(said, "unread", ("report", "refuse"), "refuse", refuse),
        unread_paths=lists.get("unread_paths", ()),
    )


def _choice(said: Mapping[str, Any], name: str, choices: tuple[str, ...], default: str, refuse: Refusal) -> str:
    value = said.get(name, default)
    if value not in choices:
        refuse(("gate", name), f"{name} is {value!r}.", fix=f"Write one of: {', '.join(choices)}.")
    return str(value)


def _rules(said: Mapping[str, Any], refuse: Refusal) -> tuple[Rule, ...]:
    if "dependencies" not in said:
        return REFUSING
    named = _texts(said["dependencies"], ("gate", "dependencies"), refuse)
    known: tuple[Rule, ...] = get_args(Rule)
    unknown = [own for own in named if own not in known]
    if unknown:
        refuse(("gate", "dependencies"), f"No rule is called {unknown[0]!r}.", fix=f"Known: {', '.join(known)}.")
    return tuple(own for own in known if own in named)


def expect_known(config: GateConfig, known: frozenset[str], where: str | None) -> None:
    """Refuse ids of controls that the gate does not have.

    Raises:
        ConfigError: names the id, and those there are.
    """
    for own in (*config.require, *config.report):
        if own not in known:
            raise ConfigError(
                f"[gate] names {own!r}, which is no control over changes before they land.",
                fix=f"Known are: {', '.join(sorted(known))}.",
                where=where or "",
            )


def _texts(value: Any, path: tuple[str, ...], refuse: Refusal) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
        refuse(path, f"{path[-1]} is not a list of texts.", fix=f'Write: {path[-1]} = ["..."].')
    return tuple(dict.fromkeys(value))
