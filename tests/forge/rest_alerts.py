"""Alerts of code scanning, secret scanning and Dependabot in REST's shapes."""

from typing import Any

from tests.forge.routing import Asking, Listing, Route
from tests.forge.shapes import fill

# asbuilt: accept secret-provider-token because it is an example that opens nothing
SECRET = "gho_16C7e42F292c6912E7710c838347Ae178B4a"  # told unless the client asks for it to be hidden


def _sorted(found: list[dict[str, Any]], asking: Asking) -> list[dict[str, Any]]:
    """``sort`` created or updated, ``direction``, ``state``."""
    name = "updated_at" if asking.query.get("sort") == "updated" else "created_at"
    chosen = [each for each in found if asking.query.get("state") in {None, each.get("state")}]
    down = asking.query.get("direction", "desc") == "desc"
    return sorted(chosen, key=lambda each: (each.get(name) or "", each.get("number", 0)), reverse=down)


def code_scanning(asking: Asking) -> Listing:
    asking.need("security_events")
    return Listing(
        _sorted(asking.repository.code_alerts, asking), lambda each: fill("code-scanning-alert-items", each)
    )


def analyses(asking: Asking) -> Listing:
    asking.need("security_events")
    return Listing(_sorted(asking.repository.analyses, asking), lambda each: fill("code-scanning-analysis", each))


def secret_scanning(asking: Asking) -> Listing:
    asking.need("secret_scanning_alerts")
    hidden = asking.query.get("hide_secret") == "true"
    return Listing(
        _sorted(asking.repository.secret_alerts, asking),
        lambda each: fill("secret-scanning-alert", each | ({} if hidden else {"secret": SECRET})),
    )


def dependabot(asking: Asking) -> Listing:
    """By cursor alone."""
    asking.need("vulnerability_alerts")
    return Listing(
        _sorted(asking.repository.dependency_alerts, asking),
        lambda each: fill("dependabot-alert", each),
        cursor="after",
    )


R = "/repos/{owner}/{repo}"
ROUTES: list[tuple[str, Route]] = [
    (f"{R}/code-scanning/alerts", code_scanning),
    (f"{R}/code-scanning/analyses", analyses),
    (f"{R}/secret-scanning/alerts", secret_scanning),
    (f"{R}/dependabot/alerts", dependabot),
]
