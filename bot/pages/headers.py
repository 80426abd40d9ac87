"""What a browser may do with a page of ours: show it, with our own style sheet, and nothing else."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

STYLE = Markup((Path(__file__).parent / "page.css").read_text(encoding="utf-8"))  # noqa: S704 - a file of ours
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

POLICY = {
    "default-src": "'none'",
    "style-src": f"'sha256-{_DIGEST}'",  # this very style sheet stands in the page; no other inline style is applied
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def _line(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{what} {whence}" for what, whence in policy.items())


HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": _line(POLICY),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
HEADERS_WITH_A_FORM = {
    **HEADERS,
    "Content-Security-Policy": _line({**POLICY, "form-action": "'self'"}),
    # With `no-referrer` a browser would hide from us which site the form stands on.
    "Referrer-Policy": "same-origin",
}
"""Of a page with a form that is sent to us and nobody else."""
