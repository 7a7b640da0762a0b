"""Small reports of our own, as the tools write them. The secrets in them are made up."""

import json
from typing import Any

from asbuilt.model.scan import ScanReading, ScanRun
from asbuilt.scans.reading import read_scan

SALT = b"s" * 32
SECRET = "Xq7-canary-9fLw3ZpT0vRb"  # in no way a secret
REPOSITORY = "acme/shop"


def encoded(document: object) -> bytes:
    return json.dumps(document).encode()


def reading(document: object, tool: str | None = None) -> ScanReading:
    return read_scan(encoded(document), "report.json", salt=SALT, tool=tool)


def only(document: object, tool: str | None = None) -> ScanRun:
    (run,) = reading(document, tool).runs
    return run


def holds_secret(told: ScanReading) -> bool:
    """Whether the secret shows anywhere: in what is kept, or in any result."""
    return SECRET.encode() in told.kept or SECRET in repr(told.runs)


def sarif(results: list[dict[str, Any]], *, tool: str = "CodeQL", **run: Any) -> dict[str, Any]:
    driver = {"name": tool, "semanticVersion": "2.1.0", "rules": run.pop("rules", [])}
    return {
        "version": "2.1.0",
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "runs": [{"tool": {"driver": driver}, "results": results} | run],
    }


def located(rule: str, path: str, line: int, text: str | None = None, **more: Any) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": line}
    if text is not None:
        region["snippet"] = {"text": text}
    place = {"physicalLocation": {"artifactLocation": {"uri": path}, "region": region}}
    return {"ruleId": rule, "message": {"text": f"{rule} here"}, "locations": [place]} | more


