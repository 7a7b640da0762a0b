"""What a company says about the packages that come in: the ``[supply]`` table, every key checked."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from asbuilt.app.audit_config import Refusal
from asbuilt.model.advisory import LEVELS
from asbuilt.model.registry_facts import WEIGHTS
from asbuilt.model.supply_policy import Approving, SupplyPolicy
from asbuilt.supply.licences import spdx_expression

_REGISTRIES: Final = 'Write: registries = { PyPI = ["https://packages.example/simple"] }.'
_MOST_DAYS: Final = 36_600
_ADVISORIES: Final = ("older_than_days", "refused_from")
_CONTROL: Final = "CHG-14"  # that new packages were looked at before they came in
_OF_THE_CONTROL: Final = ("licences_refused", "licence_required", "at_least_days_old")
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "suspicions_refused_from": WEIGHTS[:-1],
    "approval": get_args(Approving),
}


def read_supply(said: Mapping[str, Any], refuse: Refusal) -> SupplyPolicy:
    """The policy; ``refuse`` raises the ConfigError that names file and line."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        path = ("supply", name)
        if name == "registries":  # read by read_registries: who is asked is no part of the policy
            continue
        if name in {"licences_allowed", "licences_refused"}:
            found[name] = _licences(value, path, refuse)
        elif name in {"at_least_days_old", "unmaintained_after_days"}:
            found[name] = _days(value, path, refuse, least=int(name == "unmaintained_after_days"))
        elif name in _CHOICES:
            found[name] = _choice(value, _CHOICES[name], path, refuse)
        elif name == "advisories":
            found |= _advisories(value, path, refuse)
        else:
            if not isinstance(value, bool):
                refuse(path, f"{name} is {value!r}.", fix="Write true or false.")
            found[name] = value
    both = {*found.get("licences_allowed", ())} & {*found.get("licences_refused", ())}
    if both:
        refuse(
            ("supply", "licences_refused"),
            f"{min(both)} is both allowed and refused.",
            fix="Name it in one of the two.",
        )
    return SupplyPolicy(**found)


def settings_of_controls(
    said: Mapping[str, Any], policy: SupplyPolicy, controls: Mapping[str, dict[str, Any]], refuse: Refusal
) -> dict[str, dict[str, Any]]:
    """The settings of controls, with what ``[supply]`` says of them too: what a gate asks, an audit asks as well.

    ``refuse`` is called for a setting that is said in both places, and differently.
    """
    own = {name: getattr(policy, name) for name in _OF_THE_CONTROL if name in said}
    if "licences_refused" in own:
        own["licences_refused"] = [name.lower() for name in own["licences_refused"]]
    explicit = controls.get(_CONTROL, {})
    for name, value in own.items():
        if name in explicit and explicit[name] != value:
            refuse(
                ("supply", name),
                f"{name} is told differently for {_CONTROL}.",
                fix=f'Say it here alone, and not in [controls."{_CONTROL}"].',
            )
    return {**controls, **({_CONTROL: {**own, **explicit}} if own else {})}


def _licences(value: Any, path: tuple[str, ...], refuse: Refusal) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        refuse(path, f"{path[-1]} is not a list of texts.", fix=f'Write: {path[-1]} = ["MIT"].')
    found = []
    for one in value:
        own = spdx_expression(one)
        if own is None or {"AND", "OR"} & {*own.split()}:
            refuse(
                path,
                f"{one!r} is no SPDX identifier.",
                fix='Write one licence each, such as "MIT" or "GPL-2.0-only WITH Classpath-exception-2.0".',
            )
        found.append(str(own))
    return tuple(dict.fromkeys(found))


def _advisories(value: Any, path: tuple[str, ...], refuse: Refusal) -> dict[str, Any]:
    if not isinstance(value, dict):
        refuse(path, "advisories is not a table.", fix="Write: advisories = { older_than_days = 7 }.")
    found: dict[str, Any] = {}
    for name, own in value.items():
        if name not in _ADVISORIES:
            refuse((*path, name), f"Nothing is called {name}.", fix=f"Known here: {', '.join(_ADVISORIES)}.")
        if name == "older_than_days":
            found["advisories_older_than_days"] = _days(own, (*path, name), refuse)
        else:
            found["advisories_refused_from"] = _choice(own, LEVELS, (*path, name), refuse)
    return found


def _days(value: Any, path: tuple[str, ...], refuse: Refusal, *, least: int = 0) -> int:
    if type(value) is not int or not least <= value <= _MOST_DAYS:
        refuse(path, f"{path[-1]} is {value!r}.", fix=f"Write a number of days, {least} to {_MOST_DAYS:,}.")
    return int(value)


def _choice(value: Any, choices: tuple[str, ...], path: tuple[str, ...], refuse: Refusal) -> str:
    if value not in choices:
        refuse(path, f"{path[-1]} is {value!r}.", fix=f"Write one of: {', '.join(choices)}.")
    return str(value)


def read_registries(said: Mapping[str, Any], refuse: Refusal) -> dict[str, tuple[str, ...]]:
    """The indexes to ask, by ecosystem; ``refuse`` raises the ConfigError that names file and line."""
    told = said.get("registries", {})
    path = ("supply", "registries")
    if not isinstance(told, dict):
        refuse(path, "registries is not a table.", fix=_REGISTRIES)
    found = {}
    for ecosystem, addresses in told.items():
        listed = [addresses] if isinstance(addresses, str) else addresses
        if not isinstance(listed, list) or not all(isinstance(one, str) and _plain(one) for one in listed):
            refuse(path, f"{ecosystem} has no list of addresses without user and password.", fix=_REGISTRIES)
        found[ecosystem] = tuple(listed)
    return found


def _plain(address: str) -> bool:
    return address.startswith(("https://", "http://")) and "@" not in address
