"""Rules of branches and environments: what GitLab asks of whoever changes one.

1. The page ``rules`` binds the project, its protected branches, its approval settings and rules, its push rule: one
   look at all of the rules. What was not shown is unknown.
2. Of several protections of one branch the most permissive holds for pushes, the strictest for owners' approval.
3. A push that goes around requests: whoever may push to a branch may bring a change without one.

Sources: GitLab, "Protected branches" and "Merge request approval settings".
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from asbuilt.facts.forge.gitlab.answers import Answers, account_of, answers_of
from asbuilt.facts.forge.gitlab.checks import PIPELINE
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import dig, fields, flag, items, own_id, text, texts, whole

_NO_ONE = 0
_ROLES = {30: "role Developer", 40: "role Maintainer", 50: "role Owner", 60: "administrators"}
_OVERRIDES = "whoever may edit the request's own approval rules"


def project_rules(page: ForgePage) -> Iterator[Row | str]:
    """``rules``: each branch that is protected by its name, and the default branch."""
    told = answers_of(page)
    if told is None:
        yield "it binds no answers."
        return
    protections = told.listed("protected_branches")
    default = text(dig(told.single("project"), "default_branch"))
    if protections is None:
        return
    names = [text(dig(each, "name")) for each in protections]
    plain = [name for name in names if name is not None and "*" not in name]
    for branch in dict.fromkeys([*([default] if default else []), *plain]):
        binding = [fields(each) for each in protections if _binds(dig(each, "name"), branch)]
        yield Row("branch_rules", _rules(page, told, branch, binding, is_default=branch == default))


@lru_cache(1 << 10)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split("*"))), re.DOTALL)


def _binds(name: object, branch: str) -> bool:
    return isinstance(name, str) and 0 < len(name) <= 255 and _pattern(name).fullmatch(branch) is not None


def _rules(
    page: ForgePage, told: Answers, branch: str, binding: list[Mapping[str, Any]], *, is_default: bool
) -> dict[str, object]:
    project, settings = fields(told.single("project")), fields(told.single("approval_settings"))
    may_push = _may_push(binding)
    by_request = None if may_push is None else bool(binding) and not may_push
    may_override = _negated(flag(settings.get("disable_overriding_approvers_per_merge_request")))
    green = flag(project.get("only_allow_merge_if_pipeline_succeeds"))
    around = None
    if may_push is not None and may_override is not None:
        around = may_push + ([_OVERRIDES] if may_override else [])
    return {
        "repository": page.repository,
        "branch": branch,
        "requires_pull_request": by_request,
        "required_approvals": _approvals(told, branch),
        "required_checks": None if green is None else [PIPELINE] if green else [],
        "dismisses_stale_approvals": flag(settings.get("reset_approvals_on_push")),
        "requires_owner_approval": _any(flag(each.get("code_owner_approval_required")) for each in binding),
        "allows_force_push": _any(flag(each.get("allow_force_push")) for each in binding) if binding else True,
        # GitLab deletes no default branch; any other that is protected, a Maintainer may delete in the browser.
        "allows_deletion": not is_default,
        "binds_administrators": by_request if not by_request else _negated(may_override),
        "bypass_actors": around,
    }


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _any(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    if True in found:
        return True
    return None if None in found else False


def _may_push(binding: list[Mapping[str, Any]]) -> list[str] | None:
    """Who may push without a request; None where one of the levels is not told."""
    found = []
    for protection in binding:
        levels = protection.get("push_access_levels")
        if not isinstance(levels, list):
            return None
        for level in levels:
            who = _holder(level)
            if who is None:
                return None
            found.append(who)
    return texts(who for who in found if who)


def _holder(level: object) -> str | None:
    """Whom an access level names: empty for no one, None where it cannot be read."""
    for name, word in (("user_id", "user"), ("group_id", "group"), ("deploy_key_id", "deploy key")):
        own = own_id(dig(level, name))
        if own is not None:
            return f"{word} {own}"
    number = whole(dig(level, "access_level"))
    if number is None:
        return None
    return "" if number == _NO_ONE else _ROLES.get(number, f"role {number}")


def _approvals(told: Answers, branch: str) -> int | None:
    """One approval may satisfy several rules: at least the most that one of them asks for."""
    rules = told.listed("approval_rules")
    if rules is None:
        return None
    counts = []
    for rule in rules:
        if dig(rule, "rule_type") == "report_approver":  # only where a scan found something
            continue
        bound = items(dig(rule, "protected_branches"))
        is_of_all = not bound or dig(rule, "applies_to_all_protected_branches") is True
        if not is_of_all and not any(_binds(dig(each, "name"), branch) for each in bound):
            continue
        counts.append(whole(dig(rule, "approvals_required")))
    return None if None in counts else max((count for count in counts if count is not None), default=0)


def project_project(page: ForgePage) -> Iterator[Row | str]:
    """``project``: whether pushes that hold secrets are refused, where GitLab shows it.

    The push rule against files with the names of secrets is no such guard: it never looks inside.
    """
    blocks = flag(dig(page.document, "secret_push_protection_enabled"))
    if blocks is None:
        blocks = flag(dig(page.document, "pre_receive_secret_detection_enabled"))
    if blocks is not None:
        yield Row("secret_protection", {"repository": page.repository, "blocks_pushes": blocks})


def project_environments(page: ForgePage) -> Iterator[Row | str]:
    """``protected_environments``: who must approve before something is deployed."""
    if not isinstance(page.document, list):
        yield "it is no list of environments."
    for environment in items(page.document):
        rules, count = dig(environment, "approval_rules"), whole(dig(environment, "required_approval_count"))
        asked = [_approver(rule) for rule in items(rules) if dig(rule, "required_approvals") != 0]
        if not asked and count:
            asked = [_approver(level) for level in items(dig(environment, "deploy_access_levels"))]
        yield Row(
            "environment_rules",
            {
                "repository": page.repository,
                "environment": text(dig(environment, "name")),
                "reviewers": texts(iter(asked)) if isinstance(rules, list) or count is not None else None,
            },
        )


def _approver(rule: object) -> str:
    login = account_of(dig(rule, "user")).login
    return login or _holder(rule) or text(dig(rule, "access_level_description")) or "somebody"


PAGES = {
    "rules": project_rules,
    "project": project_project,
    "protected_environments": project_environments,
}
