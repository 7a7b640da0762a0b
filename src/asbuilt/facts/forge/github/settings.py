"""Settings of a repository and of an organisation that guard it.

The page ``repository`` makes no row of ``repositories``, nor ``org`` one of ``systems``, nor ``org/repositories``
any: whether the audit covers them (``in_scope``) is the company's word, and the newest row of an event holds, so
that a forge that were to guess it would take back what a person recorded.
"""

from collections.abc import Iterator

from asbuilt.facts.forge.github.access import system_of
from asbuilt.facts.forge.page import ForgePage, Row
from asbuilt.facts.forge.values import dig, fields, flag, text

_STATUSES = {"enabled": True, "disabled": False}


def project_repository(page: ForgePage) -> Iterator[Row | str]:
    """``repository``: whether pushes with secrets are refused, where the token is shown it.

    That secret scanning is on does not say that it went through all of the history; that it is off does say that
    nothing of it is scanned.
    """
    security = fields(dig(page.document, "security_and_analysis"))
    scanned, blocked = (
        _STATUSES.get(str(dig(security, name, "status")))
        for name in ("secret_scanning", "secret_scanning_push_protection")
    )
    if scanned is not None or blocked is not None:
        yield Row(
            "secret_protection",
            {
                "repository": page.repository,
                "blocks_pushes": blocked,
                "scans_history": False if scanned is False else None,
                "scans_agent_files": False if scanned is False else None,
            },
        )


def project_organization(page: ForgePage) -> Iterator[Row | str]:
    """``org``: whether everybody must have a second factor, where the token is shown it.

    While it is demanded, GitHub lets no member in without one: nobody is left out, and nobody can have signed in
    with a password alone at that moment.
    """
    if text(dig(page.document, "login")) is None:
        yield "it is no organisation."
        return
    enforced = flag(dig(page.document, "two_factor_requirement_enabled"))
    if enforced is not None:
        yield Row(
            "mfa_settings",
            {
                "system": system_of(page),
                "is_enforced": enforced,
                "exempt_accounts": [] if enforced else None,
                "password_only_sign_ins": 0 if enforced else None,
            },
        )


PAGES = {
    "repository": project_repository,
    "org": project_organization,
}
