"""Rows of facts as a package takes them, with hostile text where a company's words go."""

from typing import Any

from tests.audit_world import HOSTILE

FACTS: dict[str, list[dict[str, Any]]] = {
    "systems": [
        {"system": "idp", "name": f"Identity {HOSTILE}", "kind": "identity-provider", "in_scope": True},
        {"system": "wiki", "name": "Wiki", "kind": "other", "in_scope": False},
    ],
    "repositories": [{"repository": "acme/app", "in_scope": True}],
    "people": [{"person": "ana", "ends_at": None}, {"person": "ben", "ends_at": "2026-02-01T00:00:00Z"}],
    "commitments": [{"commitment": "99.9 % uptime", "stated_in": "the SLA"}],
    "incidents": [
        {"incident": "INC-1", "detected_at": "2026-03-01T00:00:00Z", "severity": "high"},
        {"incident": "INC-2", "detected_at": "2026-03-02T00:00:00Z", "severity": "low"},
    ],
    "ai_tools": [{"name": "Claude Code", "vendor": "Anthropic", "commits": 12, "lines": 340, "approved": None}],
    "ai_providers": [
        {
            "name": "Model host",
            "classification": "subservice organisation",
            "in_product_path": True,
            "expected_controls": ["no training on customers' data"],
        }
    ],
    "vendors": [{"name": "Cloud", "service": "hosting", "tier": "critical", "owner": "ana"}],
    "data_inventory": [{"asset": "orders", "data_class": "confidential"}],
    "policies": [{"policy": "change"}, {"policy": "change"}, {"policy": "access"}],
}