SEMGREP = {
    "version": "1.182.0",
    "results": [
        {
            "check_id": "python.sql",
            "path": "app/db.py",
            "start": {"line": 7, "col": 1},
            "end": {"line": 8, "col": 2},
            "extra": {
                "message": "SQL by string building",
                "severity": "ERROR",
                "metadata": {"cwe": ["CWE-89: SQL Injection"], "references": ["https://example.com/sql"]},
                "fingerprint": "requires login",
                "lines": "requires login",
            },
        }
    ],
    "errors": [
        {"level": "warn", "type": "Syntax error", "message": "Cannot parse", "path": "app/broken.py"},
    ],
    "paths": {"scanned": ["app/db.py", "app/broken.py", "./app/ok.py"]},
}
BANDIT = {
    "errors": [{"filename": "./bad.py", "reason": "syntax error"}],
    "generated_at": "2026-03-01T10:00:00Z",
    "metrics": {"_totals": {}, "./app.py": {"loc": 3}, "./bad.py": {"loc": 1}},
    "results": [
        {
            "code": f'3 x = 1\n4 password = "{SECRET}"\n5 y = 2\n',
            "filename": "./app.py",
            "issue_cwe": {"id": 259, "link": "https://cwe.mitre.org/data/definitions/259.html"},
            "issue_severity": "LOW",
            "issue_confidence": "MEDIUM",
            "issue_text": f"Possible hardcoded password: '{SECRET}'",
            "line_number": 4,
            "line_range": [4],
            "more_info": "https://bandit.readthedocs.io/",
            "test_id": "B105",
            "test_name": "hardcoded_password_string",
        },
        {
            "code": "9 eval(x)\n",
            "filename": "./app.py",
            "issue_cwe": {"id": 78},
            "issue_severity": "MEDIUM",
            "issue_text": "Use of eval",
            "line_number": 9,
            "line_range": [9],
            "test_id": "B307",
            "test_name": "eval",
        },
    ],
}
GITLEAKS = [
    {
        "RuleID": "generic-api-key",
        "Description": "Detected a Generic API Key",
        "StartLine": 3,
        "EndLine": 3,
        "Match": f'key = "{SECRET}"',
        "Secret": SECRET,
        "File": "conf/app.toml",
        "Commit": "a" * 40,
        "Author": "Ana Lima",
        "Email": "ana@example.com",
        "Date": "2026-02-01T10:00:00Z",
        "Message": f"add {SECRET}",
        "Tags": [],
        "Fingerprint": f"{'a' * 40}:conf/app.toml:generic-api-key:3",
    }
]
DETECT_SECRETS = {
    "version": "1.5.0",
    "plugins_used": [{"name": "AWSKeyDetector"}],
    "results": {
        "conf.py": [
            {"type": "Secret Keyword", "filename": "conf.py", "hashed_secret": SECRET, "line_number": 4},
            {"type": "Secret Keyword", "filename": "conf.py", "hashed_secret": "b" * 40, "is_secret": False},
        ]
    },
    "generated_at": "2026-03-01T10:00:00Z",
}
ZIZMOR = [
    {
        "ident": "template-injection",
        "desc": "code injection via template expansion",
        "url": "https://docs.zizmor.sh/audits/#template-injection",
        "determinations": {"confidence": "High", "severity": "High", "persona": "Regular"},
        "locations": [
            {
                "symbolic": {
                    "key": {"Local": {"prefix": ".", "given_path": ".github/workflows/ci.yml"}},
                    "kind": "Primary",
                },
                "concrete": {
                    "location": {"start_point": {"row": 11, "column": 8}, "end_point": {"row": 12, "column": 2}},
                    "feature": "run: echo ${{ github.event.issue.title }}",
                },
            }
        ],
        "ignored": False,
    }
]
GRYPE = {
    "matches": [
        {
            "vulnerability": {
                "id": "GHSA-1111-2222-3333",
                "severity": "Critical",
                "description": "Remote code",
                "dataSource": "https://github.com/advisories/GHSA-1111-2222-3333",
                "fix": {"versions": ["2.0"], "state": "fixed"},
            },
            "relatedVulnerabilities": [{"id": "CVE-2026-1"}],
            "artifact": {
                "name": "thing",
                "version": "1.0",
                "type": "python",
                "purl": "pkg:pypi/thing@1.0",
                "locations": [{"path": "/uv.lock"}],
            },
        }
    ],
    "ignoredMatches": [],
    "source": {"type": "directory", "target": "."},
    "descriptor": {"name": "grype", "version": "0.80.0", "timestamp": "2026-03-01T10:00:00.123456789Z"},
}
OSV = {
    "results": [
        {
            "source": {"path": "uv.lock", "type": "lockfile"},
            "packages": [
                {
                    "package": {"name": "thing", "version": "1.0", "ecosystem": "PyPI"},
                    "vulnerabilities": [
                        {
                            "id": "PYSEC-2026-1",
                            "aliases": ["CVE-2026-1"],
                            "affected": [{"ranges": [{"type": "ECOSYSTEM", "events": [{"fixed": "2.0"}]}]}],
                        },
                        {
                            "id": "GHSA-1111-2222-3333",
                            "summary": "Remote code",
                            "aliases": ["CVE-2026-1", "PYSEC-2026-1"],
                            "database_specific": {"severity": "CRITICAL", "cwe_ids": ["CWE-94"]},
                        },
                    ],
                    "groups": [{"ids": ["GHSA-1111-2222-3333", "PYSEC-2026-1"], "max_severity": "9.8"}],
                }
            ],
        },
        {"source": {"path": "package-lock.json", "type": "lockfile"}, "packages": []},
    ]
}
PIP_AUDIT = {
    "dependencies": [
        {"name": "flask", "version": "0.5", "vulns": [{"id": "PYSEC-2019-179", "fix_versions": ["1.0"], "aliases": ["CVE-2019-1010083"], "description": "Crash"}]},
        {"name": "private", "skip_reason": "Dependency not found on PyPI"},
    ],
    "fixes": [],
}  # fmt: skip
NPM = {
    "auditReportVersion": 2,
    "vulnerabilities": {
        "lodash": {
            "name": "lodash",
            "via": [
                {
                    "source": 1065,
                    "name": "lodash",
                    "title": "Prototype Pollution",
                    "url": "https://github.com/advisories/GHSA-jf85-cpcp-j695",
                    "severity": "critical",
                    "cwe": ["CWE-1321"],
                    "range": "<4.17.12",
                }
            ],
            "fixAvailable": {"name": "lodash", "version": "4.17.21"},
        },
        "above": {"name": "above", "via": ["lodash"]},
    },
    "metadata": {"vulnerabilities": {"critical": 1}, "dependencies": {"total": 2}},
}
TRIVY = {
    "SchemaVersion": 2,
    "ArtifactName": ".",
    "CreatedAt": "2026-03-01T10:00:00Z",
    "Results": [
        {
            "Target": "uv.lock",
            "Class": "lang-pkgs",
            "Type": "uv",
            "Vulnerabilities": [
                {
                    "VulnerabilityID": "CVE-2026-1",
                    "PkgName": "thing",
                    "PkgIdentifier": {"PURL": "pkg:pypi/thing@1.0"},
                    "InstalledVersion": "1.0",
                    "FixedVersion": "1.1, 2.0",
                    "Severity": "HIGH",
                    "Title": "Remote code",
                    "PrimaryURL": "https://avd.aquasec.com/nvd/cve-2026-1",
                }
            ],
        },
        {"Target": "package-lock.json", "Class": "lang-pkgs", "Type": "npm"},
        {
            "Target": "conf.env",
            "Class": "secret",
            "Secrets": [
                {
                    "RuleID": "github-pat",
                    "Severity": "CRITICAL",
                    "Title": "GitHub Personal Access Token",
                    "StartLine": 1,
                    "EndLine": 1,
                    "Match": f"TOKEN={SECRET}",
                    "Code": {"Lines": [{"Number": 1, "Content": f"TOKEN={SECRET}", "IsCause": True}]},
                }
            ],
        },
        {
            "Target": "Dockerfile",
            "Class": "config",
            "Misconfigurations": [
                {"ID": "DS002", "Title": "root user", "Message": "Last USER is root", "Severity": "HIGH", "Status": "FAIL"},
                {"ID": "DS003", "Title": "fine", "Severity": "HIGH", "Status": "PASS"},
            ],
        },
    ],
}  # fmt: skip
SNYK = {
    "vulnerabilities": [
        {
            "id": "SNYK-JS-LODASH-1",
            "title": "Prototype Pollution",
            "severity": "high",
            "packageName": "lodash",
            "version": "4.17.4",
            "fixedIn": ["4.17.12"],
            "identifiers": {"CVE": ["CVE-2019-10744"], "CWE": ["CWE-1321"]},
            "from": [way],
        }
        for way in ("shop > lodash", "shop > above > lodash")
    ],
    "ok": False,
    "dependencyCount": 2,
    "packageManager": "npm",
    "displayTargetFile": "package-lock.json",
}
CODE_ALERT = {
    "number": 35,
    "created_at": "2026-01-19T14:11:18Z",
    "updated_at": "2026-01-20T14:11:18Z",
    "html_url": "https://github.com/acme/shop/security/code-scanning/35",
    "state": "dismissed",
    "dismissed_by": {"login": "ana"},
    "dismissed_at": "2026-01-20T14:11:18Z",
    "dismissed_reason": "won't fix",
    "dismissed_comment": "test code",
    "rule": {"id": "py/sql", "severity": "error", "description": "SQL injection", "tags": ["external/cwe/cwe-089"], "security_severity_level": "high"},
    "tool": {"name": "CodeQL", "version": "2.16.2"},
    "most_recent_instance": {"commit_sha": "b" * 40, "message": {"text": "From user"}, "location": {"path": "src/a.py", "start_line": 42}},
}  # fmt: skip
SECRET_ALERT = {
    "number": 2,
    "created_at": "2026-01-06T18:48:51Z",
    "updated_at": "2026-01-07T18:48:51Z",
    "html_url": "https://github.com/acme/shop/security/secret-scanning/2",
    "state": "open",
    "resolution": None,
    "secret_type": "adafruit_io_key",
    "secret_type_display_name": "Adafruit IO Key",
    "secret": SECRET,
    "first_location_detected": {"path": "conf.env", "start_line": 1, "commit_sha": "c" * 40},
}
DEPENDABOT = {
    "number": 7,
    "state": "open",
    "created_at": "2026-01-06T18:48:51Z",
    "updated_at": "2026-01-06T18:48:51Z",
    "dependency": {"package": {"ecosystem": "pip", "name": "thing"}, "manifest_path": "uv.lock", "scope": "runtime"},
    "security_advisory": {"ghsa_id": "GHSA-1111-2222-3333", "cve_id": "CVE-2026-1", "summary": "Remote code", "severity": "high", "cwes": [{"cwe_id": "CWE-94"}]},
    "security_vulnerability": {"severity": "critical", "vulnerable_version_range": "< 2.0", "first_patched_version": {"identifier": "2.0"}},
}  # fmt: skip
JUNIT = b"""<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" tests="3" timestamp="2026-03-01T10:00:00" time="90.5">
<testcase classname="tests.test_shop" name="test_buys" file="tests/test_shop.py" line="7">
<failure message="assert 1 == 2">long text</failure></testcase>
<testcase classname="tests.test_shop" name="test_pays"/>
<testcase classname="tests.test_shop" name="test_later"><skipped message="later"/></testcase>
</testsuite></testsuites>"""
REPORTS: dict[str, Any] = {
    "semgrep": SEMGREP,
    "bandit": BANDIT,
    "gitleaks": GITLEAKS,
    "detect-secrets": DETECT_SECRETS,
    "zizmor": ZIZMOR,
    "grype": GRYPE,
    "osv-scanner": OSV,
    "pip-audit": PIP_AUDIT,
    "npm-audit": NPM,
    "trivy": TRIVY,
    "snyk": SNYK,
    "github-alerts": [CODE_ALERT, SECRET_ALERT, DEPENDABOT],
    "sarif": sarif([located("py/sql", "src/a.py", 4, "run(sql)")]),
}
