"""Whether a component may come in, by what the company says of its packages.

1. Each rule says refused, fulfilled, or not known (``policy_rules``).
2. A refusal is lifted only by an approval of this package that names the rule: by another person, with a reason,
and not expired; one without an end lifts nothing. Nothing lifts that a package is harmful or does not exist.
3. Where each package needs an approval of its own, one that stands is looked for.
4. One refusal refuses; else one rule that is not known leaves it undecided.
"""

from collections.abc import Iterator, Sequence

import msgspec

from asbuilt.model.advisory import Checked
from asbuilt.model.component import Component
from asbuilt.model.registry_facts import PackageFacts, Suspicion
from asbuilt.model.supply_policy import NEVER_EXCEPTED, Approval, Judgement, Reason, SupplyPolicy
from asbuilt.supply.advisories.names import plain_ecosystem, plain_name, plain_version
from asbuilt.supply.policy_rules import RULES, Case


def judge(
    component: Component,
    policy: SupplyPolicy,
    *,
    facts: PackageFacts | None = None,
    suspicions: Sequence[Suspicion] | None = None,
    checked: Checked | None = None,
    approvals: Sequence[Approval] | None = None,
    now: int,
) -> Judgement:
    """What a policy says of one component.

    Args:
        component: what a change brings in.
        policy: what the company says.
        facts: what a registry says of it; None: it was not asked.
        suspicions: what speaks against its name and its history; None: nobody looked.
        checked: what became of it against the advisories; None: it was not held against any.
        approvals: recorded approvals, of whichever packages; None: they could not be seen.
        now: Unix seconds: when it comes in.
    """
    if component.source == "workspace":
        return Judgement(True, (Reason("existence", True, "it is a part of this product"),))
    # (1)
    case = Case(component, policy, now, facts=facts, suspicions=suspicions, checked=checked)
    reasons = [reason for rule in RULES for reason in rule(case)]
    own = None if approvals is None else [each for each in approvals if is_about(each, component)]
    # (2)
    reasons = [_excepted(reason, own or (), now) for reason in reasons]
    # (3)
    reasons += _approval(policy, own, now)
    # (4)
    deciding = [reason.verdict for reason in reasons if reason.decides]
    return Judgement(False if False in deciding else None if deciding else True, tuple(reasons))


def package_id(ecosystem: str, name: str) -> str:
    """How a package is named in records and approvals: ``pypi:requests``, ``npm:@scope/name``."""
    plain = plain_ecosystem(ecosystem)
    return f"{plain.lower()}:{plain_name(plain, name)}"


def is_about(approval: Approval, component: Component) -> bool:
    """Whether an approval names this package, and this version of it or none."""
    ecosystem = plain_ecosystem(component.ecosystem)
    told, _, name = approval.package.partition(":")
    if told.lower() != ecosystem.lower() or plain_name(ecosystem, name) != plain_name(ecosystem, component.name):
        return False
    if approval.version is None or component.version is None:
        return approval.version is None
    return plain_version(ecosystem, approval.version) == plain_version(ecosystem, component.version)


def _counts(approval: Approval, now: int) -> bool:
    return (
        bool((approval.reason or "").strip())
        and approval.approved_at <= now
        and (approval.expires_at is None or approval.expires_at > now)
        and approval.by_another is not False
    )


def _excepted(reason: Reason, approvals: Sequence[Approval], now: int) -> Reason:
    # (2)
    if reason.verdict is not False or reason.rule in NEVER_EXCEPTED:
        return reason
    lifting = [
        each
        for each in approvals
        if reason.rule in each.excepts and each.expires_at is not None and _counts(each, now)
    ]
    for each in sorted(lifting, key=lambda own: (own.by_another is None, own.approved_at)):
        if each.by_another:
            return msgspec.structs.replace(reason, excepted_by=each.approved_by)
        text = f"{reason.text}; {each.approved_by} excepts it, and is not known as another person"
        return msgspec.structs.replace(reason, verdict=None, text=text)
    return reason


def _approval(policy: SupplyPolicy, own: Sequence[Approval] | None, now: int) -> Iterator[Reason]:
    if policy.approval != "package":
        return
    if own is None:
        yield Reason("approval", None, "approvals of packages could not be seen")
        return
    counting = [each for each in own if _counts(each, now)]
    sure = next((each for each in counting if each.by_another), None)
    if sure is not None:
        yield Reason("approval", True, f"{sure.approved_by} approved it: {sure.reason}")
    elif counting:
        text = f"{counting[0].approved_by} approved it, and is not known as another person"
        yield Reason("approval", None, text)
    else:
        yield Reason("approval", False, "no person's approval of this package stands")
