"""Rules of branches: the classic protection, rule sets, the rules in force, their versions, and rule suites.

No page tells everything: the rules in force (shown to everybody) leave out the classic protection and who may go
around; a rule set tells who may go around it to those alone who may change it. So each page becomes a look at one
source of rules, and the derived ``rule_times`` takes them together. ``rulesets`` and ``ruleset/history`` only lead
to others.
"""

import json
from collections.abc import Iterator

from asbuilt.facts.forge.accounts import account_of
from asbuilt.facts.forge.github.rule_values import (
    NOTHING_ASKED,
    Values,
    bypass_of,
    protection_values,
    ruleset_values,
)
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import commit_id, dig, fields, items, moment, moment_of, own_id, text, texts

_FULL_PAGE = 100  # rules; where a page is full, others may stand on the next
_UNPROTECTED = "Branch not protected"
_RESULTS = {"pass": "pass", "fail": "fail", "bypass": "bypass"}
_BRANCHES = "refs/heads/"


def project_protection(page: ForgePage) -> Iterator[Row | str]:
    """``branch/protection``: what it asks; GitHub answers 404 with words of its own where there is none."""
    told = fields(page.document)
    message = told.get("message")
    if isinstance(message, str) and message.startswith(_UNPROTECTED):
        values: Values = dict(NOTHING_ASKED)
    elif "enforce_admins" in told or "required_pull_request_reviews" in told or "allow_force_pushes" in told:
        values = protection_values(told)
    else:
        yield "it is no branch's protection."
        return
    yield _part(page, "protection", in_force=message is None, **values)


def project_branch_rules(page: ForgePage) -> Iterator[Row | str]:
    """``branch/rules``: each rule set in force on the branch, and the list of them."""
    if not isinstance(page.document, list):
        yield "it is no list of rules."
        return
    is_first = page.key.partition(" | ")[2] in {"", "1"}
    if not is_first:
        yield f"the branch has more than {_FULL_PAGE} rules: those of this page are in no row."
        return
    by_set: dict[str, list[object]] = {}
    unread = False
    for rule in page.document:
        own = own_id(dig(rule, "ruleset_id"))
        if own is None:
            unread = True
            yield "a rule does not say which rule set it is of."
            continue
        by_set.setdefault(own, []).append(rule)
    is_all = not unread and len(page.document) < _FULL_PAGE
    yield _part(page, "rulesets", in_force=bool(by_set), rulesets=sorted(by_set) if is_all else None)
    for own, rules in by_set.items():
        values = ruleset_values(rules)
        if not is_all:  # what is not here may stand on the next page
            values = {name: value for name, value in values.items() if value != NOTHING_ASKED[name]}
            values.pop("required_checks", None)
        yield _part(page, f"ruleset {own}", in_force=True, **values)


def _part(page: ForgePage, rule: str, **values: object) -> Row:
    return Row(
        "branch_rule_parts",
        {"repository": page.repository, "branch": page.subject or None, "rule": rule} | values,
    )


def project_ruleset(page: ForgePage) -> Iterator[Row | str]:
    """``ruleset``: what it asks of whom, since it was last edited."""
    told = fields(page.document)
    if told.get("target", "branch") != "branch":
        return
    edited = moment(told.get("updated_at"))
    now = moment_of(page.observed)
    held = {"held_from": edited, "held_until": now} if edited is not None and edited < now else {}
    yield Row(
        "rule_sets",
        {
            "repository": page.repository,
            "ruleset": own_id(told.get("id")),
            "name": text(told.get("name")),
            "set_by": text(told.get("source")),
        }
        | ruleset_state(told)
        | held,
    )


def ruleset_state(told: object) -> Values:
    """What a rule set asks, as itself, a version of it or a webhook tells."""
    rules, names = dig(told, "rules"), fields(dig(told, "conditions", "ref_name"))
    enforcement = dig(told, "enforcement")
    return {
        "in_force": enforcement == "active" if isinstance(enforcement, str) else None,
        "includes": _patterns(names.get("include")),
        "excludes": _patterns(names.get("exclude")),
        "bypass_actors": bypass_of(dig(told, "bypass_actors")),
    } | (ruleset_values(rules) if isinstance(rules, list) else {})


def _patterns(value: object) -> list[str] | None:
    return texts(text(each) for each in items(value)) if isinstance(value, list) else None


def project_version(page: ForgePage) -> Iterator[Row | str]:
    """``ruleset/version``: what a rule set asked from then on."""
    told = fields(page.document)
    state, version = fields(told.get("state")), own_id(told.get("version_id"))
    ruleset = own_id(state.get("id")) or page.subject
    if state.get("target", "branch") != "branch":
        return
    detail = {name: value for name, value in ruleset_state(state).items() if value is not None}
    yield Row(
        "rule_events",
        {
            "repository": page.repository,
            "event_id": None if version is None else f"ruleset {ruleset} version {version}",
            "happened_at": moment(told.get("updated_at")),
            "kind": "version",
            "rule": " ".join(part for part in ("ruleset", ruleset, text(state.get("name"))) if part),
            "actor": account_of(told.get("actor")).login,
            "detail": json.dumps(detail, sort_keys=True, separators=(",", ":")),
        },
    )


def project_suites(page: ForgePage) -> Iterator[Row | str]:
    """``rule-suites``: pushes and merges that were held against the rules."""
    if not isinstance(page.document, list):
        yield "it is no list of rule suites."
    for suite in items(page.document):
        ref = text(dig(suite, "ref"))
        if ref is not None and ref.startswith("refs/") and not ref.startswith(_BRANCHES):
            continue
        result = dig(suite, "result")
        yield Row(
            "rule_suites",
            {
                "repository": page.repository,
                "suite_id": own_id(dig(suite, "id")),
                "evaluated_at": moment(dig(suite, "pushed_at")),
                "result": _RESULTS.get(result) if isinstance(result, str) else None,
                "branch": None if ref is None else ref.removeprefix(_BRANCHES),
                "actor": account_of({"login": dig(suite, "actor_name")}).login,
                "before_commit": commit_id(dig(suite, "before_sha")),
                "after_commit": commit_id(dig(suite, "after_sha")),
            },
        )


PAGES = {
    "branch/protection": project_protection,
    "branch/rules": project_branch_rules,
    "ruleset": project_ruleset,
    "ruleset/version": project_version,
    "rule-suites": project_suites,
}
