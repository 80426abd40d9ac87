"""What all pages of the stand-in look like. None needs a script."""

from pathlib import Path

from aiohttp import web

STYLE = Path(__file__).with_name("page.css").read_text()


def html(body: str, title: str) -> web.Response:
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><link rel="icon" href="data:,"><style>{STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>"
    )
    return web.Response(text=page, content_type="text/html", headers={"Cache-Control": "no-store"})


def challenge(action: str, said: str) -> str:
    """The bank's own question to its customer."""
    return (
        '<section class="panel"><h2>Confirm it is you</h2>'
        f"<p>{said}</p>"
        f'<form method="post" action="{action}">'
        '<button type="submit" name="outcome" value="approve">Approve</button>'
        '<button type="submit" name="outcome" value="fail" class="plain">Fail</button></form></section>'
    )
