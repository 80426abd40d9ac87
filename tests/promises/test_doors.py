"""What every HTTP door answers to strangers, to the authentic, and to the authentic a second time.

All of it holds as well while nobody outside can be reached.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import web
from telegram import Update

from bot import app as composition
from bot import http_routes
from bot.config import load
from bot.web.server import application
from storage.upkeep import migrate
from tests.promises.posting import (
    FORM,
    MAILS,
    MEGABYTE,
    Post,
    Poster,
    command,
    encoded,
    event,
    mail_event,
    paid_event,
    pressed,
    tap,
    update,
)
from tests.support.whole_product import WholeProduct

TOLERANCE = 300
TOO_OLD = TOLERANCE + 2
IN_TIME = 3.0
"""Seconds: Slack shows an error to whoever typed a command when the answer takes longer."""

CLOSED = "http://127.0.0.1:9"
PUBLIC = {
    "/healthz", "/readyz", "/metrics", "/slack/install", "/slack/oauth_redirect", "/pay/return", "/pay/left",
    "/.well-known/security.txt", "/receipts/{token}", "/calendar/{token}.ics",
}  # fmt: skip
VERIFIED = {"/slack/events", "/telegram/webhook", "/webhooks/stripe", "/webhooks/resend"}
NOBODY_OUTSIDE = {
    "SLACK_API_URL": f"{CLOSED}/api/",
    "TELEGRAM_API_URL": CLOSED,
    "STRIPE_API_URL": CLOSED,
}


@pytest.fixture(params=["connected", "alone"])
async def poster(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Poster]:
    """The product as a process, beside the stand-ins or with every address outside leading nowhere."""
    changes = NOBODY_OUTSIDE if request.param == "alone" else {}
    async with WholeProduct(tmp_path, f"sqlite:///{tmp_path / 'rapport.db'}", {**changes, **MAILS}) as opened:
        opened.slack.slack.install(opened.slack.slack.teams["T0HARBOUR"], "U0OWNER", None)
        process = await opened.start("web")
        await process.answers(opened.url)
        yield Poster(opened.session, opened.url, opened.environment())
        assert await process.stop() == 0


@pytest.mark.attack("Comes to every door without a signature, with a wrong one, with an old one")
async def test_whoever_may_not_come_in_is_refused(poster: Poster) -> None:
    open_to_them = []
    vendors = (_to_slack, _to_telegram, _to_stripe, _to_resend)
    for why, post in [*(each for to in vendors for each in to(poster)), *_from_browsers()]:
        method = "GET" if post.path.startswith("/pay/") else "POST"
        answer = await poster.send(post, method)
        if not 400 <= answer.status < 500:
            open_to_them.append(f"{post.path}: {why} is answered {answer.status} {answer.text[:80]}")
    assert not open_to_them, "\n".join(open_to_them)


def _to_slack(poster: Poster) -> Iterator[tuple[str, Post]]:
    body = encoded(event())
    yield "unsigned", Post("/slack/events", body, {"Content-Type": "application/json"})
    yield "of another's secret", poster.slack(body, secret="another")
    yield "stale", poster.slack(body, age=TOO_OLD)
    yield "from the future", poster.slack(body, age=-TOO_OLD)
    for stamp in ("", "soon", "nan", "1e9", "-5", "٣", "9" * 40):
        yield f"with the time {stamp!r}", poster.slack(body, stamp=stamp)
    signed = poster.slack(body)
    yield "changed on its way", Post(signed.path, body.replace(b"hello", b"jello"), signed.headers)
    yield "without a signature", Post(signed.path, body, {**signed.headers, "X-Slack-Signature": ""})
    yield "with an odd signature", Post(signed.path, body, {**signed.headers, "X-Slack-Signature": "v0=\u00fc"})
    for content in (b"", b"not json", b"\xff\xfe", b"[1, 2]", b"null", b"7", b"{}", b"[" * 99_999):
        yield f"the JSON {content[:10]!r}", poster.slack(content)
    for content in (b"", b"payload=not+json", b"payload=[1]", b"payload=", b"\xff\xfe", b"a=b"):
        yield f"the form {content!r}", poster.slack(content, FORM)
    yield "an event without an id", poster.slack(encoded(event(None)))
    yield "an event without a workspace", poster.slack(encoded(event(team_id=None)))
    yield "a command without an id", poster.slack(command(None), FORM)
    yield "a tap without an id", poster.slack(tap("book", None), FORM)
    large = encoded(event(text="x" * MEGABYTE))
    yield "oversized", poster.slack(large)
    yield "oversized, in pieces", Post("/slack/events", large, poster.slack(large).headers, chunked=True)
    yield "an unsigned challenge", Post("/slack/events", encoded({"type": "url_verification", "challenge": "c"}))


def _to_telegram(poster: Poster) -> Iterator[tuple[str, Post]]:
    body = encoded(update(1))
    yield "unsigned", Post("/telegram/webhook", body, {"Content-Type": "application/json"})
    yield "of another's secret", poster.telegram(body, secret="another")
    yield "without a secret", poster.telegram(body, secret="")
    for content in (b"", b"not json", b"\xff\xfe", b"[1, 2]", b"null", b"{}", b"[" * 99_999):
        yield f"the JSON {content[:10]!r}", poster.telegram(content)
    for number in (None, "7", True, 7.5, [7]):
        yield f"with the id {number!r}", poster.telegram(encoded(update(1) | {"update_id": number}))
    large = encoded(update(1, "x" * MEGABYTE))
    yield "oversized", poster.telegram(large)
    yield "oversized, in pieces", Post("/telegram/webhook", large, poster.telegram(large).headers, chunked=True)


def _to_stripe(poster: Poster) -> Iterator[tuple[str, Post]]:
    body = encoded(paid_event())
    yield "unsigned", Post("/webhooks/stripe", body, {"Content-Type": "application/json"})
    yield "of another's secret", poster.stripe(body, secret="whsec_another")
    yield "stale", poster.stripe(body, age=TOO_OLD)
    for stamp in ("", "soon", "nan", "1e9", "-5"):
        yield f"with the time {stamp!r}", poster.stripe(body, stamp=stamp)
    for content in (b"", b"not json", b"[1, 2]", b"null", b"{}", b"[" * 99_999, b"\xff\xfe"):
        yield f"the JSON {content[:10]!r}", poster.stripe(content)
    for identifier in (None, "", 7):
        yield f"with the id {identifier!r}", poster.stripe(encoded(paid_event(identifier)))
    large = encoded(paid_event() | {"more": "x" * MEGABYTE})
    yield "oversized", poster.stripe(large)
    yield "oversized, in pieces", Post("/webhooks/stripe", large, poster.stripe(large).headers, chunked=True)


def _to_resend(poster: Poster) -> Iterator[tuple[str, Post]]:
    body = encoded(mail_event())
    yield "unsigned", Post("/webhooks/resend", body, {"Content-Type": "application/json"})
    yield "of another's secret", poster.resend(body, secret="whsec_YW5vdGhlcg==")
    yield "stale", poster.resend(body, age=TOO_OLD)
    yield "from the future", poster.resend(body, age=-TOO_OLD - 10)
    for stamp in ("", "soon", "nan", "1e9", "-5"):
        yield f"with the time {stamp!r}", poster.resend(body, stamp=stamp)
    for content in (b"", b"not json", b"[1, 2]", b"null", b"{}", b"[" * 99_999, b"{}"):
        yield f"the JSON {content[:10]!r}", poster.resend(content)
    yield "without an id", poster.resend(body, number="")
    yield "of no kind", poster.resend(encoded(mail_event(None)))
    yield "oversized", poster.resend(encoded(mail_event() | {"more": "x" * MEGABYTE}))


def _from_browsers() -> Iterator[tuple[str, Post]]:
    for query in ("", "?session_id=", "?session_id=cs_unknown", "?session_id=%00", f"?session_id={'x' * 5000}"):
        yield query[:40], Post(f"/pay/return{query}", b"")
    for query in ("", "?p=", "?p=forged", "?p=%00%ff", f"?p={'x' * 5000}"):
        yield query[:40], Post(f"/pay/left{query}", b"")


async def test_other_methods_and_addresses_are_refused(poster: Poster) -> None:
    for path in VERIFIED:
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            assert (await poster.send(Post(path, b""), method)).status == 405, (method, path)
    for path in ("/healthz", "/readyz", "/metrics", "/pay/return"):
        assert (await poster.send(Post(path, b""), "POST")).status == 405, path
    for path in ("/", "/slack", "/webhooks/other", "/telegram/webhook/", "/.env", "/slack/events/../../x"):
        assert (await poster.send(Post(path, b""), "POST")).status == 404, path


async def test_the_authentic_are_answered_in_time_and_the_second_time_too(poster: Poster) -> None:
    posts = [
        ("an event", poster.slack(encoded(event("Ev1")))),
        ("a command", poster.slack(command("1.10.a"), FORM)),
        ("a tap", poster.slack(tap("sessions", "1.11.a"), FORM)),
        ("a tap on nothing of ours", poster.slack(tap("go/one/two", "1.12.a"), FORM)),
        ("an event nobody knows", poster.slack(encoded(event("Ev2", event={"type": "tea_was_made"})))),
        ("a word of another bot", poster.slack(encoded(event("Ev3", event={"type": "message", "bot_id": "B1"})))),
        ("an event at the edge of the tolerance", poster.slack(encoded(event("Ev4")), age=TOLERANCE - 10)),
        ("an update", poster.telegram(encoded(update(100)))),
        ("a pressed button", poster.telegram(encoded(pressed(101, "sessions")))),
        ("a payment of nobody", poster.stripe(encoded(paid_event("evt_10")))),
        ("a payment at the edge of the tolerance", poster.stripe(encoded(paid_event("evt_11")), age=TOLERANCE - 10)),
        ("a mail of nobody", poster.resend(encoded(mail_event()))),
        ("a mail at the edge of it", poster.resend(encoded(mail_event()), number="msg_2", age=TOLERANCE - 10)),
        ("an event of Stripe nobody knows", poster.stripe(encoded(paid_event("evt_12") | {"type": "tea.was_made"}))),
    ]  # fmt: skip
    for what, post in posts:
        for again in ("at first", "again"):
            answer = await poster.send(post)
            assert answer.status == 200, (what, again, answer)
            assert answer.seconds < IN_TIME, (what, again, answer)


async def test_an_update_of_any_kind_is_taken(poster: Poster) -> None:
    said = update(1)["message"]
    refused = []
    for number, kind in enumerate([*Update.ALL_TYPES, "news_of_2031", "update_id_2"], 200):
        for nth, content in enumerate((said, {}, None, 7, [said], {"from": {}, "id": None})):
            answer = await poster.send(poster.telegram(encoded({"update_id": number * 10 + nth, kind: content})))
            if answer.status != 200:
                refused.append(f"{kind} {str(content)[:30]}: {answer}")
    assert (await poster.send(poster.telegram(encoded({"update_id": 2**40})))).status == 200
    assert not refused, "\n".join(refused)


async def test_the_public_doors_answer(poster: Poster) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert (await poster.send(Post(path, b""), "GET")).status == 200, path
    challenge = poster.slack(encoded({"type": "url_verification", "token": "x", "challenge": "3eZbrw1aB"}))
    answer = await poster.send(challenge)
    assert answer.status == 200
    assert "3eZbrw1aB" in answer.text
    assert (await poster.send(poster.slack(b"ssl_check=1&token=x", FORM))).status == 200


async def test_every_route_has_a_guard(tmp_path: Path) -> None:
    """All that the application answers came in through a door that says how it is guarded."""
    async with WholeProduct(tmp_path, f"sqlite:///{tmp_path / 'rapport.db'}", oauth=True) as outside:
        await migrate.migrate(outside.database_url)
        contact = {"SECURITY_CONTACT": "ana@example.org"}
        built = await composition.build(load(outside.environment() | contact | MAILS))
        found = http_routes.http_routes(built)
        guarded = {(door.method, door.path): door.guard for door in found}
        app: web.Application = application(found)
        answered = [(route.method, route.resource.canonical) for route in app.router.routes() if route.resource]
        # What answers GET answers HEAD, through the same door.
        routes = {("GET" if method == "HEAD" else method, path) for method, path in answered}
        await built.close()
    assert routes == set(guarded)
    assert all(len(guard) > 20 for guard in guarded.values())
    public = {path for (_method, path), guard in guarded.items() if guard.startswith("public: ")}
    assert public == PUBLIC
    assert {path for _method, path in guarded} - public == VERIFIED


@pytest.mark.attack("Ends an installation that nobody began")
async def test_an_installation_begins_and_ends_with_a_state(tmp_path: Path) -> None:
    async with WholeProduct(tmp_path, f"sqlite:///{tmp_path / 'rapport.db'}", NOBODY_OUTSIDE, oauth=True) as opened:
        process = await opened.start("web")
        await process.answers(opened.url)
        poster = Poster(opened.session, opened.url, opened.environment())
        begun = await poster.send(Post("/slack/install", b""), "GET")
        assert begun.status == 302
        for query in ("", "?code=1", "?code=1&state=", "?code=1&state=forged", "?state=%00", "?error=access_denied"):
            ended = await poster.send(Post(f"/slack/oauth_redirect{query}", b""), "GET")
            assert 400 <= ended.status < 500, (query, ended)
        assert await process.stop() == 0
