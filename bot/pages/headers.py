"""What a browser may do with a page of ours: show it, with our own style sheet, and nothing else."""

import base64
import hashlib
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
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "; ".join(f"{what} {whence}" for what, whence in POLICY.items()),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
