"""``asbuilt registry`` as commands; nothing is asked: no index is configured in them."""

import json
from pathlib import Path

from asbuilt.supply.registry.store import keep_facts
from tests.commands import asbuilt
from tests.supply.registry.test_store import PROBED, told


def test_nothing_is_asked_where_no_index_is_configured(tmp_path: Path) -> None:
    (tmp_path / "bom.json").write_text(
        json.dumps({"bomFormat": "CycloneDX", "components": [{"name": "a", "purl": "pkg:npm/a@0.9.0"}]})
    )
    away = {
        "HOME": str(tmp_path),
        "NPM_CONFIG_GLOBALCONFIG": "/absent",
        "ASBUILT_REGISTRY": str(tmp_path / "store"),
    }
    done = asbuilt("registry", "fetch", "--for", "bom.json", cwd=tmp_path, **away)
    assert done.code == 3
    assert "Not asked: 1 of npm: no index is configured" in done.text
    done = asbuilt("registry", "fetch", "--for", "bom.json", "--format", "json", cwd=tmp_path, **away)
    assert json.loads(done.text)["asked"] == 0
    assert asbuilt("registry", "status", cwd=tmp_path, **away).code == 2


def test_what_is_kept_is_shown(tmp_path: Path) -> None:
    keep_facts(tmp_path / "store", [told("a"), told("gone", exists=False)], [PROBED])
    kept = {"ASBUILT_REGISTRY": str(tmp_path / "store")}
    done = asbuilt("registry", "status", cwd=tmp_path, **kept)
    assert (done.code, "1 exist, 1 do not" in done.text, "not believed about" in done.text) == (0, True, True)
    assert json.loads(asbuilt("registry", "status", "--format", "json", cwd=tmp_path, **kept).text)["indexes"]
    assert (
        "as https://r.example said on 1970-01-01"
        in asbuilt("registry", "show", "pkg:npm/a", cwd=tmp_path, **kept).text
    )
    assert "does not exist" in asbuilt("registry", "show", "pkg:npm/gone", cwd=tmp_path, **kept).text
    assert (
        json.loads(asbuilt("registry", "show", "pkg:npm/a", "--format", "json", cwd=tmp_path, **kept).text)[
            "exists"
        ]
        is True
    )
    assert asbuilt("registry", "show", "pkg:npm/other", cwd=tmp_path, **kept).code == 2
