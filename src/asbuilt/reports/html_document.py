"""A whole HTML file around a body: one style sheet allowed by its hash, no script, nothing from the network."""

import base64
import hashlib
from importlib.resources import files

from asbuilt.reports import pictures
from asbuilt.reports.markup import Child, Safe, element


def document(title: str, main: Child, foot: Child) -> str:
    """One self-contained file; ``title`` is foreign text and is escaped like the rest.

    The content security policy allows this file's own style sheet, by its hash, and nothing else.
    """
    style = Safe(files(__package__).joinpath("report.css").read_text(encoding="utf-8"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("link", rel="icon", href="data:,"),
        element("title", title),
        Safe(f"<style>{style}</style>"),
    )
    body = element("body", pictures.patterns(), element("main", main), foot)
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"
